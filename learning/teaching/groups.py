"""The people whose progress a page shows, a cohort or everybody who learns, and what they were given to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, select

from learning.accounts.models import Department, Membership, Organization, User
from learning.content.model import Catalogue, Course
from learning.errors import NotFound
from learning.extensions import db
from learning.teaching.cohort_people import cohort_people
from learning.teaching.due import local_day, opens_moment
from learning.teaching.models import Assignment, AssignmentKind, Cohort
from learning.web.identity import Role


@dataclass(frozen=True, slots=True)
class Task:
    """Something a cohort was given to do, as it stands today: of a series the row that opened last."""

    assignment_id: str
    kind: AssignmentKind
    content_id: str
    opens_on: date
    due_on: date
    is_refresh: bool


@dataclass(frozen=True, slots=True)
class Group:
    """A cohort, or everybody."""

    organization_id: str
    #: Where days begin and end for people who chose no zone of their own.
    time_zone: str
    #: None: everybody who learns in the organization.
    cohort_id: str | None
    name: str | None
    #: In the order in which they are due.
    tasks: tuple[Task, ...]

    def courses(self, catalogue: Catalogue) -> tuple[Course, ...]:
        """The courses that were given, in the order in which they are due; only those that are still taught."""
        ids = dict.fromkeys(task.content_id for task in self.tasks if task.kind is AssignmentKind.COURSE)
        return tuple(catalogue.courses[each] for each in ids if each in catalogue.courses)

    def opened(self, task: Task) -> datetime:
        """When a task opens by the day of the organization. Of a repetition quizzes count from then on."""
        return opens_moment(task.opens_on, self.time_zone)

    def repeated(self, courses: Iterable[Course]) -> dict[str, Task]:
        """Course id -> the repetition, of those courses that are given again."""
        shown = {course.id for course in courses}
        return {
            task.content_id: task
            for task in self.tasks
            if task.kind is AssignmentKind.COURSE and task.is_refresh and task.content_id in shown
        }

    def quizzes_since(self, courses: Sequence[Course]) -> dict[str, datetime]:
        """Quiz id -> from when on it counts, of courses that are given again; the latest if it is in several."""
        found: dict[str, datetime] = {}
        repeated = self.repeated(courses)
        for course in courses:
            if course.id in repeated:
                since = self.opened(repeated[course.id])
                found |= {quiz: max(since, found.get(quiz, since)) for quiz in course.quiz_ids}
        return found

    def is_in(self) -> ColumnElement[bool]:
        """Whether a row of User, joined with Membership, belongs to the group."""
        learns = (
            (Membership.organization_id == self.organization_id)
            & Membership.left_at.is_(None)
            & (Membership.role == Role.LEARNER)
        )
        if self.cohort_id is None:
            return learns
        people = cohort_people(self.organization_id, cohort_id=self.cohort_id).subquery()
        return learns & User.id.in_(select(people.c.user_id))

    def people(self, name_contains: str = "", department_id: str | None = None) -> Select[str, str, str | None]:
        """Rows of ``user_id, name, department``: of everybody, or of those whom the filters let through."""
        query = (
            select(User.id.label("user_id"), User.name.label("name"), Department.name.label("department"))
            .join(Membership, Membership.user_id == User.id)
            .outerjoin(
                Department,
                (Department.id == Membership.department_id) & (Department.organization_id == self.organization_id),
            )
            .where(self.is_in())
        )
        if department_id:
            query = query.where(Membership.department_id == department_id)
        if name_contains:
            query = query.where(User.name.icontains(name_contains, autoescape=True))
        return query


def everybody(organization_id: str) -> Group:
    """All who learn in the organization. Nothing is assigned to them as such. One query."""
    zone = db.session.scalar(select(Organization.time_zone).where(Organization.id == organization_id)) or "UTC"
    return Group(organization_id, zone, None, None, ())


def cohort_group(organization_id: str, cohort_id: str, now: datetime) -> Group:
    """A cohort with what it has to do on this day of the organization. Raises NotFound. Two queries."""
    found = db.session.execute(
        select(Cohort.name, Organization.time_zone)
        .join(Organization, Organization.id == Cohort.organization_id)
        .where(Cohort.organization_id == organization_id, Cohort.id == cohort_id)
    ).first()
    if found is None:
        raise NotFound
    rows = db.session.scalars(
        select(Assignment)
        .where(
            Assignment.organization_id == organization_id,
            Assignment.cohort_id == cohort_id,
            Assignment.ended_at.is_(None),
        )
        .order_by(Assignment.opens_on, Assignment.due_on, Assignment.id)
    )
    tasks = _tasks(rows, local_day(now, found.time_zone))
    return Group(organization_id, found.time_zone, cohort_id, found.name, tasks)


def _tasks(rows: Iterable[Assignment], today: date) -> tuple[Task, ...]:
    """Of each thing the assignment that opened last, or the first that will. ``rows``: in the order of their opening."""
    current: dict[tuple[AssignmentKind, str], Task] = {}
    for row in rows:
        key = row.kind, row.content_id
        if key in current and row.opens_on > today:
            continue
        current[key] = Task(row.id, row.kind, row.content_id, row.opens_on, row.due_on, row.is_refresh)
    return tuple(sorted(current.values(), key=lambda task: (task.due_on, task.content_id)))
