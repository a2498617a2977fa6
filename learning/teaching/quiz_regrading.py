"""Marking a quiz again, as a trainer sees it: who would change by how much, and what was done before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from learning.accounts.models import User
from learning.content.model import Quiz
from learning.extensions import db
from learning.quizzes.models import Attempt, Grading
from learning.quizzes.regrading import Change, preview_regrade

#: Changes that are listed; of more only the number is told.
MOST_LISTED = 200
#: Earlier markings that are listed, the newest.
MOST_PAST = 20


@dataclass(frozen=True, slots=True)
class NamedChange:
    """How one attempt would change."""

    name: str
    change: Change


@dataclass(frozen=True, slots=True)
class UnfitQuestion:
    """A question of which older answers keep their marks."""

    #: Its place in the quiz, from 1.
    number: int
    title: str


@dataclass(frozen=True, slots=True)
class PastRegrading:
    """The quiz was marked again once."""

    at: datetime
    #: None: by the operator of the site, or by somebody whose account is deleted.
    by: str | None
    reason: str
    #: Attempts that changed.
    attempts: int


@dataclass(frozen=True, slots=True)
class RegradePage:
    """What marking again would do, and what it did."""

    quiz: Quiz
    #: Attempts that were handed in.
    attempts: int
    #: Attempts that would change.
    changing: int
    now_passed: int
    now_failed: int
    #: Those where pass or fail changes first, then by name.
    changes: tuple[NamedChange, ...]
    unfit: tuple[UnfitQuestion, ...]
    past: tuple[PastRegrading, ...]


def regrade_page(organization_id: str, quiz: Quiz) -> RegradePage:
    """The preview with names. Changes nothing."""
    preview = preview_regrade(organization_id, quiz)
    return RegradePage(
        quiz=quiz,
        attempts=preview.attempts,
        changing=len(preview.changes),
        now_passed=preview.now_passed,
        now_failed=preview.now_failed,
        changes=_named(organization_id, quiz.id, preview.changes),
        unfit=tuple(
            UnfitQuestion(number, question.title)
            for number, question in enumerate(quiz.questions, start=1)
            if question.id in preview.unfit
        ),
        past=_past(organization_id, quiz.id),
    )


def _named(organization_id: str, quiz_id: str, changes: Iterable[Change]) -> tuple[NamedChange, ...]:
    sat = select(Attempt.user_id).where(Attempt.organization_id == organization_id, Attempt.quiz_id == quiz_id)
    names: dict[str, str] = dict(db.session.execute(select(User.id, User.name).where(User.id.in_(sat))).all())
    named = (NamedChange(names[change.user_id], change) for change in changes)
    return tuple(
        sorted(
            named,
            key=lambda each: (
                each.change.passed_before == each.change.passed_after,
                each.name,
                each.change.user_id,
                each.change.number,
            ),
        )[:MOST_LISTED]
    )


def _past(organization_id: str, quiz_id: str) -> tuple[PastRegrading, ...]:
    """All gradings of one marking carry the same moment, person and reason."""
    rows = db.session.execute(
        select(Grading.created_at, User.name, Grading.reason, func.count())
        .join(Attempt, (Attempt.organization_id == Grading.organization_id) & (Attempt.id == Grading.attempt_id))
        .outerjoin(User, User.id == Grading.created_by)
        .where(Grading.organization_id == organization_id, Attempt.quiz_id == quiz_id, Grading.number > 1)
        .group_by(Grading.created_at, Grading.created_by, User.name, Grading.reason)
        .order_by(Grading.created_at.desc(), Grading.reason)
        .limit(MOST_PAST)
    )
    return tuple(PastRegrading(*row) for row in rows)
