"""Bands of a headline score: named only when it is likely enough that the score belongs there."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

from learning.content.model import Band

#: From this probability on a band is named alone.
LIKELY_ENOUGH = 0.80


@dataclass(frozen=True, slots=True)
class BandVerdict:
    """One band, or two neighbours between which the score lies."""

    bands: tuple[Band, ...]
    #: Probability that the score belongs to the bands named.
    probability: float

    @property
    def certain(self) -> bool:
        """Whether a single band is named."""
        return len(self.bands) == 1


def normal_cdf(z: float) -> float:
    """Phi(z) of the standard normal distribution."""
    return 0.5 * (1 + math.erf(z / math.sqrt(2)))


def band_probabilities(bands: Sequence[Band], score: float, sem: float) -> list[float]:
    """P(band) = Phi((hi - x)/SEM) - Phi((lo - x)/SEM); the outer bands reach to infinity, so they sum to 1."""
    edges = [-math.inf, *(band.low for band in bands[1:]), math.inf]
    if sem <= 0:
        return [float(low <= score < high) for low, high in itertools.pairwise(edges)]
    cumulative = [normal_cdf((edge - score) / sem) for edge in edges]
    return [high - low for low, high in itertools.pairwise(cumulative)]


def band_of(bands: Sequence[Band], score: float, sem: float) -> BandVerdict:
    """The band if P >= 0.80, else the two most likely neighbours. ``bands`` rise and are not empty."""
    probabilities = band_probabilities(bands, score, sem)
    likeliest = max(range(len(bands)), key=probabilities.__getitem__)
    if probabilities[likeliest] >= LIKELY_ENOUGH or len(bands) == 1:
        return BandVerdict((bands[likeliest],), probabilities[likeliest])
    neighbours = [place for place in (likeliest - 1, likeliest + 1) if 0 <= place < len(bands)]
    other = max(neighbours, key=probabilities.__getitem__)
    first, second = sorted((likeliest, other))
    return BandVerdict((bands[first], bands[second]), probabilities[first] + probabilities[second])
