"""Pages of practice: one's own, and those of whoever confirms what others handed in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from flask import Blueprint, Response, current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learning.accounts.qr import draw
from learning.clock import now
from learning.config import Settings
from learning.content.model import Lesson
from learning.errors import NotFound
from learning.practice import deciding, queries, service
from learning.practice.deciding import Confirmer
from learning.practice.errors import ChangedMeanwhile, Confirmed, DecidedAlready, NothingHandedIn, PhotoMuchTooLarge
from learning.practice.forms import DecisionForm, HandInForm, too_large_text
from learning.practice.models import PracticeState
from learning.practice.photos import MOST_SENT
from learning.practice.queries import QueueFilter
from learning.web.catalogue import the_catalogue
from learning.web.identity import Role, the_member, the_person
from learning.web.policies import Policy, allow
from learning.web.public_url import public_url_for

blueprint = Blueprint("practice", __name__, url_prefix="/practice")

#: What a request may hold where a photo is sent: more than a photo may have, so that one that is somewhat too large is
#: told so on its page, with the text. Pages with scripts measure it before anything is sent.
MOST_REQUEST = 2 * MOST_SENT


@blueprint.url_value_preprocessor
def accept_photos(endpoint: str | None, values: Mapping[str, object] | None) -> None:
    """Stands before everything that reads the form. Raises PhotoMuchTooLarge."""
    if endpoint == "practice.hand_in":
        request.max_content_length = MOST_REQUEST
        if (request.content_length or 0) > MOST_REQUEST:
            raise PhotoMuchTooLarge


def confirmer_asking() -> Confirmer:
    """Whoever asks, as somebody who may confirm."""
    return Confirmer(the_member(), trains=the_person().role is Role.TRAINER)


@blueprint.get("/")
@allow(Policy.MEMBER)
def mine() -> str:
    """What I handed in, and whether something of colleagues waits for me."""
    confirmer = confirmer_asking()
    return render_template(
        "practice/mine.html",
        rows=queries.my_practice(the_member(), the_catalogue()),
        lessons=[each for each in the_catalogue().lessons.values() if each.practice],
        waiting=queries.waiting_for(confirmer),
        queue=queue_address(confirmer),
    )


@blueprint.route("/tasks/<task_id>", methods=["GET", "POST"])
@allow(Policy.MEMBER)
def hand_in(task_id: str) -> ResponseReturnValue:
    """A task: hand in what was done, and see what became of it."""
    member, lesson = the_member(), _lesson_of(task_id)
    found = queries.of_task(member, task_id, the_catalogue())
    form = HandInForm(data={"text": found.text if found else ""})
    problem, status = None, 200 if request.method == "GET" else 422
    if request.method == "POST" and form.validate():
        photo = form.shrunk_photo()
        if not form.photo.errors:
            try:
                keep = not form.drop_photo.data
                service.hand_in(member, lesson, form.text.data, photo, _folder(), now(), keep_photo=keep)
            except (NothingHandedIn, Confirmed) as error:
                problem, status = str(error), error.status
                # Confirmed while it was being changed, perhaps: the page shows it as it stands now.
                found = queries.of_task(member, task_id, the_catalogue())
            else:
                flash(_("It is handed in. Show the code below to whoever confirms it, or wait."), "success")
                return redirect(url_for(".hand_in", task_id=task_id))
    waits = found is not None and found.state is PracticeState.HANDED_IN
    code = draw(public_url_for("practice.decide", handed_id=found.id)) if found and waits else None
    page = render_template(
        "practice/task.html",
        lesson=lesson,
        found=found,
        form=form,
        problem=problem,
        code=code,
        most_bytes=MOST_SENT,
        too_large=too_large_text(),
    )
    return page, status


@blueprint.get("/<practice_id>/photo.jpg")
@allow(Policy.MEMBER)
def photo(practice_id: str) -> ResponseReturnValue:
    """A photo of one's own."""
    return _picture(queries.my_photo(the_member(), practice_id, _folder()))


@blueprint.post("/<practice_id>/photo/delete")
@allow(Policy.MEMBER)
def delete_photo(practice_id: str) -> ResponseReturnValue:
    """Delete a photo of one's own; a confirmation stays."""
    service.delete_photo(the_member(), practice_id, _folder())
    flash(_("The photo is deleted."), "success")
    return redirect(url_for(".mine"))


@blueprint.post("/<practice_id>/take-back")
@allow(Policy.MEMBER)
def take_back(practice_id: str) -> ResponseReturnValue:
    """Delete what one handed in, while it is not confirmed."""
    service.take_back(the_member(), practice_id, _folder())
    flash(_("It is taken back, and its text and photo are deleted."), "success")
    return redirect(url_for(".mine"))


@blueprint.get("/to-confirm/")
@allow(Policy.MEMBER)
def to_confirm() -> str:
    """What waits for a colleague who was named, or for a trainer."""
    page = queries.queue(confirmer_asking(), QueueFilter(after=request.args.get("after", "")), the_catalogue())
    return render_template("practice/to_confirm.html", page=page)


@blueprint.route("/to-confirm/<handed_id>", methods=["GET", "POST"])
@allow(Policy.MEMBER)
def decide(handed_id: str) -> ResponseReturnValue:
    """What somebody handed in: look at it, and confirm or return it. The code on their page leads here."""
    confirmer = confirmer_asking()
    found = queries.to_decide(confirmer, handed_id, the_catalogue())
    form = DecisionForm()
    problem = None
    if request.method == "POST" and form.validate():
        sent = request.form.get("revision", "")
        revision = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 7 else 0
        returned = request.form.get("decision") == "return"
        if returned and not form.note.data:
            form.note.errors = [_("Say what is missing: the person reads it.")]
        else:
            verb = deciding.send_back if returned else deciding.confirm
            try:
                decided = verb(confirmer, handed_id, revision, form.note.data, now())
            except (ChangedMeanwhile, DecidedAlready) as error:
                problem = str(error)
                found = queries.to_decide(confirmer, handed_id, the_catalogue())
            else:
                if returned:
                    flash(_("Returned to %(name)s with your note.", name=found.name), "success")
                else:
                    issue = current_app.extensions["issue_certificates"]
                    issue(decided.person, the_catalogue(), now(), decided.lesson_id)
                    flash(_("Confirmed for %(name)s.", name=found.name), "success")
                return redirect(queue_address(confirmer))
    page = render_template(
        "practice/decide.html",
        found=found,
        form=form,
        problem=problem,
        state=PracticeState,
        queue=queue_address(confirmer),
        trains=confirmer.trains,
        own=found.user_id == confirmer.member.user_id,
    )
    return page, 200 if request.method == "GET" else 422


@blueprint.get("/to-confirm/<handed_id>/photo.jpg")
@allow(Policy.MEMBER)
def photo_to_confirm(handed_id: str) -> ResponseReturnValue:
    """The photo of what somebody else handed in."""
    return _picture(queries.photo_to_decide(confirmer_asking(), handed_id, _folder()))


@blueprint.post("/to-confirm/<handed_id>/photo/delete")
@allow(Policy.TRAINER)
def remove_photo(handed_id: str) -> ResponseReturnValue:
    """Delete a photo that should not be there."""
    deciding.remove_photo(the_member(), handed_id, _folder())
    flash(_("The photo is deleted."), "success")
    return redirect(url_for(".decide", handed_id=handed_id))


def queue_address(confirmer: Confirmer) -> str:
    """The list to which somebody goes back."""
    return url_for("teaching.practice") if confirmer.trains else url_for("practice.to_confirm")


def _lesson_of(task_id: str) -> Lesson:
    lesson = the_catalogue().lesson_with_task(task_id)
    if lesson is None:
        raise NotFound
    return lesson


def _folder() -> Path:
    settings: Settings = current_app.extensions["settings"]
    return settings.photos


def _picture(data: bytes) -> Response:
    """Made by ourselves, and told so: a browser neither guesses nor keeps it."""
    response = make_response(data)
    response.headers["Content-Type"] = "image/jpeg"
    response.headers["Content-Disposition"] = 'inline; filename="photo.jpg"'
    response.headers["Cache-Control"] = "no-store"
    return response
