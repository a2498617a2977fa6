"""Pages of the self-assessment."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learning.assessments import queries, service
from learning.assessments.result import result_page
from learning.clock import now
from learning.web.catalogue import the_catalogue
from learning.web.identity import the_member
from learning.web.policies import Policy, allow

blueprint = Blueprint("assessments", __name__, url_prefix="/assessments")


@blueprint.get("/")
@allow(Policy.MEMBER)
def index() -> str:
    """What there is to answer, and my own results."""
    return render_template(
        "assessments/index.html",
        instruments=the_catalogue().instruments.values(),
        mine=queries.my_assessments(the_member()),
    )


@blueprint.post("/start/<instrument_id>")
@allow(Policy.MEMBER)
def start(instrument_id: str) -> ResponseReturnValue:
    """Start an assessment, or go on with the open one."""
    assessment_id = service.start(the_member(), instrument_id, the_catalogue(), now())
    return redirect(url_for(".resume", assessment_id=assessment_id))


@blueprint.get("/<assessment_id>/resume")
@allow(Policy.MEMBER)
def resume(assessment_id: str) -> ResponseReturnValue:
    """Go to the first page with something unanswered."""
    mine = queries.filling(the_member(), assessment_id)
    if mine.finished_at:
        return redirect(url_for(".result", assessment_id=assessment_id))
    page = next((summary for summary in queries.summaries(mine) if summary.unanswered), None)
    if page is None:
        return redirect(url_for(".check", assessment_id=assessment_id))
    return redirect(url_for(".dimension", assessment_id=assessment_id, dimension_id=page.dimension.id))


@blueprint.get("/<assessment_id>/<dimension_id>")
@allow(Policy.MEMBER)
def dimension(assessment_id: str, dimension_id: str) -> ResponseReturnValue:
    """One dimension with its items."""
    page = queries.dimension_page(the_member(), assessment_id, dimension_id)
    if page.filling.finished_at:
        return redirect(url_for(".result", assessment_id=assessment_id))
    return render_template("assessments/dimension.html", page=page)


@blueprint.post("/<assessment_id>/<dimension_id>")
@allow(Policy.MEMBER)
def save(assessment_id: str, dimension_id: str) -> ResponseReturnValue:
    """Save the answers of one page and go on; a script that saves as one goes stays on the page."""
    service.save_dimension(the_member(), assessment_id, dimension_id, request.form, now())
    if request.headers.get("X-Requested-With") == "fetch":
        return "", 204
    page = queries.dimension_page(the_member(), assessment_id, dimension_id)
    if page.next is None or request.form.get("then") == "check":
        return redirect(url_for(".check", assessment_id=assessment_id))
    return redirect(url_for(".dimension", assessment_id=assessment_id, dimension_id=page.next.id))


@blueprint.get("/<assessment_id>/check")
@allow(Policy.MEMBER)
def check(assessment_id: str) -> ResponseReturnValue:
    """Check your answers."""
    mine = queries.filling(the_member(), assessment_id)
    if mine.finished_at:
        return redirect(url_for(".result", assessment_id=assessment_id))
    return render_template("assessments/check.html", filling=mine, summaries=queries.summaries(mine))


@blueprint.post("/<assessment_id>/finish")
@allow(Policy.MEMBER)
def finish(assessment_id: str) -> ResponseReturnValue:
    """Finish and show the result."""
    service.finish(the_member(), assessment_id, now())
    return redirect(url_for(".result", assessment_id=assessment_id))


@blueprint.get("/<assessment_id>/result")
@allow(Policy.MEMBER)
def result(assessment_id: str) -> ResponseReturnValue:
    """The two scores, every dimension, and what to read next."""
    mine = queries.filling(the_member(), assessment_id)
    if mine.finished_at is None:
        return redirect(url_for(".check", assessment_id=assessment_id))
    read = current_app.extensions["lessons_read"](the_member())
    return render_template("assessments/result.html", page=result_page(mine, the_catalogue(), read))


@blueprint.post("/<assessment_id>/delete")
@allow(Policy.MEMBER)
def delete(assessment_id: str) -> ResponseReturnValue:
    """Delete an assessment with all its answers."""
    service.remove(the_member(), assessment_id)
    flash(_("The self-assessment and its answers are deleted."))
    return redirect(url_for(".index"))
