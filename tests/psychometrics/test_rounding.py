"""In which rounding a figure is told."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learning.psychometrics.figures import Between, Count, Form, Interval, Score
from learning.psychometrics.rounding import (
    COEFFICIENTS,
    SHARES,
    SPREADS,
    STEPS,
    Reach,
    _stretch,
    count_band,
    count_of_answers,
    nearest,
    rate_stretch,
    steps_for,
    tell_between,
    tell_counts,
    tell_difference,
    tell_score,
    tell_share,
)


def _score(mean: float, people: int, together: int = 1) -> Score | None:
    return tell_score(Reach(mean, mean, mean), people, None, together)


def test_below_ten_people_a_mean_is_one_of_five_levels() -> None:
    assert steps_for(9) == ()
    assert _score(47.3, 5) == Score(Form.LEVEL, 40.0, 20.0)
    assert [_score(mean, 9) for mean in (0.0, 19.9, 20.0, 99.0)] == [
        Score(Form.LEVEL, value, 20.0) for value in (0.0, 0.0, 20.0, 80.0)
    ]


def test_steps_are_halves_or_more_below_twenty_people_and_the_sum_stays_open_by_forty_points() -> None:
    for people in range(10, 3000):
        steps = [step for step, _ in steps_for(people)]
        assert min(steps) * people >= 40
        assert people >= 20 or min(steps) >= 0.5
    assert steps_for(400)[0] == (0.1, 0.0)
    assert steps_for(20)[0] == (2.0, 0.0)
    assert _score(52.7312, 400) == Score(Form.POINTS, 52.7, 0.1)
    assert _score(52.7312, 20) == Score(Form.POINTS, 52.0, 2.0)


@pytest.mark.parametrize(("people", "low", "high"), [(5, 8, 92), (10, 4, 96), (20, 2, 98)])
def test_beyond_forty_by_n_from_an_end_only_the_end_is_told(people: int, low: float, high: float) -> None:
    # One member is open by 40 points exactly where 40 / n <= mean <= 100 - 40 / n
    for mean in (low, high):
        least, most = max(0.0, mean * people - 100 * (people - 1)), min(100.0, mean * people)
        assert most - least == pytest.approx(40)
    if people >= 10:
        step = steps_for(people)[0][0]
        above, below = _score(high + 0.1, people), _score(low - 0.1, people)
        assert above
        assert below
        assert (above.form, below.form) == (Form.ABOVE, Form.BELOW)
        assert high - step <= above.value <= high
        assert low <= below.value <= low + step


def test_a_hidden_group_among_the_people_widens_the_ends() -> None:
    assert _score(90.0, 20, together=4) == Score(Form.POINTS, 90.0, 2.0)
    told = _score(93.0, 20, together=4)
    assert told
    assert (told.form, told.value <= 92) == (Form.ABOVE, True)
    # Four of seven: their mean may be told as above 77 at most
    told = _score(97.6, 7, together=4)
    assert told == Score(Form.ABOVE, 77.0, 20.0)
    assert _score(50.0, 5, together=4) == Score(Form.LEVEL, 40.0, 20.0)
    assert tell_score(Reach(50, 50, 50), 5, None, together=7) is None


@settings(deadline=None, max_examples=300)
@given(st.floats(0, 100), st.integers(10, 2000), st.floats(0, 3))
def test_all_that_one_person_could_make_of_a_mean_looks_the_same(mean: float, people: int, move: float) -> None:
    ends = [max(0.0, mean - move), min(100.0, mean + move)]
    told = tell_score(Reach.over(mean, ends), people, None)
    if told:
        assert told.low - 1e-6 <= ends[0]
        assert ends[1] <= told.high + 1e-6
        assert 0 < told.value < 100 or told.form is Form.LEVEL


def test_a_mean_on_the_edge_of_two_roundings_is_told_in_one_set_beside() -> None:
    assert tell_score(Reach(61.0, 60.8, 61.2), 25, None) == Score(Form.POINTS, 61.0, 2.0)
    assert tell_score(Reach(60.0, 59.8, 60.2), 25, None) == Score(Form.POINTS, 60.0, 2.0)
    assert tell_score(Reach(60.0, 45.0, 75.0), 25, None) is None


def test_an_interval_is_rounded_outwards_and_stays_within_the_scale() -> None:
    told = tell_score(Reach(52, 51.9, 52.1), 25, Reach(6.3, 6.2, 6.4))
    assert told == Score(Form.POINTS, 52.0, 2.0, Interval(44.0, 60.0))
    near = tell_score(Reach(95, 94.9, 95.1), 25, Reach(7.1, 7.0, 7.2))
    assert near
    assert near.interval
    assert near.interval.high == 100.0
    # Where one person moves it over every edge no number is told
    assert tell_score(Reach(52, 51.9, 52.1), 25, Reach(8.0, 1.0, 90.0)) == Score(Form.LEVEL, 40.0, 20.0)


def test_the_finest_stretch_that_holds_the_whole_reach_is_told() -> None:
    assert tell_between(Reach(0.814, 0.811, 0.818), COEFFICIENTS) == Between(0.8, 0.82)
    assert tell_between(Reach(0.80, 0.799, 0.801), COEFFICIENTS) == Between(0.79, 0.81)
    assert tell_between(Reach(0.99, 0.95, 1.0), COEFFICIENTS) == Between(0.95, 1.0)
    assert tell_between(Reach(0.5, 0.0, 1.0), COEFFICIENTS) is None
    assert tell_between(Reach(17.2, 16.9, 17.4), SPREADS, None) == Between(16.5, 17.5)
    assert tell_between(Reach(130.0, 129.9, 130.1), SPREADS, None) == Between(129.5, 130.5)


@settings(deadline=None, max_examples=500)
@given(st.floats(0, 1), st.floats(0, 0.2), st.sampled_from([SHARES, COEFFICIENTS]))
def test_a_stretch_holds_all_that_one_person_could_make_of_the_figure(
    value: float, move: float, widths: tuple[float, ...]
) -> None:
    reach = Reach(value, max(0.0, value - move), min(1.0, value + move))
    told = tell_between(reach, widths)
    if told:
        assert told.low - 1e-9 <= reach.low
        assert reach.high <= told.high + 1e-9
        assert 0 <= told.low < told.high <= 1
        assert told.high - told.low >= min(widths) - 1e-9


@pytest.mark.parametrize("width", sorted({*SHARES, *COEFFICIENTS}))
def test_stretches_of_one_width_follow_each_other_without_a_gap(width: float) -> None:
    for beside in (False, True) if width <= 0.25 else (False,):
        found = sorted({_only(each / 997, width, beside) for each in range(998)})
        assert (found[0][0], found[-1][1]) == (0.0, 1.0)
        assert all(one[1] == pytest.approx(other[0]) for one, other in itertools.pairwise(found))


def _only(value: float, width: float, beside: bool) -> tuple[float, float]:
    low, high = _stretch(value, width, width / 2 if beside else 0.0, 1.0)
    assert low - 1e-9 <= value <= high + 1e-9
    return low, high


def test_nobody_and_everybody_are_told_as_less_and_more() -> None:
    assert tell_share(0, -1, 1, 40) == Between(0.0, 0.05)
    assert tell_share(40, 39, 41, 40) == Between(0.95, 1.0)
    assert tell_counts([0, 0, 40]) == (Between(0.0, 0.05), Between(0.0, 0.05), Between(0.95, 1.0))
    assert tell_counts([0, 12]) == (Between(0.0, 0.1), Between(0.9, 1.0))


def test_people_are_counted_in_bands() -> None:
    assert [count_band(n, 200_000) for n in (0, 4, 5, 19, 99, 100_000)] == [
        Count(0, 4),
        Count(0, 4),
        Count(5, 9),
        Count(10, 19),
        Count(50, 99),
        Count(100_000, 200_000),
    ]
    assert count_band(10, 10) == count_band(5, 10) == Count(5, 10)
    assert rate_stretch(43, 100) == Between(0.4, 0.45)
    assert rate_stretch(10, 10) == rate_stretch(4, 10) == Between(0.4, 1.0)


def test_no_band_and_no_stretch_tells_that_all_or_nearly_all_answered() -> None:
    few = 5
    for invited in [*range(1, 320), 400, 1_000, 1_999, 12_345]:
        seen: dict[object, list[int]] = {}
        before = None
        for answered in range(invited + 1):
            band, rate = count_band(answered, invited), rate_stretch(answered, invited)
            # Never false
            assert band.high is not None
            assert band.low <= answered <= band.high <= invited
            assert rate.low <= answered / invited + 1e-12
            assert answered / invited <= rate.high + 1e-12
            # Never falling
            told = (band.low, band.high, rate.low, rate.high)
            assert before is None or all(was <= now for was, now in zip(before, told, strict=True))
            before = told
            seen.setdefault(told, []).append(answered)
        # Whoever reads both: where all may have answered, so many may be missing
        for possible in seen.values():
            if invited - possible[-1] < few:
                assert invited - possible[0] >= min(few, invited), (invited, possible)


def test_a_number_that_hangs_on_answers_hides_one_person() -> None:
    assert [count_of_answers(n) for n in (3, 4, 5, 7, 9)] == [
        Count(0, 4),
        Count(0, 9),
        Count(0, 9),
        Count(5, 9),
        Count(5, 19),
    ]


def test_a_difference_is_told_with_the_interval_that_belongs_to_it() -> None:
    steps = steps_for(40)
    assert tell_difference(Reach(6.2, 6.1, 6.3), Reach(3.4, 3.3, 3.5), steps) == (6.0, 1.0, Interval(2.0, 10.0))
    assert tell_difference(Reach(-6.2, -6.3, -6.1), Reach(3.4, 3.3, 3.5), steps) == (-6.0, 1.0, Interval(-10.0, -2.0))
    assert tell_difference(Reach(6.2, -20, 30), Reach(3.4, 3.3, 3.5), steps) is None


def test_no_interval_is_narrower_than_its_rounding() -> None:
    told = tell_score(Reach(52.0, 52.0, 52.0), 40, Reach(0.0, 0.0, 0.0))
    assert told
    assert told.interval == Interval(told.value - told.step, told.value + told.step)
    found = tell_difference(Reach(3.0, 3.0, 3.0), Reach(0.0, 0.0, 0.0), steps_for(40))
    assert found
    assert found[2] == Interval(found[0] - found[1], found[0] + found[1])


def test_nearest_rounds_half_up_without_the_dust_of_fractions() -> None:
    assert [nearest(each, 0.1) for each in (0.25, 0.15, 52.05, -0.04)] == [0.3, 0.2, 52.1, 0.0]
    assert nearest(61.0, 2.0, 1.0) == 61.0
    for step, start in STEPS:
        for value in np.linspace(0, 100, 333):
            assert abs(nearest(float(value), step, start) - value) <= step / 2 + 1e-6
