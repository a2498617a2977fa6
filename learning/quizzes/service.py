"""The verbs of a whole attempt: start it, take it over, hand it in, close it when its time is up.

Each is one transaction that first locks the attempt.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import SystemRandom

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from learning.content.model import Quiz
from learning.database import unit_of_work
from learning.extensions import db
from learning.quizzes.answering import Given, close_overdue, store_page
from learning.quizzes.attempts import close, lock_attempt, note, require
from learning.quizzes.errors import NoAttemptsLeft, PauseNotOver, TimeIsUp
from learning.quizzes.grants import granted_numbers
from learning.quizzes.models import Attempt, AttemptState
from learning.quizzes.papers import draw_paper
from learning.quizzes.states import GRACE, Move, overdue
from learning.quizzes.windows import require_open, window_of
from learning.web.bases import Base
from learning.web.identity import Member

#: So many overdue attempts are closed in one round of the sweep.
SWEPT_AT_ONCE = 500


def start_attempt(member: Member, quiz: Quiz, now: datetime) -> str:
    """Start an attempt and return its id; the open one if there is one.

    Raises NoAttemptsLeft, PauseNotOver, QuizNotOpen or QuizClosed. A race of two starts is decided by the partial unique index: both get the
    same attempt.
    """
    try:
        with unit_of_work() as session:
            return _open_attempt(session, member, quiz.id, now) or _begin(session, member, quiz, now)
    except IntegrityError:
        with unit_of_work() as session:
            open_one = _open_attempt(session, member, quiz.id, now)
        if open_one is None:
            raise
        return open_one


def _open_attempt(session: Session, member: Member, quiz_id: str, now: datetime) -> str | None:
    """The id of the open attempt; one whose time is up is handed in instead."""
    attempt = session.scalars(
        select(Attempt)
        .where(
            Attempt.organization_id == member.organization_id,
            Attempt.user_id == member.user_id,
            Attempt.quiz_id == quiz_id,
            Attempt.state == AttemptState.OPEN,
        )
        .with_for_update()
    ).first()
    if attempt is not None and overdue(attempt, now):
        close_overdue(session, attempt, now)
        return None
    return attempt.id if attempt else None


def _begin(session: Session, member: Member, quiz: Quiz, now: datetime) -> str:
    used, last = session.execute(
        select(func.max(Attempt.number), func.max(Attempt.submitted_at)).where(
            Attempt.organization_id == member.organization_id,
            Attempt.user_id == member.user_id,
            Attempt.quiz_id == quiz.id,
        )
    ).one()
    number = (used or 0) + 1
    if quiz.attempts and number > quiz.attempts and number not in granted_numbers(session, member, quiz.id):
        raise NoAttemptsLeft(quiz.attempts)
    # A clock that was set back makes no pause where the rules ask for none.
    if quiz.rules.pause and last is not None and now < last + timedelta(minutes=quiz.rules.pause):
        raise PauseNotOver(last + timedelta(minutes=quiz.rules.pause))
    window = window_of(session, member.organization_id, quiz.id)
    require_open(window, now)
    ends = [window.closes_at, now + timedelta(minutes=quiz.rules.time_limit) if quiz.rules.time_limit else None]
    attempt = Attempt(
        organization_id=member.organization_id,
        user_id=member.user_id,
        quiz_id=quiz.id,
        number=number,
        paper_hash=draw_paper(session, quiz, SystemRandom()),
        state=AttemptState.OPEN,
        started_at=now,
        deadline_at=min((end for end in ends if end is not None), default=None),
    )
    session.add(attempt)
    session.flush()
    note(session, attempt, Move.START.value, now)
    return attempt.id


def take_lease(member: Member, attempt_id: str, lease: str, now: datetime) -> None:
    """Let one page save by scripts from now on; the one before becomes read-only. Raises NotFound, AttemptClosed."""
    with unit_of_work() as session:
        attempt = lock_attempt(session, member, attempt_id)
        require(attempt, Move.SAVE)
        if attempt.lease != lease:
            if attempt.lease is not None:
                note(session, attempt, "lease", now)
            attempt.lease = lease


def submit(
    member: Member,
    attempt_id: str,
    answers: Mapping[str, Given],
    arrived: datetime,
    bases: Mapping[str, Base] | None = None,
) -> None:
    """Save what the page holds, hand the attempt in and mark it, in one transaction.

    Handing in twice gives the same result: the first one counts, and its answers stay. Raises NotFound, UnfitAnswer,
    QuestionClosed or StalePage, and then the attempt stays open and nothing is saved; or TimeIsUp, and then it was
    handed in as it stood at its deadline.
    """
    with unit_of_work() as session:
        attempt = lock_attempt(session, member, attempt_id)
        if attempt.state is AttemptState.SUBMITTED:
            return
        in_time = store_page(session, attempt, answers, arrived, bases or {})
        if in_time:
            close(session, attempt, Move.SUBMIT, arrived, arrived)
    if not in_time:
        raise TimeIsUp


def close_if_overdue(member: Member, attempt_id: str, now: datetime) -> bool:
    """Hand in a person's attempt if its time is up; tell whether it was. Raises NotFound."""
    with unit_of_work() as session:
        attempt = lock_attempt(session, member, attempt_id)
        if not overdue(attempt, now):
            return False
        close_overdue(session, attempt, now)
        return True


def sweep_overdue(now: datetime) -> int:
    """Hand in attempts whose time is up, each in a transaction of its own; return how many. Safe to run anywhere."""
    due = db.session.execute(
        select(Attempt.id, Attempt.organization_id, Attempt.user_id)
        .where(Attempt.state == AttemptState.OPEN, Attempt.deadline_at < now - GRACE)
        .order_by(Attempt.deadline_at)
        .limit(SWEPT_AT_ONCE)
    ).all()
    return sum(close_if_overdue(Member(user, organization), each, now) for each, organization, user in due)
