"""What changed between two fillings by the same person, and how much of it can be chance.

Source: Jacobson & Truax (1991), Journal of Consulting and Clinical Psychology 59: the difference against its own
standard error, sqrt(SEM1^2 + SEM2^2). Each SEM is the person's own, from the spread of their items.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass

from learning.content.model import AgreementItem, AnchoredItem, Dimension, Headline, Instrument, Item, KnowledgeItem
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


def same_questions(before: Dimension, after: Dimension) -> bool:
    """Whether two versions of a dimension ask the same: same items with the same choices, keyed the same way."""
    return (
        (before.id, before.headline_id, before.kind, before.weight)
        == (after.id, after.headline_id, after.kind, after.weight)
    ) and [_asks(item) for item in before.items] == [_asks(item) for item in after.items]


def _asks(item: Item) -> tuple[object, ...]:
    """What a person answers to; guidance may be reworded without a change of meaning."""
    match item:
        case AnchoredItem():
            return item.id, item.text, item.anchors
        case AgreementItem():
            return item.id, item.text, item.key
        case KnowledgeItem():
            return item.id, item.text, tuple((option.text, option.right) for option in item.options)


def comparable_dimensions(before: InstrumentScore, after: InstrumentScore) -> tuple[str, ...]:
    """Ids of the dimensions that asked the same and were scored both times, in the order of the later one."""
    first = {each.dimension.id: each for each in before.dimensions}
    return tuple(
        each.dimension.id
        for each in after.dimensions
        if each.score is not None
        and (earlier := first.get(each.dimension.id)) is not None
        and earlier.score is not None
        and same_questions(earlier.dimension, each.dimension)
    )


def headline_changes(
    instrument: Instrument, before: InstrumentScore, after: InstrumentScore
) -> tuple[HeadlineChange, ...]:
    """The change of every headline that can be compared: both scores over the same dimensions, with enough weight.

    ``instrument`` is the one of the later filling.
    """
    common = set(comparable_dimensions(before, after))
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
