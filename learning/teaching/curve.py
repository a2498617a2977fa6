"""How a cohort came along with one course day by day, beside the day it is due."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, case, func, select

from learning.accounts.models import Membership, User
from learning.content.model import Course
from learning.courses.models import CourseStanding
from learning.extensions import db
from learning.quizzes.models import Attempt, Grading
from learning.quizzes.records import of_latest_grading
from learning.teaching.due import due_moment, local_day
from learning.teaching.groups import Group, Task

#: Rows of the table; the drawing shows every day.
MOST_ROWS = 26


@dataclass(frozen=True, slots=True)
class Day:
    """How many people had begun and had finished at the end of a day of the organization."""

    day: date
    begun: int
    finished: int


@dataclass(frozen=True, slots=True)
class Curve:
    """The days from the opening until today, and what lies ahead."""

    task: Task
    people: int
    days: tuple[Day, ...]
    #: The last day of the drawing: today or the due day, whichever is later.
    until: date

    @property
    def today(self) -> Day | None:
        """The last day; None if it has not opened."""
        return self.days[-1] if self.days else None

    def place(self, day: date) -> float:
        """Where a day lies across the drawing, in per cent."""
        length = (self.until - self.task.opens_on).days or 1
        return round(100 * (day - self.task.opens_on).days / length, 2)

    def share(self, number: int) -> float:
        """A number of people in per cent of all."""
        return round(100 * number / self.people, 1) if self.people else 0.0

    @property
    def rows(self) -> tuple[Day, ...]:
        """Days for the table, the newest first: all of them, or evenly so many that it stays readable."""
        step = -(-len(self.days) // MOST_ROWS)
        return self.days[::-1][:: step or 1]

    @property
    def ticks(self) -> tuple[date, ...]:
        """Days that the axis names."""
        length = (self.until - self.task.opens_on).days
        marks = 4 if length >= 4 else max(length, 1)
        return tuple(self.task.opens_on + timedelta(days=length * number // marks) for number in range(marks + 1))


def course_curve(group: Group, task: Task, course: Course, now: datetime) -> Curve:
    """Three queries at most, whatever the number of people and days."""
    people = db.session.scalar(select(func.count()).select_from(group.people().subquery())) or 0
    again = task.is_refresh and bool(course.quiz_ids)
    begun, finished = _again(group, task, course) if again else _once(group, course)
    today = local_day(now, group.time_zone)
    until = max(today, task.due_on, task.opens_on + timedelta(days=1))
    days = [task.opens_on + timedelta(days=number) for number in range((today - task.opens_on).days + 1)]
    # What happened before it opened is in the first day.
    ends = [due_moment(day, group.time_zone) for day in days]
    counts = zip(days, _before(begun, ends), _before(finished, ends), strict=True)
    return Curve(task, people, tuple(Day(*each) for each in counts), until)


def _before(moments: list[datetime], ends: Sequence[datetime]) -> list[int]:
    """How many of the moments lie before each end."""
    moments.sort()
    return [bisect_left(moments, end) for end in ends]


def _once(group: Group, course: Course) -> tuple[list[datetime], list[datetime]]:
    """The moments at which people of the group began and finished, in no order."""
    standings = db.session.connection().execute(_standings(group, course)).all()
    return [row.first_at for row in standings], [row.finished_at for row in standings if row.finished_at]


def _again(group: Group, task: Task, course: Course) -> tuple[list[datetime], list[datetime]]:
    """The same of a repetition: begun with the first step since it opened, finished with the last first pass since then.

    First ones, for who sits a quiz once more has not finished later. Lessons read before are read.
    """
    since = group.opened(task)
    standings = {row.user_id: row for row in db.session.connection().execute(_standings(group, course))}
    begun = {user_id: row.first_at for user_id, row in standings.items() if row.first_at >= since}
    finished = []
    for user_id, tried_at, passed, passed_at in db.session.connection().execute(_sat_since(group, course, since)):
        begun[user_id] = min(tried_at, begun.get(user_id, tried_at))
        row = standings.get(user_id)
        if row and row.finished_at and passed == len(course.quiz_ids):
            finished.append(max(passed_at, row.finished_at))
    return list(begun.values()), finished


def _inside(group: Group) -> Select[str]:
    return select(User.id).join(Membership, Membership.user_id == User.id).where(group.is_in())


def _standings(group: Group, course: Course) -> Select[str, datetime, datetime | None]:
    return select(CourseStanding.user_id, CourseStanding.first_at, CourseStanding.finished_at).where(
        CourseStanding.organization_id == group.organization_id,
        CourseStanding.course_id == course.id,
        CourseStanding.user_id.in_(_inside(group)),
    )


def _sat_since(group: Group, course: Course, since: datetime) -> Select[str, datetime, int, datetime | None]:
    """Of each person who handed in a quiz since then: when first, how many they passed, and the last first pass."""
    first = (
        select(
            Attempt.user_id,
            func.min(Attempt.submitted_at).label("tried_at"),
            func.min(case((of_latest_grading(Grading.passed), Attempt.submitted_at))).label("passed_at"),
        )
        .where(
            Attempt.organization_id == group.organization_id,
            Attempt.quiz_id.in_(course.quiz_ids),
            Attempt.submitted_at >= since,
            Attempt.user_id.in_(_inside(group)),
        )
        .group_by(Attempt.user_id, Attempt.quiz_id)
        .subquery()
    )
    return select(
        first.c.user_id, func.min(first.c.tried_at), func.count(first.c.passed_at), func.max(first.c.passed_at)
    ).group_by(first.c.user_id)
