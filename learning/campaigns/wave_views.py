"""The pages of a wave: opening it, who takes part, cards, closing it."""

from __future__ import annotations

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learning.campaigns import opening, queries
from learning.campaigns.blueprint import blueprint
from learning.campaigns.card_sheet import card_sheet
from learning.campaigns.cards import forget_cards, unsealed_cards
from learning.campaigns.closing import close_wave
from learning.campaigns.declaring import outlook_words
from learning.campaigns.inviting import answer_address, kiosk_address
from learning.campaigns.lessons import lesson_links
from learning.campaigns.models import WaveState
from learning.campaigns.participation_words import course_rows, participation_rows
from learning.clock import now
from learning.errors import NotFound
from learning.web.catalogue import the_catalogue
from learning.web.identity import the_member
from learning.web.policies import Policy, allow


@blueprint.get("/<campaign_id>/waves/<wave_id>")
@allow(Policy.MANAGER)
def wave(campaign_id: str, wave_id: str) -> ResponseReturnValue:
    """Who takes part, in bands, and what can be done while the wave is open."""
    page = queries.wave_page(the_member(), campaign_id, wave_id)
    if page.wave.is_planned:
        return redirect(url_for(".campaign", campaign_id=campaign_id))
    return render_template(
        "campaigns/wave.html",
        page=page,
        rows=participation_rows(page.participation),
        course=course_rows(page.course),
        address=answer_address(),
        kiosk=kiosk_address(),
    )


@blueprint.route("/<campaign_id>/waves/<wave_id>/open", methods=["GET", "POST"])
@allow(Policy.MANAGER)
def open_wave(campaign_id: str, wave_id: str) -> ResponseReturnValue:
    """Say what opening does, then open."""
    page = queries.campaign_page(the_member(), campaign_id, the_catalogue(), now())
    found = next((wave for wave in page.record.waves if wave.id == wave_id), None)
    if found is None:
        raise NotFound
    if request.method == "GET":
        if found.state not in {WaveState.PLANNED, WaveState.OPENING}:
            return redirect(url_for(".wave", campaign_id=campaign_id, wave_id=wave_id))
        return render_template(
            "campaigns/open.html",
            page=page,
            wave=found,
            outlook=outlook_words(page.outlook) if page.outlook else None,
        )
    lessons = lesson_links(the_catalogue(), page.record.course_ids)
    opening.open_wave(the_member(), campaign_id, wave_id, the_catalogue(), lessons, now())
    flash(_("The wave is open. The invitations by mail are on their way."))
    return redirect(url_for(".wave", campaign_id=campaign_id, wave_id=wave_id))


@blueprint.post("/<campaign_id>/waves/<wave_id>/cards")
@allow(Policy.MANAGER)
def cards(campaign_id: str, wave_id: str) -> ResponseReturnValue:
    """The sheet of cards of one group, made once. Its codes go before it is handed out."""
    member, group_code = the_member(), request.form.get("group", "")
    codes = unsealed_cards(member, campaign_id, wave_id, group_code)
    page = queries.wave_page(member, campaign_id, wave_id)
    name = next(group.name for group in page.groups if group.code == group_code)
    sheet = card_sheet(page.record, page.wave, name, codes, now())
    forget_cards(member, campaign_id, wave_id, group_code, now())
    response = make_response(sheet)
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = 'attachment; filename="cards.pdf"'
    return response


@blueprint.route("/<campaign_id>/waves/<wave_id>/close", methods=["GET", "POST"])
@allow(Policy.MANAGER)
def close(campaign_id: str, wave_id: str) -> ResponseReturnValue:
    """Say what closing destroys, then close."""
    member = the_member()
    page = queries.wave_page(member, campaign_id, wave_id)
    if request.method == "GET":
        if page.wave.state not in {WaveState.OPEN, WaveState.CLOSING}:
            return redirect(url_for(".campaign", campaign_id=campaign_id))
        return render_template("campaigns/close.html", page=page)
    if close_wave(member.organization_id, campaign_id, wave_id, now()):
        flash(_("The wave is closed. Invitations, codes and the key are destroyed."))
    else:
        flash(_("No answer is taken any more. The closing comes to its end by itself within minutes."))
    return redirect(url_for(".wave", campaign_id=campaign_id, wave_id=wave_id))
