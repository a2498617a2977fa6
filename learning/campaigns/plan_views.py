"""The pages by which managers plan a campaign: what, who, when, the promise, and what is still missing."""

from __future__ import annotations

from hashlib import sha256

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learning.campaigns import planning, queries
from learning.campaigns.blueprint import blueprint
from learning.campaigns.checklist import Step
from learning.campaigns.declaring import outlook_words
from learning.campaigns.errors import AlreadyOpened, BadDays, BadPlan, GroupsTooSmall, LowerK, TitleTaken, TooFewPeople
from learning.campaigns.forms import AcceptForm, DaysForm, SmallestForm, TitleForm, WhatForm, WhenForm
from learning.campaigns.groups import LONGEST_GROUP_NAME, smallest_group, suggested, suggested_cards
from learning.campaigns.models import LEAST_K, Channel
from learning.campaigns.queries import CampaignPage
from learning.clock import now
from learning.web.catalogue import the_catalogue
from learning.web.identity import the_member
from learning.web.policies import Policy, allow

#: Fields of the page of groups: these and the id of a department.
GROUP = "group-"
CARDS = "cards-"


def _page(campaign_id: str) -> CampaignPage:
    return queries.campaign_page(the_member(), campaign_id, the_catalogue(), now())


def _plan(campaign_id: str) -> CampaignPage:
    """The same for a page of the plan, which is closed once people were promised something."""
    page = _page(campaign_id)
    if not page.record.is_open_to_change:
        raise AlreadyOpened
    return page


def _answer(page: str) -> ResponseReturnValue:
    """A page of the plan; refused with 422 where something was sent that cannot stay."""
    return page, 200 if request.method == "GET" else 422


@blueprint.get("/")
@allow(Policy.MANAGER)
def index() -> str:
    """The campaigns of the organization."""
    people = sum(part.people for part in queries.parts(the_member()))
    return render_template(
        "campaigns/index.html",
        campaigns=queries.campaigns(the_member()),
        people=people,
        least=smallest_group(LEAST_K),
    )


@blueprint.route("/new", methods=["GET", "POST"])
@allow(Policy.MANAGER)
def new() -> ResponseReturnValue:
    """Begin a campaign."""
    form = TitleForm()
    problem = None
    if request.method == "POST" and form.validate():
        try:
            campaign_id = planning.create_campaign(the_member(), form.title.data, now())
        except TooFewPeople as error:
            problem = str(error)
        except TitleTaken as error:
            form.title.errors = [str(error)]
        else:
            return redirect(url_for(".what", campaign_id=campaign_id))
    return _answer(render_template("campaigns/new.html", form=form, problem=problem))


@blueprint.get("/<campaign_id>")
@allow(Policy.MANAGER)
def campaign(campaign_id: str) -> str:
    """How a campaign stands: what is still missing, its waves, what there is to print."""
    page = _page(campaign_id)
    courses = the_catalogue().courses
    return render_template(
        "campaigns/campaign.html",
        page=page,
        step=Step.CHECK,
        courses=[courses[each].title for each in page.record.course_ids if each in courses],
        outlook=outlook_words(page.outlook) if page.outlook else None,
    )


@blueprint.route("/<campaign_id>/setup/what", methods=["GET", "POST"])
@allow(Policy.MANAGER)
def what(campaign_id: str) -> ResponseReturnValue:
    """What people are asked, and why."""
    page = _plan(campaign_id)
    form = WhatForm(obj=page.record).offering(the_catalogue())
    if request.method == "POST" and form.validate():
        try:
            planning.set_what(the_member(), campaign_id, form.what)
        except TitleTaken as error:
            form.title.errors = [str(error)]
        else:
            return redirect(url_for(".who", campaign_id=campaign_id))
    return _answer(render_template("campaigns/what.html", page=page, step=Step.WHAT, form=form))


@blueprint.route("/<campaign_id>/setup/who", methods=["GET", "POST"])
@allow(Policy.MANAGER)
def who(campaign_id: str) -> ResponseReturnValue:
    """Who is asked, in groups of at least 2k people."""
    page = _plan(campaign_id)
    record = page.record
    names = {part.id: record.group_name_of(part.id) for part in record.parts}
    cards = {part.id for group in record.groups if group.channel is Channel.CARDS for part in group.parts}
    errors: dict[str, str] = {}
    problem = None
    if request.method == "POST":
        names = {part.id: _group_name(part.id) for part in record.parts}
        cards = {part.id for part in record.parts if request.form.get(CARDS + part.id)}
        if request.form.get("then") == "suggest":
            names = suggested(record.parts, record.k)
            cards = suggested_cards(record.parts, names, record.k)
        else:
            try:
                planning.set_groups(the_member(), campaign_id, names, cards)
            except GroupsTooSmall as error:
                errors = {part_id: group.sentence for group in error.groups for part_id in group.part_ids[:1]}
            except BadPlan as error:
                problem = str(error)
            else:
                return redirect(url_for(".when", campaign_id=campaign_id))
    elif not record.groups:
        names = suggested(record.parts, record.k)
        cards = suggested_cards(record.parts, names, record.k)
    shown = render_template(
        "campaigns/who.html",
        page=page,
        step=Step.WHO,
        names=names,
        cards=cards,
        errors=errors,
        problem=problem,
        least=smallest_group(record.k),
        longest=LONGEST_GROUP_NAME,
    )
    return shown, 422 if errors or problem else 200


def _group_name(part_id: str) -> str:
    return " ".join(request.form.get(GROUP + part_id, "").split())[:LONGEST_GROUP_NAME]


@blueprint.route("/<campaign_id>/setup/when", methods=["GET", "POST"])
@allow(Policy.MANAGER)
def when(campaign_id: str) -> ResponseReturnValue:
    """The days of the wave before and of the one after."""
    page = _plan(campaign_id)
    first, second = (*page.record.waves[:2], None, None)[:2]
    form = WhenForm(
        data={
            "opens_on": first and first.opens_on,
            "closes_on": first and first.closes_on,
            "again_opens_on": second and second.opens_on,
            "again_closes_on": second and second.closes_on,
        }
    )
    if request.method == "POST" and form.validate():
        try:
            planning.set_days(the_member(), campaign_id, form.days, form.second)
        except BadDays as error:
            form[error.field].errors = [str(error)]
        else:
            return redirect(url_for(".promise", campaign_id=campaign_id))
    return _answer(render_template("campaigns/when.html", page=page, step=Step.WHEN, form=form))


@blueprint.route("/<campaign_id>/setup/promise", methods=["GET", "POST"])
@allow(Policy.MANAGER)
def promise(campaign_id: str) -> ResponseReturnValue:
    """The promise as people will read it; accept it."""
    page = _page(campaign_id)
    accepted = bool(page.promised) and page.record.accepted_promise == page.promised
    form = AcceptForm(data={"accepts": accepted, "council_agrees": accepted and page.record.council_agrees})
    stale = False
    if request.method == "POST" and form.validate():
        # What was read is what is accepted: the settings may have been changed in another tab.
        stale = request.form.get("read") != _digest(page.promised)
        if page.promised and not stale:
            planning.accept_promise(the_member(), campaign_id, page.promised, form.council_agrees.data)
            return redirect(url_for(".campaign", campaign_id=campaign_id))
    return _answer(_promise_page(page, form, SmallestForm(data={"k": page.record.k}), stale=stale))


@blueprint.post("/<campaign_id>/setup/smallest")
@allow(Policy.MANAGER)
def smallest(campaign_id: str) -> ResponseReturnValue:
    """Raise the smallest number of answers that is told of."""
    page = _plan(campaign_id)
    form = SmallestForm()
    if form.validate():
        try:
            planning.set_k(the_member(), campaign_id, form.k.data)
        except (LowerK, GroupsTooSmall) as error:
            form.k.errors = [str(error)]
        else:
            flash(_("The smallest number is raised. Read the promise again: it says so."))
            return redirect(url_for(".promise", campaign_id=campaign_id))
    return _answer(_promise_page(page, AcceptForm(formdata=None), form))


@blueprint.post("/<campaign_id>/cards-for-all")
@allow(Policy.MANAGER)
def cards_for_all(campaign_id: str) -> ResponseReturnValue:
    """Invite everybody of a group by card."""
    planning.give_cards(the_member(), campaign_id, request.form.get("group", ""))
    flash(_("Everybody in this group gets a card. Read the promise again: it may say so."))
    return redirect(url_for(".campaign", campaign_id=campaign_id))


def _promise_page(page: CampaignPage, form: AcceptForm, smallest: SmallestForm, *, stale: bool = False) -> str:
    return render_template(
        "campaigns/promise.html",
        page=page,
        step=Step.PROMISE,
        form=form,
        smallest=smallest,
        stale=stale,
        read=_digest(page.promised),
    )


def _digest(text: str) -> str:
    """Names a text, so that a form can say which one was read."""
    return sha256(text.encode()).hexdigest()


@blueprint.route("/<campaign_id>/next", methods=["GET", "POST"])
@allow(Policy.MANAGER)
def next_wave(campaign_id: str) -> ResponseReturnValue:
    """The days of another wave of an opened campaign."""
    page = _page(campaign_id)
    planned = page.record.next_wave
    form = DaysForm(obj=planned)
    if request.method == "POST" and form.validate():
        try:
            planning.plan_next_wave(the_member(), campaign_id, form.days)
        except BadDays as error:
            form[error.field].errors = [str(error)]
        else:
            return redirect(url_for(".promise", campaign_id=campaign_id))
    return _answer(render_template("campaigns/next.html", page=page, form=form, planned=planned))


@blueprint.route("/<campaign_id>/delete", methods=["GET", "POST"])
@allow(Policy.MANAGER)
def delete(campaign_id: str) -> ResponseReturnValue:
    """Delete a plan that was never opened, after asking once."""
    page = _plan(campaign_id)
    if request.method == "GET":
        return render_template("campaigns/delete.html", page=page)
    planning.delete_campaign(the_member(), campaign_id)
    flash(_("The campaign is deleted."))
    return redirect(url_for(".index"))
