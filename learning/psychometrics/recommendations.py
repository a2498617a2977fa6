"""What to do next: three pieces of advice from the lowest dimensions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from learning.content.model import AnchoredItem, Dimension, Instrument
from learning.psychometrics.responses import Answer, Missing
from learning.psychometrics.scales import DimensionScore, InstrumentScore

#: From this score on a dimension needs no advice.
GOOD_ENOUGH = 80
#: How many dimensions of each headline are advised on, by the kind of its items.
ADVISED = {"anchored": 2, "agreement": 1}
#: How many lessons are named to read next.
LESSONS_TO_READ = 3


@dataclass(frozen=True, slots=True)
class NextLevel:
    """What the next step of one item looks like."""

    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Advice:
    """A dimension to work on."""

    dimension: Dimension
    score: float
    measure: str
    #: Of the items with the lowest level; empty for agreement items, which have no levels.
    next_levels: tuple[NextLevel, ...]
    #: None when there is no lesson left to name.
    lesson_id: str | None


def recommend(
    instrument: Instrument,
    score: InstrumentScore,
    answers: Mapping[str, Answer],
    lessons: Sequence[str],
    read: Set[str],
) -> tuple[Advice, ...]:
    """The two lowest scored dimensions of anchored headlines and the lowest of agreement ones, none from 80 on.

    ``lessons`` are the ids of all lessons in reading order, ``read`` those already read. The lesson is the one the
    dimension names, if it is there and not read; else the one named second; else the first unread lesson (where
    everything is read: the first lesson) that no other advice names.
    """
    advice: list[Advice] = []
    for headline in instrument.headlines:
        mine = [each for each in score.dimensions if each.dimension.headline_id == headline.id]
        low = [each for each in mine if each.score is not None and each.score < GOOD_ENOUGH]
        # sorted() is stable: ties stay in the order of the instrument
        lowest = sorted(low, key=lambda each: each.score or 0.0)
        for each in lowest[: ADVISED.get(mine[0].dimension.kind, 0) if mine else 0]:
            taken = {given.lesson_id for given in advice if given.lesson_id}
            advice.append(_advise(each, answers, _lesson_for(each, lessons, read, taken)))
    return tuple(advice)


def reading_list(
    advice: Sequence[Advice], score: InstrumentScore, lessons: Sequence[str], read: Set[str]
) -> tuple[str, ...]:
    """Ids of the three lessons to read next: those of the advice, then of the next lowest dimensions, then any unread.

    Fewer where there are fewer lessons. ``lessons`` and ``read`` as for ``recommend``.
    """
    chosen = [each.lesson_id for each in advice if each.lesson_id]
    scored = sorted((each for each in score.dimensions if each.score is not None), key=lambda each: each.score or 0.0)
    for each in scored:
        recommendation = each.dimension.recommendation_at(each.score or 0.0)
        named = [recommendation.lesson, recommendation.then] if recommendation else []
        fit = (lesson for lesson in named if lesson in lessons and lesson not in read and lesson not in chosen)
        chosen += [lesson for lesson in [next(fit, None)] if lesson]
    chosen += [lesson for lesson in lessons if lesson not in read]
    return tuple(dict.fromkeys(chosen))[:LESSONS_TO_READ]


def _advise(scored: DimensionScore, answers: Mapping[str, Answer], lesson_id: str | None) -> Advice:
    score = scored.score or 0.0
    recommendation = scored.dimension.recommendation_at(score)
    return Advice(
        scored.dimension,
        score,
        recommendation.measure if recommendation else "",
        _next_levels(scored.dimension, answers),
        lesson_id,
    )


def _next_levels(dimension: Dimension, answers: Mapping[str, Answer]) -> tuple[NextLevel, ...]:
    levels = [
        (answer, item)
        for item in dimension.items
        if isinstance(item, AnchoredItem) and not isinstance(answer := answers.get(item.id, Missing.SKIPPED), Missing)
    ]
    lowest = min((level for level, _ in levels), default=4)
    return tuple(NextLevel(item.text, item.anchors[level + 1]) for level, item in levels if level == lowest < 4)


def _lesson_for(scored: DimensionScore, lessons: Sequence[str], read: Set[str], taken: Set[str]) -> str | None:
    recommendation = scored.dimension.recommendation_at(scored.score or 0.0)
    named = [recommendation.lesson, recommendation.then] if recommendation else []
    wanted = [lesson for lesson in named if lesson in lessons] + list(lessons)
    for lesson in wanted:
        if lesson is not None and lesson not in read and lesson not in taken:
            return lesson
    return next((lesson for lesson in wanted if lesson not in taken), None)
