"""Pages of quizzes."""

from __future__ import annotations

import re
from datetime import datetime

from flask import Blueprint, abort, current_app, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learning.clock import now
from learning.errors import DomainError
from learning.extensions import csrf
from learning.quizzes import answering, queries, service
from learning.quizzes.errors import LeaseLost, StalePage, StaleRevision, TimeIsUp
from learning.quizzes.payload import PAGE_ID, AnswerPayload
from learning.quizzes.reviews import review as the_review
from learning.quizzes.sent import SentPage, moved_question, read_page
from learning.quizzes.sittings import Overdue, Sitting
from learning.quizzes.sittings import sitting as the_sitting
from learning.quizzes.tokens import attempt_token, member_of_token
from learning.web.catalogue import the_catalogue
from learning.web.identity import Member, the_member
from learning.web.policies import Policy, allow

blueprint = Blueprint("quizzes", __name__)


@blueprint.get("/quizzes/<quiz_id>/")
@allow(Policy.MEMBER)
def quiz(quiz_id: str) -> str:
    """Rules, my attempts, start."""
    page = queries.quiz_page(the_catalogue(), quiz_id, the_member(), now())
    if page.overdue_attempt is not None:
        _hand_in_overdue(page.overdue_attempt)
        page = queries.quiz_page(the_catalogue(), quiz_id, the_member(), now())
    return render_template("quizzes/quiz.html", page=page)


@blueprint.post("/quizzes/<quiz_id>/start")
@allow(Policy.MEMBER)
def start(quiz_id: str) -> ResponseReturnValue:
    """Start an attempt, or go on with the open one."""
    page = queries.quiz_page(the_catalogue(), quiz_id, the_member(), now())
    attempt_id = service.start_attempt(the_member(), page.quiz, now())
    return redirect(url_for(".attempt", attempt_id=attempt_id))


def _hand_in_overdue(attempt_id: str) -> None:
    """Hand in what stood at the deadline.

    The one change that reading a page makes: it is due whoever reads, and doing it twice changes nothing.
    """
    if service.close_if_overdue(the_member(), attempt_id, now()):
        flash(_("The time is up. Your attempt was handed in with the answers that were saved."))


def _open_sitting(attempt_id: str) -> Sitting | None:
    """The sitting; None once it is handed in, perhaps just now because its time is up."""
    try:
        return the_sitting(the_member(), attempt_id, now(), page=_page())
    except Overdue:
        _hand_in_overdue(attempt_id)
        return None


def _page() -> int:
    """Which question is asked for where each stands alone; 1 if it is not said."""
    asked = request.values.get("question", "")
    return int(asked) if re.fullmatch(r"[0-9]{1,4}", asked) else 1


@blueprint.get("/attempts/<attempt_id>")
@allow(Policy.MEMBER)
def attempt(attempt_id: str) -> ResponseReturnValue:
    """The sitting."""
    sitting = _open_sitting(attempt_id)
    if sitting is None:
        return redirect(url_for(".review", attempt_id=attempt_id))
    return _sitting_page(sitting)


def _sitting_page(sitting: Sitting, sent: SentPage | None = None, refused: DomainError | None = None) -> str:
    """The page; with what was sent and why it was refused, if it was."""
    return render_template(
        "quizzes/sitting.html",
        sitting=sitting,
        typed=sent.answers if sent else {},
        stale=refused.question_ids if isinstance(refused, StalePage) else frozenset(),
        problem=str(refused) if refused else None,
        token=attempt_token(the_member(), sitting.attempt_id),
        now=now(),
    )


@blueprint.put("/attempts/<attempt_id>/answers/<question_id>")
@allow(Policy.MEMBER)
def save_answer(attempt_id: str, question_id: str) -> ResponseReturnValue:
    """Save one answer as the person goes. Answers with the revision that is stored now."""
    return _save(the_member(), attempt_id, question_id)


@blueprint.put("/attempts/<attempt_id>/kept/<question_id>")
# The token in the header is no cookie: another site cannot send it.
@csrf.exempt  # type: ignore[untyped-decorator]
@allow(Policy.TOKEN)
def keep_answer(attempt_id: str, question_id: str) -> ResponseReturnValue:
    """Save one answer after the session has ended, by the token that the page of the attempt holds."""
    member = member_of_token(request.headers.get("X-Attempt-Token", ""), attempt_id)
    if member is None:
        abort(404)
    return _save(member, attempt_id, question_id)


def _save(member: Member, attempt_id: str, question_id: str) -> ResponseReturnValue:
    arrived = now()
    payload = AnswerPayload.read(request.get_data())
    try:
        revision = answering.save_answer(
            member,
            attempt_id,
            question_id,
            operation_id=payload.operation_id,
            revision=payload.revision,
            given=answering.Given(payload.value, payload.certainty),
            arrived=arrived,
            lease=payload.lease,
        )
    except StaleRevision as stale:
        found = {"revision": stale.revision, "value": stale.value, "certainty": stale.certainty}
        return jsonify(error=str(stale), **found), stale.status
    except LeaseLost as lost:
        return jsonify(error=str(lost), lease=True), lost.status
    return jsonify(revision=revision)


@blueprint.put("/attempts/<attempt_id>/lease/<page_id>")
@allow(Policy.MEMBER)
def take_lease(attempt_id: str, page_id: str) -> ResponseReturnValue:
    """Let one page save from now on; the one that saved before becomes read-only."""
    if not re.fullmatch(PAGE_ID, page_id):
        abort(404)
    service.take_lease(the_member(), attempt_id, page_id, now())
    return "", 204


@blueprint.post("/attempts/<attempt_id>/submit")
@allow(Policy.MEMBER)
def submit(attempt_id: str) -> ResponseReturnValue:
    """Save the page; then go on, later or elsewhere, check a question, look at what is unanswered, or hand in."""
    arrived = now()
    sent = read_page(request.form)
    try:
        return _act(attempt_id, sent, arrived)
    except TimeIsUp:
        flash(_("The time is up. Your attempt was handed in with the answers that were saved."))
        return _handed_in(attempt_id)
    except DomainError as refused:
        sitting = _open_sitting(attempt_id)
        if sitting is None:  # handed in from another tab in between
            return redirect(url_for(".review", attempt_id=attempt_id))
        return _sitting_page(sitting, sent, refused), refused.status


def _act(attempt_id: str, sent: SentPage, arrived: datetime) -> ResponseReturnValue:
    form, member = request.form, the_member()
    if question_id := form.get("check"):
        answering.check_question(member, attempt_id, question_id, sent.answers, arrived, sent.bases)
        return _back(attempt_id, _page(), question_id)
    if form.get("action") == "hand-in":
        service.submit(member, attempt_id, sent.answers, arrived, sent.bases)
        return _handed_in(attempt_id)
    answering.save_page(member, attempt_id, sent.answers, arrived, sent.bases)
    if question_id := moved_question(form):
        return _back(attempt_id, _page(), question_id)
    if go := form.get("go"):
        return _back(attempt_id, int(go) if re.fullmatch(r"[0-9]{1,4}", go) else 1)
    if form.get("action") == "later":
        flash(_("Your answers are saved. Come back and go on at any time."))
        return redirect(url_for("home.home"))
    return redirect(url_for(".check", attempt_id=attempt_id))


def _handed_in(attempt_id: str) -> ResponseReturnValue:
    """To the result, after what the attempt may have earned is given."""
    current_app.extensions["issue_what_is_due"](the_member())
    return redirect(url_for(".review", attempt_id=attempt_id))


def _back(attempt_id: str, page: int, question_id: str | None = None) -> ResponseReturnValue:
    """To the sitting again, at a question."""
    anchor = f"question-{question_id}" if question_id else None
    return redirect(url_for(".attempt", attempt_id=attempt_id, question=page if page > 1 else None, _anchor=anchor))


@blueprint.get("/attempts/<attempt_id>/check")
@allow(Policy.MEMBER)
def check(attempt_id: str) -> ResponseReturnValue:
    """What is unanswered, before handing in."""
    sitting = _open_sitting(attempt_id)
    if sitting is None:
        return redirect(url_for(".review", attempt_id=attempt_id))
    return render_template("quizzes/check.html", sitting=sitting)


@blueprint.get("/attempts/<attempt_id>/review")
@allow(Policy.MEMBER)
def review(attempt_id: str) -> ResponseReturnValue:
    """The result with feedback and explanations."""
    page = the_review(the_member(), attempt_id, now())
    if page is None:
        return redirect(url_for(".attempt", attempt_id=attempt_id))
    lessons = queries.lessons_of(the_catalogue(), page.quiz_id)
    return render_template("quizzes/review.html", page=page, lessons=lessons)
