"""The yearly refresh: an assignment of a series makes its successor by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learning.clock import months_later
from learning.database import insert_once, new_id, unit_of_work
from learning.extensions import db
from learning.teaching.models import Assignment, Cohort

log = structlog.get_logger()

#: A successor is there so long before it opens, to be seen and, if need be, taken back.
AHEAD = timedelta(days=30)


def repeat_assignments(now: datetime) -> int:
    """Make what is due of every series; tell how many rows were made.

    Run as often as one likes, by as many workers: a series has one row a day of opening. A series whose last row was
    taken back, or whose cohort is archived, has ended. After a long pause only what is current is made, not what was
    missed.
    """
    today = now.date()
    made = 0
    for series in _repeating():
        # Most series wait: the write lock is taken for those alone that go on.
        if openings(series.first, series.last, series.months, today):
            with unit_of_work() as session:
                made += _continue(session, series, now)
    return made


@dataclass(frozen=True, slots=True)
class _Series:
    """Assignments that follow each other."""

    organization_id: str
    id: str
    #: When its first and its last row open.
    first: date
    last: date
    months: int


def _repeating() -> list[_Series]:
    """Series whose last row repeats and holds, of every organization. One query."""
    ends = (
        select(
            Assignment.organization_id,
            Assignment.series_id,
            func.min(Assignment.opens_on).label("first"),
            func.max(Assignment.opens_on).label("last"),
        )
        .group_by(Assignment.organization_id, Assignment.series_id)
        .subquery()
    )
    rows = db.session.execute(
        select(ends, Assignment.repeat_months)
        .join(
            Assignment,
            (Assignment.organization_id == ends.c.organization_id)
            & (Assignment.series_id == ends.c.series_id)
            & (Assignment.opens_on == ends.c.last),
        )
        .join(Cohort, (Cohort.organization_id == Assignment.organization_id) & (Cohort.id == Assignment.cohort_id))
        .where(Assignment.repeat_months.is_not(None), Assignment.ended_at.is_(None), Cohort.archived_at.is_(None))
        .order_by(ends.c.organization_id, ends.c.series_id)
    )
    return [_Series(*row) for row in rows]


def _continue(session: Session, series: _Series, now: datetime) -> int:
    """Within a unit of work: make the rows of one series that are due, as it stands now."""
    rows = session.scalars(
        select(Assignment)
        .where(Assignment.organization_id == series.organization_id, Assignment.series_id == series.id)
        .order_by(Assignment.opens_on)
        .with_for_update()
    ).all()
    last = rows[-1]
    if last.ended_at is not None or last.repeat_months is None:
        return 0
    made = 0
    for opens_on in openings(rows[0].opens_on, last.opens_on, last.repeat_months, now.date()):
        made += insert_once(
            session,
            Assignment,
            id=new_id(),
            organization_id=series.organization_id,
            cohort_id=last.cohort_id,
            series_id=series.id,
            kind=last.kind,
            content_id=last.content_id,
            opens_on=opens_on,
            due_on=opens_on + (last.due_on - last.opens_on),
            repeat_months=last.repeat_months,
            is_refresh=True,
            created_by=last.created_by,
            created_at=now,
        )
    if made:
        log.info("repeated", organization=series.organization_id, series=series.id, rows=made)
    return made


def openings(first: date, last: date, months: int, today: date) -> list[date]:
    """On which days a series opens next, as far as they come within the horizon.

    Counted from its first day, so that a series of the 31st does not slide to the 28th. Of days that are over, only
    the latest.
    """
    passed = (last.year - first.year) * 12 + last.month - first.month
    found: list[date] = []
    while (opens_on := months_later(first, passed + months)) <= today + AHEAD:
        passed += months
        if opens_on <= today:
            found.clear()
        found.append(opens_on)
    return found
