"""How well the items of a scale measure one thing together: alpha, omega, item-rest correlations.

Sources: Cronbach (1951), Psychometrika 16; interval: Feldt, Woodruff & Salih (1987), Applied Psychological
Measurement 11; omega: McDonald (1999), Test Theory; maximum likelihood: Joreskog (1967), Psychometrika 32.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from learning.psychometrics.samples import LOWER, UPPER, Estimate, Table, as_table, variance

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Fewest items that determine a one-factor model.
FEWEST_ITEMS = 3
#: A uniqueness below this share of the item's variance is a Heywood case: the model does not fit these answers.
HEYWOOD = 0.005
#: How far down the search for uniquenesses goes: below the guard, so that a Heywood case is seen.
_LEAST_UNIQUENESS = 0.001
#: What an item must have beyond the others, as a share of its variance, so that it does not repeat them.
_POSITIVE = 1e-10


@dataclass(frozen=True, slots=True)
class OneFactor:
    """A one-factor model, Sigma = l l' + diag(u), in the metric of the covariance matrix it was fitted to."""

    #: Signed so that their sum is not negative.
    loadings: tuple[float, ...]
    uniquenesses: tuple[float, ...]
    #: F = ln |Sigma| + tr(S Sigma^-1) - ln |S| - k at the minimum.
    discrepancy: float
    #: Whether a uniqueness fell below 0.005 of its item's variance.
    heywood: bool

    @property
    def omega(self) -> float:
        """(sum l)^2 / ((sum l)^2 + sum u): share of the common factor in the model's variance of the total."""
        common = sum(self.loadings) ** 2
        return common / (common + sum(self.uniquenesses))


def cronbach_alpha(scores: Table) -> Estimate | None:
    """alpha = k/(k-1) (1 - sum s_i^2 / s_T^2) with Feldt's 95 % interval.

    ``scores``: persons x items, complete cases, keyed. None for fewer than two persons or items, or where all totals
    are equal. Raises ValueError for gaps.
    """
    table = as_table(scores)
    persons, items = table.shape
    if persons < 2 or items < 2:
        return None
    total = variance(table.sum(axis=1))
    if total == 0:
        return None
    alpha = items / (items - 1) * (1 - sum(variance(column) for column in table.T) / total)
    # Perfectly correlated items of one variance leave a rounding of either sign
    error = max(0.0, 1 - alpha)
    return Estimate(1 - error, *feldt_interval(1 - error, persons, items))


def feldt_interval(alpha: float, persons: int, items: int) -> tuple[float, float]:
    """Feldt's 95 % interval of an alpha, of two persons and two items or more."""
    from scipy.special import fdtri

    freedom = (persons - 1, (persons - 1) * (items - 1))
    return 1 - (1 - alpha) * float(fdtri(*freedom, UPPER)), 1 - (1 - alpha) * float(fdtri(*freedom, LOWER))


def mcdonald_omega(scores: Table | NDArray[np.float64], standardized: bool = False) -> float | None:
    """Omega of a one-factor model by maximum likelihood, of the raw items or of the standardized ones.

    ``scores``: persons x items, complete cases, keyed. None for fewer than three items, for no more persons than
    items, where an item does not vary or repeats others (no positive definite covariance matrix), and for a Heywood
    case: there the model does not fit, and any figure would be invented. Raises ValueError for gaps.
    """
    import numpy as np

    table = as_table(scores)
    persons, items = table.shape
    if items < FEWEST_ITEMS or persons <= items:
        return None
    deviations = np.array([math.sqrt(variance(column)) for column in table.T])
    if not deviations.all():
        return None
    if standardized:
        table = table / deviations
    model = one_factor(np.cov(table, rowvar=False))
    return None if model is None or model.heywood else model.omega


def one_factor(covariance: NDArray[np.float64]) -> OneFactor | None:
    """Fit one factor to a covariance matrix of three or more items by maximum likelihood.

    The fit is done on correlations and put back into the metric of the matrix, since the model does not depend on it.
    None for a matrix that is not positive definite.
    """
    import numpy as np

    deviations = np.sqrt(np.diag(covariance))
    correlations = covariance / np.outer(deviations, deviations)
    try:
        # Its diagonal holds what each item has beyond those before it
        own = np.square(np.diag(np.linalg.cholesky(correlations)))
    except np.linalg.LinAlgError:
        return None
    if own.min() < _POSITIVE:
        return None
    # There can be several minima: start from what the other items leave open, and from halves
    others = np.clip((1 - 0.5 / len(own)) / np.diag(np.linalg.inv(correlations)), 2 * _LEAST_UNIQUENESS, 1.0)
    value, loadings, uniquenesses = min(
        (_search(start, correlations) for start in (others, np.full(len(own), 0.5))), key=lambda found: found[0]
    )
    heywood = bool(uniquenesses.min() < HEYWOOD)
    loadings, uniquenesses = loadings * deviations, uniquenesses * deviations**2
    if loadings.sum() < 0:
        loadings = -loadings
    discrepancy = value - float(np.log(own).sum()) - len(own)
    return OneFactor(tuple(map(float, loadings)), tuple(map(float, uniquenesses)), discrepancy, heywood)


def _search(
    start: NDArray[np.float64], correlations: NDArray[np.float64]
) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
    """The least ln |Sigma| + tr(S Sigma^-1) on the way from some uniquenesses, its loadings and uniquenesses."""
    import numpy as np
    from scipy.optimize import minimize

    items = len(start)
    root = np.sqrt(start)
    # For given uniquenesses the best loadings are the first eigenvector of u^-1/2 S u^-1/2
    values, vectors = np.linalg.eigh(correlations / np.outer(root, root))
    loadings = root * vectors[:, -1] * math.sqrt(max(0.01, float(values[-1]) - 1))
    # BFGS, since scipy's L-BFGS-B wakes threads for each of its tiny systems and waits for them on a busy machine
    found = minimize(
        _discrepancy,
        np.concatenate([loadings, np.log(start - _LEAST_UNIQUENESS)]),
        args=(correlations,),
        jac=True,
        method="BFGS",
        options={"gtol": 1e-8, "maxiter": 1000},
    )
    return float(found.fun), found.x[:items], _LEAST_UNIQUENESS + np.exp(found.x[items:])


def _discrepancy(at: NDArray[np.float64], correlations: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
    """ln |Sigma| + tr(S Sigma^-1) and its gradient, by the loadings and the logarithms of the uniquenesses above the least.

    Sigma = diag(u) + l l' is turned round by the formula of Sherman and Morrison.
    """
    import numpy as np

    loadings, logarithms = np.split(at, 2)
    above = np.exp(logarithms)
    uniquenesses = _LEAST_UNIQUENESS + above
    weights = loadings / uniquenesses
    common = 1 + float(loadings @ weights)
    inverse = np.diag(1 / uniquenesses) - np.outer(weights, weights) / common
    product = inverse @ correlations
    value = float(np.log(uniquenesses).sum()) + math.log(common) + float(np.trace(product))
    slope = inverse - product @ inverse
    return value, np.concatenate([2 * slope @ loadings, np.diag(slope) * above])


def item_rest_correlations(scores: Table) -> tuple[float | None, ...]:
    """r(item, total - item) of each item; None where the item or the rest does not vary.

    ``scores``: persons x items, complete cases, keyed. A negative one asks whether the item is keyed the right way.
    Raises ValueError for gaps.
    """
    table = as_table(scores)
    if len(table) < 2:
        return (None,) * table.shape[1]
    total = table.sum(axis=1)
    return tuple(correlation(item, total - item) for item in table.T)


def correlation(first: NDArray[np.float64], second: NDArray[np.float64]) -> float | None:
    """Pearson's r of two samples of two values or more; None where one does not vary."""
    import numpy as np

    spread = variance(first) * variance(second)
    if spread == 0:
        return None
    r = float(np.cov(first, second)[0, 1]) / math.sqrt(spread)
    return max(-1.0, min(1.0, r))


def standard_error_of_measurement(sd: float, reliability: float) -> float:
    """SEM = SD sqrt(1 - reliability), in the unit of the SD. Raises ValueError for what is no SD or no reliability."""
    if not sd >= 0 or math.isinf(sd):
        raise ValueError(f"A standard deviation is 0 or more; this one is {sd:g}.")
    if not 0 <= reliability <= 1:
        raise ValueError(f"A reliability lies between 0 and 1; this one is {reliability:g}, so no error can be told.")
    return sd * math.sqrt(1 - reliability)
