"""What a person's attempts at a quiz come to, kept with every grading."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from learning.courses.models import QuizRecord, StepKind
from learning.courses.standings import keep_standings
from learning.database import insert_once
from learning.quizzes.models import Attempt, Grading


def latest_grading() -> ColumnElement[bool]:
    """How an attempt is joined with the grading that counts."""
    later = aliased(Grading)
    return and_(
        Grading.organization_id == Attempt.organization_id,
        Grading.attempt_id == Attempt.id,
        ~select(later.id)
        .where(
            later.organization_id == Grading.organization_id,
            later.attempt_id == Grading.attempt_id,
            later.number > Grading.number,
        )
        .exists(),
    )


def of_latest_grading(figure: ColumnElement[Any] | InstrumentedAttribute[Any]) -> ColumnElement[Any]:
    """A figure of the grading that counts, looked up for each attempt.

    For some attempts of many: joined with gradings, SQLite begins with all of an organization's.
    """
    return (
        select(figure)
        .where(Grading.organization_id == Attempt.organization_id, Grading.attempt_id == Attempt.id)
        .order_by(Grading.number.desc())
        .limit(1)
        .correlate(Attempt)
        .scalar_subquery()
    )


#: What a grading came to, in thousandths.
SHARE = 1000.0 * Grading.points / func.nullif(Grading.maximum, 0)


def keep_record(session: Session, attempt: Attempt, now: datetime) -> None:
    """Add a person's attempts at a quiz up again. Call it after a grading was added."""
    session.flush()
    key = {"organization_id": attempt.organization_id, "user_id": attempt.user_id, "quiz_id": attempt.quiz_id}
    submitted_at = attempt.submitted_at or now
    insert_once(session, QuizRecord, **key, attempts=0, passes=0, best=0, total=0, last_submitted_at=submitted_at)
    # Locked before it is counted: of two gradings at once the second counts the first one too.
    record = session.scalars(select(QuizRecord).filter_by(**key).with_for_update()).one()
    passed_at = case((Grading.passed, Attempt.submitted_at))
    record.attempts, passes, best, total, record.first_passed_at, record.last_passed_at, last = session.execute(
        select(
            func.count(),
            func.count(passed_at),
            func.max(SHARE),
            func.sum(SHARE),
            func.min(passed_at),
            func.max(passed_at),
            func.max(Attempt.submitted_at),
        )
        .join(Grading, latest_grading())
        .where(
            Attempt.organization_id == attempt.organization_id,
            Attempt.user_id == attempt.user_id,
            Attempt.quiz_id == attempt.quiz_id,
        )
    ).one()
    record.passes = passes
    record.best = int(best or 0)
    record.total = float(total or 0)
    record.last_submitted_at = last or submitted_at
    session.flush()
    keep_standings(session, attempt.organization_id, attempt.user_id, StepKind.QUIZ, attempt.quiz_id)
