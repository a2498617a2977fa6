"""A report of invented people: what a works council is shown before a campaign opens, and what the demo shows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from learning.content.model import AgreementItem, AnchoredItem, Instrument
from learning.psychometrics.release import Earlier, Release, build_release
from learning.psychometrics.simulation import simulate
from learning.psychometrics.wave_table import DONT_KNOW, NOT_APPLICABLE, SKIPPED, Group, Moved, Plan, ResponseTable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class _Department:
    """Of the invented company: people invited, and how many of them answer in each wave."""

    name: str
    invited: int
    answer: tuple[int, int]


_DEPARTMENTS = (
    _Department("Production, early shift", 48, (33, 38)),
    _Department("Production, late shift", 44, (26, 33)),
    _Department("Maintenance and energy", 18, (12, 12)),
    _Department("Dyeing and finishing", 36, (24, 29)),
    _Department("Warehouse and shipping", 14, (4, 4)),
    _Department("Office and laboratory", 40, (31, 36)),
)
_SEED = 20260401
#: Share of answers that are "I don't know" (only where a person speaks of the workplace), do not apply, are skipped.
_DONT_KNOW, _NOT_APPLICABLE, _SKIPPED = 0.09, 0.03, 0.015
#: Share of answers that are one step higher in the second wave than they would be.
_ROSE = 0.28


def specimen_plan(k: int = 5) -> Plan:
    """What the invented company declared."""
    return Plan(tuple(Group(f"g{n}", each.name, each.invited) for n, each in enumerate(_DEPARTMENTS, start=1)), k)


def specimen_waves(instrument: Instrument) -> tuple[ResponseTable, ResponseTable]:
    """Answers of both waves: the same for the same instrument, and of nobody."""
    return _wave(instrument, 0, 0.0), _wave(instrument, 1, _ROSE)


def specimen_release(instrument: Instrument, k: int = 5) -> Release:
    """The report of the second wave with its change since the first. Invented and marked so; always the same."""
    plan = specimen_plan(k)
    before, after = specimen_waves(instrument)
    first = build_release(instrument, plan, before, None)
    all_stayed = tuple(Moved(group.code, group.code, group.invited) for group in plan.groups)
    report = build_release(instrument, plan, after, Earlier(plan, before, first, all_stayed)).report
    assert report
    return Release.of(replace(report, specimen=True))


def _wave(instrument: Instrument, wave: int, rose: float) -> ResponseTable:
    import numpy as np

    sizes = [each.answer[wave] for each in _DEPARTMENTS]
    people = sum(sizes)
    chance = np.random.default_rng(_SEED + wave)
    # One simulation, so that both waves answer items of the same difficulty; each wave takes people of its own
    everybody = simulate(instrument, sum(sum(each.answer) for each in _DEPARTMENTS), _SEED).answers
    answers = everybody[-people:] if wave else everybody[:people]
    values = np.array([[person[item.id] for item in instrument.items] for person in answers], dtype=np.int8)
    for place, item in enumerate(instrument.items):
        column = values[:, place]
        if isinstance(item, AnchoredItem | AgreementItem):
            low, high = (0, 4) if isinstance(item, AnchoredItem) else (1, 5)
            better = -1 if isinstance(item, AgreementItem) and item.key == "negative" else 1
            column[:] = np.clip(column + better * (chance.random(people) < rose), low, high)
        _leave_out(column, chance, isinstance(item, AnchoredItem))
    trust = chance.choice(
        np.array([SKIPPED, 1, 2, 3, 4, 5], dtype=np.int8), people, p=[0.05, 0.03, 0.07, 0.15, 0.35, 0.35]
    )
    return ResponseTable(np.repeat(np.arange(len(sizes), dtype=np.int16), sizes), values, trust)


def _leave_out(column: NDArray[np.int8], chance: np.random.Generator, anchored: bool) -> None:
    draw = chance.random(len(column))
    ends = (_SKIPPED, _SKIPPED + _NOT_APPLICABLE, _SKIPPED + _NOT_APPLICABLE + (_DONT_KNOW if anchored else 0.0))
    column[draw < ends[2]] = DONT_KNOW
    column[draw < ends[1]] = NOT_APPLICABLE
    column[draw < ends[0]] = SKIPPED
