"""Answers as bytes: one signed byte for each item of the instrument, so that all answers of a wave are equally long."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass

from learning.ballots.records import AnswersRefused
from learning.content.model import AgreementItem, AnchoredItem, Instrument, Item, KnowledgeItem
from learning.psychometrics.responses import Answer, Missing
from learning.psychometrics.wave_table import DONT_KNOW, NO_OPPORTUNITY, NOT_APPLICABLE, SKIPPED

_BYTE = {
    Missing.SKIPPED: SKIPPED,
    Missing.DONT_KNOW: DONT_KNOW,
    Missing.NOT_APPLICABLE: NOT_APPLICABLE,
    Missing.NO_OPPORTUNITY: NO_OPPORTUNITY,
}
_MISSING = {byte: reason for reason, byte in _BYTE.items()}
#: Place of the group and trust, before the values.
_HEAD = struct.Struct(">hb")
HEAD_LENGTH = _HEAD.size


@dataclass(frozen=True, slots=True)
class Filled:
    """One whole answer before it is sealed."""

    place: int
    #: -1 if not answered.
    trust: int
    values: bytes

    def packed(self) -> bytes:
        """As it is sealed; ``closing`` unpacks many at once."""
        return _HEAD.pack(self.place, self.trust) + self.values


def offered(item: Item) -> tuple[range, frozenset[Missing]]:
    """Values of an item, and the reasons that may stand instead. Leaving an item out is always possible."""
    match item:
        case AnchoredItem():
            return range(5), frozenset({Missing.SKIPPED, Missing.DONT_KNOW, Missing.NOT_APPLICABLE})
        case AgreementItem():
            return range(1, 6), frozenset({Missing.SKIPPED, Missing.NO_OPPORTUNITY, Missing.NOT_APPLICABLE})
        case KnowledgeItem():
            return range(len(item.options)), frozenset({Missing.SKIPPED, Missing.DONT_KNOW})


def to_bytes(instrument: Instrument, answers: Mapping[str, Answer]) -> bytes:
    """Raises AnswersRefused for an item that is not asked, and for a value or a reason that it does not offer."""
    items = instrument.items
    if not answers.keys() <= {item.id for item in items}:
        raise AnswersRefused
    return struct.pack(f"{len(items)}b", *(_byte(item, answers.get(item.id, Missing.SKIPPED)) for item in items))


def _byte(item: Item, answer: Answer) -> int:
    values, reasons = offered(item)
    if isinstance(answer, Missing):
        if answer in reasons:
            return _BYTE[answer]
    elif answer in values:
        return answer
    raise AnswersRefused


def from_bytes(instrument: Instrument, values: bytes) -> dict[str, Answer]:
    """Item id -> answer, for every item."""
    found = struct.unpack(f"{len(instrument.items)}b", values)
    return {item.id: _MISSING[byte] if byte < 0 else byte for item, byte in zip(instrument.items, found, strict=True)}


def trust_byte(trust: int | None) -> int:
    """1 to 5, or -1 if not answered. Raises AnswersRefused."""
    if trust is None:
        return SKIPPED
    if trust not in range(1, 6):
        raise AnswersRefused
    return trust
