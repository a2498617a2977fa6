"""What changed from before to after: the same people, other people, one person.

Sources: standardized differences and their intervals: Bonett (2008), Psychological Methods 13, for pairs and for groups
of unequal variance; small-sample factor J: Hedges (1981), Journal of Educational Statistics 6; reliable change:
Jacobson & Truax (1991), Journal of Consulting and Clinical Psychology 59; several tests: Holm (1979), Scandinavian
Journal of Statistics 6. None of it tells why something changed: there is no group to compare with.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from learning.psychometrics.reliability import correlation, standard_error_of_measurement
from learning.psychometrics.samples import Estimate, as_sample, t_probability, t_quantile, variance
from learning.psychometrics.scales import Z_95

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Effect(StrEnum):
    """How large a standardized difference is, in words that do not depend on the number of people."""

    HARDLY_ANY = "hardly-any"
    SMALL = "small"
    CLEAR = "clear"
    LARGE = "large"


#: |g| from which on an effect is called so.
_EFFECTS = ((0.8, Effect.LARGE), (0.5, Effect.CLEAR), (0.2, Effect.SMALL), (0.0, Effect.HARDLY_ANY))


@dataclass(frozen=True, slots=True)
class Statistic:
    """A statistic with its two-sided probability by chance alone."""

    value: float
    p: float


@dataclass(frozen=True, slots=True)
class PairedChange:
    """The same people before and after."""

    pairs: int
    #: Mean of after - before, in points.
    difference: Estimate
    #: Standard deviation of the differences.
    sd: float
    #: Degrees of freedom are pairs - 1. None where everybody changed by the same.
    t: Statistic | None
    #: The smaller sum of signed ranks, with its exact probability. None where nobody changed.
    wilcoxon: Statistic | None
    #: Of before with after; None where one of them does not vary.
    correlation: float | None
    #: Difference in units of sqrt((s_1^2 + s_2^2) / 2). None where neither varies.
    d_av: Estimate | None
    #: J d_av. None below three pairs: J says nothing there.
    g_av: float | None


@dataclass(frozen=True, slots=True)
class ReliableChange:
    """Whether one person changed by more than the error of measurement explains."""

    #: Change in units of its standard error.
    index: float
    #: Changes up to here, in points, happen in 95 of 100 people who did not change.
    threshold: float

    @property
    def more_than_chance(self) -> bool:
        """Beyond 1.959964 standard errors."""
        return abs(self.index) > Z_95


def paired_change(before: Sequence[float], after: Sequence[float]) -> PairedChange | None:
    """Change of the same people, in the same order. None below two pairs.

    Raises ValueError for different numbers of people and for gaps.
    """
    first, second = as_sample(before), as_sample(after)
    if len(first) != len(second):
        raise ValueError(
            f"{len(first)} values before and {len(second)} after make no pairs: leave out who has one only."
        )
    pairs = len(first)
    if pairs < 2:
        return None
    differences = second - first
    mean, sd = float(differences.mean()), math.sqrt(variance(differences))
    error = sd / math.sqrt(pairs)
    half = t_quantile(pairs - 1) * error
    r = correlation(first, second)
    variances = variance(first), variance(second)
    d_av = paired_d(mean, variances, (r or 0.0) * math.sqrt(variances[0] * variances[1]), pairs)
    return PairedChange(
        pairs,
        Estimate(mean, mean - half, mean + half),
        sd,
        Statistic(mean / error, t_probability(mean / error, pairs - 1)) if error else None,
        signed_ranks(differences),
        r,
        d_av,
        small_sample_factor(pairs - 1) * d_av.value if d_av and pairs > 2 else None,
    )


def paired_d(difference: float, variances: tuple[float, float], covariance: float, pairs: int) -> Estimate | None:
    """d_av with Bonett's interval. None where neither before nor after varies."""
    v1, v2 = variances
    square = (v1 + v2) / 2
    if square == 0:
        return None
    d = difference / math.sqrt(square)
    error = d**2 * (v1**2 + v2**2 + 2 * covariance**2) / (8 * (pairs - 1) * square**2)
    error += max(0.0, v1 + v2 - 2 * covariance) / ((pairs - 1) * square)
    return _normal(d, math.sqrt(error))


def independent_d(difference: float, variances: tuple[float, float], sizes: tuple[int, int]) -> Estimate | None:
    """d of two groups of unequal variance with Bonett's interval. None where neither varies."""
    (v1, v2), (f1, f2) = variances, (sizes[0] - 1, sizes[1] - 1)
    square = (v1 + v2) / 2
    if square == 0:
        return None
    d = difference / math.sqrt(square)
    error = d**2 * (v1**2 / f1 + v2**2 / f2) / (8 * square**2) + (v1 / f1 + v2 / f2) / square
    return _normal(d, math.sqrt(error))


def _normal(value: float, error: float) -> Estimate:
    return Estimate(value, value - Z_95 * error, value + Z_95 * error)


def small_sample_factor(df: int) -> float:
    """J = 1 - 3 / (4 df - 1): what a standardized difference of few people is too large by. Takes df of 2 or more."""
    return 1 - 3 / (4 * df - 1)


def signed_ranks(differences: NDArray[np.float64]) -> Statistic | None:
    """Wilcoxon's signed ranks without the zeros, and the exact two-sided p, also for ties. None where all are zero.

    The distribution is that of the ranks at hand with every sign as likely as the other. scipy's exact one is of
    ranks without ties, which scores of few items hardly ever have.
    """
    import numpy as np

    # What differs by rounding only is a tie
    changed = np.round(differences, 9)
    changed = changed[changed != 0]
    if len(changed) == 0:
        return None
    _, places, counts = np.unique(np.abs(changed), return_inverse=True, return_counts=True)
    # Ranks of ties are halves, so that their doubles are whole
    doubled = (2 * np.cumsum(counts) - counts + 1)[places]
    smaller = min(int(doubled[changed > 0].sum()), int(doubled[changed < 0].sum()))
    # chances[s] = P(sum of doubled ranks = s)
    chances = np.zeros(int(doubled.sum()) + 1)
    chances[0] = 1.0
    for rank in doubled:
        shifted = np.zeros_like(chances)
        shifted[rank:] = chances[: len(chances) - rank]
        chances = (chances + shifted) / 2
    return Statistic(smaller / 2, min(1.0, 2 * float(chances[: smaller + 1].sum())))


def reliable_change(before: float, after: float, reliability: float, sd: float) -> ReliableChange | None:
    """(after - before) / (sqrt(2) SD sqrt(1 - r)). None where nothing is left to chance: no error of measurement.

    ``sd`` and ``reliability`` are those of the scale among people like this one. Raises ValueError for what is no SD
    or no reliability.
    """
    error = math.sqrt(2) * standard_error_of_measurement(sd, reliability)
    return ReliableChange((after - before) / error, Z_95 * error) if error else None


def effect(g: float) -> Effect:
    """The word for a standardized difference. Whether it could be chance is told by its interval."""
    return next(word for least, word in _EFFECTS if abs(g) >= least)


def holm(probabilities: Sequence[float]) -> tuple[float, ...]:
    """p of several tests, raised so that by chance alone any of them falls below 5 % in 5 of 100 reports only."""
    order = sorted(range(len(probabilities)), key=probabilities.__getitem__)
    raised = [0.0] * len(probabilities)
    least = 0.0
    for rank, place in enumerate(order):
        least = min(1.0, max(least, (len(order) - rank) * probabilities[place]))
        raised[place] = least
    return tuple(raised)
