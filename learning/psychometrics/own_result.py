"""What one person's answers say to that person: scores, bands, what they cannot see, what to do next. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Generic, TypeVar

from learning.content.model import Headline, Instrument, Item, KnowledgeItem
from learning.psychometrics.bands import BandVerdict, band_of
from learning.psychometrics.personal_change import comparable_dimensions
from learning.psychometrics.quality import Flag, careless_flags
from learning.psychometrics.recommendations import Advice, reading_list, recommend
from learning.psychometrics.responses import Answer, Missing
from learning.psychometrics.scales import (
    DimensionScore,
    HeadlineScore,
    InstrumentScore,
    KnowledgeScore,
    score_instrument,
)

#: A lesson as whoever shows the result knows it.
LessonT = TypeVar("LessonT")


@dataclass(frozen=True, slots=True)
class HeadlineResult:
    """One of the scores at the top, with its band and its dimensions from low to high."""

    headline: Headline
    score: HeadlineScore
    #: None without a score or without bands.
    band: BandVerdict | None
    #: What the person describes is the workplace, as they see it; else it is themselves.
    about_workplace: bool
    #: Scored ones first, the lowest at the top; then those without enough answers.
    dimensions: tuple[DimensionScore, ...]
    #: Dimension id -> score of the last time, where it can be compared.
    before: dict[str, float]

    @property
    def scored(self) -> tuple[DimensionScore, ...]:
        """The dimensions with a score, from low to high."""
        return tuple(each for each in self.dimensions if each.score is not None)

    @property
    def spread(self) -> tuple[DimensionScore, DimensionScore] | None:
        """The weakest and the strongest dimension; None where they do not differ."""
        scored = self.scored
        if len(scored) < 2 or scored[0].score == scored[-1].score:
            return None
        return scored[0], scored[-1]


@dataclass(frozen=True, slots=True)
class KnowledgeLine:
    """One question of the knowledge check with its right answer."""

    item: KnowledgeItem
    right_text: str
    #: None: not answered, or "I don't know".
    chosen_text: str | None
    chosen_right: bool
    feedback: str


@dataclass(frozen=True, slots=True)
class AdvicePage(Generic[LessonT]):
    """One thing to do next, with its lesson."""

    advice: Advice
    lesson: LessonT | None


@dataclass(frozen=True, slots=True)
class OwnResult(Generic[LessonT]):
    """What a result says of one filling."""

    instrument: Instrument
    score: InstrumentScore
    headlines: tuple[HeadlineResult, ...]
    #: Items answered with "I don't know": what the person cannot see from where they work.
    unseen: tuple[Item, ...]
    knowledge_lines: tuple[KnowledgeLine, ...]
    advice: tuple[AdvicePage[LessonT], ...]
    #: The lessons to read next, at most three.
    lessons: tuple[LessonT, ...]
    flags: tuple[Flag, ...]

    @property
    def knowledge(self) -> KnowledgeScore | None:
        """The knowledge check; None without one."""
        return self.score.knowledge

    def title_of(self, headline_id: str) -> str:
        """The title of a headline."""
        return next(each.title for each in self.instrument.headlines if each.id == headline_id)


def own_result(
    instrument: Instrument,
    answers: Mapping[str, Answer],
    lessons: Mapping[str, LessonT],
    read: Set[str] = frozenset(),
    earlier: InstrumentScore | None = None,
    comparable: frozenset[str] = frozenset(),
) -> OwnResult[LessonT]:
    """Score one person's answers.

    ``lessons`` are those that may be recommended, by id in reading order; ``read`` the ids of those that the person has
    read; ``earlier`` is their score of the last time and ``comparable`` the items that may be compared with it.
    """
    score = score_instrument(instrument, answers)
    advice = recommend(instrument, score, answers, list(lessons), read)
    return OwnResult(
        instrument=instrument,
        score=score,
        headlines=_headlines(instrument, score, earlier, comparable),
        unseen=tuple(
            item
            for dimension in instrument.dimensions
            if dimension.kind != "knowledge"
            for item in dimension.items
            if answers.get(item.id) is Missing.DONT_KNOW
        ),
        knowledge_lines=_knowledge_lines(instrument, answers),
        advice=tuple(AdvicePage(each, lessons[each.lesson_id] if each.lesson_id else None) for each in advice),
        lessons=tuple(lessons[each] for each in reading_list(advice, score, list(lessons), read)),
        flags=careless_flags(instrument, answers),
    )


def _headlines(
    instrument: Instrument, score: InstrumentScore, earlier: InstrumentScore | None, comparable: frozenset[str]
) -> tuple[HeadlineResult, ...]:
    headlines = {headline.id: headline for headline in instrument.headlines}
    common = set(comparable_dimensions(earlier, score, comparable)) if earlier else set()
    before = {
        each.dimension.id: each.score
        for each in (earlier.dimensions if earlier else ())
        if each.dimension.id in common and each.score is not None
    }
    results = []
    for each in score.headlines:
        mine = [one for one in score.dimensions if one.dimension.headline_id == each.headline_id]
        results.append(
            HeadlineResult(
                headline=headlines[each.headline_id],
                score=each,
                band=_band(headlines[each.headline_id], each),
                about_workplace=any(one.dimension.kind == "anchored" for one in mine),
                dimensions=_from_low_to_high(mine),
                before={one.dimension.id: before[one.dimension.id] for one in mine if one.dimension.id in before},
            )
        )
    return tuple(results)


def _band(headline: Headline, score: HeadlineScore) -> BandVerdict | None:
    if score.score is None or score.sem is None or not headline.bands:
        return None
    return band_of(headline.bands, score.score, score.sem)


def _from_low_to_high(dimensions: list[DimensionScore]) -> tuple[DimensionScore, ...]:
    return tuple(sorted(dimensions, key=lambda each: (each.score is None, each.score or 0.0)))


def _knowledge_lines(instrument: Instrument, answers: Mapping[str, Answer]) -> tuple[KnowledgeLine, ...]:
    lines = []
    for dimension in instrument.dimensions:
        for item in dimension.items:
            if isinstance(item, KnowledgeItem):
                answer = answers.get(item.id, Missing.SKIPPED)
                right = next(option for option in item.options if option.right)
                chosen = None if isinstance(answer, Missing) else item.options[answer]
                lines.append(
                    KnowledgeLine(
                        item,
                        right.text,
                        chosen.text if chosen else None,
                        bool(chosen and chosen.right),
                        (chosen or right).feedback,
                    )
                )
    return tuple(lines)
