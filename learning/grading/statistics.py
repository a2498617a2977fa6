"""How the questions of a quiz, and the quiz as a whole, did their work: item analysis by classical test theory.

Source of the formulas: Moodle, "Quiz statistics calculations", docs.moodle.org/dev/Quiz_statistics_calculations.
Notation: x is the mark of one question, T the total of an attempt, s the number of attempts, C and V the covariance
and variance of a sample (divided by s - 1). Everything is a fraction, never per cent, and None where it is undefined.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt, tanh
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a web worker loads numpy with the first report, not at the start
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

#: Attempts in rows, questions in columns; None: not on the paper of this attempt.
Marks = Sequence[Sequence[float | None]]

#: Spreads below this share of the largest value are the rounding of floating point, and count as none.
ROUNDING = 1e-9
#: Two-sided quantile of the normal distribution for 95 %.
NORMAL_95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class ItemStatistics:
    """One question over all attempts that had it on their paper."""

    #: s: attempts that had the question.
    attempts: int
    #: Mean mark as a share of the maximum, 0 to 1: small is hard.
    facility: float | None
    #: Of the mark, as a share of the maximum.
    standard_deviation: float | None
    #: Its share in what spreads the totals; all that are defined add up to 1. None for one that works against them.
    effective_weight: float | None
    #: Correlation of the mark with the rest of the test, -1 to 1.
    discrimination_index: float | None
    #: The same against the most that marks so distributed could reach, at most 1.
    discriminative_efficiency: float | None


@dataclass(frozen=True, slots=True)
class ScoreStatistics:
    """The scores of all attempts, each as a share of what its own paper allowed."""

    attempts: int
    mean: float | None
    median: float | None
    standard_deviation: float | None
    #: 0: symmetrical; below 0: a tail to the left.
    skewness: float | None
    #: 0: as a normal distribution; above 0: more peaked.
    kurtosis: float | None
    #: Cronbach's alpha, at most 1; over attempts that had every question.
    internal_consistency: float | None
    #: Share of the standard deviation that is chance.
    error_ratio: float | None
    #: By how much a score would vary if the same person sat equal quizzes.
    standard_error: float | None


def item_analysis(marks: Marks, maximum_marks: Sequence[float]) -> tuple[ItemStatistics, ...]:
    """One record a question. Raises ValueError if a row has another number of questions than ``maximum_marks``.

    A question is judged by the attempts that had it: with papers that differ, s differs from question to question.

    - facility: mean(x) / maximum
    - standard deviation: sqrt(V(x)) / maximum
    - discrimination index: C(x, T - x) / sqrt(V(x) V(T - x))
    - discriminative efficiency: C(x, T - x) / Cmax, where Cmax is C after both have been sorted
    - effective weight: sqrt(C(x, T)) / sum of sqrt(C(x, T)) over the questions whose C(x, T) is not negative
    """
    import numpy as np

    table = _table(marks, maximum_marks)
    totals = np.nansum(table, axis=1)
    drafts = [_one_item(column, totals, maximum) for column, maximum in zip(table.T, maximum_marks, strict=True)]
    whole = sum(root for _, root in drafts if root is not None)
    return tuple(
        ItemStatistics(
            item.attempts,
            item.facility,
            item.standard_deviation,
            root / whole if root is not None and whole > 0 else None,
            item.discrimination_index,
            item.discriminative_efficiency,
        )
        for item, root in drafts
    )


def score_statistics(marks: Marks, maximum_marks: Sequence[float]) -> ScoreStatistics:
    """The distribution of the scores and their precision. Raises ValueError as ``item_analysis`` does.

    With the central moments m2, m3, m4 of the scores (divided by s) and p questions:

    - k2 = s m2 / (s - 1),  k3 = s² m3 / ((s - 1)(s - 2)),
      k4 = s² ((s + 1) m4 - 3 (s - 1) m2²) / ((s - 1)(s - 2)(s - 3))
    - skewness: k3 / k2^(3/2);  kurtosis: k4 / k2²
    - internal consistency: p / (p - 1) (1 - sum of V(x) / V(T))
    - error ratio: sqrt(1 - internal consistency);  standard error: error ratio x standard deviation
    """
    import numpy as np

    table = _table(marks, maximum_marks)
    present = ~np.isnan(table)
    possible = np.where(present, np.asarray(maximum_marks, dtype=float), 0).sum(axis=1)
    scores = np.nansum(table, axis=1)[possible > 0] / possible[possible > 0]
    count = len(scores)
    if not count:
        return ScoreStatistics(0, None, None, None, None, None, None, None, None)
    spread = sqrt(_covariance(scores, scores)) if count > 1 else None
    skewness, kurtosis = _shape(scores)
    alpha = _cronbach_alpha(table[present.all(axis=1)])
    error = None if alpha is None else sqrt(max(0.0, 1 - alpha))
    return ScoreStatistics(
        count,
        float(scores.mean()),
        float(np.median(scores)),
        spread,
        skewness,
        kurtosis,
        alpha,
        error,
        None if error is None or spread is None else error * spread,
    )


def discrimination_margin(attempts: int) -> float | None:
    """How far chance alone moves a discrimination index whose true value is 0, with 95 % probability.

    Source: R. A. Fisher (1921), the z transformation: atanh(r) has the standard error 1 / sqrt(s - 3).
    None for four attempts and fewer, where it says nothing.
    """
    return tanh(NORMAL_95 / sqrt(attempts - 3)) if attempts > 4 else None


def _table(marks: Marks, maximum_marks: Sequence[float]) -> Floats:
    """Marks as an array with NaN for what was not asked."""
    import numpy as np

    if any(len(row) != len(maximum_marks) for row in marks):
        raise ValueError(f"A row of marks must have {len(maximum_marks)} entries, one a question.")
    return np.array(marks, dtype=float).reshape(len(marks), len(maximum_marks))


def _one_item(column: Floats, totals: Floats, maximum: float) -> tuple[ItemStatistics, float | None]:
    """The statistics of one question without its weight, and the root of C(x, T); None if that is negative."""
    import numpy as np

    asked = ~np.isnan(column)
    own, total = column[asked], totals[asked]
    count = len(own)
    facility = float(own.mean()) / maximum if count and maximum else None
    if count < 2:
        return ItemStatistics(count, facility, None, None, None, None), None
    rest = total - own
    variance, rest_variance = _covariance(own, own), _covariance(rest, rest)
    covariance, most = _covariance(own, rest), _covariance(np.sort(own), np.sort(rest))
    with_total = _covariance(own, total)
    # Rooted one by one: the product of two very small variances may be 0.
    spread = sqrt(variance) * sqrt(rest_variance) if variance > 0 and rest_variance > 0 else 0.0
    return (
        ItemStatistics(
            attempts=count,
            facility=facility,
            standard_deviation=sqrt(variance) / maximum if maximum else None,
            effective_weight=None,
            discrimination_index=_within(covariance / spread) if spread else None,
            discriminative_efficiency=_within(covariance / most) if most > 0 else None,
        ),
        sqrt(with_total) if with_total >= 0 else None,
    )


def _within(value: float) -> float:
    """A correlation without the last digit's rounding beyond 1; an efficiency may be below -1."""
    return min(1.0, value)


def _covariance(first: Floats, second: Floats) -> float:
    """Of two samples of the same length, at least 2; exactly 0 where one does not vary or both are unrelated."""
    import numpy as np

    for sample in (first, second):
        if np.ptp(sample) <= ROUNDING * np.abs(sample).max():
            return 0.0
    one, other = first - first.mean(), second - second.mean()
    product = _dot(one, other)
    if abs(product) <= ROUNDING * sqrt(_dot(one, one) * _dot(other, other)):
        return 0.0
    return product / (len(first) - 1)


def _dot(first: Floats, second: Floats) -> float:
    # Not "@": BLAS would start threads that wait for each other, ten times slower on a machine that has other work.
    return float((first * second).sum())


def _shape(scores: Floats) -> tuple[float | None, float | None]:
    """Skewness and kurtosis by the k-statistics."""
    s = len(scores)
    if s < 3 or _covariance(scores, scores) == 0:
        return None, None
    from_mean = scores - scores.mean()
    m2, m3, m4 = (float((from_mean**power).mean()) for power in (2, 3, 4))
    k2 = s * m2 / (s - 1)
    k3 = s * s * m3 / ((s - 1) * (s - 2))
    skewness = k3 / k2**1.5
    if s < 4:
        return skewness, None
    k4 = s * s * ((s + 1) * m4 - 3 * (s - 1) * m2 * m2) / ((s - 1) * (s - 2) * (s - 3))
    return skewness, k4 / k2**2


def _cronbach_alpha(complete: Floats) -> float | None:
    """Of attempts that had every question; None for fewer than two attempts or questions, or equal totals."""
    attempts, questions = complete.shape
    if attempts < 2 or questions < 2:
        return None
    totals = complete.sum(axis=1)
    spread = _covariance(totals, totals)
    if spread == 0:
        return None
    of_items = sum(_covariance(column, column) for column in complete.T)
    return questions / (questions - 1) * (1 - of_items / spread)
