"""What the pages of assignments show a trainer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Select, func, literal, select, tuple_
from sqlalchemy.orm import aliased

from learning.accounts.models import User
from learning.content.model import Catalogue
from learning.errors import NotFound
from learning.extensions import db
from learning.teaching.assigned_content import title_of
from learning.teaching.assignments import Thing
from learning.teaching.cohort_queries import CohortHead, cohort_head
from learning.teaching.models import Assignment, Extension
from learning.web.identity import Member

#: People with more time that a page shows.
MOST_EXTENSIONS = 50


@dataclass(frozen=True, slots=True)
class AssignmentLine:
    """An assignment in the list of its cohort."""

    id: str
    thing: Thing
    #: None when the catalogue does not have it any more.
    title: str | None
    opens_on: date
    due_on: date
    repeat_months: int | None
    is_refresh: bool
    ended_at: datetime | None
    #: People who have more time.
    extensions: int


def assignment_lines(member: Member, cohort_id: str, catalogue: Catalogue) -> tuple[AssignmentLine, ...]:
    """What a cohort is given: what holds by due day, then what was taken back. One query."""
    extended = (
        select(func.count())
        .where(Extension.organization_id == member.organization_id, Extension.assignment_id == Assignment.id)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Assignment, extended)
        .where(Assignment.organization_id == member.organization_id, Assignment.cohort_id == cohort_id)
        .order_by(Assignment.ended_at.is_not(None), Assignment.due_on, Assignment.id)
    )
    return tuple(_line(found, count, catalogue) for found, count in rows)


def _line(found: Assignment, extensions: int, catalogue: Catalogue) -> AssignmentLine:
    thing = Thing(found.kind, found.content_id)
    return AssignmentLine(
        id=found.id,
        thing=thing,
        title=title_of(catalogue, thing),
        opens_on=found.opens_on,
        due_on=found.due_on,
        repeat_months=found.repeat_months,
        is_refresh=found.is_refresh,
        ended_at=found.ended_at,
        extensions=extensions,
    )


@dataclass(frozen=True, slots=True)
class ExtensionLine:
    """Somebody who has more time."""

    user_id: str
    name: str
    due_on: date
    granted_by: str | None


@dataclass(frozen=True, slots=True)
class AssignmentPage:
    """One assignment, its cohort, and who has more time."""

    line: AssignmentLine
    cohort: CohortHead
    #: The first ones whose name fits.
    extensions: tuple[ExtensionLine, ...]
    #: How many have more time and a name that fits; ``line.extensions`` counts all.
    fitting: int


@dataclass(frozen=True, slots=True)
class ExtensionChoice:
    """Which extensions of a cohort: of all that it was given to do, or of one; of people whose name fits."""

    cohort_id: str
    assignment_id: str = ""
    name_contains: str = ""


@dataclass(frozen=True, slots=True)
class ExtensionRow:
    """Who has more time for what."""

    name: str
    thing: Thing
    #: For everybody else, and for this person.
    due_on: date
    until: date
    granted_at: datetime
    granted_by: str | None


def count_extensions(member: Member, choice: ExtensionChoice) -> int:
    """How many the choice lets through. One query."""
    rows = _extensions(member, choice).with_only_columns(func.count())
    return db.session.scalar(rows) or 0


def extension_rows(
    member: Member, choice: ExtensionChoice, after: str | None, most: int
) -> tuple[tuple[ExtensionRow, ...], str | None]:
    """The next extensions by name, and where the rows after them start. One query."""
    query = _extensions(member, choice)
    if after:
        # With the name itself: whoever is deleted meanwhile ends no list.
        user_id, assignment_id, name = after.split(".", 2)
        last = tuple_(literal(name), literal(user_id), literal(assignment_id))
        query = query.where(tuple_(User.name, User.id, Extension.assignment_id) > last)
    found = db.session.execute(query.order_by(User.name, User.id, Extension.assignment_id).limit(most + 1)).all()
    rows = tuple(
        ExtensionRow(name, Thing(given.kind, given.content_id), given.due_on, more.due_on, more.granted_at, by)
        for name, given, more, by in found[:most]
    )
    if len(found) <= most:
        return rows, None
    name, _given, more, _by = found[most - 1]
    return rows, f"{more.user_id}.{more.assignment_id}.{name}"


def _extensions(member: Member, choice: ExtensionChoice) -> Select[str, Assignment, Extension, str | None]:
    granting = aliased(User)
    query = (
        select(User.name, Assignment, Extension, granting.name)
        .join(Extension, Extension.user_id == User.id)
        .join(
            Assignment,
            (Assignment.organization_id == Extension.organization_id) & (Assignment.id == Extension.assignment_id),
        )
        .outerjoin(granting, granting.id == Extension.granted_by)
        .where(Extension.organization_id == member.organization_id, Assignment.cohort_id == choice.cohort_id)
    )
    if choice.assignment_id:
        query = query.where(Extension.assignment_id == choice.assignment_id)
    if choice.name_contains:
        query = query.where(User.name.icontains(choice.name_contains, autoescape=True))
    return query


def assignment_page(
    member: Member, assignment_id: str, catalogue: Catalogue, name_contains: str = ""
) -> AssignmentPage:
    """One assignment; of those who have more time, those whose name fits. Raises NotFound. Five queries."""
    found = db.session.scalar(
        select(Assignment).where(Assignment.organization_id == member.organization_id, Assignment.id == assignment_id)
    )
    if found is None:
        raise NotFound
    all_of_it = ExtensionChoice(found.cohort_id, assignment_id)
    choice = replace(all_of_it, name_contains=name_contains)
    rows = db.session.execute(_extensions(member, choice).order_by(User.name, User.id).limit(MOST_EXTENSIONS))
    number = count_extensions(member, all_of_it)
    return AssignmentPage(
        _line(found, number, catalogue),
        cohort_head(member, found.cohort_id),
        tuple(ExtensionLine(more.user_id, name, more.due_on, by) for name, _given, more, by in rows),
        count_extensions(member, choice) if name_contains else number,
    )
