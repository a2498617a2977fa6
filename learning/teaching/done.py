"""Which assignments are done, by whom, and since when. Derived from what people did, for any number of them at once.

A course is done when all its lessons are read, all its quizzes passed and all practice that it requires is confirmed,
a quiz when it is passed, the self-assessment when it is finished. A refresh counts quizzes and self-assessments only since it opened.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import Select, func, literal, select, union_all

from learning.accounts.models import Membership, Organization, User
from learning.assessments.queries import finishes
from learning.content.model import Catalogue
from learning.courses.models import LessonProgress
from learning.courses.practice_records import practice_confirmed
from learning.extensions import db
from learning.quizzes.queries import passes
from learning.teaching.due import opens_moment
from learning.teaching.models import AssignmentKind


@dataclass(frozen=True, slots=True)
class Given:
    """An assignment, as far as it matters for being done."""

    id: str
    kind: AssignmentKind
    content_id: str
    opens_on: date
    is_refresh: bool


#: (assignment id, user id) -> since when it is done; who has not done it is not there.
Done = dict[tuple[str, str], datetime]


def done_moments(
    organization_id: str, given: Collection[Given], catalogue: Catalogue, people: Sequence[str] | None = None
) -> Done:
    """Who has done which assignment; None stands for all people. At most five queries, for any number of either.

    What is no longer in the catalogue is done by nobody. A person is told whether or not the assignment is theirs.
    """
    wanted = {each: steps for each in given if (steps := _steps(each, catalogue)) is not None}
    quizzes = frozenset[str]().union(*(steps.quizzes for steps in wanted.values()))
    instruments = frozenset[str]().union(*(steps.instruments for steps in wanted.values()))
    lessons = _lessons(organization_id, wanted, catalogue, people)
    passed = passes(organization_id, quizzes, people) if quizzes else {}
    finished = finishes(organization_id, instruments, people) if instruments else {}
    zones = time_zones(organization_id, people) if any(each.is_refresh for each in wanted) else {}
    tasks = frozenset[str]().union(*(steps.practice for steps in wanted.values()))
    confirmed = practice_confirmed(db.session(), organization_id, people, tasks) if tasks else {}
    done: Done = {}
    for each, steps in wanted.items():
        parts = [lessons[each.content_id]] if steps.lessons else []
        times = [passed.get(quiz, {}) for quiz in steps.quizzes] + [finished.get(one, {}) for one in steps.instruments]
        parts += [_since(each, moments, zones) for moments in times]
        parts += [
            {user_id: moments[task] for user_id, moments in confirmed.items() if task in moments}
            for task in steps.practice
        ]
        for user_id in min(parts, key=len):
            if all(user_id in part for part in parts):
                done[each.id, user_id] = max(part[user_id] for part in parts)
    return done


def time_zones(organization_id: str, people: Sequence[str] | None = None) -> dict[str, str]:
    """Time zone of each person of an organization: their own, else the organization's. One query."""
    query = (
        select(Membership.user_id, func.coalesce(User.time_zone, Organization.time_zone))
        .join(User, User.id == Membership.user_id)
        .join(Organization, Organization.id == Membership.organization_id)
        .where(Membership.organization_id == organization_id)
    )
    if people is not None:
        query = query.where(Membership.user_id.in_(people))
    return dict(db.session.execute(query).all())


@dataclass(frozen=True, slots=True)
class _Steps:
    """What an assignment asks for."""

    lessons: frozenset[str] = frozenset()
    quizzes: frozenset[str] = frozenset()
    instruments: frozenset[str] = frozenset()
    #: Confirmed once, it counts for a refresh too, as a lesson does.
    practice: frozenset[str] = frozenset()


def _steps(given: Given, catalogue: Catalogue) -> _Steps | None:
    """None: nobody can do it, since the catalogue does not have it any more or it has no steps."""
    match given.kind:
        case AssignmentKind.COURSE if given.content_id in catalogue.courses:
            course = catalogue.courses[given.content_id]
            steps = _Steps(
                frozenset(course.lesson_ids), frozenset(course.quiz_ids), practice=frozenset(course.practice_ids)
            )
            return steps if steps.lessons or steps.quizzes else None
        case AssignmentKind.QUIZ if given.content_id in catalogue.quizzes:
            return _Steps(quizzes=frozenset({given.content_id}))
        case AssignmentKind.ASSESSMENT if given.content_id in catalogue.instruments:
            return _Steps(instruments=frozenset({given.content_id}))
        case _:
            return None


#: Course id -> user id -> when the last of its lessons was read. A course without lessons is not there.
_LessonsRead = dict[str, dict[str, datetime]]


def _lessons(
    organization_id: str, given: Iterable[Given], catalogue: Catalogue, people: Sequence[str] | None
) -> _LessonsRead:
    """Who has read all lessons of a course, counted by the database. One query."""
    courses = {each.content_id for each in given if each.kind is AssignmentKind.COURSE}
    asked = {course: catalogue.courses[course].lesson_ids for course in sorted(courses)}
    found: _LessonsRead = {course: {} for course, lessons in asked.items() if lessons}
    if found:
        counts = [_all_read(organization_id, course, asked[course], people) for course in found]
        for course, user_id, moment in db.session.execute(union_all(*counts)):
            found[course][user_id] = _utc(moment)
    return found


def _all_read(
    organization_id: str, course_id: str, lessons: Sequence[str], people: Sequence[str] | None
) -> Select[str, str, datetime]:
    wanted = set(lessons)
    query = (
        select(literal(course_id), LessonProgress.user_id, func.max(LessonProgress.completed_at))
        .where(LessonProgress.organization_id == organization_id, LessonProgress.lesson_id.in_(wanted))
        .group_by(LessonProgress.user_id)
        .having(func.count(LessonProgress.id) == len(wanted))
    )
    return query if people is None else query.where(LessonProgress.user_id.in_(people))


def _utc(moment: datetime) -> datetime:
    """A union forgets on SQLite that a column was a moment of ours."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _since(given: Given, moments: dict[str, list[datetime]], zones: dict[str, str]) -> dict[str, datetime]:
    """The first moment of each person; for a refresh the first since it opened for them."""
    if not given.is_refresh:
        return {user_id: times[0] for user_id, times in moments.items()}
    opened = {zone: opens_moment(given.opens_on, zone) for zone in set(zones.values())}
    first = {}
    for user_id, times in moments.items():
        counting = next((at for at in times if user_id in zones and at >= opened[zones[user_id]]), None)
        if counting is not None:
            first[user_id] = counting
    return first
