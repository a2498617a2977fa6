"""What changed between two fillings by the same person, and how much of it can be chance.

Source: Jacobson & Truax (1991), Journal of Consulting and Clinical Psychology 59: the difference against its own
standard error, sqrt(SEM1^2 + SEM2^2). Each SEM is the person's own, from the spread of their items.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence, Set
from dataclasses import dataclass

from learning.content.model import Dimension, Headline, Instrument
from learning.psychometrics.scales import Z_95, DimensionScore, InstrumentScore, score_headline


@dataclass(frozen=True, slots=True)
class Change:
    """Two scores of the same thing, in points of 100."""

    before: float
    after: float
    #: Smaller differences than this come about by chance in 95 of 100 cases without any change.
    threshold: float

    @property
    def points(self) -> float:
        """How far the score moved; negative: it fell."""
        return self.after - self.before

    @property
    def real(self) -> bool:
        """Whether it moved further than chance would explain."""
        return abs(self.points) > self.threshold


@dataclass(frozen=True, slots=True)
class HeadlineChange:
    """The change of a headline, over the dimensions that can be compared."""

    headline_id: str
    change: Change
    #: How many dimensions went into both scores, and how many the headline has.
    compared: int
    dimensions: int


def personal_change(before: float, sem_before: float, after: float, sem_after: float) -> Change:
    """Threshold = 1.959964 sqrt(SEM1^2 + SEM2^2)."""
    return Change(before, after, Z_95 * math.hypot(sem_before, sem_after))


def same_questions(before: Dimension, after: Dimension, comparable: Set[str]) -> bool:
    """Whether two versions of a dimension ask the same: the same items, all of them comparable, weighed alike."""
    return (before.id, before.headline_id, before.kind, before.weight, [item.id for item in before.items]) == (
        after.id, after.headline_id, after.kind, after.weight, [item.id for item in after.items],
    ) and {item.id for item in after.items} <= comparable  # fmt: skip


def comparable_dimensions(before: InstrumentScore, after: InstrumentScore, comparable: Set[str]) -> tuple[str, ...]:
    """Ids of the dimensions that asked the same and were scored both times, in the order of the later one.

    ``comparable``: ids of the items that mean the same in both versions, by ``content.instrument_versions``.
    """
    first = {each.dimension.id: each for each in before.dimensions}
    return tuple(
        each.dimension.id
        for each in after.dimensions
        if each.score is not None
        and (earlier := first.get(each.dimension.id)) is not None
        and earlier.score is not None
        and same_questions(earlier.dimension, each.dimension, comparable)
    )


def headline_changes(
    instrument: Instrument, before: InstrumentScore, after: InstrumentScore, comparable: Set[str]
) -> tuple[HeadlineChange, ...]:
    """The change of every headline that can be compared: both scores over the same dimensions, with enough weight.

    ``instrument`` is the one of the later filling, ``comparable`` as for ``comparable_dimensions``.
    """
    common = set(comparable_dimensions(before, after, comparable))
    changes = []
    for headline in instrument.headlines:
        now = [each for each in after.dimensions if each.dimension.headline_id == headline.id]
        then = {each.dimension.id: each for each in before.dimensions}
        late = _score(headline, [each if each.dimension.id in common else _without_score(each) for each in now])
        early = _score(
            headline,
            [then[each.dimension.id] if each.dimension.id in common else _without_score(each) for each in now],
        )
        if early and late:
            compared = sum(each.dimension.id in common for each in now)
            changes.append(HeadlineChange(headline.id, personal_change(*early, *late), compared, len(now)))
    return tuple(changes)


def _score(headline: Headline, dimensions: Sequence[DimensionScore]) -> tuple[float, float] | None:
    scored = score_headline(headline.id, headline.minimum_weight, dimensions)
    return None if scored.score is None or scored.sem is None else (scored.score, scored.sem)


def _without_score(scored: DimensionScore) -> DimensionScore:
    return dataclasses.replace(scored, score=None, sem=None)
