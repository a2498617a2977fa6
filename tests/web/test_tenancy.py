"""Two organizations on one site: whatever belongs to one does not exist for the other."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from learning.database import new_id
from learning.web.policies import Policy
from tests.conftest import Company
from tests.web.routes import (
    OF_THE_SITE,
    OWNED,
    PERSONAL,
    SECRET,
    Route,
    content_values,
    database_text,
    masked,
    request_body,
    routes,
    token_of,
)

ClientFor = Callable[[str | None], FlaskClient]

#: Who of an organization may use a route, by its policy.
WHO = {
    Policy.READER: ("learner", "trainer", "manager"),
    Policy.SIGNED_IN: ("learner", "trainer", "manager"),
    Policy.MEMBER: ("learner", "trainer", "manager"),
    Policy.TRAINER: ("trainer",),
    Policy.MANAGER: ("manager",),
    Policy.STAFF: ("trainer", "manager"),
}


def routes_of_owned_things(app: Flask) -> list[Route]:
    """A route whose right is a token of that one thing has tests of its own: tests/quizzes/test_tokens.py."""
    return [route for route in routes(app) if route.parameters & OWNED.keys() and route.policy is not Policy.TOKEN]


def make_ids(app: Flask, route: Route, company: Company, owner: str) -> dict[str, str]:
    """A fresh thing for each parameter of a route that names one."""
    with app.app_context():
        return {name: OWNED[name](company, owner) for name in sorted(route.parameters & OWNED.keys())}


def test_every_parameter_of_every_route_has_a_maker(app: Flask) -> None:
    with app.app_context():
        for route in routes(app):
            known = OWNED.keys() | SECRET | OF_THE_SITE | content_values(route).keys()
            unknown = sorted(route.parameters - known)
            assert not unknown, f"{route}: tell tests/web/routes.py what {', '.join(unknown)} is and how to make one"


def test_a_route_of_an_owned_thing_is_not_for_everybody(app: Flask) -> None:
    for route in routes_of_owned_things(app):
        assert route.policy in WHO, f"{route} is {route.policy.name}"


def test_a_thing_of_another_organization_does_not_exist(
    app: Flask, company: Company, other_company: Company, client_for: ClientFor
) -> None:
    """Every route with an id, every role that may use it: like a random id, and nothing is changed."""
    browsers = {who: client_for(getattr(company, who)) for who in ("learner", "trainer", "manager")}
    tokens = {who: token_of(browser) for who, browser in browsers.items()}
    wrong = []
    tried = 0
    things = [
        (route, make_ids(app, route, other_company, other_company.learner)) for route in routes_of_owned_things(app)
    ]
    before = database_text(app)
    for route, foreign in things:
        with app.app_context():
            content = content_values(route)
        random = {name: new_id() for name in foreign}
        for who in WHO[route.policy]:
            answers = []
            for ids in (foreign, random, dict.fromkeys(foreign, "x' OR 1=1 --")):
                path = route.path(app, **content, **ids)
                body = request_body(route, tokens[who])
                response = browsers[who].open(path, method=route.method, **body)
                answers.append((response.status_code, masked(response.text, *ids.values())))
                tried += 1
            if {status for status, _ in answers} != {404}:
                wrong.append(f"{who} on {route}: {[status for status, _ in answers]}")
            elif len(set(answers)) > 1:
                wrong.append(f"{who} on {route}: the pages differ")
    assert not wrong, "\n".join(wrong)
    assert database_text(app) == before
    assert tried > 60


def test_a_thing_of_a_colleague_does_not_exist(app: Flask, company: Company, client_for: ClientFor) -> None:
    """Attempts, self-assessments and sessions are their owner's: not even a trainer or a manager finds them."""
    browsers = {who: client_for(getattr(company, who)) for who in ("trainer", "manager")}
    tokens = {who: token_of(browser) for who, browser in browsers.items()}
    wrong = []
    personal = [route for route in routes_of_owned_things(app) if route.parameters & PERSONAL]
    things = [(route, make_ids(app, route, company, company.learner)) for route in personal]
    before = database_text(app)
    for route, ids in things:
        with app.app_context():
            content = content_values(route)
        for who in set(WHO[route.policy]) & set(browsers):
            path = route.path(app, **content, **ids)
            response = browsers[who].open(path, method=route.method, **request_body(route, tokens[who]))
            if response.status_code != 404:
                wrong.append(f"{who} on {route}: {response.status_code}")
    assert not wrong, "\n".join(wrong)
    assert database_text(app) == before


def test_ones_own_things_are_there(app: Flask, company: Company, client_for: ClientFor) -> None:
    """The control: with ids of one's own the same requests do find something, so the tests above mean something."""
    missing = []
    for route in routes_of_owned_things(app):
        who = WHO[route.policy][0]
        owner = getattr(company, who)
        ids = make_ids(app, route, company, owner)
        with app.app_context():
            content = content_values(route)
        browser = client_for(owner)
        body = request_body(route, token_of(browser))
        response = browser.open(route.path(app, **content, **ids), method=route.method, **body)
        if response.status_code == 404 or response.status_code >= 500:
            missing.append(f"{who} on {route}: {response.status_code}")
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize("mark", ["%00", "a%00b"])
def test_an_address_with_a_nul_is_not_found_on_every_backend(
    app: Flask, company: Company, client_for: ClientFor, mark: str
) -> None:
    manager = client_for(company.manager)
    for path in (f"/organization/people/{mark}", f"/organization/people?q={mark}", f"/attempts/{mark}"):
        assert manager.get(path).status_code == 404


def test_reading_changes_nothing(app: Flask, company: Company, administrator: str, client_for: ClientFor) -> None:
    """Every page that somebody may open, with real ids: the database is the same afterwards."""
    people = {"learner": company.learner, "trainer": company.trainer, "manager": company.manager}
    browsers = {who: client_for(user_id) for who, user_id in people.items()} | {
        "administrator": client_for(administrator)
    }
    pages = []
    for route in routes(app):
        if route.method != "GET":
            continue
        who = "administrator" if route.policy is Policy.ADMINISTRATOR else WHO.get(route.policy, ("learner",))[0]
        ids = make_ids(app, route, company, people.get(who, company.learner)) | {"organization_id": company.id}
        with app.app_context():
            pages.append((who, route, route.path(app, **content_values(route), **ids)))
    before = database_text(app)
    for who, route, path in pages:
        response = browsers[who].get(path)
        assert response.status_code < 500, f"{who} on {route}: {response.status_code}"
    assert database_text(app) == before, [str(route) for _, route, _ in pages]
