"""Pages that belong to no feature: privacy, health, the components in development."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from learning.extensions import db
from learning.web.policies import Policy, allow

blueprint = Blueprint("web", __name__)


@blueprint.get("/privacy")
@allow(Policy.PUBLIC)
def privacy() -> str:
    """What Headwater keeps of a person, and who sees it."""
    return render_template("web/privacy.html")


@blueprint.get("/healthz")
@allow(Policy.PUBLIC)
def healthz() -> ResponseReturnValue:
    """The process answers."""
    return "ok\n", 200, {"Content-Type": "text/plain; charset=utf-8"}


@blueprint.get("/readyz")
@allow(Policy.PUBLIC)
def readyz() -> ResponseReturnValue:
    """The database answers and content is published. Raises what ``web.errors`` shows as 503."""
    db.session.execute(text("SELECT 1"))
    current_app.extensions["catalogue"].get()
    return "ready\n", 200, {"Content-Type": "text/plain; charset=utf-8"}


@blueprint.get("/components")
@allow(Policy.DEVELOPMENT)
def components() -> str:
    """Every component in every state."""
    return render_template("web/components.html")
