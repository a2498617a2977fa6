"""Pages of the daily review."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learning.clock import now
from learning.errors import DomainError
from learning.quizzes.answering import Given
from learning.quizzes.sent import moved_question, read_page
from learning.reviewing import queries, service
from learning.web.catalogue import the_catalogue
from learning.web.identity import the_member
from learning.web.policies import Policy, allow

blueprint = Blueprint("reviewing", __name__)


@blueprint.get("/review/")
@allow(Policy.MEMBER)
def overview() -> str:
    """What the review is, and what is due."""
    page = queries.review_page(the_member(), the_catalogue(), now())
    return render_template("reviewing/overview.html", page=page, most=queries.MOST_A_DAY)


@blueprint.post("/review/start")
@allow(Policy.MEMBER)
def start() -> ResponseReturnValue:
    """Begin today's set, or go on with it."""
    first = service.start(the_member(), the_catalogue(), now())
    return redirect(url_for(".question", question_id=first) if first else url_for(".overview"))


@blueprint.post("/review/switch")
@allow(Policy.MEMBER)
def switch() -> ResponseReturnValue:
    """Switch the review on or off."""
    is_on = request.form.get("to") == "on"
    service.switch(the_member(), is_on)
    flash(_("Your daily review is switched on.") if is_on else _("Your daily review is switched off."))
    return redirect(url_for(".overview"))


@blueprint.get("/review/<question_id>")
@allow(Policy.MEMBER)
def question(question_id: str) -> ResponseReturnValue:
    """A question of today's set."""
    return _question_page(question_id)


@blueprint.post("/review/<question_id>")
@allow(Policy.MEMBER)
def answer(question_id: str) -> ResponseReturnValue:
    """Take an answer and say at once what is right; or move an entry of an order up or down."""
    given = read_page(request.form).answers.get(question_id, Given(()))
    if moved_question(request.form):
        return _question_page(question_id, given)
    unknown = request.form.get("action") == "unknown"
    value = () if unknown else given.value
    try:
        service.answer(the_member(), the_catalogue(), question_id, None if unknown else value, now())
    except DomainError as refused:
        if refused.status != 422:
            raise
        return _question_page(question_id, given, refused)
    page = queries.feedback_page(the_member(), the_catalogue(), question_id, value, now())
    return render_template("reviewing/feedback.html", page=page)


def _question_page(
    question_id: str, typed: Given | None = None, refused: DomainError | None = None
) -> ResponseReturnValue:
    """The page; with what was sent and why it was refused, if it was. Raises NotFound."""
    page = queries.asked_page(the_member(), the_catalogue(), question_id, now())
    if page is None:
        # It was answered in another tab, or its day has not come.
        return redirect(url_for(".overview"))
    problem = str(refused) if refused else None
    body = render_template("reviewing/question.html", page=page, typed=typed, problem=problem)
    return body, refused.status if refused else 200
