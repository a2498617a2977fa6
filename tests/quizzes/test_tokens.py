"""The token of an attempt saves that attempt, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from learning.clock import now
from learning.content.model import Quiz
from learning.extensions import db
from learning.quizzes import service
from learning.quizzes.models import Answer
from learning.quizzes.tokens import LIFETIME, attempt_token
from learning.web.identity import Member
from tests.conftest import Company
from tests.forging import forged

BODY = {"operation_id": "op-1", "revision": 1, "value": ["41"]}


@pytest.fixture
def attempt_id(app: Flask, learner: Member, quiz: Quiz) -> str:
    """An open attempt of the learner."""
    with app.app_context():
        return service.start_attempt(learner, quiz, now())


@pytest.fixture
def token(app: Flask, learner: Member, attempt_id: str) -> str:
    """What the page of the attempt holds."""
    with app.app_context():
        return attempt_token(learner, attempt_id)


def keep(client: FlaskClient, attempt_id: str, token: str, question: str = "m01-q4") -> int:
    headers = {"X-Attempt-Token": token}
    return client.put(f"/attempts/{attempt_id}/kept/{question}", json=BODY, headers=headers).status_code


def test_it_saves_without_a_session(
    app: Flask, client_for: Callable[[str | None], FlaskClient], attempt_id: str, token: str
) -> None:
    assert keep(client_for(None), attempt_id, token) == 200
    with app.app_context():
        assert db.session.scalars(select(Answer.value)).one() == ["41"]


def test_a_forged_a_foreign_and_no_token_find_nothing(
    app: Flask,
    client_for: Callable[[str | None], FlaskClient],
    company: Company,
    other_company: Company,
    quiz: Quiz,
    attempt_id: str,
    token: str,
) -> None:
    with app.app_context():
        stranger = Member(other_company.learner, other_company.id)
        of_another = attempt_token(stranger, service.start_attempt(stranger, quiz, now()))
        claimed = attempt_token(stranger, attempt_id)
        colleague = attempt_token(Member(company.trainer, company.id), attempt_id)
    client = client_for(None)
    for wrong in ("", "x", forged(token), of_another, claimed, colleague):
        assert keep(client, attempt_id, wrong) == 404
    assert keep(client, "00000000000000000000", token) == 404
    assert client.get(f"/attempts/{attempt_id}", headers={"X-Attempt-Token": token}).status_code == 302
    with app.app_context():
        assert db.session.scalars(select(Answer)).all() == []


def test_it_ages(app: Flask, client_for: Callable[[str | None], FlaskClient], attempt_id: str, token: str) -> None:
    with time_machine.travel(now() + timedelta(seconds=LIFETIME + 5), tick=False):
        assert keep(client_for(None), attempt_id, token) == 404


def test_it_outlives_a_change_of_the_key_of_the_site(
    app: Flask, client_for: Callable[[str | None], FlaskClient], attempt_id: str, token: str
) -> None:
    app.config.update(SECRET_KEY="another" * 8, SECRET_KEY_FALLBACKS=[app.config["SECRET_KEY"]])
    assert keep(client_for(None), attempt_id, token) == 200
    app.config.update(SECRET_KEY_FALLBACKS=[])
    assert keep(client_for(None), attempt_id, token) == 404
