"""When a question comes back, in days."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.grading.marking import Verdict
from learning.reviewing.scheduling import LONGEST_DAYS, Schedule, after_answer, day_of

EVENING = datetime(2026, 3, 1, 21, 30, tzinfo=UTC)
VERDICTS = st.sampled_from(Verdict)


def answered(*verdicts: Verdict) -> Schedule:
    """After these answers, the first on EVENING and each other when it is due, in the evening again."""
    schedule: Schedule | None = None
    for verdict in verdicts:
        at = schedule.due_at + timedelta(hours=21, minutes=30) if schedule else EVENING
        schedule = after_answer(schedule, verdict, at)
    assert schedule
    return schedule


@pytest.mark.parametrize(
    ("verdict", "days"), [("right", 2), ("partly", 1), ("wrong", 1), ("wrong-unit", 1), ("unanswered", 1)]
)
def test_the_first_pause_is_the_published_first_stability_in_whole_days(verdict: str, days: int) -> None:
    """FSRS-6 starts at 0.212 (again), 1.2931 (hard) and 2.3065 days (good); at 90 % the pause is the stability."""
    assert after_answer(None, Verdict(verdict), EVENING).due_at == day_of(EVENING) + timedelta(days=days)


def test_pauses_grow_as_long_as_it_is_known() -> None:
    pauses = []
    for count in range(1, 9):
        schedule = answered(*[Verdict.RIGHT] * count)
        pauses.append((schedule.due_at - day_of(schedule.answered_at)).days)
    assert pauses == sorted(pauses)
    assert pauses[:3] == [2, 11, 46]
    assert pauses[-1] == LONGEST_DAYS


def test_what_was_known_and_is_forgotten_comes_back_soon() -> None:
    known = answered(Verdict.RIGHT, Verdict.RIGHT, Verdict.RIGHT)
    forgotten = after_answer(known, Verdict.WRONG, known.due_at)
    assert forgotten.due_at - known.due_at <= timedelta(days=5)


@given(st.lists(VERDICTS, min_size=1, max_size=12))
def test_it_comes_back_on_a_later_day_within_a_year_and_always_on_the_same(verdicts: list[Verdict]) -> None:
    schedule = answered(*verdicts)
    assert schedule == answered(*verdicts)
    assert schedule.due_at == day_of(schedule.due_at)
    pause = schedule.due_at - day_of(schedule.answered_at)
    assert timedelta(days=1) <= pause <= timedelta(days=LONGEST_DAYS)


@given(st.lists(VERDICTS, min_size=1, max_size=8))
def test_a_right_answer_never_brings_it_back_before_a_wrong_one(verdicts: list[Verdict]) -> None:
    before = answered(*verdicts)
    right, partly, wrong = (
        after_answer(before, each, before.due_at).due_at for each in (Verdict.RIGHT, Verdict.PARTLY, Verdict.WRONG)
    )
    assert right >= partly >= wrong


@given(st.lists(VERDICTS, min_size=1, max_size=8), VERDICTS)
def test_what_is_stored_as_json_goes_on_as_if_it_had_not_been(verdicts: list[Verdict], then: Verdict) -> None:
    schedule = answered(*verdicts)
    read = Schedule(json.loads(json.dumps(schedule.state)), schedule.due_at, schedule.answered_at)
    assert after_answer(read, then, schedule.due_at) == after_answer(schedule, then, schedule.due_at)
