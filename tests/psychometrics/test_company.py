"""What a company is told of all its people together."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learning.psychometrics.company import detectable_difference, response_rate
from tests.psychometrics.oracles import company_mean
from tests.psychometrics.samples import POINTS


def test_the_mean_of_the_worked_example_with_and_without_those_invited() -> None:
    mean = company_mean(POINTS)
    assert mean
    assert (mean.value, mean.low, mean.high) == pytest.approx((53.055556, 41.242648, 64.868463), abs=1e-6)
    now = company_mean(POINTS, invited=40)
    assert now
    assert (now.value, now.low, now.high) == pytest.approx((53.055556, 43.716632, 62.394479), abs=1e-6)


def test_everybody_answered_leaves_nothing_to_chance() -> None:
    mean = company_mean([40, 60], invited=2)
    assert mean
    assert (mean.low, mean.high) == (50, 50)
    assert company_mean([50]) is None
    with pytest.raises(ValueError, match="3 answers from 2 people invited"):
        company_mean([1, 2, 3], invited=2)


def test_the_response_rate_of_the_worked_example() -> None:
    rate = response_rate(23, 40)
    assert rate
    assert (rate.value, rate.low, rate.high) == pytest.approx((0.575, 0.421951, 0.714906), abs=1e-6)
    assert response_rate(0, 0) is None
    with pytest.raises(ValueError, match="5 answers from 4 people invited"):
        response_rate(5, 4)


@settings(deadline=None)
@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_response_rate_agrees_with_another_program(counts: tuple[int, int]) -> None:
    from statsmodels.stats.proportion import proportion_confint

    rate = response_rate(*counts)
    assert rate
    assert (rate.low, rate.high) == pytest.approx(proportion_confint(*counts, method="wilson"), abs=1e-6)
    assert 0 <= rate.low <= rate.value <= rate.high <= 1


@pytest.mark.parametrize(("persons", "d"), [(30, 0.74), (60, 0.52), (120, 0.36)])
def test_what_a_campaign_can_detect(persons: int, d: float) -> None:
    found = detectable_difference(persons, persons)
    assert found == pytest.approx(d, abs=0.005)
    assert detectable_difference(persons, 1) is None


def test_what_can_be_detected_agrees_with_another_program() -> None:
    from statsmodels.stats.power import TTestIndPower

    for before, after in ((2, 2), (5, 9), (30, 30), (40, 25), (300, 280)):
        theirs = TTestIndPower().solve_power(nobs1=before, ratio=after / before, alpha=0.05, power=0.80)
        assert detectable_difference(before, after) == pytest.approx(theirs, abs=1e-4)
