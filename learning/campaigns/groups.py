"""The report grid: departments under coarse names, each large enough that nobody in it stands alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

#: Stands for the people who are in no department, where the id of one would stand.
NO_DEPARTMENT = "none"
LONGEST_GROUP_NAME = 60


def smallest_group(k: int) -> int:
    """So many must be invited: with half of them answering there are still k answers."""
    return 2 * k


@dataclass(frozen=True, slots=True)
class Part:
    """A department with its people, or those who are in none."""

    #: Id of the department or NO_DEPARTMENT.
    id: str
    name: str
    people: int
    #: How many of them have an e-mail address.
    with_address: int = 0


@dataclass(frozen=True, slots=True)
class TooSmall:
    """A group that cannot stand in the grid, and how to mend it."""

    name: str
    people: int
    #: Ids of its parts.
    part_ids: tuple[str, ...]
    sentence: str


def merged(parts: Sequence[Part], names: Mapping[str, str]) -> dict[str, tuple[Part, ...]]:
    """Group name -> its parts, in their order. A part without a name takes no part."""
    groups: dict[str, tuple[Part, ...]] = {}
    for part in parts:
        name = names.get(part.id, "")
        if name:
            groups[name] = (*groups.get(name, ()), part)
    return groups


def too_small(groups: Mapping[str, Sequence[Part]], k: int) -> tuple[TooSmall, ...]:
    """The groups with fewer than 2k people."""
    found = []
    for name, parts in groups.items():
        people = sum(part.people for part in parts)
        if people < smallest_group(k):
            found.append(TooSmall(name, people, tuple(part.id for part in parts), _sentence(name, people, k)))
    return tuple(found)


def few_cards(parts: Sequence[Part], k: int) -> bool:
    """Whether so few of a group have no address, and others do, that everybody could tell whose their cards are."""
    by_mail = sum(part.with_address for part in parts)
    return by_mail > 0 and 0 < sum(part.people for part in parts) - by_mail < smallest_group(k)


def suggested_cards(parts: Sequence[Part], names: Mapping[str, str], k: int) -> set[str]:
    """Ids of the parts whose groups are better given cards as a whole."""
    return {part.id for inside in merged(parts, names).values() if few_cards(inside, k) for part in inside}


def _sentence(name: str, people: int, k: int) -> str:
    return _(
        "%(name)s has %(people)d people, and a group needs at least %(least)d. "
        "Give it the same name as another group to merge the two, or leave it empty: then these people are not asked.",
        name=name,
        people=people,
        least=smallest_group(k),
    )


def suggested(parts: Sequence[Part], k: int) -> dict[str, str]:
    """A grid that holds: who is large enough stands alone, the small ones together, with the smallest large one if
    they are still too few. Part id -> group name; empty where even all together are too few.
    """
    least = smallest_group(k)
    people = [part for part in parts if part.people]
    if sum(part.people for part in people) < least:
        return {}
    large = sorted((part for part in people if part.people >= least), key=lambda part: part.people)
    small = [part for part in people if part.people < least]
    host = large.pop(0) if small and sum(part.people for part in small) < least else None
    name = _("Everybody") if not large else _name_of(small, host)
    names = {part.id: part.name[:LONGEST_GROUP_NAME] for part in large}
    names |= {part.id: name for part in (*small, *([host] if host else []))}
    return {part.id: names[part.id] for part in people}


def _name_of(small: Sequence[Part], host: Part | None) -> str:
    """Of the small ones together, and of the large one that takes them in."""
    if host:
        return _("%(name)s and others", name=host.name[: LONGEST_GROUP_NAME - 20])
    if len(small) == 2 and not any(part.id == NO_DEPARTMENT for part in small):
        together = _(" and ").join(part.name for part in small)
        if len(together) <= LONGEST_GROUP_NAME:
            return together
    return _("Other departments")
