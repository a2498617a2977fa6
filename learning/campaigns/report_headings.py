"""Titles and standing notes of a report, shared by the page, the PDF, the table and the poster."""

from __future__ import annotations

from flask_babel import gettext as _


def headings() -> dict[str, str]:
    """By the name under which templates ask for them."""
    return {
        "answered": _("Who answered"),
        "scores": _("The two scores"),
        "of_100": _("of 100"),
        "not_told": _("not told"),
        "strengths": _("What is strong"),
        "no_strengths": _("No subject stands out as strong yet: none reaches 60 of 100."),
        "weaknesses": _("Where it is weak"),
        "no_weaknesses": _("No subject stands out as weak: all are at 80 of 100 or above."),
        "order": _("By their scores. Where intervals overlap, the order may be chance."),
        "helps": _("What helps:"),
        "change": _("What changed since the wave before"),
        "other_causes": _(
            "Nobody knows who answered twice, so the waves are compared as if of different people. There is no group to "
            "compare with: other causes are possible, such as season, order book, or who answered."
        ),
        "done": _("What was done in between"),
        "done_measures": _("Measures of the plan"),
        "done_ideas": _("Ideas of people at work"),
        "nothing_done": _("No measure of the plan and no idea was marked as done between the two waves."),
        "dimensions": _("Every subject"),
        "spread": _("How far people differ"),
        "spread_note": _(
            "How many people have their own score in which level. Shares are told as stretches, so they need not add up to 100 %."
        ),
        "no_spread": _("Fewer than 10 people answered: how far they differ is not told."),
        "unknown": _("What people do not know"),
        "unknown_note": _(
            "“I don't know” says nothing bad about people and much about how things are made known. These answers are "
            "in no score."
        ),
        "agreement": _("Do people see it alike?"),
        "groups": _("Groups side by side"),
        "groups_note": _("In the order of the plan. Nobody is ranked."),
        "no_groups": _("No group is told of by itself."),
        "hidden": _("What is not told, and why"),
        "group_changes": _("Change of the groups"),
        "benchmark": _("Beside other companies"),
        "reliance": _("How far you can rely on this"),
        "figures": _("The figures"),
        "trust": _("Do people believe the promise?"),
        "questions": _("Every question"),
        "about": _("How to read it"),
        "specimen": _("Invented"),
        "invented": _("Invented figures of an invented company, to show what a report looks like."),
    }
