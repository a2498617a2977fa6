"""The result of a self-assessment, as its page and its print show it."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime

from learning.assessments.models import Scope
from learning.assessments.queries import Filling
from learning.content.instrument_versions import comparable_items
from learning.content.model import Catalogue, Headline, Instrument, Item, KnowledgeItem, Lesson
from learning.psychometrics.bands import BandVerdict, band_of
from learning.psychometrics.personal_change import HeadlineChange, comparable_dimensions, headline_changes
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
class AdvicePage:
    """One thing to do next, with its lesson."""

    advice: Advice
    lesson: Lesson | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed since the last time."""

    finished_at: datetime
    headlines: tuple[HeadlineChange, ...]


@dataclass(frozen=True, slots=True)
class ResultPage:
    """Everything that a result says."""

    assessment_id: str
    instrument: Instrument
    scope: Scope
    consented: bool
    finished_at: datetime
    headlines: tuple[HeadlineResult, ...]
    #: Items answered with "I don't know": what the person cannot see from where they work.
    unseen: tuple[Item, ...]
    knowledge: KnowledgeScore | None
    knowledge_lines: tuple[KnowledgeLine, ...]
    advice: tuple[AdvicePage, ...]
    #: The lessons to read next, at most three.
    lessons: tuple[Lesson, ...]
    flags: tuple[Flag, ...]
    #: None the first time, or where nothing can be compared.
    comparison: Comparison | None

    def title_of(self, headline_id: str) -> str:
        """The title of a headline."""
        return next(each.title for each in self.instrument.headlines if each.id == headline_id)


def result_page(filling: Filling, catalogue: Catalogue, read: Set[str], before: Filling | None = None) -> ResultPage:
    """Score a finished filling. ``read`` are the ids of the lessons that the person has read, ``before`` is the last
    filling of the same instrument."""
    instrument = filling.instrument
    answers = _answers(filling)
    score = score_instrument(instrument, answers)
    earlier = score_instrument(before.instrument, _answers(before)) if before else None
    comparable = comparable_items(instrument, before.instrument) if before else frozenset()
    lessons = _reading_order(catalogue)
    advice = recommend(instrument, score, answers, lessons, read)
    return ResultPage(
        assessment_id=filling.id,
        instrument=instrument,
        scope=filling.scope,
        consented=filling.consented,
        finished_at=filling.finished_at or filling.started_at,
        headlines=_headlines(instrument, score, earlier, comparable),
        unseen=tuple(
            item
            for dimension in instrument.dimensions
            if dimension.kind != "knowledge"
            for item in dimension.items
            if answers.get(item.id) is Missing.DONT_KNOW
        ),
        knowledge=score.knowledge,
        knowledge_lines=_knowledge_lines(instrument, answers),
        advice=tuple(
            AdvicePage(each, catalogue.lessons[each.lesson_id] if each.lesson_id else None) for each in advice
        ),
        lessons=tuple(catalogue.lessons[each] for each in reading_list(advice, score, lessons, read)),
        flags=careless_flags(instrument, answers),
        comparison=_comparison(instrument, score, before, earlier, comparable),
    )


def _answers(filling: Filling) -> dict[str, Answer]:
    reasons = {reason.value for reason in Missing}
    return {item_id: Missing(sent) if sent in reasons else int(sent) for item_id, sent in filling.answers.items()}


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


def _comparison(
    instrument: Instrument,
    score: InstrumentScore,
    before: Filling | None,
    earlier: InstrumentScore | None,
    comparable: frozenset[str],
) -> Comparison | None:
    if before is None or earlier is None:
        return None
    changes = headline_changes(instrument, earlier, score, comparable)
    return Comparison(before.finished_at or before.started_at, changes) if changes else None


def _reading_order(catalogue: Catalogue) -> list[str]:
    """Lessons that a course lists, module by module."""
    listed = {lesson for course in catalogue.courses.values() for lesson in course.lesson_ids}
    return [lesson for module in catalogue.modules.values() for lesson in module.lesson_ids if lesson in listed]


def _knowledge_lines(instrument: Instrument, answers: dict[str, Answer]) -> tuple[KnowledgeLine, ...]:
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
