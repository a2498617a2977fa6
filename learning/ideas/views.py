"""The box of ideas: for everybody at /ideas/, for managers at /organization/ideas/."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learning.clock import now
from learning.ideas import queries, service
from learning.ideas.errors import AnsweredMeanwhile, TooManyIdeas
from learning.ideas.forms import WITH_NAME, AnswerForm, IdeaForm
from learning.ideas.models import IdeaState
from learning.web.arguments import asked, asked_page
from learning.web.identity import the_member
from learning.web.policies import Policy, allow

blueprint = Blueprint("ideas", __name__, url_prefix="/ideas")
#: The managers' pages stand apart, so that nobody else's menu shows where they are.
answers = Blueprint("idea_answers", __name__, url_prefix="/organization/ideas")


@blueprint.route("/", methods=["GET", "POST"])
@allow(Policy.MEMBER)
def box() -> ResponseReturnValue:
    """Hand in an idea, and read what became of others."""
    form = IdeaForm()
    problem, status = None, 200 if request.method == "GET" else 422
    if request.method == "POST" and form.validate():
        try:
            service.hand_in(the_member(), form.text.data, form.estimated, now(), with_name=form.name.data == WITH_NAME)
        except TooManyIdeas as error:
            problem, status = str(error), error.status
        else:
            flash(_("Thank you. Your idea is in the box; its answer will stand on this page."))
            return redirect(url_for(".box"))
    ideas = queries.shared_ideas(the_member(), asked_page())
    return render_template("ideas/box.html", form=form, ideas=ideas, problem=problem), status


@blueprint.post("/<own_idea_id>/take-back")
@allow(Policy.MEMBER)
def take_back(own_idea_id: str) -> ResponseReturnValue:
    """Delete one's own idea."""
    service.take_back(the_member(), own_idea_id)
    flash(_("Your idea is deleted."))
    return redirect(url_for(".box"))


@answers.get("/")
@allow(Policy.MANAGER)
def overview() -> str:
    """All ideas of the organization."""
    chosen, sorted_by = asked(IdeaState, "state"), asked(queries.Order, "order") or queries.Order.OLDEST
    return render_template(
        "ideas/overview.html",
        ideas=queries.all_ideas(the_member(), chosen, sorted_by, asked_page()),
        state=chosen,
        order=sorted_by,
    )


@answers.route("/<idea_id>", methods=["GET", "POST"])
@allow(Policy.MANAGER)
def answer(idea_id: str) -> ResponseReturnValue:
    """Answer an idea."""
    found = queries.idea(the_member(), idea_id)
    form = AnswerForm(state=None if found.state is IdeaState.NEW else found.state.value, answer=found.answer)
    problem = None
    if request.method == "POST" and form.validate():
        try:
            service.answer(
                the_member(), idea_id, IdeaState(form.state.data), form.answer.data, now(), seen=form.seen.data or ""
            )
        except AnsweredMeanwhile as error:
            problem = str(error)
            found = queries.idea(the_member(), idea_id)
        else:
            flash(_("Your answer is saved. Everybody in the organization can read it."))
            return redirect(url_for(".overview"))
    if request.method == "GET" or problem:
        form.seen.data = found.answer or ""
    page = render_template("ideas/answer.html", form=form, idea=found, problem=problem)
    return page, 200 if request.method == "GET" else 422


@answers.post("/<idea_id>/remove")
@allow(Policy.MANAGER)
def remove(idea_id: str) -> ResponseReturnValue:
    """Delete an idea that must not stand there."""
    queries.idea(the_member(), idea_id)
    service.remove(the_member(), idea_id)
    flash(_("The idea is removed."))
    return redirect(url_for(".overview"))
