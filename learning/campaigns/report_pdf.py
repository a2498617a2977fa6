"""The report of a wave as an accessible PDF (PDF/UA-1). It shows the parts of the report and nothing else."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _

from learning.campaigns.report_headings import headings
from learning.campaigns.report_page import ReportPart
from learning.campaigns.report_parts import Gauge, ShareBar
from learning.campaigns.report_reading import WaveReport
from learning.web.typesetting import typeset

TEMPLATE = "campaigns/report.typ"


def report_pdf(page: WaveReport, part: ReportPart) -> bytes:
    """The bytes of the file: the same whenever it is asked for, as long as the plan is."""
    assert page.wave.closed_at
    return typeset(TEMPLATE, _data(page, part), page.wave.closed_at)


def _data(page: WaveReport, part: ReportPart) -> dict[str, Any]:
    record = page.record
    return {
        "title": _("Report of wave %(number)d: %(title)s", number=page.wave.number, title=record.title),
        "subtitle": _(
            "%(organization)s, frozen on %(day)s",
            organization=record.organization_name,
            day=format_date(page.closed_on, "d MMMM y"),
        ),
        "invented": page.invented,
        "part": asdict(part),
        "drawn": [
            {
                "scale": _scale_words(each.gauge),
                "dimensions": _gauges_words(each.gauge.title, [one.gauge for one in each.dimensions]),
                "spread": _bars_words(each.gauge.title, each.spread),
            }
            for each in part.headlines
        ],
        "unknown_drawn": _bars_words(_("Share of “I don't know”"), part.unknown_bars),
        "done": asdict(page.done) if page.done else None,
        "words": headings()
        | {
            "subject": _("Subject"),
            "score": _("Score"),
            "could_be": _("Could be"),
            "last_time": _("Last time"),
            "changed": _("Change"),
            "group": _("Group"),
            "invited_people": _("Invited"),
            "answered_people": _("Answered"),
            "question": _("Question"),
            "points": _("Points"),
            "alpha": _("Cronbach's alpha"),
            "omega": _("McDonald's omega"),
            "standing": _("What became of it"),
            "why": _("Why"),
        },
    }


def _scale_words(gauge: Gauge) -> str:
    """What a drawing says to those who hear it: nothing but what stands beside it."""
    if not gauge.between:
        return _("%(title)s on a scale from 0 to 100: %(score)s.", title=gauge.title, score=gauge.text)
    return _(
        "%(title)s on a scale from 0 to 100: %(score)s; could be %(between)s.",
        title=gauge.title,
        score=gauge.text,
        between=gauge.between,
    )


def _gauges_words(title: str, gauges: list[Gauge]) -> str:
    lines = [f"{each.title} {each.text}" + (f" ({each.between})" if each.between else "") for each in gauges]
    return _("%(title)s, subject by subject, from 0 to 100: %(lines)s.", title=title, lines="; ".join(lines))


def _bars_words(title: str, bars: tuple[ShareBar, ...]) -> str:
    return _("%(title)s: %(lines)s.", title=title, lines="; ".join(f"{each.title} {each.text}" for each in bars))
