"""How far people are in courses, kept by the database so that lists of thousands need not count their steps again.

``CourseStep`` mirrors the live courses. Whatever does or undoes a step calls ``keep_standings`` in its transaction, and
only the database counts: so it does not matter which version of the content a worker holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Select, case, delete, func, insert, select, text, union_all
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from learning.accounts.models import Membership
from learning.content.model import Catalogue
from learning.courses.completion import steps_of
from learning.courses.models import CourseStanding, CourseStep, LessonProgress, PracticeRecord, QuizRecord, StepKind
from learning.database import unit_of_work
from learning.extensions import db

#: Milliseconds that PostgreSQL may take to count all people of a course again.
_LONGEST_COUNT = 60_000


def keep_standings(session: Session, organization_id: str, user_id: str, kind: StepKind, step_id: str) -> None:
    """Count again where a person stands in the courses that have this step. Call it after the step is written."""
    # The share keeps the steps as they are until this is committed; whoever mirrors new ones waits.
    courses = list(
        session.scalars(
            select(CourseStep.course_id)
            .where(CourseStep.kind == kind, CourseStep.step_id == step_id)
            .order_by(CourseStep.course_id)
            .with_for_update(read=True)
        )
    )
    if not courses:
        return
    # Of two steps at once the second counts the first one too.
    session.execute(
        select(Membership.id)
        .where(Membership.organization_id == organization_id, Membership.user_id == user_id)
        .with_for_update(key_share=True)
    )
    mine = CourseStanding.organization_id == organization_id, CourseStanding.user_id == user_id
    kept = session.scalars(select(CourseStanding.course_id).where(*mine, CourseStanding.course_id.in_(courses))).all()
    rows = session.execute(_counted(courses, organization_id, user_id)).mappings().all()
    insert_ = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    for row in rows:
        values = dict(row)
        counted = {name: values[name] for name in ("done", "first_at", "last_at", "finished_at")}
        session.execute(
            insert_(CourseStanding)
            .values(**values)
            .on_conflict_do_update(index_elements=["organization_id", "course_id", "user_id"], set_=counted)
        )
    if gone := set(kept) - {row["course_id"] for row in rows}:
        session.execute(delete(CourseStanding).where(*mine, CourseStanding.course_id.in_(gone)))


def _counted(
    courses: list[str], organization_id: str | None = None, user_id: str | None = None
) -> Select[str, str, str, int, datetime, datetime, datetime | None]:
    """Standings counted from lessons read, quizzes passed and practice confirmed; of all people unless one is named."""
    read = (
        select(
            LessonProgress.organization_id,
            LessonProgress.user_id,
            CourseStep.course_id,
            LessonProgress.completed_at.label("done_at"),
        )
        .join(CourseStep, (CourseStep.kind == StepKind.LESSON) & (CourseStep.step_id == LessonProgress.lesson_id))
        .where(CourseStep.course_id.in_(courses))
    )
    passed = (
        select(
            QuizRecord.organization_id,
            QuizRecord.user_id,
            CourseStep.course_id,
            QuizRecord.first_passed_at.label("done_at"),
        )
        .join(CourseStep, (CourseStep.kind == StepKind.QUIZ) & (CourseStep.step_id == QuizRecord.quiz_id))
        .where(CourseStep.course_id.in_(courses), QuizRecord.first_passed_at.is_not(None))
    )
    confirmed = (
        select(
            PracticeRecord.organization_id,
            PracticeRecord.user_id,
            CourseStep.course_id,
            PracticeRecord.confirmed_at.label("done_at"),
        )
        .join(CourseStep, (CourseStep.kind == StepKind.PRACTICE) & (CourseStep.step_id == PracticeRecord.task_id))
        .where(CourseStep.course_id.in_(courses))
    )
    if user_id is not None:
        read = read.where(LessonProgress.organization_id == organization_id, LessonProgress.user_id == user_id)
        passed = passed.where(QuizRecord.organization_id == organization_id, QuizRecord.user_id == user_id)
        confirmed = confirmed.where(
            PracticeRecord.organization_id == organization_id, PracticeRecord.user_id == user_id
        )
    steps = (
        select(CourseStep.course_id, func.count().label("steps"))
        .where(CourseStep.course_id.in_(courses))
        .group_by(CourseStep.course_id)
        .subquery()
    )
    done = union_all(read, passed, confirmed).subquery()
    return (
        select(
            done.c.organization_id,
            done.c.user_id,
            done.c.course_id,
            func.count().label("done"),
            func.min(done.c.done_at).label("first_at"),
            func.max(done.c.done_at).label("last_at"),
            case((func.count() == func.max(steps.c.steps), func.max(done.c.done_at))).label("finished_at"),
        )
        .join(steps, steps.c.course_id == done.c.course_id)
        .group_by(done.c.organization_id, done.c.user_id, done.c.course_id)
    )


def mirror_courses(catalogue: Catalogue) -> tuple[str, ...]:
    """Bring the steps up to date with the live courses, and count everybody again where they changed.

    Each course is a transaction of its own; where nothing changed nothing is written. Returns the courses that changed.
    """
    stored = _stored_steps()
    live = {
        course.id: {(step.kind, step.id) for step in steps}
        for course in catalogue.courses.values()
        if (steps := steps_of(course))
    }
    changed = [course for course in {**stored, **live} if stored.get(course) != live.get(course)]
    for course_id in changed:
        _mirror(course_id, live.get(course_id, set()))
    return tuple(changed)


def _stored_steps() -> Mapping[str, set[tuple[StepKind, str]]]:
    found: dict[str, set[tuple[StepKind, str]]] = {}
    for course_id, kind, step_id in db.session.execute(
        select(CourseStep.course_id, CourseStep.kind, CourseStep.step_id)
    ):
        found.setdefault(course_id, set()).add((kind, step_id))
    return found


def _mirror(course_id: str, steps: set[tuple[StepKind, str]]) -> None:
    with unit_of_work() as session:
        if session.get_bind().dialect.name == "postgresql":
            # Whoever is doing a step finishes first, and is counted.
            session.execute(text("LOCK TABLE course_step IN EXCLUSIVE MODE"))
            session.execute(text(f"SET LOCAL statement_timeout = {_LONGEST_COUNT}"))
        session.execute(delete(CourseStep).where(CourseStep.course_id == course_id))
        session.execute(delete(CourseStanding).where(CourseStanding.course_id == course_id))
        if not steps:
            return
        rows = [{"course_id": course_id, "kind": kind, "step_id": step_id} for kind, step_id in steps]
        session.execute(insert(CourseStep), rows)
        names = ["organization_id", "user_id", "course_id", "done", "first_at", "last_at", "finished_at"]
        session.execute(insert(CourseStanding).from_select(names, _counted([course_id])))
