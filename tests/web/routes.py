"""What tests over all routes share: every route and method, values for their parameters, the whole database as text.

A new route is tested without a line here, as long as its parameters are known. A new parameter needs a maker
in OWNED (its thing belongs to an organization), CONTENT (it comes from the catalogue) or SECRET (it is a right
by itself); a test fails until it has one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from learning.accounts.models import Department, Invitation, JoinLink, Membership, User, UserSession
from learning.accounts.sessions import start_session
from learning.accounts.tokens import new_token, token_hash
from learning.assessments import service as assessments
from learning.assessments.actions import add_action
from learning.clock import now
from learning.content.model import Catalogue
from learning.database import new_id, unit_of_work
from learning.extensions import db
from learning.quizzes import service as quizzes
from learning.web.catalogue import the_catalogue
from learning.web.identity import Member, Role
from learning.web.policies import Policy, policy_of
from tests.conftest import Company, csrf_token

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
ROLES = ("stranger", "learner", "trainer", "manager", "administrator")


@dataclass(frozen=True)
class Route:
    """One method of one route."""

    method: str
    rule: Rule
    policy: Policy

    def __str__(self) -> str:
        return f"{self.method} {self.rule.rule}"

    @property
    def endpoint(self) -> str:
        return str(self.rule.endpoint)

    @property
    def parameters(self) -> frozenset[str]:
        return frozenset(self.rule.arguments)

    def path(self, app: Flask, **values: str) -> str:
        """Its address with these values; parameters that have none get "x"."""
        given = {name: values.get(name, "x") for name in self.parameters}
        return str(app.url_map.bind("").build(self.endpoint, given, method=self.method))


def routes(app: Flask) -> Iterator[Route]:
    """Every route with each of its methods."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint)):
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            policy = policy_of(app, rule.endpoint)
            assert policy, f"{rule.rule} declares no policy"
            yield Route(method, rule, policy)


def clients(
    client_for: Callable[[str | None], FlaskClient], company: Company, administrator: str
) -> dict[str, FlaskClient]:
    """A browser for each role."""
    return {
        "stranger": client_for(None),
        "learner": client_for(company.learner),
        "trainer": client_for(company.trainer),
        "manager": client_for(company.manager),
        "administrator": client_for(administrator),
    }


def token_of(client: FlaskClient) -> str:
    """A CSRF token of this browser, from a page that strangers and people can open alike."""
    return csrf_token(client, "/people/forgotten")


def stub_views(app: Flask) -> list[str]:
    """Replace every view by one that only notes that it was reached; its policy stays."""
    reached: list[str] = []

    def stub(endpoint: str, view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def note(**values: str) -> str:
            reached.append(endpoint)
            return "reached"

        return note

    for endpoint, view in list(app.view_functions.items()):
        app.view_functions[endpoint] = stub(endpoint, view)
    return reached


def database_text(app: Flask) -> str:
    """A hash over every row of every table."""
    digest = hashlib.sha256()
    with app.app_context():
        for table in db.metadata.sorted_tables:
            rows = sorted(repr(tuple(row)) for row in db.session.execute(select(table)))
            digest.update(repr((table.name, rows)).encode())
    return digest.hexdigest()


def masked(body: str, *values: str) -> str:
    """A page without what differs from request to request: CSRF tokens, and the values that were sent."""
    text = re.sub(r'(csrf[-_]token"[^>]*(?:value|content)=")[^"]+', r"\1", body)
    for value in values:
        text = text.replace(value, "…")
    return text


# --- makers: (company, user_id) -> id; user_id is the person whose thing it is --------------------------------

Maker = Callable[[Company, str], str]


def _user(company: Company, user_id: str) -> str:
    with unit_of_work() as session:
        user = User(name="Made for a test", sign_in_name=f"test-{new_id()}", created_at=now())
        session.add(user)
        session.flush()
        session.add(Membership(organization_id=company.id, user_id=user.id, role=Role.LEARNER, joined_at=now()))
        return user.id


def _department(company: Company, user_id: str) -> str:
    with unit_of_work() as session:
        department = Department(organization_id=company.id, name=f"Made {new_id()}")
        session.add(department)
        session.flush()
        return department.id


def _session(company: Company, user_id: str) -> str:
    with unit_of_work() as session:
        token = start_session(session, session.get_one(User, user_id), now())
        session.flush()
        return session.scalars(select(UserSession.id).where(UserSession.token_hash == token_hash(token))).one()


def _invitation(company: Company, user_id: str) -> str:
    with unit_of_work() as session:
        invitation = Invitation(
            organization_id=company.id,
            email=f"{new_id()}@example.org",
            name="Made for a test",
            role=Role.LEARNER,
            token_hash=token_hash(new_token()),
            created_at=now(),
            expires_at=now() + timedelta(days=7),
        )
        session.add(invitation)
        session.flush()
        return invitation.id


def _link(company: Company, user_id: str) -> str:
    with unit_of_work() as session:
        link = JoinLink(
            organization_id=company.id,
            token_hash=token_hash(new_token()),
            maximum_uses=5,
            created_at=now(),
            expires_at=now() + timedelta(days=7),
        )
        session.add(link)
        session.flush()
        return link.id


def _attempt(company: Company, user_id: str) -> str:
    quiz = next(iter(the_catalogue().quizzes.values()))
    return quizzes.start_attempt(Member(user_id, company.id), quiz, now())


def _assessment(company: Company, user_id: str) -> str:
    instrument_id = next(iter(the_catalogue().instruments))
    return assessments.start(Member(user_id, company.id), instrument_id, the_catalogue(), now())


def _action(company: Company, user_id: str) -> str:
    member, assessment_id = Member(user_id, company.id), _assessment(company, user_id)
    assessments.finish(member, assessment_id, now())
    return add_action(member, assessment_id, "Made for a test", None, now())


#: Things of an organization: from another one they must look as if they did not exist.
OWNED: dict[str, Maker] = {
    "user_id": _user,
    "department_id": _department,
    "session_id": _session,
    "invitation_id": _invitation,
    "link_id": _link,
    "attempt_id": _attempt,
    "assessment_id": _assessment,
    "action_id": _action,
}
#: Of these, things of one person: a colleague must not find them either.
PERSONAL = {"session_id", "attempt_id", "assessment_id", "action_id"}
#: Things of the site, for administrators only.
OF_THE_SITE = {"organization_id"}
#: Links that are a right by themselves: whoever has one may use it.
SECRET = {"token"}


def _first_lesson(catalogue: Catalogue) -> dict[str, str]:
    course = next(iter(catalogue.courses.values()))
    part = course.modules[0]
    return {"course_id": course.id, "module_id": part.module_id, "lesson_id": part.lesson_ids[0]}


def content_values(route: Route) -> dict[str, str]:
    """Values of the parameters that come from the catalogue, which fit together."""
    catalogue = the_catalogue()
    quiz = next(iter(catalogue.quizzes.values()))
    instrument = next(iter(catalogue.instruments.values()))
    values = {
        **_first_lesson(catalogue),
        "quiz_id": quiz.id,
        "question_id": quiz.questions[0].id,
        "instrument_id": instrument.id,
        "dimension_id": instrument.dimensions[0].id,
        "item_id": instrument.dimensions[0].items[0].id,
        "name": "",
        "page_id": "page-1",
    }
    if "name" in route.parameters and catalogue.figures:
        figure = catalogue.figures[0]
        values |= {"module_id": figure.module_id, "name": figure.name}
    return {name: value for name, value in values.items() if name in route.parameters}


#: Bodies of requests that a view reads before it looks for the thing itself.
BODIES: dict[str, dict[str, Any]] = {
    "quizzes.save_answer": {"json": {"operation_id": "op-1", "revision": 1, "value": ["x"]}},
    "assessments.save_answer": {"json": {"operation_id": "op-1", "revision": 1, "value": ["1"]}},
}


def request_body(route: Route, token: str) -> dict[str, Any]:
    """What is sent along: the CSRF token, and a body where the view needs one."""
    if route.method not in UNSAFE:
        return {}
    return {"headers": {"X-CSRFToken": token}, **BODIES.get(route.endpoint, {})}
