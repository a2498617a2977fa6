"""Scores of one person, against the worked figures of the instrument's specification."""

from __future__ import annotations

import dataclasses
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.content.model import Dimension
from learning.psychometrics.responses import Answer, Missing
from learning.psychometrics.scales import (
    DimensionScore,
    KnowledgeScore,
    brennan_sem,
    clipped_interval,
    percent_of_maximum,
    score_dimension,
    score_headline,
    score_instrument,
    score_knowledge,
)
from tests.psychometrics.instruments import agreement, anchored, instrument, knowledge
from tests.psychometrics.samples import EIGHT, KEYED, KEYS, POINTS, RAW

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


# Worked figures of a small scale


def _raw(row: list[float]) -> dict[str, Answer]:
    return _answers("b", [int(value) for value in row])


def test_fifteen_persons_have_the_scores_of_the_worked_example() -> None:
    scale = agreement("b", KEYS)
    scores = [score_dimension(scale, _raw(row), 0).score for row in RAW]
    expected = (
        "25 62.5 54.1667 66.6667 20.8333 41.6667 75 79.1667 58.3333 45.8333 66.6667 45.8333 20.8333 41.6667 91.6667"
    )
    assert scores == pytest.approx([float(each) for each in expected.split()], abs=5e-5)
    assert scores == pytest.approx(POINTS)
    mean = sum(POINTS) / 15
    sd = math.sqrt(sum((each - mean) ** 2 for each in POINTS) / 14)
    assert (mean, sd) == pytest.approx((53.055556, 21.331349), abs=1e-6)


def test_brennans_error_is_that_of_the_worked_example() -> None:
    errors = [brennan_sem([int(value) for value in row], 1, 5) for row in KEYED]
    assert errors[0] == pytest.approx(9.128709, abs=1e-6)
    assert math.sqrt(sum(error**2 for error in errors) / 15) == pytest.approx(9.316950, abs=1e-6)


def test_intervals_are_those_of_the_worked_examples() -> None:
    assert percent_of_maximum([int(value) for value in EIGHT[0]], 0, 4) == 80
    assert clipped_interval(80.0, 6.087164) == pytest.approx((68.069377, 91.930623), abs=1e-6)
    assert clipped_interval(25.0, 9.399989) == pytest.approx((6.576361, 43.423639), abs=2e-6)


def test_two_thirds_answered_are_scored_by_their_mean() -> None:
    assert score_dimension(agreement("b", "++++++"), _answers("b", [4, None, 2, 5, None, 3]), 0).score == 62.5
    assert score_dimension(agreement("b", "++++"), _answers("b", [4, None, None, 5]), 0).score is None


def test_the_same_answer_everywhere_does_not_score_the_middle() -> None:
    """Two turned items of six do not balance it, so that careless answers are flagged and not trusted to cancel."""
    for value, expected in ((4, 58.333333), (5, 66.666667)):
        score = score_dimension(agreement("b", KEYS), _answers("b", [value] * 6), 0).score
        assert score == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("weight_of_third", [1.0, 1.5])
def test_three_scales_of_the_second_worked_example(weight_of_third: float) -> None:
    rows = {
        "b1": ("++-+-+", [4, 5, 2, 4, 3, 4]),
        "b2": ("+-+-++", [3, 2, 4, 4, 3, 4]),
        "b3": ("++-+-+", [4, 3, 2, 3, 2, 4]),
    }
    weights = {"b1": 1.0, "b2": 1.0, "b3": weight_of_third}
    dimensions = [_weighted(agreement(id_, keys), weights[id_]) for id_, (keys, _) in rows.items()]
    answers = {key: value for id_, (_, values) in rows.items() for key, value in _answers(id_, list(values)).items()}
    score = score_instrument(instrument(*dimensions), answers)
    assert [each.score for each in score.dimensions] == pytest.approx([75, 58.333333, 66.666667], abs=1e-6)
    assert score.headline("b").score == pytest.approx(66.666667, abs=1e-6)


def _weighted(dimension: Dimension, weight: float) -> Dimension:
    return dataclasses.replace(dimension, weight=weight)


def test_the_error_of_a_composite_is_that_of_the_worked_example() -> None:
    weights, sds, reliabilities = (0.40, 0.35, 0.25), (18, 20, 16), (0.82, 0.78, 0.71)
    scored = [
        DimensionScore(_weighted(anchored(f"a{n}", 3), weight), 50.0, sd * math.sqrt(1 - r), 3, 3, 0)
        for n, (weight, sd, r) in enumerate(zip(weights, sds, reliabilities, strict=True))
    ]
    headline = score_headline("a", 0.6667, scored)
    assert headline.sem == pytest.approx(4.975058, abs=1e-6)
    assert headline.sem is not None
    # Mosier's reliability of the same composite, of variance 220.52
    assert 1 - headline.sem**2 / 220.52 == pytest.approx(0.887760, abs=1e-6)


# Whatever is answered

ANSWERS = st.one_of(st.none(), st.integers(1, 4), st.sampled_from(list(Missing)))
WHOLE = (
    anchored("a1", 3, 1.5),
    anchored("a2", 2),
    agreement("b1", "+-+"),
    agreement("b2", "--"),
    knowledge("k", (0, 1, 2)),
)
IDS = [item.id for dimension in WHOLE for item in dimension.items]
FILLING = st.lists(ANSWERS, min_size=len(IDS), max_size=len(IDS))


def _filling(values: list[Answer | None]) -> dict[str, Answer]:
    given_ = {id_: value for id_, value in zip(IDS, values, strict=True) if value is not None}
    # A question has three options
    return {
        id_: min(value, 2)
        if id_.startswith("k") and isinstance(value, int) and not isinstance(value, Missing)
        else value
        for id_, value in given_.items()
    }


@given(FILLING)
def test_every_score_stays_between_0_and_100(values: list[Answer | None]) -> None:
    score = score_instrument(instrument(*WHOLE), _filling(values))
    for each in (*score.headlines, *score.dimensions):
        assert each.score is None or 0 <= each.score <= 100
        assert each.sem is None or each.sem > 0


@given(FILLING, st.randoms())
def test_the_order_of_answers_and_of_dimensions_never_matters(values: list[Answer | None], chance) -> None:  # type: ignore[no-untyped-def]
    answers = _filling(values)
    score = score_instrument(instrument(*WHOLE), answers)
    mixed, dimensions = list(answers.items()), list(WHOLE)
    chance.shuffle(mixed)
    chance.shuffle(dimensions)
    other = score_instrument(instrument(*dimensions), dict(mixed))
    for headline in score.headlines:
        same = other.headline(headline.headline_id)
        assert (same.score, same.sem, same.visibility) == pytest.approx(
            (headline.score, headline.sem, headline.visibility)
        )
    assert other.knowledge == score.knowledge


@given(
    st.lists(
        st.tuples(st.sampled_from("+-"), st.one_of(st.integers(1, 5), st.sampled_from(list(Missing)))),
        min_size=2,
        max_size=8,
    )
)
def test_turning_every_key_mirrors_the_score_and_keeps_the_error(given_: list[tuple[str, Answer]]) -> None:
    keys = "".join(key for key, _ in given_)
    answers = _answers("b1", [value for _, value in given_])
    one = score_dimension(agreement("b1", keys), answers, 0)
    other = score_dimension(agreement("b1", keys.translate(str.maketrans("+-", "-+"))), answers, 0)
    assert (one.score is None) == (other.score is None)
    if one.score is not None and other.score is not None:
        assert one.score + other.score == pytest.approx(100)
        assert one.sem == pytest.approx(other.sem)


@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.one_of(st.none(), st.integers(0, 2), st.just(DK))), min_size=1, max_size=8
    ),
    st.data(),
)
def test_one_more_right_answer_never_lowers_the_knowledge_score(
    given_: list[tuple[int, Answer | None]], data: st.DataObject
) -> None:
    check = knowledge("k", tuple(right for right, _ in given_))
    answers = _answers("k", [answer for _, answer in given_])
    place = data.draw(st.integers(0, len(given_) - 1))
    before = score_knowledge(check.items, answers)
    after = score_knowledge(check.items, answers | {f"k-{place + 1}": given_[place][0]})
    wrong = answers.get(f"k-{place + 1}") != given_[place][0]
    assert after == KnowledgeScore(before.right + wrong, before.questions)


@given(
    st.lists(st.one_of(st.integers(0, 4), st.none(), st.just(DK)), min_size=2, max_size=6), st.sampled_from([NA, NO])
)
def test_an_item_that_does_not_apply_is_as_if_it_were_not_asked(values: list[Answer | None], reason: Missing) -> None:
    asked = score_dimension(anchored("a1", len(values) + 1), _answers("a1", [*values, reason]), 4.0)
    not_asked = score_dimension(anchored("a1", len(values)), _answers("a1", values), 4.0)
    assert dataclasses.replace(asked, dimension=not_asked.dimension) == not_asked


@given(st.lists(st.sampled_from([(0, 4), (1, 3), (2, 2)]), min_size=1, max_size=4))
def test_without_an_item_at_the_mean_only_the_interval_is_wider(pairs: list[tuple[int, int]]) -> None:
    values: list[Answer | None] = [value for pair in pairs for value in pair]
    answered = score_dimension(anchored("a1", len(values) + 1), _answers("a1", [*values, 2]), 0)
    not_applicable = score_dimension(anchored("a1", len(values) + 1), _answers("a1", [*values, NA]), 0)
    assert answered.score == not_applicable.score == 50
    assert answered.sem is not None
    assert not_applicable.sem is not None
    assert not_applicable.sem >= answered.sem
