"""What every verb on an attempt needs: find it, lock it, note what happened, close it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from learning.errors import NotFound
from learning.grading.certainty import Certainty
from learning.grading.tries import Try
from learning.quizzes.errors import AttemptClosed
from learning.quizzes.gradings import add_grading, marks_of
from learning.quizzes.models import Answer, Attempt, AttemptEvent, AttemptState, CheckedAnswer
from learning.quizzes.papers import load_paper
from learning.quizzes.states import Move, allowed
from learning.web.identity import Member

_OWN = select(Attempt).where(
    Attempt.organization_id == bindparam("organization_id"),
    Attempt.user_id == bindparam("user_id"),
    Attempt.id == bindparam("attempt_id"),
)
_LOCKED = _OWN.with_for_update()


def own_attempt(session: Session, member: Member, attempt_id: str) -> Attempt:
    """The person's own attempt, to be read. Raises NotFound."""
    return _found(session, _OWN, member, attempt_id)


def lock_attempt(session: Session, member: Member, attempt_id: str) -> Attempt:
    """The person's own attempt, locked until the end of the transaction. Raises NotFound."""
    return _found(session, _LOCKED, member, attempt_id)


def _found(session: Session, statement: Any, member: Member, attempt_id: str) -> Attempt:
    mine = {"organization_id": member.organization_id, "user_id": member.user_id, "attempt_id": attempt_id}
    attempt: Attempt | None = session.scalars(statement, mine).first()
    if attempt is None:
        raise NotFound
    return attempt


def require(attempt: Attempt, move: Move) -> None:
    """Raises AttemptClosed unless the attempt may make this move."""
    if not allowed(attempt.state, move):
        raise AttemptClosed


def note(
    session: Session, attempt: Attempt, kind: str, now: datetime, details: Mapping[str, Any] | None = None
) -> None:
    """Add what happened to the story of an attempt."""
    session.add(
        AttemptEvent(
            organization_id=attempt.organization_id,
            attempt_id=attempt.id,
            kind=kind,
            at=now,
            details=dict(details or {}),
        )
    )


def close(session: Session, attempt: Attempt, move: Move, submitted_at: datetime, now: datetime) -> None:
    """Hand a locked attempt in by SUBMIT or EXPIRE, and mark what is stored. Once: whoever comes second does nothing."""
    session.flush()
    won = session.execute(
        update(Attempt)
        .where(
            Attempt.organization_id == attempt.organization_id,
            Attempt.id == attempt.id,
            Attempt.state == AttemptState.OPEN,
        )
        .values(state=AttemptState.SUBMITTED, submitted_at=submitted_at)
        .execution_options(synchronize_session="fetch")
    )
    if won.rowcount == 1:  # type: ignore[attr-defined]
        note(session, attempt, move.value, now)
        paper = load_paper(session, attempt.paper_hash)
        marks = marks_of(paper, tries_of(session, attempt))
        reason = "submitted" if move is Move.SUBMIT else "time is up"
        add_grading(session, attempt, marks, paper.pass_mark, now, reason=reason)


#: Question id -> every try at it: those that were checked, then what is stored if it differs.
Tries = dict[str, list[Try]]


def tries_of(session: Session, attempt: Attempt) -> Tries:
    """The tries of one attempt. Two queries."""
    return tries_of_many(session, attempt.organization_id, [attempt.id]).get(attempt.id, {})


def tries_of_many(session: Session, organization_id: str, attempt_ids: Collection[str]) -> dict[str, Tries]:
    """Attempt id -> its tries. Two queries. An answer that was taken back does not undo a try that was checked."""
    found: dict[str, Tries] = defaultdict(lambda: defaultdict(list))
    checked = select(CheckedAnswer).where(
        CheckedAnswer.organization_id == organization_id, CheckedAnswer.attempt_id.in_(attempt_ids)
    )
    stored = select(Answer).where(Answer.organization_id == organization_id, Answer.attempt_id.in_(attempt_ids))
    for row in session.scalars(checked.order_by(CheckedAnswer.number)):
        found[row.attempt_id][row.question_id].append(as_try(row))
    for answer in session.scalars(stored):
        tries, last = found[answer.attempt_id][answer.question_id], as_try(answer)
        if any(last.value) and last not in tries[-1:]:
            tries.append(last)
    return {attempt_id: dict(tries) for attempt_id, tries in found.items()}


def as_try(stored: Answer | CheckedAnswer) -> Try:
    """A stored answer as marking takes it."""
    return Try(tuple(stored.value), Certainty(stored.certainty) if stored.certainty else None)
