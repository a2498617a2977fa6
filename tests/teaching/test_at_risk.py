"""The rules of who is at risk."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.teaching.at_risk import NOT_STARTED_AFTER, STOPPED_AFTER, Case, Reason, Trouble, findings

NOW = datetime(2030, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
offsets = st.timedeltas(min_value=-60 * DAY, max_value=60 * DAY)
troubles = st.lists(
    st.builds(Trouble, st.sampled_from(["q1", "q2"]), st.integers(1, 5), st.integers(0, 4), st.integers(0, 59)),
    max_size=2,
).map(tuple)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Anything that can be stored: it opens before it is due, and nothing was done in the future."""
    first, second = sorted([draw(offsets), draw(offsets)])
    last = draw(st.none() | st.timedeltas(min_value=-90 * DAY, max_value=timedelta()))
    found = draw(troubles) if last is not None else ()
    return Case(NOW + first, NOW + second + DAY, draw(st.booleans()), NOW + last if last is not None else None, found)


def reasons(case: Case, now: datetime = NOW) -> list[Reason]:
    return [each.reason for each in findings(case, now)]


@given(cases())
def test_who_is_done_or_not_asked_yet_is_not_at_risk(case: Case) -> None:
    if case.done or case.opens > NOW:
        assert reasons(case) == []


@given(cases())
def test_nobody_is_both_stopped_and_not_started(case: Case) -> None:
    assert not {Reason.STOPPED, Reason.NOT_STARTED} <= set(reasons(case))


@given(cases())
def test_overdue_means_that_the_day_is_over(case: Case) -> None:
    due = not case.done and case.opens <= NOW and case.due <= NOW
    assert (Reason.OVERDUE in reasons(case)) == due


@given(cases(), st.timedeltas(min_value=timedelta(), max_value=40 * DAY))
def test_waiting_alone_takes_no_reason_away(case: Case, wait: timedelta) -> None:
    assert set(reasons(case)) <= set(reasons(case, NOW + wait))


@given(cases())
def test_a_step_today_ends_every_reason_but_the_due_day_and_a_quiz(case: Case) -> None:
    fresh = Case(case.opens, case.due, case.done, NOW, case.troubles)
    assert set(reasons(fresh)) <= {Reason.OVERDUE, Reason.FAILING}


@given(cases())
def test_the_days_are_those_that_have_gone_by(case: Case) -> None:
    for each in findings(case, NOW):
        since = {
            Reason.OVERDUE: case.due,
            Reason.NOT_STARTED: case.opens,
            Reason.STOPPED: max(case.last_at or case.opens, case.opens),
            Reason.FAILING: NOW,
        }[each.reason]
        assert since + each.days * DAY <= NOW < since + (each.days + 1) * DAY


@given(cases())
def test_of_what_is_only_known_to_be_done_or_not_nothing_but_the_due_day_counts(case: Case) -> None:
    private = Case(case.opens, case.due, case.done, None, (), steps_known=False)
    assert set(reasons(private)) <= {Reason.OVERDUE}


@pytest.mark.parametrize(
    ("attempts", "allowed", "counts"), [(1, 0, False), (2, 0, True), (1, 1, True), (1, 3, False), (3, 3, True)]
)
def test_one_bad_day_is_no_trouble_unless_no_attempt_is_left(attempts: int, allowed: int, counts: bool) -> None:
    case = Case(NOW - DAY, NOW + DAY, False, NOW, (Trouble("q", attempts, allowed, 40),))
    assert (Reason.FAILING in reasons(case)) == counts


@pytest.mark.parametrize(("before", "found"), [(timedelta(), False), (timedelta(seconds=1), True)])
def test_who_has_not_started_has_a_week(before: timedelta, found: bool) -> None:
    case = Case(NOW - NOT_STARTED_AFTER - before, NOW + 30 * DAY, False, None)
    assert reasons(case) == ([Reason.NOT_STARTED] if found else [])


@pytest.mark.parametrize(("before", "found"), [(timedelta(seconds=-1), False), (timedelta(), True)])
def test_who_stopped_has_a_fortnight_from_the_last_step(before: timedelta, found: bool) -> None:
    case = Case(NOW - 40 * DAY, NOW + 30 * DAY, False, NOW - STOPPED_AFTER - before)
    assert reasons(case) == ([Reason.STOPPED] if found else [])


def test_what_was_done_long_before_it_was_assigned_is_no_stop() -> None:
    case = Case(NOW - DAY, NOW + 30 * DAY, False, NOW - 90 * DAY)
    assert reasons(case) == []
