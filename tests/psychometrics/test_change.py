"""Change, against worked figures, published ones and other programs."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learning.psychometrics.change import (
    Effect,
    Statistic,
    effect,
    holm,
    independent_d,
    paired_change,
    paired_d,
    reliable_change,
    signed_ranks,
)
from tests.proof import times
from tests.psychometrics.oracles import independent_change
from tests.psychometrics.samples import (
    AFTER,
    AFTER_TWELVE,
    BEFORE,
    DRUG_1,
    DRUG_2,
    POST,
    PRE,
    WAVE_1,
    WAVE_2,
    WEIGHTS,
)

POINTS = st.lists(st.integers(0, 100).map(float), max_size=8)


def six(*values: float) -> object:
    return pytest.approx(values, abs=1e-6)


# The same people


def test_the_matched_example() -> None:
    change = paired_change(BEFORE, AFTER)
    assert change
    assert change.t
    assert change.d_av
    difference = change.difference
    assert (difference.value, difference.low, difference.high) == six(5.5, 3.039200, 7.960800)
    assert (change.sd, change.t.value, change.t.p) == six(3.439961, 5.056024, 0.000685)
    assert (change.correlation, change.d_av.value, change.g_av) == six(0.923716, 0.634686, 0.580284)


def test_twelve_people_before_and_after() -> None:
    change = paired_change(PRE, POST)
    assert change
    assert change.t
    assert change.wilcoxon
    assert change.d_av
    difference = change.difference
    assert (difference.value, difference.low, difference.high) == six(6.25, 3.721188, 8.778812)
    assert (change.sd, change.t.value, change.correlation) == six(3.980064, 5.439771, 0.881742)
    assert change.t.p == pytest.approx(0.000203972, abs=1e-9)
    assert change.wilcoxon.value == 3
    assert change.wilcoxon.p == pytest.approx(0.002441406, abs=1e-9)
    assert (change.d_av.value, change.d_av.low, change.d_av.high) == six(0.768991, 0.349996, 1.187986)
    # Not .742474, which takes the degrees of freedom of two groups
    assert change.g_av == pytest.approx(0.715340, abs=1e-6)


def test_bonetts_interval_of_pairs_is_that_of_his_example() -> None:
    d = paired_d(110.4 - 102.1, (15.3**2, 14.6**2), 0.75 * 15.3 * 14.6, 25)
    assert d
    assert (d.value, d.low, d.high) == pytest.approx((0.5550319, 0.2394905, 0.8705732), abs=1e-7)


def test_published_pairs() -> None:
    sleep = paired_change(DRUG_2, DRUG_1)
    assert sleep
    assert sleep.t
    assert (sleep.t.value, sleep.t.p) == pytest.approx((-4.0621, 0.002833), abs=5e-5)
    assert (sleep.difference.low, sleep.difference.high) == pytest.approx((-2.4598858, -0.7001142), abs=1e-7)
    assert sleep.wilcoxon == Statistic(0.0, 0.00390625)
    family = paired_change([row[0] for row in WEIGHTS], [row[1] for row in WEIGHTS])
    assert family
    assert family.t
    assert (family.pairs, family.difference.value, family.t.value) == six(17, 7.264706, 4.184908)
    assert family.t.p == pytest.approx(0.000700253, abs=1e-9)


@pytest.mark.prove
def test_pairs_agree_with_other_programs() -> None:
    from scipy import stats

    for seed in range(times(60, 200)):
        chance = np.random.default_rng(seed)
        before = chance.normal(50, 18, chance.integers(4, 40))
        after = before + chance.normal(3, 9, len(before))
        change = paired_change(before.tolist(), after.tolist())
        assert change
        assert change.t
        assert change.wilcoxon
        theirs = stats.ttest_rel(after, before)
        interval = theirs.confidence_interval()
        assert (change.t.value, change.t.p) == six(theirs.statistic, theirs.pvalue)
        assert (change.difference.low, change.difference.high) == six(interval.low, interval.high)
        ranks = stats.wilcoxon(after, before, method="exact")
        assert (change.wilcoxon.value, change.wilcoxon.p) == six(ranks.statistic, ranks.pvalue)


def test_signed_ranks_with_ties_are_counted_out() -> None:
    from scipy import stats

    for differences in ([1, 1, -1, 2, 2, 3], [5, 5, 5, -5], [1, 2, 2, -2, -4, 4, 4, 0], [-1, -1, -1, 3, 3]):
        ours = signed_ranks(np.array(differences, dtype=float))
        kept = [each for each in differences if each]
        every_sign = stats.PermutationMethod(n_resamples=np.inf)  # type: ignore[arg-type]
        assert ours
        assert ours.p == pytest.approx(stats.wilcoxon(kept, method=every_sign).pvalue, abs=1e-9)


# Other people


def test_the_unmatched_example() -> None:
    change = independent_change(BEFORE, AFTER_TWELVE)
    assert change
    assert change.t
    difference = change.difference
    assert (change.t.value, change.df, change.t.p) == six(1.695713, 17.990606, 0.107176)
    assert (difference.low, difference.high, change.d_pooled, change.g) == six(-1.465909, 13.732576, 0.736165, 0.708209)
    assert difference.holds_zero


def test_two_waves() -> None:
    change = independent_change(WAVE_1, WAVE_2)
    assert change
    assert change.t
    assert change.d
    assert (change.before, change.after, change.difference.value) == six(14, 16, 53.625 - 46.428571)
    assert (change.t.value, change.df, change.t.p) == six(2.503068, 26.125624, 0.018891)
    assert (change.difference.low, change.difference.high) == six(1.288075, 13.104782)
    assert (change.d_pooled, change.g) == six(0.924341, 0.899359)
    assert (change.d.value, change.d.low, change.d.high) == six(0.920014, 0.134396, 1.705632)


def test_bonetts_interval_of_groups_is_that_of_his_example() -> None:
    d = independent_d(35.1 - 26.7, (7.32**2, 6.98**2), (30, 30))
    assert d
    assert (d.value, d.low, d.high) == six(1.174493, 0.617077, 1.731909)


def test_published_groups() -> None:
    sleep = independent_change(DRUG_2, DRUG_1)
    assert sleep
    assert sleep.t
    assert (sleep.t.value, sleep.t.p) == pytest.approx((-1.8608, 0.07939), abs=5e-5)
    assert sleep.df == pytest.approx(17.776, abs=5e-4)
    assert (sleep.difference.low, sleep.difference.high) == pytest.approx((-3.3654832, 0.2054832), abs=1e-7)


@pytest.mark.prove
def test_groups_agree_with_other_programs() -> None:
    import pingouin
    from scipy import stats

    for seed in range(times(60, 200)):
        chance = np.random.default_rng(seed)
        before = chance.normal(50, 18, chance.integers(3, 40))
        after = chance.normal(55, 12, chance.integers(3, 40))
        change = independent_change(before.tolist(), after.tolist())
        assert change
        assert change.t
        theirs = stats.ttest_ind(after, before, equal_var=False)
        interval = theirs.confidence_interval()
        assert (change.t.value, change.df, change.t.p) == six(theirs.statistic, theirs.df, theirs.pvalue)
        assert (change.difference.low, change.difference.high) == six(interval.low, interval.high)
        assert change.d_pooled == pytest.approx(pingouin.compute_effsize(after, before, eftype="cohen"), abs=1e-6)
        assert change.g == pytest.approx(pingouin.compute_effsize(after, before, eftype="hedges"), abs=1e-6)


@pytest.mark.prove
def test_bonetts_intervals_hold_the_truth_as_often_as_they_say() -> None:
    chance = np.random.default_rng(5)
    rounds = times(400, 4000)
    pairs = groups = 0
    for _ in range(rounds):
        before = chance.normal(0, 1, 40)
        after = 0.5 + 0.7 * before + math.sqrt(1 - 0.49) * chance.normal(0, 1, 40)
        matched = paired_change(before.tolist(), after.tolist())
        others = independent_change(before.tolist(), chance.normal(0.5, 1, 30).tolist())
        assert matched
        assert matched.d_av
        assert others
        assert others.d
        pairs += matched.d_av.low <= 0.5 <= matched.d_av.high
        groups += others.d.low <= 0.5 <= others.d.high
    slack = 3 * math.sqrt(0.95 * 0.05 / rounds) + 0.005
    assert (pairs / rounds, groups / rounds) == pytest.approx((0.95, 0.95), abs=slack)


# One person


def test_reliable_change_of_one_person() -> None:
    change = reliable_change(52, 61, 0.84, 12)
    assert change
    assert (change.index, change.threshold) == six(1.325825, 13.304677)
    assert not change.more_than_chance
    published = reliable_change(47.5, 32.5, 0.80, 7.5)
    assert published
    assert published.index == pytest.approx(-3.162278, abs=1e-6)
    assert published.more_than_chance


def test_the_smallest_real_change_of_the_six_item_scale() -> None:
    change = reliable_change(0, 10, 0.8058139535, 21.331349)
    assert change
    # Printed with 1.96; ours is 1.959964
    assert change.threshold * 1.96 / 1.959964 == pytest.approx(26.054961 * 1.96 / 1.959964, abs=2e-5)


# Words and several tests


@pytest.mark.parametrize(
    ("g", "word"),
    [
        (0.0, Effect.HARDLY_ANY),
        (-0.19, Effect.HARDLY_ANY),
        (0.2, Effect.SMALL),
        (-0.5, Effect.CLEAR),
        (0.79, Effect.CLEAR),
        (-0.8, Effect.LARGE),
    ],
)
def test_an_effect_has_a_word(g: float, word: Effect) -> None:
    assert effect(g) is word


def test_holm_raises_several_probabilities() -> None:
    assert holm([0.004, 0.011, 0.020, 0.041]) == six(0.016, 0.033, 0.040, 0.041)
    assert holm([]) == ()


def test_holm_agrees_with_another_program() -> None:
    from statsmodels.stats.multitest import multipletests

    for seed in range(4):
        probabilities = np.random.default_rng(seed).uniform(0, 0.2, 1 + seed % 7).tolist()
        assert holm(probabilities) == pytest.approx(multipletests(probabilities, method="holm")[1].tolist())


# Edges


def test_too_few_people_have_no_change() -> None:
    assert paired_change([], []) is None
    assert paired_change([50], [60]) is None
    assert independent_change([50], [60, 70]) is None


def test_people_who_do_not_pair_are_named() -> None:
    with pytest.raises(ValueError, match="3 values before and 2 after make no pairs"):
        paired_change([1, 2, 3], [1, 2])
    with pytest.raises(ValueError, match="missing or is no number"):
        independent_change([1, math.nan], [1, 2])


def test_two_pairs_have_a_d_but_no_g() -> None:
    change = paired_change([40, 50], [45, 60])
    assert change
    assert change.d_av
    assert change.g_av is None


def test_everybody_changing_by_the_same_has_no_t() -> None:
    change = paired_change([40, 50, 60], [45, 55, 65])
    assert change
    assert change.t is None
    assert change.correlation == pytest.approx(1)
    assert change.wilcoxon == Statistic(0.0, 0.25)


def test_nobody_changing_has_no_tests() -> None:
    change = paired_change([50, 50, 50], [50, 50, 50])
    assert change
    assert (change.difference.value, change.t, change.wilcoxon, change.d_av, change.g_av) == (0, None, None, None, None)
    groups = independent_change([50, 50], [60, 60])
    assert groups
    assert (groups.difference.value, groups.t, groups.g, groups.d) == (10, None, None, None)


def test_without_error_of_measurement_there_is_no_index() -> None:
    assert reliable_change(50, 60, 1.0, 12) is None
    assert reliable_change(50, 60, 0.8, 0.0) is None
    with pytest.raises(ValueError, match="between 0 and 1"):
        reliable_change(50, 60, -0.2, 12)


@settings(deadline=None)
@given(POINTS, POINTS)
def test_never_anything_but_numbers_or_none(first: list[float], second: list[float]) -> None:
    n = min(len(first), len(second))
    for change in (paired_change(first[:n], second[:n]), independent_change(first, second)):
        assert "nan" not in repr(change)
        assert "inf" not in repr(change)


@settings(deadline=None)
@given(POINTS.filter(lambda each: len(each) > 1), POINTS.filter(lambda each: len(each) > 1))
def test_turning_time_round_turns_the_sign(first: list[float], second: list[float]) -> None:
    there, back = independent_change(first, second), independent_change(second, first)
    assert there
    assert back
    assert there.difference.value == pytest.approx(-back.difference.value)
    assert there.difference.low == pytest.approx(-back.difference.high)
    assert (there.g is None) == (back.g is None)
    assert there.g is None or back.g is None or there.g == pytest.approx(-back.g)
