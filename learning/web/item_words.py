"""What may be answered to an item of an instrument, in the words of the page."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from learning.content.model import AgreementItem, AnchoredItem, Item, KnowledgeItem
from learning.psychometrics.responses import Missing


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that an item offers."""

    #: As a form sends it: a value, or the name of a reason.
    value: str
    text: str
    #: A reason why there is no value: set apart from the others.
    quiet: bool


def offered(item: Item) -> tuple[range, tuple[Missing, ...]]:
    """Values and reasons that may be answered to an item, in the order of the page."""
    match item:
        case AnchoredItem():
            return range(5), (Missing.DONT_KNOW, Missing.NOT_APPLICABLE)
        case AgreementItem():
            return range(1, 6), (Missing.NO_OPPORTUNITY, Missing.NOT_APPLICABLE)
        case KnowledgeItem():
            return range(len(item.options)), (Missing.DONT_KNOW,)


def choices(item: Item) -> tuple[Choice, ...]:
    """Every answer that an item offers, in the order of the page."""
    values, reasons = offered(item)
    return (
        *(Choice(str(value), text, False) for value, text in zip(values, _texts(item), strict=True)),
        *(Choice(reason.value, _reason(reason), True) for reason in reasons),
    )


def _texts(item: Item) -> tuple[str, ...]:
    match item:
        case AnchoredItem():
            return item.anchors
        case AgreementItem():
            return agreement_words()
        case KnowledgeItem():
            return tuple(option.text for option in item.options)


def answer_text(item: Item, sent: str) -> str:
    """An answer in the words that the page offered; empty for one that it did not offer."""
    return next((choice.text for choice in choices(item) if choice.value == sent), "")


def agreement_words() -> tuple[str, ...]:
    """How much somebody agrees, from 1 to 5."""
    return (
        _("Not at all true"),
        _("Hardly true"),
        _("Partly true"),
        _("Mostly true"),
        _("Completely true"),
    )


def _reason(reason: Missing) -> str:
    match reason:
        case Missing.DONT_KNOW:
            return _("I don't know")
        case Missing.NOT_APPLICABLE:
            return _("Does not apply to my work")
        case Missing.NO_OPPORTUNITY:
            return _("There was no opportunity")
        case Missing.SKIPPED:
            return _("No answer")
