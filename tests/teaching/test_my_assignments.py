"""What a person was given to do: which of it is shown, in which order, and in which words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from learning.teaching.assignments import Thing, extend
from learning.teaching.due import Standing
from learning.teaching.due_words import day_words, due_sentence
from learning.teaching.models import AssignmentKind
from learning.teaching.my_assignments import MyAssignment, my_assignments
from learning.web.catalogue import the_catalogue
from learning.web.identity import Member
from tests.conftest import Company
from tests.teaching.cohorts import make_assignment, make_cohort
from tests.teaching.doings import hand_in

NOW = datetime(2030, 6, 15, 12, tzinfo=UTC)
TODAY = NOW.date()
THING = Thing(AssignmentKind.COURSE, "foundations")


def shown(company: Company, zone: str = "UTC", now: datetime = NOW) -> list[MyAssignment]:
    return my_assignments(Member(company.learner, company.id), the_catalogue(), zone, now)


def day(distance: int) -> date:
    return TODAY + timedelta(days=distance)


def quizzes() -> list[str]:
    return list(the_catalogue().quizzes)


def give(company: Company, cohort: str, quiz: str, opens: int, due: int, **more: object) -> str:
    return make_assignment(company, cohort, day(opens), day(due), kind=AssignmentKind.QUIZ, content_id=quiz, **more)


def test_the_most_pressing_stands_first(app: Flask, company: Company) -> None:
    with app.app_context():
        cohort = make_cohort(company, [company.learner])
        late, soon, later, closed, done = quizzes()[:5]
        give(company, cohort, closed, 5, 20)
        give(company, cohort, done, -20, 9)
        give(company, cohort, later, -20, 30)
        give(company, cohort, soon, -20, 6)
        give(company, cohort, late, -20, -1)
        hand_in(company, company.learner, done, NOW - timedelta(days=3), passed=True)
        assert [(each.thing.content_id, each.standing) for each in shown(company)] == [
            (late, Standing.OVERDUE),
            (soon, Standing.DUE_SOON),
            (later, Standing.OPEN),
            (closed, Standing.NOT_OPEN),
            (done, Standing.DONE),
        ]


def test_what_is_done_and_over_is_not_shown_any_more(app: Flask, company: Company) -> None:
    with app.app_context():
        quiz = quizzes()[0]
        give(company, make_cohort(company, [company.learner]), quiz, -20, -1)
        assert [each.standing for each in shown(company)] == [Standing.OVERDUE]
        hand_in(company, company.learner, quiz, NOW - timedelta(days=3), passed=False)
        assert [each.standing for each in shown(company)] == [Standing.OVERDUE]
        hand_in(company, company.learner, quiz, NOW - timedelta(hours=1), passed=True)
        assert shown(company) == []


def test_a_thing_given_by_two_cohorts_is_shown_once_with_its_first_due_day(app: Flask, company: Company) -> None:
    with app.app_context():
        quiz = quizzes()[0]
        give(company, make_cohort(company, [company.learner]), quiz, -20, 20)
        first = give(company, make_cohort(company, department_id=company.departments[0]), quiz, -20, 10)
        assert [each.id for each in shown(company)] == [first]


def test_a_refresh_asks_for_the_quiz_again(app: Flask, company: Company) -> None:
    with app.app_context():
        cohort, quiz = make_cohort(company, [company.learner]), quizzes()[0]
        before = give(company, cohort, quiz, -400, -380)
        hand_in(company, company.learner, quiz, NOW - timedelta(days=390), passed=True)
        assert shown(company) == []
        refresh = give(company, cohort, quiz, -10, 10, is_refresh=True, series_id=before)
        assert [(each.id, each.standing) for each in shown(company)] == [(refresh, Standing.OPEN)]


def test_an_extension_moves_the_day_of_one_person_alone(app: Flask, company: Company) -> None:
    with app.app_context():
        cohort = make_cohort(company, [company.learner])
        assignment = give(company, cohort, quizzes()[0], -20, -5)
        assert shown(company)[0].days_left == -5
        extend(Member(company.trainer, company.id), assignment, [company.learner], day(3), NOW)
        (mine,) = shown(company)
        assert (mine.due_on, mine.standing, mine.extended) == (day(3), Standing.DUE_SOON, True)


def test_what_is_given_in_one_organization_is_not_shown_in_another(
    app: Flask, company: Company, other_company: Company
) -> None:
    with app.app_context():
        make_assignment(company, make_cohort(company, [company.learner, other_company.learner]), TODAY, TODAY)
        assert len(shown(company)) == 1
        for member in (
            Member(other_company.learner, other_company.id),
            Member(other_company.learner, company.id),
            Member(company.learner, other_company.id),
        ):
            assert my_assignments(member, the_catalogue(), "UTC", NOW) == []


@pytest.mark.parametrize(
    ("zone", "hour", "standing", "sentence"),
    [
        ("UTC", 23, Standing.DUE_SOON, "Due today, Saturday 15 June."),
        ("Asia/Shanghai", 15, Standing.DUE_SOON, "Due today, Saturday 15 June."),
        ("Asia/Shanghai", 16, Standing.OVERDUE, "Overdue: it was due on Saturday 15 June, yesterday."),
        ("America/Lima", 4, Standing.DUE_SOON, "Due on Saturday 15 June, tomorrow."),
        ("America/Lima", 5, Standing.DUE_SOON, "Due today, Saturday 15 June."),
    ],
)
def test_a_day_ends_in_the_zone_of_the_person(
    app: Flask, company: Company, zone: str, hour: int, standing: Standing, sentence: str
) -> None:
    with app.app_context():
        give(company, make_cohort(company, [company.learner]), quizzes()[0], -20, 0)
        (mine,) = shown(company, zone, NOW.replace(hour=hour))
        assert mine.standing is standing
    with app.test_request_context():
        assert due_sentence(mine) == sentence


@pytest.mark.parametrize(
    ("standing", "opens", "due", "sentence"),
    [
        (Standing.OPEN, -1, 8, "Due on Sunday 23 June, in 8 days."),
        (Standing.DUE_SOON, -1, 1, "Due on Sunday 16 June, tomorrow."),
        (Standing.OPEN, -1, 201, "Due on Thursday 2 January 2031, in 201 days."),
        (Standing.OVERDUE, -9, -3, "Overdue: it was due on Wednesday 12 June, 3 days ago."),
        (Standing.NOT_OPEN, 1, 8, "Opens on Sunday 16 June, tomorrow. Due on Sunday 23 June."),
        (Standing.NOT_OPEN, 5, 8, "Opens on Thursday 20 June, in 5 days. Due on Sunday 23 June."),
        (Standing.DONE, -9, 3, "Done."),
        (Standing.DONE, -9, -3, "Done. It was due on Wednesday 12 June."),
    ],
)
def test_due_days_are_said_in_words(app: Flask, standing: Standing, opens: int, due: int, sentence: str) -> None:
    # 15 June 2030 is a Saturday.
    mine = MyAssignment("x", THING, "Course", day(opens), day(due), standing, opens, due, extended=False)
    with app.test_request_context():
        assert due_sentence(mine) == sentence
        assert day_words(date(2031, 1, 2), date(2031, 5, 5)) == "Thursday 2 January"
