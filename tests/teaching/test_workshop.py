"""The question workshop: what trainers and managers paste is checked, shown, and taken along; nothing is stored."""

from __future__ import annotations

import html
import time
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from learning.accounts.models import LimitCounter
from learning.clock import now
from learning.database import unit_of_work
from learning.extensions import db
from learning.teaching import workshop
from tests.conftest import Company, csrf_token

Clients = Callable[[str | None], FlaskClient]
PATH = "/teaching/questions/"
GOOD = """## Which measure acts at the source? {#w-q1 type=single points=2}

- [ ] A taller stack
    > It spreads.
- [x] A last rinse used first

> **Why:** prevention comes *before*.
"""


def send(browser: FlaskClient, text: str, language: str = "markdown", take: str = "", **headers: str) -> TestResponse:
    """Press Check, or the button that takes the questions along in a language."""
    form = {"csrf_token": csrf_token(browser, PATH), "text": text, "language": language, "as": take}
    path = f"{PATH}download" if take else PATH
    return browser.post(path, data=form, content_type="multipart/form-data", headers=headers)


@pytest.fixture
def trainer(client_for: Clients, company: Company) -> FlaskClient:
    return client_for(company.trainer)


def test_a_text_is_shown_with_its_key(trainer: FlaskClient) -> None:
    page = send(trainer, GOOD)
    assert page.status_code == 200
    assert "1 question, 0 mistakes" in page.text
    assert '<p class="question-title">Which measure acts at the source?</p>' in page.text
    assert "prevention comes <em>before</em>" in page.text
    assert html.escape(GOOD) in page.text.replace("&#34;", "&quot;")


def test_a_manager_may_come_and_finds_it_in_the_menu(client_for: Clients, company: Company) -> None:
    manager = client_for(company.manager)
    assert f'href="{PATH}"' in manager.get("/").text
    assert manager.get(PATH).status_code == 200
    assert f'href="{PATH}"' not in client_for(company.learner).get("/").text


def test_mistakes_are_named_by_line_and_the_text_stays(trainer: FlaskClient) -> None:
    text = GOOD.replace("[x]", "[ ]") + "\n## Second {#w-q2 type=shrt}\n"
    page = send(trainer, text)
    assert 'data-line="3">Line 3</a>' in page.text
    assert "starts options of which none is right" in page.text
    assert "Line 9</a>" in page.text
    assert "unknown type `shrt`" in page.text
    assert "{#w-q2 type=shrt}" in page.text


def test_gift_is_shown_and_what_is_lost_is_named(trainer: FlaskClient) -> None:
    page = send(trainer, "::One::Which?{=this ~that ####why}\n\nWrite.{}", "gift")
    assert "1 question, 1 mistake" in page.text
    assert "is left out: it is an essay" in page.text
    assert "Line 3</a>" in page.text


def test_a_link_to_a_lesson_that_is_not_there_is_named(trainer: FlaskClient) -> None:
    page = send(trainer, GOOD.replace("*before*", "[here](lesson:no-such-lesson) and [there](lesson:m01-l1)"))
    assert "names the lesson `no-such-lesson`" in page.text
    assert "names the lesson `m01-l1`" not in page.text


def test_the_script_gets_only_the_result(trainer: FlaskClient) -> None:
    part = send(trainer, GOOD, **{"X-Requested-With": "fetch"}).text
    assert "data-workshop-summary" in part
    assert "<html" not in part
    assert "<textarea" not in part


def test_without_a_token_nothing_is_done_and_the_text_is_offered_again(trainer: FlaskClient) -> None:
    answer = trainer.post(PATH, data={"text": "my text", "language": "gift"})
    assert answer.status_code == 400
    assert "my text" in answer.text


@pytest.mark.parametrize(
    "kind", ["single", "multiple", "true-false", "numeric", "short", "matching", "ordering", "cloze"]
)
def test_half_a_question_of_any_type_is_met_with_advice(trainer: FlaskClient, kind: str) -> None:
    for text in (f"## Q {{#q1 type={kind}}}", f"## Q {{#q1 type={kind}}}\n\n- [ ] a\n\n= x\n\n> **Why:** b"):
        page = send(trainer, text).text
        assert "data-line=" in page
        assert "fault of Headwater" not in page


@pytest.mark.parametrize("language", ["markdown", "gift"])
def test_nothing_that_is_typed_becomes_markup(trainer: FlaskClient, language: str) -> None:
    attack = "</textarea><script>alert(1)</script><img src=x onerror=alert(1)>"
    gift = f"[html]{attack}{{\\=a ~{attack} =b}}\n\n[plain]{attack}{{=a ~b}}"
    text = gift if language == "gift" else GOOD.replace("A taller stack", attack) + attack
    page = send(trainer, text, language).text
    assert "<script>alert" not in page
    assert "<img" not in page


def test_downloads_are_whole_files(trainer: FlaskClient) -> None:
    markdown = send(trainer, GOOD, take="markdown")
    assert markdown.headers["Content-Disposition"] == 'attachment; filename="questions.md"'
    assert markdown.content_type == "text/markdown; charset=utf-8"
    assert markdown.text.startswith("---\nid: new-questions\ntitle: New questions\npass_mark: 60\n---\n\n## Which")
    gift = send(trainer, GOOD, take="gift")
    assert "// [id:w-q1] [tag:points=2]" in gift.text
    again = send(trainer, gift.text, "gift", take="markdown")
    assert GOOD.strip() in again.text


def test_a_download_that_cannot_be_keeps_the_text_and_says_why(trainer: FlaskClient) -> None:
    page = send(trainer, GOOD.replace("[x]", "[ ]"), take="gift")
    assert page.status_code == 422
    assert "none is right" in page.text
    assert "A taller stack" in page.text


def test_a_text_that_is_too_large_comes_back_with_a_sentence(trainer: FlaskClient) -> None:
    text = "水" * 100_000  # 300 kB in UTF-8
    page = send(trainer, text)
    assert page.status_code == 200
    assert "larger than 256 kB" in page.text
    assert text in page.text
    # The same without a multipart form, where every byte becomes three.
    form = {"csrf_token": csrf_token(trainer, PATH), "text": text, "language": "gift"}
    assert "larger than 256 kB" in trainer.post(PATH, data=form).text


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("## Q {#q1 type=single}\n\n" + "`*_" * 3000 + "\n\n" + "![" * 240, "markdown"),
        ("Q " + "[" * 9000 + "{=a ~b}", "gift"),
        ("Q?{" + "=a ~b" * 20_000, "gift"),
        ("{" * 9000 + "}" * 900, "gift"),
        ("Q?{=a\n\n" * 20_000, "gift"),
        ("[html]" + "<b>" * 3000 + "{=a ~b}", "gift"),
        ("\x00\x01", "gift"),
        ("> " * 4000 + "\n" + "- " * 4000, "markdown"),
    ],
)
def test_hostile_texts_end_in_a_sentence_within_bounded_time(trainer: FlaskClient, text: str, language: str) -> None:
    started = time.monotonic()
    page = send(trainer, text, language)
    assert time.monotonic() - started < 2 * workshop.WALL_SECONDS
    assert page.status_code == 200
    assert "data-line=" in page.text


def stored(app: Flask) -> str:
    """Every row of every table, but for the counter of checks."""
    with app.app_context():
        tables = [table for table in db.metadata.sorted_tables if table.name != LimitCounter.__tablename__]
        return repr([(table.name, sorted(map(repr, db.session.execute(select(table))))) for table in tables])


def test_nothing_is_stored(app: Flask, trainer: FlaskClient) -> None:
    csrf_token(trainer, PATH)
    before = stored(app)
    assert "w-secret" in send(trainer, GOOD.replace("w-q1", "w-secret")).text
    assert stored(app) == before


def test_too_many_checks_are_refused_and_the_text_stays(app: Flask, company: Company, trainer: FlaskClient) -> None:
    with app.app_context():
        moment = now()
        assert workshop.may_check(company.trainer, moment)
        with unit_of_work() as session:
            session.execute(update(LimitCounter).values(count=workshop.MOST_CHECKS))
        assert not workshop.may_check(company.trainer, moment)
        assert workshop.may_check(company.manager, moment)
    page = send(trainer, GOOD)
    assert page.status_code == 429
    assert "A taller stack" in page.text
    assert "wait a few minutes" in page.text
    part = send(trainer, GOOD, **{"X-Requested-With": "fetch"})
    assert (part.status_code, "wait a few minutes" in part.text) == (429, True)
