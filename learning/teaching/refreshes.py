"""Which refreshes have opened that ask for a course, and for whom: certificates are renewed by what is done since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select

from learning.certificates.rules import deciding
from learning.content.model import Course
from learning.extensions import db
from learning.teaching.cohort_people import cohort_people
from learning.teaching.done import time_zones
from learning.teaching.due import opens_moment
from learning.teaching.models import Assignment, AssignmentKind, Cohort

#: A day begins somewhere so long before it begins in UTC, at most.
_AHEAD = timedelta(days=1)


def refreshes_opened(
    organization_id: str, courses: Sequence[Course], now: datetime, user_id: str | None = None
) -> dict[str, dict[str, datetime]]:
    """Course -> person -> when the refresh that asks them for it opened for them; of several the last.

    Who is asked for the one quiz that decides about a certificate is asked for all that renews it. What was taken
    back, and what stands in a cohort that was put away, asks nobody. ``user_id``: ask for this person only. Three
    queries; one where no course is refreshed, which is nearly everywhere.
    """
    days = _opening_days(organization_id, courses, now)
    found: dict[str, dict[str, datetime]] = defaultdict(dict)
    if not days:
        return found
    zones = time_zones(organization_id, None if user_id is None else [user_id])
    everybody = cohort_people(organization_id, user_id=user_id).subquery()
    members = select(everybody.c.cohort_id, everybody.c.user_id).where(everybody.c.cohort_id.in_(days))
    moments: dict[tuple[date, str], datetime] = {}
    for cohort_id, person in db.session.execute(members):
        for course_id, opens_on in days[cohort_id]:
            key = opens_on, zones[person]
            if key not in moments:
                moments[key] = opens_moment(*key)
            if moments[key] <= now:
                found[course_id][person] = max(moments[key], found[course_id].get(person, moments[key]))
    return found


def _opening_days(organization_id: str, courses: Sequence[Course], now: datetime) -> dict[str, list[tuple[str, date]]]:
    """Cohort -> courses that it is asked for again, each with the day. One query."""
    asking = {(AssignmentKind.COURSE, course.id): [course.id] for course in courses}
    for course in courses:
        quizzes = deciding(course)
        if len(quizzes) == 1:
            asking.setdefault((AssignmentKind.QUIZ, quizzes[0]), []).append(course.id)
    rows = db.session.execute(
        select(Assignment.cohort_id, Assignment.kind, Assignment.content_id, Assignment.opens_on)
        .join(Cohort, (Cohort.organization_id == Assignment.organization_id) & (Cohort.id == Assignment.cohort_id))
        .where(
            Assignment.organization_id == organization_id,
            Assignment.content_id.in_({content_id for _kind, content_id in asking}),
            Assignment.is_refresh,
            Assignment.opens_on <= now.date() + _AHEAD,
            Assignment.ended_at.is_(None),
            Cohort.archived_at.is_(None),
        )
    )
    found: dict[str, list[tuple[str, date]]] = defaultdict(list)
    for cohort_id, kind, content_id, opens_on in rows:
        found[cohort_id] += [(course_id, opens_on) for course_id in asking.get((kind, content_id), [])]
    return found
