"""The result of a self-assessment as an accessible PDF (PDF/UA-1), set by typst."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _

from learning.assessments.actions import ActionRow
from learning.assessments.result import ResultPage
from learning.assessments.result_words import change_words, scope_words
from learning.psychometrics.own_result import HeadlineResult
from learning.psychometrics.personal_change import HeadlineChange
from learning.psychometrics.scales import DimensionScore
from learning.web.result_words import about_scores, band_words, careless_note, interval_words
from learning.web.typesetting import typeset

TEMPLATE = "assessments/result.typ"


def result_pdf(page: ResultPage, actions: list[ActionRow], now: datetime) -> bytes:
    """The bytes of the file. Raises NoFont."""
    return typeset(TEMPLATE, _data(page, actions), now)


def _data(page: ResultPage, actions: list[ActionRow]) -> dict[str, Any]:
    """Everything that stands on the paper, as JSON."""
    return {
        "title": _("Result: %(instrument)s", instrument=page.own.instrument.title),
        "subtitle": f"{format_date(page.finished_at, 'd MMM y')} · {scope_words(page.scope)}",
        "lead": _(
            "This is how you see it. It shows what you see and say, not whether anybody keeps the law, and it must never be used to judge a person."
        ),
        "careless": careless_note() if page.own.flags else None,
        "headlines": [_headline(each) for each in page.own.headlines],
        "columns": [_("Dimension"), _("0 to 100"), _("Score"), _("Could be"), _("Seen")],
        "changes": [change_words(page.own.title_of(each.headline_id), each) for each in _changes(page)],
        "advice": [
            {
                "title": each.advice.dimension.title,
                "measure": each.advice.measure,
                "levels": [{"text": level.text, "anchor": level.anchor} for level in each.advice.next_levels],
            }
            for each in page.own.advice
        ],
        "lessons": [each.title for each in page.own.lessons],
        "actions": [
            {
                "what": each.what,
                "due": format_date(each.due_on, "d MMM y") if each.due_on else "–",
                "state": _("done") if each.done_at else _("open"),
            }
            for each in actions
        ],
        "action_columns": [_("What I will do"), _("By when"), _("State")],
        "about": about_scores(page.own.instrument),
        "words": {
            "private": _("Private: only the person who answered gets this"),
            "too_few": _("There are not enough answers for this score."),
            "too_few_short": _("too few answers"),
            "of_100": _("of 100"),
            "change": _("Since the last time"),
            "change_note": _("There is no comparison group: other causes are possible."),
            "next": _("What good looks like, and what to do"),
            "lessons": _("Lessons to read next"),
            "actions": _("My actions"),
            "about": _("About these scores"),
        },
    }


def _changes(page: ResultPage) -> tuple[HeadlineChange, ...]:
    return page.comparison.headlines if page.comparison else ()


def _headline(result: HeadlineResult) -> dict[str, Any]:
    score = result.score
    shown: dict[str, Any] = {
        "title": result.headline.title,
        "about": result.headline.short,
        "score": None,
        "band": band_words(result),
        "rows": [_row(each) for each in result.dimensions],
        "lines": [band.text for band in result.band.bands] if result.band else [],
    }
    if score.score is not None and score.interval is not None:
        low, high = score.interval
        shown["score"] = str(round(score.score))
        shown["place"] = [score.score, low, high]
        shown["interval"] = interval_words(low, high)
    return shown


def _row(scored: DimensionScore) -> dict[str, Any]:
    seen = scored.visibility
    row: dict[str, Any] = {
        "title": scored.dimension.title,
        "score": "–",
        "interval": "–",
        "place": None,
        "seen": "–" if seen is None else f"{round(100 * seen)} %",
    }
    if scored.score is not None and scored.interval is not None:
        low, high = scored.interval
        row |= {
            "score": str(round(scored.score)),
            "interval": f"{round(low)}–{round(high)}",
            "place": [scored.score, low, high],
        }
    return row
