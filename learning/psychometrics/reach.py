"""How far one person's answer moves a figure, for figures that hang on counts, means and sums of squares.

A figure is worked out anew as if somebody had answered one item by one or two steps differently. It is not tried for
everybody: people at both ends of their group move a spread most, so only these are tried, with the largest move that
anybody could make.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from learning.psychometrics.agreement import GroupDifferences
from learning.psychometrics.change import independent_d, small_sample_factor
from learning.psychometrics.rounding import Reach, open_share
from learning.psychometrics.samples import t_quantile
from learning.psychometrics.scales import Z_95

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Moments:
    """What is left of the scores of some people."""

    people: int
    mean: float
    #: Sum of squared distances from the mean.
    squares: float

    @property
    def variance(self) -> float:
        """With n - 1. Takes two people or more."""
        return self.squares / (self.people - 1)

    def moved(self, score: float, by: float) -> Moments:
        """As if somebody with this score had another one."""
        squares = self.squares + 2 * by * (score - self.mean) + by**2 * (1 - 1 / self.people)
        return Moments(self.people, self.mean + by / self.people, max(0.0, squares))


@dataclass(frozen=True, slots=True)
class Sample:
    """Scores of some people and what one of them could change."""

    moments: Moments
    #: Least and greatest score, and the largest move of anybody.
    least: float
    most: float
    move: float

    @classmethod
    def of(cls, points: Numbers, moves: Numbers) -> Sample:
        """Of people who all have a score; at least one."""
        mean = float(points.mean())
        squares = float(((points - mean) ** 2).sum())
        # Equal scores leave a rounding
        squares = squares if squares > 1e-18 * max(1.0, mean**2) * len(points) else 0.0
        return cls(Moments(len(points), mean, squares), float(points.min()), float(points.max()), float(moves.max()))

    @property
    def people(self) -> int:
        """How many there are."""
        return self.moments.people

    def moved(self) -> Iterator[Moments]:
        """The same people with one who answered differently, beyond the ends of the scale too: a bound for all moves."""
        for score in {self.least, self.most}:
            for by in (self.move, -self.move, self.move / 2, -self.move / 2, self.moments.mean - score):
                yield self.moments.moved(score, max(-self.move, min(self.move, by)))


def reach(figure: Callable[[Sequence[Moments]], float | None], samples: Sequence[Sample]) -> Reach | None:
    """A figure of several samples and how far one person of any of them moves it; None where it may vanish."""
    base = [sample.moments for sample in samples]
    found = [figure(base)]
    for place, sample in enumerate(samples):
        for moved in sample.moved():
            found.append(figure([*base[:place], moved, *base[place + 1 :]]))
    values = [each for each in found if each is not None]
    return Reach.over(values[0], values) if len(values) == len(found) else None


def mean_reach(sample: Sample) -> Reach:
    """Of the mean."""
    found = reach(lambda moments: moments[0].mean, [sample])
    assert found
    return found


def sd_reach(sample: Sample) -> Reach | None:
    """Of the standard deviation; None for one person."""
    return reach(lambda moments: math.sqrt(moments[0].variance), [sample]) if sample.people > 1 else None


def half_reach(sample: Sample, invited: int | None) -> Reach | None:
    """Of half the width of the mean's t interval, smaller where most of those invited answered; None for one person.

    Where all or nearly all answered it is as wide as if some had not: it may not tell that.
    """
    n = sample.people
    if n < 2:
        return None
    factor = t_quantile(n - 1) * (1.0 if invited is None else math.sqrt(1 - min(n / invited, open_share(invited))))
    return reach(lambda moments: factor * math.sqrt(moments[0].variance / n), [sample])


def difference(moments: Sequence[Moments]) -> float:
    """Of two means."""
    return moments[1].mean - moments[0].mean


def welch_half(moments: Sequence[Moments]) -> float:
    """Half the width of Welch's interval of a difference."""
    squares = [each.variance / each.people for each in moments]
    if not sum(squares):
        return 0.0
    df = sum(squares) ** 2 / sum(square**2 / (m.people - 1) for square, m in zip(squares, moments, strict=True))
    return t_quantile(df) * math.sqrt(sum(squares))


def bonett_d(moments: Sequence[Moments]) -> float | None:
    """The standardized difference of two groups of unequal variance."""
    found = _d(moments)
    return None if found is None else found[0]


def bonett_half(moments: Sequence[Moments]) -> float | None:
    """Half the width of its interval."""
    found = _d(moments)
    return None if found is None else found[1]


def _d(moments: Sequence[Moments]) -> tuple[float, float] | None:
    first, second = moments
    d = independent_d(difference(moments), (first.variance, second.variance), (first.people, second.people))
    return None if d is None else (d.value, d.high - d.value)


def hedges_g(moments: Sequence[Moments]) -> float | None:
    """Difference in units of the pooled standard deviation, for few people."""
    df = sum(each.people for each in moments) - 2
    pooled = sum(each.squares for each in moments) / df
    return small_sample_factor(df) * difference(moments) / math.sqrt(pooled) if pooled else None


def analysis_of_variance(moments: Sequence[Moments]) -> GroupDifferences:
    """From what is left of each group; two groups or more, of two people or more."""
    from scipy.special import fdtrc

    persons, count = sum(each.people for each in moments), len(moments)
    grand = sum(each.people * each.mean for each in moments) / persons
    between = sum(each.people * (each.mean - grand) ** 2 for each in moments) / (count - 1)
    within = sum(each.squares for each in moments) / (persons - count)
    if between <= 1e-24 * grand**2:
        between = 0.0
    f = between / within if within else None
    return GroupDifferences(
        count,
        persons,
        between,
        within,
        (persons - sum(each.people**2 for each in moments) / persons) / (count - 1),
        f,
        None if f is None else float(fdtrc(count - 1, persons - count, f)),
    )


@dataclass(frozen=True, slots=True)
class Drawn:
    """A group's mean drawn to the common one, and half the width of its interval."""

    value: float
    half: float


def drawn_means(moments: Sequence[Moments]) -> list[Drawn] | None:
    """lambda m_j + (1 - lambda) mu, lambda_j = tau^2 / (tau^2 + MSW / n_j), from what is left; None where nobody differs.

    Never publish drawn and plain means of the same people: together they tell more than either.
    """
    found = analysis_of_variance(moments)
    tau2 = found.tau2
    if tau2 + found.within == 0:
        return None
    weights = [1 / (tau2 + found.within / each.people) for each in moments]
    mean = sum(w * each.mean for w, each in zip(weights, moments, strict=True)) / sum(weights)
    shares = [tau2 * weight for weight in weights]
    # The common mean has an error too; without it equal groups would be told without any
    common = 1 / sum(weights)
    return [
        Drawn(
            mean + share * (each.mean - mean),
            Z_95 * math.sqrt(max(0.0, tau2 * (1 - share)) + (1 - share) ** 2 * common),
        )
        for share, each in zip(shares, moments, strict=True)
    ]


def drawn_reaches(samples: Sequence[Sample]) -> list[tuple[Reach, Reach]] | None:
    """Of the drawn means and of half the widths of their intervals; None where there are none."""
    base = [sample.moments for sample in samples]
    found = [drawn_means(base)]
    for place, sample in enumerate(samples):
        found += [drawn_means([*base[:place], moved, *base[place + 1 :]]) for moved in sample.moved()]
    tries = [each for each in found if each is not None]
    if len(tries) < len(found):
        return None
    return [
        (
            Reach.over(tries[0][place].value, (each[place].value for each in tries)),
            Reach.over(tries[0][place].half, (each[place].half for each in tries)),
        )
        for place in range(len(samples))
    ]


def agreement_reach(turned: NDArray[np.int8], categories: int) -> Reach:
    """Of r_wg(j). ``turned``: persons x items, complete cases of two people or more, keyed."""
    people, items = turned.shape
    columns = [Sample.of(column.astype(float), _steps(people)) for column in turned.T]
    whole = sum(column.moments.variance for column in columns)
    by_chance = items * (categories**2 - 1) / 12

    def agreement(variances: float) -> float:
        q = variances / by_chance
        return items * (1 - q) / (items * (1 - q) + q) if q < 1 else 0.0

    moved = [
        agreement(whole - column.moments.variance + other.variance)
        for column in columns
        for other in _raw_moves(column)
    ]
    return Reach.over(agreement(whole), moved)


def alpha_reach(turned: NDArray[np.int8]) -> Reach | None:
    """Of Cronbach's alpha, of two items or more; None where the totals may all be equal."""
    people, items = turned.shape
    columns = [Sample.of(column.astype(float), _steps(people)) for column in turned.T]
    totals = Sample.of(turned.sum(axis=1).astype(float), _steps(people))
    whole = sum(column.moments.variance for column in columns)
    found = [_alpha(items, whole, totals.moments.variance)]
    for column in columns:
        for score in {column.least, column.most}:
            for total in {totals.least, totals.most}:
                for by in (-2.0, -1.0, 1.0, 2.0):
                    own, all_ = column.moments.moved(score, by).variance, totals.moments.moved(total, by).variance
                    found.append(_alpha(items, whole - column.moments.variance + own, all_))
    values = [each for each in found if each is not None]
    return Reach.over(values[0], values) if len(values) == len(found) else None


def _alpha(items: int, variances: float, total: float) -> float | None:
    return items / (items - 1) * (1 - variances / total) if total else None


def _steps(people: int) -> Numbers:
    import numpy as np

    return np.full(people, 2.0)


def _raw_moves(column: Sample) -> Iterator[Moments]:
    for score in {column.least, column.most}:
        for by in (-2.0, -1.0, 1.0, 2.0, column.moments.mean - score):
            yield column.moments.moved(score, max(-2.0, min(2.0, by)))
