"""The home page always has one thing to do next."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from learning.assessments import service as assessments
from learning.clock import now
from learning.courses.service import complete_lesson
from learning.web.catalogue import the_catalogue
from learning.web.identity import Member
from tests.conftest import Company

Clients = Callable[[str | None], FlaskClient]


def test_a_stranger_sees_what_there_is(client_for: Clients) -> None:
    page = client_for(None).get("/")
    assert page.status_code == 200
    assert "Foundations of cleaner production" in page.text
    assert "/people/sign-in" in page.text


def test_a_new_learner_is_shown_the_first_lesson(company: Company, client_for: Clients) -> None:
    page = client_for(company.learner).get("/").text
    assert "Start here" in page
    assert "m01/m01-l1" in page


def test_after_reading_the_next_lesson_is_shown(app: Flask, company: Company, client_for: Clients) -> None:
    with app.app_context():
        complete_lesson(Member(company.learner, company.id), "foundations", "m01-l1", the_catalogue(), now())
    page = client_for(company.learner).get("/").text
    assert "Your next step" in page
    assert "foundations/m01/m01-l2" in page


def test_a_begun_self_assessment_is_offered(app: Flask, company: Company, client_for: Clients) -> None:
    with app.app_context():
        begun = assessments.start(Member(company.learner, company.id), "employee-awareness", the_catalogue(), now())
    assert f"/assessments/{begun}/resume" in client_for(company.learner).get("/").text


def test_an_administrator_without_an_organization_has_a_home_too(administrator: str, client_for: Clients) -> None:
    assert client_for(administrator).get("/").status_code == 200
