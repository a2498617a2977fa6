"""Who owes what: each person of a cohort with each thing it was given to do, and how that stands for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from learning.content.model import Catalogue
from learning.extensions import db
from learning.teaching.assigned_content import title_of
from learning.teaching.assignments import Thing
from learning.teaching.cohort_people import cohort_people
from learning.teaching.done import Given, done_moments, time_zones
from learning.teaching.due import Standing, due_moment, opens_moment, standing
from learning.teaching.models import Assignment, AssignmentKind, Cohort, Extension


@dataclass(frozen=True, slots=True)
class Owing:
    """One person and one thing they were given to do."""

    user_id: str
    assignment_id: str
    cohort_id: str
    kind: AssignmentKind
    content_id: str
    #: As the catalogue calls it.
    title: str
    #: The extension's day if there is one.
    due_on: date
    opens: datetime
    #: Since when it is theirs with this due day: it opened, was assigned, or was extended.
    known_since: datetime
    standing: Standing


def owings(
    organization_id: str,
    catalogue: Catalogue,
    now: datetime,
    cohorts: Collection[str] | None = None,
    *,
    person: str | None = None,
) -> list[Owing]:
    """Everything that holds in the cohorts that are not put away, done or not. At most eight queries.

    ``person``: only what this one was given; it reads nothing of the others.
    Of a series a person owes the row that opened last for them; what left the catalogue nobody owes.
    """
    assignments = [each for each in _assignments(organization_id, cohorts) if _title(each, catalogue) is not None]
    if not assignments:
        return []
    members = _members(organization_id, {each.cohort_id for each in assignments}, person)
    only = None if person is None else [person]
    zones = time_zones(organization_id, only)
    extensions = _extensions(organization_id, person)
    given = [Given(each.id, each.kind, each.content_id, each.opens_on, each.is_refresh) for each in assignments]
    done = done_moments(organization_id, given, catalogue, only)
    moments = _Moments()
    found = []
    for each in assignments:
        for user_id in members[each.cohort_id]:
            zone = zones[user_id]
            due_on, granted_at = extensions.get((each.id, user_id), (each.due_on, each.created_at))
            opens = moments.opens(each.opens_on, zone)
            found.append(
                Owing(
                    user_id,
                    each.id,
                    each.cohort_id,
                    each.kind,
                    each.content_id,
                    _title(each, catalogue) or "",
                    due_on,
                    opens,
                    max(opens, each.created_at, granted_at),
                    standing(now, opens, moments.due(due_on, zone), done.get((each.id, user_id))),
                )
            )
    return list(_latest_of_series(found, {each.id: each.series_id for each in assignments}))


@dataclass(frozen=True, slots=True)
class GivenTo:
    """An assignment that some chosen people have, as a choice on a page."""

    id: str
    title: str
    cohort: str
    due_on: date
    #: How many of the chosen have it.
    people: int


def given_to(organization_id: str, people: Collection[str], catalogue: Catalogue) -> list[GivenTo]:
    """What holds for at least one of the people, the next due first. Three queries."""
    assignments = [each for each in _assignments(organization_id, None) if _title(each, catalogue) is not None]
    members = _members(organization_id, {each.cohort_id for each in assignments}, None)
    names = dict(
        db.session.execute(select(Cohort.id, Cohort.name).where(Cohort.organization_id == organization_id)).all()
    )
    wanted = set(people)
    counted = [(each, len(wanted.intersection(members[each.cohort_id]))) for each in assignments]
    return [
        GivenTo(each.id, _title(each, catalogue) or "", names[each.cohort_id], each.due_on, count)
        for each, count in counted
        if count
    ]


class _Moments:
    """Moments of days in zones, worked out once each: ten thousand people live in few zones."""

    def __init__(self) -> None:
        self._opens: dict[tuple[date, str], datetime] = {}
        self._due: dict[tuple[date, str], datetime] = {}

    def opens(self, day: date, zone: str) -> datetime:
        if (day, zone) not in self._opens:
            self._opens[day, zone] = opens_moment(day, zone)
        return self._opens[day, zone]

    def due(self, day: date, zone: str) -> datetime:
        if (day, zone) not in self._due:
            self._due[day, zone] = due_moment(day, zone)
        return self._due[day, zone]


def _title(assignment: Assignment, catalogue: Catalogue) -> str | None:
    return title_of(catalogue, Thing(assignment.kind, assignment.content_id))


def _assignments(organization_id: str, cohorts: Collection[str] | None) -> list[Assignment]:
    query = (
        select(Assignment)
        .join(Cohort, (Cohort.organization_id == Assignment.organization_id) & (Cohort.id == Assignment.cohort_id))
        .where(
            Assignment.organization_id == organization_id,
            Assignment.ended_at.is_(None),
            Cohort.archived_at.is_(None),
        )
        .order_by(Assignment.due_on, Assignment.id)
    )
    if cohorts is not None:
        query = query.where(Assignment.cohort_id.in_(cohorts))
    return list(db.session.scalars(query))


def _members(organization_id: str, cohorts: Collection[str], person: str | None) -> defaultdict[str, list[str]]:
    """Cohort -> people."""
    everybody = cohort_people(organization_id, user_id=person).subquery()
    query = select(everybody.c.cohort_id, everybody.c.user_id).where(everybody.c.cohort_id.in_(cohorts))
    found: defaultdict[str, list[str]] = defaultdict(list)
    for cohort_id, user_id in db.session.execute(query):
        found[cohort_id].append(user_id)
    return found


def _extensions(organization_id: str, person: str | None) -> dict[tuple[str, str], tuple[date, datetime]]:
    """(assignment, person) -> later due day, and when it was granted."""
    query = select(Extension.assignment_id, Extension.user_id, Extension.due_on, Extension.granted_at).where(
        Extension.organization_id == organization_id
    )
    if person is not None:
        query = query.where(Extension.user_id == person)
    rows = db.session.execute(query)
    return {(assignment_id, user_id): (due_on, at) for assignment_id, user_id, due_on, at in rows}


def _latest_of_series(found: Iterable[Owing], series: dict[str, str]) -> Iterable[Owing]:
    """A refresh that has opened takes the place of the row before it."""
    kept: dict[tuple[str, str], Owing] = {}
    for each in found:
        key = (each.user_id, series[each.assignment_id])
        if each.standing is Standing.NOT_OPEN:
            key = (each.user_id, each.assignment_id)
        if key not in kept or kept[key].opens < each.opens:
            kept[key] = each
    return kept.values()
