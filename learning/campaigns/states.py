"""The state machine of a wave: every move that is allowed stands in one table."""

from __future__ import annotations

from enum import StrEnum

from learning.campaigns.models import WaveState


class Move(StrEnum):
    """What can happen to a wave."""

    #: Everything is fixed: groups, k, instrument, promise, who is invited.
    DECLARE = "declare"
    #: An opening that was cut off begins again, with new ballots.
    BEGIN_AGAIN = "begin-again"
    #: The ballots refuse the plan: it can be changed again.
    GIVE_BACK = "give-back"
    OPEN = "open"
    REMIND = "remind"
    PRINT_CARDS = "print-cards"
    #: From now on no answer is taken; begins again after a crash.
    CLOSE = "close"
    FINISH = "finish"


#: (state before, move) -> state after. What is not here is refused.
MOVES: dict[tuple[WaveState, Move], WaveState] = {
    (WaveState.PLANNED, Move.DECLARE): WaveState.OPENING,
    (WaveState.OPENING, Move.BEGIN_AGAIN): WaveState.OPENING,
    (WaveState.OPENING, Move.GIVE_BACK): WaveState.PLANNED,
    (WaveState.OPENING, Move.OPEN): WaveState.OPEN,
    (WaveState.OPEN, Move.REMIND): WaveState.OPEN,
    (WaveState.OPEN, Move.PRINT_CARDS): WaveState.OPEN,
    (WaveState.OPEN, Move.CLOSE): WaveState.CLOSING,
    (WaveState.CLOSING, Move.CLOSE): WaveState.CLOSING,
    (WaveState.CLOSING, Move.FINISH): WaveState.CLOSED,
}


def allowed(state: WaveState, move: Move) -> bool:
    """Whether a wave in this state may make this move."""
    return (state, move) in MOVES
