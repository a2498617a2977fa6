"""What one person was given to do, and how it stands, in their own time zone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, select

from learning.content.model import Catalogue
from learning.extensions import db
from learning.teaching.assigned_content import title_of
from learning.teaching.assignments import Thing
from learning.teaching.cohort_people import cohort_people
from learning.teaching.done import Given, done_moments
from learning.teaching.due import Standing, days_left, due_moment, opens_moment, standing
from learning.teaching.models import Assignment, AssignmentKind, Cohort, Extension
from learning.web.identity import Member

#: The most pressing first.
_ORDER = (Standing.OVERDUE, Standing.DUE_SOON, Standing.OPEN, Standing.NOT_OPEN, Standing.DONE)


@dataclass(frozen=True, slots=True)
class MyAssignment:
    """Something that a person was given to do."""

    id: str
    thing: Thing
    title: str
    opens_on: date
    #: With an extension, the later day.
    due_on: date
    standing: Standing
    #: Days until it opens, and until it is due, as the person counts them; below 0 when that is over.
    days_to_open: int
    days_left: int
    extended: bool


def my_assignments(member: Member, catalogue: Catalogue, zone: str, now: datetime) -> list[MyAssignment]:
    """What a person was given and has still before them; what is done, until its due day. A few queries.

    Of one thing given more than once, what is not done and due first.
    """
    rows = db.session.execute(_given(member)).all()
    asked = [Given(row.id, row.kind, row.content_id, row.opens_on, row.is_refresh) for row in rows]
    done = done_moments(member.organization_id, asked, catalogue, [member.user_id]) if asked else {}
    found = []
    for row in rows:
        thing = Thing(row.kind, row.content_id)
        title = title_of(catalogue, thing)
        if title is None:
            continue
        opens, due = opens_moment(row.opens_on, zone), due_moment(row.due_on, zone)
        found.append(
            MyAssignment(
                id=row.id,
                thing=thing,
                title=title,
                opens_on=row.opens_on,
                due_on=row.due_on,
                standing=standing(now, opens, due, done.get((row.id, member.user_id))),
                days_to_open=days_left(now, row.opens_on, zone),
                days_left=days_left(now, row.due_on, zone),
                extended=row.extended,
            )
        )
    return _worth_showing(found)


def _given(member: Member) -> Select[str, AssignmentKind, str, date, date, bool, bool]:
    """Assignments of the person's cohorts that hold."""
    cohorts = cohort_people(member.organization_id, user_id=member.user_id).subquery()
    later = func.coalesce(Extension.due_on, Assignment.due_on)
    return (
        select(
            Assignment.id,
            Assignment.kind,
            Assignment.content_id,
            Assignment.opens_on,
            later.label("due_on"),
            Assignment.is_refresh,
            Extension.due_on.is_not(None).label("extended"),
        )
        .join(Cohort, (Cohort.organization_id == Assignment.organization_id) & (Cohort.id == Assignment.cohort_id))
        .outerjoin(
            Extension,
            (Extension.organization_id == Assignment.organization_id)
            & (Extension.assignment_id == Assignment.id)
            & (Extension.user_id == member.user_id),
        )
        .where(
            Assignment.organization_id == member.organization_id,
            Assignment.cohort_id.in_(select(cohorts.c.cohort_id)),
            Assignment.ended_at.is_(None),
            Cohort.archived_at.is_(None),
        )
        .order_by(later, Assignment.id)
    )


def _worth_showing(found: Iterable[MyAssignment]) -> list[MyAssignment]:
    """One line for each thing, the most pressing first; without what is done and over."""
    ordered = sorted(found, key=lambda each: (_ORDER.index(each.standing), each.due_on, each.title))
    first: dict[Thing, MyAssignment] = {}
    for each in ordered:
        if each.standing is not Standing.DONE or each.days_left >= 0:
            first.setdefault(each.thing, each)
    return list(first.values())
