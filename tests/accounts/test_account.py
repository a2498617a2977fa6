"""One's own account: password, sessions, language, organizations."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from learning.accounts import limits
from learning.accounts.authentication import WrongSignIn
from learning.accounts.credentials import change_password, set_password
from learning.accounts.models import Membership, User
from learning.accounts.passwords import hash_password
from learning.accounts.sessions import load_person
from learning.clock import now
from learning.database import unit_of_work
from learning.extensions import db
from learning.web.identity import Role
from tests.accounts.people import (
    HOME,
    OTHER_PASSWORD,
    Interrupted,
    give_password,
    is_signed_in,
    open_session_of,
    send,
    sign_in,
)
from tests.conftest import PASSWORD, Company


def test_the_account_page_shows_what_is_known_of_the_person(
    company: Company, client_for: Callable[[str | None], FlaskClient]
) -> None:
    page = client_for(company.trainer).get("/people/account").text
    for fact in ("River trainer", "trainer@river.example", "River Works", "Trainer", "Dye house"):
        assert fact in page


def test_an_administrator_without_an_organization_has_an_account_page(
    administrator: str, client_for: Callable[[str | None], FlaskClient]
) -> None:
    assert "Administrator" in client_for(administrator).get("/people/account").text


def test_changing_the_password_ends_every_other_session_and_the_old_password(app: Flask, company: Company) -> None:
    give_password(app, company.learner)
    here, elsewhere = app.test_client(), app.test_client()
    for client in (here, elsewhere):
        sign_in(client, "learner@river.example")
    copied = here.get_cookie("headwater")
    assert copied
    response = send(here, "/people/password", current_password=PASSWORD, new_password=OTHER_PASSWORD)
    assert response.headers["Location"] == "/people/account"
    assert is_signed_in(here)
    assert not is_signed_in(elsewhere)
    thief = app.test_client()
    thief.set_cookie("headwater", copied.value)
    assert not is_signed_in(thief)
    assert sign_in(app.test_client(), "learner@river.example", PASSWORD).status_code == 401
    assert sign_in(app.test_client(), "learner@river.example", OTHER_PASSWORD).status_code == 302


def test_the_current_password_is_needed_and_its_tries_are_counted_with_sign_in(app: Flask, company: Company) -> None:
    give_password(app, company.learner)
    client = app.test_client()
    sign_in(client, "learner@river.example")
    fields = {"current_password": "a wrong password, long", "new_password": OTHER_PASSWORD}
    for _ in range(limits.PER_ACCOUNT):
        response = send(client, "/people/password", **fields)
        assert response.status_code == 422
        assert "not your current password" in response.text
    fields["current_password"] = PASSWORD
    assert send(client, "/people/password", **fields).status_code == 429
    assert sign_in(client, "learner@river.example").status_code == 429


def test_a_weak_new_password_is_refused_with_its_reason(app: Flask, company: Company) -> None:
    give_password(app, company.learner)
    client = app.test_client()
    sign_in(client, "learner@river.example")
    for new, reason in {
        "too short": "it needs 15 or more",
        "river works 2026!!": "River Works",
        "learner.river.2026": "River learner",
        "passwordpassword1": "guessed first",
    }.items():
        response = send(client, "/people/password", current_password=PASSWORD, new_password=new)
        assert response.status_code == 422
        assert reason in response.text.replace("“", "").replace("”", ""), response.text
        assert new not in response.text


def test_a_person_sees_their_sessions_and_ends_one(app: Flask, company: Company) -> None:
    give_password(app, company.learner)
    here, phone = app.test_client(), app.test_client()
    sign_in(here, "learner@river.example")
    phone.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (Android 14; Mobile) Firefox/120.0"
    sign_in(phone, "learner@river.example", own_device="y")
    page = here.get("/people/sessions").text
    assert "Firefox, Android" in page
    assert page.count("this browser") == 1
    ending = page.split('action="/people/sessions/')[1].split('"')[0]
    assert send(here, f"/people/sessions/{ending}", "/people/sessions").status_code == 302
    assert is_signed_in(here)
    assert not is_signed_in(phone)


def test_a_person_ends_all_other_sessions(app: Flask, company: Company) -> None:
    give_password(app, company.learner)
    clients = [app.test_client() for _ in range(3)]
    for client in clients:
        sign_in(client, "learner@river.example")
    send(clients[0], "/people/sessions/end-others", "/people/sessions")
    assert [is_signed_in(client) for client in clients] == [True, False, False]


def test_nobody_ends_the_session_of_another_person(
    app: Flask, company: Company, client_for: Callable[[str | None], FlaskClient]
) -> None:
    victim, other = client_for(company.learner), client_for(company.trainer)
    victim_again = client_for(company.learner)
    page = victim.get("/people/sessions").text
    ending = page.split('action="/people/sessions/')[1].split('"')[0]
    assert send(other, f"/people/sessions/{ending}", "/people/account").status_code == 404
    assert is_signed_in(victim_again)


def test_fields_that_the_form_does_not_have_change_nothing(app: Flask, company: Company) -> None:
    """Every column of the person is sent along; only the password changes."""
    give_password(app, company.learner)
    client = app.test_client()
    sign_in(client, "learner@river.example")
    with app.app_context():
        before = dict(db.session.execute(select(User.__table__).where(User.id == company.learner)).mappings().one())
    extra = {column.name: "1" for column in User.__table__.columns} | {"user_id": company.trainer, "role": "manager"}
    fields = {**extra, "current_password": PASSWORD, "new_password": OTHER_PASSWORD, "locale": "xx"}
    assert send(client, "/people/password", **fields).status_code == 302
    send(client, "/people/account/language", "/people/account", **fields)
    with app.app_context():
        after = dict(db.session.execute(select(User.__table__).where(User.id == company.learner)).mappings().one())
        role = db.session.scalar(select(Membership.role).where(Membership.user_id == company.learner))
    assert before.pop("password_hash") != after.pop("password_hash")
    assert before == after
    assert role is Role.LEARNER


def test_a_person_of_two_organizations_works_in_one_and_changes_over(
    app: Flask, company: Company, other_company: Company, client_for: Callable[[str | None], FlaskClient]
) -> None:
    with app.app_context(), unit_of_work() as session:
        session.add(
            Membership(organization_id=other_company.id, user_id=company.manager, role=Role.LEARNER, joined_at=now())
        )
    client = client_for(company.manager)
    assert client.get("/organization/people").status_code == 404
    moved = send(client, "/people/account/organization", "/people/account", organization_id=company.id)
    assert moved.status_code == 302
    assert "River learner" in client.get("/organization/people").text


def test_nobody_works_in_an_organization_they_do_not_belong_to(
    company: Company, other_company: Company, client_for: Callable[[str | None], FlaskClient]
) -> None:
    client = client_for(company.manager)
    send(client, "/people/account/organization", "/people/account", organization_id=other_company.id)
    page = client.get("/people/account").text
    assert "River Works" in page
    assert "Harbour Works" not in page


def test_a_password_that_was_replaced_in_the_meantime_is_not_replaced_again(app: Flask, company: Company) -> None:
    """Somebody with a stolen password changes it while its owner resets it: what the owner chose stands."""
    give_password(app, company.learner)
    with app.app_context():
        person = load_person(open_session_of(company.learner), now())
        assert person

        def reset() -> None:
            with unit_of_work() as session:
                set_password(session, company.learner, hash_password(PASSWORD + " anew"), now())

        with pytest.raises(WrongSignIn):
            change_password(person, PASSWORD, Interrupted(OTHER_PASSWORD, reset), HOME, now())
    assert sign_in(app.test_client(), "learner@river.example", PASSWORD + " anew").status_code == 302
