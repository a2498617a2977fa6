"""Invitations by e-mail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from learning.accounts import limits
from learning.accounts.credentials import set_password
from learning.accounts.invitations import HasAccount, accept_as_new
from learning.accounts.models import Invitation, Membership, User
from learning.clock import now
from learning.database import unit_of_work
from learning.extensions import db
from learning.web.identity import Role
from tests.accounts.people import (
    HOME,
    OTHER_PASSWORD,
    PASSWORD_HASH,
    Interrupted,
    give_password,
    is_signed_in,
    link_in,
    mails,
    send,
    sign_in,
    without_csrf,
)
from tests.conftest import PASSWORD, Company

ClientFor = Callable[[str | None], FlaskClient]


@pytest.fixture
def manager(company: Company, client_for: ClientFor) -> FlaskClient:
    return client_for(company.manager)


def invite(manager: FlaskClient, email: str, **fields: str) -> None:
    fields = {"name": "Ana Lopez", "role": "learner", "department_id": "", "email": email} | fields
    response = send(manager, "/organization/invitations", **fields)
    assert response.status_code == 302, response.text


def membership(app: Flask, company: Company, email: str) -> Membership | None:
    with app.app_context():
        return db.session.scalar(
            select(Membership)
            .join(User, User.id == Membership.user_id)
            .where(User.email == email, Membership.organization_id == company.id)
        )


def test_an_invited_person_chooses_a_name_and_a_password_and_is_in(
    app: Flask, company: Company, manager: FlaskClient
) -> None:
    invite(manager, "Ana@Example.org", role="trainer", department_id=company.departments[1])
    (mail,) = mails(app)
    assert mail.recipient == "ana@example.org"
    assert "River Works" in mail.subject
    guest = app.test_client()
    link = link_in(mail)
    assert "Ana Lopez" in guest.get(link).text
    assert send(guest, link, name="Ana María Lopez", password=OTHER_PASSWORD).headers["Location"] == "/"
    assert "Ana María Lopez" in guest.get("/people/account").text
    found = membership(app, company, "ana@example.org")
    assert found
    assert (found.role, found.department_id) == (Role.TRAINER, company.departments[1])
    assert sign_in(app.test_client(), "ana@example.org", OTHER_PASSWORD).status_code == 302


def test_an_invitation_is_used_once(app: Flask, company: Company, manager: FlaskClient) -> None:
    invite(manager, "ana@example.org")
    link = link_in(mails(app)[0])
    send(app.test_client(), link, name="Ana", password=OTHER_PASSWORD)
    late = app.test_client()
    assert late.get(link).status_code == 410
    assert send(late, link, "/people/sign-in", name="Eve", password=PASSWORD).status_code == 410
    assert not is_signed_in(late)


def test_an_invitation_lasts_seven_days(app: Flask, company: Company, manager: FlaskClient) -> None:
    invite(manager, "ana@example.org")
    link = link_in(mails(app)[0])
    with time_machine.travel(now(), tick=False) as clock:
        clock.shift(timedelta(days=7) - timedelta(minutes=1))
        assert app.test_client().get(link).status_code == 200
        clock.shift(timedelta(minutes=1))
        assert app.test_client().get(link).status_code == 410


def test_only_the_hash_of_the_token_is_kept(app: Flask, company: Company, manager: FlaskClient) -> None:
    invite(manager, "ana@example.org")
    token = link_in(mails(app)[0]).rsplit("/", 1)[1]
    with app.app_context():
        row = db.session.scalars(select(Invitation)).one()
        assert token not in str(row.__dict__)
    assert token not in manager.get("/organization/invitations").text


def test_unknown_used_and_expired_links_look_the_same(app: Flask, company: Company, manager: FlaskClient) -> None:
    invite(manager, "ana@example.org")
    link = link_in(mails(app)[0])
    send(app.test_client(), link, name="Ana", password=OTHER_PASSWORD)
    pages = {without_csrf(app.test_client().get(path).text) for path in (link, "/people/invitation/unknown")}
    assert len(pages) == 1


def test_a_weak_password_is_refused_and_the_link_still_works(
    app: Flask, company: Company, manager: FlaskClient
) -> None:
    invite(manager, "ana@example.org")
    link = link_in(mails(app)[0])
    guest = app.test_client()
    refused = send(guest, link, name="Ana", password="River Works River 1")
    assert refused.status_code == 422
    assert "River Works" in refused.text
    assert send(guest, link, name="Ana", password=OTHER_PASSWORD).status_code == 302


def test_the_manager_sees_the_same_whether_the_address_has_an_account_or_not(
    app: Flask, company: Company, other_company: Company, manager: FlaskClient
) -> None:
    answers = []
    for address in ("nobody@example.org", "learner@harbour.example"):
        fields = {"name": "Ana", "role": "learner", "department_id": "", "email": address}
        response = send(manager, "/organization/invitations", **fields)
        page = without_csrf(manager.get("/organization/invitations").text).replace(address, "")
        answers.append((response.status_code, response.headers["Location"], page.count("Withdraw")))
    assert answers[0][:2] == answers[1][:2]
    first, second = (mail.body.split("http")[0] for mail in mails(app))
    assert first == second


def test_somebody_with_an_account_joins_with_the_password_they_have(
    app: Flask, company: Company, other_company: Company, manager: FlaskClient
) -> None:
    give_password(app, other_company.learner)
    invite(manager, "learner@harbour.example")
    link = link_in(mails(app)[0])
    guest = app.test_client()
    assert "You have an account" in guest.get(link).text
    assert send(guest, link, password=OTHER_PASSWORD).status_code == 401
    assert not is_signed_in(guest)
    assert send(guest, link, password=PASSWORD).status_code == 302
    page = guest.get("/people/account").text
    assert "River Works" in page
    assert "Harbour Works" in page


def test_the_password_of_an_account_cannot_be_replaced_by_an_invitation(
    app: Flask, company: Company, other_company: Company, manager: FlaskClient
) -> None:
    """Even if the form for new people is sent."""
    give_password(app, other_company.learner)
    invite(manager, "learner@harbour.example")
    guest = app.test_client()
    response = send(guest, link_in(mails(app)[0]), name="Eve", password=OTHER_PASSWORD)
    assert response.status_code == 401
    assert sign_in(app.test_client(), "learner@harbour.example", PASSWORD).status_code == 302


def test_somebody_who_left_comes_back_by_an_invitation(app: Flask, company: Company, manager: FlaskClient) -> None:
    give_password(app, company.learner)
    with app.app_context(), unit_of_work() as session:
        session.execute(update(Membership).where(Membership.user_id == company.learner).values(left_at=now()))
    assert sign_in(app.test_client(), "learner@river.example").status_code == 401
    invite(manager, "learner@river.example", role="trainer")
    guest = app.test_client()
    assert send(guest, link_in(mails(app)[0]), password=PASSWORD).status_code == 302
    found = membership(app, company, "learner@river.example")
    assert found
    assert (found.role, found.left_at) == (Role.TRAINER, None)


def test_a_member_is_not_invited_again(app: Flask, company: Company, manager: FlaskClient) -> None:
    fields = {"name": "Ana", "role": "manager", "department_id": "", "email": "learner@river.example"}
    response = send(manager, "/organization/invitations", **fields)
    assert response.status_code == 422
    assert "in your organization already" in response.text
    assert mails(app) == []


def test_a_new_invitation_takes_the_place_of_the_one_before(app: Flask, company: Company, manager: FlaskClient) -> None:
    invite(manager, "ana@example.org", role="manager")
    invite(manager, "ana@example.org", role="learner")
    first, second = (link_in(mail) for mail in mails(app))
    assert app.test_client().get(first).status_code == 410
    assert app.test_client().get(second).status_code == 200


def test_a_withdrawn_invitation_does_not_work(app: Flask, company: Company, manager: FlaskClient) -> None:
    invite(manager, "ana@example.org")
    page = manager.get("/organization/invitations").text
    path = page.split('action="/organization/invitations/')[1].split('"')[0]
    send(manager, f"/organization/invitations/{path}", "/organization/invitations")
    assert app.test_client().get(link_in(mails(app)[0])).status_code == 410


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "no address"),
        ("email", "a@b.example\nBcc: x@y.example"),
        ("name", "Ana\r\nBcc: x"),
        ("role", "administrator"),
    ],
)
def test_what_cannot_be_used_is_refused_beside_its_field(
    app: Flask, company: Company, manager: FlaskClient, field: str, value: str
) -> None:
    fields = {"name": "Ana", "role": "learner", "department_id": "", "email": "ana@example.org"} | {field: value}
    response = send(manager, "/organization/invitations", **fields)
    assert response.status_code == 422
    assert f'href="#{field}"' in response.text
    assert mails(app) == []


def test_a_department_of_another_organization_cannot_be_given(
    app: Flask, company: Company, other_company: Company, manager: FlaskClient
) -> None:
    fields = {"name": "Ana", "role": "learner", "email": "ana@example.org"}
    response = send(manager, "/organization/invitations", **fields, department_id=other_company.departments[0])
    assert response.status_code == 422
    assert mails(app) == []


def test_links_are_made_from_the_configured_address_and_never_from_the_request(
    app: Flask, company: Company, manager: FlaskClient
) -> None:
    token = (
        manager.get("/organization/invitations").text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    )
    fields = {"name": "Ana", "role": "learner", "department_id": "", "email": "ana@example.org", "csrf_token": token}
    answers = [
        manager.post("/organization/invitations", data=fields, headers=headers).status_code
        for headers in (
            {"Host": "evil.example"},
            {"X-Forwarded-Host": "evil.example"},
            {"Forwarded": "host=evil.example"},
        )
    ]
    assert answers == [400, 302, 302]
    for mail in mails(app):
        assert "evil" not in mail.body
        assert "http://127.0.0.1/people/invitation/" in mail.body


def test_what_a_name_holds_is_never_read_as_a_template(app: Flask, company: Company, manager: FlaskClient) -> None:
    invite(manager, "ana@example.org", name="{{7*7}} {x.__init__} %(y)s")
    assert "{{7*7}} {x.__init__} %(y)s" in manager.get("/organization/invitations").text


def test_the_verb_itself_refuses_to_replace_a_password(
    app: Flask, company: Company, other_company: Company, manager: FlaskClient
) -> None:
    """The page asks for the right form; two tabs may still send the wrong one."""
    give_password(app, other_company.learner)
    invite(manager, "learner@harbour.example")
    token = link_in(mails(app)[0]).rsplit("/", 1)[1]
    with app.app_context(), pytest.raises(HasAccount):
        accept_as_new(token, "Eve", OTHER_PASSWORD, HOME, now())


def test_a_password_that_was_chosen_in_the_meantime_is_not_replaced(
    app: Flask, company: Company, manager: FlaskClient
) -> None:
    """The address has an account without a password; its owner sets one while the invitation is being accepted."""
    with app.app_context(), unit_of_work() as session:
        session.add(User(id="a" * 20, name="Ana", email="ana@example.org", created_at=now()))
    invite(manager, "ana@example.org")
    token = link_in(mails(app)[0]).rpartition("/")[2]

    def choose() -> None:
        with unit_of_work() as session:
            set_password(session, "a" * 20, PASSWORD_HASH, now())

    with app.app_context(), pytest.raises(HasAccount):
        accept_as_new(token, "Ana", Interrupted(OTHER_PASSWORD, choose), HOME, now())
    assert send(app.test_client(), f"/people/invitation/{token}", password=PASSWORD).status_code == 302


def test_somebody_who_was_switched_off_is_not_let_in_by_an_invitation(
    app: Flask, company: Company, manager: FlaskClient
) -> None:
    with app.app_context(), unit_of_work() as session:
        session.add(User(name="Ana", email="ana@example.org", is_active=False, created_at=now()))
    invite(manager, "ana@example.org")
    link = link_in(mails(app)[0])
    response = send(app.test_client(), link, "/people/sign-in", name="Ana", password=OTHER_PASSWORD)
    assert response.status_code == 410
    assert membership(app, company, "ana@example.org") is None


def test_nobody_is_flooded_with_invitations(app: Flask, company: Company, manager: FlaskClient) -> None:
    for _ in range(limits.PER_RECIPIENT):
        invite(manager, "ana@example.org")
    form = {"name": "Ana Lopez", "email": "ana@example.org", "role": "learner", "department_id": ""}
    refused = send(manager, "/organization/invitations", **form)
    assert refused.status_code == 422
    assert "Wait 15 minutes" in refused.text
    assert 'value="Ana Lopez"' in refused.text
    assert len(mails(app)) == limits.PER_RECIPIENT
    with time_machine.travel(now() + limits.WINDOW, tick=False):
        invite(manager, "ana@example.org")


def test_a_stranger_who_asks_for_resets_does_not_stop_an_invitation(
    app: Flask, company: Company, manager: FlaskClient
) -> None:
    for _ in range(limits.PER_RECIPIENT + 1):
        send(app.test_client(), "/people/forgotten", email="ana@example.org")
    invite(manager, "ana@example.org")
