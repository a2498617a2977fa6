"""A course that is given again: the pages about many count quizzes since it opened, as mails and the home page do."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from learning.accounts.models import Organization
from learning.clock import now
from learning.courses.service import complete_lesson
from learning.courses.standings import mirror_courses
from learning.database import unit_of_work
from learning.teaching.at_risk import Reason
from learning.teaching.at_risk_page import RiskChoice, risk_page
from learning.teaching.curve import course_curve
from learning.teaching.groups import Group, cohort_group, everybody
from learning.teaching.matrix import QuizMark, matrix_page
from learning.teaching.matrix_people import Choice, Sort, State, everybody_chosen
from learning.teaching.models import AssignmentKind
from learning.teaching.owing import owings
from learning.web.catalogue import the_catalogue
from learning.web.identity import Member
from tests.conftest import Company
from tests.teaching.cohorts import make_assignment, make_cohort, make_learners
from tests.teaching.doings import finish_assessment, hand_in

Clients = Callable[[str | None], FlaskClient]
COURSE, QUIZZES = "foundations", ("m01-quiz", "m02-quiz")
DAY = timedelta(days=1)
#: How long ago the course was done first, and the repetition opened.
FIRST, OPENED = 365 * DAY, 20 * DAY


@dataclass(frozen=True)
class Year:
    """People who all did the course a year ago, by what they did since."""

    group: Group
    today: date
    nothing: str
    passed_again: str
    fails: str
    half: str


@pytest.fixture
def year(app: Flask, company: Company) -> Year:
    with app.app_context():
        catalogue, moment = the_catalogue(), now()
        mirror_courses(catalogue)
        people = make_learners(company, 4)
        _nothing, passed_again, fails, half = people
        for user_id in people:
            for lesson_id in catalogue.courses[COURSE].lesson_ids:
                complete_lesson(Member(user_id, company.id), COURSE, lesson_id, catalogue, moment - FIRST)
            for quiz_id in QUIZZES:
                hand_in(company, user_id, quiz_id, moment - FIRST, passed=True, number=1)
        for day, quiz_id in ((9, "m01-quiz"), (8, "m02-quiz")):
            hand_in(company, passed_again, quiz_id, moment - day * DAY, passed=True, number=2)
        # Once more for the pleasure of it.
        hand_in(company, passed_again, "m01-quiz", moment - 2 * DAY, passed=True, number=3)
        for number, points in ((2, 3), (3, 4)):
            hand_in(company, fails, "m01-quiz", moment - number * DAY, passed=False, number=number, points=points)
        hand_in(company, half, "m02-quiz", moment - 5 * DAY, passed=True, number=2)
        cohort = make_cohort(company, people)
        today = moment.date()
        make_assignment(company, cohort, today - FIRST, today - FIRST + 30 * DAY, content_id=COURSE)
        make_assignment(company, cohort, today - OPENED, today + 9 * DAY, content_id=COURSE, is_refresh=True)
        return Year(cohort_group(company.id, cohort, moment), today, *people)


def at_risk(group: Group, at: datetime | None = None) -> dict[str, set[Reason]]:
    page = risk_page(group, the_catalogue(), at or now(), RiskChoice())
    return {row.user_id: {line.finding.reason for line in row.lines} for row in page.rows}


def test_at_risk_is_who_fails_now_however_well_they_did_before(app: Flask, year: Year) -> None:
    with app.app_context():
        assert at_risk(year.group) == {year.nothing: {Reason.NOT_STARTED}, year.fails: {Reason.FAILING}}
        (row,) = [
            row
            for row in risk_page(year.group, the_catalogue(), now(), RiskChoice(Reason.FAILING)).rows
            if row.user_id == year.fails
        ]
        (line,) = row.lines
        assert line.finding.trouble is not None
        assert (line.finding.trouble.attempts, line.finding.trouble.best) == (2, 40), "of last year's ten points none"


def test_at_risk_and_mails_agree_on_self_assessments_of_another_kind_or_another_year(
    app: Flask, company: Company
) -> None:
    with app.app_context():
        first, second = list(the_catalogue().instruments)[:2]
        today, moment = now().date(), now()
        other, last_year, this_year = people = make_learners(company, 3)
        cohort = make_cohort(company, people)
        make_assignment(
            company, cohort, today - OPENED, today - 3 * DAY, kind=AssignmentKind.ASSESSMENT, content_id=first,
            is_refresh=True,
        )  # fmt: skip
        finish_assessment(company, other, second, moment - DAY)
        finish_assessment(company, last_year, first, moment - FIRST)
        finish_assessment(company, this_year, first, moment - DAY)
        overdue = {each.user_id for each in owings(company.id, the_catalogue(), moment) if each.standing == "overdue"}
        assert overdue == {other, last_year}
        assert at_risk(cohort_group(company.id, cohort, moment)) == {each: {Reason.OVERDUE} for each in overdue}


def test_the_table_counts_quizzes_since_it_opened_and_says_so(
    app: Flask, company: Company, year: Year, client_for: Clients
) -> None:
    with app.app_context():
        catalogue = the_catalogue()
        course = catalogue.courses[COURSE]
        read = len(course.lesson_ids)
        page = matrix_page(year.group, [course], catalogue, Choice(Sort.MOST_DONE))
        rows = {row.person.user_id: row for row in page.rows}
        assert [row.person.done for row in page.rows] == [read + 2, read + 1, read, read]
        assert page.rows[0].person.user_id == year.passed_again
        marks = {user_id: [(cell.quiz, cell.best) for cell in row.cells] for user_id, row in rows.items()}
        untried, passed = (QuizMark.NOT_TRIED, None), (QuizMark.PASSED, 100)
        assert marks == {
            year.nothing: [untried, untried],
            year.passed_again: [passed, passed],
            year.fails: [(QuizMark.FAILING, 40), untried],
            year.half: [untried, passed],
        }
        complete = Choice(state=State.COMPLETE)
        found = everybody_chosen(year.group, [course], page.steps, complete)
        assert [user_id for user_id, _name in found] == [year.passed_again]
        # The same people without the cohort: whoever passed once has passed.
        whole = matrix_page(everybody(company.id), [course], catalogue, complete)
        assert {row.person.user_id for row in whole.rows} == set(rows)
    trainer, cohort = client_for(company.trainer), year.group.cohort_id
    shown = trainer.get(f"/teaching/cohorts/{cohort}/progress").text
    assert "was given again on" in shown
    assert shown.count(">Complete</span>") == 1
    assert "was given again on" not in trainer.get("/teaching/progress").text
    file = trainer.get(f"/teaching/exports/new/progress.csv?cohort={cohort}&sort=most-done").data.decode("utf-8-sig")
    assert [row["State"] for row in csv.DictReader(io.StringIO(file, newline=""))] == ["Complete"] + ["On the way"] * 3


def test_the_table_says_of_the_self_assessment_what_was_given(app: Flask, company: Company) -> None:
    with app.app_context():
        first, second = list(the_catalogue().instruments)[:2]
        today, moment = now().date(), now()
        other, last_year, this_year = people = make_learners(company, 3)
        cohort = make_cohort(company, people)
        finish_assessment(company, other, second, moment - DAY)
        finish_assessment(company, last_year, first, moment - FIRST)
        finish_assessment(company, this_year, first, moment - DAY)

        def done() -> set[str]:
            page = matrix_page(cohort_group(company.id, cohort, moment), [], the_catalogue(), Choice())
            return {row.person.user_id for row in page.rows if row.assessment_done}

        assert done() == set(people)
        make_assignment(
            company, cohort, today - OPENED, today, kind=AssignmentKind.ASSESSMENT, content_id=first, is_refresh=True
        )
        assert done() == {this_year}


def test_the_curve_of_a_repetition_keeps_what_it_showed(app: Flask, company: Company, year: Year) -> None:
    """Whoever sits a passed quiz once more began no later and finished no later."""
    with app.app_context():
        moment = now()
        course = the_catalogue().courses[COURSE]
        (task,) = (task for task in year.group.tasks if task.is_refresh)

        def days() -> dict[int, tuple[int, int]]:
            drawn = course_curve(year.group, task, course, moment)
            return {(year.today - day.day).days: (day.begun, day.finished) for day in drawn.days}

        before = days()
        assert [before[ago] for ago in (20, 10, 9, 8, 5, 3, 0)] == [
            (0, 0), (0, 0), (1, 0), (1, 1), (2, 1), (3, 1), (3, 1)
        ]  # fmt: skip
        for number, user_id in enumerate((year.passed_again, year.fails, year.half), start=10):
            hand_in(company, user_id, "m02-quiz", moment, passed=user_id != year.fails, number=number)
        assert days() == before


def test_a_repetition_that_opens_on_a_day_far_east_is_told_by_the_day_there(app: Flask, company: Company) -> None:
    with app.app_context():
        with unit_of_work() as session:
            session.get_one(Organization, company.id).time_zone = "Pacific/Auckland"
        cohort = make_cohort(company, [company.learner])
        first, again = date(2030, 6, 1), date(2031, 6, 1)
        make_assignment(company, cohort, first, first, content_id=COURSE)
        make_assignment(company, cohort, again, again, content_id=COURSE, is_refresh=True)
        # The first of June begins in Auckland at noon of the day before, as London counts.
        before, after = (datetime(2031, 5, 31, hour, 30, tzinfo=UTC) for hour in (11, 12))
        assert [cohort_group(company.id, cohort, at).tasks[0].is_refresh for at in (before, after)] == [False, True]
