"""A page rendered once for many people never carries another person's name, token or progress."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from learning.accounts.models import User
from learning.clock import now
from learning.courses.service import complete_lesson
from learning.database import unit_of_work
from learning.web.catalogue import the_catalogue
from learning.web.identity import Member
from tests.conftest import Company

Clients = Callable[[str | None], FlaskClient]
LESSON = "/courses/foundations/m01/m01-l1"


def _token(page: str) -> str:
    found = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert found
    return found.group(1)


def test_each_person_finds_their_own_name_and_token(
    company: Company, other_company: Company, client_for: Clients
) -> None:
    first, second = client_for(company.learner), client_for(other_company.learner)
    pages = [first.get(LESSON).text, second.get(LESSON).text, first.get(LESSON).text]
    assert ["River learner" in page for page in pages] == [True, False, True]
    assert ["Harbour learner" in page for page in pages] == [False, True, False]
    assert _token(pages[0]) != _token(pages[1])


def test_the_token_of_a_kept_page_works(company: Company, other_company: Company, client_for: Clients) -> None:
    client_for(other_company.learner).get(LESSON)
    learner = client_for(company.learner)
    response = learner.post(LESSON + "/complete", data={"csrf_token": _token(learner.get(LESSON).text)})
    assert response.status_code == 302


def test_a_name_with_markup_is_escaped(app: Flask, company: Company, client_for: Clients) -> None:
    with app.app_context(), unit_of_work() as session:
        session.get_one(User, company.learner).name = "<b>Bold & Co</b>"
    page = client_for(company.learner).get(LESSON).text
    assert "<b>Bold" not in page
    assert "&lt;b&gt;Bold &amp; Co&lt;/b&gt;" in page


def test_what_one_has_read_is_not_read_for_another(
    app: Flask, company: Company, other_company: Company, client_for: Clients
) -> None:
    first, second = client_for(company.learner), client_for(other_company.learner)
    second.get(LESSON)
    with app.app_context():
        complete_lesson(Member(company.learner, company.id), "foundations", "m01-l1", the_catalogue(), now())
    assert "You have marked this lesson as read" in first.get(LESSON).text
    assert "You have marked this lesson as read" not in second.get(LESSON).text


def test_each_role_keeps_its_own_menu(company: Company, client_for: Clients) -> None:
    pages = {
        user: client_for(user).get(LESSON).text for user in (company.learner, company.trainer, company.manager, None)
    }
    assert ['href="/teaching/"' in page for page in pages.values()] == [False, True, False, False]
    assert ["/teaching/questions/" in page for page in pages.values()] == [False, True, True, False]
    assert ["/organization/people" in page for page in pages.values()] == [False, False, True, False]


def test_a_message_is_shown_once_and_not_kept(company: Company, client_for: Clients) -> None:
    learner = client_for(company.learner)
    learner.get(LESSON)
    with learner.session_transaction() as cookie:
        cookie["_flashes"] = [("message", "Only once")]
    assert "Only once" in learner.get(LESSON).text
    assert "Only once" not in learner.get(LESSON).text
