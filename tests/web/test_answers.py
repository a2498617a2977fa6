"""What every answer carries, and what errors look like."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from learning.extensions import db
from learning.web.headers import CONTENT_SECURITY_POLICY
from learning.web.redirects import own_path
from tests.conftest import Company, csrf_token

Clients = Callable[[str | None], FlaskClient]


@pytest.mark.parametrize("path", ["/", "/courses/", "/nowhere", "/people/sign-in", "/healthz", "/glossary/"])
def test_every_answer_carries_the_security_headers(client_for: Clients, path: str) -> None:
    headers = client_for(None).get(path).headers
    assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Cookie" in headers["Vary"]
    assert "Strict-Transport-Security" not in headers


def test_a_site_on_https_says_so_for_a_year(app: Flask, client_for: Clients) -> None:
    settings = app.extensions["settings"]
    app.extensions["settings"] = settings.model_copy(update={"public_url": "https://learn.example.org"})
    for path in ("/", "/nowhere", "/people/account"):
        assert "max-age=31536000" in client_for(None).get(path).headers["Strict-Transport-Security"]


@pytest.mark.parametrize("directive", ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"])
def test_the_policy_lets_nothing_in_from_elsewhere(directive: str) -> None:
    assert directive in CONTENT_SECURITY_POLICY
    assert "unsafe" not in CONTENT_SECURITY_POLICY


def test_a_wrong_host_is_refused(client_for: Clients) -> None:
    assert client_for(None).get("/", headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "http://["},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_form_of_another_site_is_refused_even_with_a_token(
    company: Company, client_for: Clients, headers: dict[str, str]
) -> None:
    learner = client_for(company.learner)
    token = csrf_token(learner, "/courses/foundations/")
    response = learner.post("/courses/foundations/enrol", data={"csrf_token": token}, headers=headers)
    assert response.status_code == 400


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}])
def test_a_form_of_another_site_is_neither_offered_again_nor_given_a_cookie(
    client_for: Clients, headers: dict[str, str]
) -> None:
    """A new cookie would sign the person out; the offer would be theirs to send, with what the other site filled in."""
    response = client_for(None).post("/people/account/language", data={"locale": "zh"}, headers=headers)
    assert response.status_code == 400
    assert "zh" not in response.text
    assert "csrf_token" not in response.text
    assert "Set-Cookie" not in response.headers


def test_a_page_that_grew_old_offers_everything_again(company: Company, client_for: Clients) -> None:
    learner = client_for(company.learner)
    response = learner.post("/assessments/start/employee-awareness", data={"csrf_token": "old", "note": "typed <long>"})
    assert response.status_code == 400
    assert 'name="note" value="typed &lt;long&gt;"' in response.text
    assert "Nothing you typed is lost" in response.text


def test_a_session_that_ended_offers_everything_again_but_no_password(client_for: Clients) -> None:
    stranger = client_for(None)
    token = csrf_token(stranger, "/people/sign-in")
    response = stranger.post(
        "/attempts/x/submit", data={"csrf_token": token, "q-m01-q1": "abc", "password": "secret words of mine"}
    )
    assert response.status_code == 401
    assert 'name="q-m01-q1" value="abc"' in response.text
    assert "secret words of mine" not in response.text


def test_a_request_by_script_gets_its_error_as_json(client_for: Clients) -> None:
    response = client_for(None).get("/nowhere", headers={"X-Requested-With": "fetch"})
    assert response.status_code == 404
    assert "error" in response.json


def _failing(app: Flask, error: Exception) -> FlaskClient:
    """A client of an app whose every page fails."""
    app.testing = False

    @app.before_request
    def fail() -> None:
        raise error

    return app.test_client()


def test_an_unexpected_error_shows_a_number_and_nothing_from_inside(app: Flask) -> None:
    response = _failing(app, ValueError("SELECT secret FROM somewhere")).get("/")
    assert response.status_code == 500
    assert "secret" not in response.text
    assert "Number of this event" in response.text


def test_a_busy_database_is_503_with_a_time_to_come_back(app: Flask) -> None:
    response = _failing(app, OperationalError("INSERT secret", {}, Exception("database is locked"))).get("/")
    assert response.status_code == 503
    assert 1 <= int(response.headers["Retry-After"]) <= 10
    assert "secret" not in response.text


def test_a_busy_database_is_503_for_somebody_who_is_signed_in_too(
    app: Flask, company: Company, client_for: Clients
) -> None:
    """The error page itself must not ask the database who they are."""
    learner = client_for(company.learner)

    def fail(*arguments: object) -> None:
        raise OperationalError("SELECT secret", {}, Exception("disk I/O error"))

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", fail)
    for path in ("/people/account", "/courses/"):
        response = learner.get(path)
        assert response.status_code == 503
        assert "Retry-After" in response.headers
        assert "Headwater is busy" in response.text
    with app.app_context():
        event.remove(db.engine, "before_cursor_execute", fail)
    assert learner.get("/people/account").status_code == 200


@pytest.mark.parametrize("status", [405, 413, 418, 429])
def test_every_status_has_a_page(app: Flask, status: int) -> None:
    app.testing = False

    @app.before_request
    def refuse() -> None:
        abort(status)

    assert app.test_client().get("/").status_code == status


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example", "javascript:alert(1)", "https:evil.example",
     "https://evil.example/", "http:///evil", "//[evil", "/\x0b/evil", "", None, "courses/", "/nowhere", "/%2fevil\n"],
)  # fmt: skip
def test_nobody_is_sent_to_another_site_or_to_nowhere(app: Flask, target: str | None) -> None:
    with app.test_request_context():
        assert own_path(target) is None


@pytest.mark.parametrize("target", ["/", "/courses/", "/courses/foundations/m01/m01-l1", "/search?q=a%20b"])
def test_a_page_of_this_site_is_a_fine_target(app: Flask, target: str) -> None:
    with app.test_request_context():
        assert own_path(target) == target


def test_static_files_are_kept_for_ever_under_a_hashed_address(client_for: Clients) -> None:
    client = client_for(None)
    import re

    address = re.search(r'href="(/static/[0-9a-f]{12}/css/[^"]+)"', client.get("/").text)
    assert address
    response = client.get(address.group(1))
    assert response.status_code == 200
    assert "immutable" in response.headers["Cache-Control"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_a_strangers_page_is_compressed_and_a_persons_is_not(company: Company, client_for: Clients) -> None:
    take = {"Accept-Encoding": "br, gzip"}
    assert client_for(None).get("/courses/", headers=take).headers.get("Content-Encoding") == "br"
    assert "Content-Encoding" not in client_for(company.learner).get("/courses/", headers=take).headers
    assert "Content-Encoding" not in client_for(None).get("/courses/").headers
    # The sign-in form holds a token although nobody is signed in.
    assert "Content-Encoding" not in client_for(None).get("/people/sign-in", headers=take).headers
