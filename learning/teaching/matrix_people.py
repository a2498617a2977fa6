"""Which people the table of progress lists, and in which order: filters and keyset paging in the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Subquery,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    tuple_,
)

from learning.accounts.models import Membership, User
from learning.content.model import Course
from learning.courses.models import CourseStanding, LessonProgress, QuizRecord
from learning.database import Moment
from learning.extensions import db
from learning.quizzes.models import Attempt
from learning.teaching.groups import Group

PEOPLE_A_PAGE = 50
#: Stands for people who never did anything, so that they have a place in the order.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
#: Digits of what a cursor carries: microseconds until the year 5000.
LONGEST_VALUE = 18


class Sort(StrEnum):
    """The orders of the table; equal people follow by name."""

    NAME = "name"
    LEAST_DONE = "least-done"
    MOST_DONE = "most-done"
    #: Who never did anything comes first.
    LONGEST_AGO = "longest-ago"
    LATEST = "latest"


class State(StrEnum):
    """How far somebody is in all that is shown."""

    NOT_STARTED = "not-started"
    STARTED = "started"
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class Choice:
    """What the page was asked for."""

    sort: Sort = Sort.NAME
    name_contains: str = ""
    department_id: str | None = None
    state: State | None = None
    #: Where the page before ended, as ``Window.next_after`` told.
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A person in the list."""

    user_id: str
    name: str
    department: str | None
    #: Steps done in the courses shown; one that two of them share counts in both. Of a repetition only quizzes passed
    #: since it opened.
    done: int


@dataclass(frozen=True, slots=True)
class Window:
    """The people of one page."""

    people: tuple[Listed, ...]
    #: People whom the filters let through, on all pages.
    number: int
    #: Where the next page starts; None on the last one.
    next_after: str | None


def people_window(group: Group, courses: Sequence[Course], steps: int, choice: Choice) -> Window:
    """A page of people. Three queries at most. ``steps``: of the courses together."""
    people, next_after = people_behind(group, courses, steps, choice, PEOPLE_A_PAGE)
    return Window(people, count_people(group, courses, steps, choice), next_after)


def people_behind(
    group: Group, courses: Sequence[Course], steps: int, choice: Choice, most: int
) -> tuple[tuple[Listed, ...], str | None]:
    """The next people from where the choice begins, and where those after them start. Two queries at most."""
    chosen = _chosen(group, courses, steps, choice)
    anchor = _anchor(group.organization_id, choice.after)
    rows = db.session.execute(_ordered(chosen, group, choice.sort, anchor).limit(most + 1)).all()
    shown = rows[:most]
    return (
        tuple(Listed(row.user_id, row.name, row.department, row.done) for row in shown),
        _cursor(shown[-1], choice.sort) if len(rows) > most else None,
    )


def everybody_chosen(group: Group, courses: Sequence[Course], steps: int, choice: Choice) -> list[tuple[str, str]]:
    """Id and name of everybody whom the filters let through, in no order. One query."""
    return [(row.user_id, row.name) for row in db.session.execute(_chosen(group, courses, steps, choice))]


def count_people(group: Group, courses: Sequence[Course], steps: int, choice: Choice) -> int:
    """How many people the filters let through. One query."""
    # How far somebody is matters for the state alone.
    chosen = _chosen(group, courses if choice.state else [], steps, choice)
    return db.session.scalar(select(func.count()).select_from(chosen.subquery())) or 0


def _chosen(group: Group, courses: Sequence[Course], steps: int, choice: Choice) -> Select[str, str, str | None, int]:
    """Everybody whom the filters let through: ``user_id, name, department, done``."""
    standing = (
        select(CourseStanding.user_id, func.sum(CourseStanding.done).label("done"))
        .where(
            CourseStanding.organization_id == group.organization_id,
            CourseStanding.course_id.in_([course.id for course in courses]),
        )
        .group_by(CourseStanding.user_id)
        .subquery()
    )
    done: ColumnElement[int] = func.coalesce(standing.c.done, 0)
    query = group.people(choice.name_contains, choice.department_id)
    query = query.outerjoin(standing, standing.c.user_id == User.id)
    if repeated := group.repeated(courses):
        given = [(course.quiz_ids, group.opened(repeated[course.id])) for course in courses if course.id in repeated]
        before = _passed_before(group.organization_id, given)
        query = query.outerjoin(before, before.c.user_id == User.id)
        done = done - func.coalesce(before.c.number, 0)
    chosen = query.add_columns(done.label("done"))
    match choice.state:
        case State.NOT_STARTED:
            return chosen.where(done == 0)
        case State.STARTED:
            return chosen.where(done > 0, done < steps)
        case State.COMPLETE:
            return chosen.where(done >= steps, done > 0)
        case None:
            return chosen


def _passed_before(organization_id: str, given: Sequence[tuple[Sequence[str], datetime]]) -> Subquery:
    """``user_id, number``: quizzes that were passed, but not since their course was given again.

    ``given``: quizzes of each such course, and when it opened. A quiz of two of them is counted for each, in one look.
    """
    before = [and_(QuizRecord.quiz_id.in_(quizzes), QuizRecord.last_passed_at < opened) for quizzes, opened in given]
    number = func.sum(sum((case((each, 1), else_=0) for each in before), start=literal(0)))
    return (
        select(QuizRecord.user_id, cast(number, Integer).label("number"))
        .where(QuizRecord.organization_id == organization_id, or_(*before))
        .group_by(QuizRecord.user_id)
        .subquery()
    )


@dataclass(frozen=True, slots=True)
class _Anchor:
    """The person on whom the page before ended, and what they were sorted by then."""

    value: int
    name: str
    user_id: str


def _cursor(row: Any, sort: Sort) -> str:
    match sort:
        case Sort.NAME:
            value = 0
        case Sort.LEAST_DONE | Sort.MOST_DONE:
            value = row.done
        case Sort.LONGEST_AGO | Sort.LATEST:
            value = (row.last - NEVER) // timedelta(microseconds=1)
    return f"{value}.{row.user_id}"


def _anchor(organization_id: str, after: str | None) -> _Anchor | None:
    """What a cursor says; None for one that says nothing, which leads to the first page."""
    value, _dot, user_id = (after or "").partition(".")
    if not (value.isascii() and value.isdigit() and len(value) < LONGEST_VALUE):
        return None
    name = db.session.scalar(
        select(User.name)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.organization_id == organization_id, User.id == user_id)
    )
    return None if name is None else _Anchor(int(value), name, user_id)


def _ordered(
    chosen: Select[str, str, str | None, int], group: Group, sort: Sort, anchor: _Anchor | None
) -> Select[str, str, str | None, int]:
    """The people in their order, from behind the anchor on."""
    if sort in (Sort.LONGEST_AGO, Sort.LATEST):
        # Asked person by person: an index ends each question at its first row, however much somebody has done.
        # Materialized, for SQLite would else ask again wherever the column is named.
        listed = chosen.add_columns(*_last_moments(group.organization_id)).cte().prefix_with("MATERIALIZED")
        last = _later(listed.c.read_at, listed.c.sat_at)
        query = select(listed, last.label("last"))
        key: ColumnElement[Any] = last
        value: int | datetime = NEVER + timedelta(microseconds=anchor.value if anchor else 0)
    else:
        listed = chosen.cte()
        query, key, value = select(listed), listed.c.done, anchor.value if anchor else 0
    by_name = tuple_(listed.c.name, listed.c.user_id)
    falling = sort in (Sort.MOST_DONE, Sort.LATEST)
    if anchor:
        behind_by_name = by_name > tuple_(anchor.name, anchor.user_id)
        further = key < value if falling else key > value
        query = query.where(behind_by_name if sort is Sort.NAME else or_(further, and_(key == value, behind_by_name)))
    order = () if sort is Sort.NAME else (key.desc() if falling else key,)
    return query.order_by(*order, listed.c.name, listed.c.user_id)


def _last_moments(organization_id: str) -> tuple[ColumnElement[datetime], ColumnElement[datetime]]:
    """When a row of User last read a lesson, and when they last began a quiz."""
    read = select(func.max(LessonProgress.completed_at)).where(
        LessonProgress.organization_id == organization_id, LessonProgress.user_id == User.id
    )
    sat = select(func.max(Attempt.started_at)).where(
        Attempt.organization_id == organization_id, Attempt.user_id == User.id
    )
    return read.scalar_subquery().label("read_at"), sat.scalar_subquery().label("sat_at")


def _later(first: ColumnElement[datetime], second: ColumnElement[datetime]) -> ColumnElement[datetime]:
    """The later of two moments; the one there is; NEVER without either."""
    never = literal(NEVER, Moment())
    return func.coalesce(case((first > second, first), else_=func.coalesce(second, first)), never, type_=Moment())


def last_activity(organization_id: str, people: Sequence[str]) -> dict[str, datetime]:
    """When people last read a lesson or began a quiz."""
    moments = select(User.id, *_last_moments(organization_id)).where(User.id.in_(people)).subquery()
    rows = db.session.execute(select(moments.c.id, _later(moments.c.read_at, moments.c.sat_at)))
    return {user_id: last for user_id, last in rows if last != NEVER}
