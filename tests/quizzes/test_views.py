"""The employee's way through a quiz, with and without JavaScript."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select
from werkzeug.test import TestResponse

from learning import create_app
from learning.accounts.models import UserSession
from learning.content.model import Quiz
from learning.content.store import publish
from learning.database import unit_of_work
from learning.extensions import db
from learning.quizzes.models import Answer, Attempt
from tests.conftest import Company, csrf_token
from tests.content.builders import replaced, write_content

Client = Callable[[str | None], FlaskClient]
QUESTIONS = ["m01-q1", "m01-q2", "m01-q3", "m01-q4"]


@pytest.fixture
def client(client_for: Client, company: Company) -> FlaskClient:
    """The learner's browser."""
    return client_for(company.learner)


def start(client: FlaskClient) -> str:
    """Press Start; return the address of the sitting."""
    token = csrf_token(client, "/quizzes/m01-quiz/")
    response = client.post("/quizzes/m01-quiz/start", data={"csrf_token": token})
    assert response.status_code == 302
    return str(response.location)


def form(client: FlaskClient, sitting: str, action: str, **answers: list[str]) -> dict[str, object]:
    """What the page sends when a button is pressed; keys of answers are like ``q1``."""
    page = client.get(sitting).get_data(as_text=True)
    fields: dict[str, object] = {"csrf_token": csrf_token(client, sitting), "action": action, "on-page": QUESTIONS}
    fields |= dict(re.findall(r'name="(r-m01-q\d)" value="(\d+)"', page))
    return fields | {f"q-m01-{name}": value for name, value in answers.items()}


def put(client: FlaskClient, sitting: str, question: str, value: list[str], revision: int = 1) -> TestResponse:
    body = {"operation_id": f"op-{question}-{revision}", "revision": revision, "value": value}
    return put_body(client, sitting, question, body)


def put_body(client: FlaskClient, sitting: str, question: str, body: dict[str, object]) -> TestResponse:
    """What autosave sends."""
    headers = {"X-CSRFToken": csrf_token(client, "/quizzes/m01-quiz/")}
    return client.put(f"{sitting}/answers/{question}", json=body, headers=headers)


def test_a_page_that_its_own_save_overtook_is_taken(client: FlaskClient) -> None:
    sitting = start(client)
    page = form(client, sitting, "check", q4=["43"])
    put(client, sitting, "m01-q4", ["42"])
    assert client.post(f"{sitting}/submit", data=page).status_code == 409
    assert client.post(f"{sitting}/submit", data={**page, "own-m01-q4": "op-0 op-m01-q4-1"}).status_code == 302


def test_without_scripts_a_quiz_is_answered_checked_and_handed_in(
    client: FlaskClient, right_option: Callable[[str, bool], str]
) -> None:
    sitting = start(client)
    right = right_option("m01-q1", True)
    checked = client.post(f"{sitting}/submit", data=form(client, sitting, "check", q1=[right], q4=["42.5"]))
    assert checked.location == f"{sitting}/check"
    assert "6 questions are not answered yet" in client.get(checked.location).get_data(as_text=True)
    token = csrf_token(client, checked.location)
    done = client.post(f"{sitting}/submit", data={"csrf_token": token, "action": "hand-in"})
    assert done.location == f"{sitting}/review"
    page = client.get(done.location).get_data(as_text=True)
    assert re.search(r"<strong>33\.3 %</strong> <span>Not passed</span>", page)
    assert client.get(sitting).location == done.location
    assert "33.3 %, not passed yet" in client.get("/quizzes/m01-quiz/").get_data(as_text=True)


def test_saving_for_later_keeps_the_attempt_open(client: FlaskClient) -> None:
    sitting = start(client)
    client.post(f"{sitting}/submit", data=form(client, sitting, "later", q4=["17"]))
    assert 'value="17"' in client.get(sitting).get_data(as_text=True)
    assert "Continue" in client.get("/quizzes/m01-quiz/").get_data(as_text=True)


def test_a_numeric_field_keeps_what_is_no_number_and_says_so(client: FlaskClient) -> None:
    sitting = start(client)
    client.post(f"{sitting}/submit", data=form(client, sitting, "check", q4=["about forty"]))
    for page in (sitting, f"{sitting}/check"):
        assert "This is not read as a number" in client.get(page).get_data(as_text=True)
    assert 'value="about forty"' in client.get(sitting).get_data(as_text=True)


def test_a_numeric_field_shows_its_unit_and_never_its_value(client: FlaskClient) -> None:
    page = client.get(start(client)).get_data(as_text=True)
    assert "Your answer in kWh" in page
    assert not re.search(r"42\.5|42\.0|43\.0|\b153\b|\b1200\b(?! or 12\.5)", page)


def test_an_answer_that_does_not_fit_comes_back_with_a_sentence(client: FlaskClient) -> None:
    sitting = start(client)
    long = "9" * 201
    refused = client.post(f"{sitting}/submit", data=form(client, sitting, "check", q4=[long]))
    assert refused.status_code == 422
    assert long in refused.get_data(as_text=True)
    assert "200 characters" in refused.get_data(as_text=True)


def test_an_order_with_entries_of_another_page_is_refused_with_a_sentence(client: FlaskClient) -> None:
    sitting = start(client)
    fields = {**form(client, sitting, "check"), "on-page": ["m01-q7"], "q-m01-q7": ["forged", "other"]}
    refused = client.post(f"{sitting}/submit", data=fields)
    assert refused.status_code == 422
    assert "does not fit the question" in refused.get_data(as_text=True)
    assert len(re.findall(r'name="o-m01-q7"', refused.get_data(as_text=True))) == 3


def test_an_old_page_gets_both_answers_back_and_may_then_decide(app: Flask, client: FlaskClient) -> None:
    sitting = start(client)
    old = form(client, sitting, "check", q4=["7"])
    assert put(client, sitting, "m01-q4", ["41"]).status_code == 200
    refused = client.post(f"{sitting}/submit", data=old)
    page = refused.get_data(as_text=True)
    assert refused.status_code == 409
    assert 'value="7"' in page
    assert re.search(r"Saved in another tab:\s*41", page)
    again = form(client, sitting, "check", q4=["7"])
    assert client.post(f"{sitting}/submit", data=again).status_code == 302
    with app.app_context():
        assert db.session.scalars(select(Answer.value).where(Answer.question_id == "m01-q4")).one() == ["7"]


def test_a_script_saves_an_answer_and_hears_of_a_newer_one(client: FlaskClient) -> None:
    sitting = start(client)
    assert put(client, sitting, "m01-q4", ["41"], revision=2).json == {"revision": 2}
    stale = put(client, sitting, "m01-q4", ["7"])
    assert (stale.status_code, stale.json["revision"], stale.json["value"]) == (409, 2, ["41"])
    assert put(client, sitting, "nowhere", ["7"]).status_code == 404
    assert put(client, sitting, "m01-q1", ["forged"]).status_code == 422


@pytest.mark.parametrize(
    "body", [{"revision": 0}, {"revision": "1"}, {"value": "x"}, {"value": [1]}, {"operation_id": ""}, {"user_id": "x"}]
)
def test_a_save_of_another_shape_is_refused(client: FlaskClient, body: dict[str, object]) -> None:
    whole = {"operation_id": "op", "revision": 1, "value": ["41"]} | body
    assert put_body(client, start(client), "m01-q4", whole).status_code == 422


def test_right_and_wrong_answers_are_acknowledged_alike(
    client: FlaskClient, right_option: Callable[[str, bool], str]
) -> None:
    sitting = start(client)
    answers = [
        put(client, sitting, "m01-q1", [right_option("m01-q1", right)], revision=revision)
        for revision, right in ((1, True), (2, False))
    ]
    assert [response.status_code for response in answers] == [200, 200]
    assert answers[0].get_data().replace(b"1", b"#") == answers[1].get_data().replace(b"2", b"#")


def test_nothing_is_changed_without_a_csrf_token(app: Flask, client: FlaskClient) -> None:
    assert client.post("/quizzes/m01-quiz/start").status_code == 400
    sitting = start(client)
    body = {"operation_id": "op", "revision": 1, "value": ["41"]}
    assert client.put(f"{sitting}/answers/m01-q4", json=body).status_code == 400
    refused = client.post(f"{sitting}/submit", data={"action": "hand-in", "q-m01-q4": "41", "on-page": "m01-q4"})
    assert refused.status_code == 400
    assert 'name="q-m01-q4" value="41"' in refused.get_data(as_text=True), "what was typed is offered again"
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Answer)) == 0
        assert db.session.scalars(select(Attempt.submitted_at)).one() is None


def test_a_session_that_ends_in_mid_quiz_loses_nothing(app: Flask, client: FlaskClient) -> None:
    sitting = start(client)
    fields = form(client, sitting, "check", q4=["41"])
    headers = {"X-CSRFToken": str(fields["csrf_token"])}
    with app.app_context(), unit_of_work() as session:
        session.execute(delete(UserSession))
    page = client.post(f"{sitting}/submit", data=fields)
    assert page.status_code == 401
    assert 'name="q-m01-q4" value="41"' in page.get_data(as_text=True)
    body = {"operation_id": "op", "revision": 1, "value": ["41"]}
    saved = client.put(f"{sitting}/answers/m01-q4", json=body, headers=headers)
    assert (saved.status_code, saved.is_json) == (401, True)


def test_the_attempt_of_somebody_else_looks_as_if_it_were_not_there(
    client: FlaskClient, client_for: Client, company: Company, other_company: Company
) -> None:
    sitting = start(client)
    for stranger in (client_for(company.manager), client_for(other_company.learner)):
        token = csrf_token(stranger, "/quizzes/m01-quiz/")
        for path in (sitting, f"{sitting}/check", f"{sitting}/review"):
            missing = stranger.get("/attempts/00000000000000000000" + path.removeprefix(sitting))
            assert stranger.get(path).status_code == missing.status_code == 404
        assert stranger.post(f"{sitting}/submit", data={"csrf_token": token}).status_code == 404
        assert put(stranger, sitting, "m01-q4", ["41"]).status_code == 404


def test_what_is_replayed_after_handing_in_changes_nothing(client: FlaskClient) -> None:
    sitting = start(client)
    fields = form(client, sitting, "hand-in", q4=["42.5"])
    review = client.post(f"{sitting}/submit", data=fields).location
    before = client.get(review).get_data(as_text=True)
    assert client.post(f"{sitting}/submit", data=fields | {"q-m01-q4": "1"}).location == review
    assert client.post(f"{sitting}/submit", data=fields | {"action": "check"}).location == review
    assert put(client, sitting, "m01-q4", ["1"], revision=9).status_code == 409

    def without_token(page: str) -> str:
        return re.sub(r'(csrf[-_]token"[^>]*(?:value|content)=")[^"]+', r"\1", page)

    assert without_token(client.get(review).get_data(as_text=True)) == without_token(before)


def test_an_open_attempt_keeps_its_paper_when_the_quiz_is_changed(
    app: Flask, client: FlaskClient, client_for: Client, company: Company, quiz: Quiz, tmp_path: Path
) -> None:
    sitting = start(client)
    wrong_by_then = next(each.id for each in quiz.questions[2].options if each.right)  # type: ignore[union-attr]
    content = write_content(tmp_path / "changed")
    path = "modules/01-why/quiz.md"
    replaced(content, path, "- [x] True\n- [ ] False", "- [ ] True\n- [x] False")
    replaced(content, path, "Which are inputs?", "Which are outputs?")
    (tmp_path / "content").unlink()
    loaded = publish(content, tmp_path / "content")
    assert not loaded.problems
    redeployed = create_app(app.extensions["settings"])
    browser = redeployed.test_client()
    with client.session_transaction() as old, browser.session_transaction() as new:
        new.update(old)
    page = browser.get(sitting).get_data(as_text=True)
    assert "Which are inputs?" in page
    assert "Which are outputs?" not in page
    browser.post(f"{sitting}/submit", data=form(browser, sitting, "hand-in", q3=[wrong_by_then]))
    assert "Your answer, right" in browser.get(f"{sitting}/review").get_data(as_text=True)
    assert "Which are outputs?" in browser.get(start(browser)).get_data(as_text=True)
    with redeployed.app_context():
        db.engine.dispose()
    shutil.rmtree(tmp_path / "content")
