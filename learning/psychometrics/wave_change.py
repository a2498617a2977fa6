"""What changed between two anonymous waves: as if of other people, since nobody knows who is who.

Welch's interval, Hedges' g and Bonett's d (sources: ``change``), from what is left of each wave, so that we can see how
far one person's answer would move each figure.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from learning.content.model import Instrument
from learning.psychometrics.bands import normal_cdf
from learning.psychometrics.change import effect, holm, small_sample_factor
from learning.psychometrics.company_figures import Wave
from learning.psychometrics.figures import Interval, Score
from learning.psychometrics.over_time import Crossing, Past, cross
from learning.psychometrics.reach import Sample, bonett_d, bonett_half, difference, hedges_g, reach, welch_half
from learning.psychometrics.report import (
    Change,
    DimensionResult,
    GroupChange,
    GroupComparison,
    GroupRow,
    HeadlineResult,
    NoChange,
    Report,
)
from learning.psychometrics.rounding import (
    FEWEST_FOR_NUMBERS,
    nearest,
    steps_for,
    tell_difference,
)
from learning.psychometrics.scales import Z_95
from learning.psychometrics.wave_scores import Scored, score_wave
from learning.psychometrics.wave_table import ResponseTable

#: Steps of a standardized difference.
STANDARDIZED = ((0.1, 0.0), (0.2, 0.0), (0.2, 0.1))
#: A spread that is told more roughly, in points, is no unit for a difference.
WIDEST_SPREAD = 5.0
SIGNIFICANT = 0.05


def comparable(instrument: Instrument, before: Report) -> bool:
    """Whether two waves asked the same: the same version, word for word or in another language."""
    same = (before.instrument_id, before.instrument_version) == (instrument.id, instrument.version)
    items = [item.id for item in instrument.items] == [item.id for item in before.items]
    return (
        same
        and items
        and (before.instrument_hash == instrument.hash or before.instrument_language != instrument.language)
    )


def change_of_company(wave: Wave, past: Past, report: Report) -> tuple[tuple[Change, ...], tuple[Change, ...]]:
    """Of all headlines and of all dimensions. Headlines are tested each by itself, dimensions together.

    Where anybody came or left, only what both reports tell is subtracted: if all others answered as before, any finer
    difference would be about those who came or left.
    """
    if any(past.turnover(wave.plan)):
        headlines = [_from_told(*pair) for pair in zip(past.report.headlines, report.headlines, strict=True)]
        dimensions = [_from_told(*pair) for pair in zip(past.report.dimensions, report.dimensions, strict=True)]
    else:
        earlier = score_wave(wave.instrument, past.table.values)
        headlines = [_change(wave, past, *pair) for pair in zip(earlier.headlines, wave.scores.headlines, strict=True)]
        dimensions = [
            _change(wave, past, *pair) for pair in zip(earlier.dimensions, wave.scores.dimensions, strict=True)
        ]
    return tuple(_judged(headlines, together=False)), tuple(_judged(dimensions, together=True))


def _from_told(before: HeadlineResult | DimensionResult, after: HeadlineResult | DimensionResult) -> Change:
    """From the told scores, and the told spreads where there are any."""
    told = _subtracted(before.score, after.score)
    if told is None:
        few = min(before.answered.low, after.answered.low) < FEWEST_FOR_NUMBERS
        return _none(after.id, NoChange.TOO_FEW if few else NoChange.FEW_CAME_OR_WENT)
    points, step, interval = told
    change = Change(after.id, points, step, interval, None, None, None, None, None, None)
    if not isinstance(before, HeadlineResult) or not isinstance(after, HeadlineResult):
        return change
    spreads = [each.sd for each in (before, after) if each.sd and each.sd.high - each.sd.low <= WIDEST_SPREAD]
    if len(spreads) < 2:
        return change
    unit = math.sqrt(sum(each.middle**2 for each in spreads) / 2)
    tenth = STANDARDIZED[0][0]
    d = nearest(points / unit, tenth)
    ends = math.floor(interval.low / unit / tenth) * tenth, math.ceil(interval.high / unit / tenth) * tenth
    g = nearest(small_sample_factor(before.answered.low + after.answered.low - 2) * points / unit, tenth)
    return replace(change, d=d, d_interval=Interval(*(round(end, 6) for end in ends)), g=g, effect=effect(g))


def _change(wave: Wave, past: Past, before: Scored, after: Scored) -> Change:
    samples = [_sample(before), _sample(after)]
    if any(sample is None or sample.people < FEWEST_FOR_NUMBERS for sample in samples):
        return _none(after.id, NoChange.TOO_FEW)
    both = [sample for sample in samples if sample]
    points, half = reach(difference, both), reach(welch_half, both)
    # If all others answered as before, the difference would be about those who answered only once
    crossing = cross(past, wave.plan, _groups(past.table, before), _groups(wave.table, after))
    few = max(1, crossing.few(crossing.was(), crossing.is_(), wave.plan.k))
    steps = steps_for(min(sample.people for sample in both), few)
    told = tell_difference(points, half, steps) if points and half else None
    if told is None:
        return _none(after.id, NoChange.TOO_CLEAR)
    d, d_half, g = reach(bonett_d, both), reach(bonett_half, both), reach(hedges_g, both)
    standardized = tell_difference(d, d_half, STANDARDIZED) if d and d_half else None
    hedges = None
    if g:
        looks = ((nearest(g.low, *step), nearest(g.high, *step)) for step in STANDARDIZED)
        hedges = next((low for low, high in looks if low == high), None)
    return Change(
        after.id,
        told[0],
        told[1],
        told[2],
        standardized[0] if standardized else None,
        standardized[2] if standardized else None,
        hedges,
        None if hedges is None else effect(hedges),
        None,
        None,
    )


def _groups(table: ResponseTable, scored: Scored) -> list[int]:
    import numpy as np

    return [int(each) for each in table.group[~np.isnan(scored.points)]]


def _sample(scored: Scored) -> Sample | None:
    import numpy as np

    there = ~np.isnan(scored.points)
    return Sample.of(scored.points[there], scored.moves[there]) if there.any() else None


def _none(id_: str, reason: NoChange) -> Change:
    return Change(id_, None, None, None, None, None, None, None, None, reason)


def _judged(changes: Sequence[Change], together: bool) -> list[Change]:
    """With the verdict on chance, from the told figures only, so that it tells nothing more than they do."""
    told = [change for change in changes if change.points is not None and change.interval]
    raised = holm([_probability(change.points or 0.0, change.interval) for change in told])
    verdicts = {
        change.id: p < SIGNIFICANT if together else not (change.interval and change.interval.holds_zero)
        for change, p in zip(told, raised, strict=True)
    }
    return [replace(change, more_than_chance=verdicts.get(change.id)) for change in changes]


def _probability(points: float, interval: Interval | None) -> float:
    """Two-sided p of a difference, by its interval."""
    error = (interval.high - interval.low) / (2 * Z_95) if interval else 0.0
    return 2 * (1 - normal_cdf(abs(points) / error)) if error else float(points == 0)


def changes_of_groups(wave: Wave, past: Past, report: Report) -> tuple[GroupChange, ...]:
    """Trends of the groups that both waves declare, worked out from the two told scores alone."""
    before = {group.code: place for place, group in enumerate(past.plan.groups)}
    crossing = cross(past, wave.plan, past.table.group.tolist(), wave.table.group.tolist())
    found: list[GroupChange] = []
    for place, group in enumerate(wave.plan.groups):
        if group.code not in before:
            continue
        rows = [_row(each, group.code) for each in (past.report.groups, report.groups)]
        reason = _no_trend((past, wave), (before[group.code], place), crossing, rows)
        for headline in report.headlines:
            scores = [_score(row, headline.id) for row in rows]
            told = None if reason else _subtracted(scores[0], scores[1])
            found.append(
                GroupChange(group.code, headline.id, None, None, None, reason or NoChange.TOO_FEW)
                if told is None
                else GroupChange(group.code, headline.id, *told, None)
            )
    return tuple(found)


def _subtracted(first: Score | None, second: Score | None) -> tuple[float, float, Interval] | None:
    """The difference of two told scores and its interval; the step is that of both together."""
    if first is None or second is None or first.interval is None or second.interval is None:
        return None
    step = max(first.step, second.step)
    halves = [
        max(interval.high - value, value - interval.low)
        for value, interval in ((first.value, first.interval), (second.value, second.interval))
    ]
    points, half = round(second.value - first.value, 6), step * math.ceil(math.hypot(*halves) / step - 1e-9)
    return points, round(first.step + second.step, 6), Interval(round(points - half, 6), round(points + half, 6))


def _score(row: GroupRow | None, headline_id: str) -> Score | None:
    return next((each.score for each in row.headlines if each.id == headline_id), None) if row else None


def _row(groups: GroupComparison, code: str) -> GroupRow | None:
    return next((row for row in groups.rows if row.code == code), None)


def _no_trend(
    waves: tuple[Past, Wave],
    places: tuple[int, int],
    crossing: Crossing,
    rows: Sequence[GroupRow | None],
) -> NoChange | None:
    """Told only where nobody came or left, or at least k: of those who were asked, and of those who answered."""
    if None in rows:
        return NoChange.OTHER_GROUP
    before, now = (each.plan.groups[place] for each, place in ((waves[0], places[0]), (waves[1], places[1])))
    stayed = sum(each.people for each in waves[0].moved if (each.before, each.after) == (before.code, now.code))
    answered = [
        int((each.table.group == place).sum()) for each, place in ((waves[0], places[0]), (waves[1], places[1]))
    ]
    was, is_ = crossing.was(frozenset({places[0]})), crossing.is_(frozenset({places[1]}))
    apart = (before.invited - stayed, now.invited - stayed, crossing.size(was - is_), crossing.size(is_ - was))
    if any(0 < each < waves[1].plan.k for each in apart):
        return NoChange.FEW_CAME_OR_WENT
    return NoChange.TOO_FEW if min(answered) < FEWEST_FOR_NUMBERS else None
