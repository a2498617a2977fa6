"""When a reminder is due: over zones, over days on which nobody looks, and never more often than promised."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from learning.teaching.due import Standing, days_left, due_moment, local_day, opens_moment, standing
from learning.teaching.models import ReminderKind
from learning.teaching.reminder_rules import DAYS_BETWEEN, Owed, Sent, by_day, digest_due, reminder_due

DUE = date(2030, 3, 15)
HOUR = timedelta(hours=1)
ZONES = ("UTC", "Pacific/Auckland", "America/Lima", "Asia/Kathmandu", "Pacific/Kiritimati", "America/Santiago")


def walk(
    zone: str, due_days: list[date], start: datetime, hours: int, awake: frozenset[int] | None = None
) -> list[tuple[datetime, ReminderKind]]:
    """Ask the rule every hour (or only in some), sending what it says; what was sent, in order."""
    sent, mails = Sent(), []
    for hour in range(hours):
        if awake is not None and hour not in awake:
            continue
        now = start + hour * HOUR
        owed = [Owed(day, start, standing(now, start, due_moment(day, zone), None)) for day in due_days]
        kind = reminder_due(now, zone, owed, sent)
        if kind is not None:
            mails.append((now, kind))
            sent = Sent(now, now if kind is ReminderKind.OVERDUE else sent.last_overdue)
    return mails


def test_seven_days_before_one_day_before_the_day_after_and_then_weekly() -> None:
    mails = walk("UTC", [DUE], datetime(2030, 3, 1, tzinfo=UTC), 24 * 40)
    assert [(at.date(), kind) for at, kind in mails] == [
        (date(2030, 3, 8), ReminderKind.DUE_SOON),
        (date(2030, 3, 14), ReminderKind.DUE_SOON),
        (date(2030, 3, 16), ReminderKind.OVERDUE),
        (date(2030, 3, 23), ReminderKind.OVERDUE),
        (date(2030, 3, 30), ReminderKind.OVERDUE),
        (date(2030, 4, 6), ReminderKind.OVERDUE),
    ]
    assert {at.hour for at, _ in mails} == {7}


def test_the_days_are_those_where_the_person_is() -> None:
    auckland = walk("Pacific/Auckland", [DUE], datetime(2030, 3, 1, tzinfo=UTC), 24 * 12)
    lima = walk("America/Lima", [DUE], datetime(2030, 3, 1, tzinfo=UTC), 24 * 12)
    assert [at for at, _ in auckland] == [datetime(2030, 3, 7, 18, tzinfo=UTC)]
    assert [at for at, _ in lima] == [datetime(2030, 3, 8, 12, tzinfo=UTC)]


def test_what_is_assigned_late_is_reminded_of_at_once_and_not_again() -> None:
    mails = walk("UTC", [DUE], datetime(2030, 3, 12, 9, tzinfo=UTC), 40)
    assert [at for at, _ in mails] == [datetime(2030, 3, 12, 9, tzinfo=UTC)]


def test_what_came_after_the_last_mail_gets_one_of_its_own() -> None:
    now = datetime(2030, 3, 10, 9, tzinfo=UTC)
    known = Owed(DUE, now - timedelta(days=20), Standing.DUE_SOON)
    sent = Sent(datetime(2030, 3, 8, 7, tzinfo=UTC))
    assert reminder_due(now, "UTC", [known], sent) is None
    new = Owed(DUE, now - HOUR, Standing.DUE_SOON)
    assert reminder_due(now, "UTC", [known, new], sent) is ReminderKind.DUE_SOON


def test_what_is_done_or_not_open_or_far_away_reminds_nobody() -> None:
    now = datetime(2030, 3, 10, 9, tzinfo=UTC)
    for state in (Standing.DONE, Standing.NOT_OPEN):
        assert reminder_due(now, "UTC", [Owed(DUE, now, state)], Sent()) is None
    assert reminder_due(now, "UTC", [Owed(DUE + timedelta(days=9), now, Standing.OPEN)], Sent()) is None


@settings(max_examples=60, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    offsets=st.lists(st.integers(0, 40), min_size=1, max_size=4),
    awake=st.frozensets(st.integers(0, 24 * 60 - 1), max_size=400) | st.none(),
)
def test_over_any_days_and_any_outages_the_promise_holds(
    zone: str, offsets: list[int], awake: frozenset[int] | None
) -> None:
    start = datetime(2030, 3, 1, tzinfo=UTC)
    days = [start.date() + timedelta(days=offset) for offset in offsets]
    mails = walk(zone, days, start, 24 * 60, awake)
    stages = 3 * len(set(days))  # seven days before, one day before, the day after
    weeks = 60 // DAYS_BETWEEN + 1
    assert len(mails) <= stages + weeks
    # Never twice within a day of the person, never at night.
    assert len({local_day(at, zone) for at, _ in mails}) == len(mails)
    assert all(by_day(at, zone) for at, _ in mails)
    # A mail about overdue things comes less than a week after another only if something became overdue in between.
    late = [at for at, kind in mails if kind is ReminderKind.OVERDUE]
    for earlier, later in pairwise(late):
        became = any(earlier < due_moment(day, zone) <= later for day in days)
        soon = any(
            earlier < opens_moment(day - timedelta(days=before), zone) <= later for day in days for before in (7, 1)
        )
        assert became or soon or (local_day(later, zone) - local_day(earlier, zone)).days >= DAYS_BETWEEN
    if awake is None:
        told = {local_day(at, zone) for at, _ in mails}
        for day in set(days):
            for wanted in (day - timedelta(days=7), day - timedelta(days=1), day + timedelta(days=1)):
                if local_day(start, zone) < wanted < local_day(start, zone) + timedelta(days=58):
                    assert wanted in told, (zone, day, wanted, mails)


@given(zone=st.sampled_from(ZONES), day=st.dates(date(2029, 1, 1), date(2031, 12, 31)), hour=st.integers(0, 23))
def test_the_stages_follow_the_days_that_a_person_counts(zone: str, day: date, hour: int) -> None:
    now = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    opens = now - timedelta(days=100)
    for ahead in range(-2, 12):
        due_on = local_day(now, zone) + timedelta(days=ahead)
        state = standing(now, opens, due_moment(due_on, zone), None)
        kind = reminder_due(now, zone, [Owed(due_on, opens, state)], Sent())
        if not by_day(now, zone) or days_left(now, due_on, zone) > 7:
            assert kind is None
        elif ahead < 0:
            assert kind is ReminderKind.OVERDUE
        else:
            assert kind is ReminderKind.DUE_SOON


def test_the_digest_comes_on_monday_morning_or_as_soon_as_it_can() -> None:
    monday = datetime(2030, 3, 4, 8, tzinfo=UTC)
    before = datetime(2030, 2, 26, 8, tzinfo=UTC)
    assert digest_due(monday, "UTC", before)
    assert not digest_due(monday - 3 * HOUR, "UTC", before), "it is night"
    assert not digest_due(monday + HOUR, "UTC", monday)
    assert not digest_due(monday + timedelta(days=6), "UTC", monday)
    assert digest_due(monday + timedelta(days=2), "UTC", before), "the site stood still on Monday"
    assert digest_due(monday, "UTC", None)
    assert not digest_due(monday, "America/Lima", before), "it is three in the morning there"
