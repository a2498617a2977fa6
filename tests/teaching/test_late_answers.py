"""A trainer sees that answers came after the deadline and how late, and not what they were."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from learning.clock import now
from learning.content.model import Quiz, QuizRules
from learning.quizzes import answering, service
from learning.quizzes.answering import Given
from learning.quizzes.errors import TimeIsUp
from learning.quizzes.states import GRACE
from learning.teaching.late_answers import LateAnswer, late_answers
from learning.web.catalogue import the_catalogue
from learning.web.identity import Member
from tests.conftest import Company

Clients = Callable[[str | None], FlaskClient]
LIMIT = timedelta(minutes=30)


@pytest.fixture
def quiz(app: Flask) -> Quiz:
    with app.app_context():
        return replace(the_catalogue().quizzes["m01-quiz"], rules=QuizRules(time_limit=30))


def sit_late(member: Member, quiz: Quiz, late_by: timedelta, *questions: str, hours: int = 0) -> None:
    """One attempt, begun in so many hours, of which a page with these answers arrives so long after its deadline."""
    began = now() + timedelta(hours=hours)
    attempt_id = service.start_attempt(member, quiz, began)
    with pytest.raises(TimeIsUp):
        service.submit(
            member, attempt_id, {each: Given(["late-canary"]) for each in questions}, began + LIMIT + late_by
        )


def test_question_and_delay_are_shown_and_the_answer_is_not(
    app: Flask, company: Company, quiz: Quiz, client_for: Clients
) -> None:
    path = f"/teaching/people/{company.learner}"
    trainer = client_for(company.trainer)
    assert "after the deadline" not in trainer.get(path).text
    with app.app_context():
        member = Member(company.learner, company.id)
        first, second = quiz.questions[:2]
        sit_late(member, quiz, timedelta(seconds=75), first.id, second.id)
        sit_late(member, quiz, timedelta(minutes=40), second.id, hours=2)
        found = late_answers(company.id, company.learner, the_catalogue())
        assert found[0] == LateAnswer(quiz.title, 2, second.title, timedelta(minutes=40))
        assert set(found[1:]) == {
            LateAnswer(quiz.title, 1, each.title, timedelta(seconds=75)) for each in (first, second)
        }
        assert len(found) == 3
    page = trainer.get(path).text
    assert "Answers that came after the deadline" in page
    assert "75 seconds" in page
    assert "40 minutes" in page
    assert "late-canary" not in page


def test_what_comes_within_the_grace_is_not_late(app: Flask, company: Company, quiz: Quiz) -> None:
    with app.app_context():
        member, began = Member(company.learner, company.id), now()
        attempt_id = service.start_attempt(member, quiz, began)
        answering.save_answer(
            member,
            attempt_id,
            "m01-q2",
            operation_id="op-1",
            revision=1,
            given=Given(["7"]),
            arrived=began + LIMIT + GRACE,
        )
        assert late_answers(company.id, company.learner, the_catalogue()) == ()


def test_a_question_that_is_no_longer_asked_is_told_as_such(
    app: Flask, company: Company, quiz: Quiz, client_for: Clients
) -> None:
    old = replace(quiz, id="gone-quiz", title="A quiz of last year", questions=(replace(quiz.questions[1], id="gone"),))
    with app.app_context():
        sit_late(Member(company.learner, company.id), old, timedelta(seconds=20), "gone")
    page = client_for(company.trainer).get(f"/teaching/people/{company.learner}").text
    assert "A question that is no longer asked" in page
    assert "A quiz of last year" in page


def test_another_organization_does_not_see_it(
    app: Flask, company: Company, other_company: Company, quiz: Quiz, client_for: Clients
) -> None:
    with app.app_context():
        sit_late(Member(company.learner, company.id), quiz, timedelta(seconds=75), "m01-q2")
        assert late_answers(other_company.id, company.learner, the_catalogue()) == ()
        assert late_answers(company.id, company.manager, the_catalogue()) == ()
    assert client_for(other_company.trainer).get(f"/teaching/people/{company.learner}").status_code == 404
