"""What the statistics of groups take and give: checked tables of numbers, and estimates with their interval.

numpy and scipy are loaded within functions only, so that a site that shows no report never pays for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Persons x items, complete cases.
Table = Sequence[Sequence[float]]
#: Two-sided 95 %.
UPPER = 0.975
LOWER = 0.025
#: A variance below this share of the largest square is what rounding leaves of no variance at all.
ROUNDING = 1e-24


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float

    @property
    def holds_zero(self) -> bool:
        """Whether the interval holds 0, so that what was estimated could be chance."""
        return self.low <= 0 <= self.high


def as_table(scores: Table | NDArray[np.float64]) -> NDArray[np.float64]:
    """Persons x items as an array. Raises ValueError for gaps, rows of different length and what is no number."""
    import numpy as np

    if isinstance(scores, np.ndarray) and scores.ndim == 2:
        return _finite(scores)
    lengths = {len(person) for person in scores}
    if len(lengths) > 1:
        raise ValueError(
            f"Some persons have {min(lengths)} values and others {max(lengths)}: give complete cases, one value an item."
        )
    table = np.array([list(person) for person in scores], dtype=np.float64).reshape(
        len(scores), max(lengths, default=0)
    )
    return _finite(table)


def _finite(table: NDArray[np.float64]) -> NDArray[np.float64]:
    import numpy as np

    if not np.isfinite(table).all():
        raise ValueError("A value is missing or is no number: leave out the persons who have no value.")
    return table


def as_sample(values: Sequence[float]) -> NDArray[np.float64]:
    """One value a person as an array. Raises ValueError for what is no number."""
    return as_table([[value] for value in values]).reshape(-1)


def variance(values: NDArray[np.float64]) -> float:
    """Variance with n - 1; exactly 0 where all values are equal but for rounding. Takes two values or more."""
    import numpy as np

    found = float(np.var(values, ddof=1))
    return found if found > ROUNDING * float(np.max(np.square(values))) else 0.0


def t_quantile(df: float) -> float:
    """The quantile of Student's t for a two-sided 95 % interval."""
    from scipy.special import stdtrit

    return float(stdtrit(df, UPPER))


def t_probability(t: float, df: float) -> float:
    """Two-sided p of Student's t."""
    from scipy.special import stdtr

    return 2 * float(stdtr(df, -abs(t)))
