"""How well the items of a scale measure one thing together: alpha, omega, item-rest correlations.

Sources: Cronbach (1951), Psychometrika 16; interval: Feldt, Woodruff & Salih (1987), Applied Psychological
Measurement 11; omega: McDonald (1999), Test Theory; the one-factor model by maximum likelihood over the
uniquenesses: Joreskog (1967), Psychometrika 32.
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
#: Eigenvalues of a correlation matrix from here on count as positive.
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
    from scipy.special import fdtri

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
    freedom = (persons - 1, (persons - 1) * (items - 1))
    return Estimate(1 - error, 1 - error * float(fdtri(*freedom, UPPER)), 1 - error * float(fdtri(*freedom, LOWER)))


def mcdonald_omega(scores: Table, standardized: bool = False) -> float | None:
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

    For given uniquenesses the best loadings are known in closed form, so only k numbers are searched for. The fit is
    done on correlations and put back into the metric of the matrix, since the model does not depend on it. None for
    a matrix that is not positive definite.
    """
    import numpy as np
    from scipy.optimize import minimize

    deviations = np.sqrt(np.diag(covariance))
    correlations = covariance / np.outer(deviations, deviations)
    if np.linalg.eigvalsh(correlations)[0] < _POSITIVE:
        return None
    start = (1 - 0.5 / len(deviations)) / np.diag(np.linalg.inv(correlations))
    bounds = [(math.log(_LEAST_UNIQUENESS), 0.0)] * len(deviations)
    found = minimize(
        _profile,
        np.log(np.clip(start, _LEAST_UNIQUENESS, 1.0)),
        args=(correlations,),
        jac=True,
        method="L-BFGS-B",
        bounds=bounds,
        options={"maxiter": 1000, "ftol": 0.0, "gtol": 1e-10},
    )
    uniquenesses = np.exp(found.x)
    loadings = _loadings(uniquenesses, correlations)
    heywood = bool(uniquenesses.min() < HEYWOOD)
    loadings, uniquenesses = loadings * deviations, uniquenesses * deviations**2
    if loadings.sum() < 0:
        loadings = -loadings
    return OneFactor(tuple(map(float, loadings)), tuple(map(float, uniquenesses)), float(found.fun), heywood)


def _scaled(
    uniquenesses: NDArray[np.float64], correlations: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Eigenvalues, rising, and eigenvectors of u^-1/2 R u^-1/2."""
    import numpy as np

    root = np.sqrt(uniquenesses)
    values, vectors = np.linalg.eigh(correlations / np.outer(root, root))
    return values, vectors


def _loadings(uniquenesses: NDArray[np.float64], correlations: NDArray[np.float64]) -> NDArray[np.float64]:
    """The best loadings for given uniquenesses."""
    import numpy as np

    values, vectors = _scaled(uniquenesses, correlations)
    best: NDArray[np.float64] = np.sqrt(uniquenesses) * vectors[:, -1] * math.sqrt(max(0.0, values[-1] - 1))
    return best


def _profile(logarithms: NDArray[np.float64], correlations: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
    """F at the best loadings, and its gradient, by the logarithms of the uniquenesses."""
    import numpy as np

    uniquenesses = np.exp(logarithms)
    rest = _scaled(uniquenesses, correlations)[0][:-1]
    value = float(np.sum(rest - np.log(rest) - 1))
    implied = _loadings(uniquenesses, correlations) ** 2 + uniquenesses
    return value, (implied - np.diag(correlations)) / uniquenesses


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
