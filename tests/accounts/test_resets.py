"""A new password by a link."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from learning.accounts import limits
from learning.accounts.models import OneTimeToken, User
from learning.clock import now
from learning.database import unit_of_work
from learning.extensions import db
from tests.accounts.people import (
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


@pytest.fixture
def link(app: Flask, company: Company) -> str:
    """The link that the learner asked for."""
    give_password(app, company.learner)
    send(app.test_client(), "/people/forgotten", email="Learner@River.example")
    return link_in(mails(app)[0])


def test_a_link_sets_a_new_password_and_ends_every_session(app: Flask, link: str) -> None:
    before, here = app.test_client(), app.test_client()
    sign_in(before, "learner@river.example")
    assert send(here, link, password=OTHER_PASSWORD).status_code == 302
    assert is_signed_in(here)
    assert not is_signed_in(before)
    assert sign_in(app.test_client(), "learner@river.example", PASSWORD).status_code == 401
    assert sign_in(app.test_client(), "learner@river.example", OTHER_PASSWORD).status_code == 302


def test_a_link_works_once(app: Flask, link: str) -> None:
    send(app.test_client(), link, password=OTHER_PASSWORD)
    assert app.test_client().get(link).status_code == 410
    assert send(app.test_client(), link, "/people/sign-in", password=PASSWORD).status_code == 410


def test_looking_at_a_link_does_not_use_it(app: Flask, link: str) -> None:
    """Mail scanners open links."""
    for _ in range(3):
        assert app.test_client().get(link).status_code == 200
    assert send(app.test_client(), link, password=OTHER_PASSWORD).status_code == 302


def test_a_link_works_for_sixty_minutes(app: Flask, link: str) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        clock.shift(timedelta(minutes=59))
        assert app.test_client().get(link).status_code == 200
        clock.shift(timedelta(minutes=1))
        assert app.test_client().get(link).status_code == 410


def test_using_one_link_ends_the_others(app: Flask, link: str) -> None:
    send(app.test_client(), "/people/forgotten", email="learner@river.example")
    first, second = (link_in(mail) for mail in mails(app))
    send(app.test_client(), second, password=OTHER_PASSWORD)
    assert app.test_client().get(first).status_code == 410


def test_known_and_unknown_addresses_get_the_same_answer(app: Flask, company: Company) -> None:
    give_password(app, company.learner)
    with app.app_context(), unit_of_work() as session:
        session.get_one(User, company.trainer).is_active = False
    answers = set()
    for address in ("learner@river.example", "trainer@river.example", "nobody@example.org"):
        response = send(app.test_client(), "/people/forgotten", email=address)
        answers.add((response.status_code, without_csrf(response.text), tuple(sorted(response.headers.keys()))))
    assert len(answers) == 1
    assert [mail.recipient for mail in mails(app)] == ["learner@river.example"]


def test_one_address_gets_three_mails_in_a_quarter_of_an_hour(app: Flask, company: Company) -> None:
    """The answer stays the same: who asks does not learn that nothing was sent."""
    answers = {
        without_csrf(send(app.test_client(), "/people/forgotten", email="learner@river.example").text) for _ in range(5)
    }
    assert len(answers) == 1
    assert len(mails(app)) == limits.PER_RECIPIENT


def test_only_the_hash_of_the_token_is_kept(app: Flask, link: str) -> None:
    with app.app_context():
        assert link.rsplit("/", 1)[1] not in str(db.session.scalars(select(OneTimeToken)).one().__dict__)


def test_whoever_was_shut_out_by_a_stranger_comes_in_by_a_link(app: Flask, link: str) -> None:
    stranger, victim = app.test_client(), app.test_client()
    for _ in range(limits.PER_ACCOUNT):
        sign_in(stranger, "learner@river.example", "a wrong password, long")
    assert sign_in(victim, "learner@river.example").status_code == 429
    assert send(victim, link, password=OTHER_PASSWORD).status_code == 302
    assert is_signed_in(victim)


def test_the_link_of_somebody_who_was_switched_off_does_not_work(app: Flask, company: Company, link: str) -> None:
    with app.app_context(), unit_of_work() as session:
        session.get_one(User, company.learner).is_active = False
    assert app.test_client().get(link).status_code == 410
    assert send(app.test_client(), link, "/people/sign-in", password=OTHER_PASSWORD).status_code == 410


def test_a_weak_password_is_refused_and_the_link_still_works(app: Flask, link: str) -> None:
    client = app.test_client()
    assert send(client, link, password="learner learner 2026").status_code == 422
    assert send(client, link, password=OTHER_PASSWORD).status_code == 302


def test_the_pages_of_links_send_no_referrer_and_are_not_kept(app: Flask, link: str) -> None:
    headers = app.test_client().get(link).headers
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
