"""Who may use which route: every role on every route, generated from the routes themselves."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from learning import create_app
from learning.accounts import views
from learning.extensions import csrf
from learning.web.anonymous import PREFIX, is_anonymous
from learning.web.policies import MissingPolicy, Policy, policy_of, require_policies
from tests.conftest import Company
from tests.web.routes import ROLES, UNSAFE, clients, database_text, masked, routes, stub_views, token_of

ClientFor = Callable[[str | None], FlaskClient]
EVERYBODY = set(ROLES)
MEMBERS = {"learner", "trainer", "manager"}

#: Written down here once more, and not taken from the code, so that the two can disagree.
MAY = {
    Policy.PUBLIC: EVERYBODY,
    Policy.TOKEN: EVERYBODY,
    Policy.READER: EVERYBODY,
    Policy.SIGNED_IN: EVERYBODY - {"stranger"},
    Policy.MEMBER: MEMBERS,
    Policy.TRAINER: {"trainer"},
    Policy.MANAGER: {"manager"},
    Policy.STAFF: {"trainer", "manager"},
    Policy.ADMINISTRATOR: {"administrator"},
    Policy.DEVELOPMENT: set[str](),
}


def outcome(response: TestResponse, reached: bool) -> str:
    """What happened to a request, in one word."""
    if reached:
        return "let in"
    if response.status_code == 302 and response.headers["Location"].startswith("/people/sign-in?next="):
        return "sent to sign in"
    return {401: "asked to sign in", 404: "not found"}.get(response.status_code, f"answered {response.status_code}")


def expected(policy: Policy, role: str, method: str, *, open_reading: bool) -> str:
    """What must happen, by the table above."""
    may = MEMBERS if policy is Policy.READER and not open_reading else MAY[policy]
    if role in may:
        return "let in"
    if role == "stranger" and policy is not Policy.DEVELOPMENT:
        return "asked to sign in" if method in UNSAFE else "sent to sign in"
    return "not found"


@pytest.mark.parametrize("open_reading", [True, False])
def test_every_role_on_every_route(
    app: Flask, company: Company, administrator: str, client_for: ClientFor, open_reading: bool
) -> None:
    settings = app.extensions["settings"]
    app.extensions["settings"] = settings.model_copy(update={"read_without_sign_in": open_reading})
    browsers = clients(client_for, company, administrator)
    tokens = {role: token_of(browser) for role, browser in browsers.items()}
    everything = list(routes(app))
    reached = stub_views(app)
    wrong = []
    for route in everything:
        for role, browser in browsers.items():
            reached.clear()
            headers = {"X-CSRFToken": tokens[role]} if route.method in UNSAFE else {}
            response = browser.open(route.path(app), method=route.method, headers=headers)
            found = outcome(response, reached == [route.endpoint])
            wanted = expected(route.policy, role, route.method, open_reading=open_reading)
            if found != wanted:
                wrong.append(f"{role} on {route} ({route.policy.name}) was {found}, must be {wanted}")
    assert not wrong, "\n".join(wrong)
    assert len(everything) > 50


def test_not_allowed_looks_like_not_there(app: Flask, company: Company, client_for: ClientFor) -> None:
    learner = client_for(company.learner)
    nowhere = learner.get("/nowhere")
    assert nowhere.status_code == 404
    for route in routes(app):
        if route.method == "GET" and "learner" not in MAY[route.policy]:
            refused = learner.get(route.path(app))
            assert refused.status_code == 404
            assert masked(refused.text) == masked(nowhere.text), str(route)


def test_who_asks_for_what_they_may_not_have_is_in_the_log(app: Flask, company: Company, client_for: ClientFor) -> None:
    with structlog.testing.capture_logs() as events:
        client_for(company.learner).get(f"/organization/people/{company.manager}")
        client_for(None).get("/organization/people")
    assert events == [
        {
            "event": "denied",
            "log_level": "warning",
            "endpoint": "organization.person",
            "user": company.learner,
            "organization": company.id,
        }
    ]


def test_the_site_does_not_start_with_a_route_that_declares_no_policy(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(views.account, "policy")
    with pytest.raises(MissingPolicy, match=r"/people/account \(accounts.account\)"):
        create_app(app.extensions["settings"])


def test_whichever_policy_is_removed_is_missed(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    for endpoint, view in app.view_functions.items():
        with monkeypatch.context() as patch:
            patch.delattr(view, "policy")
            with pytest.raises(MissingPolicy, match=endpoint):
                require_policies(app)
    require_policies(app)


def test_nothing_is_changed_without_a_csrf_token_of_ones_own_session(
    app: Flask, company: Company, administrator: str, client_for: ClientFor
) -> None:
    """No token, a wrong one, and the token of another session: 400, and no view is reached."""
    browsers = clients(client_for, company, administrator)
    tokens = {role: token_of(browser) for role, browser in browsers.items()}
    before = database_text(app)
    reached = stub_views(app)
    tried = 0
    for route in routes(app):
        if route.method not in UNSAFE:
            continue
        if route.policy is Policy.TOKEN or is_anonymous(route.rule.rule):
            continue  # They read no cookie: tests/quizzes/test_tokens.py, tests/teaching/test_actions.py, tests/ballots/pages/test_nobody_asks.py.
        for role in sorted(MAY[route.policy]):
            other = tokens["trainer" if role != "trainer" else "learner"]
            for headers in ({}, {"X-CSRFToken": "wrong"}, {"X-CSRFToken": other}):
                response = browsers[role].open(route.path(app), method=route.method, headers=headers)
                assert response.status_code == 400, f"{role} on {route} with {headers}"
                tried += 1
    assert tried > 100
    assert reached == []
    assert database_text(app) == before


def test_only_routes_that_read_no_cookie_are_exempt_from_csrf(app: Flask) -> None:
    by_token = {
        f"{view.__module__}.{view.__name__}"
        for endpoint, view in app.view_functions.items()
        if policy_of(app, endpoint) is Policy.TOKEN
    }
    #: It changes nothing.
    by_token.remove("learning.teaching.muting_views.unsubscribe")
    assert csrf._exempt_views == by_token
    assert by_token == {"learning.quizzes.views.keep_answer", "learning.teaching.muting_views.unsubscribe_now"}
    assert {blueprint.url_prefix for blueprint in csrf._exempt_blueprints} == {PREFIX}


def test_a_request_of_another_site_is_refused_although_its_token_is_right(
    app: Flask, company: Company, client_for: ClientFor
) -> None:
    browser = client_for(company.learner)
    token = token_of(browser)
    reached = stub_views(app)
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
    ):
        response = browser.post("/people/account/language", headers={"X-CSRFToken": token, **headers})
        assert response.status_code == 400
    assert reached == []
    assert browser.post("/people/account/language", headers={"X-CSRFToken": token}).status_code == 200


def test_a_reading_method_never_reaches_a_view_that_changes_something(app: Flask) -> None:
    """A view that takes GET and POST asks which it is; one that takes POST alone is not reached by GET."""
    for route in routes(app):
        if route.method in UNSAFE and "GET" not in (route.rule.methods or set()):
            allowed = app.url_map.bind("127.0.0.1").allowed_methods(route.path(app))
            if "GET" not in allowed:
                assert app.test_client().get(route.path(app)).status_code == 405
