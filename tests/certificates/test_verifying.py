"""Anybody who has the number learns the least that proves a certificate, and nobody learns who asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from learning.certificates.numbers import grouped, new_number
from learning.certificates.service import issue_for, revoke, show_name
from learning.clock import now
from learning.content.model import Catalogue
from learning.errors import NotFound
from learning.extensions import db
from learning.web.identity import Member
from tests.certificates.completing import certificates_of, complete, sit
from tests.conftest import Company, csrf_token
from tests.web.routes import database_text

Clients = Callable[[str | None], FlaskClient]


def test_the_page_shows_the_least_that_proves_it_and_the_name_only_if_allowed(
    app: Flask, learner: Member, client_for: Clients
) -> None:
    with app.app_context():
        found = complete(learner, now())
    path = f"/verify/{grouped(found.number)}"
    page = client_for(None).get(path)
    assert page.status_code == 200
    assert "This certificate is valid" in page.text
    assert "Cleaner production at work" in page.text
    assert "Cleaner production for every employee" in page.text
    for kept_back in ("River learner", "River Works", found.id, found.user_id, found.course_hash[:8], "%"):
        assert kept_back not in page.text.partition("<main")[2], kept_back
    mine = client_for(learner.user_id)
    switch = f"/certificates/{found.id}/name"
    token = csrf_token(mine, "/certificates/")
    assert "Hide my name" in mine.post(switch, data={"csrf_token": token, "shown": "yes"}, follow_redirects=True).text
    assert "River learner" in client_for(None).get(path).text
    assert "Show my name" in mine.post(switch, data={"csrf_token": token, "shown": "no"}, follow_redirects=True).text
    assert "River learner" not in client_for(None).get(path).text


def test_a_renewed_certificate_asks_for_the_name_anew(app: Flask, learner: Member, catalogue: Catalogue) -> None:
    with app.app_context():
        first = complete(learner, now() - timedelta(days=700))
        show_name(learner, first.id, now() - timedelta(days=700), shown=True)
        sit(learner, now())
        issue_for(learner, catalogue, now())
        assert [each.shows_name for each in certificates_of(learner)] == [True, False]


def test_nobody_else_decides_about_the_name(app: Flask, learner: Member, company: Company) -> None:
    with app.app_context():
        found = complete(learner, now())
        with pytest.raises(NotFound):
            show_name(Member(company.trainer, company.id), found.id, now(), shown=True)


def test_the_page_says_that_one_has_expired_or_was_replaced(
    app: Flask, learner: Member, catalogue: Catalogue, client_for: Clients
) -> None:
    with app.app_context():
        found = complete(learner, now() - timedelta(days=800))
    path = f"/verify/{grouped(found.number)}"
    assert "This certificate has expired" in client_for(None).get(path).text
    with app.app_context():
        sit(learner, now())
        assert issue_for(learner, catalogue, now()) == 1
        newer = certificates_of(learner)[-1]
    page = client_for(None).get(path).text
    assert "This certificate was replaced by a newer one" in page
    assert grouped(newer.number) not in page


def test_one_that_does_not_hold_any_more_names_nobody_and_its_owner_reads_so(
    app: Flask, learner: Member, company: Company, catalogue: Catalogue, client_for: Clients
) -> None:
    with app.app_context():
        over = complete(learner, now() - timedelta(days=700))
        show_name(learner, over.id, now() - timedelta(days=1), shown=True)
        sit(learner, now())
        assert issue_for(learner, catalogue, now()) == 1
        held = certificates_of(learner)[-1]
        show_name(learner, held.id, now(), shown=True)
    stranger, mine = client_for(None), client_for(learner.user_id)
    replaced, revoked = f"/verify/{grouped(over.number)}", f"/verify/{grouped(held.number)}"
    assert "River learner" not in stranger.get(replaced).text
    assert "River learner" in stranger.get(revoked).text
    page = mine.get("/certificates/").text
    assert page.count("Your name is shown there.") == page.count("for it does not hold any more") == 1
    with app.app_context():
        revoke(Member(company.trainer, company.id), held.id, "Somebody else sat the quiz.", now())
    verified = stranger.get(revoked).text.partition("<main")[2]
    assert "This certificate was revoked" in verified
    assert grouped(held.number) in verified
    for kept_back in ("River learner", "Valid until", "Issued</dt>", held.title, str(now().year)):
        assert kept_back not in verified, kept_back
    assert "Hide my name" not in mine.get("/certificates/").text
    with app.app_context():
        show_name(learner, held.id, now(), shown=False)
        for each in (held, over):
            with pytest.raises(NotFound):
                show_name(learner, each.id, now(), shown=True)


def test_an_invented_and_a_malformed_number_get_the_same_page(app: Flask, learner: Member, client_for: Clients) -> None:
    with app.app_context():
        found = complete(learner, now())
    stranger = client_for(None)
    invented = grouped(new_number())
    typed = [invented, "x", found.number[:-1], found.id, "%27%20OR%201=1%20--", "9" * 300, "<script>alert(1)</script>"]
    answers = {(page.status_code, page.text) for page in (stranger.get(f"/verify/{each}") for each in typed)}
    asked = {"/verify/?number=" + each for each in ("x", "a%2Fb", invented)}
    answers |= {(page.status_code, page.text) for page in map(stranger.get, asked)}
    assert len(answers) == 1
    ((status, text),) = answers
    assert status == 404
    assert "No certificate has this number" in text


def test_a_number_may_be_typed_in_any_way(app: Flask, learner: Member, client_for: Clients) -> None:
    with app.app_context():
        found = complete(learner, now())
    stranger = client_for(None)
    assert stranger.get("/verify/").status_code == 200
    for typed in (found.number.lower(), grouped(found.number).replace("-", "+")):
        page = stranger.get(f"/verify/?number={typed}", follow_redirects=True)
        assert page.request.path == f"/verify/{grouped(found.number)}"
        assert "This certificate is valid" in page.text


def test_it_knows_nobody_who_asks_and_changes_nothing(
    app: Flask, learner: Member, company: Company, client_for: Clients
) -> None:
    with app.app_context():
        found = complete(learner, now())
    signed_in = client_for(company.trainer)
    with signed_in.session_transaction() as session:
        session["_flashes"] = [("message", "A message that waits for another page")]
    before = database_text(app)
    path = f"/verify/{grouped(found.number)}"
    statements: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        statements.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    page = signed_in.get(path)
    event.remove(engine, "before_cursor_execute", note)
    assert not [each for each in statements if "user_session" in each], "nobody is looked up"
    assert len([each for each in statements if each.lstrip().upper().startswith("SELECT")]) == 1
    assert page.text == client_for(None).get(path).text, "the same for everybody"
    assert "A message that waits" not in page.text
    for answer in (page, signed_in.get("/verify/"), signed_in.get("/verify/x")):
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    with signed_in.session_transaction() as session:
        assert session["_flashes"], "the message still waits"
    assert database_text(app) == before
