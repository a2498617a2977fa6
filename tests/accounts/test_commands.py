"""The commands of people and mail."""

from __future__ import annotations

import re
from datetime import timedelta

import time_machine
from flask import Flask
from sqlalchemy import func, select

from learning.accounts import limits
from learning.accounts.models import KnownDevice, LimitCounter, OneTimeToken, User, UserSession
from learning.clock import now
from learning.extensions import db
from tests.accounts.people import OTHER_PASSWORD, give_password, is_signed_in, mails, send, sign_in
from tests.conftest import Company


def create(app: Flask, email: str = "root@site.example", name: str = "Site Root") -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["people", "create-administrator", "--email", email, "--name", name])
    return result.exit_code, result.output


def path_in(output: str) -> str:
    match = re.search(r"http://127\.0\.0\.1(/people/reset/\S+)", output)
    assert match, output
    return match.group(1)


def test_the_first_administrator_gets_a_link_that_works_once(app: Flask) -> None:
    code, output = create(app)
    assert code == 0
    link = path_in(output)
    client = app.test_client()
    assert send(client, link, password=OTHER_PASSWORD).status_code == 302
    assert client.get("/administration/").status_code == 200
    assert app.test_client().get(link).status_code == 410
    assert sign_in(app.test_client(), "root@site.example", OTHER_PASSWORD).status_code == 302


def test_the_link_of_an_administrator_works_for_sixty_minutes(app: Flask) -> None:
    link = path_in(create(app)[1])
    with time_machine.travel(now() + timedelta(minutes=61), tick=False):
        assert app.test_client().get(link).status_code == 410


def test_somebody_with_an_account_becomes_an_administrator(app: Flask, company: Company) -> None:
    assert create(app, "trainer@river.example")[0] == 0
    with app.app_context():
        user = db.session.get_one(User, company.trainer)
    assert (user.is_administrator, user.name) == (True, "River trainer")


def test_a_mistyped_address_is_refused_with_a_sentence(app: Flask) -> None:
    code, output = create(app, "root")
    assert code == 1
    assert "not an e-mail address" in output


def test_tidying_removes_what_has_ended_and_leaves_what_lives(app: Flask, company: Company) -> None:
    give_password(app, company.learner)
    kinds = (LimitCounter, UserSession, OneTimeToken, KnownDevice)

    def counts() -> list[int]:
        with app.app_context():
            return [db.session.scalar(select(func.count()).select_from(kind)) or 0 for kind in kinds]

    client = app.test_client()
    sign_in(client, "learner@river.example")
    sign_in(app.test_client(), "learner@river.example", "a wrong password, long")
    send(app.test_client(), "/people/forgotten", email="learner@river.example")
    before = counts()
    assert all(before)
    assert app.test_cli_runner().invoke(args=["people", "tidy"]).exit_code == 0
    assert counts() == before
    assert is_signed_in(client)
    with time_machine.travel(now() + timedelta(days=400), tick=False):
        result = app.test_cli_runner().invoke(args=["people", "tidy"])
    assert result.exit_code == 0
    assert counts() == [0, 0, 0, 0]
    assert f"counters: {before[0]} removed" in result.output


def test_tidying_keeps_counters_that_still_count(app: Flask) -> None:
    with app.app_context():
        limits.reserve([limits.Limit("door", 3)], now() - timedelta(minutes=14))
    app.test_cli_runner().invoke(args=["people", "tidy"])
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(LimitCounter)) == 1


def test_mail_is_delivered_by_command(app: Flask, company: Company) -> None:
    send(app.test_client(), "/people/forgotten", email="learner@river.example")
    result = app.test_cli_runner().invoke(args=["mail", "deliver"])
    assert result.output.endswith("1 sent.\n")
    assert [mail.body for mail in mails(app)] == [""]
    assert app.test_cli_runner().invoke(args=["mail", "deliver"]).output.endswith("0 sent.\n")
