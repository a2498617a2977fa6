"""Marks by certainty, after Gardner-Medwin (1995), "Confidence assessment in the teaching of basic science".

Who is right gains 1, 2 or 3 times the points by how sure they said they were; who is wrong loses 0, 2 or 6 times.
Honest answers gain most: guessing pays below a chance of 2/3 of being right, "sure" above 4/5.
"""

from __future__ import annotations

from enum import IntEnum
from fractions import Fraction


class Certainty(IntEnum):
    """How sure a person says they are."""

    GUESS = 1
    FAIRLY = 2
    SURE = 3


#: Certainty -> multiples of a question's points for right and for wrong.
MULTIPLES = {Certainty.GUESS: (1, 0), Certainty.FAIRLY: (2, -2), Certainty.SURE: (3, -6)}
#: The most that a question can bring, as a multiple of its points.
HIGHEST = 3


def certain_points(share: Fraction, points: int, certainty: Certainty | None) -> Fraction:
    """Points for an answer that is right to a share of 0 to 1; between -6 and 3 times ``points``.

    An answer that is partly right lies between right and wrong in proportion. Who did not say counts as guessing.
    """
    right, wrong = MULTIPLES[certainty or Certainty.GUESS]
    return points * (share * right + (1 - share) * wrong)
