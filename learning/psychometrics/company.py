"""What a company is told of all its people together, and what it may hope to see.

Sources: interval of a share: Wilson (1927), Journal of the American Statistical Association 22; finite population:
Cochran (1977), Sampling Techniques.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from learning.psychometrics.reliability import cronbach_alpha, mcdonald_omega
from learning.psychometrics.samples import Estimate, Table, as_sample, t_quantile, variance
from learning.psychometrics.scales import Z_95

#: From so many people on the reliability of a scale is shown, for the whole company only.
PERSONS_FOR_ALPHA = 30
PERSONS_FOR_OMEGA = 100


@dataclass(frozen=True, slots=True)
class ScaleReliability:
    """What is shown of how well a scale measures."""

    persons: int
    #: None below 30 people, or where the answers determine none.
    alpha: Estimate | None
    #: None below 100 people, and where one factor does not fit.
    omega: float | None


def company_mean(scores: Sequence[float], invited: int | None = None) -> Estimate | None:
    """Mean with a t interval: m ± t(n - 1) s / sqrt(n), times sqrt(1 - n / N) where ``invited`` N is given.

    Give N to say how a company stands now; leave it out to say whether something worked, where the people stand for a
    process. N repairs nothing where those who did not answer differ. None below two people. Raises ValueError for
    gaps, and for more answers than people invited.
    """
    sample = as_sample(scores)
    n = len(sample)
    if invited is not None and n > invited:
        raise ValueError(f"{n} answers from {invited} people invited: count the invited again.")
    if n < 2:
        return None
    mean = float(sample.mean())
    half = t_quantile(n - 1) * math.sqrt(variance(sample) / n)
    if invited is not None:
        half *= math.sqrt(1 - n / invited)
    return Estimate(mean, mean - half, mean + half)


def response_rate(answered: int, invited: int) -> Estimate | None:
    """Share of the invited who answered, with Wilson's interval. None without anybody invited.

    Raises ValueError for more answers than people invited.
    """
    if not 0 <= answered <= invited:
        raise ValueError(f"{answered} answers from {invited} people invited: count the invited again.")
    if invited == 0:
        return None
    share, square = answered / invited, Z_95**2
    middle = share + square / (2 * invited)
    half = Z_95 * math.sqrt(share * (1 - share) / invited + square / (4 * invited**2))
    whole = 1 + square / invited
    # At the ends the formula gives 0 and 1 but for rounding
    low = (middle - half) / whole if answered else 0.0
    high = (middle + half) / whole if answered < invited else 1.0
    return Estimate(share, low, high)


def scale_reliability(scores: Table) -> ScaleReliability:
    """Alpha and omega of persons x items, complete cases, keyed, where there are people enough to show them.

    Raises ValueError for gaps.
    """
    persons = len(scores)
    return ScaleReliability(
        persons,
        cronbach_alpha(scores) if persons >= PERSONS_FOR_ALPHA else None,
        mcdonald_omega(scores) if persons >= PERSONS_FOR_OMEGA else None,
    )


def detectable_difference(before: int, after: int) -> float | None:
    """The smallest d that two groups of other people show with 80 % power in a two-sided test at 5 %.

    Told before a campaign opens, so that noise is not read as success. None where a group has fewer than two people.
    """
    from scipy.optimize import brentq
    from scipy.special import nctdtr

    if min(before, after) < 2:
        return None
    df = before + after - 2
    scale = math.sqrt(before * after / (before + after))
    critical = t_quantile(df)

    def power_above_80(d: float) -> float:
        # Without the tail of the wrong direction, which is below one in a million there
        return 0.20 - float(nctdtr(df, d * scale, critical))

    return float(brentq(power_above_80, 0.0, (critical + 10) / scale, xtol=1e-10))
