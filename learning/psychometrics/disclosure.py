"""Disclosure control: which rows of a report grid may be told so that nobody can be worked out from them.

Everybody who answered falls into one cell of the finest classification that the grid allows, an *atom*. A *row* is a
set of atoms whose mean is told: the total, a department, a shift. Whoever holds the report knows the number of people in
each atom, and a sum of each row. Two audits follow:

* exact: no combination of rows is about fewer than k people only;
* by intervals: nothing hidden can be pinned between two values that are less than 40 points apart, since scores lie
  between 0 and 100.

``over_time`` makes both over the reports of several waves.

Sources: complementary suppression: Cox (1980), Journal of the American Statistical Association 75; trackers: Denning &
Schlörer (1980), ACM Transactions on Database Systems 5; intervals: Fischetti & Salazar (2001), Management Science 47;
Hundepool et al. (2012), Statistical Disclosure Control.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from learning.psychometrics.figures import Withheld

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: What is hidden must be able to lie anywhere in a stretch of so many points.
PROTECTION = 40.0
#: Sets that are looked at one by one at most, and how many of them together.
_SETS, _AT_ONCE = 200_000, 20_000
#: Digits to which combinations count as equal.
_DIGITS = 7

Row = frozenset[int]


@dataclass(frozen=True, slots=True)
class Grid:
    """All rows that a report might tell."""

    #: People in each atom.
    sizes: tuple[int, ...]
    rows: tuple[Row, ...]

    def size(self, row: Row) -> int:
        """People in a row."""
        return sum(self.sizes[atom] for atom in row)


@dataclass(frozen=True, slots=True)
class Protection:
    """What may be told of a grid."""

    #: Places of the rows that may be told, in order.
    told: tuple[int, ...]
    #: Place -> why it may not.
    hidden: dict[int, Withheld]


def exposed(sizes: Sequence[int], rows: Iterable[Row], k: int) -> Row | None:
    """A set of atoms with fewer than k people of which the rows tell something by themselves; None if there is none.

    A set T is exposed if some vector that is 0 outside T is a combination of the rows: with N the null space of the
    rows, if the rows of N that belong to T are linearly dependent. Combinations with coefficients -1, 0 and 1 of up to
    four atoms, the only ones that margin tables gave, are all found, by hashing; other coefficients and the larger sets
    that a k above 5 allows are looked for in the first 200,000 sets.
    """
    people = [atom for atom, size in enumerate(sizes) if size]
    if not people:
        return None
    null = _null_space(_matrix(rows, people))
    count = [sizes[atom] for atom in people]
    small = [place for place, size in enumerate(count) if size < k]
    found = _by_hash(null, count, small, k) or next(_dependent(null, count, small, k), None)
    return None if found is None else frozenset(people[place] for place in found)


def _null_space(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Columns x dimensions of what the rows leave open; orthonormal."""
    import numpy as np

    if not len(matrix):
        return np.eye(matrix.shape[1])
    _, values, turned = np.linalg.svd(matrix)
    rank = int((values > 1e-9 * max(1.0, float(values[0]))).sum())
    return turned[rank:].T


def _by_hash(null: NDArray[np.float64], count: list[int], small: list[int], k: int) -> tuple[int, ...] | None:
    """Sets of one to four atoms of which a combination with coefficients -1, 0 and 1 vanishes."""
    import numpy as np

    def key(vector: NDArray[np.float64]) -> bytes:
        return (np.round(vector, _DIGITS) + 0.0).tobytes()

    zero = key(np.zeros(null.shape[1]))
    for place in small:
        if key(null[place]) == zero:
            return (place,)
    # Two halves that cancel: the same vector by two ways, with no atom in both
    ways: dict[bytes, list[tuple[int, ...]]] = {}
    for place in small:
        for sign in (1, -1):
            ways.setdefault(key(sign * null[place]), []).append((place,))
    for first, second in itertools.combinations(small, 2):
        if count[first] + count[second] < k:
            for signs in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
                ways.setdefault(key(signs[0] * null[first] + signs[1] * null[second]), []).append((first, second))
    for found in ways.values():
        for one, other in itertools.combinations(found, 2):
            union = {*one, *other}
            if len(union) == len(one) + len(other) and sum(count[place] for place in union) < k:
                return tuple(sorted(union))
    return None


def _dependent(
    null: NDArray[np.float64], count: list[int], small: list[int], k: int, left: int = _SETS
) -> Iterator[tuple[int, ...]]:
    """Sets of two or more atoms whose rows of the null space are dependent by any coefficients."""
    import numpy as np

    inner = null @ null.T
    for size in range(2, min(k, len(small) + 1)):
        sets = (each for each in itertools.combinations(small, size) if sum(count[place] for place in each) < k)
        while left > 0 and (some := list(itertools.islice(sets, min(left, _AT_ONCE)))):
            left -= len(some)
            chosen = np.array(some)
            # Rows are dependent where the matrix of their inner products has no inverse
            least = np.linalg.eigvalsh(inner[chosen[:, :, None], chosen[:, None, :]])[:, 0]
            yield from (some[int(place)] for place in np.flatnonzero(least < 1e-9))


def small_sets(sizes: Sequence[int], rows: Sequence[Row], k: int, most: int) -> list[Row]:
    """Sets with fewer than k people that rounding alone keeps open: each small atom, and what the rows add up to.

    Of the latter not more than ``most``, those of the fewest atoms first.
    """
    people = [atom for atom, size in enumerate(sizes) if size]
    count = [sizes[atom] for atom in people]
    small = [place for place, size in enumerate(count) if size < k]
    null = _null_space(_matrix(rows, people))
    some = itertools.islice(_dependent(null, count, small, k, _AT_ONCE), most)
    return [frozenset({people[place]}) for place in small] + [frozenset(people[at] for at in each) for each in some]


def _matrix(rows: Iterable[Row], atoms: Sequence[int]) -> NDArray[np.float64]:
    """Rows x atoms: 1 where an atom belongs to a row."""
    import numpy as np

    return np.array([[float(atom in row) for atom in atoms] for row in rows]).reshape(-1, len(atoms))


@dataclass(frozen=True, slots=True)
class Pin:
    """Between what the mean of a set of atoms lies."""

    low: float
    high: float
    #: Places of the rows that hold it there.
    held_by: frozenset[int]


def interval(sizes: Sequence[int], rows: Sequence[Row], sums: Sequence[tuple[float, float]], wanted: Row) -> Pin:
    """Least and greatest mean of a set of atoms that agrees with the told rows, by linear programming.

    ``sums``: for each row the least and the greatest sum that what is told of it can stand for; the same twice where it
    is told exactly. Answers lie between 0 and 100. ``wanted`` is not empty of people.
    """
    import numpy as np
    from scipy.optimize import linprog

    atoms = len(sizes)
    matrix = _matrix(rows, range(atoms))
    least, most = (np.array([each[side] for each in sums]) for side in (0, 1))
    target = np.array([float(atom in wanted) for atom in range(atoms)])
    limits = [(0.0, 100.0 * size) for size in sizes]
    ends = []
    held: set[int] = set()
    for sign in (1, -1):
        found = linprog(
            sign * target,
            A_ub=np.vstack([matrix, -matrix]),
            # What is known to a billionth is known: the solver may not see the answers as impossible by rounding
            b_ub=np.concatenate([most, -least]) + 1e-7,
            bounds=limits,
            method="highs",
        )
        if found.status != 0:
            raise ValueError("No answers between 0 and 100 agree with these sums: give the sums of the same people.")
        ends.append(sign * float(found.fun or 0.0))
        held |= {int(place) % len(rows) for place in np.flatnonzero(np.abs(found.ineqlin.marginals) > 1e-9)}
    people = sum(sizes[atom] for atom in wanted)
    return Pin(max(0.0, ends[0] / people), min(100.0, ends[1] / people), frozenset(held))


def _combined(sizes: Sequence[int], rows: Sequence[Row], leak: Row) -> frozenset[int]:
    """Places of the rows that, added and subtracted, tell of this set of atoms alone."""
    import numpy as np

    outside = [atom for atom, size in enumerate(sizes) if size and atom not in leak]
    matrix = _matrix(rows, outside)
    # Coefficients with which everybody else cancels
    weights = _null_space(matrix.T) if outside else np.eye(len(rows))
    return frozenset(int(place) for place in np.flatnonzero(np.abs(weights).max(axis=1, initial=0.0) > 1e-9))


def protect(
    grid: Grid,
    k: int,
    sums: Sequence[float] | None = None,
    hidden: Mapping[int, Withheld] | None = None,
) -> Protection:
    """Hide rows until nothing of fewer than k people follows from the others.

    ``sums``: the sum of each row, for the audit by intervals; without them only the exact audit is made. ``hidden``:
    rows that may not be told for a reason of their own. While something is exposed the smallest of the rows that expose
    it is hidden: that costs least.
    """
    hidden = dict(hidden or {})
    for place, row in enumerate(grid.rows):
        if grid.size(row) < k:
            hidden.setdefault(place, Withheld.TOO_FEW)
    while True:
        told = [place for place in range(len(grid.rows)) if place not in hidden]
        rows = [grid.rows[place] for place in told]
        leak = exposed(grid.sizes, rows, k)
        if leak is not None:
            guilty = _combined(grid.sizes, rows, leak)
        elif sums is not None:
            guilty = _pinning(grid, rows, [sums[place] for place in told], hidden)
        else:
            guilty = frozenset()
        if not guilty or not told:
            return Protection(tuple(told), hidden)
        hidden[min((told[place] for place in guilty), key=lambda place: grid.size(grid.rows[place]))] = (
            Withheld.PROTECTS_ANOTHER
        )


def _pinning(grid: Grid, rows: Sequence[Row], sums: Sequence[float], hidden: Mapping[int, Withheld]) -> frozenset[int]:
    """The rows that pin what may not be known within fewer than 40 points; empty if none do.

    May not be known: a row hidden for its own sake, and a small atom within one. A row that is hidden only to protect
    another has nothing to hide itself.
    """
    if not rows or not hidden:
        return frozenset()
    people = frozenset(atom for atom, size in enumerate(grid.sizes) if size)
    secret = {grid.rows[place] & people for place, why in hidden.items() if why is not Withheld.PROTECTS_ANOTHER}
    few = [grid.rows[place] for place, why in hidden.items() if why is Withheld.TOO_FEW]
    secret |= {frozenset({atom}) for atom in people if any(atom in row for row in few)}
    # What is told under another name is no secret
    for row in sorted(secret - {row & people for row in rows}, key=sorted):
        if row:
            found = interval(grid.sizes, rows, [(each, each) for each in sums], row)
            if found.high - found.low < PROTECTION:
                return found.held_by
    return frozenset()


def benchmark_allowed(sizes: Sequence[tuple[int, int | None]]) -> bool:
    """Whether companies may be compared: five or more, and none with more than 40 % of the people.

    ``sizes``: least and greatest number of people of each, as its report tells them; the worst case decides.
    """
    if len(sizes) < 5:
        return False
    least = sum(low for low, _ in sizes)
    return all(high is not None and high <= 0.4 * (least - low + high) for low, high in sizes)
