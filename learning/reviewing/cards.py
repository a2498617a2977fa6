"""The cards of one person, brought up to date with the attempts handed in since."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from fsrs.card import CardDict
from sqlalchemy import select
from sqlalchemy.orm import Session

from learning.grading.marking import Verdict
from learning.quizzes.history import HandedIn, handed_in
from learning.reviewing.models import ReviewCard, ReviewSetting
from learning.reviewing.scheduling import Schedule, after_answer
from learning.web.identity import Member

#: So many attempts are looked at; older ones tell little of what is known now.
MOST_ATTEMPTS = 50


@dataclass(frozen=True, slots=True)
class KnownQuestion:
    """A question that a person has answered in an attempt, and its schedule."""

    question_id: str
    schedule: Schedule
    reviewed_at: datetime | None
    #: Whether it is stored exactly so.
    stored: bool

    def answered(self, verdict: Verdict, now: datetime) -> KnownQuestion:
        """The same after an answer in the review."""
        return replace(self, schedule=after_answer(self.schedule, verdict, now), reviewed_at=now, stored=False)


def is_on(session: Session, member: Member) -> bool:
    """Whether the person wants the review; whoever has said nothing does. One query."""
    said = session.scalars(
        select(ReviewSetting.is_on).where(
            ReviewSetting.organization_id == member.organization_id, ReviewSetting.user_id == member.user_id
        )
    ).first()
    return said is not False


def known_questions(session: Session, member: Member) -> dict[str, KnownQuestion]:
    """Question id -> what is stored, brought up to date with attempts. Reads only. Two queries."""
    rows = session.scalars(
        select(ReviewCard).where(
            ReviewCard.organization_id == member.organization_id, ReviewCard.user_id == member.user_id
        )
    )
    stored = {
        row.question_id: KnownQuestion(
            row.question_id,
            Schedule(cast(CardDict, row.state), row.due_at, row.answered_at),
            row.reviewed_at,
            stored=True,
        )
        for row in rows
    }
    return brought_up_to_date(stored, handed_in(session, member, MOST_ATTEMPTS))


def brought_up_to_date(stored: dict[str, KnownQuestion], attempts: list[HandedIn]) -> dict[str, KnownQuestion]:
    """``stored`` with the last answer of each question in ``attempts``, where that is newer."""
    known = dict(stored)
    last = {question_id: attempt for attempt in attempts for question_id in attempt.verdicts}
    for question_id, attempt in last.items():
        before = known.get(question_id)
        if before is not None and attempt.submitted_at <= before.schedule.answered_at:
            continue
        known[question_id] = KnownQuestion(
            question_id,
            after_answer(before.schedule if before else None, attempt.verdicts[question_id], attempt.submitted_at),
            before.reviewed_at if before else None,
            stored=False,
        )
    return known
