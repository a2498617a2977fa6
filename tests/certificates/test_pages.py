"""Pages that show certificates: one's own, the course, the home page, and the trainer's list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, insert

from learning.accounts.models import User
from learning.certificates.models import Certificate
from learning.certificates.numbers import grouped, new_number
from learning.certificates.overview import A_PAGE, IssuedFilter, Shown, issued_page
from learning.certificates.rules import State
from learning.clock import now
from learning.database import new_id, unit_of_work
from learning.extensions import db
from learning.web.identity import Member
from tests.certificates.completing import complete
from tests.conftest import Company

Clients = Callable[[str | None], FlaskClient]
TODAY = date(2028, 1, 1)


def many(company: Company, count: int, **other: object) -> list[str]:
    """Certificates of that many new people, one a minute; their ids, the newest first."""
    moment = now() - timedelta(minutes=count)
    ids = []
    with unit_of_work() as session:
        for number in range(count):
            user = User(name=f"Holder {number:03}", sign_in_name=f"holder-{new_id()}", created_at=moment)
            session.add(user)
            session.flush()
            values = {
                "id": new_id(),
                "organization_id": company.id,
                "user_id": user.id,
                "course_id": "employee-path",
                "round": 1,
                "number": new_number(),
                "title": "Title",
                "course_title": "Course",
                "person_name": user.name,
                "organization_name": "Works",
                "course_hash": "0" * 64,
                "lessons": 1,
                "quiz_ids": ["m01-quiz"],
                "issued_at": moment + timedelta(minutes=number // 2),
                "valid_from": date(2026, 1, 1),
                "valid_until": None,
                "shows_name": False,
                **other,
            }
            session.execute(insert(Certificate), [values])
            ids.append((values["issued_at"], values["id"]))
    return [str(each) for _, each in sorted(ids, reverse=True)]


def test_whoever_has_none_is_told_how_to_earn_one(company: Company, client_for: Clients) -> None:
    client = client_for(company.learner)
    assert "You have no certificate yet" in client.get("/certificates/").text
    assert "Whoever completes it is given the certificate" in client.get("/courses/employee-path/").text
    assert "You have earned" not in client.get("/").text
    assert "My certificates" in client.get("/").text


def test_whoever_has_one_finds_it_everywhere(app: Flask, learner: Member, client_for: Clients) -> None:
    with app.app_context():
        found = complete(learner, now())
    client = client_for(learner.user_id)
    mine = client.get("/certificates/").text
    assert grouped(found.number) in mine
    assert "Your name is not shown there." in mine
    assert "You hold a certificate for it" in client.get("/courses/employee-path/").text
    assert "You have earned a certificate" in client.get("/").text
    assert "You hold a certificate" not in client_for(None).get("/courses/employee-path/").text


def test_each_sees_only_their_own(
    app: Flask, learner: Member, company: Company, other_company: Company, client_for: Clients
) -> None:
    with app.app_context():
        found = complete(learner, now())
    for somebody in (company.trainer, company.manager, other_company.learner):
        client = client_for(somebody)
        assert grouped(found.number) not in client.get("/certificates/").text
        assert client.get(f"/certificates/{found.id}/certificate.pdf").status_code == 404
    assert found.id not in client_for(other_company.trainer).get("/teaching/certificates/").text
    assert found.id in client_for(company.trainer).get("/teaching/certificates/").text
    assert client_for(company.manager).get("/teaching/certificates/").status_code == 404


@pytest.mark.parametrize(
    ("shown", "holders"),
    [
        (None, {"a", "b", "c", "d", "e", "f"}),
        (Shown.VALID, {"a", "b", "f"}),
        (Shown.EXPIRING, {"b"}),
        (Shown.EXPIRED, {"c"}),
        (Shown.REPLACED, {"d"}),
        (Shown.REVOKED, {"e"}),
        (Shown.DOUBTED, {"f"}),
    ],
)
def test_the_list_is_narrowed_by_state(app: Flask, company: Company, shown: Shown | None, holders: set[str]) -> None:
    moment = now()
    with app.app_context():
        many(company, 1, person_name="a", valid_until=TODAY + timedelta(days=91))
        many(company, 1, person_name="b", valid_until=TODAY)
        many(company, 1, person_name="c", valid_until=TODAY - timedelta(days=1))
        many(company, 1, person_name="d", replaced_at=moment)
        many(company, 1, person_name="e", replaced_at=moment, revoked_at=moment, revoked_reason="r")
        many(company, 1, person_name="f", doubted_at=moment)
        page = issued_page(company.id, IssuedFilter(shown=shown), moment.replace(TODAY.year, TODAY.month, TODAY.day))
        assert {row.person_name for row in page.rows} == holders
        assert page.total == len(holders)
        assert page.doubted == 1
        states = {State(shown.value)} if shown and shown.value in set(State) else None
        assert states is None or {row.state for row in page.rows} == states
        assert {row.person_name for row in page.rows if row.expiring} == holders & {"b"}
        assert {row.person_name for row in page.rows if row.doubted} == holders & {"f"}


def test_the_list_is_narrowed_by_course_name_and_number(app: Flask, company: Company, other_company: Company) -> None:
    with app.app_context():
        many(company, 3)
        many(company, 1, course_id="other", person_name="Özil", number="B" * 20)
        many(other_company, 1, person_name="Özil")

        def found(**wanted: str) -> list[str]:
            return [row.person_name for row in issued_page(company.id, IssuedFilter(**wanted), now()).rows]

        assert found(course_id="other") == found(text="özil") == found(text="bbbbb-bbbbb-bbbbb-bbbbb") == ["Özil"]
        assert len(found(text="holder 00")) == 3
        assert found(text="%") == found(text="A" * 20) == found(course_id="nothing") == []


def test_pages_follow_each_other_without_gaps_or_repetitions(app: Flask, company: Company) -> None:
    with app.app_context():
        ids = many(company, 2 * A_PAGE + 7)
        seen: list[str] = []
        after: str | None = ""
        while after is not None:
            page = issued_page(company.id, IssuedFilter(after=after), now())
            seen += [row.id for row in page.rows]
            after = page.next_after
            with unit_of_work() as session:  # the row on which the page ended is gone before the next one is asked for
                session.delete(session.get_one(Certificate, seen[-1]))
        assert seen == ids


def test_the_number_of_queries_does_not_depend_on_the_number_of_certificates(
    app: Flask, company: Company, client_for: Clients
) -> None:
    trainer = client_for(company.trainer)
    with app.app_context():
        engine = db.engine
        many(company, 2)

    def count() -> int:
        statements: list[str] = []

        def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
            if statement.lstrip().upper().startswith(("SELECT", "WITH")):
                statements.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        assert trainer.get("/teaching/certificates/").status_code == 200
        event.remove(engine, "before_cursor_execute", note)
        return len(statements)

    few = count()
    with app.app_context():
        many(company, 60)
    assert count() == few


def test_the_trainer_is_told_what_to_do_where_there_is_none(company: Company, client_for: Clients) -> None:
    assert "No certificate was issued yet" in client_for(company.trainer).get("/teaching/certificates/").text


def test_filters_of_the_address_are_kept_on_the_next_page(app: Flask, company: Company, client_for: Clients) -> None:
    with app.app_context():
        many(company, A_PAGE + 1)
    client = client_for(company.trainer)
    page = client.get("/teaching/certificates/?state=valid&course=employee-path&text=Holder").text
    assert "state=valid" in page.partition('rel="next"')[2][:300]
    assert client.get("/teaching/certificates/?state=nonsense&after=nonsense").status_code == 200
