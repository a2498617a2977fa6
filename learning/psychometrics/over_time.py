"""What reports of several waves tell together of the few who came, left or moved between them.

The worst case is taken: everybody who was asked in both waves and answered both gave the same answers, and whoever reads
both reports knows who belonged where. Then a row told now, less a row told before, is about those few alone. So rows of
the later report are told so coarsely that every set of fewer than k people stays open by 40 points, by the audits of
``disclosure`` over the rows of both; a row that no rounding keeps open is withheld.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from learning.psychometrics.disclosure import PROTECTION, Row, interval, small_sets
from learning.psychometrics.figures import Form, Score
from learning.psychometrics.report import DimensionResult, GroupScore, GroupStanding, HeadlineResult, Report
from learning.psychometrics.wave_table import Moved, Plan, ResponseTable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]
    Numbers = NDArray[np.float64]

#: Least and greatest sum that what is told of a row can stand for.
Sums = tuple[float, float]
#: In one of the waves somebody was not asked, or did not answer.
NOWHERE = -1
#: Sets of several atoms that are looked at.
_SETS = 200
#: Of sets that lie in the same difference of two rows so many.
_ALIKE = 8
#: What is known to a millionth is known.
_TINY = 1e-6
#: What the solver says of a system of rows.
_FOUND, _IMPOSSIBLE = 0, 2
#: Place in the rows of a report of the one about everybody.
EVERYBODY = 0


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier report about some of the same people."""

    plan: Plan
    table: ResponseTable
    report: Report
    moved: tuple[Moved, ...]

    @property
    def told(self) -> dict[str, int]:
        """Code -> place of the groups that it tells of by themselves. All others are one row to us."""
        own = {each.code for each in self.report.groups.groups if each.standing is GroupStanding.TOLD}
        return {group.code: place for place, group in enumerate(self.plan.groups) if group.code in own}

    def turnover(self, plan: Plan) -> tuple[int, int]:
        """How many were asked then and not in this plan, and how many in this plan and not then."""
        stayed = sum(each.people for each in self.moved)
        return self.plan.invited - stayed, plan.invited - stayed


@dataclass(frozen=True, slots=True)
class Crossing:
    """The people of two waves by where they stood in each: places of groups, or NOWHERE. Atom by atom."""

    sizes: tuple[int, ...]
    before: tuple[int, ...]
    after: tuple[int, ...]

    def was(self, places: frozenset[int] | None = None) -> Row:
        """Who answered before in one of these groups; None: in any."""
        return _among(self.before, places)

    def is_(self, places: frozenset[int] | None = None) -> Row:
        """Who answers now in one of these groups; None: in any."""
        return _among(self.after, places)

    def size(self, row: Row) -> int:
        """People in a set of atoms."""
        return sum(self.sizes[atom] for atom in row)

    def few(self, one: Row, other: Row, k: int) -> int:
        """People in one of two sets alone, if they are fewer than k; the larger number of both sides."""
        apart = self.size(one - other), self.size(other - one)
        return max((each for each in apart if each < k), default=0)


def _among(stands: Sequence[int], places: frozenset[int] | None) -> Row:
    return frozenset(
        atom for atom, place in enumerate(stands) if place != NOWHERE and (places is None or place in places)
    )


def cross(past: Past, plan: Plan, before: Sequence[int], after: Sequence[int]) -> Crossing:
    """Who stood where. ``before``, ``after``: group of each answer that counts, by its place in the plan of its wave.

    Who of a group did not answer is not known. They are taken from those who are most, the same in both waves.
    """
    rest, homeless = len(past.plan.groups), len(plan.groups)
    told, now = past.told, {group.code: place for place, group in enumerate(plan.groups)}
    asked: dict[tuple[int, int], int] = {}
    for each in past.moved:
        pair = told.get(each.before, rest), now[each.after]
        asked[pair] = asked.get(pair, 0) + each.people
    own = set(told.values())
    was = [place if place in own else rest for place in before]
    is_ = [place if 0 <= place < homeless else homeless for place in after]
    invited_before = _counted((told.get(group.code, rest), group.invited) for group in past.plan.groups)
    invited_after = _counted((place, group.invited) for place, group in enumerate(plan.groups))
    answered = _counted((place, 1) for place in was), _counted((place, 1) for place in is_)
    first, second = dict(asked), dict(asked)
    for side, found, invited in ((0, first, invited_before), (1, second, invited_after)):
        for place in sorted({*invited, *answered[side]}):
            cells = {pair: people for pair, people in asked.items() if pair[side] == place}
            alone = (place, NOWHERE) if side == 0 else (NOWHERE, place)
            count = answered[side].get(place, 0)
            cells[alone] = max(invited.get(place, 0), count) - sum(cells.values())
            found.update(_less(cells, sum(cells.values()) - count))
    atoms: list[tuple[int, int, int]] = []
    for old, new in sorted({*first, *second}):
        one, other = first.get((old, new), 0), second.get((old, new), 0)
        both = min(one, other) if NOWHERE not in (old, new) else 0
        atoms += [(both, old, new), (one - both, old, NOWHERE), (other - both, NOWHERE, new)]
    atoms = [each for each in atoms if each[0] > 0]
    return Crossing(*(tuple(each[part] for each in atoms) for part in range(3)))


def _counted(pairs: Iterator[tuple[int, int]] | list[tuple[int, int]]) -> dict[int, int]:
    found: dict[int, int] = {}
    for place, people in pairs:
        found[place] = found.get(place, 0) + people
    return found


def _less(cells: Mapping[tuple[int, int], int], gone: int) -> dict[tuple[int, int], int]:
    """So many people fewer, from the largest cells."""
    left = dict(cells)
    for pair in sorted(cells, key=lambda pair: (-cells[pair], pair)):
        taken = min(left[pair], gone)
        left[pair], gone = left[pair] - taken, gone - taken
    return left


@dataclass(frozen=True, slots=True)
class Memory:
    """What an earlier report tells of one score."""

    crossing: Crossing
    rows: tuple[Row, ...]
    sums: tuple[Sums, ...]


def remember(past: Past, plan: Plan, id_: str, before: Numbers, after: Numbers, group: Sequence[int]) -> Memory:
    """``before``, ``after``: the score of everybody who answered, nan where there is none; ``group``: theirs now."""
    import numpy as np

    known = ~np.isnan(before)
    stood = past.table.group[known]
    crossing = cross(past, plan, stood.tolist(), np.asarray(group)[~np.isnan(after)].tolist())
    own = list(past.told.values())
    report, points = past.report, before[known]
    rows: list[Row] = []
    sums: list[Sums] = []

    def add(row: Row, mask: Mask, score: Score | None) -> None:
        if score and mask.any():
            rows.append(row)
            sums.append(_sums(score, float(points[mask].mean()), int(mask.sum())))

    add(crossing.was(), np.ones(len(points), bool), _of(id_, (*report.headlines, *report.dimensions)))
    for each in report.groups.rows:
        score = _of(id_, (*each.headlines, *each.dimensions))
        if each.code is None:
            add(crossing.was(frozenset({len(past.plan.groups)})), ~np.isin(stood, own), score)
        else:
            add(crossing.was(frozenset({past.told[each.code]})), stood == past.told[each.code], score)
    return Memory(crossing, tuple(rows), tuple(sums))


def _of(id_: str, scores: Sequence[HeadlineResult | DimensionResult | GroupScore]) -> Score | None:
    return next((each.score for each in scores if each.id == id_), None)


def _sums(score: Score, mean: float, people: int) -> Sums:
    """What a told score leaves open of the sum. A mean drawn to the common one stands for the plain one in its step."""
    low, high = score.low, score.high
    if score.form is Form.POINTS:
        low, high = score.value - score.step / 2, score.value + score.step / 2
    if not low - _TINY <= mean <= high + _TINY:
        beside = (high - low) * math.floor((mean - low) / (high - low))
        low, high = low + beside, high + beside
    low, high = max(0.0, min(low, mean)), min(100.0, max(high, mean))
    return low * people - _TINY, high * people + _TINY


#: Place of a row, people that it must keep open -> how it is told; None where no rounding does.
Tell = Callable[[int, int], Score | None]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row that the new report might tell of one score."""

    #: Groups of the plan; None: everybody.
    groups: frozenset[int] | None
    people: int
    mean: float


def keep_open(memories: Sequence[Memory], rows: Mapping[int, Candidate], k: int, tell: Tell) -> dict[int, int]:
    """How many people each row must keep open, so that no set of fewer than k follows from it and earlier reports."""
    new = [{place: memory.crossing.is_(row.groups) for place, row in rows.items()} for memory in memories]
    apart = dict.fromkeys(rows, 1)
    for memory, atoms in zip(memories, new, strict=True):
        for place, row in atoms.items():
            apart[place] = max([apart[place], *(memory.crossing.few(old, row, k) for old in memory.rows if old & row)])
    told = {place: _told(tell(place, people), rows[place]) for place, people in apart.items()}
    for memory, atoms in zip(memories, new, strict=True):
        audit = _Audit(memory, atoms, k)
        while (fine := audit.pinned_by({at: each for at, each in told.items() if each})) is not None:
            low, high = told[fine] or (0.0, 0.0)
            apart[fine] = max(2 * apart[fine], math.floor((high - low) / PROTECTION) + 1)
            told[fine] = _told(tell(fine, apart[fine]), rows[fine])
    return apart


def _told(score: Score | None, row: Candidate) -> Sums | None:
    return _sums(score, row.mean, row.people) if score else None


class _Audit:
    """The rows of an earlier report beside those of a new one, which are told more and more coarsely."""

    def __init__(self, memory: Memory, new: Mapping[int, Row], k: int) -> None:
        self._memory, self._new, self._k = memory, new, k
        self._small = [atom for atom, size in enumerate(memory.crossing.sizes) if size < k]
        #: What was found open stays open: rows are only ever told more coarsely.
        self._left: list[Row] | None = None
        self._open: set[tuple[Row, Row, Row]] = set()

    def pinned_by(self, told: Mapping[int, Sums]) -> int | None:
        """Of the new rows that pin a set of fewer than k the one that is told most finely; None if all stay open."""
        if not self._small or self._all_open(told):
            return None
        if not self._possible(told):
            return self._by_pairs(told)
        if self._left is None:
            rows = [*self._memory.rows, *self._new.values()]
            self._left = [*small_sets(self._memory.crossing.sizes, rows, self._k, _SETS), *self._within_differences()]
        while self._left:
            place = self._pinning(list(range(len(self._memory.rows))), told, self._left[-1])
            if place is not None:
                return place
            self._left.pop()
        return None

    def _within_differences(self) -> list[Row]:
        """Of those by whom a row of now differs from one of before, the largest sets of fewer than k.

        Where k or a few more differ, and answered nearly all the same, what is known of all says much of nearly all.
        """
        crossing, found = self._memory.crossing, set[Row]()
        for old, new in itertools.product(self._memory.rows, self._new.values()):
            for apart in (old - new, new - old) if old & new else ():
                few = [atom for atom in self._small if atom in apart]
                sets = [
                    frozenset(some)
                    for count in range(1, self._k)
                    for some in itertools.islice(itertools.combinations(few, count), _SETS)
                ]
                sizes = {each: size for each in sets if (size := crossing.size(each)) < self._k}
                most = max(sizes.values(), default=0)
                found.update([each for each, size in sizes.items() if size == most][:_ALIKE])
        return sorted(found, key=sorted)

    def _all_open(self, told: Mapping[int, Sums]) -> bool:
        """Whether two sets of answers agree with the rows in which all of the few lie 40 points apart.

        Then so does every set of them. It is more than is needed, and one look instead of many.
        """
        import numpy as np

        matrix, least, most, limits = self._system(told)
        apart = np.zeros((len(self._small), matrix.shape[1]))
        apart[range(len(self._small)), self._small] = 1
        nothing = np.zeros_like(matrix)
        sizes = np.array(self._memory.crossing.sizes, dtype=float)
        status = _solved(
            np.vstack([np.hstack([matrix, nothing]), np.hstack([nothing, matrix]), np.hstack([apart, -apart])]),
            np.concatenate([least, least, PROTECTION * sizes[self._small]]),
            np.concatenate([most, most, np.full(len(self._small), np.inf)]),
            limits + limits,
        )
        return status == _FOUND

    def _possible(self, told: Mapping[int, Sums]) -> bool:
        """Whether people may have answered the same in both waves."""
        return _solved(*self._system(told)) != _IMPOSSIBLE

    def _system(self, told: Mapping[int, Sums]) -> tuple[Numbers, Numbers, Numbers, list[float]]:
        import numpy as np

        rows = [*self._memory.rows, *(self._new[place] for place in told)]
        sums = [*self._memory.sums, *told.values()]
        sizes = self._memory.crossing.sizes
        matrix = np.array([[float(atom in row) for atom in range(len(sizes))] for row in rows])
        least, most = (np.array([each[side] for each in sums]) for side in (0, 1))
        return matrix.reshape(-1, len(sizes)), least, most, [100.0 * size for size in sizes]

    def _by_pairs(self, told: Mapping[int, Sums]) -> int | None:
        """People answered differently than before: only a row of before and one of now can be taken as the same."""
        for at, old in enumerate(self._memory.rows):
            for place in told:
                new = self._new[place]
                for target in (old - new, new - old):
                    if not old & new or (old, new, target) in self._open:
                        continue
                    if 0 < self._memory.crossing.size(target) < self._k:
                        found = self._pinning([at], {place: told[place]}, target)
                        if found is not None:
                            return found
                    self._open.add((old, new, target))
        return None

    def _pinning(self, old: Sequence[int], told: Mapping[int, Sums], target: Row) -> int | None:
        places = list(told)
        try:
            found = interval(
                self._memory.crossing.sizes,
                [*(self._memory.rows[at] for at in old), *(self._new[place] for place in places)],
                [*(self._memory.sums[at] for at in old), *told.values()],
                target,
            )
        except ValueError:
            # These rows cannot be about the same answers: nothing follows from them together
            return None
        if found.high - found.low >= PROTECTION - 1e-3:
            return None
        guilty = [places[at - len(old)] for at in found.held_by if at >= len(old)]
        return min(guilty, key=lambda place: told[place][1] - told[place][0], default=None)


def _solved(matrix: Numbers, least: Numbers, most: Numbers, limits: Sequence[float]) -> int:
    """Whether anything from 0 to its limit agrees with the rows: the solver's word for it. Nothing has to be whole."""
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp

    rows = LinearConstraint(matrix, least, most)
    return int(milp(np.zeros(len(limits)), constraints=rows, bounds=Bounds(0, np.array(limits))).status)
