"""How good an instrument is, over the answers of many people: distribution, reliability, items that do not fit.

Every figure stands on at least 30 people, also where some of them gave no value. Shares near 0 and 1 are not told
exactly: where nearly everybody answered the same, the figure would tell each one's answer.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from learning.content.model import AgreementItem, AnchoredItem, Dimension, Instrument, Item
from learning.psychometrics.responses import DOES_NOT_COUNT, Answer, Missing
from learning.psychometrics.scales import HeadlineScore, keyed_value, limits, score_instrument

#: No figure is over fewer people.
FEWEST_PEOPLE = 30
#: No omega over fewer people: a factor model needs them.
FEWEST_FOR_OMEGA = 100
#: Shares outside of these are told as "under" and "over".
LOWEST_SHARE, HIGHEST_SHARE = 0.05, 0.95
#: Width of a step of the distribution of headline scores.
STEP = 20
#: An item below this does not belong to its dimension, or is misread; a negative one may be keyed the wrong way.
WEAK_ITEM = 0.20

People = Sequence[Mapping[str, Answer]]


@dataclass(frozen=True, slots=True)
class Share:
    """A share of the people, 0 to 1, never told nearer to the ends than 0.05 and 0.95."""

    value: float
    #: "exact", "under" (the value is the upper end) or "over" (the lower end).
    kind: str


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ItemQuality:
    """One item. Shares are of the people to whom it applies."""

    item_id: str
    text: str
    #: Share of each value from least to greatest, before turning; None: over too few people.
    shares: tuple[Share, ...] | None
    #: Share of "I don't know"; None: over too few people.
    dont_know: Share | None
    #: Correlation with the rest of the dimension; None: too few people answered all of it, or all alike.
    item_rest: float | None


@dataclass(frozen=True, slots=True)
class DimensionQuality:
    """One dimension."""

    title: str
    #: People who gave a value for every item; alpha and correlations are over them. None: fewer than 30.
    people: int | None
    alpha: Interval | None
    #: McDonald's omega, from 100 people on and where one factor fits.
    omega: float | None
    items: tuple[ItemQuality, ...]


@dataclass(frozen=True, slots=True)
class HeadlineQuality:
    """One score at the top."""

    title: str
    #: People who have this score; None: fewer than 30, and then nothing else is told.
    people: int | None
    mean: float | None
    deviation: float | None
    #: Share of scores from 0 to 20, 20 to 40 and so on.
    steps: tuple[Share, ...] | None


@dataclass(frozen=True, slots=True)
class InstrumentQuality:
    """All figures of one release."""

    people: int
    headlines: tuple[HeadlineQuality, ...]
    dimensions: tuple[DimensionQuality, ...]


class TooFewPeople(ValueError):
    """Fewer than 30 people: no figure at all."""


def share(count: int, whole: int) -> Share:
    """A share, blunted at the ends. ``whole`` is not 0."""
    value = count / whole
    if value < LOWEST_SHARE:
        return Share(LOWEST_SHARE, "under")
    if value > HIGHEST_SHARE:
        return Share(HIGHEST_SHARE, "over")
    return Share(round(value, 2), "exact")


def instrument_quality(instrument: Instrument, people: People) -> InstrumentQuality:
    """The figures over these people's answers. Raises TooFewPeople. Loads numpy when called."""
    if len(people) < FEWEST_PEOPLE:
        raise TooFewPeople(f"Figures need {FEWEST_PEOPLE} people.")
    scores = [score_instrument(instrument, answers) for answers in people]
    titles = {headline.id: headline.title for headline in instrument.headlines}
    scales = [dimension for dimension in instrument.dimensions if dimension.kind != "knowledge"]
    return InstrumentQuality(
        len(people),
        tuple(
            _headline(titles[headline_id], [score.headline(headline_id) for score in scores])
            for headline_id in dict.fromkeys(each.headline_id for each in scores[0].headlines)
        ),
        tuple(_dimension(dimension, people) for dimension in scales),
    )


def _headline(title: str, given: Sequence[HeadlineScore]) -> HeadlineQuality:
    values = [each.score for each in given if each.score is not None]
    if len(values) < FEWEST_PEOPLE:
        return HeadlineQuality(title, None, None, None, None)
    mean = sum(values) / len(values)
    deviation = math.sqrt(sum((value - mean) ** 2 for value in values) / (len(values) - 1))
    places = [min(int(value // STEP), 100 // STEP - 1) for value in values]
    steps = tuple(share(places.count(step), len(values)) for step in range(100 // STEP))
    return HeadlineQuality(title, len(values), round(mean, 1), round(deviation, 1), steps)


def _dimension(dimension: Dimension, people: People) -> DimensionQuality:
    from learning.psychometrics.reliability import cronbach_alpha, item_rest_correlations, mcdonald_omega

    complete = _complete(dimension, people)
    correlations: Sequence[float | None] = [None] * len(dimension.items)
    alpha = omega = None
    if len(complete) >= FEWEST_PEOPLE:
        if estimate := cronbach_alpha(complete):
            alpha = Interval(round(estimate.value, 3), round(estimate.low, 3), round(estimate.high, 3))
        correlations = [_rounded(each) for each in item_rest_correlations(complete)]
        if len(complete) >= FEWEST_FOR_OMEGA:
            omega = _rounded(mcdonald_omega(complete))
    return DimensionQuality(
        dimension.title,
        len(complete) if len(complete) >= FEWEST_PEOPLE else None,
        alpha,
        omega,
        tuple(
            _item(item, people, correlation) for item, correlation in zip(dimension.items, correlations, strict=True)
        ),
    )


def _complete(dimension: Dimension, people: People) -> list[list[int]]:
    """Turned values of everybody who gave one for each item."""
    rows = []
    for answers in people:
        given = [(item, answers.get(item.id, Missing.SKIPPED)) for item in dimension.items]
        values = [keyed_value(item, answer) for item, answer in given if not isinstance(answer, Missing)]
        if len(values) == len(dimension.items):
            rows.append(values)
    return rows


def _item(item: Item, people: People, item_rest: float | None) -> ItemQuality:
    assert isinstance(item, AnchoredItem | AgreementItem)
    answers = [answer for each in people if (answer := each.get(item.id, Missing.SKIPPED)) not in DOES_NOT_COUNT]
    given = [answer for answer in answers if answer is not Missing.SKIPPED]
    values = [answer for answer in given if not isinstance(answer, Missing)]
    low, high = limits(item)
    return ItemQuality(
        item.id,
        item.text,
        tuple(share(values.count(value), len(values)) for value in range(low, high + 1))
        if len(values) >= FEWEST_PEOPLE
        else None,
        share(given.count(Missing.DONT_KNOW), len(given)) if len(given) >= FEWEST_PEOPLE else None,
        item_rest,
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
