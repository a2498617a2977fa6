"""A5: all but one tell each other what they answered, and look for the last one's answers in the release.

They work out every figure anew for each answer that the last person may have given to an item, all else as it was, and
strike out what would have been told differently. The figures are worked out here by the formulas of single samples, not
by those that the release is built with.

What no release resists is the same coalition of all others when it also retraces which rounding was chosen: it makes the
release anew for each answer and compares. A rule without noise that always leaves three of five answers possible to that
does not exist: of the five releases that one answer can lead to, three or more would have to be equal wherever one
begins, so all five, so the release could not depend on anybody's answers. The last test shows it, so that nobody
promises more.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from learning.psychometrics.release import Plan, ReleaseRefused, ResponseTable, build_release
from learning.psychometrics.reliability import cronbach_alpha
from learning.psychometrics.wave_scores import keyed, score_wave
from tests.proof import times
from tests.psychometrics.attacks.reading import body, stretch
from tests.psychometrics.oracles import (
    company_mean,
    group_differences,
    independent_change,
    shrunken_means,
    within_group_agreement,
)
from tests.psychometrics.waves import SMALL, earlier_of, limits_of, plan_of, random_sizes, wave_of, with_answer

pytestmark = pytest.mark.prove

#: What figures are called here: (what, of which row, of which score).
Name = tuple[str, ...]


def _of(points: np.ndarray[Any, Any]) -> list[float]:
    return [float(each) for each in points[~np.isnan(points)]]


def _figures(plan: Plan, table: ResponseTable, report: dict[str, Any], before: Any) -> Iterator[tuple[Name, float]]:
    """All that a release is made of, exactly, but for omega."""
    scores = score_wave(SMALL, table.values)
    headlines = {each.id for each in scores.headlines}
    rows = {
        row["code"]: np.isin(table.group, [int(code[1:]) for code in row["members"]])
        for row in report["groups"]["rows"]
    }
    for scored in (*scores.headlines, *scores.dimensions):
        values = _of(scored.points)
        yield ("mean", "all", scored.id), float(np.mean(values))
        yield ("half", "all", scored.id), _half(values, plan.invited)
        groups = [_of(scored.points[mask]) for mask in rows.values()]
        if scored.id in report["groups"]["shrunken"]:
            drawn = shrunken_means(groups)
            if drawn:
                for code, group in zip(rows, drawn.groups, strict=True):
                    yield ("mean", str(code), scored.id), group.value
        else:
            for code, group in zip(rows, groups, strict=True):
                if len(group) >= plan.k:
                    yield ("mean", str(code), scored.id), float(np.mean(group))
                    yield ("half", str(code), scored.id), _half(group, None)
        if scored.id in headlines:
            yield ("sd", "all", scored.id), float(np.std(values, ddof=1))
            yield from _classes(
                ("spread", scored.id), np.searchsorted([0, 20, 40, 60, 80], values, side="right") - 1, 5
            )
            found = group_differences([group for group in groups if len(group) >= plan.k])
            if found and found.icc1 is not None and found.icc2 is not None:
                yield ("icc1", "all", scored.id), max(0.0, found.icc1)
                yield ("icc2", "all", scored.id), max(0.0, found.icc2)
        if before is not None:
            old = next(each for each in (*before.headlines, *before.dimensions) if each.id == scored.id)
            change = independent_change(_of(old.points), values)
            if change:
                yield ("change", "all", scored.id), change.difference.value
                if change.d and change.g is not None:
                    yield ("d", "all", scored.id), change.d.value
                    yield ("g", "all", scored.id), change.g
    place = 0
    for dimension in SMALL.dimensions:
        turned = []
        for item in dimension.items:
            raw = table.values[:, place]
            low, high = limits_of(item)
            given = raw[raw >= 0]
            yield from _classes(("item", item.id), given - low, high - low + 1)
            if dimension.kind != "knowledge":
                points = [100 * (int(each) - low) / (high - low) for each in keyed(item, given)]
                yield ("mean", "item", item.id), float(np.mean(points)) if points else math.nan
                turned.append(keyed(item, raw))
            place += 1
        if turned:
            complete = np.stack(turned, axis=1)
            complete = complete[(complete >= 0).all(axis=1)]
            agreement = within_group_agreement(complete.tolist(), 5)
            if agreement is not None:
                yield ("agreement", "all", dimension.id), agreement
    for number, headline in enumerate(SMALL.score_headlines):
        columns = [
            keyed(item, table.values[:, place])
            for place, item in enumerate(SMALL.items)
            if next(d for d in SMALL.dimensions if item in d.items).headline_id == headline.id
        ]
        complete = np.stack(columns, axis=1)
        alpha = cronbach_alpha(complete[(complete >= 0).all(axis=1)].tolist())
        if alpha and report["headlines"][number]["reliability"]["alpha"]:
            yield ("alpha", "all", headline.id), alpha.value


def _half(values: list[float], invited: int | None) -> float:
    found = company_mean(values, invited)
    return found.high - found.value if found else math.nan


def _classes(name: Name, places: Any, classes: int) -> Iterator[tuple[Name, float]]:
    for place in range(classes):
        yield (*name, str(place)), float(np.mean(np.array(places) == place)) if len(places) else math.nan


def _told(report: dict[str, Any]) -> dict[Name, tuple[float, float]]:
    """Between what each figure lies by the release."""
    found: dict[Name, tuple[float, float]] = {}

    def score(row: str, id_: str, told: dict[str, Any] | None) -> None:
        if told:
            found["mean", row, id_] = stretch(told)
            interval = told["interval"]
            if interval and interval["low"] > 0 and interval["high"] < 100:
                # The width was rounded upwards to a multiple of up to four steps
                half = interval["high"] - told["value"]
                found["half", row, id_] = half - 4 * told["step"], half

    def between(name: Name, told: dict[str, Any] | None) -> None:
        if told:
            found[name] = told["low"], told["high"]

    for each in report["headlines"]:
        score("all", each["id"], each["score"])
        between(("sd", "all", each["id"]), each["sd"])
        between(("alpha", "all", each["id"]), each["reliability"]["alpha"])
        for share in each["spread"]:
            between(("spread", each["id"], str(share["band"])), share["share"])
    for each in report["dimensions"]:
        score("all", each["id"], each["score"])
        between(("agreement", "all", each["id"]), each["agreement"])
    for each in report["items"]:
        score("item", each["id"], each["score"])
        least = min((share["value"] for share in each["distribution"]), default=0)
        for share in each["distribution"]:
            between(("item", each["id"], str(share["value"] - least)), share["share"])
    for row in report["groups"]["rows"]:
        for each in (*row["headlines"], *row["dimensions"]):
            score(str(row["code"]), each["id"], each["score"])
    for each in report["groups"]["differences"]:
        between(("icc1", "all", each["headline_id"]), each["icc1"])
        between(("icc2", "all", each["headline_id"]), each["icc2"])
    for each in (*report["change"]["headlines"], *report["change"]["dimensions"]):
        if each["points"] is not None:
            found["change", "all", each["id"]] = each["points"] - each["step"] / 2, each["points"] + each["step"] / 2
        for name in ("d", "g"):
            if each[name] is not None:
                # In steps of a tenth, or of two tenths from 0 or from a tenth
                found[name, "all", each["id"]] = each[name] - 0.1, each[name] + 0.1
    return found


def _agrees(plan: Plan, table: ResponseTable, report: dict[str, Any], told: dict[Name, Any], before: Any) -> bool:
    for name, value in _figures(plan, table, report, before):
        ends = told.get(name)
        if ends and not math.isnan(value) and not ends[0] - 1e-6 <= value <= ends[1] + 1e-6:
            return False
    return True


def _waves(count: int, seed: int) -> Iterator[tuple[Plan, ResponseTable, Any, dict[str, Any]]]:
    chance = np.random.default_rng(seed)
    for number in range(count):
        sizes = random_sizes(chance)
        plan = plan_of(sizes)
        middle, spread = float(chance.choice([0.5, 0.3, 0.8])), float(chance.choice([1.0, 0.4]))
        tables = [wave_of(sizes, seed * 1000 + 2 * number + n, middle=middle, spread=spread) for n in (0, 1)]
        try:
            first = build_release(SMALL, plan, tables[0], None)
            release = build_release(SMALL, plan, tables[1], earlier_of(plan, tables[0], first))
        except ReleaseRefused:
            continue
        yield plan, tables[1], score_wave(SMALL, tables[0].values), body(release)["report"]


def test_a5_to_all_but_one_at_least_three_of_five_answers_of_the_last_remain_possible() -> None:
    chance = np.random.default_rng(5)
    tried = figures = 0
    left: dict[int, int] = {}
    for plan, table, before, report in _waves(times(2, 40), 6):
        told = _told(report)
        figures += len(told)
        assert _agrees(plan, table, report, told, before), "the attack misreads what is told"
        for person in chance.choice(len(table.values), min(3, len(table.values)), replace=False):
            for place, item in enumerate(SMALL.items):
                value = int(table.values[person, place])
                if value < 0 or item.kind == "knowledge":
                    continue
                low, high = limits_of(item)
                possible = sum(
                    answer == value or _agrees(plan, with_answer(table, person, place, answer), report, told, before)
                    for answer in range(low, high + 1)
                )
                tried += 1
                left[possible] = left.get(possible, 0) + 1
                assert possible >= 3, (person, item.id, value, possible)
    print(
        f"A5: the last answer to {tried} items by all others and {figures} told figures: possible answers left "
        + ", ".join(f"{number} of 5 in {left[number]}" for number in sorted(left))
    )


def test_a5_the_limit_all_others_who_retrace_every_rounding_may_be_left_with_one_answer() -> None:
    chance = np.random.default_rng(9)
    tried = alone = with_one_silent = 0
    for number in range(times(2, 40)):
        sizes = random_sizes(chance, least=8)
        plan, table = plan_of(sizes), wave_of(sizes, 700 + number, missing=0.0)
        release = build_release(SMALL, plan, table, None).to_json()
        (person, silent), place = chance.choice(len(table.values), 2, replace=False), int(chance.integers(7))
        answers = [
            build_release(SMALL, plan, with_answer(table, int(person), place, answer), None).to_json() == release
            for answer in range(5)
        ]
        # With a second unknown person the two can have changed places
        swapped = with_answer(table, int(person), place, int(table.values[silent, place]))
        swapped = with_answer(swapped, int(silent), place, int(table.values[person, place]))
        tried, alone = tried + 1, alone + (sum(answers) == 1)
        with_one_silent += build_release(SMALL, plan, swapped, None).to_json() == release
    print(
        f"A5, its limit: all others who retrace every rounding are left with one answer in {alone} of {tried}; "
        f"with one more silent, the two may have answered the other way round in {with_one_silent}"
    )
