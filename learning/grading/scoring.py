"""From marks to the score of a quiz."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor

from learning.grading.marking import Mark


@dataclass(frozen=True, slots=True)
class QuizScore:
    """Points of a quiz and whether they pass."""

    points: Fraction
    maximum: int
    passed: bool

    @property
    def percent(self) -> Fraction:
        """Exact per cent, 0 to 100; 0 for a quiz without points."""
        return 100 * self.points / self.maximum if self.maximum else Fraction(0)

    @property
    def shown_percent(self) -> Decimal:
        """Per cent to one decimal, always rounded down: 59.99 is shown as 59.9 and never as a pass at 60."""
        return Decimal(floor(10 * self.percent)).scaleb(-1)


def score_quiz(marks: Sequence[Mark], pass_mark: int) -> QuizScore:
    """Add the marks. ``pass_mark`` is per cent, 0 to 100; the exact score is compared: 59.9 does not pass at 60.

    A quiz without points is not passed, whatever its pass mark. What certainty lost never makes the whole negative.
    """
    points = max(Fraction(0), sum((mark.points for mark in marks), Fraction(0)))
    maximum = sum(mark.maximum for mark in marks)
    return QuizScore(points, maximum, passed=maximum > 0 and 100 * points >= pass_mark * maximum)
