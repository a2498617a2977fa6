"""The result of a self-assessment, as its page shows it."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime

from learning.assessments.queries import Filling
from learning.content.model import Catalogue, Headline, Instrument, KnowledgeItem, Lesson
from learning.psychometrics.bands import BandVerdict, band_of
from learning.psychometrics.quality import Flag, careless_flags
from learning.psychometrics.recommendations import Advice, recommend
from learning.psychometrics.responses import Answer, Missing
from learning.psychometrics.scales import DimensionScore, HeadlineScore, KnowledgeScore, score_instrument


@dataclass(frozen=True, slots=True)
class HeadlineResult:
    """One of the scores at the top, with its band and its dimensions from low to high."""

    headline: Headline
    score: HeadlineScore
    #: None without a score or without bands.
    band: BandVerdict | None
    #: Scored ones first, the lowest at the top; then those without enough answers.
    dimensions: tuple[DimensionScore, ...]


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
class ResultPage:
    """Everything on the page of a result."""

    assessment_id: str
    instrument: Instrument
    finished_at: datetime
    headlines: tuple[HeadlineResult, ...]
    knowledge: KnowledgeScore | None
    knowledge_lines: tuple[KnowledgeLine, ...]
    advice: tuple[AdvicePage, ...]
    flags: tuple[Flag, ...]


def result_page(filling: Filling, catalogue: Catalogue, read: Set[str]) -> ResultPage:
    """Score a finished filling. ``read`` are the ids of the lessons that the person has read."""
    instrument = filling.instrument
    answers = _answers(filling)
    score = score_instrument(instrument, answers)
    headlines = {headline.id: headline for headline in instrument.headlines}
    lessons = _reading_order(catalogue)
    return ResultPage(
        assessment_id=filling.id,
        instrument=instrument,
        finished_at=filling.finished_at or filling.started_at,
        headlines=tuple(
            HeadlineResult(
                headlines[each.headline_id],
                each,
                _band(headlines[each.headline_id], each),
                _from_low_to_high([one for one in score.dimensions if one.dimension.headline_id == each.headline_id]),
            )
            for each in score.headlines
        ),
        knowledge=score.knowledge,
        knowledge_lines=_knowledge_lines(instrument, answers),
        advice=tuple(
            AdvicePage(each, catalogue.lessons[each.lesson_id] if each.lesson_id else None)
            for each in recommend(instrument, score, answers, lessons, read)
        ),
        flags=careless_flags(instrument, answers),
    )


def _answers(filling: Filling) -> dict[str, Answer]:
    reasons = {reason.value for reason in Missing}
    return {item_id: Missing(sent) if sent in reasons else int(sent) for item_id, sent in filling.answers.items()}


def _band(headline: Headline, score: HeadlineScore) -> BandVerdict | None:
    if score.score is None or score.sem is None or not headline.bands:
        return None
    return band_of(headline.bands, score.score, score.sem)


def _from_low_to_high(dimensions: list[DimensionScore]) -> tuple[DimensionScore, ...]:
    return tuple(sorted(dimensions, key=lambda each: (each.score is None, each.score or 0.0)))


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
