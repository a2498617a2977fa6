"""Marks by certainty: who is honest about how sure they are gains most."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.grading.certainty import HIGHEST, Certainty, certain_points

chances = st.fractions(0, 1, max_denominator=1000)
points = st.integers(1, 20)
certainties = st.sampled_from(Certainty)


def expected(chance: Fraction, certainty: Certainty, worth: int = 1) -> Fraction:
    """What a person gains on average who is right with this chance and says so."""
    right, wrong = (certain_points(Fraction(share), worth, certainty) for share in (1, 0))
    return chance * right + (1 - chance) * wrong


@pytest.mark.parametrize(
    ("certainty", "right", "wrong"), [(Certainty.GUESS, 1, 0), (Certainty.FAIRLY, 2, -2), (Certainty.SURE, 3, -6)]
)
def test_the_published_table(certainty: Certainty, right: int, wrong: int) -> None:
    assert certain_points(Fraction(1), 1, certainty) == right
    assert certain_points(Fraction(0), 1, certainty) == wrong


@given(chances, points)
def test_honest_certainty_gains_most(chance: Fraction, worth: int) -> None:
    gains = {certainty: expected(chance, certainty, worth) for certainty in Certainty}
    best = {certainty for certainty, gain in gains.items() if gain == max(gains.values())}
    if chance < Fraction(2, 3):
        assert best == {Certainty.GUESS}
    elif Fraction(2, 3) < chance < Fraction(4, 5):
        assert best == {Certainty.FAIRLY}
    elif chance > Fraction(4, 5):
        assert best == {Certainty.SURE}


@pytest.mark.parametrize(
    ("chance", "lower", "higher"),
    [(Fraction(2, 3), Certainty.GUESS, Certainty.FAIRLY), (Fraction(4, 5), Certainty.FAIRLY, Certainty.SURE)],
)
def test_at_the_borders_both_gain_the_same(chance: Fraction, lower: Certainty, higher: Certainty) -> None:
    assert expected(chance, lower) == expected(chance, higher)
    nudge = Fraction(1, 10**6)
    assert expected(chance - nudge, lower) > expected(chance - nudge, higher)
    assert expected(chance + nudge, lower) < expected(chance + nudge, higher)


@given(chances, points, certainties)
def test_points_stay_between_minus_six_and_three_times_the_points(
    share: Fraction, worth: int, certainty: Certainty
) -> None:
    assert -6 * worth <= certain_points(share, worth, certainty) <= HIGHEST * worth


@given(chances, chances, points, certainties)
def test_who_is_more_right_never_gets_less(one: Fraction, other: Fraction, worth: int, certainty: Certainty) -> None:
    low, high = sorted((one, other))
    assert certain_points(low, worth, certainty) <= certain_points(high, worth, certainty)


@given(chances, points)
def test_who_does_not_say_counts_as_guessing_and_never_loses(share: Fraction, worth: int) -> None:
    assert certain_points(share, worth, None) == certain_points(share, worth, Certainty.GUESS) == share * worth
