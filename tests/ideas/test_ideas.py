"""The box of ideas: handed in with a name or without, answered where everybody can read it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, insert, select
from werkzeug.test import TestResponse

from learning.accounts.models import User
from learning.clock import now
from learning.database import unit_of_work
from learning.errors import NotFound
from learning.extensions import db
from learning.ideas import queries, service
from learning.ideas.errors import AnsweredMeanwhile, IdeaDecided
from learning.ideas.models import Idea, IdeaState, SavingUnit
from learning.ideas.service import Saving
from learning.web.identity import Member
from tests.conftest import Company, csrf_token

pytestmark = pytest.mark.usefixtures("morning")

ClientFor = Callable[[str | None], FlaskClient]
IDEA = "The compressor runs all weekend. A timer would stop it on Friday evening."


def hand_in(client: FlaskClient, **changed: str) -> TestResponse:
    sent = {"text": IDEA, "saving": "", "unit": "", "name": "without", "csrf_token": csrf_token(client, "/ideas/")}
    return client.post("/ideas/", data=sent | changed)


def the_idea() -> Idea:
    return db.session.scalars(select(Idea)).one()


def test_an_idea_without_a_name_stores_nobody(app: Flask, company: Company, client_for: ClientFor) -> None:
    client = client_for(company.learner)
    hand_in(client)
    with app.app_context():
        row = the_idea()
        kept = {column.name: getattr(row, column.name) for column in Idea.__table__.columns}
    assert kept["user_id"] is None
    assert company.learner not in repr(kept)
    page = client_for(company.manager).get("/organization/ideas/").get_data(as_text=True)
    assert IDEA in page
    assert "River learner" not in page


def test_an_idea_with_a_name_shows_it_to_managers(app: Flask, company: Company, client_for: ClientFor) -> None:
    hand_in(client_for(company.learner), name="with")
    assert "River learner" in client_for(company.manager).get("/organization/ideas/").get_data(as_text=True)


def test_colleagues_read_an_idea_once_it_is_answered(app: Flask, company: Company, client_for: ClientFor) -> None:
    hand_in(client_for(company.learner), name="with")
    colleague, manager = client_for(company.trainer), client_for(company.manager)
    assert IDEA not in colleague.get("/ideas/").get_data(as_text=True)
    with app.app_context():
        path = f"/organization/ideas/{the_idea().id}"
    sent = {"state": "planned", "answer": "Ordered today.", "seen": "", "csrf_token": csrf_token(manager, path)}
    assert manager.post(path, data=sent).status_code == 302
    page = colleague.get("/ideas/").get_data(as_text=True)
    assert IDEA in page
    assert "Ordered today." in page


def test_what_was_typed_stays_when_something_is_wrong(company: Company, client_for: ClientFor) -> None:
    answer = hand_in(client_for(company.learner), saving="200", unit="", name="with")
    assert answer.status_code == 422  # type: ignore[attr-defined]
    page = answer.get_data(as_text=True)  # type: ignore[attr-defined]
    assert IDEA in page
    assert "Choose what the number counts" in page
    assert 'value="200"' in page


def test_what_was_typed_stays_where_the_box_is_full_for_today(
    app: Flask, company: Company, client_for: ClientFor
) -> None:
    with app.app_context(), unit_of_work() as session:
        many = [
            {"organization_id": company.id, "text": "Again.", "state": IdeaState.NEW, "handed_in_on": now().date()}
            for _idea in range(service.MOST_A_DAY)
        ]
        session.execute(insert(Idea), many)
    refused = hand_in(client_for(company.learner))
    assert refused.status_code == 429
    assert "hand it in tomorrow" in refused.text
    assert IDEA in refused.text


def test_an_idea_is_done_on_one_day_however_often_its_answer_is_mended(app: Flask, company: Company) -> None:
    manager = Member(company.manager, company.id)
    monday = now().date()
    with app.app_context():
        service.hand_in(Member(company.learner, company.id), IDEA, None, now(), with_name=False)
        idea_id = the_idea().id
        db.session.remove()

        def answered(state: IdeaState, text: str, day: int) -> None:
            seen = the_idea().answer or ""
            db.session.remove()
            service.answer(manager, idea_id, state, text, now() + timedelta(days=day), seen=seen)

        answered(IdeaState.PLANNED, "We will.", 0)
        assert queries.ideas_done(company.id, monday, monday + timedelta(days=99)) == ()
        answered(IdeaState.DONE, "Don.", 1)
        answered(IdeaState.DONE, "Done.", 40)
        assert queries.ideas_done(company.id, monday, monday + timedelta(days=1)) == (IDEA,)
        assert queries.ideas_done(company.id, monday + timedelta(days=2), monday + timedelta(days=99)) == ()
        answered(IdeaState.PLANNED, "It broke.", 50)
        answered(IdeaState.DONE, "Done again.", 60)
        assert the_idea().done_on == monday + timedelta(days=60)


@pytest.mark.parametrize("saving", ["-1", "0", "much", "1e30", "NaN"])
def test_a_saving_that_is_no_amount_is_refused(
    app: Flask, company: Company, client_for: ClientFor, saving: str
) -> None:
    answer = hand_in(client_for(company.learner), saving=saving, unit="money")
    assert answer.status_code == 422  # type: ignore[attr-defined]
    with app.app_context():
        assert db.session.scalars(select(Idea)).all() == []


def test_savings_are_added_up_unit_by_unit(app: Flask, company: Company) -> None:
    member = Member(company.learner, company.id)
    with app.app_context():
        for amount, unit in [("100", SavingUnit.MONEY), ("50.50", SavingUnit.MONEY), ("7", SavingUnit.WATER)]:
            service.hand_in(member, IDEA, Saving(Decimal(amount), unit), now(), with_name=False)
        service.hand_in(member, IDEA, None, now(), with_name=False)
        new = queries.counts(company.id)[0]
    assert (new.state, new.ideas) == (IdeaState.NEW, 4)
    assert new.savings == (Saving(Decimal("150.50"), SavingUnit.MONEY), Saving(Decimal("7.00"), SavingUnit.WATER))


def test_ones_own_idea_can_be_taken_back_until_it_is_answered(app: Flask, company: Company) -> None:
    author, manager = Member(company.learner, company.id), Member(company.manager, company.id)
    with app.app_context():
        first = service.hand_in(author, IDEA, None, now(), with_name=True)
        second = service.hand_in(author, IDEA, None, now(), with_name=True)
        service.take_back(author, first)
        with pytest.raises(NotFound):
            service.take_back(author, first)
        with pytest.raises(NotFound):
            service.take_back(manager, second)
        service.answer(manager, second, IdeaState.DECLINED, "It must run for the sprinklers.", now(), seen="")
        with pytest.raises(IdeaDecided):
            service.take_back(author, second)


def test_an_idea_without_a_name_cannot_be_taken_back_by_anybody(app: Flask, company: Company) -> None:
    author = Member(company.learner, company.id)
    with app.app_context():
        idea_id = service.hand_in(author, IDEA, None, now(), with_name=False)
        with pytest.raises(NotFound):
            service.take_back(author, idea_id)


def test_of_two_managers_who_answer_at_once_one_is_told(app: Flask, company: Company) -> None:
    manager = Member(company.manager, company.id)
    with app.app_context():
        idea_id = service.hand_in(Member(company.learner, company.id), IDEA, None, now(), with_name=False)

    def answer(text: str) -> bool:
        with app.app_context():
            try:
                service.answer(manager, idea_id, IdeaState.PLANNED, text, now(), seen="")
            except AnsweredMeanwhile:
                return False
            return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(answer, ["Yes, in May.", "Yes, in June."])) == [False, True]


def test_the_second_manager_keeps_what_they_typed(app: Flask, company: Company, client_for: ClientFor) -> None:
    manager = client_for(company.manager)
    with app.app_context():
        idea_id = service.hand_in(Member(company.learner, company.id), IDEA, None, now(), with_name=False)
        service.answer(Member(company.manager, company.id), idea_id, IdeaState.PLANNED, "In May.", now(), seen="")
    path = f"/organization/ideas/{idea_id}"
    sent = {"state": "declined", "answer": "Too dear.", "seen": "", "csrf_token": csrf_token(manager, path)}
    answer = manager.post(path, data=sent)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Somebody else has answered" in page
    assert "Too dear." in page
    assert "In May." in page


def test_a_manager_removes_an_idea_that_insults_somebody(app: Flask, company: Company, client_for: ClientFor) -> None:
    manager = client_for(company.manager)
    with app.app_context():
        idea_id = service.hand_in(Member(company.learner, company.id), IDEA, None, now(), with_name=False)
    path = f"/organization/ideas/{idea_id}"
    assert manager.post(f"{path}/remove", data={"csrf_token": csrf_token(manager, path)}).status_code == 302
    assert manager.get(path).status_code == 404


def test_an_idea_outlives_its_author_without_the_name(app: Flask, company: Company) -> None:
    with app.app_context():
        service.hand_in(Member(company.learner, company.id), IDEA, None, now(), with_name=True)
        with unit_of_work() as session:
            session.delete(session.get_one(User, company.learner))
        assert the_idea().user_id is None


def test_the_number_of_queries_does_not_grow_with_the_ideas(app: Flask, company: Company) -> None:
    member = Member(company.learner, company.id)
    statements: list[str] = []

    def asked() -> int:
        statements.clear()
        queries.all_ideas(member, None, queries.Order.SAVING, 1)
        return sum(statement.startswith("SELECT") for statement in statements)

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
        service.hand_in(member, IDEA, Saving(Decimal(3), SavingUnit.ENERGY), now(), with_name=True)
        with_one = asked()
        for _ in range(30):
            service.hand_in(member, IDEA, Saving(Decimal(3), SavingUnit.ENERGY), now(), with_name=True)
        assert asked() == with_one
