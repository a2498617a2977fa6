"""Tables of cohorts and of single people hold what their pages show, as they filter it, in blocks of any size."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from datetime import timedelta

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient

from learning.accounts.models import Membership, User
from learning.clock import now
from learning.courses.models import LessonOpening
from learning.database import unit_of_work
from learning.exports import cohort_sources, people_sources, person_sources, plans
from learning.practice.models import PracticeState, Submission
from learning.teaching.assignments import Period, Thing, assign, extend, take_back
from learning.teaching.cohorts import add_people, archive_cohort, make_cohort
from learning.teaching.models import AssignmentKind, Note
from learning.web.catalogue import the_catalogue
from learning.web.identity import Member, Role
from tests.conftest import Company

Clients = Callable[[str | None], FlaskClient]
COURSE = Thing(AssignmentKind.COURSE, "foundations")
QUIZ = Thing(AssignmentKind.QUIZ, "m01-quiz")


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    for sources in (people_sources, person_sources, cohort_sources):
        monkeypatch.setattr(sources, "BLOCK", 2)


@pytest.fixture
def people(app: Flask, company: Company) -> list[str]:
    """Seven who learn, Ann 0 to Ann 5 and =Bob."""
    with app.app_context(), unit_of_work() as session:
        ids = []
        for name in (*(f"Ann {number}" for number in range(6)), "=Bob"):
            person = User(name=name, email=f"{name.strip('=').replace(' ', '')}@river.example", created_at=now())
            session.add(person)
            session.flush()
            session.add(Membership(organization_id=company.id, user_id=person.id, role=Role.LEARNER, joined_at=now()))
            ids.append(person.id)
        return ids


def rows(client: FlaskClient, table: str, **filters: str) -> list[list[str]]:
    answer = client.get(f"/teaching/exports/new/{table}.csv", query_string=filters)
    assert answer.mimetype == "text/csv", answer.text
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))[1:]


def about(client: FlaskClient, table: str, **filters: str) -> dict[str, str]:
    answer = client.get(f"/teaching/exports/new/{table}.xlsx", query_string=filters)
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    return {row[0].value: row[1].value for row in book["About"].iter_rows()}


def cohort_with(company: Company, people: Sequence[str]) -> tuple[Member, str]:
    trainer = Member(company.trainer, company.id)
    cohort_id = make_cohort(trainer, "Dyers", None, now())
    add_people(trainer, cohort_id, people, now())
    return trainer, cohort_id


def test_cohorts_what_they_are_given_and_who_has_more_time(
    app: Flask, company: Company, people: list[str], client_for: Clients
) -> None:
    moment, client = now(), client_for(company.trainer)
    today = moment.date()
    with app.app_context():
        trainer, cohort_id = cohort_with(company, people)
        archive_cohort(trainer, make_cohort(trainer, "Last year", None, moment), moment)
        period = Period(today, today + timedelta(days=30), 12)
        course, quiz = assign(trainer, cohort_id, [COURSE, QUIZ], period, moment).made
        (back,) = assign(trainer, cohort_id, [Thing(AssignmentKind.QUIZ, "m02-quiz")], period, moment).made
        take_back(trainer, back, moment)
        extend(trainer, course, people, today + timedelta(days=40), moment)
        extend(trainer, quiz, people[:1], today + timedelta(days=50), moment)
        titles = the_catalogue()
        course_title, quiz_title = titles.courses["foundations"].title, titles.quizzes["m01-quiz"].title
    listed = rows(client, "cohorts")
    due = (today + timedelta(days=30)).isoformat()
    assert listed == [
        ["Dyers", "7", "", due, "River trainer", "Yes", ""],
        ["Last year", "0", "", "", "River trainer", "Yes", today.isoformat()],
    ]
    given = rows(client, "assignments", cohort=cohort_id)
    assert {(row[0], row[1], row[3], row[4], row[6], row[7]) for row in given} == {
        (course_title, "Course", due, "12", "7", ""),
        (quiz_title, "Quiz", due, "12", "1", ""),
        (titles.quizzes["m02-quiz"].title, "Quiz", due, "12", "0", today.isoformat()),
    }
    more = rows(client, "extensions", cohort=cohort_id)
    assert len(more) == 8
    assert sorted(row[0] for row in more) == ["'=Bob", "Ann 0", "Ann 0", *(f"Ann {number}" for number in range(1, 6))]
    assert [
        "'=Bob",
        course_title,
        due,
        (today + timedelta(days=40)).isoformat(),
        "River trainer",
        today.isoformat(),
    ] in more
    assert [row[1] for row in rows(client, "extensions", cohort=cohort_id, assignment=quiz)] == [quiz_title]
    assert len(rows(client, "extensions", cohort=cohort_id, name="ann 1")) == 1
    assert about(client, "extensions", cohort=cohort_id, assignment=quiz, name="ann")["What was assigned"] == quiz_title
    assert client.get(f"/teaching/exports/new/extensions.csv?cohort={cohort_id}&assignment=x").status_code == 404
    for path, table in (
        ("/teaching/cohorts/", "cohorts"),
        (f"/teaching/cohorts/{cohort_id}", "assignments"),
        (f"/teaching/cohorts/{cohort_id}", "extensions"),
        (f"/teaching/assignments/{course}", "extensions"),
    ):
        assert f"/teaching/exports/new/{table}.xlsx" in client.get(path).text


def test_the_curve_by_day_and_the_stops_of_a_lesson(
    app: Flask, company: Company, people: list[str], client_for: Clients
) -> None:
    moment, client = now(), client_for(company.trainer)
    with app.app_context():
        trainer, cohort_id = cohort_with(company, people)
        first = moment.date() - timedelta(days=3)
        assign(trainer, cohort_id, [COURSE], Period(first, moment.date() + timedelta(days=9)), moment)
    found = rows(client, "curve", cohort=cohort_id)
    assert [row[0] for row in found] == [(moment.date() - timedelta(days=number)).isoformat() for number in range(4)]
    assert {tuple(row[1:]) for row in found} == {("0", "0.0", "0", "0.0")}
    assert about(client, "curve", cohort=cohort_id)["People"] == "7"
    assert client.get(f"/teaching/exports/new/curve.csv?cohort={cohort_id}&course=x").status_code == 404
    assert "/teaching/exports/new/curve.csv" in client.get(f"/teaching/cohorts/{cohort_id}/curve").text

    # Six left the lesson at its top; with fewer than five who have not opened it nothing would be told.
    with app.app_context(), unit_of_work() as session:
        for number in range(5):
            idle = User(name=f"Idle {number}", email=f"idle{number}@river.example", created_at=moment)
            session.add(idle)
            session.flush()
            session.add(Membership(organization_id=company.id, user_id=idle.id, role=Role.LEARNER, joined_at=moment))
        for user_id in people[:6]:
            session.add(
                LessonOpening(
                    organization_id=company.id,
                    user_id=user_id,
                    lesson_id="m01-l1",
                    opened_at=moment,
                    furthest_heading=0,
                )
            )
    assert rows(client, "lesson", lesson="m01-l1") == [["Top of the lesson", "6"]]
    assert about(client, "lesson", lesson="m01-l1")["Opened"] == "6"
    assert "/teaching/exports/new/lesson.csv" in client.get("/teaching/lessons/m01-l1/").text
    assert rows(client, "lesson", lesson="m01-l2") == []
    assert about(client, "lesson", lesson="m01-l2")["Opened"] == "not told"


def test_practice_as_it_is_filtered_and_a_person_in_order_of_time(
    app: Flask, company: Company, people: list[str], client_for: Clients
) -> None:
    moment, client = now(), client_for(company.trainer)
    with app.app_context():
        _trainer, cohort_id = cohort_with(company, people[:2])
        with unit_of_work() as session:
            for number, user_id in enumerate(people):
                state = PracticeState.RETURNED if number == 6 else PracticeState.HANDED_IN
                session.add(
                    Submission(
                        organization_id=company.id,
                        user_id=user_id,
                        task_id="m01-l1-task",
                        lesson_id="m01-l1",
                        lesson_hash="0" * 64,
                        text="=1+1",
                        state=state,
                        handed_in_at=moment - timedelta(minutes=number),
                        decided_at=moment if state is PracticeState.RETURNED else None,
                        note="Say how much" if state is PracticeState.RETURNED else "",
                    )
                )
            for number in range(5):
                session.add(
                    Note(
                        organization_id=company.id,
                        user_id=people[0],
                        text=f"+{number}",
                        written_by=company.trainer,
                        written_at=moment - timedelta(hours=number),
                    )
                )
    assert [row[0] for row in rows(client, "practice")] == [f"Ann {number}" for number in reversed(range(6))]
    assert {row[4] for row in rows(client, "practice")} == {"'=1+1"}
    assert sorted(row[0] for row in rows(client, "practice", cohort=cohort_id)) == ["Ann 0", "Ann 1"]
    ((name, *_rest, note),) = rows(client, "practice", state="returned")
    assert (name, note) == ("'=Bob", "Say how much")
    assert rows(client, "practice", lesson="m01-l2") == []
    assert about(client, "practice", cohort=cohort_id)["Cohort"] == "Dyers"
    assert "/teaching/exports/new/practice.csv?state=returned" in client.get("/teaching/practice/?state=returned").text

    found = rows(client, "timeline", person=people[0])
    assert {row[1] for row in found} == {"Practice handed in", "Note of a trainer"}
    assert [row[8] for row in found if row[1] == "Note of a trainer"] == [f"'+{number}" for number in range(5)]
    assert about(client, "timeline", person=people[0])["Name"] == "Ann 0"
    assert f"/teaching/exports/new/timeline.csv?person={people[0]}" in client.get(f"/teaching/people/{people[0]}").text


def test_three_of_many_are_a_small_file(
    app: Flask, company: Company, people: list[str], client_for: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        _trainer, cohort_id = cohort_with(company, people)
    # Four columns: four people are at once, seven are not.
    monkeypatch.setattr(plans, "CELLS_AT_ONCE", 16)
    client = client_for(company.trainer)
    assert rows(client, "cohort", cohort=cohort_id, name="Bob")[0][0] == "'=Bob"
    everybody = client.get(f"/teaching/exports/new/cohort.csv?cohort={cohort_id}")
    assert "It is made in the background" in everybody.text
