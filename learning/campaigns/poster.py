"""The poster for the notice board: gives the result back to the people who answered, on one page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _

from learning.campaigns import report_words as words
from learning.campaigns.measure_models import MeasureStatus
from learning.campaigns.measure_queries import MeasureRow
from learning.campaigns.report_headings import headings
from learning.campaigns.report_page import ReportPart
from learning.campaigns.report_parts import Finding
from learning.campaigns.report_reading import WaveReport
from learning.web.public_url import public_url_for
from learning.web.typesetting import typeset

TEMPLATE = "campaigns/poster.typ"
#: More than this nobody reads in passing.
MOST_LINES, MOST_REFUSALS = 5, 2


class Paper(StrEnum):
    """Sizes of a notice board."""

    A4 = "a4"
    A3 = "a3"


def poster_pdf(page: WaveReport, part: ReportPart, paper: Paper) -> bytes:
    """The bytes of the file, an accessible PDF (PDF/UA-1) of one page."""
    assert page.wave.closed_at
    return typeset(TEMPLATE, _data(page, part, paper), page.wave.closed_at)


def _data(page: WaveReport, part: ReportPart, paper: Paper) -> dict[str, Any]:
    measures, record = page.measures, page.record
    planned = [each for each in measures if each.status in {MeasureStatus.PLANNED, MeasureStatus.GOING}]
    dropped = [each for each in measures if each.status is MeasureStatus.DROPPED]
    return {
        "paper": paper.value,
        "invented": headings()["invented"] if page.invented else "",
        "title": _("You said it"),
        "subtitle": f"{record.title} · {record.organization_name}",
        "thanks": _("Thank you. Of those invited, %(rate)s answered.", rate=words.rate_text(page.report.response))
        if page.report
        else "",
        "said": _("What you said"),
        "scores": [
            {
                "title": each.gauge.title,
                "text": each.gauge.text if not each.gauge.why else "–",
                "note": headings()["of_100"] if not each.gauge.why else headings()["not_told"],
                "band": each.band,
                "change": each.short_change,
                "perception": each.perception,
            }
            for each in part.headlines
        ],
        "found": [
            {"title": title, "lines": _lines(findings)}
            for title, findings in (
                (headings()["strengths"], part.strengths),
                (headings()["weaknesses"], part.weaknesses),
            )
            if findings
        ],
        "trust": part.trust,
        "done": _("Done since last time"),
        "done_lines": [*page.done.measures, *page.done.ideas][:MOST_LINES] if page.done else [],
        "will": _("What we will do"),
        "will_lines": [{"what": each.title, "who": _who(each)} for each in planned[:MOST_LINES]],
        "more": _("and %(count)d more, in the action plan", count=len(planned) - MOST_LINES)
        if len(planned) > MOST_LINES
        else "",
        "no_plan": _("We are working on it. What is decided will hang here."),
        "cannot": _("What we cannot do"),
        "cannot_lines": [{"what": each.title, "why": words.shortened(each.reason)} for each in dropped[:MOST_REFUSALS]],
        "again": _("When we ask again"),
        "again_line": _again(page),
        "ideas": _("An idea of your own? With a name or without: %(address)s", address=public_url_for("ideas.box")),
        "promise": _("Nobody can see who said what. Results are told only of %(k)d people or more.", k=page.report.k)
        if page.report
        else "",
    }


def _lines(findings: Sequence[Finding]) -> list[list[str]]:
    return [[each.title, each.score] for each in findings]


def _who(measure: MeasureRow) -> str:
    """Who sees to it, and by when."""
    day = _("by %(day)s", day=_day(measure.due_on)) if measure.due_on else ""
    return ", ".join(filter(None, (measure.owner or "", day)))


def _again(page: WaveReport) -> str:
    planned = page.record.next_wave
    if planned is None or planned.number <= page.wave.number:
        return _("The day will be announced here.")
    return _("On %(day)s, with the same questions.", day=_day(planned.opens_on))


def _day(day: date) -> str:
    return str(format_date(day, "d MMMM y"))
