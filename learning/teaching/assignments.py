"""What a cohort is given to do: assign it, give one person more time, take it back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import structlog
from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.orm import Session

from learning.clock import months_later
from learning.database import ROWS_AT_ONCE, new_id, unit_of_work
from learning.errors import NotFound
from learning.teaching.cohorts import locked_cohort, people_of
from learning.teaching.errors import AssignmentEnded, DueBeforeOpening, NothingChosen, NotLater, RepeatsBeforeDue
from learning.teaching.models import Assignment, AssignmentKind, Extension
from learning.web.identity import Member

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Thing:
    """What can be assigned: a course, a quiz or the self-assessment."""

    kind: AssignmentKind
    content_id: str


@dataclass(frozen=True, slots=True)
class Period:
    """From which day to which, and after how many months again; None: never."""

    opens_on: date
    due_on: date
    repeat_months: int | None = None


@dataclass(frozen=True, slots=True)
class Assigned:
    """What became of things that were to be assigned."""

    #: Ids of the new assignments.
    made: tuple[str, ...]
    #: The cohort has these already for days in this period.
    already: tuple[Thing, ...]


@dataclass(frozen=True, slots=True)
class Extended:
    """What an extension did, by user id."""

    extended: frozenset[str]
    #: They had this due day already.
    unchanged: frozenset[str]
    #: They have a later one, which stays.
    later: frozenset[str]
    #: They are not in the cohort of the assignment.
    strangers: frozenset[str]


def assign(member: Member, cohort_id: str, things: Sequence[Thing], period: Period, now: datetime) -> Assigned:
    """Give a cohort several things to do in one period. What it has already in these days is not given twice.

    Raises NotFound, CohortArchived, NothingChosen, DueBeforeOpening, RepeatsBeforeDue.
    """
    _check(things, period)
    made, already = [], []
    with unit_of_work() as session:
        locked_cohort(session, member, cohort_id)
        standing = select(Assignment.kind, Assignment.content_id).where(
            Assignment.organization_id == member.organization_id,
            Assignment.cohort_id == cohort_id,
            Assignment.ended_at.is_(None),
            Assignment.opens_on <= period.due_on,
            Assignment.due_on >= period.opens_on,
        )
        given = {Thing(*row) for row in session.execute(standing)}
        for thing in dict.fromkeys(things):
            if thing in given:
                already.append(thing)
                continue
            assignment_id = new_id()
            session.add(
                Assignment(
                    id=assignment_id,
                    organization_id=member.organization_id,
                    cohort_id=cohort_id,
                    series_id=assignment_id,
                    kind=thing.kind,
                    content_id=thing.content_id,
                    opens_on=period.opens_on,
                    due_on=period.due_on,
                    repeat_months=period.repeat_months,
                    created_by=member.user_id,
                    created_at=now,
                )
            )
            made.append(assignment_id)
        log.info(
            "assigned", user=member.user_id, organization=member.organization_id, cohort=cohort_id, things=len(made)
        )
    return Assigned(tuple(made), tuple(already))


def _check(things: Sequence[Thing], period: Period) -> None:
    if not things:
        raise NothingChosen
    if period.due_on < period.opens_on:
        raise DueBeforeOpening
    if period.repeat_months and months_later(period.opens_on, period.repeat_months) <= period.due_on:
        raise RepeatsBeforeDue


def take_back(member: Member, assignment_id: str, now: datetime) -> None:
    """End an assignment and what follows it in its series; what people did stays. Doing it again changes nothing.

    Raises NotFound.
    """
    with unit_of_work() as session:
        found = session.execute(
            select(Assignment.series_id, Assignment.opens_on).where(
                Assignment.organization_id == member.organization_id, Assignment.id == assignment_id
            )
        ).first()
        if found is None:
            raise NotFound
        later = (
            (Assignment.organization_id == member.organization_id)
            & (Assignment.series_id == found.series_id)
            & (Assignment.opens_on >= found.opens_on)
        )
        # Locked first, then looked for again: the series may just have been continued.
        session.execute(select(Assignment.id).where(later).order_by(Assignment.id).with_for_update())
        session.execute(update(Assignment).where(later, Assignment.ended_at.is_(None)).values(ended_at=now))
        log.info("taken_back", user=member.user_id, organization=member.organization_id, assignment=assignment_id)


def end_extensions(member: Member, assignment_id: str, people: Collection[str]) -> frozenset[str]:
    """Let some people have as much time as everybody else again; ids of those who had more.

    Doing it again changes nothing. Raises NotFound, AssignmentEnded.
    """
    ended: set[str] = set()
    with unit_of_work() as session:
        _locked(session, member, assignment_id)
        theirs = _extensions(member, assignment_id)
        for batch in _batches(sorted(people)):
            gone = delete(Extension).where(theirs, Extension.user_id.in_(batch)).returning(Extension.user_id)
            ended.update(session.scalars(gone))
        log.info(
            "extensions_ended",
            user=member.user_id,
            organization=member.organization_id,
            assignment=assignment_id,
            people=len(ended),
        )
    return frozenset(ended)


def extend(member: Member, assignment_id: str, people: Collection[str], due_on: date, now: datetime) -> Extended:
    """Give some people of a cohort more time for an assignment. Who has an earlier day gets this one, nobody gets less.

    Doing it again changes nothing. Raises NotFound, AssignmentEnded, NotLater.
    """
    wanted = frozenset(people)
    with unit_of_work() as session:
        assignment = _locked(session, member, assignment_id)
        if due_on <= assignment.due_on:
            raise NotLater(assignment.due_on)
        present = wanted & people_of(session, member.organization_id, assignment.cohort_id)
        theirs = _extensions(member, assignment_id)
        enough = select(Extension.user_id, Extension.due_on).where(theirs, Extension.due_on >= due_on)
        days: dict[str, date] = dict(session.execute(enough).all())
        extended = present - days.keys()
        for batch in _batches(sorted(extended)):
            session.execute(delete(Extension).where(theirs, Extension.user_id.in_(batch)))
            rows = [
                {
                    "organization_id": member.organization_id,
                    "assignment_id": assignment_id,
                    "user_id": user_id,
                    "due_on": due_on,
                    "granted_by": member.user_id,
                    "granted_at": now,
                }
                for user_id in batch
            ]
            session.execute(insert(Extension), rows)
        log.info(
            "extended",
            user=member.user_id,
            organization=member.organization_id,
            assignment=assignment_id,
            people=len(extended),
        )
    later = frozenset(user_id for user_id in present - extended if days[user_id] > due_on)
    return Extended(extended, present - extended - later, later, wanted - present)


def _locked(session: Session, member: Member, assignment_id: str) -> Assignment:
    """An assignment that still holds, locked: changes to one come one after the other."""
    found = session.scalar(
        select(Assignment)
        .where(Assignment.organization_id == member.organization_id, Assignment.id == assignment_id)
        .with_for_update()
    )
    if found is None:
        raise NotFound
    if found.ended_at is not None:
        raise AssignmentEnded
    return found


def _extensions(member: Member, assignment_id: str) -> ColumnElement[bool]:
    return (Extension.organization_id == member.organization_id) & (Extension.assignment_id == assignment_id)


def _batches(people: list[str]) -> list[list[str]]:
    return [people[start : start + ROWS_AT_ONCE] for start in range(0, len(people), ROWS_AT_ONCE)]
