"""The state machine of an attempt: every move that is allowed stands in one table."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from learning.quizzes.models import Attempt, AttemptState

#: What arrives so much after the deadline still counts: a slow network is nobody's fault.
GRACE = timedelta(seconds=10)


class Move(StrEnum):
    """What can happen to an attempt."""

    START = "start"
    SAVE = "save"
    CHECK = "check"
    SUBMIT = "submit"
    #: Handed in as it stood, because its time was up.
    EXPIRE = "expire"
    GRADE = "grade"


#: (state before, move) -> state after. What is not here is refused.
MOVES: dict[tuple[AttemptState | None, Move], AttemptState] = {
    (None, Move.START): AttemptState.OPEN,
    (AttemptState.OPEN, Move.SAVE): AttemptState.OPEN,
    (AttemptState.OPEN, Move.CHECK): AttemptState.OPEN,
    (AttemptState.OPEN, Move.SUBMIT): AttemptState.SUBMITTED,
    (AttemptState.OPEN, Move.EXPIRE): AttemptState.SUBMITTED,
    (AttemptState.SUBMITTED, Move.GRADE): AttemptState.SUBMITTED,
}


def allowed(state: AttemptState | None, move: Move) -> bool:
    """Whether an attempt in this state may make this move."""
    return (state, move) in MOVES


def overdue(attempt: Attempt, arrived: datetime) -> bool:
    """Whether an open attempt takes nothing more that arrives at this moment."""
    return (
        attempt.state is AttemptState.OPEN and attempt.deadline_at is not None and arrived > attempt.deadline_at + GRACE
    )
