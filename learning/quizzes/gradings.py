"""Marking a whole attempt. A grading is added and never changed; the latest counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from math import floor

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learning.grading.marking import RULE_VERSION, Mark
from learning.grading.scoring import score_quiz
from learning.grading.tries import Try, mark_tries
from learning.quizzes.models import Attempt, Grading
from learning.quizzes.papers import FrozenPaper
from learning.quizzes.records import keep_record

#: Points are stored in millionths: thirds and halves add up to the same whole on every machine.
MILLION = 1_000_000


def millionths(points: Fraction) -> int:
    """Points as a whole number of millionths, rounded down so that a rounding never passes anybody."""
    return floor(points * MILLION)


def percent(points: int, maximum: int) -> float:
    """Per cent rounded down to a tenth, so that what is shown never reaches a mark that was missed."""
    return (1000 * points // maximum) / 10 if maximum else 0.0


def marks_of(paper: FrozenPaper, tries: Mapping[str, Sequence[Try]]) -> dict[str, Mark]:
    """The mark of every question of a paper: question id -> mark. ``tries``: question id -> answers as given."""
    return {
        entry.question.id: mark_tries(entry.question, tries.get(entry.question.id, ()), paper.rules)
        for entry in paper.questions
    }


def versions_of(grading: Grading) -> dict[str, str]:
    """Question id -> hash of the version by which it was marked, where that is not the paper's."""
    return {question_id: said["version"] for question_id, said in grading.details.items() if "version" in said}


def add_grading(
    session: Session,
    attempt: Attempt,
    marks: Mapping[str, Mark],
    pass_mark: int,
    now: datetime,
    *,
    created_by: str | None = None,
    reason: str = "submitted",
    versions: Mapping[str, str] | None = None,
) -> None:
    """Add a grading within a unit of work; the ones before it stay.

    ``versions``: question id -> hash of the version by which it was marked, where that is not the paper's.
    """
    score = score_quiz(list(marks.values()), pass_mark)
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
                    **({"version": versions[question_id]} if versions else {}),
                }
                for question_id, each in marks.items()
            },
            created_by=created_by,
            reason=reason,
            created_at=now,
        )
    )
    keep_record(session, attempt, now)
