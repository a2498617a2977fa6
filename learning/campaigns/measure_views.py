"""The pages of the action plan."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learning.campaigns import measure_queries as queries
from learning.campaigns import measures as plan
from learning.campaigns.blueprint import blueprint
from learning.campaigns.declaring import instrument_of
from learning.campaigns.errors import BadPlan, ChangedMeanwhile
from learning.campaigns.lessons import lesson_in_course
from learning.campaigns.measure_forms import MeasureForm
from learning.campaigns.reading import load
from learning.clock import now
from learning.content.model import Instrument
from learning.extensions import db
from learning.web.catalogue import the_catalogue
from learning.web.identity import the_member
from learning.web.policies import Policy, allow


def _instrument(campaign_id: str) -> Instrument | None:
    return instrument_of(load(db.session(), the_member().organization_id, campaign_id), the_catalogue())


@blueprint.get("/<campaign_id>/measures")
@allow(Policy.MANAGER)
def measures(campaign_id: str) -> str:
    """The action plan: what the report suggests, and what was decided."""
    page = queries.plan_page(the_member(), campaign_id, _instrument(campaign_id), the_catalogue())
    return render_template("campaigns/measures.html", page=page, today=now().date())


@blueprint.post("/<campaign_id>/measures/take-up")
@allow(Policy.MANAGER)
def take_up(campaign_id: str) -> ResponseReturnValue:
    """Put a proposal of the report on the plan."""
    key = request.form.get("proposal", "")
    made = plan.take_up(the_member(), campaign_id, key, _instrument(campaign_id), the_catalogue(), now())
    if made is None:
        flash(_("It is on the plan already."))
        return redirect(url_for(".measures", campaign_id=campaign_id))
    flash(_("It is on the plan. Say who sees to it, and by when."))
    return redirect(url_for(".measure", campaign_id=campaign_id, measure_id=made))


@blueprint.route("/<campaign_id>/measures/new", methods=["GET", "POST"])
@allow(Policy.MANAGER)
def new_measure(campaign_id: str) -> ResponseReturnValue:
    """Put a measure of one's own on the plan."""
    record = load(db.session(), the_member().organization_id, campaign_id)
    form = MeasureForm().offering(queries.owners(the_member()))
    problem = None
    if request.method == "POST" and form.validate():
        try:
            plan.add(the_member(), campaign_id, form.wanted, now())
        except BadPlan as error:
            problem = str(error)
        else:
            flash(_("It is on the plan."))
            return redirect(url_for(".measures", campaign_id=campaign_id))
    page = render_template("campaigns/measure.html", form=form, record=record, measure=None, problem=problem)
    return page, 200 if request.method == "GET" else 422


@blueprint.route("/<campaign_id>/measures/<measure_id>", methods=["GET", "POST"])
@allow(Policy.MANAGER)
def measure(campaign_id: str, measure_id: str) -> ResponseReturnValue:
    """Change a measure, and read how it went on."""
    member = the_member()
    record = load(db.session(), member.organization_id, campaign_id)
    found = queries.measure(member, campaign_id, measure_id)
    form = MeasureForm(obj=found).offering(queries.owners(member))
    problem = None
    if request.method == "POST" and form.validate():
        try:
            plan.change(member, campaign_id, measure_id, form.wanted, now(), revision=form.revision.data or 0)
        except (BadPlan, ChangedMeanwhile) as error:
            problem = str(error)
            found = queries.measure(member, campaign_id, measure_id)
            form.revision.data = found.revision
            # What the page sends next time is what is stored now, not what was sent.
            form.revision.raw_data = None
        else:
            flash(_("It is changed."))
            return redirect(url_for(".measures", campaign_id=campaign_id))
    page = render_template(
        "campaigns/measure.html",
        form=form,
        record=record,
        measure=found,
        problem=problem,
        history=queries.history(member, measure_id),
        lesson=lesson_in_course(the_catalogue(), found.lesson_id, record.course_ids),
    )
    return page, 200 if request.method == "GET" else 422
