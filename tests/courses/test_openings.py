"""What is kept of opening a lesson."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from learning.clock import now
from learning.courses.models import LessonOpening
from learning.courses.service import complete_lesson, open_lesson
from learning.errors import NotFound
from learning.extensions import db
from learning.web.catalogue import the_catalogue
from learning.web.identity import Member
from tests.conftest import Company, csrf_token

Clients = Callable[[str | None], FlaskClient]
LESSON = "/courses/foundations/m01/m01-l1"


def openings() -> list[tuple[str, int]]:
    db.session.rollback()
    return [(row.user_id, row.furthest_heading) for row in db.session.scalars(select(LessonOpening))]


def test_the_first_opening_is_kept_and_the_furthest_heading_only_grows(app: Flask, company: Company) -> None:
    member = Member(company.learner, company.id)
    with app.app_context():
        first = now()
        for place, furthest in enumerate((0, 2, 1, 3, 0)):
            open_lesson(member, "m01-l1", furthest, the_catalogue(), first + timedelta(hours=place))
        opening = db.session.scalars(select(LessonOpening)).one()
        assert (opening.opened_at, opening.furthest_heading) == (first, 3)


def test_reading_it_to_the_end_moves_neither(app: Flask, company: Company) -> None:
    member = Member(company.learner, company.id)
    with app.app_context():
        first = now()
        open_lesson(member, "m01-l1", 2, the_catalogue(), first)
        complete_lesson(member, "foundations", "m01-l1", the_catalogue(), first + timedelta(hours=1))
        opening = db.session.scalars(select(LessonOpening)).one()
        assert (opening.opened_at, opening.furthest_heading) == (first, 2)


def test_nothing_beyond_the_lesson_is_kept(app: Flask, company: Company) -> None:
    member = Member(company.learner, company.id)
    with app.app_context():
        open_lesson(member, "m01-l1", 10**9, the_catalogue(), now())
        assert openings() == [(company.learner, len(the_catalogue().lessons["m01-l1"].headings))]
        with pytest.raises(NotFound):
            open_lesson(member, "m99-l9", 0, the_catalogue(), now())


def test_the_page_of_a_learner_tells_and_that_of_others_does_not(
    app: Flask, company: Company, client_for: Clients
) -> None:
    told = {
        who: f'data-opened="{LESSON}/opened"' in client_for(user).get(LESSON).text
        for who, user in (
            ("stranger", None),
            ("learner", company.learner),
            ("trainer", company.trainer),
            ("manager", company.manager),
        )
    }
    assert told == {"stranger": False, "learner": True, "trainer": False, "manager": False}


@pytest.mark.parametrize(
    "sent", [{}, {"reached": "2"}, {"reached": "-1"}, {"reached": "x"}, {"reached": "٣"}, {"reached": "9" * 5000}]
)
def test_whatever_is_sent_is_an_opening(
    app: Flask, company: Company, client_for: Clients, sent: dict[str, str]
) -> None:
    learner = client_for(company.learner)
    token = csrf_token(learner, LESSON)
    answer = learner.post(f"{LESSON}/opened", data={"csrf_token": token, **sent})
    assert (answer.status_code, answer.data) == (204, b"")
    with app.app_context():
        assert openings() == [(company.learner, 2 if sent.get("reached") == "2" else 0)]


def test_of_trainers_and_managers_nothing_is_kept(app: Flask, company: Company, client_for: Clients) -> None:
    for user in (company.trainer, company.manager):
        person = client_for(user)
        token = csrf_token(person, LESSON)
        assert person.post(f"{LESSON}/opened", data={"csrf_token": token, "reached": "3"}).status_code == 204
    with app.app_context():
        assert openings() == []


def test_a_lesson_that_the_course_does_not_list_is_not_found(app: Flask, company: Company, client_for: Clients) -> None:
    learner = client_for(company.learner)
    token = csrf_token(learner, LESSON)
    assert learner.post("/courses/foundations/m01/m09-l1/opened", data={"csrf_token": token}).status_code == 404
