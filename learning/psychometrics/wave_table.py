"""What a wave is declared to be before it opens, and all its answers after it has closed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: How an answer without a value stands in a ResponseTable.
SKIPPED = -1
DONT_KNOW = -2
NOT_APPLICABLE = -3
NO_OPPORTUNITY = -4
#: The group of an answer whose group is no longer kept.
NO_GROUP = -1
#: No plan may tell of fewer people than this.
LEAST_K = 5


@dataclass(frozen=True, slots=True)
class Group:
    """One row of the report grid, declared before opening."""

    code: str
    name: str
    invited: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What was declared before the wave opened and cannot change after."""

    groups: tuple[Group, ...]
    #: Nothing is told of fewer answers than this; 5 or more.
    k: int

    @property
    def invited(self) -> int:
        """People invited, over all groups."""
        return sum(group.invited for group in self.groups)


@dataclass(frozen=True, slots=True)
class ResponseTable:
    """All answers of one wave, in random order; a row is nobody."""

    #: Index into the groups of the plan. Shape (persons,).
    group: NDArray[np.int16]
    #: Persons x items in the order of ``instrument.items``: raw value or one of the codes above.
    values: NDArray[np.int8]
    #: "Nobody can trace my answers to me": 1 to 5, SKIPPED if not answered. Shape (persons,).
    trust: NDArray[np.int8]


@dataclass(frozen=True, slots=True)
class Moved:
    """How many of those asked in an earlier wave are asked again, by their group then and now. A number, nobody's name.

    Who was asked only once is not counted: plans say how many were asked.
    """

    before: str
    after: str
    people: int
