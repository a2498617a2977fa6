"""A trainer says from when to when a quiz may be sat."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import TypeAdapter

from learning.clock import now
from learning.content.model import Catalogue, Quiz, QuizRules
from learning.content.store import CATALOGUE_FILE
from learning.extensions import db
from learning.quizzes import service
from learning.quizzes.models import Attempt
from learning.quizzes.windows import Window, set_window, window_of
from learning.web.catalogue import LiveCatalogue, the_catalogue
from learning.web.identity import Member
from tests.conftest import Company, csrf_token

Clients = Callable[[str | None], FlaskClient]
QUIZ_ID = "m01-quiz"
PATH = f"/teaching/quizzes/{QUIZ_ID}/dates"
OPENS, CLOSES = datetime(2031, 3, 1, 8, 0, tzinfo=UTC), datetime(2031, 3, 31, 18, 30, tzinfo=UTC)


@pytest.fixture
def trainer(company: Company, client_for: Clients) -> FlaskClient:
    return client_for(company.trainer)


def save(trainer: FlaskClient, opens_at: str, closes_at: str) -> tuple[int, str]:
    """Status and page after sending the form."""
    sent = {"csrf_token": csrf_token(trainer, PATH), "opens_at": opens_at, "closes_at": closes_at}
    answer = trainer.post(PATH, data=sent)
    return answer.status_code, answer.text


def stored(app: Flask, company: Company) -> Window:
    with app.app_context():
        return window_of(db.session(), company.id, QUIZ_ID)


def value_of(page: str, name: str) -> str:
    (control,) = re.findall(rf"<input[^>]*\bname=\"?{name}\b[^>]*>", page)
    found = re.search(r'value="?([^">]*)', control)
    return found.group(1) if found else ""


def test_dates_are_set_in_utc_and_shown_as_they_are(app: Flask, company: Company, trainer: FlaskClient) -> None:
    before = trainer.get(PATH).text
    assert "No date: it is open from the beginning" in before
    assert "No date: it stays open" in before
    assert "All times are in UTC" in before
    status, _ = save(trainer, "2031-03-01T08:00", "2031-03-31T18:30")
    assert status == 302
    assert stored(app, company) == Window(OPENS, CLOSES)
    page = trainer.get(PATH).text
    assert "The dates are saved." in page
    assert "1 Mar 2031, 08:00 UTC" in page
    assert "31 Mar 2031, 18:30 UTC" in page
    assert "Not open yet" in page
    assert (value_of(page, "opens_at"), value_of(page, "closes_at")) == ("2031-03-01T08:00", "2031-03-31T18:30")


def test_an_empty_field_takes_the_limit_away(app: Flask, company: Company, trainer: FlaskClient) -> None:
    save(trainer, "2031-03-01T08:00", "2031-03-31T18:30")
    assert save(trainer, "", "2031-03-31 18:30")[0] == 302
    assert stored(app, company) == Window(None, CLOSES)
    assert save(trainer, " ", "")[0] == 302
    assert stored(app, company) == Window()


@pytest.mark.parametrize(
    ("opens_at", "closes_at", "says"),
    [
        ("2031-03-31T18:30", "2031-03-01T08:00", "The quiz would close before it opens."),
        ("2031-03-31T18:30", "2031-03-31T18:30", "The quiz would close before it opens."),
        ("next Monday", "", "Give day and time, such as 2030-01-31 14:00"),
        ("", "2031-02-30T10:00", "Give day and time, such as 2030-01-31 14:00"),
        ("", "0203-03-01T08:00", "Check the year"),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_is_kept(
    app: Flask, company: Company, trainer: FlaskClient, opens_at: str, closes_at: str, says: str
) -> None:
    save(trainer, "2031-03-01T08:00", "")
    status, page = save(trainer, opens_at, closes_at)
    assert status == 422
    assert says in page
    assert (value_of(page, "opens_at"), value_of(page, "closes_at")) == (opens_at, closes_at)
    assert "1 Mar 2031, 08:00 UTC" in page, "as it is now is still shown"
    assert stored(app, company) == Window(OPENS, None)


def test_an_attempt_that_is_being_sat_keeps_its_deadline_and_is_counted(
    app: Flask, company: Company, trainer: FlaskClient
) -> None:
    with app.app_context():
        quiz = the_catalogue().quizzes[QUIZ_ID]
        set_window(Member(company.trainer, company.id), QUIZ_ID, Window(None, CLOSES))
        attempt_id = service.start_attempt(Member(company.learner, company.id), quiz, now())
    assert save(trainer, "", "2032-01-01T00:00")[0] == 302
    with app.app_context():
        assert db.session.get_one(Attempt, attempt_id).deadline_at == CLOSES
    page = trainer.get(PATH).text
    assert "1 attempt<" in page
    assert "keeps the deadline with which it began" in page


def test_people_find_the_quiz_closed(app: Flask, company: Company, trainer: FlaskClient, client_for: Clients) -> None:
    past = now() - timedelta(days=1)
    assert save(trainer, "", f"{past:%Y-%m-%dT%H:%M}")[0] == 302
    assert "Closed" in trainer.get(PATH).text
    assert "This quiz closed on" in client_for(company.learner).get(f"/quizzes/{QUIZ_ID}/").text


def live(app: Flask, folder: Path, quiz: Quiz) -> None:
    """Publish the catalogue with another version of one quiz."""
    with app.app_context():
        catalogue: Catalogue = the_catalogue()
    folder.mkdir()
    changed = replace(catalogue, quizzes={**catalogue.quizzes, quiz.id: quiz})
    (folder / CATALOGUE_FILE).write_bytes(TypeAdapter(Catalogue).dump_json(changed))
    app.extensions["catalogue"] = LiveCatalogue(folder)


def test_the_page_says_when_a_quiz_that_waits_for_its_closing_shows_the_answers(
    app: Flask, trainer: FlaskClient, tmp_path: Path
) -> None:
    assert "shows answers and explanations" not in trainer.get(PATH).text
    with app.app_context():
        quiz = the_catalogue().quizzes[QUIZ_ID]
    live(app, tmp_path / "after-close", replace(quiz, rules=QuizRules(feedback="after-close")))
    assert "Without a closing date nobody sees them." in trainer.get(PATH).text
    save(trainer, "", "2031-03-31T18:30")
    assert "from 31 Mar 2031, 18:30 UTC on" in trainer.get(PATH).text
    save(trainer, "", "2020-03-31T18:30")
    assert "since 31 Mar 2020, 18:30 UTC they are shown" in trainer.get(PATH).text


def test_trainers_of_another_organization_neither_see_nor_move_the_dates(
    app: Flask, company: Company, other_company: Company, trainer: FlaskClient, client_for: Clients
) -> None:
    other = client_for(other_company.trainer)
    untouched = other.get(PATH).text
    save(trainer, "2031-03-01T08:00", "2031-03-31T18:30")
    with app.app_context():
        quiz = the_catalogue().quizzes[QUIZ_ID]
        set_window(Member(company.trainer, company.id), QUIZ_ID, Window())
        service.start_attempt(Member(company.learner, company.id), quiz, now())
        set_window(Member(company.trainer, company.id), QUIZ_ID, Window(OPENS, CLOSES))

    def masked(page: str) -> str:
        return re.sub(r'(csrf[-_]token"?[^>]*(?:value|content)="?)[^">]+', r"\1", page)

    assert masked(other.get(PATH).text) == masked(untouched)
    assert save(other, "2032-01-01T00:00", "")[0] == 302
    assert stored(app, company) == Window(OPENS, CLOSES)


@pytest.mark.parametrize("page", ["dates", "regrade"])
def test_a_quiz_that_is_not_taught_has_no_such_page(trainer: FlaskClient, page: str) -> None:
    assert trainer.get(f"/teaching/quizzes/no-such-quiz/{page}").status_code == 404


def test_dates_can_be_set_before_anybody_has_handed_in(app: Flask, trainer: FlaskClient) -> None:
    with app.app_context():
        quizzes = list(the_catalogue().quizzes)
    listed = trainer.get("/teaching/quizzes/").text
    assert all(f"/teaching/quizzes/{quiz_id}/dates" in listed for quiz_id in quizzes)
    assert PATH in trainer.get(f"/teaching/quizzes/{QUIZ_ID}/").text
