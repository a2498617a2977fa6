"""When an assignment is done: compared with the plain reading of the rule on random histories."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import event

from learning.accounts.models import User
from learning.content.model import Catalogue
from learning.courses.completion import course_progress
from learning.database import new_id, unit_of_work
from learning.extensions import db
from learning.teaching.done import Given, done_moments, time_zones
from learning.teaching.due import opens_moment
from learning.teaching.models import AssignmentKind
from learning.web.catalogue import the_catalogue
from tests.conftest import Company
from tests.teaching.cohorts import make_learners
from tests.teaching.doings import finish_assessment, hand_in, read_lesson

MORNING = datetime(2030, 3, 4, 8, 0, tzinfo=UTC)
OPENED = date(2030, 3, 1)


def given(kind: AssignmentKind, content_id: str, *, is_refresh: bool = False, opens_on: date = OPENED) -> Given:
    return Given(new_id(), kind, content_id, opens_on, is_refresh)


def shortest_course(catalogue: Catalogue) -> str:
    return min(catalogue.courses.values(), key=lambda course: len(course.lesson_ids) + len(course.quiz_ids)).id


def test_a_course_is_done_when_its_last_step_is(app: Flask, company: Company, other_company: Company) -> None:
    with app.app_context():
        course = the_catalogue().courses[shortest_course(the_catalogue())]
        task = given(AssignmentKind.COURSE, course.id)
        for number, lesson in enumerate(course.lesson_ids):
            read_lesson(company, company.learner, lesson, MORNING + timedelta(hours=number))
        *quizzes, last = course.quiz_ids
        for quiz in quizzes:
            hand_in(company, company.learner, quiz, MORNING, passed=True)
        hand_in(company, company.learner, last, MORNING + timedelta(days=1), passed=False)
        assert done_moments(company.id, [task], the_catalogue()) == {}
        hand_in(company, company.learner, last, MORNING + timedelta(days=2), passed=True)
        hand_in(company, company.learner, last, MORNING + timedelta(days=3), passed=True)
        moments = done_moments(company.id, [task], the_catalogue())
        assert moments == {(task.id, company.learner): MORNING + timedelta(days=2)}
        assert done_moments(other_company.id, [task], the_catalogue()) == {}
        assert done_moments(company.id, [task], the_catalogue(), [company.trainer]) == {}


def test_a_refresh_counts_quizzes_from_its_first_minute_where_the_person_is(app: Flask, company: Company) -> None:
    """The first of March begins in Auckland when it is still the last of February in Lima."""
    with app.app_context():
        auckland, lima = make_learners(company, 2)
        with unit_of_work() as session:
            session.get_one(User, auckland).time_zone = "Pacific/Auckland"
            session.get_one(User, lima).time_zone = "America/Lima"
        quiz = next(iter(the_catalogue().quizzes))
        again = given(AssignmentKind.QUIZ, quiz, is_refresh=True)
        once = given(AssignmentKind.QUIZ, quiz)
        between = opens_moment(OPENED, "Pacific/Auckland") + timedelta(hours=1)
        for person in (auckland, lima):
            hand_in(company, person, quiz, between, passed=True)
        moments = done_moments(company.id, [again, once], the_catalogue())
        assert moments == {
            (again.id, auckland): between,
            (once.id, auckland): between,
            (once.id, lima): between,
        }
        later = opens_moment(OPENED, "America/Lima")
        hand_in(company, lima, quiz, later, passed=True)
        assert done_moments(company.id, [again], the_catalogue())[again.id, lima] == later


def test_what_the_catalogue_does_not_have_any_more_is_done_by_nobody(app: Flask, company: Company) -> None:
    with app.app_context():
        gone = [given(kind, "gone") for kind in AssignmentKind]
        assert done_moments(company.id, gone, the_catalogue()) == {}


@dataclass
class History:
    """What one invented person did."""

    zone: str = "UTC"
    read: dict[str, datetime] = field(default_factory=dict)
    handed_in: list[tuple[str, datetime, bool]] = field(default_factory=list)
    finished: list[tuple[str, datetime]] = field(default_factory=list)


def plainly(task: Given, history: History, catalogue: Catalogue) -> datetime | None:
    """The rule read word by word, for one person."""
    since = opens_moment(task.opens_on, history.zone) if task.is_refresh else datetime.min.replace(tzinfo=UTC)
    passed: dict[str, datetime] = {}
    for quiz, at, good in sorted(history.handed_in, key=lambda each: each[1]):
        if good and at >= since:
            passed.setdefault(quiz, at)
    if task.kind is AssignmentKind.QUIZ:
        return passed.get(task.content_id)
    if task.kind is AssignmentKind.ASSESSMENT:
        return min((at for one, at in history.finished if one == task.content_id and at >= since), default=None)
    course = catalogue.courses[task.content_id]
    if not course_progress(course, history.read.keys(), passed.keys()).complete:
        return None
    return max([history.read[each] for each in course.lesson_ids] + [passed[each] for each in course.quiz_ids])


@pytest.mark.parametrize("seed", range(3))
def test_random_histories_give_what_the_rule_says(app: Flask, company: Company, seed: int) -> None:
    chance = random.Random(seed)
    with app.app_context():
        catalogue = the_catalogue()
        course = catalogue.courses[shortest_course(catalogue)]
        instrument = next(iter(catalogue.instruments))
        tasks = [
            given(kind, content, is_refresh=again, opens_on=OPENED + timedelta(days=chance.randrange(3)))
            for kind, content in (
                (AssignmentKind.COURSE, course.id),
                (AssignmentKind.QUIZ, course.quiz_ids[0]),
                (AssignmentKind.ASSESSMENT, instrument),
            )
            for again in (False, True)
        ]
        histories: dict[str, History] = {}
        for person in make_learners(company, 8):
            history = histories[person] = History(chance.choice(["Pacific/Auckland", "America/Lima", "UTC"]))
            with unit_of_work() as session:
                session.get_one(User, person).time_zone = history.zone
            diligent = chance.random() < 0.6
            for lesson in course.lesson_ids:
                if diligent or chance.random() < 0.5:
                    history.read[lesson] = MORNING + timedelta(hours=chance.randrange(-90, 90))
                    read_lesson(company, person, lesson, history.read[lesson])
            for quiz in course.quiz_ids:
                for _ in range(chance.randrange(1, 4)):
                    at = MORNING + timedelta(hours=chance.randrange(-120, 120), seconds=chance.randrange(3600))
                    sitting = (quiz, at, diligent or chance.random() < 0.5)
                    history.handed_in.append(sitting)
                    hand_in(company, person, quiz, at, passed=sitting[2])
            for _ in range(chance.randrange(3)):
                at = MORNING + timedelta(hours=chance.randrange(-120, 120))
                history.finished.append((instrument, at))
                finish_assessment(company, person, instrument, at)
        expected = {
            (task.id, person): at
            for task in tasks
            for person, history in histories.items()
            if (at := plainly(task, history, catalogue)) is not None
        }
        assert done_moments(company.id, tasks, catalogue) == expected
        some = sorted(histories)[:3]
        wanted = {key: at for key, at in expected.items() if key[1] in some}
        assert done_moments(company.id, tasks, catalogue, some) == wanted
        assert expected, "somebody has done something"


def test_the_number_of_queries_does_not_depend_on_people_or_assignments(app: Flask, company: Company) -> None:
    with app.app_context():
        tasks = [given(AssignmentKind.COURSE, course) for course in the_catalogue().courses]
        tasks += [given(AssignmentKind.QUIZ, quiz, is_refresh=True) for quiz in the_catalogue().quizzes]
        tasks += [given(AssignmentKind.ASSESSMENT, each) for each in the_catalogue().instruments]
        statements: list[str] = []
        event.listen(db.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
        done_moments(company.id, tasks, the_catalogue())
        asked = [each for each in statements if each.startswith("SELECT")]
        assert len(asked) == 4
        make_learners(company, 20)
        assert len(time_zones(company.id)) == 23
