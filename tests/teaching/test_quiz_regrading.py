"""A trainer marks a quiz again after a key was mended."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from learning.accounts.models import User
from learning.clock import now
from learning.content.model import Question, Quiz, SingleQuestion
from learning.database import unit_of_work
from learning.extensions import db
from learning.quizzes import service
from learning.quizzes.answering import Given
from learning.quizzes.models import Grading
from learning.quizzes.regrading import regrade
from learning.web.catalogue import the_catalogue
from learning.web.identity import Member
from tests.conftest import Company, csrf_token
from tests.teaching.sittings import add_sittings, choose

Clients = Callable[[str | None], FlaskClient]
QUIZ_ID, SINGLE = "m01-quiz", "m01-q1"
PATH = f"/teaching/quizzes/{QUIZ_ID}/regrade"


@pytest.fixture
def trainer(company: Company, client_for: Clients) -> FlaskClient:
    return client_for(company.trainer)


@pytest.fixture
def quiz(app: Flask) -> Quiz:
    """The quiz as it is taught now, with its key mended."""
    with app.app_context():
        return the_catalogue().quizzes[QUIZ_ID]


def single(quiz: Quiz) -> SingleQuestion:
    question = next(each for each in quiz.questions if each.id == SINGLE)
    assert isinstance(question, SingleQuestion)
    return question


def changed(quiz: Quiz, question: Question, pass_mark: int = 0) -> Quiz:
    others = (question if each.id == question.id else each for each in quiz.questions)
    return replace(quiz, questions=tuple(others), pass_mark=pass_mark or quiz.pass_mark, hash="0" * 64)


def miskeyed(quiz: Quiz, pass_mark: int = 0) -> Quiz:
    """The quiz as it was before: its key named the option after the right one."""
    question = single(quiz)
    place = next(place for place, each in enumerate(question.options) if each.right)
    wrong = (place + 1) % len(question.options)
    options = tuple(replace(each, right=at == wrong) for at, each in enumerate(question.options))
    return changed(quiz, replace(question, options=options), pass_mark)


def option(quiz: Quiz) -> str:
    return next(each.id for each in single(quiz).options if each.right)


def sit(member: Member, quiz: Quiz, answers: dict[str, list[str]]) -> str:
    attempt_id = service.start_attempt(member, quiz, now())
    service.submit(member, attempt_id, {each: Given(value) for each, value in answers.items()}, now())
    return attempt_id


def send(trainer: FlaskClient, reason: str) -> tuple[int, str]:
    """Status, and the page that follows."""
    answer = trainer.post(PATH, data={"csrf_token": csrf_token(trainer, PATH), "reason": reason})
    return answer.status_code, trainer.get(PATH).text if answer.status_code == 302 else answer.text


def number_of_gradings(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Grading)) or 0


def test_who_changes_by_how_much_is_shown_before_anything_changes(
    app: Flask, company: Company, quiz: Quiz, trainer: FlaskClient
) -> None:
    learner = Member(company.learner, company.id)
    with app.app_context():
        sit(learner, quiz, {})
        sit(learner, miskeyed(quiz, pass_mark=1), {SINGLE: [option(quiz)]})
        sit(learner, miskeyed(quiz, pass_mark=1), {SINGLE: [option(miskeyed(quiz))]})
    page = trainer.get(PATH).text
    assert "3 attempts were handed in. 2 of them change: 1 would pass now, 1 would no longer pass." in page
    found = re.findall(
        r"<th scope=\"?row\"?>([^<]+)</th>\s*<td[^>]*>(\d)</td>\s*<td[^>]*>([\d.]+) %</td>\s*<td[^>]*>([\d.]+) %</td>"
        r"\s*<td[^>]*>(?:<[^>]+>)?([^<]+)",
        page,
    )
    assert [(name, number, result) for name, number, _, _, result in found] == [
        ("River learner", "2", "not passed → passed"),
        ("River learner", "3", "passed → not passed"),
    ]
    (_, _, low, high, _), (_, _, before, after, _) = found
    assert (low, before, after) == ("0.0", high, "0.0")
    assert float(high) > 0
    assert number_of_gradings(app) == 3


def test_marking_again_needs_a_reason_which_is_kept_on_refusal(
    app: Flask, company: Company, quiz: Quiz, trainer: FlaskClient
) -> None:
    with app.app_context():
        sit(Member(company.learner, company.id), miskeyed(quiz), {SINGLE: [option(quiz)]})
    status, page = send(trainer, "   ")
    assert (status, "Say why: the people concerned read it" in page) == (422, True)
    long = "The key was wrong. " * 20
    status, page = send(trainer, long)
    assert (status, "Shorten it to 300 characters" in page, long.strip() in page) == (422, True, True)
    assert "1 of them changes" in page
    assert number_of_gradings(app) == 1


def test_marking_again_adds_gradings_once_and_names_their_author(
    app: Flask, company: Company, quiz: Quiz, trainer: FlaskClient, client_for: Clients
) -> None:
    with app.app_context():
        attempt_id = sit(Member(company.learner, company.id), miskeyed(quiz), {SINGLE: [option(quiz)]})
    reason = "The key  of question 1\nwas wrong."
    status, page = send(trainer, reason)
    assert status == 302
    assert "1 attempt has new marks." in page
    assert "Nothing: 1 attempt was handed in" in page
    for part in ("Marked again before", "River trainer", "The key of question 1 was wrong."):
        assert part in page
    with app.app_context():
        rows = db.session.scalars(select(Grading).order_by(Grading.number)).all()
        assert [(each.attempt_id, each.created_by) for each in rows] == [
            (attempt_id, None),
            (attempt_id, company.trainer),
        ]
    assert "The key of question 1 was wrong." in client_for(company.learner).get(f"/attempts/{attempt_id}/review").text
    status, page = send(trainer, "Again")
    assert status == 302
    assert "Nothing changed: every attempt already has these marks." in page
    assert "Again" not in page.split("Marked again before")[1]
    assert number_of_gradings(app) == 2


def test_where_nothing_would_change_the_page_says_when_it_would(
    app: Flask, company: Company, quiz: Quiz, trainer: FlaskClient
) -> None:
    assert "Nobody has handed in this quiz yet." in trainer.get(PATH).text
    with app.app_context():
        sit(Member(company.learner, company.id), quiz, {SINGLE: [option(quiz)]})
    page = trainer.get(PATH).text
    assert "Nothing: 1 attempt was handed in, and it has the marks" in page
    assert "the points of a question were changed in the content" in page
    assert "<textarea" not in page


def test_questions_whose_answers_no_longer_fit_are_named(
    app: Flask, company: Company, quiz: Quiz, trainer: FlaskClient
) -> None:
    question = single(quiz)
    options = tuple(replace(each, id=f"x{place}") for place, each in enumerate(question.options))
    with app.app_context():
        sit(Member(company.learner, company.id), changed(quiz, replace(question, options=options)), {SINGLE: ["x0"]})
    page = trainer.get(PATH).text
    assert "Answers to 1 question keep their marks" in page
    number = [each.id for each in quiz.questions].index(SINGLE) + 1
    assert f"<li>Question {number}: {question.title}</li>" in page


def test_past_markings_are_added_up_and_one_without_author_is_the_operators(
    app: Flask, company: Company, quiz: Quiz, trainer: FlaskClient
) -> None:
    with app.app_context():
        add_sittings(
            company.id, miskeyed(quiz), 4, chooses=lambda question, *_: [option(quiz)] * (question.id == SINGLE)
        )
        assert regrade(company.id, quiz, "From the command line", now()) == 4
    page = trainer.get(PATH).text
    assert re.search(r"the operator of the site</td><td[^>]*>From the command line</td><td[^>]*>4<", page)


def test_of_very_many_changes_the_gravest_are_listed_first(
    app: Flask, company: Company, quiz: Quiz, trainer: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("learning.teaching.quiz_regrading.MOST_LISTED", 3)
    hits = {SINGLE: [option(quiz)]}
    with app.app_context():
        add_sittings(company.id, miskeyed(quiz), 4, chooses=lambda question, *_: hits.get(question.id, []))
        sit(Member(company.learner, company.id), miskeyed(quiz, pass_mark=1), hits)
        with unit_of_work() as session:
            session.get_one(User, company.learner).name = "Zz last by name"
    page = trainer.get(PATH).text
    assert page.count("stays not passed") == 2
    assert page.index("Zz last by name") < page.index("stays not passed")
    assert "2 more change in the same way" in page


def test_another_organization_sees_and_changes_nothing(
    app: Flask, company: Company, other_company: Company, quiz: Quiz, trainer: FlaskClient, client_for: Clients
) -> None:
    other = client_for(other_company.trainer)
    with app.app_context():
        sit(Member(company.learner, company.id), miskeyed(quiz), {SINGLE: [option(quiz)]})
    assert "Nobody has handed in this quiz yet." in other.get(PATH).text
    assert "Nothing changed" in send(other, "Not mine")[1]
    assert number_of_gradings(app) == 1
    send(trainer, "Ours alone")
    page = other.get(PATH).text
    assert "Ours alone" not in page
    assert "River" not in page


def test_the_number_of_queries_does_not_depend_on_the_number_of_attempts(
    app: Flask, company: Company, quiz: Quiz, trainer: FlaskClient
) -> None:
    def count() -> int:
        statements: list[str] = []

        def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
            statements.append(statement)

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        assert trainer.get(PATH).status_code == 200
        event.remove(engine, "before_cursor_execute", note)
        return len(statements)

    right = {each.id: each for each in quiz.questions}
    with app.app_context():
        add_sittings(company.id, miskeyed(quiz), 2)
    few = count()
    with app.app_context():
        add_sittings(company.id, miskeyed(quiz), 40, chooses=lambda question, *rest: choose(right[question.id], *rest))
    assert count() == few
