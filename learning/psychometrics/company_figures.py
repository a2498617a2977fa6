"""The figures of all people of a wave together: headlines, dimensions, items, trust."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from learning.content.model import Dimension, Headline, Instrument, KnowledgeItem
from learning.psychometrics.bands import band_of
from learning.psychometrics.company import (
    PERSONS_FOR_ALPHA,
    PERSONS_FOR_OMEGA,
)
from learning.psychometrics.figures import Between, Interval, Score, Withheld
from learning.psychometrics.reach import (
    Sample,
    agreement_reach,
    alpha_reach,
    half_reach,
    mean_reach,
    sd_reach,
)
from learning.psychometrics.release_groups import Rows, ToldRows
from learning.psychometrics.reliability import feldt_interval, mcdonald_omega
from learning.psychometrics.report import (
    AnswerShare,
    BandShare,
    DimensionResult,
    HeadlineResult,
    ItemResult,
    KnowledgeResult,
    Reliability,
)
from learning.psychometrics.rounding import (
    COEFFICIENTS,
    FEWEST_FOR_NUMBERS,
    SPREADS,
    Reach,
    count_band,
    tell_between,
    tell_counts,
    tell_score,
    tell_share,
)
from learning.psychometrics.scales import Z_95, limits
from learning.psychometrics.wave_scores import (
    STEPS_UNSEEN,
    Scored,
    WaveScores,
    columns,
    keyed,
    missing_counts,
    right_answers,
)
from learning.psychometrics.wave_table import Plan, ResponseTable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Agreement from here on is one view.
ONE_VIEW = 0.70
#: Points by which the careless must move a headline to be worth a word.
CARELESS_POINTS = 2.0
#: "I believe it": 4 and 5 of 5.
BELIEVES = 4


@dataclass(frozen=True, slots=True)
class Wave:
    """All that is known of a wave while its report is made."""

    instrument: Instrument
    plan: Plan
    table: ResponseTable
    scores: WaveScores
    rows: Rows
    #: What may be told of each score, by its id.
    told: dict[str, ToldRows]
    #: People who answered here or in an earlier wave only, where they are fewer than k: they must stay open.
    came_or_left: int = 0

    @property
    def smallest_open(self) -> int:
        """People of the largest group within all that is too small to be told of."""
        return max([count for count in answered(self.plan, self.table) if 0 < count < self.plan.k], default=1)

    @property
    def people(self) -> int:
        """How many answered."""
        return len(self.table.values)


def scales(instrument: Instrument) -> list[Dimension]:
    """The dimensions that have a score, in order."""
    return [each for each in instrument.dimensions if each.kind != "knowledge"]


def answered(plan: Plan, table: ResponseTable) -> list[int]:
    """How many answered of each group of the plan."""
    return [int((table.group == place).sum()) for place in range(len(plan.groups))]


def _known(scored: Scored) -> Sample | None:
    import numpy as np

    there = ~np.isnan(scored.points)
    return Sample.of(scored.points[there], scored.moves[there]) if there.any() else None


def _mean(wave: Wave, scored: Scored, invited: int | None) -> tuple[Sample | None, Score | None, Withheld | None]:
    sample = _known(scored)
    if sample is None or sample.people < wave.plan.k:
        return None, None, Withheld.TOO_FEW
    half, told = half_reach(sample, invited), wave.told[scored.id]
    score = tell_score(mean_reach(sample), sample.people, half, told.together, told.apart)
    return sample, score, None if score else Withheld.TOO_CLEAR


def headline_result(wave: Wave, headline: Headline, scored: Scored, hasty: NDArray[np.bool_]) -> HeadlineResult:
    """A headline of all people; ``hasty`` marks who answered carelessly."""
    sample, score, withheld = _mean(wave, scored, wave.plan.invited)
    many = sample is not None and sample.people >= FEWEST_FOR_NUMBERS
    sd = sd_reach(sample) if sample and many else None
    return HeadlineResult(
        headline.id,
        count_band(sample.people if sample else 0, wave.plan.invited),
        score,
        withheld,
        _bands(headline, score),
        tell_between(sd, SPREADS, None) if sd else None,
        _spread(headline, scored) if many else (),
        _reliability(wave, headline),
        _careless_matters(scored, hasty, wave.plan.k),
    )


def _bands(headline: Headline, score: Score | None) -> tuple[int, ...]:
    """By the told score and its told interval, so that the bands tell nothing more."""
    if score is None or score.interval is None or not headline.bands:
        return ()
    half = max(score.interval.high - score.value, score.value - score.interval.low)
    return tuple(headline.bands.index(band) for band in band_of(headline.bands, score.value, half / Z_95).bands)


def _spread(headline: Headline, scored: Scored) -> tuple[BandShare, ...]:
    import numpy as np

    lows = [band.low for band in headline.bands] if len(headline.bands) == 5 else [0, 20, 40, 60, 80]
    points = scored.points[~np.isnan(scored.points)]
    places = np.searchsorted(lows, points, side="right") - 1
    counts = [int(each) for each in np.bincount(places, minlength=5)]
    return tuple(BandShare(place, share) for place, share in enumerate(tell_counts(counts)))


def _reliability(wave: Wave, headline: Headline) -> Reliability:
    import numpy as np

    where = columns(wave.instrument)
    turned = np.concatenate(
        [_turned(wave, each, where) for each in scales(wave.instrument) if each.headline_id == headline.id], axis=1
    )
    complete = turned[(turned >= 0).all(axis=1)]
    people, items = complete.shape
    if people < PERSONS_FOR_ALPHA or items < 2:
        return Reliability(None, None, None)
    found = alpha_reach(complete)
    alpha = tell_between(found, COEFFICIENTS) if found and found.low >= 0 else None
    interval = None
    if alpha:
        least = max(PERSONS_FOR_ALPHA, count_band(people, wave.plan.invited).low)
        low, high = feldt_interval(alpha.middle, least, items)
        interval = Interval(math.floor(100 * low) / 100, math.ceil(100 * high) / 100)
    return Reliability(alpha, interval, _omega(complete) if people >= PERSONS_FOR_OMEGA else None)


def _omega(complete: NDArray[np.int8]) -> Between | None:
    """What one person could move it by is not worked out, which needs a fit for each, but bounded by 2 / n."""
    omega = mcdonald_omega(complete.astype(float))
    if omega is None:
        return None
    room = 2 / len(complete)
    return tell_between(Reach(omega, max(0.0, omega - room), min(1.0, omega + room)), COEFFICIENTS)


def _turned(wave: Wave, dimension: Dimension, where: dict[str, slice]) -> NDArray[np.int8]:
    import numpy as np

    values = wave.table.values[:, where[dimension.id]]
    return np.stack([keyed(item, values[:, place]) for place, item in enumerate(dimension.items)], axis=1)


def _careless_matters(scored: Scored, hasty: NDArray[np.bool_], k: int) -> bool | None:
    """Told only where both parts are k people or more, and one person more or less would not change the word."""
    import numpy as np

    known = ~np.isnan(scored.points)
    rest = scored.points[known & ~hasty]
    if int((known & hasty).sum()) < k or len(rest) < k:
        return None
    apart = abs(float(rest.mean()) - float(scored.points[known].mean()))
    room = 200 / len(rest)
    if apart - room > CARELESS_POINTS:
        return True
    return False if apart + room <= CARELESS_POINTS else None


def dimension_result(wave: Wave, dimension: Dimension, scored: Scored) -> DimensionResult:
    """A dimension of all people."""
    import numpy as np

    sample, score, withheld = _mean(wave, scored, wave.plan.invited)
    where = columns(wave.instrument)
    values = wave.table.values[:, where[dimension.id]]
    turned = _turned(wave, dimension, where)
    complete = turned[(turned >= 0).all(axis=1)]
    found = agreement_reach(complete, 5) if len(complete) >= FEWEST_FOR_NUMBERS else None
    agreed = None
    if found and (found.low >= ONE_VIEW) == (found.high >= ONE_VIEW):
        agreed = found.low >= ONE_VIEW
    shares: dict[str, Between | None] = {"dont_know": None, "not_applicable": None, "skipped": None}
    if len(values) >= FEWEST_FOR_NUMBERS:
        for kind, counts in missing_counts(values).items():
            count = int(np.sum(counts))
            shares[kind] = tell_share(count, count - STEPS_UNSEEN, count + STEPS_UNSEEN, values.size)
    return DimensionResult(
        dimension.id,
        dimension.headline_id,
        count_band(sample.people if sample else 0, wave.plan.invited),
        score,
        withheld,
        tell_between(found, COEFFICIENTS) if found else None,
        agreed,
        **shares,
    )


def item_results(wave: Wave) -> tuple[ItemResult, ...]:
    """Means and distributions, of the whole company only."""
    where = columns(wave.instrument)
    found = []
    for dimension in wave.instrument.dimensions:
        for place, item in enumerate(dimension.items):
            raw = wave.table.values[:, where[dimension.id]][:, place]
            given = raw[raw >= 0]
            band = count_band(len(given), wave.plan.invited)
            if len(given) < FEWEST_FOR_NUMBERS:
                found.append(ItemResult(item.id, dimension.id, band, None, Withheld.TOO_FEW, ()))
                continue
            score, withheld = None, None
            if isinstance(item, KnowledgeItem):
                options = range(len(item.options))
            else:
                low, high = limits(item)
                options = range(low, high + 1)
                score = _item_score(wave, keyed(item, given), low, high)
                withheld = None if score else Withheld.TOO_CLEAR
            shares = tell_counts([int((given == value).sum()) for value in options])
            distribution = tuple(AnswerShare(value, share) for value, share in zip(options, shares, strict=True))
            found.append(ItemResult(item.id, dimension.id, band, score, withheld, distribution))
    return tuple(found)


def _item_score(wave: Wave, turned: NDArray[np.int8], low: int, high: int) -> Score | None:
    import numpy as np

    move = 100 * STEPS_UNSEEN / (high - low)
    sample = Sample.of(100 * (turned.astype(float) - low) / (high - low), np.full(len(turned), move))
    return _of_all(wave, sample)


def _of_all(wave: Wave, sample: Sample) -> Score | None:
    apart = max(1, wave.came_or_left)
    return tell_score(mean_reach(sample), sample.people, half_reach(sample, None), wave.smallest_open, apart)


def knowledge_result(wave: Wave) -> KnowledgeResult | None:
    """The knowledge check; None without one."""
    import numpy as np

    right = right_answers(wave.instrument, wave.table.values)
    if right is None:
        return None
    if len(right) < FEWEST_FOR_NUMBERS:
        return KnowledgeResult(None, Withheld.TOO_FEW)
    asked = sum(isinstance(item, KnowledgeItem) for item in wave.instrument.items)
    sample = Sample.of(right, np.full(len(right), 100 / asked))
    score = _of_all(wave, sample)
    return KnowledgeResult(score, None if score else Withheld.TOO_CLEAR)


def trust_result(trust: NDArray[np.int8]) -> Between | None:
    """Share of those asked who believe that nobody can trace their answers."""
    given = trust[trust > 0]
    if len(given) < FEWEST_FOR_NUMBERS:
        return None
    count = int((given >= BELIEVES).sum())
    return tell_share(count, count - 1, count + 1, len(given))
