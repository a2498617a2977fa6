"""What comes of a finished self-assessment: its result on the page and on paper, lessons, consent, deleting."""

from __future__ import annotations

from flask import current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learning.assessments import queries, service
from learning.assessments.actions import can_be_reminded, my_actions
from learning.assessments.blueprint import blueprint
from learning.assessments.forms import ActionForm
from learning.assessments.pdf import result_pdf
from learning.assessments.queries import Filling
from learning.assessments.result import ResultPage, result_page
from learning.assessments.result_words import change_words, scope_words
from learning.clock import now
from learning.web import result_words
from learning.web.catalogue import the_catalogue
from learning.web.identity import the_member
from learning.web.policies import Policy, allow


def _page(mine: Filling) -> ResultPage:
    read = current_app.extensions["lessons_read"](the_member())
    return result_page(mine, the_catalogue(), read, queries.last_time(the_member(), mine))


@blueprint.get("/<assessment_id>/result")
@allow(Policy.MEMBER)
def result(assessment_id: str) -> ResponseReturnValue:
    """The scores, every dimension, what changed, and what to do next."""
    mine = queries.filling(the_member(), assessment_id)
    if mine.finished_at is None:
        return redirect(url_for(".check", assessment_id=assessment_id))
    return render_template(
        "assessments/result.html",
        page=_page(mine),
        words=result_words,
        change_words=change_words,
        scope_words=scope_words,
        reading=queries.reading_list(the_member(), the_catalogue(), assessment_id),
        read=current_app.extensions["lessons_read"](the_member()),
        actions=my_actions(the_member(), assessment_id),
        form=ActionForm(),
        can_be_reminded=can_be_reminded(the_member()),
    )


@blueprint.get("/<assessment_id>/result.pdf")
@allow(Policy.MEMBER)
def pdf(assessment_id: str) -> ResponseReturnValue:
    """The result as a file to keep or to print."""
    mine = queries.filling(the_member(), assessment_id)
    if mine.finished_at is None:
        return redirect(url_for(".check", assessment_id=assessment_id))
    response = make_response(result_pdf(_page(mine), my_actions(the_member(), assessment_id), now()))
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = 'inline; filename="my-result.pdf"'
    return response


@blueprint.post("/<assessment_id>/reading")
@allow(Policy.MEMBER)
def read_next(assessment_id: str) -> ResponseReturnValue:
    """Put lessons on my list, or empty it."""
    lessons = request.form.getlist("lesson")
    service.put_on_reading_list(the_member(), assessment_id, lessons, the_catalogue())
    if lessons:
        flash(_("The lessons are on your list. It stands on your home page until you have read them."))
    else:
        flash(_("Your list is empty again."))
    return redirect(url_for(".result", assessment_id=assessment_id, _anchor="reading"))


@blueprint.post("/<assessment_id>/consent")
@allow(Policy.MEMBER)
def consent(assessment_id: str) -> ResponseReturnValue:
    """Let my answers count in the figures on quality, or no longer."""
    consented = request.form.get("consent") == "yes"
    service.change_consent(the_member(), assessment_id, consented=consented)
    if consented:
        flash(_("Your answers will count in the figures on the questionnaire. You can take this back at any time."))
    else:
        flash(_("Your answers will not count in any new figures on the questionnaire."))
    return redirect(url_for(".result", assessment_id=assessment_id, _anchor="yours"))


@blueprint.route("/<assessment_id>/delete", methods=["GET", "POST"])
@allow(Policy.MEMBER)
def delete(assessment_id: str) -> ResponseReturnValue:
    """Ask, then delete an assessment with everything that hangs on it."""
    if request.method == "POST":
        service.remove(the_member(), assessment_id)
        flash(_("The self-assessment is deleted, with its answers, its list of lessons and its actions."))
        return redirect(url_for(".index"))
    return render_template("assessments/delete.html", filling=queries.filling(the_member(), assessment_id))
