"""Waves of invented people for tests: small instruments, groups of any size, answers as odd as one likes."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np

from learning.content.model import Instrument, Item
from learning.psychometrics.disclosure import Row
from learning.psychometrics.release import (
    DONT_KNOW,
    NOT_APPLICABLE,
    SKIPPED,
    Earlier,
    Group,
    Moved,
    Plan,
    Release,
    ResponseTable,
)
from tests.psychometrics.instruments import agreement, anchored, instrument, knowledge

SMALL = instrument(
    anchored("a1", 3),
    anchored("a2", 4, 2.0),
    agreement("b1", "+-+-+"),
    agreement("b2", "++-"),
    knowledge("k", (0, 1, 2)),
)


def limits_of(item: Item) -> tuple[int, int]:
    """Least and greatest raw value."""
    return {"anchored": (0, 4), "agreement": (1, 5), "knowledge": (0, 2)}[item.kind]


def plan_of(sizes: Sequence[int], k: int = 5, silent: int = 1) -> Plan:
    """Groups g0, g1, … of so many people who answer; ``silent`` more are invited in each."""
    return Plan(tuple(Group(f"g{n}", f"Group {n}", size + silent) for n, size in enumerate(sizes)), k)


def earlier_of(plan: Plan, table: ResponseTable, release: Release, gone: Sequence[int] = ()) -> Earlier:
    """A closed wave of which so many of each group are not asked again; all others are, in the same group."""
    left = [*gone, *[0] * (len(plan.groups) - len(gone))]
    moved = (Moved(each.code, each.code, each.invited - less) for each, less in zip(plan.groups, left, strict=True))
    return Earlier(plan, table, release, tuple(moved))


def wave_of(
    sizes: Sequence[int],
    seed: int,
    missing: float = 0.05,
    middle: float = 0.5,
    spread: float = 1.0,
    asks: Instrument = SMALL,
) -> ResponseTable:
    """Answers of people in groups; ``middle`` is where they stand on the scale, 0 to 1."""
    chance = np.random.default_rng(seed)
    people = sum(sizes)
    tendency = chance.normal(0, 0.6 * spread, people)
    columns = []
    for item in asks.items:
        low, high = limits_of(item)
        turn = -1 if getattr(item, "key", "") == "negative" else 1
        raw = low + (high - low) * (middle if turn == 1 else 1 - middle)
        column = np.clip(np.rint(raw + turn * tendency + chance.normal(0, 0.8 * spread, people)), low, high)
        lost = chance.random(people) < missing
        codes = chance.choice([SKIPPED, DONT_KNOW, NOT_APPLICABLE], people)
        columns.append(np.where(lost, codes, column).astype(np.int8))
    trust = chance.choice(np.array([SKIPPED, 1, 2, 3, 4, 5], dtype=np.int8), people)
    return ResponseTable(np.repeat(np.arange(len(sizes), dtype=np.int16), sizes), np.stack(columns, axis=1), trust)


def with_answer(table: ResponseTable, person: int, item: int, value: int) -> ResponseTable:
    """The same wave in which one person answered one item differently."""
    values = table.values.copy()
    values[person, item] = value
    return ResponseTable(table.group, values, table.trust)


def random_sizes(chance: np.random.Generator, least: int = 1) -> list[int]:
    """Two to nine groups of one to sixty people, small ones more often."""
    return [int(each) for each in np.exp(chance.uniform(np.log(least), np.log(61), chance.integers(2, 10)))]


def margins(attributes: Sequence[int]) -> tuple[int, tuple[Row, ...]]:
    """Number of atoms of attributes with so many levels each, and the rows of total and one-way tables."""
    cells = list(itertools.product(*(range(levels) for levels in attributes)))
    rows = [frozenset(range(len(cells)))]
    for place, levels in enumerate(attributes):
        rows += [frozenset(a for a, cell in enumerate(cells) if cell[place] == level) for level in range(levels)]
    return len(cells), tuple(rows)
