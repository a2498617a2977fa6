"""The rules of issuing and renewing, against a second way to say them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from learning.certificates.rules import (
    RENEWABLE,
    Award,
    Done,
    Last,
    State,
    award,
    in_doubt,
    renewable,
    state_of,
)
from learning.clock import months_later
from learning.content.model import CertificateRules, Course, CourseModule

START = datetime(2026, 1, 1, tzinfo=UTC)
moments = st.integers(min_value=0, max_value=4 * 365 * 24).map(lambda hours: START + timedelta(hours=hours))


def course(months: int | None = 24, *, final: bool = True, promises: bool = True) -> Course:
    rules = CertificateRules("Title", months) if promises else None
    part = CourseModule("m", ("l1", "l2"), "q1")
    return Course("c", "C", "", ("employee",), (part,), "final" if final else None, rules)


def done(moment: datetime, **later: datetime) -> Done:
    """Everything done at one moment, but for what is given."""
    steps = dict.fromkeys(("l1", "l2", "q1", "final"), moment) | later
    return Done({each: steps[each] for each in ("l1", "l2")}, {each: steps[each] for each in ("q1", "final")})


@st.composite
def situations(draw: st.DrawFn) -> tuple[Course, Done, Last | None, date]:
    """A course, what somebody did of it, perhaps not all, their last certificate, a day."""
    taught = course(draw(st.sampled_from([None, 1, 3, 24])), final=draw(st.booleans()))
    read = draw(st.dictionaries(st.sampled_from(["l1", "l2"]), moments, min_size=1))
    passed = draw(st.dictionaries(st.sampled_from(["q1", "final"]), moments, min_size=1))
    last = None
    if draw(st.booleans()):
        issued = draw(moments)
        months = draw(st.sampled_from([None, 1, 3, 24]))
        until = months_later(issued.date(), months) if months else None
        revoked = draw(st.none() | st.integers(0, 20_000).map(lambda hours: issued + timedelta(hours=hours)))
        last = Last(draw(st.integers(1, 5)), issued, until, revoked, draw(st.none() | moments))
    return taught, Done(read, passed), last, draw(moments).date()


def said_otherwise(taught: Course, what: Done, last: Last | None, today: date) -> bool:
    """Whether a certificate is due, step by step as the page for learners says it."""
    everything = {*taught.lesson_ids, *taught.quiz_ids}
    if everything - what.read.keys() - what.passed.keys():
        return False
    again = ["final"] if taught.final_quiz_id else ["q1"]
    days = [what.passed[each] for each in again]
    if last is None:
        days = [moment for step, moment in {**what.read, **what.passed}.items() if step in everything]
    elif last.revoked_at:
        if any(moment <= last.revoked_at for moment in days):
            return False
    elif not last.valid_until:
        return False
    else:
        ends = datetime.combine(last.valid_until, datetime.min.time(), UTC) - timedelta(days=90)
        refreshed = last.refresh_opened if last.refresh_opened and last.refresh_opened > last.issued_at else None
        for moment in days:
            if moment <= last.issued_at or not (moment > ends or (refreshed and moment >= refreshed)):
                return False
    months = taught.certificate.valid_months if taught.certificate else None
    return months is None or months_later(max(days).date(), months) >= today


@given(situations())
def test_a_certificate_is_due_exactly_when_the_rules_say_so(
    situation: tuple[Course, Done, Last | None, date],
) -> None:
    due = award(*situation)
    assert (due is not None) is said_otherwise(*situation)


@given(situations())
def test_what_is_due_follows_the_last_round_and_holds_from_a_day_on_which_something_was_done(
    situation: tuple[Course, Done, Last | None, date],
) -> None:
    taught, what, last, today = situation
    due = award(*situation)
    if due is None:
        return
    assert due.round == (last.round + 1 if last else 1)
    assert due.valid_from in {moment.date() for moment in (*what.read.values(), *what.passed.values())}
    assert due.valid_until is None or today <= due.valid_until > due.valid_from
    # Asked again with what was just issued, nothing more is due.
    issued = max((*what.read.values(), *what.passed.values())) + timedelta(seconds=1)
    assert award(taught, what, Last(due.round, issued, due.valid_until, None), today) is None


@given(moments, st.integers(1, 120))
def test_passing_in_the_last_ninety_days_always_renews_and_passing_earlier_never_does(
    earned: datetime, months: int
) -> None:
    taught = course(months)
    first = award(taught, done(earned), None, earned.date())
    assert first is not None
    assert first.valid_until is not None
    last = Last(1, earned, first.valid_until, None)
    opens = max(earned, datetime.combine(first.valid_until - RENEWABLE, datetime.min.time(), UTC))
    for moment, renewed in ((opens, False), (opens + timedelta(seconds=1), True)):
        due = award(taught, done(earned, final=moment), last, moment.date())
        assert (due is not None) is renewed
        if due:
            assert due == Award(2, moment.date(), months_later(moment.date(), months))


def test_without_a_final_quiz_all_quizzes_are_passed_again() -> None:
    earned = START
    last = Last(1, earned, date(2028, 1, 1), None)
    late = datetime(2027, 12, 1, tzinfo=UTC)
    assert award(course(final=False), done(earned, final=late), last, late.date()) is None
    assert award(course(final=False), done(earned, q1=late), last, late.date()) is not None
    assert award(course(final=True), done(earned, q1=late), last, late.date()) is None


def test_a_lesson_that_the_course_lists_today_must_be_read_for_a_renewal_too() -> None:
    late = datetime(2027, 12, 1, tzinfo=UTC)
    what = done(START, final=late)
    last = Last(1, START, date(2028, 1, 1), None)
    assert award(course(), Done({"l1": START}, what.passed), last, late.date()) is None
    assert award(course(), what, last, late.date()) is not None


def test_one_that_holds_for_ever_is_never_renewed_and_one_that_is_over_can_be() -> None:
    much_later = datetime(2036, 1, 1, tzinfo=UTC)
    what = done(START, final=much_later)
    assert award(course(None), what, Last(1, START, None, None), much_later.date()) is None
    due = award(course(), what, Last(1, START, date(2028, 1, 1), None), much_later.date())
    assert due == Award(2, date(2036, 1, 1), date(2038, 1, 1))


def test_none_is_given_that_would_be_over_already() -> None:
    assert award(course(24), done(START), None, date(2028, 1, 1)) is not None
    assert award(course(24), done(START), None, date(2028, 1, 2)) is None


def test_a_course_that_promises_nothing_gives_nothing() -> None:
    assert award(course(promises=False), done(START), None, START.date()) is None


def test_a_certificate_holds_through_its_last_day() -> None:
    last_day = date(2028, 1, 1)
    assert state_of(last_day, None, None, last_day) is State.VALID
    assert state_of(last_day, None, None, date(2028, 1, 2)) is State.EXPIRED
    assert state_of(None, None, None, date(9999, 1, 1)) is State.VALID
    assert state_of(last_day, START, None, date(2030, 1, 1)) is State.REPLACED
    assert state_of(last_day, START, START, date(2026, 1, 1)) is State.REVOKED
    assert renewable(State.VALID, last_day, last_day - RENEWABLE)
    assert not renewable(State.VALID, last_day, last_day - RENEWABLE - timedelta(days=1))
    assert not renewable(State.VALID, None, last_day)
    assert renewable(State.EXPIRED, last_day, date(2030, 1, 1))
    assert not renewable(State.REVOKED, last_day, last_day)


def test_a_certificate_is_in_doubt_while_one_of_its_quizzes_is_not_passed() -> None:
    assert in_doubt(["q1", "final"], {"final"})
    assert not in_doubt(["q1", "final"], {"q1", "final", "other"})
