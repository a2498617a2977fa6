"""Sentences of one person's result, the same wherever it is shown."""

from __future__ import annotations

from flask_babel import gettext as _

from learning.content.model import Instrument
from learning.psychometrics.own_result import HeadlineResult


def band_words(result: HeadlineResult) -> str:
    """The band of a headline, or the two between which it lies; empty without one."""
    if result.band is None:
        return ""
    titles = [band.title for band in result.band.bands]
    if len(titles) == 1:
        return titles[0]
    return _("Between “%(first)s” and “%(second)s”", first=titles[0], second=titles[1])


def interval_words(low: float, high: float) -> str:
    """How far a score could move."""
    return _(
        "With other questions of the same kind the score could as well lie between %(low)d and %(high)d.",
        low=round(low),
        high=round(high),
    )


def careless_note() -> str:
    """A kind word to somebody who may have hurried."""
    return _(
        "Some answers look as if they were given in haste: the same choice many times in a row, or yes to two things that exclude each other. If that is so, a new self-assessment with more time will tell you more."
    )


def about_scores(instrument: Instrument) -> str:
    """What the numbers are, in short."""
    return _(
        "A score is the mean of the answers in a group, from 0 (the lowest choice everywhere) to 100 (the highest). The line through it shows how far it could move with other questions of the same kind. Where levels have names, their borders are conventions, and a name stands alone only where it is likely enough. Version %(version)d of the instrument, %(status)s.",
        version=instrument.version,
        status=instrument.status,
    )
