"""What a trainer sees of the people of their organization. Never an answer, never a score of the self-assessment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, or_, select, tuple_

from learning.accounts.models import Department, Membership, User
from learning.assessments.queries import finished_by
from learning.content.model import Catalogue, Course, Lesson, Quiz
from learning.courses.completion import CourseProgress, course_progress
from learning.courses.models import LessonProgress
from learning.courses.practice_records import practice_confirmed
from learning.errors import NotFound
from learning.extensions import db
from learning.quizzes.models import Attempt
from learning.quizzes.queries import QuizStanding, quiz_standings
from learning.teaching import models  # noqa: F401  their tables are known
from learning.teaching.late_answers import LateAnswer, late_answers
from learning.teaching.timeline import Timeline, timeline
from learning.web.identity import Role

PEOPLE_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class DepartmentChoice:
    """A department in the filter."""

    id: str
    name: str
    people: int


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person in the table."""

    user_id: str
    name: str
    department: str | None
    #: How far they are, in the order of the columns.
    courses: tuple[CourseProgress, ...]
    last_activity: datetime | None
    assessment_done: bool


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """A page of the table of people."""

    courses: tuple[Course, ...]
    rows: tuple[PersonRow, ...]
    departments: tuple[DepartmentChoice, ...]
    people: int
    #: People who did something in the last seven days.
    active: int
    #: Where the next page starts; None on the last one.
    next_after: str | None


@dataclass(frozen=True, slots=True)
class LessonLine:
    """A lesson in one person's record."""

    lesson: Lesson
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class QuizLine:
    """A quiz in one person's record."""

    quiz: Quiz
    standing: QuizStanding | None


@dataclass(frozen=True, slots=True)
class PracticeLine:
    """A task that must be confirmed, in one person's record."""

    lesson: Lesson
    confirmed_at: datetime | None


@dataclass(frozen=True, slots=True)
class CourseRecord:
    """A course in one person's record."""

    course: Course
    progress: CourseProgress
    lessons: tuple[LessonLine, ...]
    quizzes: tuple[QuizLine, ...]
    practice: tuple[PracticeLine, ...]


@dataclass(frozen=True, slots=True)
class LearnerPage:
    """One person's record."""

    name: str
    department: str | None
    joined_at: datetime
    last_activity: datetime | None
    assessment_done: bool
    courses: tuple[CourseRecord, ...]
    late: tuple[LateAnswer, ...]
    timeline: Timeline


def people_page(
    organization_id: str,
    catalogue: Catalogue,
    *,
    department_id: str | None,
    name_contains: str,
    after: str | None,
    active_since: datetime,
) -> PeoplePage:
    """A page of learners in the order of their names. The number of queries does not depend on their number.

    ``after`` is the user id on which the page before ended.
    """
    chosen = learners(organization_id, department_id, name_contains)
    courses = tuple(catalogue.courses.values())
    rows, next_after = people_rows(organization_id, chosen, courses, after, PEOPLE_A_PAGE)
    return PeoplePage(
        courses=courses,
        rows=rows,
        departments=departments_of(organization_id),
        people=count_learners(chosen),
        active=_count_active(organization_id, chosen, active_since),
        next_after=next_after,
    )


def people_rows(
    organization_id: str,
    chosen: Select[str, str, str | None],
    courses: Sequence[Course],
    after: str | None,
    most: int,
) -> tuple[tuple[PersonRow, ...], str | None]:
    """The next of the chosen learners by name, and on whom the rows after them start. Five queries."""
    window = db.session.execute(
        _after(chosen, organization_id, after).order_by(User.name, User.id).limit(most + 1)
    ).all()
    shown, more = window[:most], len(window) > most
    people = [row.user_id for row in shown]
    read = _lessons_read(organization_id, people)
    standings = _standings(organization_id, people)
    confirmed = practice_confirmed(db.session(), organization_id, people)
    finished = finished_by(organization_id, people)
    rows = tuple(
        PersonRow(
            row.user_id,
            row.name,
            row.department,
            tuple(
                course_progress(
                    course,
                    read[row.user_id].keys(),
                    {quiz for quiz, standing in standings[row.user_id].items() if standing.passed},
                    confirmed[row.user_id].keys(),
                )
                for course in courses
            ),
            _last_activity(read[row.user_id].values(), standings[row.user_id].values()),
            row.user_id in finished,
        )
        for row in shown
    )
    return rows, people[-1] if more else None


def count_learners(chosen: Select[str, str, str | None]) -> int:
    """How many people were chosen. One query."""
    return db.session.scalar(select(func.count()).select_from(chosen.subquery())) or 0


def learner_name(organization_id: str, user_id: str) -> str:
    """What somebody who learns here is called. Raises NotFound. One query."""
    found = db.session.execute(learners(organization_id, None, "").where(User.id == user_id)).first()
    if found is None:
        raise NotFound
    name: str = found.name
    return name


def learner_page(organization_id: str, user_id: str, catalogue: Catalogue, after: str = "") -> LearnerPage:
    """One person's record; ``after`` is where the page of their timeline before ended.

    Raises NotFound unless they learn in this organization. The number of queries does not depend on what they did.
    """
    person = db.session.execute(
        learners(organization_id, None, "").add_columns(Membership.joined_at).where(User.id == user_id)
    ).first()
    if person is None:
        raise NotFound
    read = _lessons_read(organization_id, [user_id])[user_id]
    standings = _standings(organization_id, [user_id])[user_id]
    passed = {quiz for quiz, standing in standings.items() if standing.passed}
    confirmed = practice_confirmed(db.session(), organization_id, [user_id])[user_id]
    courses = tuple(
        CourseRecord(
            course,
            course_progress(course, read.keys(), passed, confirmed.keys()),
            tuple(LessonLine(catalogue.lessons[lesson], read.get(lesson)) for lesson in course.lesson_ids),
            tuple(QuizLine(catalogue.quizzes[quiz], standings.get(quiz)) for quiz in course.quiz_ids),
            tuple(
                PracticeLine(lesson, confirmed.get(task))
                for task in course.practice_ids
                if (lesson := catalogue.lesson_with_task(task))
            ),
        )
        for course in catalogue.courses.values()
    )
    return LearnerPage(
        name=person.name,
        department=person.department,
        joined_at=person.joined_at,
        last_activity=_last_activity(read.values(), standings.values()),
        assessment_done=bool(finished_by(organization_id, [user_id])),
        courses=courses,
        late=late_answers(organization_id, user_id, catalogue),
        timeline=timeline(organization_id, user_id, catalogue, after),
    )


def learners(organization_id: str, department_id: str | None, name_contains: str) -> Select[str, str, str | None]:
    """Who learns in an organization now, with what a list is filtered by: rows of user id, name, department."""
    query = (
        select(User.id.label("user_id"), User.name.label("name"), Department.name.label("department"))
        .join(Membership, Membership.user_id == User.id)
        .outerjoin(
            Department, (Department.id == Membership.department_id) & (Department.organization_id == organization_id)
        )
        .where(
            Membership.organization_id == organization_id,
            Membership.left_at.is_(None),
            Membership.role == Role.LEARNER,
        )
    )
    if department_id:
        query = query.where(Membership.department_id == department_id)
    if name_contains:
        query = query.where(User.name.icontains(name_contains, autoescape=True))
    return query


def _after(
    query: Select[str, str, str | None], organization_id: str, after: str | None
) -> Select[str, str, str | None]:
    """Keyset paging: what follows the person on whom the page before ended."""
    if not after:
        return query
    last = (
        select(User.name, User.id)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.organization_id == organization_id, User.id == after)
        .limit(1)
        .cte("last")
    )
    return query.join(last, tuple_(User.name, User.id) > tuple_(last.c.name, last.c.id))


def _lessons_read(organization_id: str, people: Sequence[str]) -> defaultdict[str, dict[str, datetime]]:
    """Person -> lesson -> when."""
    found: defaultdict[str, dict[str, datetime]] = defaultdict(dict)
    for user_id, lesson_id, moment in db.session.execute(
        select(LessonProgress.user_id, LessonProgress.lesson_id, LessonProgress.completed_at).where(
            LessonProgress.organization_id == organization_id, LessonProgress.user_id.in_(people)
        )
    ):
        found[user_id][lesson_id] = moment
    return found


def _standings(organization_id: str, people: Sequence[str]) -> defaultdict[str, dict[str, QuizStanding]]:
    """Person -> quiz -> standing."""
    found: defaultdict[str, dict[str, QuizStanding]] = defaultdict(dict)
    for standing in quiz_standings(organization_id, people, None):
        found[standing.user_id][standing.quiz_id] = standing
    return found


def departments_of(organization_id: str) -> tuple[DepartmentChoice, ...]:
    """The departments by name, each with the number of people who learn in it."""
    rows = db.session.execute(
        select(Department.id, Department.name, func.count(Membership.id))
        .outerjoin(
            Membership,
            (Membership.organization_id == organization_id)
            & (Membership.department_id == Department.id)
            & Membership.left_at.is_(None)
            & (Membership.role == Role.LEARNER),
        )
        .where(Department.organization_id == organization_id)
        .group_by(Department.id, Department.name)
        .order_by(Department.name)
    ).all()
    return tuple(DepartmentChoice(department, name, people) for department, name, people in rows)


def _last_activity(read: Iterable[datetime], standings: Iterable[QuizStanding]) -> datetime | None:
    moments = [*read, *(standing.last_activity_at for standing in standings)]
    return max(moments, default=None)


def _count_active(organization_id: str, chosen: Select[str, str, str | None], since: datetime) -> int:
    """How many of the chosen people read a lesson or sat a quiz since a moment."""
    # Asked person by person: an index ends each question at its first row, however much somebody has read.
    has_read = (
        select(LessonProgress.id)
        .where(
            LessonProgress.organization_id == organization_id,
            LessonProgress.user_id == User.id,
            LessonProgress.completed_at >= since,
        )
        .exists()
    )
    has_sat = (
        select(Attempt.id)
        .where(Attempt.organization_id == organization_id, Attempt.user_id == User.id, Attempt.started_at >= since)
        .exists()
    )
    active = chosen.where(or_(has_read, has_sat))
    return db.session.scalar(select(func.count()).select_from(active.subquery())) or 0
