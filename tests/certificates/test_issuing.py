"""A certificate is issued by itself, once, when every lesson is read and every quiz is passed."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from learning.accounts.models import Membership, Organization, User
from learning.background import PartlyDone
from learning.certificates import tasks
from learning.certificates.models import Certificate
from learning.certificates.service import issue_due, issue_for
from learning.clock import now
from learning.content.course_versions import course_version, version_read
from learning.content.model import Catalogue
from learning.courses.models import LessonProgress
from learning.courses.service import unread_lesson
from learning.database import unit_of_work
from learning.extensions import db
from learning.quizzes import service as quizzes
from learning.quizzes.sent import ANSWER
from learning.web.identity import Member
from tests.certificates.completing import COURSE_ID, LESSON_ID, QUIZ_ID, certificates_of, complete, read, sit
from tests.conftest import Company, csrf_token
from tests.teaching.sittings import choose

Clients = Callable[[str | None], FlaskClient]
DAY = datetime(2026, 3, 5, 9, tzinfo=UTC)


def test_none_is_issued_before_the_last_step(app: Flask, learner: Member, catalogue: Catalogue) -> None:
    with app.app_context():
        read(learner, DAY)
        assert issue_for(learner, catalogue, DAY) == 0
        sit(learner, DAY, right=False)
        assert issue_for(learner, catalogue, DAY) == 0
        assert issue_due(catalogue, DAY) == 0
        unread_lesson(learner, LESSON_ID)
        sit(learner, DAY)
        assert issue_for(learner, catalogue, DAY) == 0
        read(learner, DAY)
        assert issue_for(learner, catalogue, DAY) == 1
        assert issue_for(learner, catalogue, DAY) == 0


def test_it_says_who_completed_what_when_and_which_version(
    app: Flask, learner: Member, company: Company, catalogue: Catalogue
) -> None:
    with app.app_context():
        found = complete(learner, DAY)
        assert (found.person_name, found.organization_name) == ("River learner", "River Works")
        assert (found.title, found.course_title) == (
            "Cleaner production at work",
            "Cleaner production for every employee",
        )
        assert found.course_hash == course_version(catalogue, catalogue.courses[COURSE_ID])
        assert found.read_hash == version_read(
            catalogue.courses[COURSE_ID], {LESSON_ID: catalogue.lessons[LESSON_ID].hash}
        )
        assert (found.lessons, found.quiz_ids) == (1, [QUIZ_ID])
        assert (found.round, found.issued_at) == (1, DAY)
        assert (found.valid_from, found.valid_until) == (date(2026, 3, 5), date(2028, 3, 5))
        assert not found.shows_name


def test_it_says_what_was_read_and_not_what_is_taught_today(
    app: Flask, learner: Member, company: Company, catalogue: Catalogue
) -> None:
    """A text that is changed between the reading and the quiz was not read by this person."""
    with app.app_context():
        read(learner, DAY)
        with unit_of_work() as session:
            session.execute(update(LessonProgress).values(lesson_hash="e" * 64))
        sit(learner, DAY)
        assert issue_for(learner, catalogue, DAY) == 1
        (found,) = certificates_of(learner)
        course = catalogue.courses[COURSE_ID]
        assert found.course_hash == course_version(catalogue, course)
        assert found.read_hash == version_read(course, {LESSON_ID: "e" * 64})


def test_the_paper_stays_as_it_was_on_the_day(app: Flask, learner: Member, company: Company) -> None:
    with app.app_context():
        before = complete(learner, DAY)
        with unit_of_work() as session:
            session.execute(update(User).where(User.id == learner.user_id).values(name="Another Name"))
            session.execute(update(Organization).where(Organization.id == company.id).values(name="Another Works"))
        (after,) = certificates_of(learner)
        columns = [column.key for column in Certificate.__table__.columns]
        assert {each: getattr(after, each) for each in columns} == {each: getattr(before, each) for each in columns}


def test_handing_in_the_last_quiz_issues_it_and_says_so(
    app: Flask, learner: Member, catalogue: Catalogue, client_for: Clients
) -> None:
    client = client_for(learner.user_id)
    quiz = catalogue.quizzes[QUIZ_ID]
    with app.app_context():
        read(learner, now())
        attempt_id = quizzes.start_attempt(learner, quiz, now())
    token = csrf_token(client, f"/attempts/{attempt_id}")
    form: dict[str, object] = {
        "csrf_token": token,
        "action": "hand-in",
        "on-page": [each.id for each in quiz.questions],
    }
    form |= {ANSWER + each.id: choose(each, 1.0, random.Random(1)) for each in quiz.questions}
    page = client.post(f"/attempts/{attempt_id}/submit", data=form, follow_redirects=True)
    assert "You have earned a certificate" in page.text
    with app.app_context():
        assert len(certificates_of(learner)) == 1


def test_reading_the_last_lesson_issues_it_too(app: Flask, learner: Member, client_for: Clients) -> None:
    client = client_for(learner.user_id)
    with app.app_context():
        sit(learner, now())
    path = f"/courses/{COURSE_ID}/m01/{LESSON_ID}"
    data = {"csrf_token": csrf_token(client, path), "mark": "read"}
    assert "You have earned a certificate" in client.post(path + "/complete", data=data, follow_redirects=True).text
    with app.app_context():
        assert len(certificates_of(learner)) == 1


def test_what_was_missed_is_issued_by_the_sweep_and_once(
    app: Flask, learner: Member, company: Company, other_company: Company, catalogue: Catalogue
) -> None:
    with app.app_context():
        people = [learner, Member(company.trainer, company.id), Member(other_company.learner, other_company.id)]
        for each in people:
            read(each, DAY)
            sit(each, DAY)
        later = DAY + timedelta(days=3)
        assert issue_due(catalogue, later) == 3
        assert issue_due(catalogue, later) == 0
        for each in people:
            (found,) = certificates_of(each)
            assert found.organization_id == each.organization_id
            assert (found.issued_at, found.valid_from) == (later, DAY.date()), "it holds from the day it was earned"


def test_a_fault_in_one_organization_is_told_and_the_others_have_theirs(
    app: Flask, learner: Member, other_company: Company, catalogue: Catalogue
) -> None:
    """Of a moment at the end of the calendar no day of expiry can be told."""
    other = Member(other_company.learner, other_company.id)
    with app.app_context():
        for each in (learner, other):
            read(each, DAY)
            sit(each, DAY)
        for broken, sound in ((learner, other), (other, learner)):
            with unit_of_work() as session:
                for each in (learner, other):
                    moment = datetime(9999, 6, 1, tzinfo=UTC) if each is broken else DAY
                    ours = LessonProgress.organization_id == each.organization_id
                    session.execute(update(LessonProgress).where(ours).values(completed_at=moment))
                session.execute(delete(Certificate))
            with pytest.raises(PartlyDone, match="1 of 2"):
                issue_due(catalogue, DAY)
            told = app.test_cli_runner().invoke(args=["certificates", "issue"])
            assert (told.exit_code, "1 of 2 organizations failed" in told.output) == (1, True)
            assert [len(certificates_of(each)) for each in (broken, sound)] == [0, 1]
            db.session.remove()


def test_whoever_has_left_is_given_none(app: Flask, learner: Member, catalogue: Catalogue) -> None:
    with app.app_context():
        read(learner, DAY)
        sit(learner, DAY)
        with unit_of_work() as session:
            session.execute(update(Membership).where(Membership.user_id == learner.user_id).values(left_at=DAY))
        assert issue_due(catalogue, DAY) == 0
        assert issue_for(learner, catalogue, DAY) == 0


def test_a_course_without_a_certificate_gives_none(app: Flask, learner: Member, catalogue: Catalogue) -> None:
    course = replace(catalogue.courses[COURSE_ID], certificate=None)
    bare = replace(catalogue, courses={COURSE_ID: course})
    with app.app_context():
        read(learner, DAY)
        sit(learner, DAY)
        assert issue_for(learner, bare, DAY) == 0
        assert issue_due(bare, DAY) == 0


def test_taking_back_the_mark_of_a_lesson_takes_no_certificate_away(
    app: Flask, learner: Member, catalogue: Catalogue
) -> None:
    with app.app_context():
        complete(learner, DAY)
        unread_lesson(learner, LESSON_ID)
        issue_due(catalogue, DAY)
        (found,) = certificates_of(learner)
        assert found.doubted_at is None


@pytest.mark.parametrize(
    "change",
    [
        {"round": 2},
        {"course_id": "other", "round": 0},
        {"course_id": "other", "valid_until": date(2020, 1, 1)},
        {"course_id": "other", "revoked_at": DAY},
        {"course_id": "other", "revoked_reason": "no moment"},
    ],
)
def test_what_cannot_be_is_refused_by_the_database(app: Flask, learner: Member, change: dict[str, object]) -> None:
    with app.app_context():
        found = complete(learner, DAY)
        columns = [column.key for column in Certificate.__table__.columns]
        values = {each: getattr(found, each) for each in columns}
        values |= {"id": "0" * 20, "number": "A" * 20, **change}
        with pytest.raises(IntegrityError), unit_of_work() as session:
            session.add(Certificate(**values))
        assert db.session.scalars(select(Certificate.id)).all() == [found.id]


def test_the_worker_issues_what_was_missed(app: Flask, learner: Member) -> None:
    with app.app_context():
        read(learner, now())
        sit(learner, now())
        tasks.issue(now())
        assert len(certificates_of(learner)) == 1


def test_the_command_issues_what_was_missed(app: Flask, learner: Member) -> None:
    with app.app_context():
        read(learner, now())
        sit(learner, now())
    runner = app.test_cli_runner()
    assert "1 issued." in runner.invoke(args=["certificates", "issue"]).output
    assert "0 issued." in runner.invoke(args=["certificates", "issue"]).output
