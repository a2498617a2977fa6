"""Anonymous answering does not know who asks, although the browser would tell (attacks A16, A17)."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask, request, session
from flask.sessions import NullSession
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from learning import LANGUAGES
from learning.accounts.models import User
from learning.database import unit_of_work
from learning.extensions import db
from learning.web import anonymous, held_back
from tests.ballots.answering import Respondent, open_wave
from tests.conftest import Company
from tests.web.routes import database_text

Clients = Callable[[str | None], FlaskClient]
#: Answers of every kind: pages, refusals, errors.
REQUESTS: list[tuple[str, str, dict[str, str]]] = [
    ("GET", "/answer", {}),
    ("GET", "/answer/", {}),
    ("GET", "/answer/kiosk", {}),
    ("GET", "/answer/result", {}),
    ("GET", "/answer/nowhere", {}),
    ("GET", "/answer/send", {}),
    ("GET", "//answer/", {}),
    ("PUT", "/answer/send", {}),
    ("OPTIONS", "/answer/", {}),
    ("POST", "/answer/", {"code": "mistyped"}),
    ("POST", "/answer/", {"code": "x" * 20_000}),
    ("POST", "/answer/nowhere", {"code": "x"}),
    ("POST", "/answer/result", {"private_code": "mistyped"}),
]


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """What is asked of the database of people meanwhile."""
    asked: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        asked.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.prove
def test_a16_and_a17_whoever_answers_while_signed_in_is_not_looked_up_and_leaves_no_trace(
    app: Flask, company: Company, client_for: Clients
) -> None:
    """A16 and A17: no user loaded, no cookie set, no row of a person or a session changed."""
    wave = open_wave(app)
    browser = client_for(company.learner)
    before = database_text(app)
    cookies = {name: cookie.value for name, cookie in browser._cookies.items()}
    seen: list[TestResponse] = []
    with statements(app) as asked:
        person = Respondent(browser, wave.codes["dye"][0])
        press = person.press

        def pressed(words: str, **values: str) -> TestResponse:
            seen.append(press(words, **values))
            return seen[-1]

        person.press = pressed  # type: ignore[method-assign]
        person.fill()
        assert "Thank you" in person.send().text
    print(f"A16: {len(seen)} pages while signed in, {len(asked)} statements on the database of people")
    assert asked == []
    assert all("Set-Cookie" not in answer.headers for answer in seen)
    assert cookies == {name: cookie.value for name, cookie in browser._cookies.items()}
    assert database_text(app) == before
    assert "River" in browser.get("/people/account").text, "the person was signed in all the time"


def test_the_session_is_not_even_opened(app: Flask, company: Company, client_for: Clients) -> None:
    """So a view that forgot all this would still find nobody, and could write nothing."""
    with client_for(company.learner) as browser:
        browser.get("/answer/")
        assert type(session._get_current_object()) is NullSession
        assert dict(session) == {}
        browser.get("/privacy")
        assert "_user_id" in session


@pytest.mark.parametrize(("method", "path", "form"), REQUESTS)
def test_every_answer_even_an_error_is_silent_about_who_asks(
    app: Flask, company: Company, client_for: Clients, method: str, path: str, form: dict[str, str]
) -> None:
    signed_in, stranger = client_for(company.learner), client_for(None)
    with statements(app) as asked:
        answers = [browser.open(path, method=method, data=form or None) for browser in (signed_in, stranger)]
    assert asked == []
    assert answers[0].status_code == answers[1].status_code
    assert answers[0].text == answers[1].text
    for answer in answers:
        assert "Set-Cookie" not in answer.headers
        assert answer.cache_control.no_store
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        if not path.startswith("//"):
            assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "River" not in answers[0].text


def test_an_error_inside_does_not_look_anybody_up(app: Flask, company: Company, client_for: Clients) -> None:
    browser = client_for(company.learner)
    app.testing = False

    @app.before_request
    def fail() -> None:
        raise ValueError("canary")

    with statements(app) as asked:
        answer = browser.post("/answer/send", data={"code": "typed", "given": "-" * 57})
    assert (answer.status_code, asked) == (500, [])
    assert "canary" not in answer.text
    assert 'name="given"' in answer.text, "nothing typed is lost"
    assert "Set-Cookie" not in answer.headers
    for told_to_others in ("Number of this event", "trainer", "account"):
        assert told_to_others not in answer.text


def test_no_line_of_the_log_tells_when_somebody_answered(
    app: Flask, client_for: Clients, capsys: pytest.CaptureFixture[str], time_machine: Any
) -> None:
    """Not even an error: it is counted, and told by a page that is not of answering when the day is over."""
    app.testing = False

    @app.before_request
    def fail() -> None:
        if request.path == "/answer/send":
            logging.getLogger("some.library").warning("a library speaks")
            raise ValueError("canary")

    held_back.tell()
    browser = client_for(None)
    capsys.readouterr()
    time_machine.move_to(datetime(2030, 5, 14, 10, 20, 30, tzinfo=UTC))
    for _each in range(3):
        assert browser.post("/answer/send", data={"code": "typed"}).status_code == 500
    browser.get("/privacy")
    assert capsys.readouterr().err == ""
    time_machine.move_to(datetime(2030, 5, 15, 0, 1, tzinfo=UTC))
    browser.get("/answer/")
    assert capsys.readouterr().err == "", "nor by whoever answers next"
    browser.get("/privacy")
    events = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert {(each["event"], each["day"], each["times"]) for each in events} == {
        ("a library speaks", "2030-05-14", 3),
        ("unexpected error in anonymous answering", "2030-05-14", 3),
    }
    assert "10:20" not in str(events)
    assert "number" not in str(events)


def test_the_language_is_the_browsers_and_not_the_accounts(
    app: Flask, company: Company, client_for: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The language of an account would tell whose browser it is."""
    monkeypatch.setattr("learning.LANGUAGES", (*LANGUAGES, "de"))
    with app.app_context(), unit_of_work() as session:
        session.get_one(User, company.learner).locale = "de"
    browser = client_for(company.learner)
    assert '<html lang="de">' in browser.get("/privacy").text
    assert '<html lang="en">' in browser.get("/answer/").text
    assert '<html lang="de">' in browser.get("/answer/", headers={"Accept-Language": "de"}).text


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}])
def test_another_site_cannot_answer_in_somebodys_browser(app: Flask, headers: dict[str, str]) -> None:
    wave = open_wave(app)
    person = Respondent(app.test_client(), wave.codes["dye"][0])
    person.begin()
    form = person.form.fields
    client = app.test_client()
    assert client.post("/answer/send", data=form, headers=headers).status_code == 400
    assert client.post("/answer/send", data=form, headers={"Origin": "null"}).status_code == 200


@pytest.mark.parametrize(
    ("path", "anonymous_"),
    [
        ("/answer", True),
        ("/answer/", True),
        ("/answer/send", True),
        ("//answer/send", True),
        ("/answers/", False),
        ("/", False),
        ("/courses/answer", False),
        ("/people/account", False),
    ],
)
def test_which_addresses_are_anonymous(path: str, anonymous_: bool) -> None:
    assert anonymous.is_anonymous(path) is anonymous_
