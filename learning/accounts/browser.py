"""What is exchanged with the browser: who knocks, and the cookies that a signed-in person gets."""

from __future__ import annotations

import re

from flask import Flask, abort, current_app, redirect, request, session, url_for
from flask_login import login_user
from werkzeug.wrappers import Response

from learning.accounts.authentication import SignedIn, Visitor
from learning.accounts.devices import KNOWN_FOR
from learning.accounts.sessions import IDLE_OWN_DEVICE, end_token, load_person, renew_session
from learning.clock import now
from learning.extensions import login_manager
from learning.web.identity import Person, signed_in
from learning.web.policies import Policy, policy_of
from learning.web.redirects import own_path
from learning.web.requests import SAFE

_BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


def device_cookie_name() -> str:
    """Name of the cookie by which a browser is known again."""
    return "__Host-headwater-device" if current_app.extensions["settings"].secure else "headwater-device"


def the_visitor() -> Visitor:
    """The browser that makes this request."""
    return Visitor(
        address=request.remote_addr or "",
        device=request.cookies.get(device_cookie_name()),
        description=describe(request.user_agent.string),
    )


def describe(user_agent: str) -> str:
    """Browser and system in words, as far as they can be told."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if re.search(mark, user_agent)), "")
    return ", ".join(filter(None, (browser, system)))


def let_in(signed: SignedIn, target: str | None = None) -> Response:
    """Give the browser its cookies and send it on. Everything the old session held is gone."""
    before = session.get("_user_id")
    session.clear()
    if before:
        end_token(before)
    person = load_person(signed.token, now()) or abort(404)
    login_user(person)
    session.permanent = signed.own_device
    response = redirect(own_path(target) or url_for("home.home"))
    response.set_cookie(
        device_cookie_name(),
        signed.device,
        max_age=KNOWN_FOR,
        path="/",
        secure=current_app.extensions["settings"].secure,
        httponly=True,
        samesite="Lax",
    )
    return response


def let_out(response: Response) -> Response:
    """Clear the session cookie and what the browser keeps of the pages; the device stays known."""
    session.clear()
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _renew() -> None:
    """Before a request that changes something: the session lives on. Reading never writes."""
    if request.method in SAFE or request.endpoint is None:
        return
    if policy_of(current_app, request.endpoint) in {None, Policy.PUBLIC}:
        return
    person = signed_in()
    if person is not None and person.renewal_due:
        renew_session(person, now())
        session.modified = True  # a lasting cookie is sent again, so that it lives as long as the session


def _load(token: str) -> Person | None:
    return load_person(token, now())


def init_accounts(app: Flask) -> None:
    """Load the signed-in person of each request, and keep their session alive."""
    app.config["PERMANENT_SESSION_LIFETIME"] = IDLE_OWN_DEVICE
    login_manager.user_loader(_load)
    app.before_request(_renew)
