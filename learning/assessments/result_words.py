"""Sentences of a result, the same on the page and on paper."""

from __future__ import annotations

from flask_babel import format_decimal
from flask_babel import gettext as _

from learning.assessments.models import Scope
from learning.assessments.result import HeadlineResult
from learning.content.model import Instrument
from learning.psychometrics.personal_change import Change, HeadlineChange


def scope_words(scope: Scope) -> str:
    """What the person had in mind."""
    match scope:
        case Scope.ORGANIZATION:
            return _("My workplace: the whole organization")
        case Scope.DEPARTMENT:
            return _("My department")


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


def change_words(title: str, moved: HeadlineChange) -> str:
    """What changed since the last time, and whether that is more than chance."""
    said = f"{title}: {_movement(moved.change)}"
    if moved.compared == moved.dimensions:
        return said
    return f"{said} " + _(
        "Compared over the %(compared)d of %(dimensions)d dimensions that were asked in the same way and scored both times.",
        compared=moved.compared,
        dimensions=moved.dimensions,
    )


def _movement(change: Change) -> str:
    points = {
        "points": format_decimal(abs(change.points), "0.0"),
        "threshold": format_decimal(change.threshold, "0.0"),
        "before": round(change.before),
        "after": round(change.after),
    }
    if change.points >= 0 and change.real:
        return _(
            "your score rose by %(points)s points, from %(before)s to %(after)s. With this scale, less than %(threshold)s can be chance; this is more, so something has changed in what you see or say.",
            **points,
        )
    if change.real:
        return _(
            "your score fell by %(points)s points, from %(before)s to %(after)s. With this scale, less than %(threshold)s can be chance; this is more, so something has changed in what you see or say.",
            **points,
        )
    if change.points >= 0:
        return _(
            "your score rose by %(points)s points, from %(before)s to %(after)s. With this scale, less than %(threshold)s can be chance; this may be no change at all.",
            **points,
        )
    return _(
        "your score fell by %(points)s points, from %(before)s to %(after)s. With this scale, less than %(threshold)s can be chance; this may be no change at all.",
        **points,
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
