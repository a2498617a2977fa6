"""The result: what changed, what could be seen, what to read, on paper too."""

from __future__ import annotations

import dataclasses
import io
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import func, select

from learning.assessments import queries, service
from learning.assessments.actions import add_action
from learning.assessments.errors import AssessmentOpen
from learning.assessments.models import Action, ItemAnswer, ReadingEntry, Scope
from learning.assessments.result import result_page
from learning.clock import now
from learning.config import PROJECT
from learning.courses.service import complete_lesson
from learning.extensions import db
from learning.web.catalogue import the_catalogue
from learning.web.identity import Member
from tests.assessments.filling import INSTRUMENT, answers, fill, instrument
from tests.conftest import Company, csrf_token

Clients = Callable[[str | None], FlaskClient]


@pytest.fixture
def member(company: Company) -> Member:
    return Member(company.learner, company.id)


def _page(client: FlaskClient, assessment_id: str) -> str:
    return client.get(f"/assessments/{assessment_id}/result").text


def test_a_change_is_told_with_what_can_be_chance(app: Flask, member: Member, client_for: Clients) -> None:
    with app.app_context():
        first = fill(member, answers(1), now() - timedelta(days=300))
        second = fill(member, answers(3))
    browser = client_for(member.user_id)
    assert "Since the last time" not in _page(browser, first)
    page = _page(browser, second)
    # Every item the same: each dimension has its floor of 4; 1.96 sqrt(2) SEM of the headline.
    assert "your score rose by 50.0 points, from 25 to 75" in page
    assert "so something has changed in what you see or say" in page
    assert "chart-before" in page


def test_a_small_change_is_called_what_it_may_be(app: Flask, member: Member, client_for: Clients) -> None:
    with app.app_context():
        fill(member, answers(2), now() - timedelta(days=300))
        later = answers(2) | {"a1-1": "1"}
        second = fill(member, later)
    page = _page(client_for(member.user_id), second)
    assert "your score fell by 1.0 points, from 50 to 49" in page
    assert "this may be no change at all" in page


def test_only_the_same_scope_is_compared(app: Flask, member: Member, client_for: Clients) -> None:
    with app.app_context():
        fill(member, answers(1), now() - timedelta(days=300), scope=Scope.DEPARTMENT)
        second = fill(member, answers(3))
    assert "Since the last time" not in _page(client_for(member.user_id), second)


def test_an_assessment_begun_on_an_older_version_is_scored_and_compared_on_it(app: Flask, member: Member) -> None:
    with app.app_context():
        catalogue = the_catalogue()
        before = instrument()
        first = fill(member, answers(1), now() - timedelta(days=300))
        rest = before.dimensions[1:]
        reworded = dataclasses.replace(
            before.dimensions[0],
            items=tuple(dataclasses.replace(item, text=f"New: {item.text}") for item in before.dimensions[0].items),
        )
        after = dataclasses.replace(before, version=before.version + 1, dimensions=(reworded, *rest))
        changed = dataclasses.replace(catalogue, instruments={INSTRUMENT: after})
        second = service.start(member, INSTRUMENT, changed, now())
        assert queries.filling(member, first).instrument.version == before.version
        assert queries.filling(member, second).instrument.version == before.version + 1
        page = result_page(queries.filling(member, first), changed, set())
        assert page.own.instrument.version == before.version
        assert page.own.headlines[0].score.score == 25.0


def test_what_one_could_not_see_is_listed_with_where_to_look(app: Flask, member: Member, client_for: Clients) -> None:
    with app.app_context():
        assessment_id = fill(member, answers(2) | {"a4-1": "dont_know", "a4-2": "dont_know"})
        guidance = next(item.guidance for each in instrument().dimensions for item in each.items if item.id == "a4-1")
    page = _page(client_for(member.user_id), assessment_id)
    assert "you could answer 92 % of what applies to your work" in page
    assert "2 things that you could not see" in page
    assert guidance.split(":")[0].replace("'", "&#39;") in page


def test_lowest_and_highest_are_named_and_an_overlap_is_admitted(
    app: Flask, member: Member, client_for: Clients
) -> None:
    with app.app_context():
        low = {f"a2-{n}": "0" for n in (1, 2, 3)} | {f"a6-{n}": "4" for n in (1, 2, 3)}
        assessment_id = fill(member, answers(2) | low)
    page = _page(client_for(member.user_id), assessment_id)
    assert "Lowest is “Responsibility and roles”, highest is “Training and competence”.</p>" in page
    assert "What good looks like: the next step" in page


def test_three_lessons_go_on_my_list_with_one_click_and_stand_on_the_home_page_until_read(
    app: Flask, member: Member, client_for: Clients
) -> None:
    with app.app_context():
        assessment_id = fill(member, answers(1))
    browser = client_for(member.user_id)
    address = f"/assessments/{assessment_id}/result"
    page = browser.get(address).text
    assert page.count('name="lesson"') == 3
    with app.app_context():
        lessons = result_page(queries.filling(member, assessment_id), the_catalogue(), set()).own.lessons
        course = next(c for c in the_catalogue().courses.values() if lessons[0].id in c.lesson_ids)
    sent = {"csrf_token": csrf_token(browser, address), "lesson": [*(each.id for each in lessons), "no-such-lesson"]}
    browser.post(f"/assessments/{assessment_id}/reading", data=sent)
    home = browser.get("/").text.split("Lessons on your list")[1].split("</ul>")[0]
    assert [f"/lessons/{each.id}" in home for each in lessons] == [True] * 3
    with app.app_context():
        complete_lesson(member, course.id, lessons[0].id, the_catalogue(), now())
    home = browser.get("/").text.split("Lessons on your list")[1].split("</ul>")[0]
    assert [f"/lessons/{each.id}" in home for each in lessons] == [False, True, True]
    browser.post(f"/assessments/{assessment_id}/reading", data={"csrf_token": sent["csrf_token"]})
    assert "Lessons on your list" not in browser.get("/").text


def test_an_open_assessment_has_no_reading_list_and_no_consent(app: Flask, member: Member) -> None:
    with app.app_context():
        assessment_id = service.start(member, INSTRUMENT, the_catalogue(), now())
        with pytest.raises(AssessmentOpen):
            service.put_on_reading_list(member, assessment_id, ["m01-l1"], the_catalogue())
        with pytest.raises(AssessmentOpen):
            service.change_consent(member, assessment_id, consented=True)


def test_deleting_takes_everything_with_it(app: Flask, member: Member) -> None:
    with app.app_context():
        assessment_id = fill(member, answers(1), consented=True)
        kept = fill(member, answers(2))
        for each in (assessment_id, kept):
            add_action(member, each, "read the meter", now().date(), now(), remind=True)
            service.put_on_reading_list(member, each, ["m01-l1"], the_catalogue())
        before = {
            table: db.session.scalar(select(func.count()).select_from(table))
            for table in (ItemAnswer, Action, ReadingEntry)
        }
        service.remove(member, assessment_id)
        for table, count in before.items():
            rows = db.session.scalars(select(table.assessment_id)).all()
            assert set(rows) == {kept}
            assert len(rows) * 2 == count


def test_the_paper_is_an_accessible_pdf_with_the_same_numbers(app: Flask, member: Member, client_for: Clients) -> None:
    with app.app_context():
        fill(member, answers(1), now() - timedelta(days=300))
        assessment_id = fill(member, answers(3) | {"a1-1": "dont_know"})
        add_action(member, assessment_id, "look for #leaks [here] *now* \\ $x$", now().date(), now())
    response = client_for(member.user_id).get(f"/assessments/{assessment_id}/result.pdf")
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Cache-Control"] == "no-store"
    reader = PdfReader(io.BytesIO(response.data))
    assert b"pdfuaid:part" in response.data
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    text = " ".join("".join(page.extract_text() for page in reader.pages).split())
    assert "Organization management" in text
    assert "your score rose by 50.0 points, from 25 to 75" in text
    assert "look for #leaks [here] *now* \\ $x$" in text
    assert "67 %" in text


def test_only_what_is_finished_has_a_paper(app: Flask, member: Member, client_for: Clients) -> None:
    with app.app_context():
        assessment_id = service.start(member, INSTRUMENT, the_catalogue(), now())
    response = client_for(member.user_id).get(f"/assessments/{assessment_id}/result.pdf")
    assert response.headers["Location"].endswith("/check")


def test_the_site_starts_without_the_libraries_of_reports_and_paper() -> None:
    program = "import wsgi, sys; print(sorted({'numpy', 'scipy', 'typst'} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert run.stdout.strip().splitlines()[-1] == "[]"
