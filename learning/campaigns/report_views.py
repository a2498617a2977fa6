"""The report of a closed wave: as a page, a PDF, a table, and a poster for the notice board."""

from __future__ import annotations

from collections.abc import Callable

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from learning.campaigns.blueprint import blueprint
from learning.campaigns.poster import Paper, poster_pdf
from learning.campaigns.report_headings import headings
from learning.campaigns.report_page import ReportPart
from learning.campaigns.report_pdf import report_pdf
from learning.campaigns.report_reading import WaveReport, wave_report
from learning.campaigns.report_table import report_xlsx
from learning.web.catalogue import the_catalogue
from learning.web.identity import the_member
from learning.web.policies import Policy, allow

#: Ending of a file -> its type, and whether it is shown or saved.
KINDS = {
    "pdf": ("application/pdf", "inline"),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "attachment"),
}


def _found(campaign_id: str, wave_id: str) -> WaveReport | None:
    return wave_report(the_member(), campaign_id, wave_id, the_catalogue())


@blueprint.get("/<campaign_id>/waves/<wave_id>/report")
@allow(Policy.MANAGER)
def report(campaign_id: str, wave_id: str) -> ResponseReturnValue:
    """What a wave tells. Before its closing there is nothing to see."""
    page = _found(campaign_id, wave_id)
    if page is None:
        return redirect(url_for(".wave", campaign_id=campaign_id, wave_id=wave_id))
    return render_template("campaigns/report.html", page=page, part=page.part, words=headings())


def _file(
    campaign_id: str, wave_id: str, make: Callable[[WaveReport, ReportPart], bytes], name: str
) -> ResponseReturnValue:
    """The report as a file; where there is none, the page says why."""
    page = _found(campaign_id, wave_id)
    if page is None or page.part is None:
        return redirect(url_for(".report", campaign_id=campaign_id, wave_id=wave_id))
    response = make_response(make(page, page.part))
    kind, disposition = KINDS[name.rpartition(".")[2]]
    response.headers["Content-Type"] = kind
    response.headers["Content-Disposition"] = f'{disposition}; filename="{name}"'
    return response


@blueprint.get("/<campaign_id>/waves/<wave_id>/report.pdf")
@allow(Policy.MANAGER)
def report_file(campaign_id: str, wave_id: str) -> ResponseReturnValue:
    """The report to hand out."""
    return _file(campaign_id, wave_id, report_pdf, "report.pdf")


@blueprint.get("/<campaign_id>/waves/<wave_id>/report.xlsx")
@allow(Policy.MANAGER)
def report_workbook(campaign_id: str, wave_id: str) -> ResponseReturnValue:
    """The told figures to work with."""
    return _file(campaign_id, wave_id, report_xlsx, "report.xlsx")


@blueprint.get("/<campaign_id>/waves/<wave_id>/poster.pdf")
@allow(Policy.MANAGER)
def poster(campaign_id: str, wave_id: str) -> ResponseReturnValue:
    """One page for the notice board; ``?paper=a3`` for a larger one."""
    paper = Paper.A3 if request.args.get("paper") == Paper.A3 else Paper.A4
    return _file(campaign_id, wave_id, lambda page, part: poster_pdf(page, part, paper), f"poster-{paper}.pdf")
