"""The state machine of an attempt: every move that is allowed stands in one table."""

from __future__ import annotations

from enum import StrEnum

from learning.quizzes.models import AttemptState


class Move(StrEnum):
    """What can happen to an attempt."""

    START = "start"
    SAVE = "save"
    SUBMIT = "submit"
    GRADE = "grade"


#: (state before, move) -> state after. What is not here is refused.
MOVES: dict[tuple[AttemptState | None, Move], AttemptState] = {
    (None, Move.START): AttemptState.OPEN,
    (AttemptState.OPEN, Move.SAVE): AttemptState.OPEN,
    (AttemptState.OPEN, Move.SUBMIT): AttemptState.SUBMITTED,
    (AttemptState.SUBMITTED, Move.GRADE): AttemptState.SUBMITTED,
}


def allowed(state: AttemptState | None, move: Move) -> bool:
    """Whether an attempt in this state may make this move."""
    return (state, move) in MOVES
