"""Invented people who answer an instrument from known traits, to see what its scores recover.

The model is Samejima's (1969) graded response: with a trait theta, a discrimination a and steps b_1 < ... < b_4,
P(answer at step c or above) = 1 / (1 + exp(-a (theta - b_c))). Anchored items stand on trait A, how the organization is
managed; agreement items and knowledge questions on trait B, how the person thinks and acts. Each dimension adds
something of its own: theta_d = sqrt(g) trait + sqrt(1 - g) own, with g the share of the trait.

Where the numbers below come from. Items of a dimension correlate by .40 to .50 (A), as in the scales that the
instrument was planned with; agreement items by .25 over all, since the 15 items of the revised New Ecological
Paradigm (Dunlap et al. 2000) had an alpha of .83, which is a mean correlation of .25. Turned items hang together less
(Woods 2006). The middles give means between 45 and 60 points and standard deviations near 18, as the design was planned
with. The correlation of the two traits and the knowledge questions are conventions. All this shows that the scoring works on people of such a kind; it does
not show that real people are of this kind.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from learning.content.model import AgreementItem, Band, Dimension, Headline, Instrument, Item, KnowledgeItem
from learning.psychometrics.reliability import correlation, cronbach_alpha, mcdonald_omega
from learning.psychometrics.responses import Answer
from learning.psychometrics.samples import Estimate, as_sample
from learning.psychometrics.scales import Z_95, InstrumentScore, keyed_value, limits, score_instrument

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Correlation of the two traits.
TRAITS_CORRELATE = 0.4


@dataclass(frozen=True, slots=True)
class KindOfItems:
    """How items of one kind hang on their trait."""

    #: Which trait: 0 is A, 1 is B.
    trait: int
    #: Correlation of the continuous tendencies behind two items of a dimension; of answers it is a tenth lower.
    correlation: float
    #: g: the part of a dimension's variance that it shares with the trait.
    share_of_trait: float
    #: Mean and standard deviation, over the items, of where the middle of an item lies on the trait.
    middle: float
    middles_differ: float
    #: From one step to the next.
    step: float


KINDS = {
    "anchored": KindOfItems(0, correlation=0.47, share_of_trait=0.70, middle=0.0, middles_differ=0.4, step=1.0),
    "agreement": KindOfItems(1, correlation=0.40, share_of_trait=0.70, middle=-0.4, middles_differ=0.4, step=1.0),
    "knowledge": KindOfItems(1, correlation=0.25, share_of_trait=0.20, middle=-0.5, middles_differ=0.5, step=0.0),
}
#: How much less a turned item discriminates.
TURNED = 0.85
#: The logistic curve with this factor is close to the normal one, so that correlations tell the discrimination.
LOGISTIC = 1.702
#: Spread of the discriminations of items of one kind, as of logarithms.
DISCRIMINATIONS_DIFFER = 0.15


@dataclass(frozen=True, slots=True)
class Simulation:
    """Invented people: what they answered and what is true of them. All sequences are in the order of the people."""

    #: Item id -> value, as ``score_instrument`` takes it.
    answers: tuple[dict[str, Answer], ...]
    #: Headline id -> the score, 0 to 100, that each person would have on average if asked again and again.
    true_scores: dict[str, tuple[float, ...]]
    #: Each person's two traits, mean 0 and standard deviation 1.
    traits: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class BandCount:
    """How many people score in a band, by the score alone."""

    band: Band
    persons: int


@dataclass(frozen=True, slots=True)
class HeadlineStudy:
    """What a simulation shows of one headline score."""

    headline: Headline
    items: int
    #: None where the answers determine none, such as those of two people.
    alpha: Estimate | None
    omega: float | None
    #: Correlation of the scores with the true scores, and with the trait behind them.
    recovery: float | None
    recovery_of_trait: float | None
    #: Share of the people whose 95 % interval holds their true score.
    coverage: float
    mean: float
    sd: float
    #: In the order of the headline's bands.
    bands: tuple[BandCount, ...]


@dataclass(frozen=True, slots=True)
class Study:
    """What a simulation shows of an instrument."""

    persons: int
    seed: int
    #: Of headlines with a scale; a knowledge check has none.
    headlines: tuple[HeadlineStudy, ...]
    #: Correlation of the headline scores, where there are two; ``true_correlation`` that of the true scores.
    correlation: float | None
    true_correlation: float | None
    #: Mean share of right answers, 0 to 1; None without a knowledge check.
    knowledge: float | None


def simulate(instrument: Instrument, persons: int, seed: int) -> Simulation:
    """People who answer every item. The same seed gives the same people. Raises ValueError below two persons."""
    import numpy as np

    if persons < 2:
        raise ValueError(f"{persons} persons show nothing: simulate 2 or more.")
    chance = np.random.default_rng(seed)
    traits = chance.multivariate_normal([0, 0], [[1, TRAITS_CORRELATE], [TRAITS_CORRELATE, 1]], size=persons)
    answers: list[dict[str, Answer]] = [{} for _ in range(persons)]
    expected: dict[str, list[tuple[float, NDArray[np.float64]]]] = {}
    for dimension in instrument.dimensions:
        kind = KINDS[dimension.kind]
        own = chance.standard_normal(persons)
        theta = math.sqrt(kind.share_of_trait) * traits[:, kind.trait] + math.sqrt(1 - kind.share_of_trait) * own
        means = []
        for item in dimension.items:
            values, mean = _answer(item, kind, theta, chance)
            means.append(mean)
            for person, value in zip(answers, values, strict=True):
                person[item.id] = int(value)
        if dimension.kind != "knowledge":
            score = 100 * np.mean(means, axis=0)
            expected.setdefault(dimension.headline_id, []).append((dimension.weight, score))
    return Simulation(
        tuple(answers),
        {headline: _weighted(parts) for headline, parts in expected.items()},
        tuple((float(a), float(b)) for a, b in traits),
    )


def _weighted(parts: Sequence[tuple[float, NDArray[np.float64]]]) -> tuple[float, ...]:
    """Everybody's weighted mean of the dimensions: pairs of a weight and everybody's scores."""
    import numpy as np

    mean = np.average([score for _, score in parts], axis=0, weights=[weight for weight, _ in parts])
    return tuple(float(each) for each in mean)


def _answer(
    item: Item, kind: KindOfItems, theta: NDArray[np.float64], chance: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Everybody's raw answers to one item, and what they are expected to reach of it, 0 to 1."""
    import numpy as np

    discrimination = LOGISTIC * math.sqrt(kind.correlation / (1 - kind.correlation))
    discrimination *= math.exp(chance.normal(0, DISCRIMINATIONS_DIFFER))
    middle = chance.normal(kind.middle, kind.middles_differ)
    if isinstance(item, KnowledgeItem):
        return _choose(item, 1 / (1 + np.exp(-discrimination * (theta - middle))), chance)
    if isinstance(item, AgreementItem) and item.key == "negative":
        discrimination *= TURNED
    low, high = limits(item)
    steps = middle + kind.step * (np.arange(high - low) - (high - low - 1) / 2)
    at_least = 1 / (1 + np.exp(-discrimination * (theta[:, None] - steps)))
    # One draw a person, held against all steps: they are ordered, so that the count is a draw of the graded response
    reached = (chance.random((len(theta), 1)) < at_least).sum(axis=1)
    turn = np.array([keyed_value(item, value) for value in range(low, high + 1)])
    return turn[reached], at_least.mean(axis=1)


def _choose(
    item: KnowledgeItem, knows: NDArray[np.float64], chance: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The right option of those who know; the others take one of all options by chance."""
    import numpy as np

    right = next(place for place, option in enumerate(item.options) if option.right)
    guessed = chance.integers(len(item.options), size=len(knows))
    known = chance.random(len(knows)) < knows
    return np.where(known, right, guessed), knows + (1 - knows) / len(item.options)


def simulate_study(instrument: Instrument, persons: int = 500, seed: int = 20260101) -> Study:
    """Simulate people, score them as real ones are scored, and compare with what is true of them.

    Raises ValueError below two persons.
    """
    simulation = simulate(instrument, persons, seed)
    scores = [score_instrument(instrument, answers) for answers in simulation.answers]
    headlines = [each for each in instrument.headlines if each.id in simulation.true_scores]
    observed = [_points(scores, headline) for headline in headlines]
    both = len(headlines) == 2
    right = [score.knowledge.right / score.knowledge.questions for score in scores if score.knowledge]
    return Study(
        persons,
        seed,
        tuple(_study(instrument, headline, simulation, scores) for headline in headlines),
        _correlate(observed[0], observed[1]) if both else None,
        _correlate(*(simulation.true_scores[headline.id] for headline in headlines)) if both else None,
        sum(right) / len(right) if right else None,
    )


def _study(
    instrument: Instrument, headline: Headline, simulation: Simulation, scores: Sequence[InstrumentScore]
) -> HeadlineStudy:
    dimensions = [each for each in instrument.dimensions if each.headline_id == headline.id]
    table = _keyed(dimensions, simulation)
    points, true = _points(scores, headline), simulation.true_scores[headline.id]
    errors = [score.headline(headline.id).sem or 0.0 for score in scores]
    held = [abs(x - t) <= Z_95 * sem for x, t, sem in zip(points, true, errors, strict=True)]
    trait = KINDS[dimensions[0].kind].trait
    mean = sum(points) / len(points)
    return HeadlineStudy(
        headline,
        len(table[0]),
        cronbach_alpha(table),
        mcdonald_omega(table),
        _correlate(points, true),
        _correlate(points, [person[trait] for person in simulation.traits]),
        sum(held) / len(held),
        mean,
        math.sqrt(sum((each - mean) ** 2 for each in points) / (len(points) - 1)),
        _bands(headline, points),
    )


def _keyed(dimensions: Sequence[Dimension], simulation: Simulation) -> list[list[int]]:
    """Persons x items of a headline, turned where the key is negative."""
    items = [item for dimension in dimensions for item in dimension.items]
    return [[keyed_value(item, int(answers[item.id])) for item in items] for answers in simulation.answers]


def _points(scores: Sequence[InstrumentScore], headline: Headline) -> list[float]:
    """Everybody answered everything, so everybody has a score."""
    return [score.headline(headline.id).score or 0.0 for score in scores]


def _bands(headline: Headline, points: Sequence[float]) -> tuple[BandCount, ...]:
    lows = [band.low for band in headline.bands]
    places = [sum(low <= each for low in lows) - 1 for each in points]
    return tuple(BandCount(band, places.count(place)) for place, band in enumerate(headline.bands))


def _correlate(first: Sequence[float], second: Sequence[float]) -> float | None:
    return correlation(as_sample(first), as_sample(second))
