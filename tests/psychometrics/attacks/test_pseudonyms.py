"""A20 and A24: nothing in the JSON follows a person from one question to another, and nothing is more exact than told."""

from __future__ import annotations

import dataclasses
import inspect

import numpy as np
import pytest

from learning.psychometrics import figures, report
from learning.psychometrics.release import Release, ResponseTable, build_release
from tests.psychometrics.attacks.reading import body, keys, numbers
from tests.psychometrics.waves import SMALL, plan_of, wave_of

pytestmark = pytest.mark.prove


def _release(sizes: list[int], seed: int) -> Release:
    return build_release(SMALL, plan_of(sizes), wave_of(sizes, seed), None)


def test_a20_the_release_has_no_row_of_a_person() -> None:
    small, large = (list(numbers(body(_release(sizes, 3)))) for sizes in ([30, 40, 50], [300, 400, 500]))
    # Ten times the people, and not one number more but those that few people may not be told
    assert {path for path, _ in small} <= {path for path, _ in large}
    assert len(large) < 1.6 * len(small)
    assert len(large) < 700
    print(f"A20: {len(small)} numbers tell of 120 people, {len(large)} of 1200; none belongs to one of them")


def test_a20_the_order_of_the_answers_is_nowhere_in_the_release() -> None:
    table, plan = wave_of([30, 40, 50], 3), plan_of([30, 40, 50])
    order = np.random.default_rng(1).permutation(120)
    shuffled = ResponseTable(table.group[order], table.values[order], table.trust[order])
    assert build_release(SMALL, plan, shuffled, None).to_json() == build_release(SMALL, plan, table, None).to_json()


def test_a24_the_json_holds_the_fields_of_the_records_and_no_other() -> None:
    fields = {
        field.name
        for module in (report, figures)
        for _, each in inspect.getmembers(module, dataclasses.is_dataclass)
        for field in dataclasses.fields(each)
    }
    assert set(keys(body(_release([30, 40, 50], 4)))) <= fields | {"form", "report"}


def test_a24_no_number_of_people_is_exact_but_those_declared_before_opening() -> None:
    sizes = [23, 37, 53]
    found = list(numbers(body(_release(sizes, 5))))
    exact = {float(size) for size in sizes} | {113.0}
    seen = [(path, value) for path, value in found if value in exact and not path.endswith("invited")]
    # A figure may have such a value by chance; counts are bands
    assert not [path for path, _ in seen if "answered" in path or "careless" in path]
    for path, value in found:
        if path.endswith(("answered.low", "careless.low")):
            assert value in (0, 5, 10, 20, 50, 100, 200)
        assert abs(value * 1000 - round(value * 1000)) < 1e-6, f"{path} is too exact: {value}"
    print(f"A24: {len(found)} numbers of the JSON, none with more than three decimals, no exact number of people")


def test_a24_no_raw_figure_stands_in_the_json() -> None:
    # Means that no rounding of ours would write
    table, plan = wave_of([31, 41, 53], 6), plan_of([31, 41, 53])
    text = build_release(SMALL, plan, table, None).to_json()
    from learning.psychometrics.wave_scores import score_wave

    scores = score_wave(SMALL, table.values)
    canaries = [float(np.nanmean(each.points)) for each in (*scores.headlines, *scores.dimensions)]
    canaries += [float(np.nanstd(each.points, ddof=1)) for each in (*scores.headlines, *scores.dimensions)]
    for canary in canaries:
        assert f"{canary:.4f}"[:-1] not in text
    print(f"A24: {len(canaries)} raw means and spreads looked for in the JSON, none found")
