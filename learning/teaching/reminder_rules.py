"""When a person is reminded of what they were given to do, and when a trainer gets the week's digest. Pure.

A person hears of an assignment 7 days and 1 day before it is due and on the day after; then weekly at most. One mail
tells of everything that presses, so a stage of one assignment is answered by any mail sent since the stage began.
Nothing depends on the rule being asked at a certain minute: after a day without power it gives the mail that is still
owed, once. Mails leave by day, where the person is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import assert_never
from zoneinfo import ZoneInfo

from learning.teaching.due import Standing, days_left, due_moment, local_day, opens_moment
from learning.teaching.models import ReminderKind

#: So many days before the due day a person is reminded.
DAYS_BEFORE = (7, 1)
#: Days between two mails about what is overdue.
DAYS_BETWEEN = 7
#: Hours of the person's day in which a mail may leave.
FROM_HOUR, TO_HOUR = 7, 20
MONDAY = 0


@dataclass(frozen=True, slots=True)
class Owed:
    """An assignment as one person owes it."""

    due_on: date
    #: Since when it is theirs with this due day: it opened, was assigned, or was extended.
    known_since: datetime
    standing: Standing


@dataclass(frozen=True, slots=True)
class Sent:
    """What a person was sent by itself so far. None: nothing yet."""

    last: datetime | None = None
    last_overdue: datetime | None = None


def presses(now: datetime, zone: str, owed: Owed) -> bool:
    """Whether a mail tells of it: it is overdue, or open and due within a week."""
    match owed.standing:
        case Standing.OVERDUE:
            return True
        case Standing.OPEN | Standing.DUE_SOON:
            return days_left(now, owed.due_on, zone) <= max(DAYS_BEFORE)
        case Standing.NOT_OPEN | Standing.DONE:
            return False
        case _:
            assert_never(owed.standing)


def reminder_due(now: datetime, zone: str, owed: Iterable[Owed], sent: Sent) -> ReminderKind | None:
    """Which mail the person is owed at this moment, if any."""
    if not by_day(now, zone):
        return None
    pressing = [each for each in owed if presses(now, zone, each)]
    overdue = any(each.standing is Standing.OVERDUE for each in pressing)
    if any(_unanswered(now, zone, each, sent) for each in pressing) or (overdue and _week_is_over(now, zone, sent)):
        return ReminderKind.OVERDUE if overdue else ReminderKind.DUE_SOON
    return None


def _unanswered(now: datetime, zone: str, owed: Owed, sent: Sent) -> bool:
    """Whether the stage in which something pressing is has begun since the last mail."""
    if owed.standing is Standing.OVERDUE:
        began = due_moment(owed.due_on, zone)
    else:
        stage = min(days for days in DAYS_BEFORE if days_left(now, owed.due_on, zone) <= days)
        began = opens_moment(owed.due_on - timedelta(days=stage), zone)
    return sent.last is None or sent.last < max(began, owed.known_since)


def _week_is_over(now: datetime, zone: str, sent: Sent) -> bool:
    """Whether the last mail about something overdue is a week old. Days are counted, so that hours do not drift."""
    if sent.last_overdue is None:
        return True
    return local_day(now, zone) - local_day(sent.last_overdue, zone) >= timedelta(days=DAYS_BETWEEN)


def digest_due(now: datetime, zone: str, last: datetime | None) -> bool:
    """Whether a trainer's digest of this week has not been sent yet: on Monday morning, or as soon as it can be."""
    today = local_day(now, zone)
    monday = today - timedelta(days=today.weekday() - MONDAY)
    return by_day(now, zone) and (last is None or last < opens_moment(monday, zone))


def by_day(now: datetime, zone: str) -> bool:
    """Whether a mail would arrive by day."""
    return time(FROM_HOUR) <= now.astimezone(ZoneInfo(zone)).time() < time(TO_HOUR)
