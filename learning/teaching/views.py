"""The trainer's pages."""

from __future__ import annotations

from datetime import timedelta

from flask import render_template, request

from learning.clock import now
from learning.teaching import queries
from learning.teaching.blueprint import blueprint
from learning.teaching.notes import notes_on
from learning.web.catalogue import the_catalogue
from learning.web.identity import the_member
from learning.web.policies import Policy, allow

ACTIVE_WITHIN = timedelta(days=7)


@blueprint.get("/")
@allow(Policy.TRAINER)
def people() -> str:
    """How far everyone is."""
    department_id = request.args.get("department") or None
    name_contains = request.args.get("name", "").strip()[:100]
    page = queries.people_page(
        the_member().organization_id,
        the_catalogue(),
        after=request.args.get("after") or None,
        active_since=now() - ACTIVE_WITHIN,
        department_id=department_id,
        name_contains=name_contains,
    )
    return render_template("teaching/people.html", page=page, department_id=department_id, name_contains=name_contains)


@blueprint.get("/people/<user_id>")
@allow(Policy.TRAINER)
def learner(user_id: str) -> str:
    """One person's record."""
    member = the_member()
    page = queries.learner_page(member.organization_id, user_id, the_catalogue(), request.args.get("before", ""))
    return render_template("teaching/learner.html", page=page, user_id=user_id, notes=notes_on(member, user_id))
