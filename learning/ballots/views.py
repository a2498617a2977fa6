"""The pages of anonymous answering. They know nobody: no session, no cookie (``web.anonymous``), no address, no log.

Everything somebody says travels in their own form from page to page; only sending at the end keeps anything. A code that
cannot be used is told from a mistyped one only, and in the same words whatever the reason.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learning.ballots import codes, pages, service
from learning.ballots.padding import pad
from learning.ballots.sent import CARRIED, Walk, answers_of, completed, fits, read_walk, with_page
from learning.ballots.service import CodeUnusable, OpenWave, Sent
from learning.clock import now
from learning.psychometrics.responses import Answer
from learning.web.anonymous import PREFIX
from learning.web.policies import Policy, allow

blueprint = Blueprint("answer", __name__, url_prefix=PREFIX)

#: A form with every answer has less than 3 kB.
LARGEST_FORM = 16 * 1024


@blueprint.before_request
def _limit_form() -> None:
    request.max_content_length = LARGEST_FORM


@blueprint.after_request
def _hide_length(response: Response) -> Response:
    """Whoever watches the line sees lengths. What only is asked for is the same for everybody."""
    if request.method != "POST":
        return response
    step = request.endpoint == "answer.walk" and response.status_code == 200 and request.form.get("go") != pages.CHECK
    return pad(response, steps=1 if step else 2)


@blueprint.get("/")
@allow(Policy.PUBLIC)
def start() -> str:
    """Where the code is typed. Opening it counts nothing."""
    return _start(Walk())


@blueprint.get("/kiosk")
@allow(Policy.PUBLIC)
def kiosk() -> str:
    """The same on a device that many use one after another: it clears itself and stores nothing."""
    return _start(Walk(kiosk=True))


def _start(walk: Walk, problem: str = "") -> str:
    # The page that was sent may hold answers that no wave was there to read.
    unread = [(name, value) for name, value in request.form.items() if name not in CARRIED and name != "go"]
    return render_template("answer/start.html", walk=walk, problem=problem, unread=unread)


@blueprint.post("/")
@allow(Policy.PUBLIC)
def walk() -> ResponseReturnValue:
    """Go to a step of the way. Nothing is kept."""
    carried = read_walk(request.form)
    if codes.read_code(carried.code) is None:
        return _mistyped(carried)
    if carried.kiosk and carried.response_key and service.personal_result(codes.shown(carried.response_key)):
        return _sent_before()  # whoever comes next went back to a page of the one before
    try:
        wave, carried = _found(carried)
    except CodeUnusable as unusable:
        return _unusable(carried, unusable)
    return pages.show(wave, carried, request.form.get("go", pages.INTRO))


@blueprint.post("/send")
@allow(Policy.PUBLIC)
def send() -> ResponseReturnValue:
    """Send the answers and show one's own result. The same form sent again does nothing more."""
    carried = read_walk(request.form)
    if not carried.asks:
        return walk()  # a form that has not come all the way sends nothing
    if codes.read_code(carried.code) is None:
        return _mistyped(carried)
    try:
        wave, carried = _found(carried)
        answers = answers_of(carried, wave.instrument)
        receipt = service.submit(
            Sent(
                code=carried.code,
                permit=carried.permit,
                response_key=carried.response_key,
                answers=answers,
                trust=int(carried.trust) if carried.trust else None,
            ),
            now(),
        )
    except CodeUnusable as unusable:
        # Perhaps it was kept before the wave closed, and only the word of it was lost on the way.
        return _kept_result(carried, None, again=True) or _unusable(carried, unusable)
    return _kept_result(carried, answers, again=receipt.again) or _unusable(carried, CodeUnusable())


def _kept_result(carried: Walk, answers: Mapping[str, Answer] | None, *, again: bool) -> str | None:
    """One's own result, of what is kept: a form that is sent ``again`` may say other things by now. None if there is none.

    At a kiosk whoever comes next can go back to this form; only the script, which keeps no way back, is shown it again.
    """
    private_code = codes.shown(carried.response_key)
    own = service.personal_result(private_code)
    if own is None:
        return None
    if again and carried.kiosk and request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate":
        return _sent_before()
    changed = answers is not None and answers != own.answers
    return pages.show_result(own, private_code, kiosk=carried.kiosk, sent=True, changed=changed)


def _sent_before() -> str:
    """At a kiosk: the form was sent, and nothing of it is shown again."""
    return render_template("answer/sent_before.html", kiosk=True)


def _found(carried: Walk) -> tuple[OpenWave, Walk]:
    """The wave of the code, and all that was said by now. Raises CodeUnusable, also for a wave that asks other things."""
    wave = service.open_wave_of(carried.code)
    if wave is None or not fits(carried, wave.instrument):
        raise CodeUnusable
    return wave, with_page(completed(carried, wave.instrument), wave.instrument, request.form)


def _mistyped(carried: Walk) -> ResponseReturnValue:
    problem = (
        _("A letter or a number of the code is mistyped. Compare it with your card or mail.")
        if carried.code
        else _("Type the code that stands on your card or in your mail.")
    )
    return _start(carried, problem), 422


def _unusable(carried: Walk, unusable: CodeUnusable) -> ResponseReturnValue:
    """Used, unknown, of another wave or closed: the same words, and everything that was said is still in the form."""
    problem = _(
        "This code cannot be used: it was used before, was never given out, or the time for answering is over. Which of these it is, nobody can tell. If you pressed Send before, your answers may have arrived then. If you have another code, type it here."
    )
    return _start(carried, problem), unusable.status


@blueprint.get("/result")
@allow(Policy.PUBLIC)
def private_code() -> str:
    """Where the private code is typed."""
    return render_template("answer/private_code.html", typed="", problem="")


@blueprint.post("/result")
@allow(Policy.PUBLIC)
def result() -> ResponseReturnValue:
    """One's own result again, by the private code."""
    typed = request.form.get("private_code", "")[:100].strip()
    problem, status = "", 200
    if codes.read_private_code(typed) is None:
        problem, status = (
            _("A letter or a number of the private code is mistyped. Compare it with what you wrote down."),
            422,
        )
    elif (found := service.personal_result(typed)) is None:
        problem, status = _("There is no result for this private code."), 404
    else:
        return pages.show_result(found, typed)
    return render_template("answer/private_code.html", typed=typed, problem=problem), status
