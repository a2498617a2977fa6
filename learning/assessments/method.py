"""How a score is made: a worked example, reckoned by the same functions that score people.

The example is small and the same for every instrument: two groups of questions with five levels each, and one that
has too few answers. The instrument adds its own groups, weights and names of levels.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from learning.content.model import AnchoredItem, Band, Dimension, Headline, Instrument
from learning.psychometrics.bands import LIKELY_ENOUGH, band_of
from learning.psychometrics.personal_change import Change, personal_change
from learning.psychometrics.responses import Answer, Missing
from learning.psychometrics.scales import Z_95, DimensionScore, HeadlineScore, score_dimension, score_headline

#: Levels of the example's three groups, from 0 to 4; None: "does not apply".
FIRST: tuple[Answer, ...] = (2, 3, 1)
SECOND: tuple[Answer, ...] = (3, 2, Missing.NOT_APPLICABLE, 2)
THIRD: tuple[Answer, ...] = (1, 1, Missing.DONT_KNOW, Missing.SKIPPED)
WEIGHTS = (1.0, 1.5, 1.5)
#: Least standard error and least share of the weight in the example.
FLOOR = 4.0
SHARE = 0.5
#: The second score of the example of a change, with its standard error.
LATER = (61.0, 6.0)
#: Where the example's levels begin.
EDGES = (0, 20, 40, 60, 80)


@dataclass(frozen=True, slots=True)
class WorkedExample:
    """Every number of the example."""

    first: DimensionScore
    second: DimensionScore
    third: DimensionScore
    headline: HeadlineScore
    #: The lower and upper end of the level or levels that are named, and how likely they are.
    named: tuple[tuple[int, int], ...]
    probability: float
    change: Change


@dataclass(frozen=True, slots=True)
class HeadlineMethod:
    """How one headline of the instrument is put together."""

    headline: Headline
    dimensions: tuple[Dimension, ...]
    #: Each level's name with its ends.
    levels: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class MethodPage:
    """What the page about the method shows."""

    instrument: Instrument
    headlines: tuple[HeadlineMethod, ...]
    has_agreement: bool
    has_knowledge: bool
    example: WorkedExample
    #: Standard error of the example's second score.
    later_error: float
    z: float
    likely_enough: float


def method_page(instrument: Instrument) -> MethodPage:
    """The method of an instrument with the worked example."""
    kinds = {dimension.kind for dimension in instrument.dimensions}
    scales = [dimension for dimension in instrument.dimensions if dimension.kind != "knowledge"]
    return MethodPage(
        instrument=instrument,
        headlines=tuple(
            HeadlineMethod(headline, mine, _levels(headline.bands))
            for headline in instrument.headlines
            if (mine := tuple(each for each in scales if each.headline_id == headline.id))
        ),
        has_agreement="agreement" in kinds,
        has_knowledge="knowledge" in kinds,
        example=worked_example(),
        later_error=LATER[1],
        z=Z_95,
        likely_enough=LIKELY_ENOUGH,
    )


def worked_example() -> WorkedExample:
    """The example, reckoned."""
    first, second, third = (
        score_dimension(_group(f"{place}", len(given), weight), _given(f"{place}", given), FLOOR)
        for place, (given, weight) in enumerate(zip((FIRST, SECOND, THIRD), WEIGHTS, strict=True))
    )
    headline = score_headline("example", SHARE, (first, second, third))
    assert headline.score is not None
    assert headline.sem is not None
    bands = [Band(edge, "", "") for edge in EDGES]
    verdict = band_of(bands, headline.score, headline.sem)
    ends = dict(pairwise((*EDGES, 100)))
    return WorkedExample(
        first,
        second,
        third,
        headline,
        tuple((band.low, ends[band.low]) for band in verdict.bands),
        verdict.probability,
        personal_change(headline.score, headline.sem, *LATER),
    )


def _group(name: str, items: int, weight: float) -> Dimension:
    anchors = ("0", "1", "2", "3", "4")
    return Dimension(
        id=name,
        headline_id="example",
        title=name,
        about="",
        weight=weight,
        kind="anchored",
        items=tuple(AnchoredItem(f"{name}-{number}", "", anchors, "", "") for number in range(items)),
        recommendation=None,
    )


def _given(name: str, given: tuple[Answer, ...]) -> dict[str, Answer]:
    return {f"{name}-{number}": answer for number, answer in enumerate(given)}


def _levels(bands: tuple[Band, ...]) -> tuple[tuple[str, int, int], ...]:
    ends = [*(band.low for band in bands[1:]), 100]
    return tuple((band.title, band.low, end) for band, end in zip(bands, ends, strict=True))
