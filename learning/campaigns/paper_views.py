"""What a campaign shows to others: the preview of an employee's pages, the dossier, the announcement."""

from __future__ import annotations

from flask import make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from learning.ballots.pages import show_preview
from learning.ballots.service import OpenWave
from learning.campaigns import queries
from learning.campaigns.blueprint import blueprint
from learning.campaigns.dossier import dossier_pdf
from learning.campaigns.errors import NotReady
from learning.campaigns.lessons import lesson_links
from learning.campaigns.queries import CampaignPage
from learning.campaigns.records import end_of_day
from learning.clock import now
from learning.content.model import Instrument
from learning.psychometrics.release import Group
from learning.web.catalogue import the_catalogue
from learning.web.identity import the_member
from learning.web.policies import Policy, allow


def _ready_to_show(campaign_id: str) -> tuple[CampaignPage, Instrument]:
    """A campaign that says what it asks, of whom and when. Raises NotFound, NotReady."""
    page = queries.campaign_page(the_member(), campaign_id, the_catalogue(), now())
    if page.instrument is None or not page.promise:
        raise NotReady
    return page, page.instrument


@blueprint.get("/<campaign_id>/preview")
@allow(Policy.MANAGER)
def preview(campaign_id: str) -> str:
    """The pages of answering as an employee sees them, marked as a preview. Nothing is sent or stored."""
    page, instrument = _ready_to_show(campaign_id)
    record, wave = page.record, page.wave
    assert wave is not None
    group = record.groups[0]
    shown = OpenWave(
        id="",
        title=record.title,
        organization=record.organization_name,
        instrument=instrument,
        promise=wave.promise or page.promised,
        lessons=lesson_links(the_catalogue(), record.course_ids),
        closes_at=end_of_day(wave.closes_on, record.time_zone),
        last_day=wave.closes_on,
        k=record.k,
        group=Group(group.code, group.name, group.people),
    )
    return show_preview(shown, request.args.get("step", ""), url_for(".preview", campaign_id=campaign_id))


@blueprint.get("/<campaign_id>/dossier.pdf")
@allow(Policy.MANAGER)
def dossier(campaign_id: str) -> ResponseReturnValue:
    """Everything that a works council wants to know, as a file."""
    page, instrument = _ready_to_show(campaign_id)
    response = make_response(dossier_pdf(page, instrument, now()))
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = 'inline; filename="dossier.pdf"'
    return response


@blueprint.get("/<campaign_id>/announcement")
@allow(Policy.MANAGER)
def announcement(campaign_id: str) -> str:
    """Words to announce the campaign with, and a sheet for team leaders to talk from."""
    page, instrument = _ready_to_show(campaign_id)
    return render_template("campaigns/announcement.html", page=page, instrument=instrument)
