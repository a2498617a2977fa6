"""How often a door may be tried, counted for all workers together."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from learning.accounts import limits
from learning.accounts.limits import Limit, TooManyTries, network_of
from learning.accounts.models import LimitCounter
from learning.clock import now
from learning.database import unit_of_work
from learning.extensions import db
from tests.accounts.people import give_password, send, sign_in, without_csrf
from tests.conftest import PASSWORD, Company, csrf_token

MOMENT = datetime(2026, 3, 2, 10, 0, 30, tzinfo=UTC)
WRONG = "a wrong password, long"


def test_a_limit_lets_so_many_through_and_then_none(app: Flask) -> None:
    limit = Limit("door", 3)
    with app.app_context():
        for _ in range(3):
            limits.reserve([limit], MOMENT)
        with pytest.raises(TooManyTries):
            limits.reserve([limit], MOMENT)


def test_tries_older_than_the_window_do_not_count(app: Flask) -> None:
    limit = Limit("door", 2)
    with app.app_context():
        limits.reserve([limit], MOMENT)
        limits.reserve([limit], MOMENT + timedelta(minutes=10))
        with pytest.raises(TooManyTries):
            limits.reserve([limit], MOMENT + timedelta(minutes=14))
        limits.reserve([limit], MOMENT + timedelta(minutes=15))


def test_a_refused_try_does_not_make_the_wait_longer(app: Flask) -> None:
    limit = Limit("door", 1)
    with app.app_context():
        limits.reserve([limit], MOMENT)
        for minute in range(1, 15):
            with pytest.raises(TooManyTries):
                limits.reserve([limit], MOMENT + timedelta(minutes=minute))
        limits.reserve([limit], MOMENT + timedelta(minutes=15))


def test_whoever_goes_on_asking_for_mails_does_not_stop_them_for_ever(app: Flask) -> None:
    """A stranger asks every minute for an hour: in each quarter of it the mails go out."""
    limit = Limit("recipient", limits.PER_RECIPIENT)
    with app.app_context():
        sent = []
        for minute in range(60):
            with unit_of_work() as session:
                if limits.allows(session, limit, MOMENT + timedelta(minutes=minute)):
                    sent.append(minute)
    assert sent == [0, 1, 2, 15, 16, 17, 30, 31, 32, 45, 46, 47]


def test_one_exhausted_limit_leaves_the_others_uncounted(app: Flask) -> None:
    full, free = Limit("full", 0), Limit("free", 5)
    with app.app_context():
        for pair in ([full, free], [free, full]):
            with pytest.raises(TooManyTries):
                limits.reserve(pair, MOMENT)
        assert db.session.scalar(select(func.count()).select_from(LimitCounter)) == 0


def test_a_try_that_succeeded_is_given_back(app: Flask) -> None:
    limit = Limit("door", 1)
    with app.app_context():
        for _ in range(5):
            reservation = limits.reserve([limit], MOMENT)
            with unit_of_work() as session:
                limits.give_back(session, reservation)


def test_six_workers_at_once_are_counted_exactly(app: Flask) -> None:
    """60 tries by 6 threads on two shared limits: exactly as many pass as the smaller one allows."""
    pair = [Limit("account", 25), Limit("network", 300)]

    def knock(number: int) -> bool:
        with app.app_context():
            try:
                limits.reserve(pair[::-1] if number % 2 else pair, MOMENT)
            except TooManyTries:
                return False
            return True

    with ThreadPoolExecutor(6) as workers:
        passed = list(workers.map(knock, range(60)))
    assert sum(passed) == 25
    with app.app_context():
        counts = {row[0]: row[1] for row in db.session.execute(select(LimitCounter.key_hash, LimitCounter.count))}
    assert counts == {pair[0].key_hash: 25, pair[1].key_hash: 25}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.254", True),
        ("192.0.2.1", "192.0.3.1", False),
        ("2001:db8:1:1::1", "2001:db8:1:ffff::9", True),
        ("2001:db8:1::1", "2001:db8:2::1", False),
        ("::ffff:192.0.2.1", "192.0.2.99", True),
        ("fe80::1%eth0", "fe80::2", True),
    ],
)
def test_a_network_is_limited_together(one: str, other: str, same: bool) -> None:
    assert (network_of(one) == network_of(other)) is same


def test_an_address_that_is_none_has_a_network_of_its_own() -> None:
    assert network_of("") == network_of("not an address") == "unknown"


def test_the_table_names_nobody(app: Flask, company: Company) -> None:
    sign_in(app.test_client(), "learner@river.example", WRONG)
    with app.app_context():
        rows = db.session.scalars(select(LimitCounter.key_hash)).all()
    assert len(rows) == 2
    assert all(len(row) == 64 and "river" not in row and company.learner not in row for row in rows)


def test_after_ten_failures_the_right_password_is_refused_too(app: Flask, company: Company) -> None:
    give_password(app, company.learner)
    client = app.test_client()
    for _ in range(limits.PER_ACCOUNT):
        assert sign_in(client, "learner@river.example", WRONG).status_code == 401
    refused = [sign_in(client, "learner@river.example", password) for password in (WRONG, PASSWORD)]
    assert [response.status_code for response in refused] == [429, 429]
    assert "Wait 15 minutes" in refused[0].text
    assert without_csrf(refused[0].text) == without_csrf(refused[1].text)


def test_an_unknown_login_is_limited_like_a_known_one(app: Flask, company: Company) -> None:
    client = app.test_client()
    codes = [sign_in(client, "nobody@river.example", WRONG).status_code for _ in range(limits.PER_ACCOUNT + 1)]
    assert codes == [401] * limits.PER_ACCOUNT + [429]


def test_the_account_opens_again_after_a_quarter_of_an_hour(app: Flask, company: Company) -> None:
    give_password(app, company.learner)
    client = app.test_client()
    with time_machine.travel(now(), tick=False) as clock:
        for _ in range(limits.PER_ACCOUNT):
            sign_in(client, "learner@river.example", WRONG)
        assert sign_in(client, "learner@river.example").status_code == 429
        clock.shift(timedelta(minutes=15))
        assert sign_in(client, "learner@river.example").status_code == 302


def test_a_stranger_cannot_shut_out_somebody_who_has_signed_in_there_before(app: Flask, company: Company) -> None:
    give_password(app, company.learner)
    home, stranger = app.test_client(), app.test_client()
    sign_in(home, "learner@river.example")
    send(home, "/people/sign-out", "/people/account")
    for _ in range(limits.PER_ACCOUNT):
        sign_in(stranger, "learner@river.example", WRONG)
    assert sign_in(stranger, "learner@river.example").status_code == 429
    assert sign_in(home, "learner@river.example").status_code == 302


def test_a_known_device_has_a_limit_of_its_own(app: Flask, company: Company) -> None:
    give_password(app, company.learner)
    home, elsewhere = app.test_client(), app.test_client()
    sign_in(home, "learner@river.example")
    for _ in range(limits.PER_ACCOUNT):
        assert sign_in(home, "learner@river.example", WRONG).status_code == 401
    assert sign_in(home, "learner@river.example").status_code == 429
    assert sign_in(elsewhere, "learner@river.example").status_code == 302


def test_a_device_known_to_one_person_is_unknown_to_another(app: Flask, company: Company) -> None:
    for user_id in (company.learner, company.trainer):
        give_password(app, user_id)
    home = app.test_client()
    sign_in(home, "learner@river.example")
    for _ in range(limits.PER_ACCOUNT):
        sign_in(home, "trainer@river.example", WRONG)
    assert sign_in(app.test_client(), "trainer@river.example").status_code == 429


def test_a_network_with_three_hundred_failures_is_shut_at_every_door(app: Flask, company: Company) -> None:
    give_password(app, company.learner)
    home = app.test_client()
    sign_in(home, "learner@river.example")
    with app.app_context(), unit_of_work() as session:
        counter = limits.of_network("127.0.0.1").key_hash
        moment = now().replace(second=0, microsecond=0) - timedelta(minutes=3)
        session.add(LimitCounter(key_hash=counter, window_start=moment, count=limits.PER_NETWORK))
    stranger = app.test_client()
    token = csrf_token(stranger, "/people/sign-in")
    doors = {
        "/people/sign-in": {"login": "learner@river.example", "password": PASSWORD},
        "/people/first-sign-in": {"login": "river-1", "code": "ABCD"},
        "/people/first-sign-in/password": {"login": "river-1", "code": "ABCD", "password": PASSWORD},
        "/people/forgotten": {"email": "learner@river.example"},
        "/people/reset/x": {"password": PASSWORD},
        "/people/invitation/x": {"name": "Ana", "password": PASSWORD},
        "/people/join/x/address": {"name": "Ana", "email": "ana@river.example"},
        "/people/join/x/number": {"name": "Ana", "number": "1", "password": PASSWORD},
    }
    answers = {path: stranger.post(path, data={**fields, "csrf_token": token}) for path, fields in doors.items()}
    assert {path: response.status_code for path, response in answers.items()} == dict.fromkeys(doors, 429)
    assert sign_in(home, "learner@river.example").status_code == 302


def test_wrong_links_and_codes_count_as_failures_of_the_network(app: Flask, company: Company) -> None:
    client = app.test_client()
    token = csrf_token(client, "/people/sign-in")
    for path, fields in {
        "/people/first-sign-in": {"login": "river-1", "code": "ABCD"},
        "/people/reset/x": {"password": PASSWORD},
        "/people/invitation/x": {"name": "Ana", "password": PASSWORD},
        "/people/join/x/number": {"name": "Ana", "number": "1", "password": PASSWORD},
    }.items():
        assert client.post(path, data={**fields, "csrf_token": token}).status_code in {401, 410}
    with app.app_context():
        found = db.session.scalar(
            select(func.sum(LimitCounter.count)).where(LimitCounter.key_hash == limits.of_network("127.0.0.1").key_hash)
        )
    assert found == 4


def test_a_forwarded_address_is_not_believed_without_a_proxy(app: Flask, company: Company) -> None:
    client = app.test_client()
    token = csrf_token(client, "/people/sign-in")
    fields = {"login": "nobody", "password": WRONG, "csrf_token": token}
    for last in range(3):
        client.post("/people/sign-in", data=fields, headers={"X-Forwarded-For": f"198.51.{last}.1"})
    with app.app_context():
        # One row a minute: of the network and of the name, each with all three tries.
        keys = select(func.count(LimitCounter.key_hash.distinct()), func.sum(LimitCounter.count))
        assert tuple(db.session.execute(keys).one()) == (2, 6)


def test_old_counters_are_tidied_away_and_new_ones_stay(app: Flask) -> None:
    limit = Limit("door", 5)
    with app.app_context():
        limits.reserve([limit], MOMENT)
        limits.reserve([limit], MOMENT + timedelta(minutes=30))
        with unit_of_work() as session:
            assert limits.tidy(session, MOMENT + timedelta(minutes=31)) == 1
        assert db.session.scalar(select(func.count()).select_from(LimitCounter)) == 1
