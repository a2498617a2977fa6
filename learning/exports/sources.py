"""What a table to be exported is made of: its columns, and its rows in blocks, so that thousands are never in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import BinaryIO, TypeVar

from sqlalchemy import select

from learning.accounts.models import Membership, Organization, User
from learning.content.model import Catalogue
from learning.extensions import db
from learning.web.identity import Member
from learning.web.tables import Column, Row

#: People whose rows are read at once.
BLOCK = 500

Line = TypeVar("Line")
Chosen = TypeVar("Chosen", bound=StrEnum)
#: Is told how many people or things were read so far.
Report = Callable[[int], None]
#: How many people or things were read, and the rows that they gave.
Block = tuple[int, list[Row]]


@dataclass(frozen=True, slots=True)
class Asked:
    """Who wants a table, and what of it."""

    member: Member
    #: As the page of the table has them in its address; what is not known is ignored, as there.
    filters: Mapping[str, str]
    catalogue: Catalogue
    now: datetime

    @property
    def organization_id(self) -> str:
        """The organization in whose data everything stays."""
        return self.member.organization_id

    def text(self, name: str) -> str:
        """A filter; empty without one."""
        return self.filters.get(name, "").strip()

    def one_of(self, kind: type[Chosen], name: str) -> Chosen | None:
        """A filter that is one of an enumeration; None for what is not in it."""
        return next((each for each in kind if each.value == self.filters.get(name)), None)

    def names(self) -> tuple[str, str]:
        """Of the organization, and of the person who asks. One query."""
        organization, person = db.session.execute(
            select(Organization.name, User.name)
            .join(Membership, Membership.organization_id == Organization.id)
            .join(User, User.id == Membership.user_id)
            .where(Organization.id == self.organization_id, User.id == self.member.user_id)
        ).one()
        return organization, person


@dataclass(frozen=True, slots=True)
class Source:
    """A table, before it is read."""

    title: str
    columns: tuple[Column, ...]
    #: Name and value of each filter, in words.
    filters: tuple[tuple[str, str], ...]
    #: How many people or things will be read, at most.
    most: int
    blocks: Iterator[Block]
    #: Whether its days are those of the organization; else of UTC.
    local_days: bool = False

    @property
    def cells(self) -> int:
        """How large it is, at most."""
        return self.most * len(self.columns)


@dataclass(frozen=True, slots=True)
class Plan:
    """A file, before it is written."""

    title: str
    #: How many people or things will be read, at most.
    most: int
    #: Whether it is written while somebody waits.
    small: bool
    write: Callable[[BinaryIO, Report], None]


def in_blocks(
    read: Callable[[str | None], tuple[Sequence[Line], str | None]], row: Callable[[Line], Row]
) -> Iterator[Block]:
    """Block after block by keyset: ``read`` takes where to begin, and tells where to go on."""
    after: str | None = None
    while True:
        lines, after = read(after)
        yield len(lines), [row(line) for line in lines]
        if after is None:
            return


def at_once(lines: Sequence[Line], row: Callable[[Line], Row]) -> Iterator[Block]:
    """One block of what is short anyway."""
    yield len(lines), [row(line) for line in lines]
