"""Who may use a route. Every route declares its policy; the site does not start with one that has none."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any, TypeVar

import structlog
from flask import Flask, abort, current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from learning.web.identity import Person, Role, signed_in

log = structlog.get_logger()

View = TypeVar("View", bound=Callable[..., Any])


class Policy(Enum):
    """Who may use a route. The value says it in words."""

    PUBLIC = "anybody"
    READER = "anybody if lessons may be read without signing in, else members of an organization"
    TOKEN = "whoever holds the token of that one thing"
    SIGNED_IN = "whoever is signed in"
    MEMBER = "members of an organization"
    TRAINER = "trainers of an organization"
    MANAGER = "managers of an organization"
    STAFF = "trainers and managers of an organization"
    ADMINISTRATOR = "administrators of the site"
    DEVELOPMENT = "anybody, in development only"


class MissingPolicy(Exception):
    """A route declares no policy."""


def allow(policy: Policy) -> Callable[[View], View]:
    """Declare the policy of a view function."""

    def declare(view: View) -> View:
        view.policy = policy  # type: ignore[attr-defined]
        return view

    return declare


def policy_of(app: Flask, endpoint: str) -> Policy | None:
    """The policy declared on the view of an endpoint."""
    return getattr(app.view_functions[endpoint], "policy", None)


def require_policies(app: Flask) -> None:
    """Raise MissingPolicy, naming every route that declares none."""
    missing = [
        f"{rule.rule} ({rule.endpoint})" for rule in app.url_map.iter_rules() if policy_of(app, rule.endpoint) is None
    ]
    if missing:
        raise MissingPolicy("No policy is declared for: " + ", ".join(sorted(missing)) + ". Add @allow(Policy.…).")


def permits(policy: Policy, person: Person | None, *, open_reading: bool, development: bool) -> bool:
    """Whether a policy lets a person through."""
    match policy:
        case Policy.PUBLIC | Policy.TOKEN:
            return True
        case Policy.READER:
            return open_reading or (person is not None and person.role is not None)
        case Policy.SIGNED_IN:
            return person is not None
        case Policy.MEMBER:
            return person is not None and person.role is not None
        case Policy.TRAINER:
            return person is not None and person.role is Role.TRAINER
        case Policy.MANAGER:
            return person is not None and person.role is Role.MANAGER
        case Policy.STAFF:
            return person is not None and person.role in (Role.TRAINER, Role.MANAGER)
        case Policy.ADMINISTRATOR:
            return person is not None and person.is_administrator
        case Policy.DEVELOPMENT:
            return development


def enforce() -> Response | None:
    """Before every request: nobody comes through who may not.

    A stranger is sent to sign in and comes back; somebody without the right sees what a wrong address shows.
    """
    if request.endpoint is None:
        return None
    policy = policy_of(current_app, request.endpoint) or Policy.ADMINISTRATOR
    settings = current_app.extensions["settings"]
    # A public page does not ask who is there: anonymous routes must not touch the session. A token is its own right.
    person = None if policy in {Policy.PUBLIC, Policy.TOKEN} else signed_in()
    if permits(policy, person, open_reading=settings.read_without_sign_in, development=settings.development):
        return None
    if person is None and policy not in {Policy.DEVELOPMENT}:
        if request.method in {"GET", "HEAD"}:
            return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
        abort(401)
    if person is not None:
        log.warning("denied", endpoint=request.endpoint, user=person.id, organization=person.organization_id)
    abort(404)
