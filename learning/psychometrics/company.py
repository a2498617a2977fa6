"""What a company is told of all its people together, and what it may hope to see.

Sources: interval of a share: Wilson (1927), Journal of the American Statistical Association 22; finite population:
Cochran (1977), Sampling Techniques.
"""

from __future__ import annotations

import math

from learning.psychometrics.samples import Estimate, t_quantile
from learning.psychometrics.scales import Z_95

#: From so many people on the reliability of a scale is shown, for the whole company only.
PERSONS_FOR_ALPHA = 30
PERSONS_FOR_OMEGA = 100


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
