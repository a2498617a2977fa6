"""What the attempts of one person say about single questions, and which keys that person may not see yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from learning.content.model import Catalogue
from learning.grading.marking import Verdict
from learning.quizzes.models import Attempt, AttemptState, Grading, QuizWindow
from learning.quizzes.windows import key_waits
from learning.web.identity import Member


@dataclass(frozen=True, slots=True)
class HandedIn:
    """An attempt as it counts now: question id -> how the answer was marked."""

    submitted_at: datetime
    verdicts: dict[str, Verdict]


def handed_in(session: Session, member: Member, most: int) -> list[HandedIn]:
    """The last attempts that a person handed in, at most so many, the oldest first. One query."""
    other = aliased(Grading)
    # Asked for each attempt by its key: grouping would go through those of the whole organization.
    latest = (
        select(func.max(other.number))
        .where(other.organization_id == member.organization_id, other.attempt_id == Attempt.id)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Attempt.submitted_at, Grading.details)
        .join(Grading, Grading.attempt_id == Attempt.id)
        .where(
            Attempt.organization_id == member.organization_id,
            Attempt.user_id == member.user_id,
            Attempt.state == AttemptState.SUBMITTED,
            Grading.organization_id == member.organization_id,
            Grading.number == latest,
        )
        .order_by(Attempt.submitted_at.desc(), Attempt.id)
        .limit(most)
    ).all()
    return [
        HandedIn(submitted_at, {question_id: Verdict(said["verdict"]) for question_id, said in details.items()})
        for submitted_at, details in reversed(rows)
        if submitted_at is not None
    ]


def secret_quizzes(session: Session, member: Member, catalogue: Catalogue, now: datetime) -> frozenset[str]:
    """Ids of quizzes whose key the person may not see now: an attempt is open, or the rules keep it back until the
    quiz closes. Two queries."""
    sat = session.scalars(
        select(Attempt.quiz_id).where(
            Attempt.organization_id == member.organization_id,
            Attempt.user_id == member.user_id,
            Attempt.state == AttemptState.OPEN,
        )
    )
    closing = session.execute(
        select(QuizWindow.quiz_id, QuizWindow.closes_at).where(QuizWindow.organization_id == member.organization_id)
    )
    closes_at = {row.quiz_id: row.closes_at for row in closing}
    waiting = {quiz.id for quiz in catalogue.quizzes.values() if key_waits(quiz.rules, closes_at.get(quiz.id), now)}
    return frozenset(sat) | waiting
