"""My list of what I mean to do."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learning.assessments import actions as verbs
from learning.assessments import queries
from learning.assessments.blueprint import blueprint
from learning.assessments.errors import BadAction
from learning.assessments.forms import ActionForm
from learning.clock import now
from learning.web.identity import the_member
from learning.web.policies import Policy, allow


@blueprint.get("/actions")
@allow(Policy.MEMBER)
def actions() -> str:
    """Everything that I mean to do."""
    return render_template("assessments/actions.html", actions=verbs.my_actions(the_member()))


@blueprint.post("/<assessment_id>/actions")
@allow(Policy.MEMBER)
def add_action(assessment_id: str) -> ResponseReturnValue:
    """Put something on the list of a result."""
    queries.filling(the_member(), assessment_id)
    form = ActionForm()
    if form.validate():
        try:
            verbs.add_action(
                the_member(), assessment_id, form.what.data, form.due_on.data, now(), remind=form.remind.data
            )
        except BadAction as error:
            form.what.errors = [str(error)]
        else:
            flash(_("It is on your list."))
            return redirect(url_for(".result", assessment_id=assessment_id, _anchor="actions"))
    return _form_page(form, url_for(".add_action", assessment_id=assessment_id), assessment_id)


@blueprint.route("/actions/<action_id>", methods=["GET", "POST"])
@allow(Policy.MEMBER)
def change_action(action_id: str) -> ResponseReturnValue:
    """Change an action."""
    action = verbs.my_action(the_member(), action_id)
    form = ActionForm(obj=action)
    if request.method == "POST" and form.validate():
        try:
            verbs.change_action(the_member(), action_id, form.what.data, form.due_on.data, remind=form.remind.data)
        except BadAction as error:
            form.what.errors = [str(error)]
        else:
            flash(_("It is changed."))
            return redirect(url_for(".actions"))
    return _form_page(form, url_for(".change_action", action_id=action_id), action.assessment_id)


def _form_page(form: ActionForm, url: str, assessment_id: str) -> ResponseReturnValue:
    page = render_template(
        "assessments/action.html",
        form=form,
        url=url,
        assessment_id=assessment_id,
        can_be_reminded=verbs.can_be_reminded(the_member()),
    )
    return page, 200 if request.method == "GET" else 422


@blueprint.post("/actions/<action_id>/state")
@allow(Policy.MEMBER)
def mark_action(action_id: str) -> ResponseReturnValue:
    """Say that an action is done, that it is not, or take it off the list."""
    action = verbs.my_action(the_member(), action_id)
    if request.form.get("state") == "deleted":
        verbs.remove_action(the_member(), action_id)
    else:
        verbs.mark_action(the_member(), action_id, now(), done=request.form.get("state") == "done")
    if request.form.get("from") == "result":
        return redirect(url_for(".result", assessment_id=action.assessment_id, _anchor="actions"))
    return redirect(url_for(".actions"))


@blueprint.post("/actions/mute")
@allow(Policy.MEMBER)
def mute() -> ResponseReturnValue:
    """No more reminders."""
    verbs.mute(the_member())
    flash(_("You will get no more reminders. You can ask for one again at each action."))
    return redirect(url_for(".actions"))
