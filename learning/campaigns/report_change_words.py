"""The words of what changed between two waves: nobody shall take chance for success."""

from __future__ import annotations

from flask_babel import gettext as _

from learning.campaigns.report_words import number
from learning.psychometrics.change import Effect
from learning.psychometrics.report import Change, GroupChange, NoChange


def change_words(change: Change | GroupChange) -> str:
    """What changed since the wave before."""
    if change.points is None or change.interval is None:
        return no_change_words(change.reason)
    low, high = change.interval.low, change.interval.high
    if isinstance(change, Change) and not change.more_than_chance and not change.interval.holds_zero:
        return _(
            "Perhaps a change (it lies between %(low)s and %(high)s points); with so many subjects compared at once, it "
            "may be chance.",
            low=signed(low),
            high=signed(high),
        )
    if change.interval.holds_zero:
        return _(
            "No change that can be told from chance (it lies between %(low)s and %(high)s points).",
            low=signed(low),
            high=signed(high),
        )
    if change.points > 0:
        return _(
            "Rose by %(points)s points; between %(low)s and %(high)s; more than chance.",
            points=number(change.points),
            low=number(low),
            high=number(high),
        )
    return _(
        "Fell by %(points)s points; between %(low)s and %(high)s; more than chance.",
        points=number(-change.points),
        low=number(-high),
        high=number(-low),
    )


def short_change_words(change: Change | None) -> str:
    """The same for people who pass by; empty where nothing is told."""
    if change is None or change.points is None:
        return ""
    if not change.more_than_chance:
        return _("About the same as last time.")
    if change.points > 0:
        return _("Up by %(points)s points since last time.", points=number(change.points))
    return _("Down by %(points)s points since last time.", points=number(-change.points))


def signed(value: float) -> str:
    """A difference with its sign."""
    return ("+" if value > 0 else "") + number(value)


def effect_words(change: Change) -> str:
    """How large a change is beside how much people differ; empty where it may be chance."""
    if not change.more_than_chance or change.effect is None:
        return ""
    match change.effect:
        case Effect.HARDLY_ANY:
            return _("Beside how much people differ this is next to nothing.")
        case Effect.SMALL:
            return _("Beside how much people differ this is small.")
        case Effect.CLEAR:
            return _("Beside how much people differ this is clear.")
        case Effect.LARGE:
            return _("Beside how much people differ this is large.")


def no_change_words(reason: NoChange | None) -> str:
    """Why no change is told."""
    match reason:
        case None:
            return ""
        case NoChange.FIRST_WAVE:
            return _("This is the first wave: there is nothing to compare it with yet.")
        case NoChange.OTHER_INSTRUMENT:
            return _("The wave before asked other questions, so the two cannot be compared.")
        case NoChange.NOTHING_BEFORE:
            return _("The wave before told nothing, so there is nothing to compare.")
        case NoChange.TOO_FEW:
            return _("Too few answers in one of the two waves to tell a change.")
        case NoChange.FEW_CAME_OR_WENT:
            return _("Only a few people came or went: a change could tell what they answered.")
        case NoChange.OTHER_GROUP:
            return _("The group was another one, or was not told, in one of the two waves.")
        case NoChange.TOO_CLEAR:
            return _("However it were rounded, a change could tell what one person answered.")
