"""When a certificate is due, until when it holds, and where it stands. Values in, values out.

A first one is due when every lesson of the course is read, every quiz is passed, and every sign-off that it requires is
there. After that only the deciding quizzes count again: the final quiz, or all of them where there is none. They must be
passed anew: after the last certificate was revoked, or within 90 days of its last day, or later, or since a refresh
that asks for the course again. So nobody renews by passing on the day after, whoever was revoked does not get it back
for what they had already done, and whoever did what a refresh asks for does not lose their certificate for it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from learning.clock import months_later
from learning.content.model import Course

#: So long before its last day a certificate can be renewed, and is said to expire soon.
RENEWABLE = timedelta(days=90)
_INSTANT = timedelta(microseconds=1)


class State(StrEnum):
    """Where a certificate stands."""

    VALID = "valid"
    EXPIRED = "expired"
    REPLACED = "replaced"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Done:
    """What somebody has done: id of a lesson -> when it was read, id of a quiz -> when it was last passed, id of a
    practice task -> when it was confirmed; and id of a lesson -> the version that they read."""

    read: Mapping[str, datetime]
    passed: Mapping[str, datetime]
    confirmed: Mapping[str, datetime] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Last:
    """The last certificate of a person for a course."""

    round: int
    issued_at: datetime
    valid_until: date | None
    revoked_at: datetime | None
    #: When the refresh opened that asks them for the course now; None: none does.
    refresh_opened: datetime | None = None


@dataclass(frozen=True, slots=True)
class Award:
    """A certificate that is due."""

    round: int
    valid_from: date
    valid_until: date | None


def award(course: Course, done: Done, last: Last | None, today: date) -> Award | None:
    """The certificate that is due to a person now, or None.

    A first one holds from the day of the last step, another one from the day on which it was earned by passing.
    None is due that would be over already: pass again, and it is.
    """
    if course.certificate is None or not _complete(course, done):
        return None
    passes = [done.passed[quiz_id] for quiz_id in deciding(course)]
    if last is not None:
        since = earned_after(last)
        if since is None or min(passes) <= since:
            return None
        steps = passes
    else:
        steps = [*(done.read[each] for each in course.lesson_ids), *(done.passed[each] for each in course.quiz_ids)]
        steps += [done.confirmed[each] for each in course.practice_ids]
    first_day = max(steps).date()
    months = course.certificate.valid_months
    last_day = months_later(first_day, months) if months else None
    if last_day is not None and last_day < today:
        return None
    return Award(last.round + 1 if last else 1, first_day, last_day)


def _complete(course: Course, done: Done) -> bool:
    return (
        all(each in done.read for each in course.lesson_ids)
        and all(each in done.passed for each in course.quiz_ids)
        and all(each in done.confirmed for each in course.practice_ids)
    )


def deciding(course: Course) -> tuple[str, ...]:
    """Ids of the quizzes that are passed again for another certificate: the final one, or all."""
    return (course.final_quiz_id,) if course.final_quiz_id else course.quiz_ids


def earned_after(last: Last) -> datetime | None:
    """After which moment one must pass for another certificate; None if the last one holds for ever."""
    if last.revoked_at is not None:
        return last.revoked_at
    if last.valid_until is None:
        return None
    since = datetime.combine(last.valid_until - RENEWABLE, time.min, UTC)
    # A certificate that was issued since the refresh opened is renewed by it already.
    if last.refresh_opened is not None and last.refresh_opened > last.issued_at:
        since = min(since, last.refresh_opened - _INSTANT)
    return max(last.issued_at, since)


def state_of(valid_until: date | None, replaced_at: datetime | None, revoked_at: datetime | None, today: date) -> State:
    """Where a certificate stands. Revoked outweighs all; one that was replaced is that, whatever its last day."""
    if revoked_at is not None:
        return State.REVOKED
    if replaced_at is not None:
        return State.REPLACED
    return State.EXPIRED if valid_until is not None and valid_until < today else State.VALID


def renewable(state: State, valid_until: date | None, today: date) -> bool:
    """Whether it is time to pass again for another certificate, as its last day has it."""
    return state is State.EXPIRED or (
        state is State.VALID and valid_until is not None and valid_until <= today + RENEWABLE
    )


def in_doubt(quiz_ids: Collection[str], passed: Collection[str]) -> bool:
    """Whether a quiz on which a certificate stands is not passed any more."""
    return not set(quiz_ids) <= set(passed)
