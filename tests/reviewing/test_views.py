"""The daily review in the browser: what is due, one question a page, feedback at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from learning.clock import now
from learning.content.model import Quiz
from learning.content.store import publish
from learning.extensions import db
from learning.quizzes import service as quizzes
from learning.reviewing import service
from learning.web.catalogue import the_catalogue
from learning.web.identity import Member
from tests.conftest import Company, csrf_token
from tests.content.builders import write, write_content
from tests.quizzes.test_answer_key import QUIZ, SECRET
from tests.reviewing.conftest import SAT, HandIn

Client = Callable[[str | None], FlaskClient]
QUESTIONS = [f"m01-q{number}" for number in range(1, 9)]


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A quiz with a canary in every secret of every type."""
    root = tmp_path_factory.mktemp("canaries")
    folder = write_content(root)
    write(folder, "modules/01-why/quiz.md", QUIZ)
    assert not publish(folder, root / "published").problems
    return root / "published"


@pytest.fixture
def client(client_for: Client, company: Company) -> FlaskClient:
    """The learner's browser."""
    return client_for(company.learner)


@pytest.fixture
def sat(app: Flask, learner: Member, hand_in: HandIn) -> None:
    """The learner has handed the quiz in, empty, three days ago."""
    with app.app_context():
        hand_in(learner)


def post(client: FlaskClient, path: str, **fields: object) -> tuple[int, str, str]:
    """Status, address it leads to, page."""
    response = client.post(path, data={"csrf_token": csrf_token(client, "/review/"), **fields})
    return response.status_code, response.location or "", response.get_data(as_text=True)


def send(client: FlaskClient, question_id: str, value: list[str], action: str = "answer") -> tuple[int, str, str]:
    """Answer a question as its page does."""
    fields = {"on-page": question_id, f"q-{question_id}": value, "action": action}
    return post(client, f"/review/{question_id}", **fields)


@pytest.mark.usefixtures("sat")
def test_the_way_through_a_days_set_without_scripts(client: FlaskClient) -> None:
    assert "8 questions are due for review." in client.get("/").get_data(as_text=True)
    assert "Trainers see nothing of it" in client.get("/review/").get_data(as_text=True)
    status, address, _ = post(client, "/review/start")
    assert status == 302
    for number in range(1, 9):
        page = client.get(address).get_data(as_text=True)
        assert f"{number - 1} of 8 answered today" in page
        question_id = address.rsplit("/", 1)[1]
        status, _, page = send(client, question_id, [], action="unknown")
        assert status == 200
        assert "Not answered" in page
        assert "This question comes back on" in page
        if following := re.search(r'href="(/review/m01-q\d)"', page):
            address = following.group(1)
    assert "Finish today&#39;s set" in page or "Finish today's set" in page
    assert "Today" in client.get("/review/").get_data(as_text=True)
    assert "You have answered 8 questions today." in client.get("/review/").get_data(as_text=True)
    assert "due for review" not in client.get("/").get_data(as_text=True)


@pytest.mark.usefixtures("sat")
def test_no_page_before_the_answer_holds_any_of_the_key(
    app: Flask, client: FlaskClient, learner: Member, quiz: Quiz
) -> None:
    post(client, "/review/start")
    seen = [client.get(path).get_data(as_text=True) for path in ("/", "/review/")]
    for question_id in QUESTIONS:
        page = client.get(f"/review/{question_id}")
        assert page.status_code == 200
        seen.append(f"{page.headers}{page.get_data(as_text=True)}")
        for value in ([], ["x" * 201], ["forged\0"], ["a", "b"]):
            status, _, refused = send(client, question_id, value)
            assert status == 422
            seen.append(refused)
        status, _, moved = post(
            client, f"/review/{question_id}", **{"on-page": question_id, "move": f"{question_id} x up"}
        )
        assert status == 200
        seen.append(moved)
    # From here on the quiz is sat again: no answer tells anything.
    with app.app_context():
        quizzes.start_attempt(learner, quiz, now())
    for question_id in QUESTIONS:
        assert client.get(f"/review/{question_id}").location == "/review/"
        for action in ("answer", "unknown"):
            status, _, refused = send(client, question_id, ["73911.25"], action)
            assert status == 409
            seen.append(refused)
    assert len(seen) == 2 + 8 * 6 + 8 * 2
    assert [SECRET.findall(page) for page in seen if SECRET.search(page)] == []


def test_whoever_was_never_asked_a_question_gets_no_answer_to_it(
    client: FlaskClient, client_for: Client, other_company: Company, app: Flask, learner: Member, hand_in: HandIn
) -> None:
    with app.app_context():
        hand_in(Member(other_company.learner, other_company.id))
    for question_id in [*QUESTIONS, "nowhere"]:
        assert client.get(f"/review/{question_id}").status_code in {302, 404}
        status, _, page = send(client, question_id, [], action="unknown")
        assert status == 404
        assert not SECRET.search(page)


@pytest.mark.usefixtures("sat")
def test_after_the_answer_its_page_says_what_is_right_and_why(client: FlaskClient) -> None:
    _, _, page = send(client, "m01-q4", ["86427.5"])
    assert "canary-numeric-mistake" in page
    assert "canary-numeric-why" in page
    assert "Your answer" in page
    assert not re.search(r"\d of \d points?", page)
    assert not re.search(r"canary-(single|short|gap)", page)


@pytest.mark.usefixtures("sat")
def test_an_answer_that_does_not_fit_comes_back_with_a_sentence(client: FlaskClient) -> None:
    status, _, page = send(client, "m01-q4", ["9" * 201])
    assert status == 422
    assert "9" * 201 in page
    assert "200 characters" in page
    _, _, page = send(client, "m01-q4", [])
    assert "There is no answer yet" in page


@pytest.mark.usefixtures("sat")
def test_an_entry_is_moved_by_its_button_and_nothing_counts_yet(client: FlaskClient) -> None:
    page = client.get("/review/m01-q7").get_data(as_text=True)
    offered = re.findall(r'name="o-m01-q7" value="([^"]+)"', page)
    assert len(offered) == 3
    status, _, page = post(
        client,
        "/review/m01-q7",
        **{"on-page": "m01-q7", "o-m01-q7": offered, "move": f"m01-q7 {offered[2]} up"},
    )
    assert status == 200
    moved = re.findall(r'name="q-m01-q7" value="([^"]+)"', page)
    assert moved == [offered[0], offered[2], offered[1]]
    assert "0 of 8 answered today" in page


@pytest.mark.usefixtures("sat")
def test_it_is_switched_off_and_on_again(client: FlaskClient) -> None:
    assert post(client, "/review/switch", to="off")[:2] == (302, "/review/")
    page = client.get("/review/").get_data(as_text=True)
    assert "Your daily review is switched off." in page
    assert "due for review" not in page + client.get("/").get_data(as_text=True)
    assert client.get("/review/m01-q4").location == "/review/"
    assert send(client, "m01-q4", ["7"])[0] == 409
    post(client, "/review/switch", to="on")
    assert "8 questions are due for review." in client.get("/").get_data(as_text=True)


@pytest.mark.usefixtures("sat")
def test_trainers_see_nothing_of_it(client: FlaskClient, client_for: Client, company: Company) -> None:
    trainer = client_for(company.trainer)
    addresses = ["/teaching/", f"/teaching/people/{company.learner}"]
    before = [re.sub(r'csrf[-_]token"[^>]*>', "", trainer.get(each).get_data(as_text=True)) for each in addresses]
    post(client, "/review/start")
    send(client, "m01-q4", ["73911.25"])
    after = [re.sub(r'csrf[-_]token"[^>]*>', "", trainer.get(each).get_data(as_text=True)) for each in addresses]
    assert before == after


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """The statements that a block sends."""
    statements: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "INSERT", "UPDATE", "DELETE")):
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_the_number_of_queries_does_not_grow(app: Flask, client: FlaskClient, learner: Member, quiz: Quiz) -> None:
    """With one question and one attempt, and with eight times three questions and four attempts."""
    few = replace(quiz, questions=quiz.questions[:1])
    with app.app_context():
        quizzes.submit(learner, quizzes.start_attempt(learner, few, SAT), {}, SAT)
    paths = ("/", "/review/", "/review/m01-q1")
    for path in paths:
        client.get(path)

    def needed() -> list[int]:
        counts = []
        for path in paths:
            with counted(app) as statements:
                assert client.get(path).status_code == 200
            counts.append(len(statements))
        return counts

    small = needed()
    for hours in (1, 2, 3):
        with app.app_context():
            at = SAT + timedelta(hours=hours)
            quizzes.submit(learner, quizzes.start_attempt(learner, quiz, at), {}, at)
    assert needed() == small
    with app.app_context():
        service.start(learner, the_catalogue(), now())
    assert needed() == small
    # The person, then setting, cards, attempts, open attempts, windows.
    assert small[1] <= 6
