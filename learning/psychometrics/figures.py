"""How single figures are told: never more exactly than may be.

* ``Score``: points of 100, told in steps, as one of five levels, or as "above 92";
* ``Between``: a share, a spread or a coefficient, told as the stretch it lies in;
* ``Count``: people, told as a band.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Form(StrEnum):
    """How a score is told."""

    #: A number: ``value`` is right to half a ``step``.
    POINTS = "points"
    #: Fewer than ten answers: only which of five levels, from ``value`` up to ``value + 20``.
    LEVEL = "level"
    #: So near the upper end that the number would tell too much: "above ``value``".
    ABOVE = "above"
    #: The same at the lower end: "below ``value``".
    BELOW = "below"


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % interval, rounded outwards."""

    low: float
    high: float

    @property
    def holds_zero(self) -> bool:
        """Whether what it is about could be chance, if it is about a difference."""
        return self.low <= 0 <= self.high


@dataclass(frozen=True, slots=True)
class Score:
    """A mean in points of 100. Print ``value`` as it is: whole, or with one decimal."""

    form: Form
    value: float
    #: 0.1 to 20 points: the true mean lies within half a step. Values are multiples of it, or half a step beside.
    step: float
    #: 95 % interval of the mean; only of ``POINTS``. Draw it in the chart; say "between … and …".
    interval: Interval | None = None

    @property
    def low(self) -> float:
        """Least value that this can stand for: where a bar or a mark may begin."""
        match self.form:
            case Form.POINTS:
                return max(0.0, self.value - self.step / 2)
            case Form.LEVEL | Form.ABOVE:
                return self.value
            case Form.BELOW:
                return 0.0

    @property
    def high(self) -> float:
        """Greatest value that this can stand for."""
        match self.form:
            case Form.POINTS:
                return min(100.0, self.value + self.step / 2)
            case Form.LEVEL:
                return self.value + self.step
            case Form.ABOVE:
                return 100.0
            case Form.BELOW:
                return self.value

    @property
    def middle(self) -> float:
        """Where to draw it: the value itself, or the middle of its stretch."""
        return self.value if self.form is Form.POINTS else (self.low + self.high) / 2


@dataclass(frozen=True, slots=True)
class Between:
    """A figure told as a stretch: it lies from ``low`` to ``high``.

    Shares stand as 0 to 1. Say "under 5 %" where ``low`` is 0, "over 95 %" where ``high`` is 1: nobody and everybody
    are never told, so do not write "0 %" or "all".
    """

    low: float
    high: float

    @property
    def middle(self) -> float:
        """Where to draw it."""
        return (self.low + self.high) / 2


@dataclass(frozen=True, slots=True)
class Count:
    """A number of people as a band: "20 to 49". ``high`` None: "``low`` and more"; ``low`` 0: "fewer than high + 1"."""

    low: int
    high: int | None


class Withheld(StrEnum):
    """Why something is not told. Each needs a sentence on the page."""

    #: Fewer than k answers; for spreads and single items fewer than 10.
    TOO_FEW = "too-few"
    #: It would let a smaller group be worked out by subtraction, or tell what each of its people said: not said which.
    PROTECTS_ANOTHER = "protects-another"
    #: Its people answer so much alike, or so near an end of the scale, that the mean would tell what each one said.
    #: For the audit alone: a report gives the reason above.
    TOO_ALIKE = "too-alike"
    #: In every rounding one person's answer could be seen by all others together.
    TOO_CLEAR = "too-clear"
