"""Signing in and out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import structlog
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from learning import create_app
from learning.accounts.devices import device_hash
from learning.accounts.models import KnownDevice, Membership, User, UserSession
from learning.accounts.passwords import HASHER, needs_new_hash
from learning.clock import now
from learning.config import load_settings
from learning.database import unit_of_work
from learning.extensions import db
from learning.web.identity import Role
from tests.accounts.people import give_password, is_signed_in, send, sign_in, without_csrf
from tests.conftest import PASSWORD, Company


@pytest.fixture
def learner(app: Flask, company: Company) -> str:
    """The address of somebody who can sign in with PASSWORD."""
    give_password(app, company.learner)
    return "learner@river.example"


def session_cookie(client: FlaskClient) -> str:
    cookie = client.get_cookie("headwater")
    assert cookie
    return cookie.value


def test_a_person_signs_in_by_address_and_password(app: Flask, learner: str) -> None:
    client = app.test_client()
    response = sign_in(client, learner)
    assert (response.status_code, response.headers["Location"]) == (302, "/")
    assert "River learner" in client.get("/people/account").text


def test_the_address_may_be_typed_with_capitals_and_spaces(app: Flask, learner: str) -> None:
    client = app.test_client()
    assert sign_in(client, "  Learner@RIVER.example ").status_code == 302
    assert is_signed_in(client)


def test_a_person_without_an_address_signs_in_by_name(app: Flask, company: Company) -> None:
    give_password(app, company.learner)
    with app.app_context(), unit_of_work() as session:
        user = session.get_one(User, company.learner)
        user.email, user.sign_in_name = None, "river-1042"
    client = app.test_client()
    assert sign_in(client, "RIVER-1042").status_code == 302


def test_after_signing_in_the_person_comes_back_to_the_page_they_wanted(app: Flask, learner: str) -> None:
    client = app.test_client()
    wanted = client.get("/people/sessions").headers["Location"]
    assert wanted == "/people/sign-in?next=/people/sessions"
    assert sign_in(client, learner, next="/people/sessions").headers["Location"] == "/people/sessions"


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example", "https:evil.example", "javascript:x"],
)
def test_nobody_is_sent_to_another_site(app: Flask, learner: str, target: str) -> None:
    assert sign_in(app.test_client(), learner, next=target).headers["Location"] == "/"


def test_known_and_unknown_people_get_the_same_answer(app: Flask, company: Company, learner: str) -> None:
    """Wrong password, unknown login, no password yet, left, inactive: nobody outside learns which."""
    for user_id in (company.trainer, company.manager):
        give_password(app, user_id)
    with app.app_context(), unit_of_work() as session:
        session.execute(update(Membership).where(Membership.user_id == company.trainer).values(left_at=now()))
        session.get_one(User, company.manager).is_active = False
        session.add(User(name="No password", email="new@river.example", created_at=now()))
    answers = set()
    for login in (learner, "nobody@river.example", "nobody", "x\0y", "new@river.example"):
        response = sign_in(app.test_client(), login, "a wrong password, long")
        answers.add((response.status_code, without_csrf(response.text).replace(_escaped(login), "")))
    for login in ("trainer@river.example", "manager@river.example"):
        response = sign_in(app.test_client(), login, PASSWORD)
        answers.add((response.status_code, without_csrf(response.text).replace(login, "")))
    assert len(answers) == 1
    assert answers.pop()[0] == 401


def _escaped(login: str) -> str:
    return login.replace("&", "&amp;")


def test_a_failed_sign_in_does_not_repeat_the_password(app: Flask, learner: str) -> None:
    assert "a wrong password" not in sign_in(app.test_client(), learner, "a wrong password, long").text


def test_signing_in_starts_a_new_session(app: Flask, learner: str) -> None:
    """Whatever the browser held before (planted or not) is worth nothing afterwards."""
    client = app.test_client()
    client.get("/people/sign-in")
    with client.session_transaction() as planted:
        planted["_user_id"] = "planted"
        planted["left"] = "over"
    before = session_cookie(client)
    token = client.get("/people/sign-in").text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    client.post("/people/sign-in", data={"login": learner, "password": PASSWORD, "csrf_token": token})
    assert session_cookie(client) != before
    with client.session_transaction() as now_held:
        assert now_held["_user_id"] != "planted"
        assert "left" not in now_held
        assert "csrf_token" not in now_held


def test_signing_in_again_ends_the_session_before(app: Flask, learner: str) -> None:
    client = app.test_client()
    sign_in(client, learner)
    old = session_cookie(client)
    sign_in(client, learner)
    client.set_cookie("headwater", old)
    assert not is_signed_in(client)


def test_an_old_cookie_is_dead_after_signing_out(app: Flask, learner: str) -> None:
    client = app.test_client()
    sign_in(client, learner)
    copied = session_cookie(client)
    response = send(client, "/people/sign-out", "/people/account")
    assert response.headers["Location"] == "/people/signed-out"
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get_cookie("headwater") is None
    client.set_cookie("headwater", copied)
    assert not is_signed_in(client)


def test_whoever_has_no_session_signs_out_too(app: Flask, company: Company) -> None:
    assert send(app.test_client(), "/people/sign-out", "/people/sign-in").status_code == 302


def test_the_database_knows_only_the_hash_of_the_token(app: Flask, learner: str) -> None:
    client = app.test_client()
    sign_in(client, learner)
    with client.session_transaction() as held:
        token = held["_user_id"]
    device = client.get_cookie("headwater-device")
    assert device
    with app.app_context():
        rows = [str(row.__dict__) for kind in (UserSession, KnownDevice) for row in db.session.scalars(select(kind))]
        assert len(rows) == 2
    assert not [row for row in rows if token in row or device.value in row]


def test_the_session_cookie_ends_with_the_browser_unless_the_device_is_ones_own(app: Flask, learner: str) -> None:
    def cookies(**fields: str) -> list[str]:
        return sign_in(app.test_client(), learner, **fields).headers.getlist("Set-Cookie")

    shared = next(line for line in cookies() if line.startswith("headwater="))
    own = next(line for line in cookies(own_device="y") if line.startswith("headwater="))
    assert "Expires" not in shared
    assert "Expires" in own
    for line in (shared, own):
        assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(line.split("; "))


def test_cookies_of_a_site_on_https_are_bound_to_host_and_encryption(
    database_url: str, tmp_path: object, company: Company, app: Flask
) -> None:
    give_password(app, company.learner)
    secure = create_app(
        load_settings(
            data=tmp_path, database_url=database_url, public_url="https://learn.example.org", secret_key="k" * 40
        )
    )
    client = secure.test_client()
    base = "https://learn.example.org"
    page = client.get("/people/sign-in", base_url=base).text
    token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    fields = {"login": "learner@river.example", "password": PASSWORD, "csrf_token": token}
    lines = client.post("/people/sign-in", data=fields, base_url=base).headers.getlist("Set-Cookie")
    assert {line.split("=")[0] for line in lines} == {"__Host-headwater", "__Host-headwater-device"}
    for line in lines:
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(line.split("; "))
        assert "Domain" not in line
    with secure.app_context():
        db.engine.dispose()


@pytest.mark.parametrize(
    ("who", "own_device", "idle"),
    [
        ("learner", False, timedelta(hours=12)),
        ("learner", True, timedelta(days=30)),
        ("trainer", True, timedelta(days=30)),
        ("manager", True, timedelta(hours=12)),
    ],
)
def test_a_session_ends_when_it_was_idle_for_long(
    app: Flask, company: Company, who: str, own_device: bool, idle: timedelta
) -> None:
    give_password(app, getattr(company, who))
    client = app.test_client()
    with time_machine.travel(now(), tick=False) as clock:
        sign_in(client, f"{who}@river.example", **({"own_device": "y"} if own_device else {}))
        clock.shift(idle - timedelta(seconds=1))
        assert is_signed_in(client)
        clock.shift(timedelta(seconds=1))
        assert not is_signed_in(client)


def test_a_manager_of_one_organization_has_short_sessions_in_all(
    app: Flask, company: Company, other_company: Company
) -> None:
    """The session opens in the organization joined last, where the person is a learner; it must not last for it."""
    give_password(app, company.manager)
    with app.app_context(), unit_of_work() as session:
        joined = now() + timedelta(minutes=1)
        session.add(
            Membership(organization_id=other_company.id, user_id=company.manager, role=Role.LEARNER, joined_at=joined)
        )
    client = app.test_client()
    with time_machine.travel(now() + timedelta(minutes=2), tick=False) as clock:
        sign_in(client, "manager@river.example", own_device="y")
        assert "Harbour Works" in client.get("/people/account").text
        clock.shift(timedelta(hours=11))
        send(client, "/people/account/language", "/people/account", locale="")
        clock.shift(timedelta(hours=11, minutes=59))
        assert is_signed_in(client)
        clock.shift(timedelta(minutes=1))
        assert not is_signed_in(client)


def test_a_change_keeps_the_session_alive_and_reading_does_not(app: Flask, learner: str) -> None:
    client = app.test_client()
    with time_machine.travel(now(), tick=False) as clock:
        sign_in(client, learner)
        clock.shift(timedelta(hours=8))
        assert is_signed_in(client)
        send(client, "/people/account/language", "/people/account", locale="")
        clock.shift(timedelta(hours=8))
        assert is_signed_in(client)
        clock.shift(timedelta(hours=4))
        assert not is_signed_in(client)


def test_a_lasting_cookie_is_sent_again_when_its_session_is_moved_forward(app: Flask, learner: str) -> None:
    client = app.test_client()
    with time_machine.travel(now(), tick=False) as clock:
        sign_in(client, learner, own_device="y")
        clock.shift(timedelta(days=29))
        send(client, "/people/account/language", "/people/account", locale="")
        clock.shift(timedelta(days=29))
        assert is_signed_in(client)


def test_no_session_outlives_half_a_year(app: Flask, learner: str) -> None:
    client = app.test_client()
    with time_machine.travel(now(), tick=False) as clock:
        sign_in(client, learner, own_device="y")
        for _ in range(7):
            clock.shift(timedelta(days=25))
            send(client, "/people/account/language", "/people/account", locale="")
        clock.shift(timedelta(days=6))
        assert not is_signed_in(client)


def test_leaving_the_organization_ends_the_session_at_the_next_request(
    app: Flask, company: Company, client_for: Callable[[str | None], FlaskClient]
) -> None:
    client = client_for(company.learner)
    assert is_signed_in(client)
    with app.app_context(), unit_of_work() as session:
        session.execute(update(Membership).where(Membership.user_id == company.learner).values(left_at=now()))
    assert not is_signed_in(client)


def test_an_old_kind_of_hash_is_renewed_at_sign_in(app: Flask, company: Company) -> None:
    weak = type(HASHER)(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(PASSWORD)
    with app.app_context(), unit_of_work() as session:
        session.get_one(User, company.learner).password_hash = weak
    assert sign_in(app.test_client(), "learner@river.example").status_code == 302
    with app.app_context():
        stored = db.session.get_one(User, company.learner).password_hash
    assert stored
    assert stored != weak
    assert not needs_new_hash(stored)


def test_a_browser_is_known_for_each_person_who_signs_in_there(app: Flask, company: Company, learner: str) -> None:
    give_password(app, company.trainer)
    client = app.test_client()
    sign_in(client, learner)
    first = client.get_cookie("headwater-device")
    sign_in(client, "trainer@river.example")
    second = client.get_cookie("headwater-device")
    assert first
    assert second
    assert first.value == second.value
    with app.app_context():
        assert set(db.session.scalars(select(KnownDevice.token_hash))) == {
            device_hash(user_id, first.value) for user_id in (company.learner, company.trainer)
        }


def test_the_log_names_user_and_organization_and_nothing_secret(app: Flask, company: Company, learner: str) -> None:
    client = app.test_client()
    with structlog.testing.capture_logs() as events:
        sign_in(client, learner, "a wrong password, long")
        sign_in(client, "stranger@river.example", "a wrong password, long")
        sign_in(client, learner)
        send(client, "/people/sign-out", "/people/account")
    assert [(event["event"], event["user"]) for event in events] == [
        ("sign_in_failed", company.learner),
        ("sign_in_failed", None),
        ("sign_in", company.learner),
        ("sign_out", company.learner),
    ]
    assert events[2]["organization"] == company.id
    assert not [word for word in (PASSWORD, "wrong password", "@river") if word in str(events)]


def test_reading_pages_writes_nothing(app: Flask, learner: str) -> None:
    client = app.test_client()
    sign_in(client, learner)
    with app.app_context():
        before = db.session.execute(select(func.max(UserSession.last_seen_at), func.max(UserSession.expires_at))).one()
    for path in ("/people/account", "/people/sessions", "/people/password", "/people/sign-in"):
        assert client.get(path).status_code == 200
    with app.app_context():
        after = db.session.execute(select(func.max(UserSession.last_seen_at), func.max(UserSession.expires_at))).one()
    assert before == after
