"""From all answers of a wave to the figures that may be told. The one place where answers of many people are read."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from learning.content.model import Instrument
from learning.psychometrics.company import (
    response_rate,
)
from learning.psychometrics.company_figures import (
    Wave,
    dimension_result,
    headline_result,
    item_results,
    knowledge_result,
    scales,
    trust_result,
)
from learning.psychometrics.figures import Interval
from learning.psychometrics.over_time import Past, cross, remember
from learning.psychometrics.release_groups import compare_groups, decide_rows, tell_rows
from learning.psychometrics.report import (
    DimensionResult,
    NoChange,
    Report,
    ResponseRate,
    WaveChange,
)
from learning.psychometrics.rounding import (
    count_band,
    count_of_answers,
    rate_stretch,
)
from learning.psychometrics.wave_change import change_of_company, changes_of_groups
from learning.psychometrics.wave_scores import Scored, WaveScores, careless, score_wave
from learning.psychometrics.wave_table import LEAST_K, Plan, ResponseTable

#: Below this share of those invited a warning is printed.
FEW_ANSWERED = 0.5
#: A strength is not below this, a weakness is below that.
STRONG_FROM, WEAK_BELOW = 60.0, 80.0
#: So many of each are named.
NAMED = 3


def check(instrument: Instrument, plan: Plan, table: ResponseTable) -> None:
    """Raises ValueError for a table that does not belong to this plan and instrument."""
    import numpy as np

    people = len(table.values)
    if plan.k < LEAST_K:
        raise ValueError(f"k is {plan.k}: it may be raised above {LEAST_K}, never lowered.")
    if (
        table.values.shape != (people, len(instrument.items))
        or len(table.group) != people
        or len(table.trust) != people
    ):
        raise ValueError("The answers do not fit the instrument: one row a person, one column an item.")
    if people > plan.invited:
        raise ValueError(f"{people} answers from {plan.invited} people invited: count the invited again.")
    counts = np.bincount(table.group[table.group >= 0], minlength=len(plan.groups))
    if len(counts) > len(plan.groups):
        raise ValueError("An answer names a group that the plan does not have.")


def read_wave(instrument: Instrument, plan: Plan, table: ResponseTable, pasts: Sequence[Past] = ()) -> Wave:
    """Score everybody and decide what may be told of whom. ``pasts``: what was told of these people before."""
    scores = score_wave(instrument, table.values)
    rows = decide_rows(plan, table.group, scores.headlines)
    before = [_by_id(score_wave(instrument, past.table.values)) for past in pasts]
    told = {
        id_: tell_rows(
            plan,
            table.group,
            rows,
            each,
            [
                remember(past, plan, id_, known[id_].points, each.points, table.group.tolist())
                for past, known in zip(pasts, before, strict=True)
            ],
        )
        for id_, each in _by_id(scores).items()
    }
    crossings = [cross(past, plan, past.table.group.tolist(), table.group.tolist()) for past in pasts]
    few = [crossing.few(crossing.was(), crossing.is_(), plan.k) for crossing in crossings]
    return Wave(instrument, plan, table, scores, rows, told, max(few, default=0))


def _by_id(scores: WaveScores) -> dict[str, Scored]:
    return {each.id: each for each in (*scores.headlines, *scores.dimensions)}


def report_of(wave: Wave, earlier: Past | NoChange) -> Report:
    """The figures of a wave in which k people or more answered. ``earlier``: the wave before, or why none counts."""
    instrument, table = wave.instrument, wave.table
    hasty = careless(instrument, table.values)
    dimensions = tuple(
        dimension_result(wave, each, scored)
        for each, scored in zip(scales(instrument), wave.scores.dimensions, strict=True)
    )
    strengths = _strongest(dimensions)
    report = Report(
        instrument.id,
        instrument.version,
        instrument.language,
        instrument.hash,
        wave.plan.k,
        _response(wave.people, wave.plan.invited),
        tuple(
            headline_result(wave, headline, scored, hasty)
            for headline, scored in zip(instrument.score_headlines, wave.scores.headlines, strict=True)
        ),
        dimensions,
        item_results(wave),
        knowledge_result(wave),
        strengths,
        _weakest(dimensions, strengths),
        compare_groups(wave.plan, table.group, wave.rows, wave.scores, wave.told),
        count_of_answers(int(hasty.sum())),
        trust_result(table.trust),
        WaveChange(NoChange.FIRST_WAVE),
    )
    if isinstance(earlier, NoChange):
        return replace(report, change=WaveChange(earlier))
    change = WaveChange(None, *change_of_company(wave, earlier, report), changes_of_groups(wave, earlier, report))
    return replace(report, change=change)


def _response(answered: int, invited: int) -> ResponseRate:
    """The interval hangs on the told stretch, so that it tells the number no better."""
    told = rate_stretch(answered, invited)
    least = response_rate(math.floor(told.low * invited + 1e-9), invited)
    most = response_rate(math.ceil(told.high * invited - 1e-9), invited)
    assert least
    assert most
    interval = Interval(math.floor(100 * least.low) / 100, math.ceil(100 * most.high) / 100)
    middle = round(told.middle, 4)
    return ResponseRate(invited, count_band(answered, invited), middle, interval, middle < FEW_ANSWERED, told)


def _middles(dimensions: Sequence[DimensionResult]) -> list[tuple[float, str]]:
    return [(each.score.middle, each.id) for each in dimensions if each.score]


def _strongest(dimensions: Sequence[DimensionResult]) -> tuple[str, ...]:
    found = sorted(
        ((value, id_) for value, id_ in _middles(dimensions) if value >= STRONG_FROM), key=lambda each: -each[0]
    )
    return tuple(id_ for _, id_ in found[:NAMED])


def _weakest(dimensions: Sequence[DimensionResult], strengths: Sequence[str]) -> tuple[str, ...]:
    left = [(value, id_) for value, id_ in _middles(dimensions) if value < WEAK_BELOW and id_ not in strengths]
    return tuple(id_ for _, id_ in sorted(left, key=lambda each: each[0])[:NAMED])
