"""Figures from counts, means and squares are those of the samples, and no one answer moves them further than we say."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from learning.psychometrics.reach import (
    Moments,
    Sample,
    agreement_reach,
    alpha_reach,
    analysis_of_variance,
    bonett_d,
    bonett_half,
    difference,
    drawn_means,
    drawn_reaches,
    half_reach,
    hedges_g,
    mean_reach,
    reach,
    sd_reach,
    welch_half,
)
from learning.psychometrics.reliability import cronbach_alpha
from learning.psychometrics.rounding import Reach
from tests.proof import times
from tests.psychometrics.oracles import (
    company_mean,
    group_differences,
    independent_change,
    shrunken_means,
    within_group_agreement,
)
from tests.psychometrics.samples import DEPARTMENTS, POINTS, WAVE_1, WAVE_2


def _sample(points: Sequence[float], move: float = 8.0) -> Sample:
    return Sample.of(np.array(points, dtype=float), np.full(len(points), move))


def test_the_worked_examples_come_out_of_what_is_left_of_them() -> None:
    both = [_sample(WAVE_1).moments, _sample(WAVE_2).moments]
    change = independent_change(WAVE_1, WAVE_2)
    assert change
    assert change.d
    assert difference(both) == pytest.approx(change.difference.value)
    assert welch_half(both) == pytest.approx(change.difference.high - change.difference.value)
    assert (difference(both) - welch_half(both), difference(both) + welch_half(both)) == pytest.approx(
        (1.288075, 13.104782), abs=1e-6
    )
    assert hedges_g(both) == pytest.approx(0.899359, abs=1e-6)
    half = bonett_half(both)
    assert half
    assert (bonett_d(both), half) == pytest.approx((change.d.value, change.d.high - change.d.value))
    mean, half_of_mean = mean_reach(_sample(POINTS)), half_reach(_sample(POINTS), 40)
    expected = company_mean(POINTS, invited=40)
    assert expected
    assert half_of_mean
    assert (mean.value, half_of_mean.value) == pytest.approx((expected.value, expected.high - expected.value))


def test_departments_differ_and_are_drawn_as_before() -> None:
    moments = [_sample(each).moments for each in DEPARTMENTS]
    assert analysis_of_variance(moments) == pytest.approx(group_differences(DEPARTMENTS))
    drawn, expected = drawn_means(moments), shrunken_means(DEPARTMENTS)
    assert drawn
    assert expected
    assert [each.value for each in drawn] == pytest.approx([each.value for each in expected.groups])
    # The error of the common mean comes on top
    assert all(mine.half > 1.959964 * each.standard_error for mine, each in zip(drawn, expected.groups, strict=True))
    equal = drawn_means([Moments(9, 50, 3000.0), Moments(9, 50, 3000.0), Moments(9, 50, 2800.0)])
    assert equal
    assert equal[0].half > 5
    assert drawn_means([Moments(9, 50, 0.0), Moments(9, 50, 0.0)]) is None


def _icc1(moments: Sequence[Moments]) -> float | None:
    return analysis_of_variance(moments).icc1


def _p(moments: Sequence[Moments]) -> float | None:
    return analysis_of_variance(moments).p


def _beside(
    figure: Callable[[Sequence[Moments]], float | None], other: Sample
) -> Callable[[list[float]], float | None]:
    return lambda points: figure([_sample(points).moments, other.moments])


def _everybody(points: list[float], move: float) -> list[list[float]]:
    """All samples in which one person moved by up to so much, in four steps."""
    found = []
    for place, each in enumerate(points):
        for by in (-move, -move / 2, move / 2, move):
            if 0 <= each + by <= 100:
                found.append([*points[:place], each + by, *points[place + 1 :]])
    return found


@pytest.mark.prove
def test_nobody_moves_a_figure_beyond_its_reach() -> None:
    chance = np.random.default_rng(11)
    tries = 0

    def sd(points: Sequence[float]) -> float:
        return float(np.std(points, ddof=1))

    def half(points: Sequence[float]) -> float:
        found = company_mean(points)
        assert found
        return found.high - found.value

    for _ in range(times(25, 400)):
        sizes = chance.integers(2, 25, 2)
        waves = [[float(25 / 3 * v) for v in chance.integers(0, 13, size)] for size in sizes]
        samples = [_sample(each, 50 / 3) for each in waves]
        figures: list[tuple[Callable[[list[float]], float | None], Reach | None]] = [
            (lambda p: float(np.mean(p)), mean_reach(samples[0])),
            (sd, sd_reach(samples[0])),
            (half, half_reach(samples[0], None)),
        ]
        for figure in (welch_half, hedges_g, bonett_d, bonett_half, _icc1, _p):
            figures.append((_beside(figure, samples[1]), reach(figure, samples)))
        drawn = drawn_reaches(samples)
        for moved in _everybody(waves[0], 50 / 3):
            for figure, found in figures:
                value = figure(moved)
                if found is not None and value is not None:
                    assert found.low - 1e-9 <= value <= found.high + 1e-9
                    tries += 1
            again = drawn_means([_sample(moved).moments, samples[1].moments])
            if drawn and again:
                assert drawn[0][0].low - 1e-9 <= again[0].value <= drawn[0][0].high + 1e-9
                assert drawn[1][0].low - 1e-9 <= again[1].value <= drawn[1][0].high + 1e-9
    print(f"reach of figures: {tries} figures with one answer changed, none beyond its reach")
    assert tries > 1000


@pytest.mark.prove
def test_no_answer_moves_agreement_or_alpha_beyond_their_reach() -> None:
    chance = np.random.default_rng(12)
    tries = 0
    for _ in range(times(10, 150)):
        people, items = int(chance.integers(5, 30)), int(chance.integers(2, 6))
        tendency = chance.normal(0, 1, (people, 1))
        table = np.clip(np.rint(2 + tendency + chance.normal(0, 0.8, (people, items))), 0, 4).astype(np.int8)
        alpha, agreement = alpha_reach(table), agreement_reach(table, 5)
        base = within_group_agreement(table.tolist(), 5)
        assert agreement.value == pytest.approx(base)
        for person, item in np.ndindex(table.shape):
            for value in range(5):
                if 0 < abs(value - table[person, item]) <= 2:
                    other = table.copy()
                    other[person, item] = value
                    found = within_group_agreement(other.tolist(), 5)
                    assert found is not None
                    assert agreement.low - 1e-9 <= found <= agreement.high + 1e-9
                    reliability = cronbach_alpha(other.tolist())
                    if alpha and reliability:
                        assert alpha.low - 1e-9 <= reliability.value <= alpha.high + 1e-9
                    tries += 1
    print(f"reach of agreement and alpha: {tries} answers changed, none beyond")


def test_a_figure_that_may_vanish_has_no_reach() -> None:
    assert reach(lambda moments: None if moments[0].mean > 50 else 1.0, [_sample([50.0, 50.0])]) is None
    assert sd_reach(_sample([40.0])) is None
