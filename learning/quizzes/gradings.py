"""Marking a whole attempt. A grading is added and never changed; the latest counts."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learning.grading.marking import RULE_VERSION, Mark, mark
from learning.grading.responses import parse_response
from learning.grading.scoring import score_quiz
from learning.quizzes.models import Answer, Attempt, Grading
from learning.quizzes.papers import FrozenPaper

#: Points are stored in millionths: thirds and halves add up to the same whole on every machine.
MILLION = 1_000_000


def millionths(points: Fraction) -> int:
    """Points as a whole number of millionths, rounded down so that a rounding never passes anybody."""
    return int(points * MILLION)


def marks_of(paper: FrozenPaper, answers: dict[str, list[str]]) -> dict[str, Mark]:
    """The mark of every question of a paper: question id -> mark."""
    return {
        entry.question.id: mark(entry.question, parse_response(entry.question, answers.get(entry.question.id, [])))
        for entry in paper.questions
    }


def grade(
    session: Session,
    attempt: Attempt,
    paper: FrozenPaper,
    now: datetime,
    *,
    created_by: str | None = None,
    reason: str = "submitted",
) -> None:
    """Add a grading of the stored answers, within a unit of work."""
    answers = {
        row.question_id: row.value
        for row in session.scalars(
            select(Answer).where(Answer.organization_id == attempt.organization_id, Answer.attempt_id == attempt.id)
        )
    }
    marks = marks_of(paper, answers)
    score = score_quiz(list(marks.values()), paper.pass_mark)
    before = session.scalar(
        select(func.max(Grading.number)).where(
            Grading.organization_id == attempt.organization_id, Grading.attempt_id == attempt.id
        )
    )
    session.add(
        Grading(
            organization_id=attempt.organization_id,
            attempt_id=attempt.id,
            number=(before or 0) + 1,
            rule_version=RULE_VERSION,
            points=millionths(score.points),
            maximum=score.maximum * MILLION,
            passed=score.passed,
            details={
                question_id: {
                    "points": millionths(each.points),
                    "maximum": each.maximum * MILLION,
                    "verdict": each.verdict.value,
                }
                for question_id, each in marks.items()
            },
            created_by=created_by,
            reason=reason,
            created_at=now,
        )
    )
