"""Figures of whole samples by their published formulas, against which those of releases are held.

Sources: agreement: James, Demaree & Wolf (1984), Journal of Applied Psychology 69; shrinkage: Efron & Morris (1975),
Journal of the American Statistical Association 70; mean of a finite population: Cochran (1977), Sampling Techniques;
change: see ``learning.psychometrics.change``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from learning.psychometrics.agreement import GroupDifferences
from learning.psychometrics.change import Statistic, independent_d, small_sample_factor
from learning.psychometrics.samples import Estimate, Table, as_sample, as_table, t_probability, t_quantile, variance


@dataclass(frozen=True, slots=True)
class ShrunkenMean:
    """A group's mean, drawn to that of all groups by as much as chance explains."""

    raw: float
    value: float
    standard_error: float


@dataclass(frozen=True, slots=True)
class Shrinkage:
    """Group means by empirical Bayes."""

    #: Variance of the true group means.
    tau2: float
    #: Mean of all groups, each weighted by what it tells.
    mean: float
    #: In the order of the groups.
    groups: tuple[ShrunkenMean, ...]


@dataclass(frozen=True, slots=True)
class IndependentChange:
    """Other people before than after, or nobody knows which of them are the same."""

    before: int
    after: int
    #: Mean after - mean before, in points, with Welch's interval.
    difference: Estimate
    #: Welch's t and its degrees of freedom; None where neither group varies.
    t: Statistic | None
    df: float | None
    #: Difference in units of the pooled standard deviation, and the same times J (Hedges' g). None as for ``t``.
    d_pooled: float | None
    g: float | None
    #: Difference in units of sqrt((s_1^2 + s_2^2) / 2) with Bonett's interval for unequal variances. None as for ``t``.
    d: Estimate | None


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


def within_group_agreement(scores: Table, categories: int) -> float | None:
    """r_wg(j) = J (1 - q) / (J (1 - q) + q), q = mean item variance / ((A^2 - 1) / 12): 1 is full agreement.

    ``scores``: persons x J items of ``categories`` A answers each. 0 where people differ as much as if they had
    answered by chance, or more. Below .70 a single verdict would hide that people see this very differently. None
    below two persons or without items. Raises ValueError for gaps and for fewer than two categories.
    """
    if categories < 2:
        raise ValueError(f"Agreement needs items of 2 or more categories; these have {categories}.")
    table = as_table(scores)
    persons, items = table.shape
    if persons < 2 or items < 1:
        return None
    by_chance = (categories**2 - 1) / 12
    q = sum(variance(column) for column in table.T) / items / by_chance
    return items * (1 - q) / (items * (1 - q) + q) if q < 1 else 0.0


def group_differences(groups: Sequence[Sequence[float]]) -> GroupDifferences | None:
    """Analyse one score of people in groups. Groups without people are left out.

    None for fewer than two groups, or where every group is one person. Raises ValueError for gaps.
    """
    from scipy.special import fdtrc

    samples = [as_sample(group) for group in groups if len(group)]
    sizes = [len(sample) for sample in samples]
    persons, count = sum(sizes), len(samples)
    if count < 2 or persons <= count:
        return None
    means = [float(sample.mean()) for sample in samples]
    grand = sum(n * mean for n, mean in zip(sizes, means, strict=True)) / persons
    between = sum(n * (mean - grand) ** 2 for n, mean in zip(sizes, means, strict=True)) / (count - 1)
    within = sum((n - 1) * variance(s) for n, s in zip(sizes, samples, strict=True) if n > 1) / (persons - count)
    if between <= 1e-24 * grand**2:
        between = 0.0
    f = between / within if within else None
    return GroupDifferences(
        count,
        persons,
        between,
        within,
        (persons - sum(n**2 for n in sizes) / persons) / (count - 1),
        f,
        None if f is None else float(fdtrc(count - 1, persons - count, f)),
    )


def shrunken_means(groups: Sequence[Sequence[float]]) -> Shrinkage | None:
    """Group means m_j drawn to the common mean: mu + lambda_j (m_j - mu), lambda_j = tau^2 / (tau^2 + MSW / n_j).

    For below five groups tau^2 is poorly known: show raw means, and no order. Never publish raw and shrunken means of
    the same people: together they tell more than either. None as for ``group_differences``, and where nobody differs.
    Raises ValueError for a group without people and for gaps.
    """
    if not all(groups):
        raise ValueError("A group has no people: leave it out.")
    found = group_differences(groups)
    if found is None or found.between + found.within == 0:
        return None
    tau2 = found.tau2
    errors = [found.within / len(group) for group in groups]
    means = [sum(group) / len(group) for group in groups]
    weights = [1 / (tau2 + error) for error in errors]
    mean = sum(w * m for w, m in zip(weights, means, strict=True)) / sum(weights)
    shares = [tau2 / (tau2 + error) for error in errors]
    return Shrinkage(
        tau2,
        mean,
        tuple(
            ShrunkenMean(raw, mean + share * (raw - mean), math.sqrt(tau2 * (1 - share)))
            for raw, share in zip(means, shares, strict=True)
        ),
    )


def independent_change(before: Sequence[float], after: Sequence[float]) -> IndependentChange | None:
    """Change between two groups of people. None where one has fewer than two. Raises ValueError for gaps."""
    first, second = as_sample(before), as_sample(after)
    n1, n2 = len(first), len(second)
    if min(n1, n2) < 2:
        return None
    v1, v2 = variance(first), variance(second)
    difference = float(second.mean() - first.mean())
    if v1 + v2 == 0:
        return IndependentChange(n1, n2, Estimate(difference, difference, difference), None, None, None, None, None)
    square1, square2 = v1 / n1, v2 / n2
    error = math.sqrt(square1 + square2)
    df = (square1 + square2) ** 2 / (square1**2 / (n1 - 1) + square2**2 / (n2 - 1))
    half = t_quantile(df) * error
    d_pooled = difference / math.sqrt(((n1 - 1) * v1 + (n2 - 1) * v2) / (n1 + n2 - 2))
    return IndependentChange(
        n1,
        n2,
        Estimate(difference, difference - half, difference + half),
        Statistic(difference / error, t_probability(difference / error, df)),
        df,
        d_pooled,
        small_sample_factor(n1 + n2 - 2) * d_pooled,
        independent_d(difference, (v1, v2), (n1, n2)),
    )
