"""Which groups of a wave have a row of their own, and what each row tells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from learning.psychometrics.change import holm
from learning.psychometrics.disclosure import Grid, Protection, Row, protect
from learning.psychometrics.figures import Between, Score, Withheld
from learning.psychometrics.over_time import EVERYBODY, Candidate, Memory, keep_open
from learning.psychometrics.reach import Sample, analysis_of_variance, drawn_reaches, half_reach, mean_reach, reach
from learning.psychometrics.report import (
    GroupComparison,
    GroupDifference,
    GroupRow,
    GroupScore,
    GroupStanding,
    PlannedGroup,
)
from learning.psychometrics.rounding import COEFFICIENTS, Reach, count_band, tell_between, tell_score
from learning.psychometrics.wave_scores import Scored, WaveScores
from learning.psychometrics.wave_table import Plan

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Places = NDArray[np.int16]

#: A group in which so large a share stands at one end of the scale tells what each of its people said.
ALIKE = 0.95
#: Points from either end of the scale that count as the end.
END = 5.0
#: From so many rows on means are drawn to the common one; below, the variance of true means is poorly known.
ROWS_FOR_SHRINKAGE = 5
SIGNIFICANT = 0.05


@dataclass(frozen=True, slots=True)
class Rows:
    """Groups with a row, and those that share the row of other departments. Places in the plan."""

    told: tuple[int, ...]
    #: Empty if there is no such row.
    merged: tuple[int, ...]
    #: Place -> why it has no row.
    reasons: dict[int, Withheld]

    @property
    def members(self) -> tuple[tuple[int, ...], ...]:
        """The groups of each row."""
        return (*((place,) for place in self.told), *((self.merged,) if self.merged else ()))


def decide_rows(plan: Plan, group: Places, headlines: Sequence[Scored]) -> Rows:
    """Hide and merge until every headline may be told of every row that is left."""
    import numpy as np

    groups = len(plan.groups)
    people = [np.flatnonzero(group == place) for place in range(groups)]
    homeless = np.flatnonzero((group < 0) | (group >= groups))
    hidden = {place: Withheld.TOO_FEW for place in range(groups) if len(people[place]) < plan.k}
    for place in range(groups):
        if place not in hidden and any(_alike(each.points[people[place]]) for each in headlines):
            hidden[place] = Withheld.TOO_ALIKE
    audits = [_Audit(plan, [*people, homeless], each.points) for each in headlines]
    while True:
        before = len(hidden)
        for audit in audits:
            rows = [frozenset(range(groups + 1)), *(frozenset({place}) for place in range(groups))]
            found = audit.protect(rows, {place + 1: why for place, why in hidden.items()})
            if 0 in found.hidden:
                found.hidden.update(dict.fromkeys(found.told, Withheld.PROTECTS_ANOTHER))
            hidden |= {row - 1: why for row, why in found.hidden.items() if row}
        told = [place for place in range(groups) if place not in hidden]
        others = np.concatenate([homeless, *(people[place] for place in hidden)])
        if told and len(others) and any(_alike(each.points[others]) for each in headlines):
            hidden[min(told, key=lambda place: len(people[place]))] = Withheld.PROTECTS_ANOTHER
        if len(hidden) == before:
            break
    if not told or len(told) + (len(others) > 0) < 2:
        return Rows((), (), hidden)
    return Rows(tuple(told), tuple(sorted(hidden)) if len(others) else (), hidden)


def _alike(points: Numbers) -> bool:
    """Whether all have the same score, or nearly all stand at one end."""
    import numpy as np

    known = points[~np.isnan(points)]
    if not len(known):
        return False
    ends = max(float((known >= 100 - END).mean()), float((known <= END).mean()))
    return bool(np.ptp(known) < 1e-9) or ends >= ALIKE


class _Audit:
    """One score of the people of each group."""

    def __init__(self, plan: Plan, people: Sequence[NDArray[np.int64]], points: Numbers) -> None:
        import numpy as np

        scores = [points[each] for each in people]
        self._k = plan.k
        self.sizes = tuple(int((~np.isnan(each)).sum()) for each in scores)
        self._sums = [float(np.nansum(each)) for each in scores]

    def size(self, row: Row) -> int:
        """People of these groups who have the score."""
        return sum(self.sizes[atom] for atom in row)

    def protect(self, rows: Sequence[Row], hidden: dict[int, Withheld]) -> Protection:
        sums = [sum(self._sums[atom] for atom in row) for row in rows]
        return protect(Grid(self.sizes, tuple(rows)), self._k, sums, hidden)


@dataclass(frozen=True, slots=True)
class ToldRows:
    """What may be told of one score."""

    #: Places in ``Rows.members`` -> people whom a difference to earlier reports leaves over, and must not pin.
    rows: dict[int, int]
    #: People of the largest set within all people that their mean must not pin.
    together: int
    #: Of the mean of all people, what stands in ``rows`` for the others.
    apart: int


def tell_rows(plan: Plan, group: Places, rows: Rows, scored: Scored, memories: Sequence[Memory] = ()) -> ToldRows:
    """The audit of one score, with the people who have it. ``memories``: what earlier reports tell of it."""
    import numpy as np

    groups = len(plan.groups)
    people = [np.flatnonzero(group == place) for place in range(groups)]
    audit = _Audit(plan, [*people, np.flatnonzero((group < 0) | (group >= groups))], scored.points)
    homeless = frozenset({groups})
    # The people of no group belong to the other departments
    grid: list[Row] = [frozenset(range(groups + 1)), *(frozenset({place}) for place in rows.told)]
    if rows.merged:
        grid.append(frozenset(rows.merged) | homeless)
    known, own = len(grid), tuple(grid)
    grid += [frozenset({place}) for place in sorted(rows.reasons)]
    hidden = {known + n: rows.reasons[place] for n, place in enumerate(sorted(rows.reasons))}
    found = audit.protect(grid, hidden)
    small = [size for size in audit.sizes if 0 < size < plan.k]
    together = 1 if 0 in found.told else max(small, default=1)
    apart = {EVERYBODY: 1} | (dict.fromkeys((n for n in found.told if 0 < n < known), 1) if 0 in found.told else {})
    if memories and audit.size(own[EVERYBODY]):
        candidates = {place: own[place] for place in apart}
        apart = _open_over_time(plan, group, scored, candidates, together, memories)
    return ToldRows({place - 1: few for place, few in apart.items() if place}, together, apart[EVERYBODY])


def _open_over_time(
    plan: Plan,
    group: Places,
    scored: Scored,
    rows: dict[int, Row],
    together: int,
    memories: Sequence[Memory],
) -> dict[int, int]:
    """Row -> people whom it must keep open beside what was told of these people before."""
    import numpy as np

    stands = np.where((group < 0) | (group >= len(plan.groups)), len(plan.groups), group)
    samples = {place: _sample(scored, np.isin(stands, sorted(row))) for place, row in rows.items()}
    means = mean_reach(samples[EVERYBODY]), half_reach(samples[EVERYBODY], plan.invited)
    groups = [place for place in samples if place != EVERYBODY]
    of_groups, _drawn = _reaches([samples[place] for place in groups])
    reaches = {EVERYBODY: means} | dict(zip(groups, of_groups, strict=True))

    def tell(place: int, apart: int) -> Score | None:
        mean, half = reaches[place]
        return tell_score(mean, samples[place].people, half, together if place == EVERYBODY else 1, apart)

    candidates = {
        place: Candidate(row, samples[place].people, samples[place].moments.mean) for place, row in rows.items()
    }
    return keep_open(memories, candidates, plan.k, tell)


def compare_groups(
    plan: Plan, group: Places, rows: Rows, scores: WaveScores, told: dict[str, ToldRows]
) -> GroupComparison:
    """The groups side by side. ``told``: what ``tell_rows`` allows, by the id of the score."""
    import numpy as np

    members = rows.members
    masks = [np.isin(group, each) for each in members]
    if rows.merged:
        masks[-1] = ~np.logical_or.reduce(masks[:-1])
    shrunken: list[str] = []
    means = {
        each.id: _row_scores(plan, each, masks, told[each.id], shrunken)
        for each in (*scores.headlines, *scores.dimensions)
    }
    return GroupComparison(
        tuple(_planned(plan, place, rows) for place in range(len(plan.groups))),
        tuple(
            GroupRow(
                None if rows.merged and place == len(members) - 1 else plan.groups[each[0]].code,
                tuple(plan.groups[member].code for member in each),
                invited,
                count_band(int(masks[place].sum()), invited),
                tuple(means[score.id][place] for score in scores.headlines),
                tuple(means[score.id][place] for score in scores.dimensions),
            )
            for place, each in enumerate(members)
            for invited in [sum(plan.groups[member].invited for member in each)]
        ),
        tuple(shrunken),
        _differences(scores.headlines, masks, told),
    )


def _planned(plan: Plan, place: int, rows: Rows) -> PlannedGroup:
    standing = (
        GroupStanding.TOLD
        if place in rows.told
        else GroupStanding.MERGED
        if place in rows.merged
        else GroupStanding.HIDDEN
    )
    each = plan.groups[place]
    reason = rows.reasons.get(place)
    # That its people are alike would tell what each of them said
    told = Withheld.PROTECTS_ANOTHER if reason is Withheld.TOO_ALIKE else reason
    return PlannedGroup(each.code, each.name, each.invited, standing, told)


def _sample(scored: Scored, mask: NDArray[np.bool_]) -> Sample:
    import numpy as np

    there = mask & ~np.isnan(scored.points)
    return Sample.of(scored.points[there], scored.moves[there])


def _row_scores(
    plan: Plan, scored: Scored, masks: Sequence[NDArray[np.bool_]], told: ToldRows, shrunken: list[str]
) -> list[GroupScore]:
    places = sorted(told.rows)
    samples = [_sample(scored, masks[place]) for place in places]
    reaches, drawn = _reaches(samples)
    if drawn:
        shrunken.append(scored.id)
    found = [GroupScore(scored.id, None, _why_not(plan, scored, mask)) for mask in masks]
    for place, sample, (mean, half) in zip(places, samples, reaches, strict=True):
        score = tell_score(mean, sample.people, half, apart=told.rows[place])
        found[place] = GroupScore(scored.id, score, None if score else Withheld.TOO_CLEAR)
    return found


def _reaches(samples: Sequence[Sample]) -> tuple[list[tuple[Reach, Reach | None]], bool]:
    """Means of rows and half the widths of their intervals, and whether they are drawn to the common mean."""
    drawn = drawn_reaches(samples) if len(samples) >= ROWS_FOR_SHRINKAGE else None
    if drawn:
        return [*drawn], True
    return [(mean_reach(each), half_reach(each, None)) for each in samples], False


def _why_not(plan: Plan, scored: Scored, mask: NDArray[np.bool_]) -> Withheld:
    import numpy as np

    enough = int((~np.isnan(scored.points[mask])).sum()) >= plan.k
    return Withheld.PROTECTS_ANOTHER if enough else Withheld.TOO_FEW


def _differences(
    headlines: Sequence[Scored], masks: Sequence[NDArray[np.bool_]], told: dict[str, ToldRows]
) -> tuple[GroupDifference, ...]:
    tested: list[tuple[str, Reach | None, Between | None, Between | None]] = []
    for scored in headlines:
        places = sorted(told[scored.id].rows)
        if len(places) < 2:
            continue
        samples = [_sample(scored, masks[place]) for place in places]
        icc1 = reach(lambda moments: _not_below_0(analysis_of_variance(moments).icc1), samples)
        icc2 = reach(lambda moments: _not_below_0(analysis_of_variance(moments).icc2), samples)
        tested.append(
            (
                scored.id,
                reach(lambda moments: analysis_of_variance(moments).p, samples),
                tell_between(icc1, COEFFICIENTS) if icc1 else None,
                tell_between(icc2, COEFFICIENTS) if icc2 else None,
            )
        )
    sure = [each for each in tested if each[1]]
    least, most = (holm([getattr(p, end) for _, p, _, _ in sure]) for end in ("low", "high"))
    verdicts = {
        each[0]: low < SIGNIFICANT if (low < SIGNIFICANT) == (high < SIGNIFICANT) else None
        for each, low, high in zip(sure, least, most, strict=True)
    }
    return tuple(GroupDifference(id_, verdicts.get(id_), icc1, icc2) for id_, _, icc1, icc2 in tested)


def _not_below_0(value: float | None) -> float | None:
    return None if value is None else max(0.0, value)
