"""Errors as pages: what happened, what to do; nothing typed is lost and nothing inside leaks."""

from __future__ import annotations

import secrets
import traceback
from pathlib import Path

import structlog
from flask import Flask, jsonify, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, SecurityError

from learning.errors import DomainError
from learning.web.anonymous import nobody_asks
from learning.web.catalogue import NoCatalogue
from learning.web.identity import ask_no_more

log = structlog.get_logger()

#: Fields that are never offered again on a page.
NEVER_REPEATED = {"csrf_token", "password", "new_password", "current_password", "repeat_password", "code"}


def _wants_json() -> bool:
    return request.is_json or request.headers.get("X-Requested-With") == "fetch"


def _page(status: int, title: str, text: str, **more: object) -> ResponseReturnValue:
    if _wants_json():
        return jsonify(error=text), status
    if nobody_asks():
        return render_template("answer/error.html", title=title, text=text, kiosk=_at_kiosk(), **more), status
    return render_template("web/error.html", title=title, text=text, status=status, **more), status


def _at_kiosk() -> bool:
    """Whether the page of anonymous answering was asked for on a device for many, which must stay in its own pages."""
    try:
        return request.form.get("kiosk") == "1" or request.path == url_for("answer.kiosk")
    except RequestEntityTooLarge:
        return False  # no form of ours


def _title(status: int) -> str:
    match status:
        case 404:
            return _("This page is not here")
        case 401:
            return _("Please sign in again")
        case 413:
            return _("That was too much at once")
        case 429:
            return _("Please wait a little")
        case 503:
            return _("Headwater is busy")
        case _ if status >= 500:
            return _("Something went wrong on our side")
        case _:
            return _("That did not work")


def _text(status: int) -> str:
    if nobody_asks() and (text := _text_for_nobody(status)):
        return text
    match status:
        case 404:
            return _(
                "The address may be mistyped, or the page is not for this account. Go back, or start from the home page."
            )
        case 405:
            return _("This address takes another kind of request. Go back and use the buttons of the page.")
        case 413:
            return _("What was sent is larger than Headwater accepts. Shorten it and send it again.")
        case 429:
            return _("There were too many tries in a short time. Wait a few minutes and try again.")
        case 503:
            return _(
                "It cannot save anything at this moment. Nothing you typed is lost: go back and send it again in a minute."
            )
        case _ if status >= 500:
            return _(
                "It has been noted. Go back and try again; if it happens again, tell your trainer the number below."
            )
        case _:
            return _("What was sent is not complete. Go back and try again.")


def _text_for_nobody(status: int) -> str:
    """In anonymous answering nobody has an account, a trainer or a number to tell; empty where the usual text fits."""
    match status:
        case 404:
            return _("The address may be mistyped. Begin at the first page, with your code.")
        case 503:
            return _(
                "It cannot take answers at this moment. Nothing that you answered is lost: send it again in a minute."
            )
        case _ if status >= 500:
            return _(
                "Nothing that you answered is lost. Send it again in a minute; if that does not help, try it later or on another device."
            )
        case _:
            return ""


def _domain_error(error: DomainError) -> ResponseReturnValue:
    if error.status == 404:
        return _page(404, _title(404), _text(404))
    return _page(error.status, _title(error.status), str(error))


def _csrf_error(error: CSRFError) -> ResponseReturnValue:
    """The page was older than the session: offer everything again, with a fresh token."""
    return _offer_again(
        400,
        _("This page had grown old"),
        _("You may have signed in or out in another tab. Nothing you typed is lost: send it again."),
    )


def _unauthorized(error: HTTPException) -> ResponseReturnValue:
    """The session ended: keep what was typed on the page while the person signs in."""
    return _offer_again(
        401,
        _title(401),
        _(
            "Your session has ended. Sign in in a new tab, then come back here and send it again: nothing you typed is lost."
        ),
    )


def _offer_again(status: int, title: str, text: str) -> ResponseReturnValue:
    fields = [(name, value) for name, value in request.form.items(multi=True) if name not in NEVER_REPEATED]
    return _page(status, title, text, again=request.method == "POST", fields=fields, sign_in=status == 401)


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None:
        return error.response
    status = error.code or 500
    return _page(status, _title(status), _text(status))


def _strange_host(error: SecurityError) -> ResponseReturnValue:
    """A request under a name that is not ours: no page, because its links cannot be built."""
    return "This is not an address of Headwater.\n", 400, {"Content-Type": "text/plain; charset=utf-8"}


def _busy(error: OperationalError) -> ResponseReturnValue:
    ask_no_more()
    log.error("database unavailable", reason=type(error.orig).__name__, **_where())
    response = make_response(_page(503, _title(503), _text(503), **_to_send_again()))
    response.headers["Retry-After"] = str(2 + secrets.randbelow(5))
    return response


def _where() -> dict[str, str]:
    """Where an error happened, for the log; of anonymous answering not even that."""
    return {} if nobody_asks() else {"path": request.path}


def _place(error: Exception) -> list[str]:
    """The kind of an error, and file and line of each step to it."""
    steps = traceback.extract_tb(error.__traceback__)
    return [type(error).__name__, *(f"{Path(step.filename).name}:{step.lineno}" for step in steps)]


def _to_send_again() -> dict[str, object]:
    """In anonymous answering the form is the only place where the answers are: it comes back whole."""
    return {"fields": list(request.form.items(multi=True))} if nobody_asks() else {}


def _no_catalogue(error: NoCatalogue) -> ResponseReturnValue:
    log.error("no content published")
    return _page(503, _title(503), _("The lessons are being prepared. Try again in a minute."))


def _unexpected(error: Exception) -> ResponseReturnValue:
    if nobody_asks():
        # Neither the address nor the text of the error, which may hold what was sent: only where in our code. And no
        # number: whoever told it to somebody would tell when they answered.
        log.error("unexpected error in anonymous answering", at=_place(error))
        return _page(500, _title(500), _text(500), **_to_send_again())
    number = secrets.token_hex(4)
    log.exception("unexpected error", number=number, path=request.path)
    if isinstance(error, SQLAlchemyError):
        ask_no_more()
    return _page(500, _title(500), _text(500), number=number)


def init_errors(app: Flask) -> None:
    """Show every error as a page of the site."""
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(401, _unauthorized)
    app.register_error_handler(SecurityError, _strange_host)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _busy)
    app.register_error_handler(NoCatalogue, _no_catalogue)
    app.register_error_handler(Exception, _unexpected)
