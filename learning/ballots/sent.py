"""What the forms of anonymous answering carry from page to page, read without trusting it.

Nothing is kept on the server before the end, so every form holds everything: the code, two random keys, and one sign for
each item in the order of the instrument. The signs make one text of fixed length, whatever was answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from learning.ballots import codes
from learning.ballots.answers import offered
from learning.ballots.records import AnswersRefused
from learning.content.model import Dimension, Instrument, Item
from learning.psychometrics.responses import Answer, Missing

#: One sign for each reason; a value stands as its digit.
SIGNS = {Missing.DONT_KNOW: "k", Missing.NOT_APPLICABLE: "n", Missing.NO_OPPORTUNITY: "o", Missing.SKIPPED: "-"}
_REASONS = {sign: reason for reason, sign in SIGNS.items()}
SKIPPED = SIGNS[Missing.SKIPPED]
#: As many digits of the instrument's hash tell whether signs belong to its items.
ASKS_LENGTH = 16
#: Fields that every form of the way holds.
CARRIED = ("code", "permit", "key", "asks", "given", "trust", "kiosk")
#: Nothing that a form of ours sends is longer in one field.
LONGEST_FIELD = 200


@dataclass(frozen=True, slots=True)
class Walk:
    """All that somebody has said so far, as their own form holds it."""

    #: As typed.
    code: str = ""
    #: Made once, by the script or by the first page that needs them, and repeated until the end.
    permit: str = ""
    response_key: str = ""
    #: Start of the hash of the instrument to which the signs belong; empty before the first page.
    asks: str = ""
    #: One sign for each item, in the order of the instrument.
    given: str = ""
    #: "1" to "5"; empty if not answered.
    trust: str = ""
    #: On a device that many use one after another.
    kiosk: bool = False


def read_walk(form: Mapping[str, str]) -> Walk:
    """What a form carries. Keys that are no keys are left out: the next page makes new ones."""
    return Walk(
        code=_field(form, "code").strip(),
        permit=codes.read_symbols(_field(form, "permit"), codes.PERMIT_LENGTH) or "",
        response_key=codes.read_symbols(_field(form, "key"), codes.RESPONSE_KEY_LENGTH) or "",
        asks=_field(form, "asks"),
        given=_field(form, "given"),
        trust=_field(form, "trust"),
        kiosk=form.get("kiosk") == "1",
    )


def _field(form: Mapping[str, str], name: str) -> str:
    return form.get(name, "")[:LONGEST_FIELD]


def asks_of(instrument: Instrument) -> str:
    """What a form holds to tell to which instrument its signs belong."""
    return instrument.hash[:ASKS_LENGTH]


def fits(walk: Walk, instrument: Instrument) -> bool:
    """Whether what a form carries can be for this instrument; a form that carries nothing yet fits any."""
    return not walk.asks or walk.asks == asks_of(instrument)


def completed(walk: Walk, instrument: Instrument) -> Walk:
    """The same with what the first page lacks: keys, and a sign for each item. Raises AnswersRefused."""
    given = walk.given or SKIPPED * len(instrument.items)
    check_given(given, instrument)
    if walk.trust not in {"", "1", "2", "3", "4", "5"}:
        raise AnswersRefused
    return replace(
        walk,
        permit=walk.permit or codes.new_permit(),
        response_key=walk.response_key or codes.new_response_key(),
        asks=asks_of(instrument),
        given=given,
    )


def check_given(given: str, instrument: Instrument) -> None:
    """Raise AnswersRefused unless there is one sign for each item, and each is offered there."""
    items = instrument.items
    if len(given) != len(items) or any(
        sign not in offered_signs(item) for item, sign in zip(items, given, strict=True)
    ):
        raise AnswersRefused


def offered_signs(item: Item) -> set[str]:
    """What may be answered to an item, as signs."""
    values, reasons = offered(item)
    return {str(value) for value in values} | {SIGNS[reason] for reason in reasons}


def with_page(walk: Walk, instrument: Instrument, form: Mapping[str, str]) -> Walk:
    """The same with the answers of the page that was sent, which names its dimension. Raises AnswersRefused."""
    shown = form.get("shown")
    page = next((each for each in instrument.dimensions if each.id == shown), None)
    if page is None:
        return walk
    on_page = {item.id for item in page.items}
    given = "".join(
        form.get(item.id, SKIPPED) if item.id in on_page else sign
        for item, sign in zip(instrument.items, walk.given, strict=True)
    )
    check_given(given, instrument)
    return replace(walk, given=given)


def sign_by_item(walk: Walk, instrument: Instrument) -> dict[str, str]:
    """Item id -> sign."""
    return {item.id: sign for item, sign in zip(instrument.items, walk.given, strict=True)}


def answers_of(walk: Walk, instrument: Instrument) -> dict[str, Answer]:
    """Item id -> value or reason."""
    return {
        item_id: int(sign) if sign.isdigit() else _REASONS[sign]
        for item_id, sign in sign_by_item(walk, instrument).items()
    }


def skipped(walk: Walk, instrument: Instrument, dimension: Dimension) -> tuple[Item, ...]:
    """The items of a page without an answer."""
    signs = sign_by_item(walk, instrument)
    return tuple(item for item in dimension.items if signs[item.id] == SKIPPED)
