"""Sentences that only the result of a self-assessment has, the same on the page and on paper."""

from __future__ import annotations

from flask_babel import format_decimal
from flask_babel import gettext as _

from learning.assessments.models import Scope
from learning.psychometrics.personal_change import Change, HeadlineChange


def scope_words(scope: Scope) -> str:
    """What the person had in mind."""
    match scope:
        case Scope.ORGANIZATION:
            return _("My workplace: the whole organization")
        case Scope.DEPARTMENT:
            return _("My department")


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
