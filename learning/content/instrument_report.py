"""What an author wants to know of an instrument: how hard each text is to read, and whether all its lessons exist."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from learning.content.model import AgreementItem, AnchoredItem, Dimension, Instrument, Item, KnowledgeItem
from learning.content.plain import text_of_html
from learning.content.readability import grade

#: Whoever answers needs no more years of school than this.
HIGHEST_GRADE = 9.0


@dataclass(frozen=True, slots=True)
class GradedText:
    """A text that people read, and its Flesch-Kincaid grade."""

    #: Id of the item, dimension or headline it belongs to, or of the instrument.
    owner: str
    #: What it is there, such as "anchor 0".
    name: str
    text: str
    grade: float

    @property
    def too_hard(self) -> bool:
        """Whether it asks for more school than anyone should need. Judged as it is printed, to one decimal."""
        return round(self.grade, 1) > HIGHEST_GRADE


@dataclass(frozen=True, slots=True)
class GradedDimension:
    """The texts of a page in their order. Not empty: a dimension has items."""

    dimension: Dimension
    texts: tuple[GradedText, ...]

    @property
    def highest(self) -> float:
        """Grade of the hardest text."""
        return max(text.grade for text in self.texts)

    @property
    def mean(self) -> float:
        """Mean grade of the texts."""
        return sum(text.grade for text in self.texts) / len(self.texts)


def is_graded(instrument: Instrument) -> bool:
    """Whether the formula holds for its language: it was made for English."""
    return instrument.language.split("-")[0] == "en"


def graded_dimensions(instrument: Instrument) -> tuple[GradedDimension, ...]:
    """Every text of every page."""
    return tuple(
        GradedDimension(dimension, tuple(_graded(*each) for each in _texts_of_dimension(dimension)))
        for dimension in instrument.dimensions
    )


def graded_frame(instrument: Instrument) -> tuple[GradedText, ...]:
    """The texts around the pages: the purpose, the headlines and their bands."""
    texts = [(instrument.id, "purpose", text_of_html(instrument.purpose_html))]
    for headline in instrument.headlines:
        texts.append((headline.id, "short", headline.short))
        texts += [(headline.id, f"band {band.low}", band.text) for band in headline.bands]
    return tuple(_graded(*each) for each in texts)


def unwritten_lessons(instrument: Instrument, lessons: Container[str]) -> tuple[str, ...]:
    """Recommended lessons that do not exist (yet), in order and once each."""
    named: dict[str, None] = {}
    for dimension in instrument.dimensions:
        for advice in (*dimension.lower_recommendations, dimension.recommendation):
            if advice is not None:
                named.update(dict.fromkeys(lesson for lesson in (advice.lesson, advice.then) if lesson is not None))
    return tuple(lesson for lesson in named if lesson not in lessons)


def _graded(owner: str, name: str, text: str) -> GradedText:
    return GradedText(owner, name, text, grade([text]))


def _texts_of_dimension(dimension: Dimension) -> Iterator[tuple[str, str, str]]:
    yield dimension.id, "about", dimension.about
    for advice in (*dimension.lower_recommendations, dimension.recommendation):
        if advice is not None:
            yield dimension.id, "measure" if advice.below is None else f"measure {advice.below}", advice.measure
    for item in dimension.items:
        yield item.id, "text", item.text
        yield from ((item.id, name, text) for name, text in _answers(item))
        yield item.id, "guidance", item.guidance
        if isinstance(item, AnchoredItem):
            yield item.id, "why", item.why


def _answers(item: Item) -> Sequence[tuple[str, str]]:
    match item:
        case AnchoredItem():
            return [(f"anchor {level}", anchor) for level, anchor in enumerate(item.anchors)]
        case KnowledgeItem():
            options = [(f"option {number}", option.text) for number, option in enumerate(item.options, start=1)]
            return options + [
                (f"feedback {number}", option.feedback) for number, option in enumerate(item.options, start=1)
            ]
        case AgreementItem():
            return []
