"""Tables of anonymous answering.

No column of a ballot, a permit, an answer or a result holds a time, an order, an address, a browser, a language or a
number that counts up. Their keys are random or keyed hashes, and on SQLite they are WITHOUT ROWID, because a rowid
counts arrivals. Times stand on the wave alone.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Enum, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from learning.ballots.codes import PREFIX_LENGTH
from learning.ballots.database import BallotsTable
from learning.ballots.records import ShareBand
from learning.database import ID_LENGTH, new_id

#: Where SQLite keeps rows in the order of their random key and has no number that tells their arrival.
UNORDERED = {"sqlite_with_rowid": False}
HASH_LENGTH = 32
#: Place of the row that counts everybody.
EVERYBODY = -1


class Stage(StrEnum):
    """How far a wave is. It only ever moves to the next one."""

    OPEN = "open"
    #: New answers are refused.
    REFUSING = "refusing"
    #: The release is stored.
    FROZEN = "frozen"
    #: The answers stand in random order; what was sealed is deleted.
    REWRITTEN = "rewritten"
    #: Ballots and permits are deleted.
    SPENT = "spent"
    #: The key is destroyed.
    KEYLESS = "keyless"
    #: The database keeps no remnant.
    CLOSED = "closed"


def _stored_by_value(kind: type[StrEnum], name: str) -> Enum:
    return Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        values_callable=lambda members: [member.value for member in members],
    )


def _hash_column() -> Mapped[bytes]:
    return mapped_column(LargeBinary(HASH_LENGTH), primary_key=True)


def _wave_column() -> Mapped[str]:
    return mapped_column(ForeignKey("wave.id"), index=True)


class SchemaVersion(BallotsTable):
    """One row: how many upgrades the schema has seen."""

    __tablename__ = "ballots_schema"

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class DeclaredInstrument(BallotsTable):
    """An instrument as waves declared it, under the hash of what it asks."""

    __tablename__ = "declared_instrument"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)


class Wave(BallotsTable):
    """What was declared at opening, and how far the wave is."""

    __tablename__ = "wave"

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, default=new_id)
    title: Mapped[str]
    organization: Mapped[str]
    instrument_hash: Mapped[str] = mapped_column(ForeignKey("declared_instrument.hash"))
    k: Mapped[int]
    promise: Mapped[str] = mapped_column(Text)
    #: Lessons a result may recommend, in reading order.
    lessons: Mapped[list[dict[str, str]]] = mapped_column(JSON)
    closes_at: Mapped[datetime]
    #: The day that ends then, where the organization is.
    last_day: Mapped[date]
    earlier_id: Mapped[str | None] = mapped_column(ForeignKey("wave.id"))
    stage: Mapped[Stage] = mapped_column(_stored_by_value(Stage, "stage"), default=Stage.OPEN)

    __table_args__ = (CheckConstraint("k >= 5", name="k_is_5_or_more"),)


class WaveGroup(BallotsTable):
    """One group of the plan, found by the first symbols of its codes, which no other group has."""

    __tablename__ = "wave_group"

    prefix: Mapped[str] = mapped_column(String(PREFIX_LENGTH), primary_key=True)
    wave_id: Mapped[str] = _wave_column()
    #: In the order of the plan, from 0.
    place: Mapped[int]
    code: Mapped[str]
    name: Mapped[str]
    invited: Mapped[int]

    __table_args__ = (
        UniqueConstraint("wave_id", "place"),
        UniqueConstraint("wave_id", "code"),
        CheckConstraint("invited > 0", name="somebody_invited"),
    )


class Ballot(BallotsTable):
    """The right to answer once, under a hash that needs the wave's key. Deleted when it is spent."""

    __tablename__ = "ballot"

    hash: Mapped[bytes] = _hash_column()
    prefix: Mapped[str] = mapped_column(ForeignKey("wave_group.prefix"), index=True)

    __table_args__ = (UNORDERED,)


class Permit(BallotsTable):
    """A ballot is spent and its answer awaited, under a hash that needs the wave's key. Not derived from the ballot."""

    __tablename__ = "permit"

    hash: Mapped[bytes] = _hash_column()
    prefix: Mapped[str] = mapped_column(ForeignKey("wave_group.prefix"), index=True)

    __table_args__ = (UNORDERED,)


class SealedResponse(BallotsTable):
    """An answer of an open wave: group, trust and values, sealed with the wave's key. All have the same length."""

    __tablename__ = "sealed_response"

    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    wave_id: Mapped[str] = _wave_column()
    sealed: Mapped[bytes]

    __table_args__ = (UNORDERED,)


class SealedResult(BallotsTable):
    """A personal result of an open wave: sealed with the private code, and all of it once more with the wave's key.

    So nothing that is kept after closing can be found again in an older copy of this table.
    """

    __tablename__ = "sealed_result"

    hash: Mapped[bytes] = _hash_column()
    wave_id: Mapped[str] = _wave_column()
    sealed: Mapped[bytes]

    __table_args__ = (UNORDERED,)


class Response(BallotsTable):
    """An answer of a closed wave. Written at closing in random order; its id is new."""

    __tablename__ = "response"

    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    wave_id: Mapped[str] = _wave_column()
    #: Place of the group, if the release tells of that group by itself; else -1.
    place: Mapped[int]
    #: 1 to 5, -1 if not answered.
    trust: Mapped[int]
    #: One signed byte for each item, as in ``psychometrics.wave_table.ResponseTable``.
    answers: Mapped[bytes]

    __table_args__ = (UNORDERED,)


class Result(BallotsTable):
    """A personal result of a closed wave, sealed with the private code. Written in a random order of its own."""

    __tablename__ = "result"

    hash: Mapped[bytes] = _hash_column()
    wave_id: Mapped[str] = _wave_column()
    sealed: Mapped[bytes]

    __table_args__ = (UNORDERED,)


class Participation(BallotsTable):
    """How many have answered, in bands, as of a day of UTC: of everybody day by day, of a group the last day alone."""

    __tablename__ = "participation_day"

    wave_id: Mapped[str] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    as_of: Mapped[date] = mapped_column(primary_key=True)
    #: Least and greatest number that the band stands for.
    least: Mapped[int]
    most: Mapped[int]
    share: Mapped[ShareBand | None] = mapped_column(_stored_by_value(ShareBand, "share_band"))


class AskedAgain(BallotsTable):
    """How many people a wave asked whom an earlier one had asked too, by their groups then and now. Nobody's name."""

    __tablename__ = "asked_again"

    wave_id: Mapped[str] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    earlier_id: Mapped[str] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    #: Codes of the groups.
    before: Mapped[str] = mapped_column(primary_key=True)
    after: Mapped[str] = mapped_column(primary_key=True)
    people: Mapped[int]

    __table_args__ = (CheckConstraint("people > 0", name="somebody_asked_again"),)


class FrozenRelease(BallotsTable):
    """The report of a wave as JSON: the first one stands, nothing replaces it."""

    __tablename__ = "release"

    wave_id: Mapped[str] = mapped_column(ForeignKey("wave.id"), primary_key=True)
    body: Mapped[str] = mapped_column(Text)
