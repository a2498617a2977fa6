"""One attempt more than a quiz allows: for whom it was granted, and once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from learning.clock import now
from learning.content.model import Quiz
from learning.extensions import db
from learning.quizzes.errors import NoAttemptsLeft
from learning.quizzes.grants import attempts_left, grant_attempts
from learning.quizzes.models import GrantedAttempt
from learning.quizzes.queries import quiz_page
from learning.quizzes.service import start_attempt, submit
from learning.web.catalogue import the_catalogue
from learning.web.identity import Member
from tests.conftest import Company

Clients = Callable[[str | None], FlaskClient]


@pytest.fixture
def limited(quiz: Quiz) -> Quiz:
    """The quiz with two attempts."""
    return replace(quiz, attempts=2, rules=replace(quiz.rules, pause=0))


def sit(member: Member, quiz: Quiz) -> None:
    submit(member, start_attempt(member, quiz, now()), {}, now())


def test_a_granted_attempt_may_be_sat_and_no_more(app: Flask, company: Company, learner: Member, limited: Quiz) -> None:
    trainer = Member(company.trainer, company.id)
    with app.app_context():
        for _ in range(2):
            assert grant_attempts(trainer, limited, [learner.user_id], now()).granted == frozenset(), "one is left"
            sit(learner, limited)
        with pytest.raises(NoAttemptsLeft):
            start_attempt(learner, limited, now())
        for expected in ({learner.user_id}, set()):
            assert grant_attempts(trainer, limited, [learner.user_id], now()).granted == expected
        attempt = start_attempt(learner, limited, now())
        assert grant_attempts(trainer, limited, [learner.user_id], now()).unneeded == {learner.user_id}, "it is open"
        submit(learner, attempt, {}, now())
        with pytest.raises(NoAttemptsLeft):
            start_attempt(learner, limited, now())


def test_a_grant_is_for_one_person_one_quiz_and_one_organization(
    app: Flask, company: Company, other_company: Company, learner: Member, limited: Quiz
) -> None:
    with app.app_context():
        stranger = Member(other_company.learner, other_company.id)
        for member in (learner, stranger):
            for _ in range(2):
                sit(member, limited)
        grant_attempts(Member(company.trainer, company.id), limited, [learner.user_id], now())
        with pytest.raises(NoAttemptsLeft):
            start_attempt(stranger, limited, now())
        assert db.session.scalars(select(GrantedAttempt.organization_id)).all() == [company.id]


def test_two_trainers_who_unlock_at_once_give_one_attempt(
    app: Flask, company: Company, learner: Member, limited: Quiz
) -> None:
    with app.app_context():
        for _ in range(2):
            sit(learner, limited)
    start = threading.Barrier(4)
    granted: list[int] = []

    def press() -> None:
        with app.app_context():
            start.wait()
            done = grant_attempts(Member(company.trainer, company.id), limited, [learner.user_id], now())
            granted.append(len(done.granted))

    presses = [threading.Thread(target=press) for _ in range(4)]
    for each in presses:
        each.start()
    for each in presses:
        each.join()
    assert sorted(granted) == [0, 0, 0, 1]


def test_the_person_reads_on_the_page_of_the_quiz_what_was_granted(
    app: Flask, company: Company, learner: Member, limited: Quiz, client_for: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        monkeypatch.setitem(the_catalogue().quizzes, limited.id, limited)
        for _ in range(2):
            sit(learner, limited)
        client = client_for(learner.user_id)
        path = f"/quizzes/{limited.id}/"
        assert "Your trainer can give you another one" in client.get(path).get_data(as_text=True)
        grant_attempts(Member(company.trainer, company.id), limited, [learner.user_id], now())
        page = client.get(path).get_data(as_text=True)
        assert "2 allowed, and 1 more from your trainer; 1 left" in page
        assert f'action="/quizzes/{limited.id}/start"' in page
        sit(learner, limited)
        assert quiz_page(the_catalogue(), limited.id, learner, now()).attempts_left == 0


@given(allowed=st.integers(0, 6), used=st.integers(0, 9), granted=st.frozensets(st.integers(1, 12), max_size=4))
def test_attempts_left_are_those_that_could_be_started_one_after_the_other(
    allowed: int, used: int, granted: frozenset[int]
) -> None:
    left = attempts_left(allowed, used, granted)
    if allowed == 0:
        assert left is None
        return
    assert left is not None
    assert all(number <= allowed or number in granted for number in range(used + 1, used + left + 1))
    after = used + left + 1
    assert after > allowed
    assert after not in granted
