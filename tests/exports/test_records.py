"""The record of a cohort and a person's transcript: what was completed when, under which version, and nothing more."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pypdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale
from sqlalchemy import event, select, update

from learning.accounts.models import User
from learning.assessments import service as assessments
from learning.clock import now
from learning.content.course_versions import version_read
from learning.courses.models import LessonProgress, QuizRecord
from learning.courses.service import complete_lesson
from learning.database import unit_of_work
from learning.exports import record
from learning.exports.errors import TooManyPeople
from learning.exports.record import Record, cohort_record, record_plan
from learning.exports.record_pdf import record_pdf
from learning.exports.sources import Asked
from learning.exports.transcript import transcript
from learning.extensions import db
from learning.teaching.assignments import Period, Thing, assign, extend
from learning.teaching.cohorts import add_people, make_cohort
from learning.teaching.groups import cohort_group
from learning.teaching.models import AssignmentKind
from learning.web.catalogue import the_catalogue
from learning.web.identity import Member
from tests.conftest import Company
from tests.teaching.crowd import add_crowd
from tests.web.routes import OWNED

Clients = Callable[[str | None], FlaskClient]
COURSE = "foundations"


def asked(company: Company, cohort_id: str) -> Asked:
    return Asked(Member(company.trainer, company.id), {"cohort": cohort_id}, the_catalogue(), now())


def recorded(company: Company, cohort_id: str) -> Record:
    group = cohort_group(company.id, cohort_id, now())
    return cohort_record(asked(company, cohort_id), group, lambda _done: None)


def text_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


def small_cohort(company: Company, *things: Thing) -> str:
    """The learner of the company, with what is assigned to them."""
    member = Member(company.trainer, company.id)
    cohort_id = make_cohort(member, "New people", None, now())
    add_people(member, cohort_id, [company.learner], now())
    today = now().date()
    if things:
        assign(member, cohort_id, list(things), Period(today, today + timedelta(days=30)), now())
    return cohort_id


def do_all(company: Company) -> None:
    """The learner reads every lesson of the course and passes its quizzes."""
    member, course = Member(company.learner, company.id), the_catalogue().courses[COURSE]
    for lesson in course.lesson_ids:
        complete_lesson(member, COURSE, lesson, the_catalogue(), now())
    with unit_of_work() as session:
        for quiz in course.quiz_ids:
            session.add(
                QuizRecord(
                    organization_id=company.id,
                    user_id=company.learner,
                    quiz_id=quiz,
                    attempts=2,
                    passes=1,
                    best=876,
                    total=1500,
                    first_passed_at=now(),
                    last_passed_at=now(),
                    last_submitted_at=now(),
                )
            )


def test_a_record_says_what_was_done_when_and_under_which_version(app: Flask, company: Company) -> None:
    with app.app_context(), force_locale("en"):
        cohort_id = small_cohort(company, Thing(AssignmentKind.COURSE, COURSE))
        do_all(company)
        found = recorded(company, cohort_id)
        (course,) = found.courses
        (line,) = course.lines
        lessons = the_catalogue().courses[COURSE].lesson_ids
        assert (line.name, line.lessons_read) == ("River learner", len(lessons))
        assert [(quiz.best, bool(quiz.passed_at)) for quiz in line.quizzes if quiz] == [(87, True)] * len(line.quizzes)
        assert line.version
        hashes = {lesson: the_catalogue().lessons[lesson].hash for lesson in lessons}
        assert {lesson: list(versions) for lesson, versions in course.versions.items()} == {
            lesson: [version] for lesson, version in hashes.items()
        }
        # One lesson was changed before somebody read it: another version, and another sum.
        with unit_of_work() as session:
            session.execute(
                update(LessonProgress).where(LessonProgress.lesson_id == lessons[0]).values(lesson_hash="f" * 64)
            )
        again = recorded(company, cohort_id).courses[0]
        assert again.lines[0].version != line.version
        assert list(again.versions[lessons[0]]) == ["f" * 64]


def test_a_record_lists_who_was_given_more_time(app: Flask, company: Company) -> None:
    with app.app_context(), force_locale("en"):
        cohort_id = small_cohort(company, Thing(AssignmentKind.COURSE, COURSE))
        assert recorded(company, cohort_id).extensions == ()
        (task,) = cohort_group(company.id, cohort_id, now()).tasks
        later = task.due_on + timedelta(days=9)
        trainer = Member(company.trainer, company.id)
        extend(trainer, task.assignment_id, [company.learner], later, now())
        found = recorded(company, cohort_id)
        (line,) = found.extensions
        title = the_catalogue().courses[COURSE].title
        assert (line.name, line.title, line.due_on, line.extended_to) == ("River learner", title, task.due_on, later)
        assert line.granted_by == "River trainer"
        paper = " ".join(text_of(record_pdf(found, asked(company, cohort_id))).split())
        assert (
            f"More time Name What was assigned Due Extended to By On River learner {title} {task.due_on} {later}"
            in paper
        )


def test_the_version_is_of_all_texts_or_of_none(app: Flask) -> None:
    with app.app_context():
        course = the_catalogue().courses[COURSE]
    read = {lesson: lesson for lesson in course.lesson_ids}
    assert version_read(course, read)
    assert version_read(course, {**read, "another": "x"}) == version_read(course, read)
    assert version_read(course, dict(list(read.items())[1:])) is None
    assert version_read(replace(course, modules=()), read) is None


def test_of_the_self_assessment_a_record_says_whether_it_was_done_and_only_where_it_was_assigned(
    app: Flask, company: Company, client_for: Clients
) -> None:
    trainer = client_for(company.trainer)
    with app.app_context():
        instrument = next(iter(the_catalogue().instruments))
        title = the_catalogue().instruments[instrument].title
        without = small_cohort(company, Thing(AssignmentKind.COURSE, COURSE))
        member = Member(company.trainer, company.id)
        cohort_id = make_cohort(member, "Asked", None, now())
        add_people(member, cohort_id, [company.learner], now())
        today = now().date()
        assign(member, cohort_id, [Thing(AssignmentKind.ASSESSMENT, instrument)], Period(today, today), now())
        own = Member(company.learner, company.id)
        assessment_id = assessments.start(own, instrument, the_catalogue(), now())
    path = "/teaching/exports/new/cohort-record.pdf?cohort="
    before = text_of(trainer.get(path + cohort_id).data)
    with app.app_context():
        assessments.finish(own, assessment_id, now())
    after = trainer.get(path + cohort_id).data
    assert before.count("Not done") == 1
    assert text_of(after) == before.replace("Not done", "Done")
    assert assessment_id.encode() not in after
    other = text_of(trainer.get(path + without).data)
    assert title not in other
    assert "Not done" not in other


def test_a_record_is_an_accessible_pdf_with_numbered_pages_and_repeated_heads(
    app: Flask, company: Company, client_for: Clients
) -> None:
    with app.app_context(), force_locale("en"):
        crowd = add_crowd(company.id, 70, the_catalogue(), now())
        with unit_of_work() as session:
            session.get_one(User, crowd.people[0]).name = "#strong[X] <b> $x$ *y* \\"
        content = record_pdf(recorded(company, crowd.cohort), asked(company, crowd.cohort))
        names = db.session.scalars(select(User.name).where(User.id.in_(crowd.people))).all()
    pdf = pypdf.PdfReader(io.BytesIO(content))
    assert pdf.metadata is not None
    assert pdf.metadata.title == "Record of the cohort Everybody"
    assert b"pdfuaid" in content
    pages = [page.extract_text() for page in pdf.pages]
    assert all(f"{number} / {len(pages)}" in page for number, page in enumerate(pages, start=1))
    assert sum("Version read" in page and "Lessons" in page for page in pages) > 2
    assert all(name in "\n".join(pages) for name in names)


def test_a_record_reads_no_more_often_for_many_people(app: Flask, company: Company, other_company: Company) -> None:
    counts = []
    for each, number in ((company, 5), (other_company, 120)):
        with app.app_context(), force_locale("en"):
            cohort = add_crowd(each.id, number, the_catalogue(), now()).cohort
            db.session.rollback()
            statements: list[str] = []

            def note(
                connection: object, cursor: object, statement: str, *rest: object, into: list[str] = statements
            ) -> None:
                into.append(statement)

            event.listen(db.engine, "before_cursor_execute", note)
            assert recorded(each, cohort).people == number
            event.remove(db.engine, "before_cursor_execute", note)
            counts.append(len([each for each in statements if "SELECT" in each]))
    assert counts[0] == counts[1] <= 16


def test_a_record_of_too_many_people_is_refused(app: Flask, company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record, "MOST_PEOPLE", 3)
    with app.app_context(), force_locale("en"):
        cohort = add_crowd(company.id, 4, the_catalogue(), now()).cohort
        with pytest.raises(TooManyPeople):
            record_plan(asked(company, cohort))


def test_a_transcript_holds_lessons_quizzes_and_certificates_of_one_person(
    app: Flask, company: Company, client_for: Clients
) -> None:
    with app.app_context():
        do_all(company)
        OWNED["certificate_id"](company, company.learner)
        lesson = the_catalogue().lessons[the_catalogue().courses[COURSE].lesson_ids[0]]
        complete_lesson(Member(company.manager, company.id), COURSE, "m01-l2", the_catalogue(), now())
        with unit_of_work() as session:
            session.execute(
                update(LessonProgress)
                .where(LessonProgress.user_id == company.manager)
                .values(lesson_id="m99-l1", lesson_hash="e" * 64)
            )
        found = transcript(Member(company.manager, company.id), the_catalogue(), now())
        assert [(part.title, [each.title for each in part.lessons]) for part in found.parts] == [(None, ["m99-l1"])]
    learner = client_for(company.learner)
    page = learner.get("/certificates/transcript").text
    paper = text_of(learner.get("/certificates/transcript.pdf").data)
    trainers = text_of(client_for(company.trainer).get(f"/teaching/people/{company.learner}/transcript.pdf").data)
    assert trainers == paper
    for text in (page, paper):
        assert lesson.hash[:8] in text
        assert "87 %" in text
        assert "Made for a test" in text
        assert "River learner" in text
    other = client_for(company.manager).get("/certificates/transcript").text
    assert "No longer taught" in other
    assert lesson.hash[:8] not in other


def test_an_empty_transcript_says_what_to_do(app: Flask, company: Company, client_for: Clients) -> None:
    assert 'class="empty"' in client_for(company.learner).get("/certificates/transcript").text
    paper = client_for(company.trainer).get(f"/teaching/people/{company.learner}/transcript.pdf").data
    assert "Nothing was read or handed in yet." in text_of(paper)


def test_a_transcript_is_for_its_person_and_their_trainers(
    app: Flask, company: Company, other_company: Company, client_for: Clients
) -> None:
    path = f"/teaching/people/{company.learner}/transcript.pdf"
    for somebody in (company.learner, company.manager, other_company.trainer):
        assert client_for(somebody).get(path).status_code == 404
    # A colleague of the trainer is no learner of theirs.
    assert client_for(company.trainer).get(path.replace(company.learner, company.manager)).status_code == 404
