"""In which rounding a figure is told: the finest in which no single person's answer can be seen.

Means are told as one of five levels below 10 people, in steps of 0.5 or more below 20 and of 0.1 or more above, and
never so finely that the sum over all people would be known to less than 40 points. Beyond that, all but one of the
people may tell each other what they answered and subtract. So for every figure we work out its *reach*: the least and
the greatest value that it would have if any one person had answered any one item by one or two steps differently. It is
told in the first rounding of a ladder in which its whole reach looks the same; then at least three of the five answers
of the last person remain possible. Where there is none it is withheld. No rule without added noise can promise this
against somebody who also retraces the choice of the rounding; see the test of collusion.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from learning.psychometrics.disclosure import PROTECTION
from learning.psychometrics.figures import Between, Count, Form, Interval, Score
from learning.psychometrics.wave_table import LEAST_K

#: Fewest people of whom a mean is told as a number, and of whom a distribution is told.
FEWEST_FOR_NUMBERS = 10
#: Fewest people of whom a mean is told in steps finer than a half.
FEWEST_FOR_TENTHS = 20
#: Steps of a mean, in points, and where the first one stands: at 0, or half a step beside where the figure would lie
#: on the edge between two.
STEPS = (
    *((0.1, 0.0), (0.2, 0.0), (0.2, 0.1), (0.5, 0.0), (1.0, 0.0), (1.0, 0.5), (2.0, 0.0), (2.0, 1.0)),
    *((5.0, 0.0), (5.0, 2.5), (10.0, 0.0), (10.0, 5.0)),
)
#: A level is a fifth of the scale.
LEVEL = 20.0
#: Widths in which a share is told.
SHARES = (0.05, 0.1, 0.2, 0.25, 0.5)
#: Widths in which coefficients between 0 and 1 are told.
COEFFICIENTS = (0.02, 0.05, 0.1, 0.2, 0.5)
#: Widths in which a standard deviation is told, in points.
SPREADS = (1.0, 2.0, 5.0, 10.0, 20.0)
#: Lower ends of the bands in which people are counted.
_COUNTS = (0, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000)
#: From how many invited on, in how many steps the share that answered is told, and how much the last one leaves open.
_RATES = ((200, 100, 0.05), (50, 20, 0.1), (0, 5, 0.2))
#: What arithmetic leaves of nothing.
_TINY = 1e-9


@dataclass(frozen=True, slots=True)
class Reach:
    """A figure, and how far one person's answer could move it."""

    value: float
    low: float
    high: float

    @classmethod
    def over(cls, value: float, others: Iterable[float]) -> Reach:
        """A figure and the values that it would have if somebody had answered differently."""
        every = [value, *others]
        return cls(value, min(every), max(every))


def count_band(people: int, invited: int) -> Count:
    """The band that a number of the people invited lies in. The last one leaves open that some did not answer."""
    last = open_share(invited) * invited + _TINY
    lows = [low for low in _COUNTS if low == 0 or low <= last]
    place = max(p for p, low in enumerate(lows) if people >= low)
    return Count(lows[place], lows[place + 1] - 1 if place + 1 < len(lows) else invited)


def rate_stretch(people: int, invited: int) -> Between:
    """The share of the people invited. The last stretch leaves open that some did not answer."""
    steps = next(steps for least, steps, _ in _RATES if invited >= least)
    last = math.floor(steps * open_share(invited) + _TINY)
    place = min(last, steps * people // invited)
    return Between(place / steps, 1.0 if place == last else (place + 1) / steps)


def open_share(invited: int) -> float:
    """The greatest share from which on it may be told how many answered: LEAST_K may be missing, or more of many."""
    left = next(left for least, _, left in _RATES if invited >= least)
    return max(0.0, 1 - max(left, LEAST_K / max(1, invited)))


def count_of_answers(people: int) -> Count:
    """The band of a number that hangs on what people answered: so wide that one person more or less is not seen."""
    place = max(p for p, low in enumerate(_COUNTS) if max(0, people - 1) >= low)
    end = place + 1
    while end < len(_COUNTS) and people + 1 >= _COUNTS[end]:
        end += 1
    return Count(_COUNTS[place], _COUNTS[end] - 1 if end < len(_COUNTS) else None)


def steps_for(people: int, apart: int = 1) -> tuple[tuple[float, float], ...]:
    """Steps in which a mean of so many people may be told as a number, the finest first; none below ten people.

    ``apart``: people whom somebody could single out by subtraction, whose mean must stay open too.
    """
    if people < FEWEST_FOR_NUMBERS:
        return ()
    least = 0.5 if people < FEWEST_FOR_TENTHS else 0.1
    return tuple(each for each in STEPS if each[0] >= least and each[0] * people >= PROTECTION * apart)


def tell_score(mean: Reach, people: int, half: Reach | None, together: int = 1, apart: int = 1) -> Score | None:
    """A mean in points of 100; None where every rounding would show one person.

    ``half``: half the width of its interval. ``together``: people of the largest set within these that must not be
    pinned (one person, or a hidden group): outside of 40 h / n to 100 - 40 h / n the number would pin them. ``apart``:
    people whom the mean of others, told elsewhere, leaves over: the sum is told to no less than 40 points for each.
    """
    edge = PROTECTION * together / people
    if edge >= 50:
        return None
    if LEVEL * people < PROTECTION * apart:
        return None
    for step, start in (*steps_for(people, apart), (LEVEL, 0.0)):
        faces = {_face(value, step, start, edge) for value in (mean.low, mean.value, mean.high)}
        if len(faces) > 1:
            continue
        form, value = faces.pop()
        if form is not Form.POINTS or half is None:
            return Score(form, value, step)
        width = _round_up(half, step)
        if width is not None:
            ends = max(0.0, _clean(value - width)), min(100.0, _clean(value + width))
            return Score(form, value, step, Interval(*ends))
    return None


def _face(mean: float, step: float, start: float, edge: float) -> tuple[Form, float]:
    """How a mean looks in a rounding: each look stands for one stretch."""
    if step == LEVEL:
        upper, lower = 100 - edge, edge
        if mean > upper and upper < 100 - LEVEL:
            return Form.ABOVE, float(math.floor(upper))
        if mean < lower and lower > LEVEL:
            return Form.BELOW, float(math.ceil(lower))
        return Form.LEVEL, LEVEL * max(0, min(4, math.floor(mean / LEVEL + _TINY)))
    # In whole points, and never so that a rounded number lies beyond them
    upper, lower = math.floor(100 - edge + _TINY), math.ceil(edge - _TINY)
    high = min(upper, _clean((math.floor((upper - start) / step + _TINY) + 0.5) * step + start))
    low = max(lower, _clean((math.ceil((lower - start) / step - _TINY) - 0.5) * step + start))
    if mean > high + _TINY:
        return Form.ABOVE, float(high)
    if mean < low - _TINY:
        return Form.BELOW, float(low)
    return Form.POINTS, nearest(min(mean, high - 10 * _TINY), step, start)


def nearest(value: float, step: float, start: float = 0.0) -> float:
    """The nearest of start, start ± step, start ± 2 step, …"""
    return _clean(math.floor((value - start) / step + 0.5 + _TINY) * step + start)


def _round_up(half: Reach, step: float) -> float | None:
    """Half the width of an interval, upwards to a multiple of the step or of its doubles; None if none is steady.

    Never less than the step: what is told is no surer than its rounding, and no width says that all answered.
    """
    for wide in (step, 2 * step, 4 * step):
        ends = {max(1, math.ceil(each / wide - _TINY)) for each in (half.low, half.value, half.high)}
        if len(ends) == 1:
            return _clean(ends.pop() * wide)
    return None


def tell_difference(
    points: Reach, half: Reach, steps: Sequence[tuple[float, float]]
) -> tuple[float, float, Interval] | None:
    """A difference with its step and its interval; None where every rounding would show one person."""
    for step, start in steps:
        faces = {nearest(each, step, start) for each in (points.low, points.value, points.high)}
        width = _round_up(half, step)
        if len(faces) == 1 and width is not None:
            value = faces.pop()
            return value, step, Interval(_clean(value - width), _clean(value + width))
    return None


def tell_between(reach: Reach, widths: Sequence[float], top: float | None = 1.0) -> Between | None:
    """The stretch that a figure lies in; None where one person could move it out of every stretch.

    ``top``: the end of its scale, None if it has none. Where a figure lies on the edge between two stretches they are
    set half a width beside; then the outer ones are half as wide again.
    """
    for width in widths:
        # Three stretches at least, so that the outer ones do not meet
        for beside in (0.0, width / 2) if top is None or 3 * width <= top else (0.0,):
            ends = {_stretch(each, width, beside, top) for each in (reach.low, reach.value, reach.high)}
            if len(ends) == 1:
                return Between(*ends.pop())
    return None


def _stretch(value: float, width: float, beside: float, top: float | None) -> tuple[float, float]:
    first, last = beside + width if beside else 0.0, math.inf if top is None else top - beside - width
    if value < first - _TINY:
        return 0.0, _clean(first)
    if top is not None and value >= last - _TINY:
        return _clean(last), top
    low = beside + math.floor((value - beside) / width + _TINY) * width
    return _clean(low), _clean(low + width)


def tell_share(count: int, least: int, most: int, of: int) -> Between | None:
    """A share of ``of``, where one person could make the count as little as ``least`` and as much as ``most``."""
    return tell_between(Reach(count / of, max(0, least) / of, min(of, most) / of), SHARES)


def tell_counts(counts: Sequence[int]) -> tuple[Between | None, ...]:
    """Shares of people by classes: one person could stand in another class."""
    people = sum(counts)
    return tuple(tell_share(count, count - 1, count + 1, people) for count in counts)


def _clean(value: float) -> float:
    """Without the dust of binary fractions, and without -0."""
    return round(value, 6) + 0.0
