"""Who is at risk with something they were given to do, and why. Pure: moments and numbers in, reasons out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from learning.teaching.due import Standing, standing

#: Open for longer than this and nothing done.
NOT_STARTED_AFTER = timedelta(days=7)
#: Begun, and nothing for so long.
STOPPED_AFTER = timedelta(days=14)
#: So many attempts below the pass mark.
FAILING_AFTER = 2


class Reason(StrEnum):
    """Why somebody is at risk, the most pressing first."""

    OVERDUE = "overdue"
    FAILING = "failing"
    STOPPED = "stopped"
    NOT_STARTED = "not-started"


@dataclass(frozen=True, slots=True)
class Trouble:
    """A quiz that a person has handed in and not passed, of a repetition since it opened."""

    quiz_id: str
    attempts: int
    #: So many could be made. 0: no limit.
    allowed: int
    #: In per cent, rounded down.
    best: int

    @property
    def none_left(self) -> bool:
        """Whether no attempt is left."""
        return 0 < self.allowed <= self.attempts

    @property
    def counts(self) -> bool:
        """Whether it is more than one bad day."""
        return self.attempts >= FAILING_AFTER or self.none_left


@dataclass(frozen=True, slots=True)
class Case:
    """One person and one thing they were given."""

    opens: datetime
    due: datetime
    done: bool
    #: When they last read a lesson of it or handed in a quiz of it; None: never.
    last_at: datetime | None
    troubles: tuple[Trouble, ...] = ()
    #: Whether it is known how far they are, and not only whether they are done.
    steps_known: bool = True


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason, with what its sentence needs."""

    reason: Reason
    #: Whole days that it is overdue, open without a start, or without a step.
    days: int
    #: Of FAILING.
    trouble: Trouble | None = None


def findings(case: Case, now: datetime) -> Iterator[Finding]:
    """The reasons, the most pressing first; none for what is done or not open yet."""
    if case.done or (state := standing(now, case.opens, case.due, None)) is Standing.NOT_OPEN:
        return
    if state is Standing.OVERDUE:
        yield Finding(Reason.OVERDUE, (now - case.due).days)
    for trouble in case.troubles:
        if trouble.counts:
            yield Finding(Reason.FAILING, 0, trouble)
    if not case.steps_known:
        return
    if case.last_at is None:
        if now - case.opens > NOT_STARTED_AFTER:
            yield Finding(Reason.NOT_STARTED, (now - case.opens).days)
    # What was done before it was given says nothing about how they go on now.
    elif now - (since := max(case.last_at, case.opens)) >= STOPPED_AFTER:
        yield Finding(Reason.STOPPED, (now - since).days)
