"""When an assignment opens and is due for a person, and how it stands for them. Pure: days, zones and moments.

An assignment names days, not moments: somebody in Auckland has the same Friday as somebody in Lima, at another time.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

#: From so long before the due moment on, an assignment counts as due soon.
SOON = timedelta(days=7)
_INSTANT = timedelta(microseconds=1)


class Standing(StrEnum):
    """How an assignment stands for one person."""

    NOT_OPEN = "not-open"
    OPEN = "open"
    DUE_SOON = "due-soon"
    OVERDUE = "overdue"
    DONE = "done"


def opens_moment(opens_on: date, zone: str) -> datetime:
    """The first moment of a day in a time zone, in UTC.

    Where clocks are put back over midnight that day begins twice; the first time counts.
    """
    return _midnight(opens_on, zone, fold=0)


def due_moment(due_on: date, zone: str) -> datetime:
    """The end of a day in a time zone, in UTC: the first moment that is too late.

    Where clocks are put back over midnight the day ends twice; the second time counts, for nobody loses an hour.
    """
    after = due_on + timedelta(days=1)
    first, second = _midnight(after, zone, fold=0), _midnight(after, zone, fold=1)
    # Clocks put back to midnight, not over it, make midnight come twice too, but the day does not return.
    returns = second > first and local_day(second - _INSTANT, zone) <= due_on
    return second if returns else first


def _midnight(day: date, zone: str, fold: int) -> datetime:
    # Where clocks skip midnight, the earlier reading (fold 0) is the moment at which they jump: the day's first.
    return datetime.combine(day, time(fold=fold), ZoneInfo(zone)).astimezone(UTC)


def local_day(moment: datetime, zone: str) -> date:
    """Which day it is at a moment in a time zone."""
    return moment.astimezone(ZoneInfo(zone)).date()


def days_left(now: datetime, due_on: date, zone: str) -> int:
    """Days until the due day as a person counts them: 0 today, 1 tomorrow, below 0 when it is over."""
    return (due_on - local_day(now, zone)).days


def standing(now: datetime, opens: datetime, due: datetime, done_at: datetime | None) -> Standing:
    """How an assignment stands. What is done is done, however late."""
    if done_at is not None:
        return Standing.DONE
    if now < opens:
        return Standing.NOT_OPEN
    if now >= due:
        return Standing.OVERDUE
    return Standing.DUE_SOON if due - now <= SOON else Standing.OPEN
