"""Item analysis and the statistics of scores, against figures reckoned by hand and by other libraries."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Sequence
from dataclasses import astuple, replace

import numpy as np
import pingouin
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pandas import DataFrame
from scipy import stats

from learning.grading.statistics import (
    ItemStatistics,
    ScoreStatistics,
    discrimination_margin,
    item_analysis,
    score_statistics,
)
from tests.proof import PROVE, times

#: A perfect ladder: who knows the harder question knows the easier ones.
LADDER = [[1, 1, 1], [1, 1, 0], [1, 0, 0], [0, 0, 0]]

Table = list[list[float | None]]


def tables(least_attempts: int = 1, most_questions: int = 5) -> st.SearchStrategy[Table]:
    """Whole marks from 0 to 4, without gaps."""
    return st.integers(1, most_questions).flatmap(
        lambda questions: st.lists(
            st.lists(st.integers(0, 4), min_size=questions, max_size=questions),
            min_size=least_attempts,
            max_size=12,
        )
    )


def close(one: Sequence[float | None], other: Sequence[float | None]) -> bool:
    """Equal but for rounding, and None in the same places."""
    return len(one) == len(other) and all(
        a is b is None or (a is not None and b is not None and math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9))
        for a, b in zip(one, other, strict=True)
    )


def test_the_ladder_gives_the_figures_reckoned_by_hand() -> None:
    first, second, third = item_analysis(LADDER, [1, 1, 1])
    # x: 1 1 1 0; T - x: 2 1 0 0. V(x) = 1/4, V(T - x) = 11/12, C = 1/4; sorted they stand in the same order.
    assert first.attempts == 4
    assert first.facility == 0.75
    assert first.standard_deviation == pytest.approx(0.5)
    assert first.discrimination_index == pytest.approx(0.25 / math.sqrt(0.25 * 11 / 12))
    assert first.discriminative_efficiency == pytest.approx(1)
    # C(x, T): 1/2, 2/3, 1/2.
    roots = [math.sqrt(each) for each in (1 / 2, 2 / 3, 1 / 2)]
    assert close([each.effective_weight for each in (first, second, third)], [root / sum(roots) for root in roots])
    assert (second.facility, third.facility) == (0.5, 0.25)


def test_the_scores_of_the_ladder_give_the_figures_reckoned_by_hand() -> None:
    found = score_statistics(LADDER, [1, 1, 1])
    # T: 3 2 1 0. V(T) = 5/3; sum of V(x) = 1/4 + 1/3 + 1/4; alpha = 3/2 (1 - 1/2).
    spread = math.sqrt(5 / 3) / 3
    # m2 = 5/4, m4 = 41/16, so k2 = 5/3 and k4 = 16 (5 · 41/16 - 9 · 25/16) / 6 = -10/3; k4 / k2² = -6/5.
    assert close(astuple(found), (4, 0.5, 0.5, spread, 0.0, -1.2, 0.75, 0.5, spread / 2))


def test_what_marks_and_totals_allow_is_the_measure_of_efficiency() -> None:
    # x: 0 1 0 1; T - x: 1 0 2 3. C = 0; sorted, x: 0 0 1 1 and T - x: 0 1 2 3 would give C = 2/3.
    # Exchange the last two: C(x, T - x) with x: 0 1 1 0 is -1/3, against the same 2/3.
    even, odd = (
        [[x, rest] for x, rest in zip(column, (1, 0, 2, 3), strict=True)] for column in ((0, 1, 0, 1), (0, 1, 1, 0))
    )
    assert item_analysis(even, [1, 3])[0].discriminative_efficiency == pytest.approx(0)
    assert item_analysis(odd, [1, 3])[0].discriminative_efficiency == pytest.approx(-0.5)


def random_marks(attempts: int, questions: int, seed: int = 1) -> list[list[float]]:
    """Marks of learners who differ in strength, at questions that differ in difficulty; 0, half or full."""
    chance = np.random.default_rng(seed)
    strength, difficulty = chance.normal(size=(attempts, 1)), chance.normal(size=(1, questions))
    level = 1 / (1 + np.exp(difficulty - strength)) + chance.normal(scale=0.25, size=(attempts, questions))
    return (np.clip(np.round(2 * level), 0, 2) / 2).tolist()


@pytest.mark.parametrize("seed", range(5))
def test_items_agree_with_an_independent_calculation(seed: int) -> None:
    marks = random_marks(60, 8, seed)
    frame = DataFrame(marks)
    weights = np.sqrt([frame[place].cov(frame.sum(axis=1)) for place in frame])
    for place, item in enumerate(item_analysis(marks, [1] * 8)):
        own, rest = frame[place], frame.drop(columns=place).sum(axis=1)
        most = np.cov(np.sort(own), np.sort(rest))[0, 1]
        assert close(
            astuple(item),
            (
                60,
                own.mean(),
                own.std(),
                weights[place] / weights.sum(),
                stats.pearsonr(own, rest).statistic,
                own.cov(rest) / most,
            ),
        )


@pytest.mark.parametrize("seed", range(5))
def test_scores_agree_with_scipy_and_pingouin(seed: int) -> None:
    marks = random_marks(50, 9, seed)
    scores = np.mean(marks, axis=1)
    alpha, _ = pingouin.cronbach_alpha(DataFrame(marks))
    error = math.sqrt(1 - alpha)
    assert close(
        astuple(score_statistics(marks, [1] * 9)),
        (
            50,
            scores.mean(),
            np.median(scores),
            scores.std(ddof=1),
            stats.skew(scores, bias=False),
            stats.kurtosis(scores, bias=False),
            alpha,
            error,
            error * scores.std(ddof=1),
        ),
    )


def test_identical_questions_discriminate_perfectly() -> None:
    marks = [[mark, mark] for mark in (0, 1, 1, 3, 4)]
    for item in item_analysis(marks, [4, 4]):
        assert close(astuple(item)[3:], (0.5, 1.0, 1.0))
    found = score_statistics(marks, [4, 4])
    assert close((found.internal_consistency, found.error_ratio, found.standard_error), (1.0, 0.0, 0.0))


def test_a_question_that_works_against_the_others_has_no_weight() -> None:
    marks = [[0, 2, 2], [0, 2, 2], [1, 0, 0], [1, 0, 0]]
    against, first, second = item_analysis(marks, [1, 2, 2])
    assert against.effective_weight is None
    assert close((against.discrimination_index, against.discriminative_efficiency), (-1.0, -1.0))
    assert close((first.effective_weight, second.effective_weight), (0.5, 0.5))


# Nothing to reckon with


def test_without_attempts_there_are_no_figures() -> None:
    assert item_analysis([], [1, 1]) == (ItemStatistics(0, None, None, None, None, None),) * 2
    assert score_statistics([], [1, 1]) == ScoreStatistics(0, *[None] * 8)


def test_one_attempt_has_a_mean_and_nothing_else() -> None:
    assert item_analysis([[1, 0]], [1, 2]) == (
        ItemStatistics(1, 1.0, None, None, None, None),
        ItemStatistics(1, 0.0, None, None, None, None),
    )
    assert score_statistics([[1, 0]], [1, 2]) == ScoreStatistics(1, 1 / 3, 1 / 3, *[None] * 6)


def test_two_attempts_have_a_spread_but_no_shape() -> None:
    found = score_statistics([[1, 1], [0, 0]], [1, 1])
    assert (found.skewness, found.kurtosis) == (None, None)
    assert close((found.standard_deviation, found.internal_consistency), (math.sqrt(0.5), 1.0))
    assert close([each.discrimination_index for each in item_analysis([[1, 1], [0, 0]], [1, 1])], [1.0, 1.0])


def test_equal_attempts_have_a_spread_of_zero_and_no_correlation() -> None:
    # A third cannot be written in floating point: sums of it differ in the last digit.
    marks = [[0.1, 1 / 3, 0.7]] * 5
    for item in item_analysis(marks, [1, 1, 1]):
        assert (item.standard_deviation, item.discrimination_index, item.discriminative_efficiency) == (0, None, None)
        assert item.effective_weight is None
    assert astuple(score_statistics(marks, [1, 1, 1]))[3:] == (0, None, None, None, None, None)


def test_a_single_question_has_no_rest_to_be_compared_with() -> None:
    (item,) = item_analysis([[0], [1], [1]], [1])
    assert (item.effective_weight, item.discrimination_index, item.discriminative_efficiency) == (1, None, None)
    assert score_statistics([[0], [1], [1]], [1]).internal_consistency is None


def test_a_question_is_judged_by_the_attempts_that_had_it() -> None:
    marks: Table = [[1, 1, None], [1, 0, None], [0, 1, 1], [1, 1, 1], [0, 0, 0]]
    found = item_analysis(marks, [1, 1, 1])
    assert [item.attempts for item in found] == [5, 5, 3]
    alone = item_analysis(marks[2:], [1, 1, 1])[2]
    assert close(astuple(replace(found[2], effective_weight=0)), astuple(replace(alone, effective_weight=0)))


def test_a_score_is_a_share_of_its_own_paper() -> None:
    found = score_statistics([[1, None], [1, 3], [None, None]], [1, 3])
    assert (found.attempts, found.mean, found.internal_consistency) == (2, 1.0, None)


def test_a_row_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError, match="2 entries"):
        item_analysis([[1, 0], [1]], [1, 1])
    with pytest.raises(ValueError, match="2 entries"):
        score_statistics([[1, 0, 1]], [1, 1])


# What must hold whatever the marks


@given(tables(), st.randoms(use_true_random=False))
def test_the_order_of_attempts_does_not_matter(marks: Table, chance: random.Random) -> None:
    maximum = [4.0] * len(marks[0])
    mixed = chance.sample(marks, len(marks))
    for one, other in zip(item_analysis(marks, maximum), item_analysis(mixed, maximum), strict=True):
        assert close(astuple(one), astuple(other))
    assert close(astuple(score_statistics(marks, maximum)), astuple(score_statistics(mixed, maximum)))


@given(tables(), st.integers(0, 4))
def test_a_question_with_the_same_mark_for_all_changes_nothing_for_the_others(marks: Table, constant: int) -> None:
    maximum = [4.0] * len(marks[0])
    *others, new = item_analysis([[*row, constant] for row in marks], [*maximum, 4.0])
    for one, other in zip(item_analysis(marks, maximum), others, strict=True):
        assert close(astuple(one), astuple(other))
    assert (new.discrimination_index, new.discriminative_efficiency) == (None, None)
    assert not new.effective_weight


@given(tables(), st.sampled_from([1e-3, 0.1, 7, 1e6]))
def test_the_unit_of_the_marks_does_not_matter(marks: Table, factor: float) -> None:
    maximum = [4.0] * len(marks[0])
    scaled = [[factor * (mark or 0) for mark in row] for row in marks]
    larger = [factor * each for each in maximum]
    for one, other in zip(item_analysis(marks, maximum), item_analysis(scaled, larger), strict=True):
        assert close(astuple(one), astuple(other))
    assert close(astuple(score_statistics(marks, maximum)), astuple(score_statistics(scaled, larger)))


@given(
    st.integers(1, 4).flatmap(
        lambda questions: st.lists(
            st.lists(
                st.none() | st.floats(0, 1) | st.sampled_from([0.0, 1 / 3, 1.0]),
                min_size=questions,
                max_size=questions,
            ),
            min_size=1,
            max_size=8,
        )
    )
)
def test_no_figure_is_ever_not_a_number(marks: Table) -> None:
    maximum = [1.0] * len(marks[0])
    items = item_analysis(marks, maximum)
    for record in (*items, score_statistics(marks, maximum)):
        assert all(value is None or math.isfinite(value) for value in astuple(record))
    for item in items:
        assert item.discrimination_index is None or -1 - 1e-9 <= item.discrimination_index <= 1
        assert item.discriminative_efficiency is None or item.discriminative_efficiency <= 1
    weights = [item.effective_weight for item in items if item.effective_weight is not None]
    assert not weights or math.isclose(sum(weights), 1)


@given(tables(least_attempts=2))
def test_the_error_ratio_is_what_consistency_leaves(marks: Table) -> None:
    found = score_statistics(marks, [4.0] * len(marks[0]))
    assume(found.internal_consistency is not None)
    assert found.internal_consistency is not None
    assert found.internal_consistency <= 1 + 1e-9
    assert found.error_ratio is not None
    assert math.isclose(found.error_ratio**2, max(0.0, 1 - found.internal_consistency), abs_tol=1e-9)


def test_chance_moves_an_index_less_the_more_attempts_there_are() -> None:
    assert discrimination_margin(4) is None
    assert discrimination_margin(20) == pytest.approx(0.4425, abs=1e-4)
    # Simulated: 95 of 100 correlations of unrelated normal samples lie within.
    chance = np.random.default_rng(3)
    one, other = chance.normal(size=(2, 4000, 30))
    found = np.array([np.corrcoef(a, b)[0, 1] for a, b in zip(one, other, strict=True)])
    assert np.mean(np.abs(found) < discrimination_margin(30)) == pytest.approx(0.95, abs=0.012)


@pytest.mark.prove
def test_fifty_thousand_attempts_are_analysed_in_two_seconds() -> None:
    attempts = times(5_000, 50_000)
    marks: Table = [[int(1_000_000 * mark) for mark in row] for row in random_marks(attempts, 20)]
    started = time.perf_counter()
    item_analysis(marks, [1_000_000] * 20)
    score_statistics(marks, [1_000_000] * 20)
    seconds = time.perf_counter() - started
    if PROVE:
        print(f"\n{attempts} attempts x 20 questions: items and scores in {seconds:.2f} s")
    assert seconds < 2
