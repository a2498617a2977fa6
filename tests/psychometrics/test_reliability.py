"""Reliability of a scale, against worked figures and against other programs."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learning.psychometrics.reliability import (
    cronbach_alpha,
    item_rest_correlations,
    mcdonald_omega,
    one_factor,
    standard_error_of_measurement,
)
from learning.psychometrics.samples import Estimate
from tests.proof import times
from tests.psychometrics.samples import ABILITY, EIGHT, HEYWOOD, KEYED, POINTS, random_answers

#: Random data sets that are compared with other programs.
DATA_SETS = times(40, 200)


def digits(*values: float) -> object:
    """The figures as printed, six digits behind the point."""
    return pytest.approx(values, abs=1e-6)


def three(estimate: Estimate | None) -> tuple[float, float, float]:
    assert estimate is not None
    return estimate.value, estimate.low, estimate.high


# Worked figures


def test_alpha_and_its_interval_are_those_of_the_worked_examples() -> None:
    assert three(cronbach_alpha(EIGHT)) == digits(0.951262, 0.864414, 0.988866)
    assert three(cronbach_alpha(KEYED)) == pytest.approx((0.8058139535, 0.6000816839, 0.9252154026), abs=1e-10)
    alpha = cronbach_alpha(HEYWOOD)
    assert alpha is not None
    assert alpha.value == pytest.approx(0.896801, abs=1e-6)


def test_alpha_without_each_item_is_that_of_the_worked_example() -> None:
    rest = [cronbach_alpha([row[:place] + row[place + 1 :] for row in KEYED]) for place in range(6)]
    assert [three(each)[0] for each in rest] == digits(0.793808, 0.761776, 0.804711, 0.788330, 0.744519, 0.747691)


def test_the_interval_has_feldts_degrees_of_freedom() -> None:
    """Of alpha .85 with 7 items and 89 persons, rebuilt from answers that have this alpha."""
    from scipy.special import fdtri

    # 88 and 88 * 6; the other habit, 89 * 6, would give 0.7971254
    assert 1 - 0.15 * fdtri(88, 528, 0.975) == pytest.approx(0.7970649, abs=1e-7)
    value, low, _ = three(cronbach_alpha(_with_alpha(0.85, persons=89, items=7)))
    assert (value, low) == pytest.approx((0.85, 0.7970649), abs=1e-7)


def _with_alpha(alpha: float, persons: int, items: int) -> list[list[float]]:
    """Answers whose covariances are all equal and give this alpha."""
    r = alpha / (items - alpha * (items - 1))
    wanted = np.linalg.cholesky(np.full((items, items), r) + np.eye(items) * (1 - r))
    random = np.random.default_rng(1).standard_normal((persons, items))
    random -= random.mean(axis=0)
    white = random @ np.linalg.inv(np.linalg.cholesky(np.cov(random, rowvar=False))).T
    return (white @ wanted.T).tolist()


def test_item_rest_correlations_are_those_of_the_worked_examples() -> None:
    assert item_rest_correlations(EIGHT) == digits(0.968033, 0.881295, 0.842249, 0.810079, 0.867256)
    assert item_rest_correlations(KEYED) == digits(0.493007, 0.645846, 0.444962, 0.510454, 0.692942, 0.676426)


def test_omega_is_that_of_the_worked_example_in_both_metrics() -> None:
    assert mcdonald_omega(KEYED) == pytest.approx(0.822054, abs=1e-6)
    assert mcdonald_omega(KEYED, standardized=True) == pytest.approx(0.817118, abs=1e-6)


def test_the_one_factor_model_of_the_worked_example() -> None:
    model = one_factor(np.cov(np.array(KEYED), rowvar=False))
    assert model is not None
    assert model.loadings == digits(0.445738, 0.755952, 0.618354, 0.615273, 1.226720, 0.967033)
    assert model.uniquenesses == digits(0.496556, 0.457108, 1.312876, 0.545249, 0.780872, 1.045800)
    assert model.discrepancy == pytest.approx(0.656886, abs=1e-6)
    standardized = one_factor(np.corrcoef(np.array(KEYED), rowvar=False))
    assert standardized is not None
    assert standardized.loadings == digits(0.534580, 0.745378, 0.474922, 0.640142, 0.811399, 0.687075)


def test_the_one_factor_model_of_published_covariances() -> None:
    covariance = np.zeros((6, 6))
    for row, values in enumerate(ABILITY):
        covariance[row, : row + 1] = covariance[: row + 1, row] = values
    deviations = np.sqrt(np.diag(covariance))
    model = one_factor(covariance / np.outer(deviations, deviations))
    assert model is not None
    assert model.uniquenesses == pytest.approx((0.535, 0.853, 0.748, 0.910, 0.232, 0.280), abs=5e-4)
    assert model.loadings == pytest.approx((0.682, 0.384, 0.502, 0.300, 0.877, 0.849), abs=5e-4)
    # Chi-square with Bartlett's correction, as R prints it
    assert model.discrepancy * (112 - 1 - (2 * 6 + 5) / 6 - 2 / 3) == pytest.approx(75.1796, abs=1e-4)
    assert model.omega == pytest.approx(0.783986, abs=1e-6)
    raw = one_factor(covariance)
    assert raw is not None
    assert raw.omega == pytest.approx(0.800745, abs=1e-6)


@pytest.mark.parametrize("answers", [EIGHT, HEYWOOD])
def test_a_heywood_case_has_no_omega(answers: list[list[float]]) -> None:
    assert mcdonald_omega(answers) is None
    assert mcdonald_omega(answers, standardized=True) is None
    model = one_factor(np.cov(np.array(answers), rowvar=False))
    assert model is not None
    assert model.heywood


def test_the_error_of_measurement_is_that_of_the_worked_examples() -> None:
    eight = [100 * sum(row) / 20 for row in EIGHT]
    sd = float(np.std(eight, ddof=1))
    assert sd == pytest.approx(27.572955, abs=1e-6)
    assert standard_error_of_measurement(sd, three(cronbach_alpha(EIGHT))[0]) == pytest.approx(6.087164, abs=1e-6)
    sem = standard_error_of_measurement(float(np.std(POINTS, ddof=1)), three(cronbach_alpha(KEYED))[0])
    assert sem == pytest.approx(9.399989, abs=1e-6)
    assert standard_error_of_measurement(7.5, 0.80) == pytest.approx(3.354102, abs=1e-6)


@pytest.mark.parametrize(
    ("sd", "reliability"), [(-1, 0.5), (math.nan, 0.5), (math.inf, 0.5), (1, -0.1), (1, 1.1), (1, math.nan)]
)
def test_what_is_no_sd_or_no_reliability_is_named(sd: float, reliability: float) -> None:
    with pytest.raises(ValueError, match=r"is 0 or more|between 0 and 1"):
        standard_error_of_measurement(sd, reliability)


# Other programs


@pytest.mark.prove
def test_alpha_and_item_rest_agree_with_another_program() -> None:
    import pandas
    import pingouin

    for seed in range(DATA_SETS):
        answers = random_answers(seed)
        frame = pandas.DataFrame(answers)
        alpha, interval = pingouin.cronbach_alpha(frame)
        value, low, high = three(cronbach_alpha(answers))
        assert value == pytest.approx(alpha, abs=1e-6), seed
        # It rounds its interval
        assert (low, high) == pytest.approx(tuple(interval), abs=5.001e-4), seed
        total = frame.sum(axis=1)
        assert item_rest_correlations(answers) == pytest.approx(
            [item.corr(total - item) for _, item in frame.items()], abs=1e-6
        )


@pytest.mark.prove
def test_omega_agrees_with_a_search_over_loadings_and_uniquenesses() -> None:
    found = 0
    for seed in range(DATA_SETS):
        answers = random_answers(seed)
        covariance = np.cov(np.array(answers), rowvar=False)
        omega = mcdonald_omega(answers)
        value, loadings, uniquenesses = _search(covariance)
        if omega is None:
            # Refused for a reason that the other search sees too, or because it is stuck above our minimum
            ours = one_factor(covariance)
            assert ours is not None
            assert (uniquenesses / np.diag(covariance)).min() < 0.005 or value > ours.discrepancy + 1e-3, seed
            continue
        found += 1
        expected = loadings.sum() ** 2 / (loadings.sum() ** 2 + uniquenesses.sum())
        assert omega == pytest.approx(expected, abs=1e-6), seed
    assert found > 0.7 * DATA_SETS


def _search(covariance: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    """Minimise F over 2 k numbers at once: nothing of the closed form that the code uses."""
    from scipy.optimize import minimize

    items = len(covariance)
    known = np.linalg.slogdet(covariance)[1] + items

    def discrepancy(at: np.ndarray) -> tuple[float, np.ndarray]:
        loadings, uniquenesses = at[:items], np.exp(at[items:])
        inverse = np.linalg.inv(np.outer(loadings, loadings) + np.diag(uniquenesses))
        slope = inverse - inverse @ covariance @ inverse
        value = -np.linalg.slogdet(inverse)[1] + np.trace(covariance @ inverse) - known
        return value, np.concatenate([2 * slope @ loadings, np.diag(slope) * uniquenesses])

    variances = np.diag(covariance)
    start = np.concatenate([np.sqrt(variances) * 0.6, np.log(variances * 0.64)])
    found = minimize(discrepancy, start, jac=True, method="BFGS", options={"gtol": 1e-9, "maxiter": 500})
    return found.fun, found.x[:items], np.exp(found.x[items:])


def test_loadings_agree_with_another_program() -> None:
    from statsmodels.multivariate.factor import Factor

    correlations = np.corrcoef(np.array(KEYED), rowvar=False)
    theirs = np.abs(Factor(corr=correlations, n_factor=1, method="ml", nobs=15).fit().loadings[:, 0])
    ours = one_factor(correlations)
    assert ours is not None
    assert ours.loadings == pytest.approx(theirs, abs=1e-6)


# Edges


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param([], id="nobody"),
        pytest.param([[1, 2, 3]], id="one person"),
        pytest.param([[1], [2], [3], [4]], id="one item"),
        pytest.param([[3, 3, 3]] * 5, id="nobody differs"),
        pytest.param([[1, 5], [5, 1], [3, 3]], id="totals are equal"),
        pytest.param([[0.1, 0.7]] * 3, id="equal but for rounding"),
    ],
)
def test_what_determines_no_alpha_gives_none(answers: list[list[float]]) -> None:
    assert cronbach_alpha(answers) is None
    assert mcdonald_omega(answers) is None


def test_two_persons_have_an_alpha() -> None:
    assert all(math.isfinite(each) for each in three(cronbach_alpha([[1, 2, 1], [4, 3, 5]])))


def test_items_that_say_the_same_have_alpha_one_and_no_omega() -> None:
    answers = [[value, value, value, value] for value in (1, 2, 4, 5, 3, 2)]
    assert three(cronbach_alpha(answers)) == pytest.approx((1, 1, 1))
    assert mcdonald_omega(answers) is None
    assert item_rest_correlations(answers) == pytest.approx((1, 1, 1, 1))


def test_an_item_that_does_not_vary_has_no_item_rest_correlation() -> None:
    answers = [[1, 3, 2], [2, 3, 2], [5, 3, 4]]
    first, constant, _ = item_rest_correlations(answers)
    assert first is not None
    assert constant is None
    assert item_rest_correlations([[1], [2]]) == (None,)
    assert item_rest_correlations([[1, 2]]) == (None, None)


def test_no_more_persons_than_items_have_no_omega() -> None:
    answers = random_answers(3)
    items = len(answers[0])
    assert mcdonald_omega(answers[:items]) is None


@pytest.mark.parametrize("function", [cronbach_alpha, mcdonald_omega, item_rest_correlations])
def test_gaps_are_named(function) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match="Some persons have 2 values and others 3"):
        function([[1, 2, 3], [1, 2]])
    with pytest.raises(ValueError, match="missing or is no number"):
        function([[1, 2], [3, math.nan]])


@settings(deadline=None)
@given(st.integers(1, 6).flatmap(lambda k: st.lists(st.lists(st.integers(1, 5), min_size=k, max_size=k), max_size=9)))
def test_never_anything_but_a_number_or_none(answers: list[list[int]]) -> None:
    alpha = cronbach_alpha(answers)
    assert alpha is None or (all(map(math.isfinite, three(alpha))) and alpha.low <= alpha.value <= 1)
    omega = mcdonald_omega(answers)
    assert omega is None or 0 <= omega <= 1
    assert all(r is None or -1 <= r <= 1 for r in item_rest_correlations(answers))


@settings(max_examples=20, deadline=None)
@given(st.permutations(range(15)), st.permutations(range(6)))
def test_the_order_of_persons_and_items_never_matters(persons: list[int], items: list[int]) -> None:
    mixed = [[KEYED[person][item] for item in items] for person in persons]
    assert three(cronbach_alpha(mixed)) == pytest.approx(three(cronbach_alpha(KEYED)))
    assert mcdonald_omega(mixed) == pytest.approx(mcdonald_omega(KEYED), abs=1e-7)


def test_alpha_of_right_and_wrong_is_kr20() -> None:
    right = [[float(value > 3) for value in row] for row in KEYED]
    answers = np.array(right)
    p = answers.mean(axis=0)
    kr20 = 6 / 5 * (1 - (p * (1 - p)).sum() / answers.sum(axis=1).var())
    assert three(cronbach_alpha(right))[0] == pytest.approx(kr20)
