"""A1 and A2: subtract what is told, add it, solve it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import linprog

from learning.psychometrics.disclosure import Grid, Row, interval, protect
from learning.psychometrics.release import SKIPPED, Group, Plan, Release, ReleaseRefused, ResponseTable, build_release
from learning.psychometrics.wave_scores import score_wave
from tests.proof import times
from tests.psychometrics.attacks.reading import Told, body, stretch, told_means
from tests.psychometrics.waves import SMALL, margins, plan_of, random_sizes, wave_of

pytestmark = pytest.mark.prove


def _releases(count: int, seed: int) -> list[tuple[Plan, ResponseTable, Release]]:
    """Random organizations; those that tell nothing are left out, with their reason checked."""
    chance = np.random.default_rng(seed)
    found: list[tuple[Plan, ResponseTable, Release]] = []
    reasons: list[bool] = []
    for number in range(count):
        sizes = random_sizes(chance)
        k = int(chance.choice([5, 5, 5, 7, 10]))
        middle, spread = float(chance.choice([0.5, 0.5, 0.3, 0.97])), float(chance.choice([1.0, 1.0, 0.2]))
        plan, table = plan_of(sizes, k), wave_of(sizes, seed * 1000 + number, middle=middle, spread=spread)
        try:
            found.append((plan, table, build_release(SMALL, plan, table, None)))
        except ReleaseRefused as refused:
            reasons.append((sum(sizes) < 2 * k or middle > 0.9) and str(refused).endswith("people."))
    # Only the small and those of one mind are refused, and told why
    assert all(reasons)
    return found


@pytest.fixture(scope="module")
def releases() -> list[tuple[Plan, ResponseTable, Release]]:
    return _releases(times(40, 500), 1)


def _by_score(told: Sequence[Told]) -> dict[str, list[Told]]:
    found: dict[str, list[Told]] = {}
    for each in told:
        found.setdefault(each.score, []).append(each)
    return found


def test_a1_no_difference_of_told_rows_is_about_fewer_than_k_people(
    releases: list[tuple[Plan, ResponseTable, Release]],
) -> None:
    tried = 0
    for plan, table, release in releases:
        for told in _by_score(told_means(release, plan, table)).values():
            assert all(each.people.sum() >= plan.k for each in told)
            for one, other in itertools.permutations(told, 2):
                tried += 1
                if not (other.people & ~one.people).any():
                    left = int((one.people & ~other.people).sum())
                    assert left == 0 or left >= plan.k, (one.row, other.row, left)
            whole, rows = told[0], told[1:]
            # Whole less any two, any three and all of the rows: nested differences
            for size in (2, 3, len(rows)):
                for some in itertools.islice(itertools.combinations(rows, size), 2000):
                    tried += 1
                    left = int((whole.people & ~np.logical_or.reduce([each.people for each in some])).sum())
                    assert left == 0 or left >= plan.k
    print(f"A1: {tried} single, pairwise and nested differences over random releases, none below k")


def _rank(matrix: NDArray[np.float64]) -> int:
    return int(np.linalg.matrix_rank(matrix)) if matrix.size else 0


def second_test(sizes: Sequence[int], rows: Sequence[Row], k: int, chance: np.random.Generator) -> Row | None:
    """Written apart from the audit: without the columns of T the rank falls if some combination lies within T.

    All sets of one and two atoms, and up to 400 of three and of four.
    """
    people = [atom for atom, size in enumerate(sizes) if size]
    matrix = np.array([[float(atom in row) for atom in people] for row in rows]).reshape(len(rows), len(people))
    whole = _rank(matrix)
    small = [place for place, atom in enumerate(people) if sizes[atom] < k]
    for size in (1, 2, 3, 4):
        sets = list(itertools.islice(itertools.combinations(small, size), 50_000))
        sets = [each for each in sets if sum(sizes[people[place]] for place in each) < k]
        if len(sets) > 400:
            sets = [sets[int(place)] for place in chance.choice(len(sets), 400, replace=False)]
        for chosen in sets:
            if _rank(np.delete(matrix, chosen, axis=1)) < whole:
                return frozenset(people[place] for place in chosen)
    return None


def test_a2_no_row_space_of_a_random_organization_determines_a_small_group() -> None:
    chance = np.random.default_rng(2)
    organizations = times(40, 500)
    plain_leaks = kept = cells = pinned = 0
    for _ in range(organizations):
        levels = [int(each) for each in chance.integers(2, 6, chance.integers(1, 4))]
        atoms, rows = margins(levels)
        people = int(chance.integers(12, 121))
        weights = chance.dirichlet(np.full(atoms, 0.7))
        places = chance.choice(atoms, people, p=weights)
        sizes = np.bincount(places, minlength=atoms).tolist()
        scores = np.clip(chance.normal(55, 18, people), 0, 100)
        sums = [float(scores[np.isin(places, list(row))].sum()) for row in rows]
        grid = Grid(tuple(sizes), rows)
        large = [row for row in rows if grid.size(row) >= 5]
        plain_leaks += second_test(sizes, large, 5, chance) is not None
        found = protect(grid, 5, sums)
        told = [rows[place] for place in found.told]
        assert second_test(sizes, told, 5, chance) is None
        kept, cells = kept + len(told), cells + len(large)
        exact = [(sums[place], sums[place]) for place in found.told]
        for place, row in enumerate(rows):
            if 0 < grid.size(row) < 5:
                hidden = interval(sizes, told, exact, row)
                assert hidden.high - hidden.low >= 40 - 1e-6, (place, hidden)
                pinned += 1
    print(
        f"A2: {organizations} random organizations, a plain threshold leaks in {plain_leaks}, after the audit 0; "
        f"{kept} of {cells} rows kept; {pinned} hidden rows stay open by 40 points or more"
    )
    assert plain_leaks > organizations / 20
    assert kept > 0.6 * cells


def test_a2_what_a_release_tells_leaves_everybody_and_every_small_group_open(
    releases: list[tuple[Plan, ResponseTable, Release]],
) -> None:
    groups = people = drawn = 0
    least = 100.0
    for plan, table, release in releases:
        scores = score_wave(SMALL, table.values)
        points = {each.id: each.points for each in (*scores.headlines, *scores.dimensions)}
        for id_, told in _by_score(told_means(release, plan, table)).items():
            known = ~np.isnan(points[id_])
            sizes = [int((known & (table.group == place)).sum()) for place in range(len(plan.groups))]
            rows, sums = [], []
            for each in told:
                row = frozenset(int(place) for place in set(table.group[each.people].tolist()))
                # Worse than what is told: the sum of a drawn row as if it were plain and exact
                exact = float(points[id_][each.people].sum())
                n = int(each.people.sum())
                rows.append(row)
                sums.append((exact, exact) if each.drawn else (each.low * n - 1e-6, each.high * n + 1e-6))
                drawn += each.drawn
                assert each.drawn or each.low - 1e-6 <= exact / n <= each.high + 1e-6
            for place, size in enumerate(sizes):
                if 0 < size < plan.k:
                    found = interval(sizes, rows, sums, frozenset({place}))
                    assert found.high - found.low >= 40 - 1e-4
                    least, groups = min(least, found.high - found.low), groups + 1
            # One person of each row, all others unknown
            for row, (low, high) in zip(rows, sums, strict=True):
                n = sum(sizes[place] for place in row)
                ends = max(0.0, low - 100 * (n - 1)), min(100.0, high)
                assert ends[1] - ends[0] >= 40 - 1e-4 or any(each.drawn for each in told)
                people += 1
    print(
        f"A2: linear programs over random releases: {groups} hidden groups, none closer than {least:.0f} points; "
        f"{people} rows, no person of them closer than 40; {drawn} of the means were drawn"
    )
    assert groups > 10


def test_a_release_of_too_few_is_refused_with_the_reason_in_words() -> None:
    plan, table = plan_of([4], silent=9), wave_of([4], 1)
    with pytest.raises(ReleaseRefused, match="Fewer than 5 people answered, so nothing can be told"):
        build_release(SMALL, plan, table, None)
    with pytest.raises(ReleaseRefused, match="Fewer than 7 people"):
        build_release(SMALL, Plan((Group("g0", "G", 20),), 7), wave_of([6], 1), None)


def test_a2_the_one_person_who_skipped_a_dimension_does_not_stand_out_from_the_two_figures() -> None:
    """The headline's mean less that of its dimensions is about this person alone, if all others answered everything."""
    tried, least = 0, 100.0
    for seed in range(times(6, 60)):
        people = 20 + 5 * (seed % 6)
        plan, table = plan_of([people]), wave_of([people], 3000 + seed, missing=0.0)
        table.values[0, :3] = SKIPPED
        report = body(build_release(SMALL, plan, table, None))["report"]
        told = {each["id"]: stretch(each["score"]) for each in (*report["headlines"], *report["dimensions"])}
        # Unknown: everybody's scores of the two dimensions of the first headline, weights 1 and 2
        first, second = np.zeros(2 * people), np.zeros(2 * people)
        first[1:people] = 1 / (people - 1)
        second[people:] = 1 / people
        headline = np.concatenate([np.full(people, 1 / 3), np.full(people, 2 / 3)]) / people
        headline[0], headline[people] = 0, 1 / people
        rows = [(first, told["a1"]), (second, told["a2"]), (headline, told["a"])]
        target = np.zeros(2 * people)
        target[people] = 1
        ends = [
            linprog(
                sign * target,
                A_ub=np.stack([row for row, _ in rows] + [-row for row, _ in rows]),
                b_ub=[high + 1e-6 for _, (_, high) in rows] + [-low + 1e-6 for _, (low, _) in rows],
                bounds=(0, 100),
            ).fun
            for sign in (1, -1)
        ]
        tried, least = tried + 1, min(least, -ends[1] - ends[0])
        assert -ends[1] - ends[0] >= 40
    print(f"A2: {tried} people who alone skipped a dimension: none closer than {least:.0f} points by both figures")
