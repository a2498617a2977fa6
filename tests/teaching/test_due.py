"""When something opens and is due: over all time zones, through summer time, leap years and days that never were."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learning.teaching.due import (
    SOON,
    Standing,
    days_left,
    due_moment,
    local_day,
    opens_moment,
    standing,
)
from tests.proof import times

ZONES = sorted(available_timezones() - {"Factory", "localtime"})
zones = st.sampled_from(ZONES)
days = st.dates(date(2000, 1, 2), date(2100, 12, 30))
moments = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
SECOND = timedelta(seconds=1)


@pytest.mark.prove
@settings(max_examples=times(300, 20_000), deadline=None)
@given(days, zones)
def test_a_day_opens_with_its_first_moment_and_is_due_after_its_last(day: date, zone: str) -> None:
    opens, due = opens_moment(day, zone), due_moment(day, zone)
    assert local_day(opens, zone) >= day
    assert local_day(opens - SECOND, zone) < day
    assert local_day(due, zone) > day
    assert local_day(due - SECOND, zone) <= day
    assert opens.tzinfo is UTC
    assert due.tzinfo is UTC


@pytest.mark.prove
@settings(max_examples=times(200, 10_000), deadline=None)
@given(days, zones)
def test_a_day_is_as_long_as_it_is_there(day: date, zone: str) -> None:
    """Never longer than 25 hours or shorter than 23, but for days at which a whole zone moved."""
    length = due_moment(day, zone) - opens_moment(day, zone)
    assert timedelta(0) <= length <= timedelta(hours=49)
    assert due_moment(day, zone) >= opens_moment(day + timedelta(days=1), zone)


def test_every_midnight_at_which_a_clock_changes_keeps_the_rule() -> None:
    """Around each change of an offset in these years: the day's last second counts, the next does not."""
    changes = 0
    for zone in ZONES:
        zone_info, moment = ZoneInfo(zone), datetime(2007, 1, 1, tzinfo=UTC)
        while moment < datetime(2019, 1, 1, tzinfo=UTC):
            later = moment + timedelta(days=2)
            if moment.astimezone(zone_info).utcoffset() != later.astimezone(zone_info).utcoffset():
                changes += 1
                for shift in range(-1, 4):
                    day = local_day(moment, zone) + timedelta(days=shift)
                    opens, due = opens_moment(day, zone), due_moment(day, zone)
                    assert local_day(due - SECOND, zone) <= day, (zone, day)
                    assert all(local_day(due + timedelta(minutes=step), zone) > day for step in range(0, 180, 30))
                    assert local_day(opens - SECOND, zone) < day <= local_day(opens, zone), (zone, day)
            moment = later
    assert changes > 3_000


@pytest.mark.parametrize(
    ("day", "zone", "due"),
    [
        (date(2030, 12, 4), "UTC", datetime(2030, 12, 5, tzinfo=UTC)),
        (date(2030, 12, 4), "Asia/Shanghai", datetime(2030, 12, 4, 16, tzinfo=UTC)),
        (date(2030, 12, 4), "America/Lima", datetime(2030, 12, 5, 5, tzinfo=UTC)),
        (date(2030, 12, 4), "Pacific/Kiritimati", datetime(2030, 12, 4, 10, tzinfo=UTC)),
        (date(2030, 12, 4), "Asia/Kathmandu", datetime(2030, 12, 4, 18, 15, tzinfo=UTC)),
        # Clocks skip the midnight with which the 16th begins: the 15th ends at the jump.
        (date(2016, 10, 15), "America/Sao_Paulo", datetime(2016, 10, 16, 3, tzinfo=UTC)),
        # Clocks are put back at midnight: the day ends when midnight comes again.
        (date(2016, 2, 20), "America/Sao_Paulo", datetime(2016, 2, 21, 3, tzinfo=UTC)),
        (date(2009, 10, 31), "America/St_Johns", datetime(2009, 11, 1, 3, 30, tzinfo=UTC)),
        # Samoa had no 30 December 2011: what was due on the 29th and on the 30th ended at the same moment.
        (date(2011, 12, 29), "Pacific/Apia", datetime(2011, 12, 30, 10, tzinfo=UTC)),
        (date(2011, 12, 30), "Pacific/Apia", datetime(2011, 12, 30, 10, tzinfo=UTC)),
    ],
)
def test_a_day_ends_where_the_person_is(day: date, zone: str, due: datetime) -> None:
    assert due_moment(day, zone) == due


@pytest.mark.prove
@settings(max_examples=times(200, 5_000), deadline=None)
@given(moments, moments, moments, st.none() | moments)
def test_an_assignment_has_one_standing_and_it_only_moves_on(
    now: datetime, one: datetime, other: datetime, done_at: datetime | None
) -> None:
    opens, due = min(one, other), max(one, other)
    order = [Standing.NOT_OPEN, Standing.OPEN, Standing.DUE_SOON, Standing.OVERDUE]
    here = standing(now, opens, due, done_at)
    assert (here is Standing.DONE) == (done_at is not None)
    if done_at is None:
        assert (here is Standing.NOT_OPEN) == (now < opens)
        later = standing(now + timedelta(days=1), opens, due, None)
        assert order.index(later) >= order.index(here)


def test_due_soon_begins_seven_days_before_and_overdue_with_the_first_moment_too_late() -> None:
    due = datetime(2030, 6, 30, tzinfo=UTC)
    opens = due - timedelta(days=30)
    assert standing(due - SOON - SECOND, opens, due, None) is Standing.OPEN
    assert standing(due - SOON, opens, due, None) is Standing.DUE_SOON
    assert standing(due - SECOND, opens, due, None) is Standing.DUE_SOON
    assert standing(due, opens, due, None) is Standing.OVERDUE
    assert standing(opens - SECOND, opens, due, None) is Standing.NOT_OPEN
    assert standing(opens, opens, due, None) is Standing.OPEN


@pytest.mark.prove
@settings(max_examples=times(200, 10_000), deadline=None)
@given(moments, days, zones)
def test_days_are_counted_as_a_person_counts_them(now: datetime, due_on: date, zone: str) -> None:
    left = days_left(now, due_on, zone)
    assert local_day(now, zone) + timedelta(days=left) == due_on
    if now >= due_moment(due_on, zone):
        assert left < 0
    if left < 0:
        assert now >= due_moment(due_on, zone)
