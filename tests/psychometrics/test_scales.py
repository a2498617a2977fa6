"""Scores of one person, against the worked figures of the instrument's specification."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.psychometrics.responses import Answer, Missing
from learning.psychometrics.scales import (
    KnowledgeScore,
    brennan_sem,
    clipped_interval,
    percent_of_maximum,
    score_dimension,
    score_instrument,
    score_knowledge,
)
from tests.psychometrics.instruments import agreement, anchored, instrument, knowledge

NA, DK, NO = Missing.NOT_APPLICABLE, Missing.DONT_KNOW, Missing.NO_OPPORTUNITY

#: The worked example: values of A1 to A7, None for a skipped item; and the scores that must come out.
EXAMPLE: dict[str, tuple[list[Answer | None], float, float | None]] = {
    "a1": ([2, 3, 1], 1.0, 50.0),
    "a2": ([1, None, 2], 1.0, 37.5),
    "a3": ([3, 2, NA, 2], 1.5, 58.333333),
    "a4": ([1, 1, None, None], 1.5, None),
    "a5": ([2, 3, 2, 3], 1.5, 62.5),
    "a6": ([2, 1, 2], 1.0, 41.666667),
    "a7": ([1, 2, 1], 1.0, 33.333333),
}


def _answers(id_: str, values: list[Answer | None]) -> dict[str, Answer]:
    return {f"{id_}-{n}": value for n, value in enumerate(values, start=1) if value is not None}


def _example() -> dict[str, Answer]:
    return {key: value for id_, (values, _, _) in EXAMPLE.items() for key, value in _answers(id_, values).items()}


def test_the_worked_example_gives_its_dimension_scores_and_its_headline() -> None:
    dimensions = [anchored(id_, len(values), weight) for id_, (values, weight, _) in EXAMPLE.items()]
    score = score_instrument(instrument(*dimensions), _example())
    for scored, (_, _, expected) in zip(score.dimensions, EXAMPLE.values(), strict=True):
        assert scored.score == (None if expected is None else pytest.approx(expected, abs=1e-6))
    assert score.headline("a").score == pytest.approx(49.107143, abs=1e-6)


def test_a_negative_item_is_turned_before_scoring() -> None:
    dimension = agreement("b1", "+-")
    assert score_dimension(dimension, {"b1-1": 5, "b1-2": 1}, 0).score == 100
    assert score_dimension(dimension, {"b1-1": 5, "b1-2": 5}, 0).score == 50


@pytest.mark.parametrize(
    ("values", "scored"),
    [
        ([2, 2, None], True),
        ([2, None, None], False),
        ([2, 2, None, None], False),
        ([2, 2, 2, None], True),
        ([2, 2, NA, NA], True),
        ([2, NA, NA, NA], False),
        ([2, 2, DK, DK], False),
        ([NA, NA, NA, NA], False),
        ([NO, 3, 3, None], True),
    ],
)
def test_a_dimension_is_scored_from_two_thirds_of_what_applies_and_two_values(
    values: list[Answer | None], scored: bool
) -> None:
    result = score_dimension(anchored("a1", len(values)), _answers("a1", values), 0)
    assert (result.score is not None) is scored
    assert (result.sem is not None) is scored


def test_brennans_error_by_hand() -> None:
    # values 2, 3, 1: mean 2, squares 2; 100/4 * sqrt(2 / (3 * 2))
    assert brennan_sem([2, 3, 1], 0, 4) == pytest.approx(25 * math.sqrt(1 / 3))
    assert brennan_sem([4, 4, 4], 0, 4) == 0


def test_the_error_of_a_dimension_is_never_below_the_floor() -> None:
    assert score_dimension(anchored("a1", 3), _answers("a1", [2, 2, 2]), 4.0).sem == 4.0


def test_the_error_of_the_headline_weighs_those_of_its_dimensions() -> None:
    dimensions = (anchored("a1", 2, 1.0), anchored("a2", 2, 3.0))
    score = score_instrument(instrument(*dimensions, floor=4.0), _answers("a1", [2, 2]) | _answers("a2", [2, 2]))
    assert score.headline("a").sem == pytest.approx(math.sqrt(4.0**2 + 12.0**2) / 4)


@pytest.mark.parametrize(("scored", "has_score"), [(2, True), (1, False)])
def test_a_headline_needs_two_thirds_of_the_weight(scored: int, has_score: bool) -> None:
    dimensions = [anchored(f"a{n}", 2) for n in range(3)]
    answers = {key: value for n in range(scored) for key, value in _answers(f"a{n}", [1, 1]).items()}
    assert (score_instrument(instrument(*dimensions), answers).headline("a").score is not None) is has_score


@pytest.mark.parametrize(("scored", "has_score"), [(4, True), (3, False)])
def test_the_second_headline_needs_four_of_five(scored: int, has_score: bool) -> None:
    dimensions = [agreement(f"b{n}", "++") for n in range(5)]
    answers = {key: value for n in range(scored) for key, value in _answers(f"b{n}", [3, 3]).items()}
    assert (score_instrument(instrument(*dimensions), answers).headline("b").score is not None) is has_score


def test_visibility_counts_i_dont_know_and_nothing_else() -> None:
    dimensions = (anchored("a1", 3), anchored("a2", 3))
    answers = _answers("a1", [2, 2, DK]) | _answers("a2", [NA, None, 3])
    assert score_instrument(instrument(*dimensions), answers).headline("a").visibility == pytest.approx(3 / 4)
    assert score_instrument(instrument(*dimensions), {}).headline("a").visibility is None


def test_nothing_answered_gives_no_score_and_no_error() -> None:
    score = score_instrument(instrument(anchored("a1", 3), agreement("b1", "+-"), knowledge("k", (0, 1))), {})
    assert [each.score for each in score.headlines] == [None, None]
    assert score.knowledge == KnowledgeScore(0, 2)


def test_the_knowledge_check_is_a_score_of_its_own() -> None:
    check = knowledge("k", (0, 1, 2))
    assert score_knowledge(check.items, {"k-1": 0, "k-2": 2, "k-3": DK}) == KnowledgeScore(1, 3)
    score = score_instrument(instrument(anchored("a1", 2), check), {"a1-1": 4, "a1-2": 4, "k-1": 2})
    assert score.headline("a").score == 100


def test_the_interval_is_clipped_for_display_only() -> None:
    assert clipped_interval(98.0, 10.0) == (pytest.approx(98 - 19.59964), 100.0)
    assert clipped_interval(None, None) is None


@given(st.lists(st.integers(0, 4), min_size=2, max_size=12), st.randoms())
def test_the_score_lies_in_range_within_its_interval_and_whatever_the_order(values: list[int], chance) -> None:  # type: ignore[no-untyped-def]
    dimension = anchored("a1", len(values))
    result = score_dimension(dimension, _answers("a1", list(values)), 4.0)
    assert result.score is not None
    assert result.interval is not None
    assert 0 <= result.interval[0] <= result.score <= result.interval[1] <= 100
    chance.shuffle(values)
    assert score_dimension(dimension, _answers("a1", list(values)), 4.0).score == pytest.approx(result.score)


@given(st.lists(st.integers(1, 5), min_size=2, max_size=8))
def test_turning_every_key_mirrors_the_score(values: list[int]) -> None:
    plus = score_dimension(agreement("b1", "+" * len(values)), _answers("b1", list(values)), 0).score
    minus = score_dimension(agreement("b1", "-" * len(values)), _answers("b1", list(values)), 0).score
    assert plus is not None
    assert minus == pytest.approx(100 - plus)


def test_percent_of_maximum_maps_the_scale_to_0_and_100() -> None:
    assert percent_of_maximum([1, 1], 1, 5) == 0
    assert percent_of_maximum([5], 1, 5) == 100
