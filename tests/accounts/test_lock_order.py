"""Verbs that lock the same rows lock them in one order, so that no two wait for each other in a circle.

SQLite has one write lock and cannot get there; these tests run on PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event

import pytest
from flask import Flask
from sqlalchemy import text, update

from learning.accounts.cards import fold_code, new_card, use_card
from learning.accounts.credentials import RESET_LIVES, add_token, reset_password
from learning.accounts.membership import change_member
from learning.accounts.models import Department, OneTimeToken, TokenPurpose, User
from learning.accounts.tokens import new_token
from learning.clock import now
from learning.database import unit_of_work
from learning.errors import NotFound
from learning.extensions import db
from learning.web.identity import Member, Role
from tests.accounts.people import HOME, OTHER_PASSWORD
from tests.conftest import Company
from tests.server import eventually

pytestmark = pytest.mark.parametrize("backend", [pytest.param("postgresql", marks=pytest.mark.postgresql)])
Verb = Callable[[str, str, Company], object]


def use_link(token: str, user_id: str, company: Company) -> object:
    return reset_password(token, OTHER_PASSWORD, HOME, now())


def use_code(token: str, user_id: str, company: Company) -> object:
    return use_card("river-1042", token, OTHER_PASSWORD, HOME, now())


def print_card(token: str, user_id: str, company: Company) -> object:
    return new_card(Member(company.manager, company.id), user_id, now())


def somebody_waits(app: Flask) -> bool:
    """Whether a transaction of this database waits for another."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with app.app_context(), db.engine.connect() as connection:
        return bool(connection.scalar(text(waiting)))


@pytest.mark.parametrize(
    ("verb", "purpose"),
    [
        (use_link, TokenPurpose.PASSWORD_RESET),
        (use_code, TokenPurpose.FIRST_SIGN_IN),
        (print_card, TokenPurpose.FIRST_SIGN_IN),
    ],
)
def test_the_person_is_locked_before_their_links(
    app: Flask, company: Company, verb: Verb, purpose: TokenPurpose
) -> None:
    """Somebody else holds the person's row and goes on to their links, as every change of a password does."""
    token = fold_code(new_token()) if purpose is TokenPurpose.FIRST_SIGN_IN else new_token()
    with app.app_context(), unit_of_work() as session:
        user = session.get_one(User, company.learner)
        user.email, user.sign_in_name = None, "river-1042"
        add_token(session, user.id, purpose, token, now(), now() + RESET_LIVES)
    held, verb_waits = Event(), Event()

    def hold() -> None:
        with app.app_context(), unit_of_work() as session:
            session.get_one(User, company.learner, with_for_update=True)
            held.set()
            assert verb_waits.wait(20)
            session.execute(update(OneTimeToken).values(expires_at=now() + timedelta(hours=1)))

    def act() -> None:
        assert held.wait(20)
        with app.app_context():
            verb(token, company.learner, company)

    with ThreadPoolExecutor(2) as threads:
        holder, actor = threads.submit(hold), threads.submit(act)
        eventually(lambda: somebody_waits(app), 20, "A wait for the row of the person")
        verb_waits.set()
        holder.result(20)
        actor.result(20)


def test_a_department_that_is_being_removed_is_not_given_to_anybody(app: Flask, company: Company) -> None:
    """Whoever gives it waits for the removal and then does not find it, instead of failing inside."""
    held, giver_waits = Event(), Event()

    def remove() -> None:
        with app.app_context(), unit_of_work() as session:
            found = session.get_one(Department, company.departments[1], with_for_update=True)
            held.set()
            assert giver_waits.wait(20)
            session.delete(found)

    def give() -> None:
        assert held.wait(20)
        with app.app_context(), pytest.raises(NotFound):
            member = Member(company.manager, company.id)
            change_member(member, company.learner, Role.LEARNER, company.departments[1], now())

    with ThreadPoolExecutor(2) as threads:
        remover, giver = threads.submit(remove), threads.submit(give)
        eventually(lambda: somebody_waits(app), 20, "A wait for the department")
        giver_waits.set()
        remover.result(20)
        giver.result(20)
