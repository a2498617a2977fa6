"""The self-assessment of one person: saved as one goes, scored honestly, private."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from learning.assessments import answering, queries, service
from learning.assessments.errors import AssessmentFinished, BadAnswer
from learning.assessments.models import Assessment, ItemAnswer
from learning.assessments.result import result_page
from learning.clock import now
from learning.errors import NotFound
from learning.extensions import db
from learning.web.catalogue import the_catalogue
from learning.web.identity import Member
from tests.conftest import Company, csrf_token

Clients = Callable[[str | None], FlaskClient]
INSTRUMENT = "employee-awareness"

#: The worked example of the instrument's specification; x does not apply, - is skipped.
EXAMPLE = {"a1": "231", "a2": "1-2", "a3": "32x2", "a4": "11--", "a5": "2323", "a6": "212", "a7": "121"}


def _start(app: Flask, company: Company) -> tuple[Member, str]:
    member = Member(company.learner, company.id)
    with app.app_context():
        return member, service.start(member, INSTRUMENT, the_catalogue(), now())


def _sent(dimension_id: str, values: str) -> dict[str, str]:
    codes = {"x": "not_applicable", "?": "dont_know"}
    return {f"{dimension_id}-{n}": codes.get(value, value) for n, value in enumerate(values, start=1) if value != "-"}


def test_the_worked_example_gives_its_score_on_the_result_page(
    app: Flask, company: Company, client_for: Clients
) -> None:
    member, assessment_id = _start(app, company)
    with app.app_context():
        for dimension_id, values in EXAMPLE.items():
            answering.save_dimension(member, assessment_id, dimension_id, _sent(dimension_id, values), now())
        service.finish(member, assessment_id, now())
        page = result_page(queries.filling(member, assessment_id), the_catalogue(), set())
        assert page.own.headlines[0].score.score == pytest.approx(49.107143, abs=1e-6)
        assert page.own.headlines[1].score.score is None
    shown = client_for(company.learner).get(f"/assessments/{assessment_id}/result").text
    assert re.search(r"<strong>49</strong>", shown)
    assert "There are not enough answers for this score" in shown


def test_starting_twice_goes_on_with_the_open_one(app: Flask, company: Company) -> None:
    member, first = _start(app, company)
    assert _start(app, company) == (member, first)


def test_ten_starts_at_once_make_one_assessment(app: Flask, company: Company) -> None:
    ids: list[str] = []
    threads = [threading.Thread(target=lambda: ids.append(_start(app, company)[1])) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ids) == 10
    assert len(set(ids)) == 1


def test_answers_are_saved_and_can_be_changed(app: Flask, company: Company) -> None:
    member, assessment_id = _start(app, company)
    with app.app_context():
        answering.save_dimension(member, assessment_id, "a1", _sent("a1", "23-"), now())
        answering.save_dimension(member, assessment_id, "a1", _sent("a1", "-?1"), now())
        assert queries.filling(member, assessment_id).answers == {"a1-1": "2", "a1-2": "dont_know", "a1-3": "1"}


@pytest.mark.parametrize(
    ("dimension_id", "item_id", "value"),
    [("a1", "a1-1", "5"), ("a1", "a1-1", "-1"), ("a1", "a1-1", "no_opportunity"), ("b1", "b1-1", "0"), ("b1", "b1-1", "6"),
     ("b1", "b1-1", "dont_know"), ("k", "k1", "9"), ("a1", "a1-1", "skipped"), ("a1", "a1-1", "x")],
)  # fmt: skip
def test_an_answer_that_the_item_does_not_offer_is_refused_and_nothing_of_the_page_is_saved(
    app: Flask, company: Company, dimension_id: str, item_id: str, value: str
) -> None:
    member, assessment_id = _start(app, company)
    with app.app_context():
        other = item_id[:-1] + "2"
        with pytest.raises(BadAnswer):
            answering.save_dimension(member, assessment_id, dimension_id, {item_id: value, other: "1"}, now())
        assert queries.filling(member, assessment_id).answers == {}


def test_a_finished_assessment_takes_no_more_answers(app: Flask, company: Company) -> None:
    member, assessment_id = _start(app, company)
    with app.app_context():
        service.finish(member, assessment_id, now())
        with pytest.raises(AssessmentFinished):
            answering.save_dimension(member, assessment_id, "a1", _sent("a1", "111"), now())


def test_nobody_else_reaches_it_not_even_trainer_and_manager(
    app: Flask, company: Company, other_company: Company, administrator: str, client_for: Clients
) -> None:
    _, assessment_id = _start(app, company)
    for user_id in (company.trainer, company.manager, other_company.learner, administrator):
        client = client_for(user_id)
        for path in ("pages/a1", "check", "result", "resume"):
            assert client.get(f"/assessments/{assessment_id}/{path}").status_code == 404


def test_another_person_cannot_save_finish_or_delete_it(app: Flask, company: Company) -> None:
    _, assessment_id = _start(app, company)
    stranger = Member(company.trainer, company.id)
    with app.app_context():
        for attempt in (
            lambda: answering.save_dimension(stranger, assessment_id, "a1", _sent("a1", "111"), now()),
            lambda: service.finish(stranger, assessment_id, now()),
            lambda: service.remove(stranger, assessment_id),
        ):
            with pytest.raises(NotFound):
                attempt()


def test_deleting_erases_the_answers(app: Flask, company: Company, client_for: Clients) -> None:
    member, assessment_id = _start(app, company)
    with app.app_context():
        answering.save_dimension(member, assessment_id, "a1", _sent("a1", "111"), now())
        service.finish(member, assessment_id, now())
    learner = client_for(company.learner)
    page = f"/assessments/{assessment_id}/result"
    assert "These go with it" in learner.get(f"/assessments/{assessment_id}/delete").text
    learner.post(f"/assessments/{assessment_id}/delete", data={"csrf_token": csrf_token(learner, page)})
    assert learner.get(page).status_code == 404
    with app.app_context():
        for table in (Assessment, ItemAnswer):
            assert db.session.scalar(select(func.count()).select_from(table)) == 0


def test_the_guided_way_leads_from_the_start_to_the_result_without_scripts(
    company: Company, client_for: Clients
) -> None:
    learner = client_for(company.learner)
    token = csrf_token(learner, "/assessments/")
    place = learner.post(
        f"/assessments/start/{INSTRUMENT}", data={"csrf_token": token, "scope": "department"}, follow_redirects=True
    )
    pages = 0
    while "/check" not in place.request.path:
        names = dict.fromkeys(re.findall(r'type="radio"[^>]*name="([^"]+)"', place.text))
        assert names, place.request.path
        data = {"csrf_token": token, **dict.fromkeys(names, "2")}
        place = learner.post(place.request.path, data=data, follow_redirects=True)
        pages += 1
    assert pages == 13
    assert "unanswered" not in place.text
    place = learner.post(
        place.request.path.replace("/check", "/finish"), data={"csrf_token": token}, follow_redirects=True
    )
    assert place.request.path.endswith("/result")
    assert "Three things to do next" in place.text


def test_the_check_page_names_what_is_unanswered(app: Flask, company: Company, client_for: Clients) -> None:
    member, assessment_id = _start(app, company)
    with app.app_context():
        answering.save_dimension(member, assessment_id, "a1", _sent("a1", "1-1"), now())
    page = client_for(company.learner).get(f"/assessments/{assessment_id}/check").text
    assert "2 of 3 answered" in page
    assert f"/assessments/{assessment_id}/pages/a1#item-a1-2" in page


def test_a_redeployed_instrument_does_not_change_what_somebody_is_answering(app: Flask, company: Company) -> None:
    import dataclasses

    member, assessment_id = _start(app, company)
    with app.app_context():
        catalogue = the_catalogue()
        instrument = catalogue.instruments[INSTRUMENT]
        shorter = dataclasses.replace(instrument, version=2, dimensions=instrument.dimensions[:1])
        changed = dataclasses.replace(catalogue, instruments={INSTRUMENT: shorter})
        assert service.start(member, INSTRUMENT, changed, now()) == assessment_id
        assert len(queries.filling(member, assessment_id).instrument.dimensions) == 13
