"""Thirds, distractors, and what is said of a question."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.grading.distractors import ChoiceCount, Given, Third, distractors, thirds
from learning.grading.findings import MINIMUM_ATTEMPTS, Finding, Verdict, verdict
from learning.grading.statistics import ItemStatistics

GOOD = ItemStatistics(60, 0.6, 0.49, 0.1, 0.45, 0.6)
LOWER, MIDDLE, UPPER = Third.LOWER, Third.MIDDLE, Third.UPPER


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ({0.2: 1, 0.5: 1, 0.8: 1}, {0.2: LOWER, 0.5: MIDDLE, 0.8: UPPER}),
        # Equal scores stay together: the lower third takes all four, the upper one its nearest.
        ({0.2: 4, 0.5: 2, 0.8: 3}, {0.2: LOWER, 0.5: MIDDLE, 0.8: UPPER}),
        # Two of nine and five of nine are as near to a third as can be; two are nearer.
        ({0.1: 2, 0.4: 3, 0.6: 1, 0.9: 3}, {0.1: LOWER, 0.4: MIDDLE, 0.6: MIDDLE, 0.9: UPPER}),
        # Nobody is nearer to a third than two of three are: the smaller one counts when they are as near.
        ({0.3: 2, 0.7: 1}, {0.3: MIDDLE, 0.7: UPPER}),
        ({0.3: 5, 0.7: 5}, {0.3: LOWER, 0.7: UPPER}),
        ({0.3: 9, 1.0: 1}, {0.3: MIDDLE, 1.0: UPPER}),
        ({0.6: 12}, {0.6: MIDDLE}),
        ({}, {}),
    ],
)
def test_equal_scores_are_never_parted(scores: dict[float, int], expected: dict[float, Third]) -> None:
    assert thirds(scores) == expected


@given(st.dictionaries(st.integers(0, 40), st.integers(1, 30), min_size=1))
def test_thirds_follow_each_other_and_are_never_more_than_two_of_three(scores: dict[float, int]) -> None:
    found = thirds(scores)
    order = [list(Third).index(found[score]) for score in sorted(scores)]
    assert order == sorted(order)
    whole = sum(scores.values())
    for outer in (LOWER, UPPER):
        share = sum(number for score, number in scores.items() if found[score] is outer)
        assert 3 * share < 2 * whole


def test_every_choice_is_counted_in_its_third() -> None:
    given = [
        Given(("a",), LOWER, 3),
        Given(("b",), LOWER),
        Given((), MIDDLE, 2),
        Given(("a",), UPPER),
        Given(("b", "c"), UPPER, 2),
    ]
    assert distractors(given) == (
        ChoiceCount("a", 3, 0, 1),
        ChoiceCount("b", 1, 0, 2),
        ChoiceCount("c", 0, 0, 2),
        ChoiceCount(None, 0, 2, 0),
    )
    assert distractors([]) == ()


@pytest.mark.parametrize(
    ("item", "finding"),
    [
        (GOOD, Finding.WORKS_WELL),
        (replace(GOOD, attempts=MINIMUM_ATTEMPTS), Finding.WORKS_WELL),
        (replace(GOOD, attempts=MINIMUM_ATTEMPTS - 1), Finding.TOO_FEW_ATTEMPTS),
        (replace(GOOD, attempts=0, facility=None), Finding.TOO_FEW_ATTEMPTS),
        (replace(GOOD, facility=0.95), Finding.TOO_EASY),
        (replace(GOOD, facility=0.949), Finding.WORKS_WELL),
        (replace(GOOD, facility=0.1), Finding.TOO_HARD),
        (replace(GOOD, discrimination_index=None), Finding.NOTHING_TO_COMPARE),
        (replace(GOOD, discrimination_index=-0.01), Finding.REVERSED),
        (replace(GOOD, discrimination_index=0.0), Finding.WEAK),
        (replace(GOOD, discrimination_index=0.2), Finding.FAIR),
        (replace(GOOD, discrimination_index=0.3), Finding.WORKS_WELL),
        # Too easy for a correlation to mean anything: that is what is said of it.
        (replace(GOOD, facility=1.0, discrimination_index=None), Finding.TOO_EASY),
    ],
)
def test_each_finding_has_its_bounds(item: ItemStatistics, finding: Finding) -> None:
    assert verdict(item) == Verdict(finding)


def test_a_key_is_doubted_when_more_strong_learners_chose_one_wrong_answer() -> None:
    choices = [ChoiceCount("b", 2, 5, 11), ChoiceCount("a", 9, 8, 10), ChoiceCount("c", 9, 2, 0)]
    assert verdict(GOOD, choices, {"a"}) == Verdict(Finding.CHECK_KEY, "b")
    assert verdict(replace(GOOD, attempts=5), choices, {"a"}) == Verdict(Finding.TOO_FEW_ATTEMPTS)


def test_a_key_is_not_doubted_for_a_tie_for_weak_learners_or_for_no_answer() -> None:
    tie = [ChoiceCount("b", 2, 5, 10), ChoiceCount("a", 9, 8, 10)]
    weak = [ChoiceCount("b", 20, 15, 3), ChoiceCount("a", 1, 5, 10)]
    silent = [ChoiceCount("a", 1, 5, 4), ChoiceCount(None, 1, 5, 9)]
    split = [ChoiceCount("a", 0, 0, 5), ChoiceCount("A", 0, 0, 5), ChoiceCount("b", 0, 0, 8)]
    assert verdict(GOOD, tie, {"a"}).finding is Finding.WORKS_WELL
    assert verdict(GOOD, weak, {"a"}).finding is Finding.WORKS_WELL
    assert verdict(GOOD, silent, {"a"}).finding is Finding.WORKS_WELL
    # Two right answers are right together.
    assert verdict(GOOD, split, {"a", "A"}).finding is Finding.WORKS_WELL
    assert verdict(GOOD, tie).finding is Finding.WORKS_WELL
