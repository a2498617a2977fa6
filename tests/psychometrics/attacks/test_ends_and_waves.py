"""A6 and A7: everybody of one mind, answers that nobody gave, and one who came or left between two waves."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

from learning.psychometrics.release import Plan, ReleaseRefused, ResponseTable, build_release
from tests.proof import times
from tests.psychometrics.attacks.reading import body, stretch
from tests.psychometrics.waves import SMALL, earlier_of, limits_of, plan_of, random_sizes, wave_of, with_answer

pytestmark = pytest.mark.prove


def _one_mind(sizes: list[int], level: int) -> ResponseTable:
    """All give the same answer to everything: 0 is the lowest level, 4 the highest."""
    row = []
    for item in SMALL.items:
        low, high = limits_of(item)
        value = min(high, low + level)
        row.append(low + high - value if getattr(item, "key", "") == "negative" else value)
    people = sum(sizes)
    return ResponseTable(
        np.repeat(np.arange(len(sizes), dtype=np.int16), sizes),
        np.tile(np.array(row, dtype=np.int8), (people, 1)),
        np.full(people, 5, dtype=np.int8),
    )


def _stretches(value: Any) -> list[tuple[float, float]]:
    """All shares, spreads and coefficients of a report."""
    match value:
        case list():
            return [each for part in value for each in _stretches(part)]
        case {"low": low, "high": high} if len(value) == 2 and isinstance(high, float):
            return [(low, high)]
        case dict():
            return [each for key, part in value.items() if "interval" not in key for each in _stretches(part)]
    return []


def test_a6_neither_unanimity_nor_an_empty_class_is_told() -> None:
    figures = waves = 0
    for sizes, level in itertools.product(([5], [9], [12], [25], [60], [8, 9, 30]), range(5)):
        plan, table = plan_of(sizes), _one_mind(sizes, level)
        try:
            report = body(build_release(SMALL, plan, table, None))["report"]
        except ReleaseRefused:
            continue
        waves += 1
        for low, high in _stretches(report):
            figures += 1
            assert high - low > 0.004, (low, high)
        # Groups of one mind have no row
        assert report["groups"]["rows"] == []
        assert report["trust"] is None or (report["trust"]["low"] < 0.96 and report["trust"]["high"] == 1)
        for item in report["items"]:
            for answer in item["distribution"]:
                if answer["share"]:
                    assert answer["share"]["low"] < 0.96
                    assert answer["share"]["high"] > 0.04
        if level in (0, 4):
            for each in report["headlines"]:
                assert each["score"] is None or each["score"]["form"] != "points"
    print(f"A6: {waves} waves of one mind, {figures} shares and spreads, none tells of nobody or of everybody")
    assert waves > 15


def test_a6_a_wave_of_one_mind_looks_like_one_in_which_somebody_thinks_otherwise() -> None:
    tried = 0
    for people, level, place in itertools.product((12, 30), (0, 2, 4), range(0, 15, times(5, 1))):
        plan, table = plan_of([people]), _one_mind([people], level)
        value = int(table.values[0, place])
        low, high = limits_of(SMALL.items[place])
        other = with_answer(table, 0, place, value + 2 if value + 2 <= high else max(low, value - 2))
        first, second = (body(build_release(SMALL, plan, each, None))["report"] for each in (table, other))
        for one, two in zip(first["items"], second["items"], strict=True):
            told = {share["value"]: share["share"] for share in two["distribution"]}
            for share in one["distribution"]:
                mine, theirs = share["share"], told[share["value"]]
                if mine and theirs:
                    tried += 1
                    assert mine["low"] < theirs["high"]
                    assert theirs["low"] < mine["high"]
    print(f"A6: {tried} told shares of a wave of one mind overlap with those of one with a dissenter")
    assert tried > 50


def _told_alike(sizes: tuple[list[int], list[int]], seed: int) -> tuple[Plan, ResponseTable, ResponseTable]:
    """Two waves in which the same people answer the same, but for those who came or left in the first group."""
    larger = max(sizes, key=sum)
    whole = wave_of(larger, seed, missing=0.0)
    tables = []
    for each in sizes:
        keep = np.ones(sum(larger), dtype=bool)
        keep[: larger[0] - each[0]] = False
        tables.append(ResponseTable(whole.group[keep], whole.values[keep], whole.trust[keep]))
    return plan_of(larger), tables[0], tables[1]


def _of_those_who_moved(
    counts: tuple[int, int], told: list[tuple[float, float]], change: dict[str, Any]
) -> tuple[float, float]:
    """Between what the mean of those lies who are in one wave only, by both means and their told change."""
    moved = abs(counts[1] - counts[0])
    # Unknown: the sum of those in both waves, and of those in one
    both = [(1.0, float(count > min(counts))) for count in counts]
    difference = tuple(both[1][n] / counts[1] - both[0][n] / counts[0] for n in (0, 1))
    rows = [(both[wave], told[wave][0] * counts[wave], told[wave][1] * counts[wave]) for wave in (0, 1)]
    if change["points"] is not None:
        half = change["step"] / 2
        rows.append((difference, change["points"] - half, change["points"] + half))
    ends = [
        linprog(
            (0, sign),
            A_ub=[row for row, _, _ in rows] + [tuple(-each for each in row) for row, _, _ in rows],
            b_ub=[high + 1e-6 for _, _, high in rows] + [-low + 1e-6 for _, low, _ in rows],
            bounds=[(0, 100 * min(counts)), (0, 100 * moved)],
        )
        for sign in (1, -1)
    ]
    assert all(each.status == 0 for each in ends)
    return ends[0].fun / moved, -ends[1].fun / moved


@pytest.mark.parametrize("came", [1, 4, -1, -4])
def test_a7_a_trend_is_withheld_where_few_came_or_left(came: int) -> None:
    tried = 0
    least = 100.0
    for seed in range(times(4, 60)):
        plan, before, after = _told_alike(([20, 25, 30], [20 + came, 25, 30]), 900 + seed)
        first = build_release(SMALL, plan, before, None)
        release = build_release(SMALL, plan, after, earlier_of(plan, before, first))
        trends = body(release)["report"]["change"]["groups"]
        assert {each["reason"] for each in trends if each["code"] == "g0"} == {"few-came-or-went"}
        assert all(each["points"] is None for each in trends if each["code"] == "g0")
        assert any(each["points"] is not None for each in trends if each["code"] != "g0")
        # Whoever takes all others to have answered the same in both waves, and solves for those who came or left
        for n, change in enumerate(body(release)["report"]["change"]["headlines"]):
            counts = len(before.values), len(after.values)
            told = [stretch(body(each)["report"]["headlines"][n]["score"]) for each in (first, release)]
            low, high = _of_those_who_moved(counts, told, change)
            assert high - low > 100 / 12
            least, tried = min(least, high - low), tried + 1
    print(
        f"A7: {came:+d} people between two waves: group trend withheld; of {tried} sums of those who came or left none closer than {least:.0f} points"
    )


def test_a7_a_trend_is_told_where_nobody_or_many_came() -> None:
    for sizes in ([20, 25, 30], [15, 25, 30], [26, 25, 30]):
        plan, before, after = _told_alike(([20, 25, 30], sizes), 77)
        first = build_release(SMALL, plan, before, None)
        trends = body(build_release(SMALL, plan, after, earlier_of(plan, before, first)))["report"]["change"]["groups"]
        assert any(each["points"] is not None for each in trends if each["code"] == "g0")


def test_a7_one_more_person_invited_withholds_the_trend_too() -> None:
    plan, before, after = _told_alike(([20, 25, 30], [20, 25, 30]), 78)
    first = build_release(SMALL, plan, before, None)
    larger = plan_of([21, 25, 30])
    trends = body(build_release(SMALL, larger, after, earlier_of(plan, before, first)))["report"]["change"]["groups"]
    assert {each["reason"] for each in trends if each["code"] == "g0"} == {"few-came-or-went"}


@pytest.mark.parametrize("moved", [1, 4])
def test_a7_as_many_who_came_as_left_withhold_the_trend_too(moved: int) -> None:
    plan, before, _ = _told_alike(([20, 25, 30], [20, 25, 30]), 79)
    first = build_release(SMALL, plan, before, None)
    # In the first group others stand in the place of some; no number changed
    values = before.values.copy()
    values[:moved] = wave_of([moved], 80, missing=0.0).values
    after = ResponseTable(before.group, values, before.trust)
    report = body(build_release(SMALL, plan, after, earlier_of(plan, before, first, gone=[moved])))["report"]
    assert {each["reason"] for each in report["change"]["groups"] if each["code"] == "g0"} == {"few-came-or-went"}
    assert any(each["points"] is not None for each in report["change"]["groups"] if each["code"] != "g0")
    # And a change of all is the difference of what both told, to the last digit
    for kind in ("headlines", "dimensions"):
        told = [{each["id"]: each["score"] for each in one[kind]} for one in (body(first)["report"], report)]
        for each in report["change"][kind]:
            if each["points"] is not None:
                one, other = (scores[each["id"]] for scores in told)
                assert each["points"] == pytest.approx(other["value"] - one["value"])
                assert each["step"] == pytest.approx(other["step"] + one["step"])


def test_random_releases_hold_a6_in_every_share() -> None:
    chance = np.random.default_rng(6)
    for number in range(5):
        sizes = random_sizes(chance, least=8)
        report = body(build_release(SMALL, plan_of(sizes), wave_of(sizes, number), None))["report"]
        assert all(high > low for low, high in _stretches(report))
