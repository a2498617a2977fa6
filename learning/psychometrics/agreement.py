"""Whether people of one company see the same, and whether its departments differ.

Sources: agreement: James, Demaree & Wolf (1984), Journal of Applied Psychology 69; intraclass correlations: Shrout &
Fleiss (1979), Psychological Bulletin 86, and Bliese (2000) for groups of unequal size; shrinkage: Efron & Morris
(1975), Journal of the American Statistical Association 70.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from learning.psychometrics.samples import Table, as_sample, as_table, variance


@dataclass(frozen=True, slots=True)
class GroupDifferences:
    """One-way analysis of variance over the groups of a company."""

    groups: int
    persons: int
    #: Mean squares between and within groups.
    between: float
    within: float
    #: Mean size of a group, corrected for unequal sizes.
    size: float
    #: Test of no differences at all. None where people of a group never differ.
    f: float | None
    p: float | None

    @property
    def icc1(self) -> float | None:
        """(MSB - MSW) / (MSB + (n0 - 1) MSW): how much one person tells of their group. None where nobody differs."""
        whole = self.between + (self.size - 1) * self.within
        return (self.between - self.within) / whole if whole else None

    @property
    def icc2(self) -> float | None:
        """(MSB - MSW) / MSB: how reliable group means are. Below .50 groups cannot be told apart. None for equal means."""
        return (self.between - self.within) / self.between if self.between else None

    @property
    def tau2(self) -> float:
        """Variance of the true group means, never below 0."""
        return max(0.0, (self.between - self.within) / self.size)


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
