"""Clocks that jump: an answer is never lost, and an attempt times out once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from learning.clock import now
from learning.content.model import Quiz, QuizRules
from learning.extensions import db
from learning.quizzes import answering, queries, service
from learning.quizzes.answering import Given
from learning.quizzes.errors import AttemptClosed, TimeIsUp
from learning.quizzes.models import Answer, Attempt, AttemptEvent, AttemptState, Grading
from learning.quizzes.reviews import review
from learning.quizzes.states import GRACE
from learning.web.catalogue import the_catalogue
from learning.web.identity import Member

HOUR = timedelta(hours=1)
BERLIN = ZoneInfo("Europe/Berlin")
#: Moments at which clocks have gone wrong before.
MOMENTS = {
    "an ordinary day": datetime(2026, 3, 2, 9, tzinfo=UTC),
    "the clocks go forward": datetime(2026, 3, 29, 1, 45, tzinfo=BERLIN),
    "the clocks go back": datetime(2026, 10, 25, 2, 45, tzinfo=BERLIN),
    "the clocks went back": datetime(2026, 10, 25, 2, 15, fold=1, tzinfo=BERLIN),
    "31 bits of seconds end": datetime(2038, 1, 19, 3, 14, 7, tzinfo=UTC),
    "a second is added": datetime(2016, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    "a leap day": datetime(2028, 2, 29, 23, 50, tzinfo=UTC),
    "the year ends": datetime(2026, 12, 31, 23, 45, tzinfo=UTC),
}


def limited(quiz: Quiz, minutes: int = 30) -> Quiz:
    return replace(quiz, rules=QuizRules(time_limit=minutes))


def save(member: Member, attempt_id: str, value: str, revision: int, arrived: datetime) -> int:
    return answering.save_answer(
        member,
        attempt_id,
        "m01-q4",
        operation_id=f"op-{revision}",
        revision=revision,
        given=Given([value]),
        arrived=arrived,
    )


def stored(attempt_id: str) -> tuple[int, list[str], float | None]:
    row = db.session.scalars(select(Answer).where(Answer.attempt_id == attempt_id)).one()
    return row.revision, row.value, row.late_by


def kinds(attempt_id: str) -> list[str]:
    return sorted(db.session.scalars(select(AttemptEvent.kind).where(AttemptEvent.attempt_id == attempt_id)))


def later(moment: datetime, by: timedelta) -> datetime:
    """So much real time later, in UTC as the site's clock tells it: on a wall an hour may lack or come twice."""
    return moment.astimezone(UTC) + by


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A server whose own clock is put forward and back."""
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
def test_the_time_of_an_attempt_is_real_time_whatever_the_wall_shows(
    app: Flask, learner: Member, quiz: Quiz, moment: datetime, berlin: None
) -> None:
    limit = timedelta(minutes=30)
    with app.app_context():
        with time_machine.travel(moment, tick=False):
            assert (now(), now().tzinfo) == (moment.astimezone(UTC), UTC)
            attempt_id = service.start_attempt(learner, limited(quiz), now())
        assert db.session.get_one(Attempt, attempt_id).deadline_at == later(moment, limit)
        assert save(learner, attempt_id, "1", 1, later(moment, timedelta(seconds=1))) == 1
        assert service.sweep_overdue(later(moment, limit + GRACE)) == 0
        assert save(learner, attempt_id, "42.5", 2, later(moment, limit + GRACE)) == 2
        assert stored(attempt_id) == (2, ["42.5"], GRACE.total_seconds())
        over = later(moment, limit + GRACE + timedelta(microseconds=1))
        assert (service.sweep_overdue(over), service.sweep_overdue(over)) == (1, 0)
        with pytest.raises(AttemptClosed):
            save(learner, attempt_id, "7", 3, over)
        found = review(learner, attempt_id, over)
        assert kinds(attempt_id) == ["expire", "start"]
        assert stored(attempt_id)[:2] == (2, ["42.5"])
    assert found is not None
    assert found.timed_out
    assert found.submitted_at == later(moment, limit)


@pytest.mark.parametrize("jump", [-HOUR, -24 * HOUR, HOUR], ids=["an hour back", "a day back", "an hour on"])
def test_a_jump_in_an_attempt_without_a_limit_changes_nothing(
    app: Flask, learner: Member, quiz: Quiz, jump: timedelta
) -> None:
    moment = MOMENTS["an ordinary day"]
    with app.app_context():
        attempt_id = service.start_attempt(learner, quiz, moment)
        save(learner, attempt_id, "1", 1, moment)
        assert save(learner, attempt_id, "42.5", 2, moment + jump) == 2
        assert service.start_attempt(learner, quiz, moment + jump) == attempt_id
        assert service.sweep_overdue(moment + jump) == 0
        service.submit(learner, attempt_id, {}, moment + jump)
        found = review(learner, attempt_id, moment + jump)
        assert kinds(attempt_id) == ["start", "submit"]
        page = queries.quiz_page(the_catalogue(), quiz.id, learner, moment + jump - HOUR)
        assert page.pause_until is None
        assert service.start_attempt(learner, quiz, moment + jump - HOUR) != attempt_id, "no pause is asked for"
    assert found is not None
    assert not found.timed_out
    assert next(each for each in found.questions if each.id == "m01-q4").verdict == "right"


def test_a_clock_that_goes_back_by_an_hour_gives_time_and_takes_none(app: Flask, learner: Member, quiz: Quiz) -> None:
    moment = MOMENTS["an ordinary day"]
    with app.app_context():
        attempt_id = service.start_attempt(learner, limited(quiz), moment)
        for revision, at in enumerate((moment, moment - HOUR, moment - HOUR + timedelta(minutes=40)), start=1):
            assert save(learner, attempt_id, str(revision), revision, at) == revision
        assert service.sweep_overdue(moment) == 0
        assert stored(attempt_id) == (3, ["3"], None)
        service.submit(learner, attempt_id, {}, moment - timedelta(minutes=10))
        assert kinds(attempt_id) == ["start", "submit"]


def test_a_clock_that_goes_on_by_an_hour_and_back_times_out_once_and_keeps_what_was_saved(
    app: Flask, learner: Member, quiz: Quiz
) -> None:
    moment = MOMENTS["an ordinary day"]
    with app.app_context():
        attempt_id = service.start_attempt(learner, limited(quiz), moment)
        save(learner, attempt_id, "42.5", 1, moment)
        with pytest.raises(TimeIsUp):
            save(learner, attempt_id, "7", 2, moment + HOUR)
        assert save(learner, attempt_id, "42.5", 1, moment) == 1, "what was acknowledged is confirmed again"
        for at in (moment, moment + HOUR, moment + 2 * HOUR):
            assert service.sweep_overdue(at) == 0
            assert not service.close_if_overdue(learner, attempt_id, at)
            service.submit(learner, attempt_id, {}, at)
        attempt = db.session.get_one(Attempt, attempt_id)
        assert (attempt.state, attempt.submitted_at) == (AttemptState.SUBMITTED, moment + timedelta(minutes=30))
        grading = db.session.scalars(select(Grading).where(Grading.attempt_id == attempt_id)).one()
        assert grading.details["m01-q4"]["verdict"] == "right"
        assert kinds(attempt_id) == ["expire", "late", "start"]
        assert stored(attempt_id) == (1, ["42.5"], None)
        again = service.start_attempt(learner, limited(quiz), moment)
        assert again != attempt_id


def test_a_second_that_comes_twice_keeps_the_order_of_answers(app: Flask, learner: Member, quiz: Quiz) -> None:
    second = datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)
    with app.app_context():
        attempt_id = service.start_attempt(learner, limited(quiz), second - timedelta(minutes=30))
        for revision, part in enumerate((0.2, 0.9, 0.2, 0.9), start=1):
            at = second + timedelta(seconds=part)
            assert save(learner, attempt_id, str(revision), revision, at) == revision
        assert stored(attempt_id) == (4, ["4"], 0.9)
