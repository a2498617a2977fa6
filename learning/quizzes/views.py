"""Pages of quizzes."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learning.clock import now
from learning.quizzes import queries, service
from learning.quizzes.errors import StalePage, StaleRevision, UnfitAnswer
from learning.quizzes.payload import AnswerPayload
from learning.web.catalogue import the_catalogue
from learning.web.identity import the_member
from learning.web.policies import Policy, allow

blueprint = Blueprint("quizzes", __name__)

#: Form fields of answers: this and the question's id.
FIELD = "q-"
#: Form fields of the revisions that the page showed.
BASE = "r-"


def _sent_answers() -> Mapping[str, list[str]]:
    """Question id -> values, for every question that stood on the page.

    A page without scripts sends nothing for a question without a choice; the hidden ``on-page`` fields name them.
    """
    return {
        question_id: [value for value in request.form.getlist(FIELD + question_id) if value.strip()]
        for question_id in request.form.getlist("on-page")
    }


def _bases(answers: Mapping[str, list[str]]) -> dict[str, int]:
    """Question id -> the stored revision that the page showed."""
    sent = {question_id: request.form.get(BASE + question_id, "") for question_id in answers}
    return {question_id: int(text) for question_id, text in sent.items() if text.isascii() and text.isdigit()}


@blueprint.get("/quizzes/<quiz_id>/")
@allow(Policy.MEMBER)
def quiz(quiz_id: str) -> str:
    """Rules, my attempts, start."""
    return render_template("quizzes/quiz.html", page=queries.quiz_page(the_catalogue(), quiz_id, the_member()))


@blueprint.post("/quizzes/<quiz_id>/start")
@allow(Policy.MEMBER)
def start(quiz_id: str) -> ResponseReturnValue:
    """Start an attempt, or go on with the open one."""
    page = queries.quiz_page(the_catalogue(), quiz_id, the_member())
    attempt_id = service.start_attempt(the_member(), page.quiz, now())
    return redirect(url_for(".attempt", attempt_id=attempt_id))


@blueprint.get("/attempts/<attempt_id>")
@allow(Policy.MEMBER)
def attempt(attempt_id: str) -> ResponseReturnValue:
    """The sitting."""
    sitting = queries.sitting(the_member(), attempt_id)
    if sitting is None:
        return redirect(url_for(".review", attempt_id=attempt_id))
    return render_template("quizzes/sitting.html", sitting=sitting)


@blueprint.put("/attempts/<attempt_id>/answers/<question_id>")
@allow(Policy.MEMBER)
def save_answer(attempt_id: str, question_id: str) -> ResponseReturnValue:
    """Save one answer as the person goes. Answers with the revision that is stored now."""
    arrived = now()
    payload = AnswerPayload.read(request.get_data())
    try:
        revision = service.save_answer(
            the_member(),
            attempt_id,
            question_id,
            operation_id=payload.operation_id,
            revision=payload.revision,
            value=payload.value,
            arrived=arrived,
        )
    except StaleRevision as stale:
        return jsonify(error=str(stale), revision=stale.revision, value=stale.value), stale.status
    return jsonify(revision=revision)


@blueprint.post("/attempts/<attempt_id>/submit")
@allow(Policy.MEMBER)
def submit(attempt_id: str) -> ResponseReturnValue:
    """Save the page; then go on later, look at what is unanswered, or hand in."""
    arrived = now()
    answers = _sent_answers()
    bases = _bases(answers)
    try:
        if request.form.get("action") == "later":
            service.save_page(the_member(), attempt_id, answers, arrived, bases)
            flash(_("Your answers are saved. Come back and go on at any time."))
            return redirect(url_for("home.home"))
        if request.form.get("action") != "hand-in":
            service.save_page(the_member(), attempt_id, answers, arrived, bases)
            return redirect(url_for(".check", attempt_id=attempt_id))
        service.submit(the_member(), attempt_id, answers, arrived, bases)
    except (UnfitAnswer, StalePage) as refused:
        sitting = queries.sitting(the_member(), attempt_id)
        if sitting is None:  # handed in from another tab in between
            return redirect(url_for(".review", attempt_id=attempt_id))
        stale = refused.question_ids if isinstance(refused, StalePage) else frozenset()
        page = render_template(
            "quizzes/sitting.html", sitting=sitting, typed=answers, stale=stale, problem=str(refused)
        )
        return page, refused.status
    return redirect(url_for(".review", attempt_id=attempt_id))


@blueprint.get("/attempts/<attempt_id>/check")
@allow(Policy.MEMBER)
def check(attempt_id: str) -> ResponseReturnValue:
    """What is unanswered, before handing in."""
    sitting = queries.sitting(the_member(), attempt_id)
    if sitting is None:
        return redirect(url_for(".review", attempt_id=attempt_id))
    return render_template("quizzes/check.html", sitting=sitting)


@blueprint.get("/attempts/<attempt_id>/review")
@allow(Policy.MEMBER)
def review(attempt_id: str) -> ResponseReturnValue:
    """The result with feedback and explanations."""
    page = queries.review(the_member(), attempt_id)
    if page is None:
        return redirect(url_for(".attempt", attempt_id=attempt_id))
    lessons = queries.lessons_of(the_catalogue(), page.quiz_id)
    return render_template("quizzes/review.html", page=page, lessons=lessons)
