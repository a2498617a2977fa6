"""The reader's pages."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from learning import create_app
from learning.clock import now
from learning.config import load_settings
from learning.courses import service
from learning.courses.models import Enrolment, LessonProgress
from learning.errors import NotFound
from learning.extensions import db
from learning.web.catalogue import the_catalogue
from learning.web.identity import Member
from tests.conftest import Company, csrf_token

Clients = Callable[[str | None], FlaskClient]

COURSE = "/courses/foundations/"
LESSON = "/courses/foundations/m01/m01-l1"


def test_a_stranger_reads_lessons_where_the_site_allows_it(client_for: Clients) -> None:
    stranger = client_for(None)
    for path in ("/courses/", COURSE, LESSON, "/glossary/", "/search?q=waste"):
        assert stranger.get(path).status_code == 200, path
    assert "Mark as read" not in stranger.get(LESSON).text


def test_a_stranger_is_sent_to_sign_in_where_the_site_does_not(app: Flask, company: Company) -> None:
    settings = app.extensions["settings"].model_copy(update={"read_without_sign_in": False})
    closed = create_app(settings).test_client()
    response = closed.get(LESSON)
    assert response.status_code == 302
    assert response.headers["Location"].startswith("/people/sign-in?next=")


def test_marking_a_lesson_as_read_enrols_and_goes_on_to_the_next(
    client_for: Clients, company: Company, app: Flask
) -> None:
    learner = client_for(company.learner)
    response = learner.post(LESSON + "/complete", data={"csrf_token": csrf_token(learner, LESSON), "mark": "read"})
    assert response.headers["Location"] == "/courses/foundations/m01/m01-l2"
    assert "You have marked this lesson as read" in learner.get(LESSON).text
    with app.app_context():
        assert db.session.scalar(select(Enrolment.course_id)) == "foundations"


def test_the_mark_can_be_taken_back(client_for: Clients, company: Company, app: Flask) -> None:
    learner = client_for(company.learner)
    token = csrf_token(learner, LESSON)
    learner.post(LESSON + "/complete", data={"csrf_token": token, "mark": "read"})
    learner.post(LESSON + "/complete", data={"csrf_token": token, "mark": "unread"})
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(LessonProgress)) == 0


def test_reading_twice_keeps_the_first_time(app: Flask, company: Company) -> None:
    member = Member(company.learner, company.id)
    with app.app_context():
        first = now()
        for moment in (first, now()):
            service.complete_lesson(member, "foundations", "m01-l1", the_catalogue(), moment)
        assert db.session.scalars(select(LessonProgress.completed_at)).all() == [first]


def test_a_lesson_counts_in_every_course_that_lists_it(app: Flask, company: Company, client_for: Clients) -> None:
    with app.app_context():
        courses = [course for course in the_catalogue().courses.values() if "m01-l1" in course.lesson_ids]
        service.complete_lesson(Member(company.learner, company.id), courses[0].id, "m01-l1", the_catalogue(), now())
    learner = client_for(company.learner)
    for course in courses:
        assert re.search(r"1 of \d+ steps done", learner.get(f"/courses/{course.id}/").text), course.id


@pytest.mark.parametrize("course_id", ["nowhere", "foundations"])
def test_a_lesson_that_the_course_does_not_list_is_not_found(app: Flask, company: Company, course_id: str) -> None:
    with app.app_context(), pytest.raises(NotFound):
        service.complete_lesson(Member(company.learner, company.id), course_id, "m99-l1", the_catalogue(), now())


@pytest.mark.parametrize(
    "path",
    ["/courses/nowhere/", "/courses/foundations/m01/nowhere", "/courses/foundations/m02/m01-l1", "/lessons/nowhere"],
)
def test_a_wrong_address_is_not_found(client_for: Clients, path: str) -> None:
    assert client_for(None).get(path).status_code == 404


def test_the_permanent_address_of_a_lesson_opens_it_in_the_course_one_is_enrolled_in(
    app: Flask, company: Company, client_for: Clients
) -> None:
    with app.app_context():
        last = [course for course in the_catalogue().courses.values() if "m01-l1" in course.lesson_ids][-1]
        service.enrol(Member(company.learner, company.id), last.id, the_catalogue(), now())
    assert client_for(company.learner).get("/lessons/m01-l1").headers["Location"] == f"/courses/{last.id}/m01/m01-l1"


def test_every_figure_and_internal_link_of_every_lesson_leads_somewhere(app: Flask, client_for: Clients) -> None:
    stranger = client_for(None)
    with app.app_context():
        lessons = the_catalogue().lessons.values()
    seen = set()
    for lesson in lessons:
        for address in re.findall(r'(?:src|href)="(/[^"#]*)', lesson.html):
            if address not in seen:
                seen.add(address)
                assert stranger.get(address).status_code in {200, 302}, f"{lesson.id}: {address}"
    assert seen


def test_the_lesson_page_needs_at_most_three_queries(app: Flask, company: Company, client_for: Clients) -> None:
    learner = client_for(company.learner)
    learner.get(LESSON)
    statements: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "INSERT", "UPDATE", "DELETE")):
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        assert learner.get(LESSON).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert len(statements) <= 3, statements


def test_search_finds_lessons_and_terms(client_for: Clients) -> None:
    page = client_for(None).get("/search?q=清洁").text
    assert "Cleaner production" in page
    assert "<mark>" in page


def test_the_search_page_shows_what_was_typed_without_running_it(client_for: Clients) -> None:
    page = client_for(None).get("/search", query_string={"q": "<script>alert(1)</script>"}).text
    assert "<script>alert" not in page


def test_a_broken_setting_of_the_catalogue_is_a_page_and_not_a_crash(tmp_path, database_url: str) -> None:  # type: ignore[no-untyped-def]
    site = create_app(
        load_settings(data=tmp_path, database_url=database_url, public_url="http://127.0.0.1", secret_key="k" * 40)
    )
    response = site.test_client().get("/courses/")
    assert response.status_code == 503
    assert "The lessons are being prepared" in response.text
