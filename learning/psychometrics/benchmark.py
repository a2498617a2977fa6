"""One company beside others. Only what each has published of itself is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from learning.psychometrics.disclosure import benchmark_allowed
from learning.psychometrics.report import HeadlineResult, Report


class Place(StrEnum):
    """Where a company stands beside the mean of the others."""

    ABOVE = "above"
    #: The difference is within its own interval or its rounding: not to be told apart.
    LIKE_THE_OTHERS = "like-the-others"
    BELOW = "below"


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A headline of this company beside all companies."""

    headline_id: str
    companies: int
    #: Mean of the companies' means, each counted once, this one too, in whole points.
    mean: float
    place: Place


def benchmark(own: Report, others: Sequence[Report]) -> tuple[Benchmark, ...]:
    """Headlines that five or more companies tell of the same version, none with more than 40 % of the people.

    ``others``: one report a company, its newest; specimens are left out. A headline that may not be compared is left
    out. Each company counts once, so that a large one does not set the mark.
    """
    same = [own, *(each for each in others if _same(own, each))]
    found = []
    for place, headline in enumerate(own.headlines):
        told = [report.headlines[place] for report in same if report.headlines[place].score]
        sizes = [(each.answered.low, each.answered.high) for each in told]
        if headline.score is None or not benchmark_allowed(sizes):
            continue
        mean = float(round(sum(_middle(each) for each in told) / len(told)))
        found.append(Benchmark(headline.id, len(told), mean, _place(headline, mean)))
    return tuple(found)


def _same(own: Report, other: Report) -> bool:
    return not other.specimen and (other.instrument_id, other.instrument_version) == (
        own.instrument_id,
        own.instrument_version,
    )


def _middle(headline: HeadlineResult) -> float:
    assert headline.score
    return headline.score.middle


def _place(headline: HeadlineResult, mean: float) -> Place:
    assert headline.score
    interval = headline.score.interval
    low, high = (interval.low, interval.high) if interval else (headline.score.low, headline.score.high)
    if low <= mean <= high:
        return Place.LIKE_THE_OTHERS
    return Place.ABOVE if mean < low else Place.BELOW
