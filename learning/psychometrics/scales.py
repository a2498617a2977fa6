"""From the answers of one person to scores between 0 and 100 with their intervals.

Sources: percent of maximum possible: Cohen, Cohen, Aiken & West (1999), Multivariate Behavioral Research 34.
Standard error of one person's score from the spread of their own items: Brennan (1998), Applied Psychological
Measurement 22, absolute error variance of the persons x items design for a single person.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from learning.content.model import AgreementItem, AnchoredItem, Dimension, Instrument, Item, KnowledgeItem
from learning.psychometrics.responses import DOES_NOT_COUNT, Answer, Missing

#: Quantile of the normal distribution for a two-sided 95 % interval.
Z_95 = 1.959964
#: Fewest values that make a dimension's score.
FEWEST_VALUES = 2
#: A written share such as 0.6667 stands for two thirds: the last digit is a rounding.
SHARE_ROUNDING = 1e-4


@dataclass(frozen=True, slots=True)
class DimensionScore:
    """The score of one dimension, in points of 100."""

    dimension: Dimension
    #: None: not enough answers. ``sem`` is None with it.
    score: float | None
    #: Standard error of measurement, never below the headline's floor.
    sem: float | None
    #: Items with a value.
    values: int
    #: Items that apply to this person.
    applicable: int
    dont_know: int

    @property
    def visibility(self) -> float | None:
        """ "What you can see": items with a value as a share of those with a value or an "I don't know"."""
        seen = self.values + self.dont_know
        return self.values / seen if seen else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """95 % interval, clipped to 0 and 100 for display."""
        return clipped_interval(self.score, self.sem)


@dataclass(frozen=True, slots=True)
class HeadlineScore:
    """One of the scores at the top of the result."""

    headline_id: str
    #: None: too few dimensions are scored. ``sem`` is None with it.
    score: float | None
    sem: float | None
    #: "What you can see": items with a value as a share of those with a value or an "I don't know"; None without any.
    visibility: float | None

    @property
    def interval(self) -> tuple[float, float] | None:
        """95 % interval, clipped to 0 and 100 for display."""
        return clipped_interval(self.score, self.sem)


@dataclass(frozen=True, slots=True)
class KnowledgeScore:
    """Right answers of the knowledge check. "I don't know" and a skipped question are not right."""

    right: int
    questions: int


@dataclass(frozen=True, slots=True)
class InstrumentScore:
    """Everything that one filling of an instrument scores."""

    headlines: tuple[HeadlineScore, ...]
    dimensions: tuple[DimensionScore, ...]
    knowledge: KnowledgeScore | None

    def headline(self, headline_id: str) -> HeadlineScore:
        """The score of a headline. Raises KeyError."""
        for each in self.headlines:
            if each.headline_id == headline_id:
                return each
        raise KeyError(headline_id)


def clipped_interval(score: float | None, sem: float | None) -> tuple[float, float] | None:
    """score ± 1.959964 SEM within 0 and 100; None without a score."""
    if score is None or sem is None:
        return None
    return max(0.0, score - Z_95 * sem), min(100.0, score + Z_95 * sem)


def keyed_value(item: Item, value: int) -> int:
    """The value turned the way that more is better: x' = L + U - x for a negative item, else x."""
    return 6 - value if isinstance(item, AgreementItem) and item.key == "negative" else value


def limits(item: Item) -> tuple[int, int]:
    """Least and greatest value of an item. Raises TypeError for a knowledge item, which has no scale."""
    match item:
        case AnchoredItem():
            return 0, 4
        case AgreementItem():
            return 1, 5
        case KnowledgeItem():
            raise TypeError("A knowledge item has no scale; it is right or not.")


def percent_of_maximum(values: Sequence[int], low: int, high: int) -> float:
    """100 (mean - L) / (U - L). ``values`` is not empty."""
    return 100 * (sum(values) / len(values) - low) / (high - low)


def brennan_sem(values: Sequence[int], low: int, high: int) -> float:
    """Standard error of one person's mean from their own items, in points of 100. Takes two values or more."""
    count = len(values)
    mean = sum(values) / count
    squares = sum((value - mean) ** 2 for value in values)
    return 100 / (high - low) * math.sqrt(squares / (count * (count - 1)))


def score_dimension(dimension: Dimension, answers: Mapping[str, Answer], floor: float) -> DimensionScore:
    """Score one dimension of anchored or agreement items.

    With a items that apply and v values it is scored if 3 v >= 2 a and v >= 2.
    """
    given = [(item, answers.get(item.id, Missing.SKIPPED)) for item in dimension.items]
    applicable = sum(answer not in DOES_NOT_COUNT for _, answer in given)
    dont_know = sum(answer is Missing.DONT_KNOW for _, answer in given)
    values = [keyed_value(item, answer) for item, answer in given if not isinstance(answer, Missing)]
    if 3 * len(values) < 2 * applicable or len(values) < FEWEST_VALUES:
        return DimensionScore(dimension, None, None, len(values), applicable, dont_know)
    low, high = limits(dimension.items[0])
    return DimensionScore(
        dimension,
        percent_of_maximum(values, low, high),
        max(floor, brennan_sem(values, low, high)),
        len(values),
        applicable,
        dont_know,
    )


def score_headline(headline_id: str, minimum_weight: float, dimensions: Sequence[DimensionScore]) -> HeadlineScore:
    """Weighted mean of the scored dimensions, if they carry enough of the weight.

    SEM = sqrt(sum (w SEM)^2) / sum w over the scored dimensions.
    """
    values = sum(each.values for each in dimensions)
    seen = values + sum(each.dont_know for each in dimensions)
    visibility = values / seen if seen else None
    scored = [(each.dimension.weight, each.score, each.sem) for each in dimensions if each.score is not None]
    weight = sum(each[0] for each in scored)
    whole = sum(each.dimension.weight for each in dimensions)
    if not scored or weight < (minimum_weight - SHARE_ROUNDING) * whole:
        return HeadlineScore(headline_id, None, None, visibility)
    score = sum(w * (s or 0.0) for w, s, _ in scored) / weight
    sem = math.sqrt(sum((w * (e or 0.0)) ** 2 for w, _, e in scored)) / weight
    return HeadlineScore(headline_id, score, sem, visibility)


def score_knowledge(items: Sequence[Item], answers: Mapping[str, Answer]) -> KnowledgeScore:
    """Count the right answers."""
    questions = [item for item in items if isinstance(item, KnowledgeItem)]
    right = 0
    for item in questions:
        answer = answers.get(item.id, Missing.SKIPPED)
        right += not isinstance(answer, Missing) and item.options[answer].right
    return KnowledgeScore(right, len(questions))


def score_instrument(instrument: Instrument, answers: Mapping[str, Answer]) -> InstrumentScore:
    """Score one person's answers: item id -> value or reason; an item that is not there was skipped."""
    floors = {headline.id: headline.interval_floor for headline in instrument.headlines}
    scales = [dimension for dimension in instrument.dimensions if dimension.kind != "knowledge"]
    scored = tuple(score_dimension(each, answers, floors[each.headline_id]) for each in scales)
    headlines = tuple(
        score_headline(
            headline.id,
            headline.minimum_weight,
            [each for each in scored if each.dimension.headline_id == headline.id],
        )
        for headline in instrument.headlines
        if any(each.dimension.headline_id == headline.id for each in scored)
    )
    checks = [item for each in instrument.dimensions if each.kind == "knowledge" for item in each.items]
    return InstrumentScore(headlines, scored, score_knowledge(checks, answers) if checks else None)
