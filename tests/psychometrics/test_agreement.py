"""Whether people see the same, and whether departments differ."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.psychometrics.oracles import group_differences, shrunken_means, within_group_agreement
from tests.psychometrics.samples import DEPARTMENTS, DYESTUFF, JUDGES, table


def test_agreement_of_the_worked_example() -> None:
    answers = table("4 4 3/4 5 4/3 4 4/4 4 4/5 4 4")
    assert within_group_agreement(answers, 5) == pytest.approx(0.944444, abs=1e-6)


def test_full_agreement_is_one_and_answers_by_chance_are_zero() -> None:
    assert within_group_agreement([[3, 4]] * 4, 5) == 1
    # Variance 2 of five categories is that of answers by chance; this is more
    assert within_group_agreement([[1.0], [5.0]], 5) == 0
    assert within_group_agreement([[3, 4]], 5) is None
    with pytest.raises(ValueError, match="2 or more categories"):
        within_group_agreement([[1], [1]], 1)


def test_departments_of_the_worked_example() -> None:
    found = group_differences(DEPARTMENTS)
    assert found
    assert (found.between, found.within, found.size, found.icc1, found.icc2, found.f, found.p) == pytest.approx(
        (196.95, 50.705, 7.391304, 0.280689, 0.742549, 3.884232, 0.037565), abs=1e-6
    )
    assert (found.groups, found.persons) == (3, 23)


def test_published_intraclass_correlations() -> None:
    judges = group_differences(JUDGES)
    assert judges
    assert (judges.icc1, judges.icc2) == pytest.approx((0.165742, 0.442797), abs=1e-6)
    dyestuff = group_differences(DYESTUFF)
    assert dyestuff
    assert (dyestuff.tau2, dyestuff.within) == pytest.approx((1764.05, 2451.25), abs=1e-6)
    assert (dyestuff.icc1, dyestuff.icc2) == pytest.approx((0.418487, 0.782527), abs=1e-6)


def test_the_analysis_agrees_with_another_program() -> None:
    from scipy import stats

    for seed in range(200):
        chance = np.random.default_rng(seed)
        groups = [
            chance.normal(50 + 5 * place, 15, chance.integers(2, 9)).tolist() for place in range(chance.integers(2, 6))
        ]
        found, theirs = group_differences(groups), stats.f_oneway(*groups)
        assert found
        assert (found.f, found.p) == pytest.approx((theirs.statistic, theirs.pvalue), abs=1e-6)


def test_shrinkage_of_the_worked_example() -> None:
    found = shrunken_means(DEPARTMENTS)
    assert found
    assert (found.tau2, found.mean) == pytest.approx((19.786088, 56.161320), abs=1e-6)
    assert [each.raw for each in found.groups] == pytest.approx([56.0, 50.4, 61.1])
    assert [each.value for each in found.groups] == pytest.approx([56.039139, 52.352263, 60.092558], abs=1e-6)
    assert [each.standard_error for each in found.groups] == pytest.approx([2.190982, 2.589334, 2.009022], abs=1e-6)


def test_published_shrinkage() -> None:
    found = shrunken_means(DYESTUFF)
    assert found
    assert found.mean == pytest.approx(1527.5)
    assert [each.value - found.mean for each in found.groups] == pytest.approx(
        [-17.606851, 0.391263, 28.562226, -23.084538, 56.733188, -44.995287], abs=1e-6
    )
    uneven = shrunken_means(table("62 70 55 66 58 61/45 50 41 48 52/72 65 70 75 68 71 66"))
    assert uneven
    assert [each.value for each in uneven.groups] == pytest.approx([61.937208, 47.592094, 69.345183], abs=1e-6)


def test_groups_that_differ_by_chance_only_are_drawn_together() -> None:
    found = shrunken_means([[40, 60], [45, 55], [50, 50]])
    assert found
    assert found.tau2 == 0
    assert [each.value for each in found.groups] == pytest.approx([50, 50, 50])


@pytest.mark.parametrize("groups", [[], [[50, 60]], [[50], [60]], [[], [50, 60]]])
def test_too_little_to_compare_gives_none(groups: list[list[float]]) -> None:
    assert group_differences(groups) is None


def test_groups_in_which_nobody_differs() -> None:
    same = group_differences([[50, 50], [50, 50]])
    assert same
    assert (same.icc1, same.icc2, same.f, same.p) == (None, None, None, None)
    assert shrunken_means([[50, 50], [50, 50]]) is None
    apart = shrunken_means([[40, 40], [60, 60]])
    assert apart
    assert [each.value for each in apart.groups] == [40, 60]
    with pytest.raises(ValueError, match="A group has no people"):
        shrunken_means([[50, 60], []])


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(0, 100).map(float), min_size=1, max_size=6), max_size=6))
def test_a_shrunken_mean_lies_between_the_raw_one_and_the_common_one(groups: list[list[float]]) -> None:
    found = shrunken_means(groups)
    if found is None:
        return
    assert found.tau2 >= 0
    for each in found.groups:
        low, high = sorted((each.raw, found.mean))
        assert low - 1e-9 <= each.value <= high + 1e-9
        assert math.isfinite(each.standard_error)
