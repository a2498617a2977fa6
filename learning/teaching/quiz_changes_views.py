"""What a trainer changes about a quiz: its dates, and its marks after a key was mended."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from learning.certificates.service import issue_due
from learning.clock import now
from learning.quizzes.errors import WindowUpsideDown
from learning.quizzes.regrading import regrade
from learning.quizzes.windows import set_window
from learning.teaching.blueprint import blueprint
from learning.teaching.forms import DatesForm, RegradeForm
from learning.teaching.quiz_dates import dates_page, taught_quiz
from learning.teaching.quiz_regrading import regrade_page
from learning.web.catalogue import the_catalogue
from learning.web.identity import the_member
from learning.web.policies import Policy, allow


@blueprint.route("/quizzes/<quiz_id>/dates", methods=["GET", "POST"])
@allow(Policy.TRAINER)
def quiz_dates(quiz_id: str) -> ResponseReturnValue:
    """From when to when the people of the organization may sit a quiz."""
    member, quiz = the_member(), taught_quiz(quiz_id, the_catalogue())
    page = dates_page(member.organization_id, quiz, now())
    form = DatesForm(opens_at=page.window.opens_at, closes_at=page.window.closes_at)
    if request.method == "POST" and form.validate():
        try:
            set_window(member, quiz_id, form.window)
        except WindowUpsideDown as error:
            form.closes_at.errors = [str(error)]
        else:
            flash(_("The dates are saved."), "success")
            return redirect(url_for(".quiz_dates", quiz_id=quiz_id))
    shown = render_template("teaching/quiz_dates.html", page=page, form=form)
    return shown, 200 if request.method == "GET" else 422


@blueprint.route("/quizzes/<quiz_id>/regrade", methods=["GET", "POST"])
@allow(Policy.TRAINER)
def quiz_regrade(quiz_id: str) -> ResponseReturnValue:
    """Mark all attempts at a quiz again by today's questions, after showing what that changes."""
    member, quiz = the_member(), taught_quiz(quiz_id, the_catalogue())
    form = RegradeForm()
    if request.method == "POST" and form.validate():
        count = regrade(member.organization_id, quiz, form.reason.data, now(), member.user_id)
        issue_due(the_catalogue(), now(), member.organization_id)
        flash(
            ngettext("%(num)d attempt has new marks.", "%(num)d attempts have new marks.", count)
            if count
            else _("Nothing changed: every attempt already has these marks."),
            "success" if count else "info",
        )
        return redirect(url_for(".quiz_regrade", quiz_id=quiz_id))
    page = regrade_page(member.organization_id, quiz)
    shown = render_template("teaching/quiz_regrade.html", page=page, form=form)
    return shown, 200 if request.method == "GET" else 422
