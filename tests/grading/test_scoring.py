"""From marks to the score of a quiz."""

from __future__ import annotations

from fractions import Fraction

import pytest

from learning.grading.marking import Mark, Verdict
from learning.grading.scoring import score_quiz


def _marks(*points: Fraction | int, maximum: int = 1) -> list[Mark]:
    return [Mark(Fraction(point), maximum, Verdict.PARTLY) for point in points]


def test_points_add_up_exactly() -> None:
    score = score_quiz(_marks(Fraction(1, 3), Fraction(1, 3), Fraction(1, 3)), 33)
    assert (score.points, score.maximum, score.percent) == (1, 3, Fraction(100, 3))


@pytest.mark.parametrize(("points", "passed"), [(6, True), (Fraction(599, 100), False), (0, False), (10, True)])
def test_the_exact_score_is_compared_with_the_pass_mark(points: Fraction, passed: bool) -> None:
    assert score_quiz(_marks(points, maximum=10), 60).passed is passed


def test_a_pass_mark_of_zero_passes_everybody_who_hands_in() -> None:
    assert score_quiz(_marks(0), 0).passed


def test_a_quiz_without_points_is_not_passed() -> None:
    assert not score_quiz([], 0).passed
    assert score_quiz([], 0).percent == 0
