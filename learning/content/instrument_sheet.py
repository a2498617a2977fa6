"""An instrument as a sheet of paper: the same blocks for plain text and for print.

The first part is what people answer; the last says how it is scored, for those who review it or count it by hand.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from learning.content.model import AgreementItem, AnchoredItem, Dimension, Headline, Instrument, Item, KnowledgeItem
from learning.content.plain import text_of_html

WIDTH = 78
AGREEMENT = ("not at all true", "hardly", "partly", "mostly", "completely true")
_MISSING = {
    "anchored": ("I don't know", "does not apply to my work"),
    "agreement": ("does not apply to my work", "there was no opportunity"),
    "knowledge": ("I don't know",),
}
_ASKED = {
    "anchored": "Choose the highest sentence that is completely true where you work.",
    "agreement": "How true is this for you, these days?",
    "knowledge": "One answer is right.",
}


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the sheet, from top to bottom."""

    kind: Literal["title", "heading", "item", "text", "note", "choices", "points"]
    #: Of choices: empty.
    text: str = ""
    #: Of choices and points, one a line: the mark in front of it, and the words.
    lines: tuple[tuple[str, str], ...] = ()


def sheet(instrument: Instrument) -> tuple[Block, ...]:
    """All that the instrument asks and how it scores."""
    return (*_opening(instrument), *_pages(instrument), *_scoring(instrument))


def sheet_text(instrument: Instrument) -> str:
    """The sheet as plain text, 78 characters wide."""
    return "\n".join(line for block in sheet(instrument) for line in _written(block)).strip() + "\n"


def _opening(instrument: Instrument) -> Iterator[Block]:
    yield Block("title", instrument.title)
    yield Block(
        "note",
        f"{instrument.id}, version {instrument.version}, language {instrument.language}; {len(instrument.items)} items, "
        f"about {instrument.minutes} minutes; {instrument.status}.",
    )
    yield Block("text", text_of_html(instrument.purpose_html))


def _pages(instrument: Instrument) -> Iterator[Block]:
    for number, dimension in enumerate(instrument.dimensions, start=1):
        yield Block("heading", f"{number}. {dimension.title}")
        yield Block("text", dimension.about)
        yield Block("text", _ASKED[dimension.kind])
        for item in dimension.items:
            yield Block("item", f"{item.id}  {item.text}")
            missing = tuple(("", words) for words in _MISSING[dimension.kind])
            yield Block("choices", lines=(*_choices(item), *missing))
            yield Block("note", item.guidance)
            if isinstance(item, AnchoredItem):
                yield Block("note", f"Why: {item.why}")


def _choices(item: Item) -> tuple[tuple[str, str], ...]:
    match item:
        case AnchoredItem():
            return tuple((str(level), anchor) for level, anchor in enumerate(item.anchors))
        case AgreementItem():
            return tuple((str(value), words) for value, words in enumerate(AGREEMENT, start=1))
        case KnowledgeItem():
            return tuple((chr(ord("a") + place), option.text) for place, option in enumerate(item.options))


def _scoring(instrument: Instrument) -> Iterator[Block]:
    yield Block("heading", "For those who score it")
    yield Block(
        "text",
        "A dimension is scored 100 x (mean - lowest) / (highest - lowest) of its items, where two or more items and "
        "two thirds of those that apply have a value. A headline is the weighted mean of its dimensions.",
    )
    for headline in instrument.headlines:
        dimensions = [each for each in instrument.dimensions if each.headline_id == headline.id]
        yield Block("item", f"{headline.id}  {headline.title}: {headline.short}")
        yield Block("points", lines=tuple(_of_headline(headline, dimensions)))
        for dimension in dimensions:
            yield Block("points", lines=tuple(_of_dimension(dimension)))
    if instrument.contradictory_pairs:
        pairs = ", ".join("/".join(pair) for pair in instrument.contradictory_pairs)
        yield Block("text", f"Pairs that contradict each other: {pairs}.")
    if instrument.comparable is not None:
        items = ", ".join(instrument.comparable.items)
        yield Block("text", f"May be compared with version {instrument.comparable.version} in: {items}.")


def _of_headline(headline: Headline, dimensions: Sequence[Dimension]) -> Iterator[tuple[str, str]]:
    if all(dimension.kind == "knowledge" for dimension in dimensions):
        yield "score", "the number of right answers"
        return
    yield (
        "score",
        f"needs {headline.minimum_weight:.0%} of the weight; error of a dimension {headline.interval_floor:g} or more",
    )
    for band in headline.bands:
        yield f"from {band.low}", f"{band.title}. {band.text}"


def _of_dimension(dimension: Dimension) -> Iterator[tuple[str, str]]:
    yield dimension.id, f"{dimension.title}, weight {dimension.weight:g}, {dimension.kind}"
    turned = [item.id for item in dimension.items if isinstance(item, AgreementItem) and item.key == "negative"]
    if turned:
        yield "turned", ", ".join(turned)
    for item in dimension.items:
        if isinstance(item, KnowledgeItem):
            place = next(number for number, option in enumerate(item.options) if option.right)
            yield item.id, f"right is {chr(ord('a') + place)}"
            yield from ((f"{item.id}{chr(ord('a') + n)}", option.feedback) for n, option in enumerate(item.options))
    for advice in (*dimension.lower_recommendations, dimension.recommendation):
        if advice is not None:
            when = "low" if advice.below is None else f"below {advice.below}"
            lessons = advice.lesson if advice.then is None else f"{advice.lesson}, then {advice.then}"
            yield when, f"lesson {lessons}. {advice.measure}"
    yield from (("company", f"{measure.title}. {measure.what}") for measure in dimension.measures)


def _written(block: Block) -> Iterator[str]:
    match block.kind:
        case "title":
            yield from (block.text, "=" * len(block.text), "")
        case "heading":
            yield from ("", block.text, "-" * len(block.text), "")
        case "choices":
            for mark, words in block.lines:
                yield from _wrapped(words, f"  [ ] {mark + '  ' if mark else '   '}", "         ")
            yield ""
        case "points":
            for mark, words in block.lines:
                yield from _wrapped(words, f"  {mark:<10} ", " " * 13)
            yield ""
        case "item":
            yield from _wrapped(block.text, "", "")
        case "text" | "note":
            indent = "  " if block.kind == "note" else ""
            for paragraph in block.text.splitlines():
                yield from _wrapped(paragraph, indent, indent)
            yield ""


def _wrapped(words: str, first: str, rest: str) -> list[str]:
    return textwrap.wrap(words, WIDTH, initial_indent=first, subsequent_indent=rest) or [first.rstrip()]
