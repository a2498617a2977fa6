"""A small instrument for tests."""

from __future__ import annotations

from typing import Literal

from learning.content.model import (
    AgreementItem,
    AnchoredItem,
    Band,
    Dimension,
    Headline,
    Instrument,
    KnowledgeItem,
    KnowledgeOption,
    Recommendation,
)

ANCHORS = ("nothing", "now and then", "agreed", "checked", "improved")
BANDS = tuple(
    Band(low, title, "") for low, title in ((0, "first"), (20, "second"), (40, "third"), (60, "fourth"), (80, "fifth"))
)


def anchored(id_: str, items: int, weight: float = 1.0, lesson: str = "m99-l1", then: str | None = None) -> Dimension:
    """A dimension of anchored items with ids ``<id>-1`` and so on."""
    return Dimension(
        id=id_,
        headline_id="a",
        title=id_,
        about="",
        weight=weight,
        kind="anchored",
        items=tuple(AnchoredItem(f"{id_}-{n}", f"{id_} {n}", ANCHORS, "", "") for n in range(1, items + 1)),
        recommendation=Recommendation(lesson, then, f"measure of {id_}"),
    )


def agreement(id_: str, keys: str, lesson: str = "m99-l2") -> Dimension:
    """A dimension of agreement items; ``keys`` holds a + or a - for each."""
    word: dict[str, Literal["positive", "negative"]] = {"+": "positive", "-": "negative"}
    return Dimension(
        id=id_,
        headline_id="b",
        title=id_,
        about="",
        weight=1.0,
        kind="agreement",
        items=tuple(AgreementItem(f"{id_}-{n}", "", word[key], "") for n, key in enumerate(keys, start=1)),
        recommendation=Recommendation(lesson, None, f"measure of {id_}"),
    )


def knowledge(id_: str, rights: tuple[int, ...]) -> Dimension:
    """A knowledge check with three options a question; ``rights`` are the places of the right ones."""
    return Dimension(
        id=id_,
        headline_id="k",
        title=id_,
        about="",
        weight=1.0,
        kind="knowledge",
        items=tuple(
            KnowledgeItem(
                f"{id_}-{n}", "", tuple(KnowledgeOption(str(place), place == right, "") for place in range(3)), ""
            )
            for n, right in enumerate(rights, start=1)
        ),
        recommendation=None,
    )


def instrument(*dimensions: Dimension, pairs: tuple[tuple[str, str], ...] = (), floor: float = 4.0) -> Instrument:
    """An instrument with headlines a (two thirds of the weight), b (four fifths) and k."""
    return Instrument(
        id="i",
        version=1,
        title="I",
        language="en",
        purpose_html="",
        minutes=1,
        status="",
        headlines=(
            Headline("a", "A", "", 0.6667, floor, BANDS),
            Headline("b", "B", "", 0.8, floor, BANDS),
            Headline("k", "K", "", 1.0, floor, ()),
        ),
        dimensions=dimensions,
        contradictory_pairs=pairs,
        hash="",
    )
