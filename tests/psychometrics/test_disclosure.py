"""Which rows may be told so that nobody can be worked out from them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import pytest

from learning.psychometrics.disclosure import (
    Grid,
    Row,
    benchmark_allowed,
    exposed,
    interval,
    protect,
)
from learning.psychometrics.figures import Withheld
from tests.proof import times
from tests.psychometrics.waves import margins

#: A 12 at 62, B 9 at 55, C 3 at 30, D 7 at 70.
SIZES = (12, 9, 3, 7)
SUMS = (744.0, 495.0, 90.0, 490.0)
ALL = frozenset(range(4))
A, B, C, D = (frozenset({atom}) for atom in range(4))


def _exact(sums: Sequence[float]) -> list[tuple[float, float]]:
    return [(each, each) for each in sums]


def test_a_hidden_group_follows_from_the_total_and_all_others() -> None:
    assert exposed(SIZES, [ALL, A, B, D], 5) == C
    found = interval(SIZES, [ALL, A, B, D], _exact([sum(SUMS), 744, 495, 490]), C)
    assert (found.low, found.high) == pytest.approx((30.0, 30.0), abs=1e-6)
    assert sum(SUMS) / 31 == pytest.approx(58.677419, abs=1e-6)


def test_with_one_more_hidden_it_may_lie_anywhere() -> None:
    assert exposed(SIZES, [ALL, A, B], 5) is None
    rows, sums = [ALL, A, B], _exact([sum(SUMS), 744, 495])
    small, large = interval(SIZES, rows, sums, C), interval(SIZES, rows, sums, D)
    assert (small.low, small.high) == pytest.approx((0, 100), abs=1e-6)
    assert (large.low, large.high) == pytest.approx((40.0, 82.857143), abs=1e-6)
    both = interval(SIZES, rows, sums, C | D)
    assert (both.low, both.high) == pytest.approx((58.0, 58.0), abs=1e-6)


def test_the_smallest_of_the_rows_that_tell_of_it_is_hidden_too() -> None:
    found = protect(Grid(SIZES, (ALL, A, B, C, D)), 5, [sum(SUMS), *SUMS])
    assert found.told == (0, 1, 2)
    assert found.hidden == {3: Withheld.TOO_FEW, 4: Withheld.PROTECTS_ANOTHER}


def test_the_ceiling_of_the_scale_tells_of_a_group_that_no_subtraction_reaches() -> None:
    sizes, rows = (3, 4), [frozenset({0, 1})]
    assert exposed(sizes, rows, 5) is None
    found = interval(sizes, rows, _exact([3 * 97 + 4 * 98]), frozenset({0}))
    assert (found.low, found.high) == pytest.approx((94.333333, 100), abs=1e-6)
    grid = Grid((12, 3, 4), (frozenset({0, 1, 2}), *(frozenset({atom}) for atom in range(3))))
    with_others = [12 * 50.0 + 683, 600.0, 291.0, 392.0]
    # The exact audit is content with total and A; the audit by intervals is not
    assert protect(grid, 5).told == (0, 1)
    assert 1 not in protect(grid, 5, with_others).told


def test_two_attributes_expose_the_cell_that_lies_in_neither_rest() -> None:
    # A has 8 by day and 2 by night
    assert exposed((8, 2, 5, 9), [frozenset({0, 1}), frozenset({0})], 5) == frozenset({1})


def test_where_nothing_is_hidden_only_small_rows_count() -> None:
    rows = [frozenset({0, 1}), frozenset({0}), frozenset({1})]
    assert exposed((8, 9), rows, 5) is None
    assert exposed((8, 4), rows, 5) == frozenset({1})
    assert exposed((), rows[:0], 5) is None


def test_a_margin_table_without_nested_rows_can_still_tell_of_four_people() -> None:
    # Two sites x two shifts, each of one person, within a larger whole
    atoms, rows = margins((2, 2))
    assert (atoms, len(rows)) == (4, 5)
    assert exposed((1, 1, 1, 1), rows, 5) is not None
    assert exposed((6, 6, 6, 6), rows, 5) is None


def test_a_larger_k_looks_at_larger_sets() -> None:
    sizes = (20, 1, 1, 1, 1, 1, 1)
    rows = [frozenset(range(7)), frozenset({0})]
    assert exposed(sizes, rows, 5) is None
    assert exposed(sizes, rows, 7) == frozenset(range(1, 7))


def test_the_live_case_is_caught_by_the_audit_over_time() -> None:
    # Nine people at 60.0, then the same nine and a tenth at 61.5: the tenth answered 75
    nine, ten = frozenset({0}), frozenset({0, 1})
    assert 10 * 61.5 - 9 * 60 == 75
    assert exposed((9, 1), [ten], 5) is None
    assert exposed((9, 1), [ten, nine], 5) == frozenset({1})
    found = interval((9, 1), [ten, nine], _exact([615, 540]), frozenset({1}))
    assert (found.low, found.high) == pytest.approx((75, 75), abs=1e-5)


def test_impossible_sums_are_refused() -> None:
    with pytest.raises(ValueError, match="No answers between 0 and 100"):
        interval((3,), [frozenset({0})], [(301, 301)], frozenset({0}))


def test_companies_are_compared_from_five_on_and_none_may_be_half_of_all() -> None:
    assert not benchmark_allowed([(10, 19)] * 4 + [(20, 49)])
    assert benchmark_allowed([(50, 60)] * 5)
    assert not benchmark_allowed([(50, 60)] * 4)
    assert not benchmark_allowed([(50, 60)] * 4 + [(500, 600)])
    assert not benchmark_allowed([(50, None)] * 9)


def _by_fractions(sizes: Sequence[int], rows: Sequence[Row], k: int) -> bool:
    """By the rank of exact fractions: vectors within T are as many as the rank falls by without T's columns."""

    def rank(columns: Sequence[int]) -> int:
        table = [[Fraction(int(atom in row)) for atom in columns] for row in rows]
        found = 0
        for column in range(len(columns)):
            pivot = next((r for r in range(found, len(table)) if table[r][column]), None)
            if pivot is None:
                continue
            table[found], table[pivot] = table[pivot], table[found]
            for r in range(found + 1, len(table)):
                factor = table[r][column] / table[found][column]
                table[r] = [a - factor * b for a, b in zip(table[r], table[found], strict=True)]
            found += 1
        return found

    people = [atom for atom, size in enumerate(sizes) if size]
    whole = rank(people)
    return any(
        sum(sizes[atom] for atom in chosen) < k and rank([atom for atom in people if atom not in chosen]) < whole
        for size in range(1, k)
        for chosen in itertools.combinations(people, size)
    )


@pytest.mark.prove
def test_the_audit_agrees_with_brute_force_on_tiny_tables() -> None:
    chance = np.random.default_rng(7)
    leaks = 0
    tables = times(150, 3000)
    for _ in range(tables):
        sizes = [int(each) for each in chance.integers(0, 8, chance.integers(2, 8))]
        rows = [
            frozenset(int(atom) for atom in np.flatnonzero(chance.random(len(sizes)) < 0.6))
            for _ in range(chance.integers(0, 6))
        ]
        found = exposed(sizes, rows, 5)
        assert (found is not None) == _by_fractions(sizes, rows, 5), (sizes, rows)
        if found:
            assert sum(sizes[atom] for atom in found) < 5
            leaks += 1
    print(f"audit against exact fractions: {tables} tiny tables, {leaks} leak, no disagreement")
    assert 0.2 < leaks / tables < 0.95


@pytest.mark.prove
def test_the_intervals_agree_with_all_integer_answers_of_tiny_tables() -> None:
    chance = np.random.default_rng(8)
    tables = times(20, 200)
    for _ in range(tables):
        sizes = [int(each) for each in chance.integers(1, 3, 3)]
        rows = [frozenset({0, 1, 2}), frozenset({0, 1})][: int(chance.integers(1, 3))]
        truth = [int(25 * chance.integers(0, 4 * size + 1)) for size in sizes]
        sums = [sum(truth[atom] for atom in row) for row in rows]
        wanted = frozenset({int(chance.integers(0, 3))})
        ways = [
            sum(way[atom] for atom in wanted) / sum(sizes[atom] for atom in wanted)
            for way in itertools.product(*(range(0, 100 * size + 1, 25) for size in sizes))
            if all(sum(way[atom] for atom in row) == each for row, each in zip(rows, sums, strict=True))
        ]
        found = interval(sizes, rows, _exact(sums), wanted)
        assert (found.low, found.high) == pytest.approx((min(ways), max(ways)), abs=1e-5)
    print(f"intervals against all answers in steps of 25: {tables} tiny tables, no disagreement")
