"""Whether people of one company see the same, and whether its departments differ.

Sources: agreement: James, Demaree & Wolf (1984), Journal of Applied Psychology 69; intraclass correlations: Shrout &
Fleiss (1979), Psychological Bulletin 86, and Bliese (2000) for groups of unequal size; shrinkage: Efron & Morris
(1975), Journal of the American Statistical Association 70.
"""

from __future__ import annotations

from dataclasses import dataclass


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
