"""Scores of all people of a wave at once: the same rules as for one person, in arrays.

A test holds them against ``scales.score_instrument``, person by person.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from learning.content.model import AgreementItem, Dimension, Instrument, KnowledgeItem
from learning.psychometrics.quality import AGREED, CONTRADICTIONS, LONG_STRING
from learning.psychometrics.scales import FEWEST_VALUES, SHARE_ROUNDING, limits
from learning.psychometrics.wave_table import DONT_KNOW, NO_OPPORTUNITY, NOT_APPLICABLE, SKIPPED

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Values = NDArray[np.int8]
    Numbers = NDArray[np.float64]
    Marks = NDArray[np.bool_]

#: Signs of haste that make a careless answer.
SIGNS = 2
#: How many steps of an answer one person must remain unknown by: then three of five answers are possible.
STEPS_UNSEEN = 2


@dataclass(frozen=True, slots=True)
class Scored:
    """One score of all people."""

    id: str
    #: Points of 100; NaN without a score.
    points: Numbers
    #: How far two steps in one answer move each person's score, in points.
    moves: Numbers


@dataclass(frozen=True, slots=True)
class WaveScores:
    """Scores of all people, in the order of the table."""

    headlines: tuple[Scored, ...]
    dimensions: tuple[Scored, ...]


def keyed(item: object, values: Values) -> Values:
    """The column of an item, turned where its key is negative; codes of missing answers stay."""
    import numpy as np

    if isinstance(item, AgreementItem) and item.key == "negative":
        return np.where(values >= 0, 6 - values, values).astype(np.int8)
    return values


def columns(instrument: Instrument) -> dict[str, slice]:
    """Where the items of each dimension stand in the table."""
    found, place = {}, 0
    for dimension in instrument.dimensions:
        found[dimension.id] = slice(place, place + len(dimension.items))
        place += len(dimension.items)
    return found


def score_wave(instrument: Instrument, values: Values) -> WaveScores:
    """Scores of persons x items in the order of ``instrument.items``."""
    import numpy as np

    where = columns(instrument)
    scales = [each for each in instrument.dimensions if each.kind != "knowledge"]
    scored = [_score_dimension(each, values[:, where[each.id]]) for each in scales]
    headlines = []
    for headline in instrument.score_headlines:
        parts = [(d, s) for d, s in zip(scales, scored, strict=True) if d.headline_id == headline.id]
        weights = np.array([d.weight for d, _ in parts])
        points = np.stack([s.points for _, s in parts], axis=1)
        there = ~np.isnan(points)
        weight = there @ weights
        enough = (weight > 0) & (weight >= (headline.minimum_weight - SHARE_ROUNDING) * weights.sum())
        whole = np.where(enough, weight, np.nan)
        moves = np.stack([s.moves for _, s in parts], axis=1) * weights
        headlines.append(
            Scored(
                headline.id,
                (np.nan_to_num(points) @ weights) / whole,
                np.max(np.where(there, moves, 0.0), axis=1) / whole,
            )
        )
    return WaveScores(tuple(headlines), tuple(scored))


def _score_dimension(dimension: Dimension, values: Values) -> Scored:
    import numpy as np

    low, high = limits(dimension.items[0])
    turned = np.stack([keyed(item, values[:, place]) for place, item in enumerate(dimension.items)], axis=1)
    given = turned >= 0
    count = given.sum(axis=1)
    applicable = turned.shape[1] - np.isin(turned, (NOT_APPLICABLE, NO_OPPORTUNITY)).sum(axis=1)
    enough = (3 * count >= 2 * applicable) & (count >= FEWEST_VALUES)
    safe = np.where(enough, count, 1)
    mean = np.where(given, turned, 0).sum(axis=1, dtype=np.int64) / safe
    return Scored(
        dimension.id,
        np.where(enough, 100 * (mean - low) / (high - low), np.nan),
        np.where(enough, 100 * STEPS_UNSEEN / ((high - low) * safe), np.nan),
    )


def right_answers(instrument: Instrument, values: Values) -> Numbers | None:
    """Everybody's share of right answers to the knowledge check, in points; None without one. Missing is not right."""
    import numpy as np

    where = columns(instrument)
    right, asked = np.zeros(len(values)), 0
    for dimension in instrument.dimensions:
        for place, item in enumerate(dimension.items):
            if isinstance(item, KnowledgeItem):
                answer = next(n for n, option in enumerate(item.options) if option.right)
                right += values[:, where[dimension.id]][:, place] == answer
                asked += 1
    return 100 * right / asked if asked else None


def missing_counts(values: Values) -> dict[str, NDArray[np.int64]]:
    """For each person how many of these answers are missing, by kind."""
    import numpy as np

    return {
        "dont_know": (values == DONT_KNOW).sum(axis=1),
        "not_applicable": np.isin(values, (NOT_APPLICABLE, NO_OPPORTUNITY)).sum(axis=1),
        "skipped": (values == SKIPPED).sum(axis=1),
    }


def careless(instrument: Instrument, values: Values) -> Marks:
    """Who shows two or more signs of haste, by the rules of ``quality.careless_flags``."""
    import numpy as np

    where = columns(instrument)
    pages = [each for each in instrument.dimensions if each.kind == "agreement"]
    signs = np.zeros(len(values), dtype=np.int64)
    if not pages:
        return signs >= SIGNS
    everything = np.concatenate([values[:, where[page.id]] for page in pages], axis=1)
    run, longest, before = np.zeros(len(values), np.int64), np.zeros(len(values), np.int64), None
    for column in everything.T:
        same = np.zeros(len(values), bool) if before is None else column == before
        run = np.where(column < 0, 0, np.where(same, run + 1, 1))
        longest = np.maximum(longest, run)
        before = column
    signs += longest >= LONG_STRING
    straight = np.zeros(len(values), bool)
    for page in pages:
        given = values[:, where[page.id]]
        if len({item.key for item in page.items if isinstance(item, AgreementItem)}) == 2:
            # The middle of the scale contradicts nothing
            straight |= (given == given[:, :1]).all(axis=1) & (given[:, 0] >= 0) & (given[:, 0] != 3)
    signs += straight
    places = {item.id: place for place, item in enumerate(instrument.items)}
    both = np.zeros(len(values), np.int64)
    for first, second in instrument.contradictory_pairs:
        both += (values[:, places[first]] >= AGREED) & (values[:, places[second]] >= AGREED)
    signs += both >= CONTRADICTIONS
    return signs >= SIGNS
