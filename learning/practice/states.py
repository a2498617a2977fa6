"""The state machine of what is handed in: every move that is allowed stands in one table."""

from __future__ import annotations

from enum import StrEnum

from learning.practice.models import PracticeState


class Move(StrEnum):
    """What can happen to it."""

    #: By its owner: for the first time, changed, or again after it was returned.
    HAND_IN = "hand-in"
    TAKE_BACK = "take-back"
    #: By another person.
    CONFIRM = "confirm"
    RETURN = "return"


_HANDED_IN, _RETURNED = PracticeState.HANDED_IN, PracticeState.RETURNED

#: (state before, move) -> state after; None: there is nothing (any more). What is not here is refused.
MOVES: dict[tuple[PracticeState | None, Move], PracticeState | None] = {
    (None, Move.HAND_IN): _HANDED_IN,
    (_HANDED_IN, Move.HAND_IN): _HANDED_IN,
    (_RETURNED, Move.HAND_IN): _HANDED_IN,
    (_HANDED_IN, Move.TAKE_BACK): None,
    (_RETURNED, Move.TAKE_BACK): None,
    (_HANDED_IN, Move.CONFIRM): PracticeState.CONFIRMED,
    (_HANDED_IN, Move.RETURN): _RETURNED,
}


def allowed(state: PracticeState | None, move: Move) -> bool:
    """Whether what stands so may make this move."""
    return (state, move) in MOVES
