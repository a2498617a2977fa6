"""Join links: people of one organization enrol themselves."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from learning.accounts import joining, limits
from learning.accounts.credentials import LinkEnded
from learning.accounts.models import JoinLink, LimitCounter, Membership, User
from learning.clock import now
from learning.extensions import db
from learning.web.identity import Member, Role
from tests.accounts.people import (
    HOME,
    OTHER_PASSWORD,
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


def make_link(manager: FlaskClient, **fields: object) -> str:
    """Make a link and return its path."""
    given = {"maximum_uses": 30, "days": 14, "department_id": ""} | fields
    page = send(manager, "/organization/join-links", **given).text
    match = re.search(r"http://127\.0\.0\.1(/people/join/[\w-]+)", page)
    assert match, page
    return match.group(1)


def uses(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.sum(JoinLink.uses))) or 0


def test_somebody_without_an_address_joins_with_a_number(app: Flask, company: Company, manager: FlaskClient) -> None:
    link = make_link(manager, department_id=company.departments[1])
    guest = app.test_client()
    assert "River Works" in guest.get(link).text
    assert send(guest, f"{link}/number", name="Bo Chen", number="77", password=OTHER_PASSWORD).status_code == 302
    assert "river-77" in guest.get("/people/account").text
    with app.app_context():
        found = db.session.scalar(
            select(Membership).join(User, User.id == Membership.user_id).where(User.sign_in_name == "river-77")
        )
    assert found
    assert (found.role, found.department_id) == (Role.LEARNER, company.departments[1])
    assert uses(app) == 1


def test_somebody_with_an_address_gets_a_mail_and_goes_on_from_there(
    app: Flask, company: Company, manager: FlaskClient
) -> None:
    link = make_link(manager)
    guest = app.test_client()
    response = send(guest, f"{link}/address", name="Ana", email="ana@example.org")
    assert response.status_code == 200
    assert not is_signed_in(guest)
    assert send(guest, link_in(mails(app)[0]), name="Ana", password=OTHER_PASSWORD).status_code == 302
    assert is_signed_in(guest)


def test_known_and_unknown_addresses_get_the_same_answer(
    app: Flask, company: Company, other_company: Company, manager: FlaskClient
) -> None:
    give_password(app, other_company.learner)
    link = make_link(manager)
    pages = set()
    for address in ("nobody@example.org", "learner@harbour.example", "learner@river.example"):
        response = send(app.test_client(), f"{link}/address", name="Ana", email=address)
        pages.add((response.status_code, without_csrf(response.text)))
    assert len(pages) == 1
    assert uses(app) == 3
    assert len({mail.body.split("http")[0] for mail in mails(app)}) == 1


def test_a_known_person_joins_with_the_password_they_have(
    app: Flask, company: Company, other_company: Company, manager: FlaskClient
) -> None:
    give_password(app, other_company.learner)
    guest = app.test_client()
    send(guest, f"{make_link(manager)}/address", name="Eve", email="learner@harbour.example")
    assert send(guest, link_in(mails(app)[0]), password=PASSWORD).status_code == 302
    assert "Harbour learner" in guest.get("/people/account").text


def test_a_join_link_cannot_withdraw_what_a_manager_has_offered(
    app: Flask, company: Company, manager: FlaskClient
) -> None:
    fields = {"name": "Ana", "role": "trainer", "department_id": "", "email": "ana@example.org"}
    send(manager, "/organization/invitations", **fields)
    send(app.test_client(), f"{make_link(manager)}/address", name="Eve", email="ana@example.org")
    assert app.test_client().get(link_in(mails(app)[0])).status_code == 200


def test_a_number_that_is_taken_is_refused_and_costs_no_use(app: Flask, company: Company, manager: FlaskClient) -> None:
    link = make_link(manager)
    send(app.test_client(), f"{link}/number", name="Bo", number="77", password=OTHER_PASSWORD)
    late = app.test_client()
    response = send(late, f"{link}/number", name="Mo", number="77", password=PASSWORD)
    assert response.status_code == 422
    assert "river-77 is taken already" in response.text
    assert not is_signed_in(late)
    assert uses(app) == 1
    assert sign_in(app.test_client(), "river-77", OTHER_PASSWORD).status_code == 302


def test_no_more_people_join_than_the_link_allows_even_at_once(app: Flask, company: Company) -> None:
    with app.app_context():
        member = Member(company.manager, company.id)
        token = joining.make_link(member, None, 3, 7, now())

    def join(number: int) -> bool:
        with app.app_context():
            try:
                joining.join_by_number(token, f"Person {number}", str(number), OTHER_PASSWORD, HOME, now())
            except LinkEnded:
                return False
            return True

    with app.test_request_context(), ThreadPoolExecutor(6) as workers:
        joined = list(workers.map(join, range(12)))
    assert sum(joined) == 3
    assert uses(app) == 3
    with app.app_context():
        assert db.session.scalar(select(func.count()).where(User.sign_in_name.is_not(None))) == 3


def test_a_link_ends_by_time_by_uses_and_by_its_manager(app: Flask, company: Company, manager: FlaskClient) -> None:
    by_time, by_uses, by_hand = make_link(manager, days=1), make_link(manager, maximum_uses=1), make_link(manager)
    send(app.test_client(), f"{by_uses}/number", name="Bo", number="1", password=OTHER_PASSWORD)
    assert app.test_client().get(by_uses).status_code == 410
    page = manager.get("/organization/join-links").text
    for path in re.findall(r'action="(/organization/join-links/\w+/end)"', page):
        send(manager, path, "/organization/join-links")
    assert app.test_client().get(by_hand).status_code == 410
    with time_machine.travel(now() + timedelta(days=1), tick=False):
        assert app.test_client().get(by_time).status_code == 410
    late = send(app.test_client(), f"{by_uses}/number", "/people/sign-in", name="Mo", number="2", password=PASSWORD)
    assert late.status_code == 410


@pytest.mark.parametrize("field", ["maximum_uses", "days"])
@pytest.mark.parametrize("value", ["0", "-1", "100000", "x", ""])
def test_a_link_has_bounds(company: Company, manager: FlaskClient, field: str, value: str) -> None:
    fields = {"maximum_uses": "5", "days": "5", "department_id": ""} | {field: value}
    assert send(manager, "/organization/join-links", **fields).status_code == 422


def test_one_address_is_not_flooded_with_mail(app: Flask, company: Company, manager: FlaskClient) -> None:
    link = make_link(manager)
    pages = {
        without_csrf(send(app.test_client(), f"{link}/address", name="Ana", email="ana@example.org").text)
        for _ in range(5)
    }
    assert len(pages) == 1
    assert len(mails(app)) == limits.PER_RECIPIENT
    assert uses(app) == limits.PER_RECIPIENT


def test_the_link_is_kept_as_a_hash_and_shown_once(app: Flask, company: Company, manager: FlaskClient) -> None:
    token = make_link(manager).rsplit("/", 1)[1]
    with app.app_context():
        assert token not in str(db.session.scalars(select(JoinLink)).one().__dict__)
    assert token not in manager.get("/organization/join-links").text


def test_nobody_joins_with_a_role_of_their_own_choice(app: Flask, company: Company, manager: FlaskClient) -> None:
    fields = {"name": "Bo", "number": "9", "password": OTHER_PASSWORD, "role": "manager", "is_administrator": "1"}
    guest = app.test_client()
    send(guest, f"{make_link(manager)}/number", **fields)
    assert guest.get("/organization/people").status_code == 404
    assert guest.get("/administration/").status_code == 404


def test_numbers_that_are_taken_are_not_tried_without_end(app: Flask, company: Company, manager: FlaskClient) -> None:
    """Each try costs the server a hash and tells whether a number is taken: it counts for the network."""
    link, network = make_link(manager), limits.of_network("127.0.0.1").key_hash
    form = {"name": "Bo Chen", "number": "1042", "password": OTHER_PASSWORD}

    def counted() -> int:
        with app.app_context():
            return db.session.scalar(select(func.sum(LimitCounter.count)).where(LimitCounter.key_hash == network)) or 0

    assert send(app.test_client(), f"{link}/number", **form).status_code == 302
    assert counted() == 0
    assert send(app.test_client(), f"{link}/number", **form).status_code == 422
    assert counted() == 1
