"""How people stand in quizzes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from learning.clock import now
from learning.content.model import Quiz
from learning.quizzes import queries, service
from learning.quizzes.answering import Given
from learning.web.identity import Member
from tests.conftest import Company


def test_the_best_attempt_counts_and_an_open_one_is_told(app: Flask, learner: Member, quiz: Quiz) -> None:
    start = now() - timedelta(hours=1)
    with app.app_context():
        for minute, answers in enumerate(({"m01-q4": Given(["42.5"])}, {})):
            attempt = service.start_attempt(learner, quiz, start + timedelta(minutes=minute))
            service.submit(learner, attempt, answers, start + timedelta(minutes=minute, seconds=30))
        service.start_attempt(learner, quiz, start + timedelta(minutes=9))
        (standing,) = app.extensions["quiz_standings"](learner.organization_id, None, None)
    assert (standing.best_percent, standing.passed, standing.attempts, standing.has_open) == (
        pytest.approx(100 / 9),
        False,
        2,
        True,
    )
    assert standing.last_submitted_at == start + timedelta(minutes=1, seconds=30)
    assert standing.last_activity_at == start + timedelta(minutes=9)


def test_an_attempt_that_is_only_open_has_no_result(app: Flask, learner: Member, quiz: Quiz) -> None:
    with app.app_context():
        service.start_attempt(learner, quiz, now())
        (standing,) = queries.quiz_standings(learner.organization_id, [learner.user_id], [quiz.id])
    assert (standing.attempts, standing.passed, standing.last_submitted_at) == (0, False, None)


def test_another_organization_sees_nothing(app: Flask, learner: Member, other_company: Company, quiz: Quiz) -> None:
    with app.app_context():
        service.start_attempt(learner, quiz, now())
        assert queries.quiz_standings(other_company.id, None, None) == []
