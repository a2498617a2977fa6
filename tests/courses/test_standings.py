"""Standings that are kept with every step are those that a count of all steps gives."""

from __future__ import annotations

import random
import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select

from learning.clock import now
from learning.content.model import Catalogue, Course
from learning.courses.completion import course_progress, steps_of
from learning.courses.models import CourseStanding, LessonOpening, LessonProgress, QuizRecord, StepKind
from learning.courses.service import complete_lesson, unread_lesson
from learning.courses.standings import mirror_courses
from learning.database import unit_of_work
from learning.extensions import db
from learning.quizzes.models import Attempt, Grading
from learning.quizzes.records import keep_record
from learning.web.catalogue import the_catalogue
from learning.web.identity import Member
from tests.conftest import Company
from tests.proof import times
from tests.teaching.sittings import add_sittings


def standings(company: Company, user_id: str) -> dict[str, CourseStanding]:
    db.session.rollback()
    rows = db.session.scalars(
        select(CourseStanding).where(CourseStanding.organization_id == company.id, CourseStanding.user_id == user_id)
    )
    return {row.course_id: row for row in rows}


def check(company: Company, user_id: str, catalogue: Catalogue) -> None:
    """Every course of a person, counted from what they read and passed."""
    kept = standings(company, user_id)
    read = dict(
        db.session.execute(
            select(LessonProgress.lesson_id, LessonProgress.completed_at).where(LessonProgress.user_id == user_id)
        ).all()
    )
    passed = dict(
        db.session.execute(
            select(QuizRecord.quiz_id, QuizRecord.first_passed_at).where(
                QuizRecord.user_id == user_id, QuizRecord.first_passed_at.is_not(None)
            )
        ).all()
    )
    for course in catalogue.courses.values():
        progress = course_progress(course, read.keys(), passed.keys())
        moments = [{**read, **passed}[step.id] for step in steps_of(course) if step.id in {**read, **passed}]
        if not moments:
            assert course.id not in kept
            continue
        row = kept[course.id]
        assert (row.done, row.first_at, row.last_at) == (progress.done, min(moments), max(moments)), course.id
        assert row.finished_at == (max(moments) if progress.complete else None)


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(times(2, 40)))
def test_after_any_steps_the_standings_are_as_counted(app: Flask, company: Company, seed: int) -> None:
    chance = random.Random(seed)
    member = Member(company.learner, company.id)
    with app.app_context():
        catalogue = the_catalogue()
        mirror_courses(catalogue)
        moment = now() - timedelta(days=90)
        lessons = [(course.id, lesson) for course in catalogue.courses.values() for lesson in course.lesson_ids]
        for _ in range(25):
            moment += timedelta(hours=chance.randint(1, 30))
            course_id, lesson_id = chance.choice(lessons[-20:])
            if chance.random() < 0.25:
                unread_lesson(member, lesson_id)
            else:
                complete_lesson(member, course_id, lesson_id, catalogue, moment)
        check(company, company.learner, catalogue)
        course = catalogue.courses["foundations"]
        for lesson_id in course.lesson_ids:
            complete_lesson(member, course.id, lesson_id, catalogue, moment)
        check(company, company.learner, catalogue)
        for lesson_id in {lesson for _course, lesson in lessons}:
            unread_lesson(member, lesson_id)
        assert standings(company, company.learner) == {}


def test_a_grading_keeps_the_record_of_the_quiz_and_the_standing(app: Flask, company: Company) -> None:
    with app.app_context():
        catalogue = the_catalogue()
        mirror_courses(catalogue)
        people = add_sittings(company.id, catalogue.quizzes["m01-quiz"], 12)
        with unit_of_work() as session:
            session.execute(delete(QuizRecord))
            for attempt in session.scalars(select(Attempt)):
                keep_record(session, attempt, now())
        rows = db.session.execute(
            select(Attempt.user_id, Attempt.submitted_at, Grading.points, Grading.maximum, Grading.passed).join(
                Grading, Grading.attempt_id == Attempt.id
            )
        ).all()
        records = {record.user_id: record for record in db.session.scalars(select(QuizRecord))}
        assert set(records) == set(people)
        assert {row.passed for row in rows} == {True, False}
        for row in rows:
            record = records[row.user_id]
            assert (record.attempts, record.best) == (1, 1000 * row.points // row.maximum)
            assert (record.passes, record.total) == (int(row.passed), pytest.approx(1000 * row.points / row.maximum))
            assert record.first_passed_at == (row.submitted_at if row.passed else None)
            check(company, row.user_id, catalogue)


def test_a_mended_key_takes_the_pass_away_again(app: Flask, company: Company) -> None:
    with app.app_context():
        catalogue = the_catalogue()
        mirror_courses(catalogue)
        (user_id,) = add_sittings(company.id, catalogue.quizzes["m01-quiz"], 1, lambda *_: [])
        for number, passed in ((2, True), (3, False)):
            with unit_of_work() as session:
                attempt = session.scalars(select(Attempt)).one()
                session.add(
                    Grading(
                        organization_id=company.id,
                        attempt_id=attempt.id,
                        number=number,
                        rule_version=1,
                        points=7 if passed else 1,
                        maximum=10,
                        passed=passed,
                        details={},
                        reason="a test",
                        created_at=now(),
                    )
                )
                keep_record(session, attempt, now())
            assert ("foundations" in standings(company, user_id)) == passed
            record = db.session.scalars(select(QuizRecord)).one()
            assert (record.best, record.passes) == ((700, 1) if passed else (100, 0))
            assert record.total == pytest.approx(record.best)
            db.session.rollback()


def test_a_changed_course_is_counted_again_for_everybody_and_an_unchanged_one_is_left_alone(
    app: Flask, company: Company
) -> None:
    member = Member(company.learner, company.id)
    with app.app_context():
        catalogue = the_catalogue()
        # Read before the steps were ever mirrored.
        complete_lesson(member, "foundations", "m01-l1", catalogue, now())
        complete_lesson(member, "foundations", "m01-l2", catalogue, now())
        assert standings(company, company.learner) == {}
        assert set(mirror_courses(catalogue)) == set(catalogue.courses)
        check(company, company.learner, catalogue)
        assert mirror_courses(catalogue) == ()
        foundations = catalogue.courses["foundations"]
        part = foundations.modules[0]
        shorter = type(part)(part.module_id, part.lesson_ids[1:], part.quiz_id)
        changed = _with(catalogue, Course("foundations", "", "", (), (shorter, *foundations.modules[1:])))
        assert mirror_courses(changed) == ("foundations",)
        assert standings(company, company.learner)["foundations"].done == 1
        check(company, company.learner, changed)
        del changed.courses["foundations"]
        assert mirror_courses(changed) == ("foundations",)
        assert "foundations" not in standings(company, company.learner)


def _with(catalogue: Catalogue, course: Course) -> Catalogue:
    return Catalogue(
        **{
            name: getattr(catalogue, name)
            for name in Catalogue.__dataclass_fields__
            if name not in ("courses", "translations")
        },
        courses={**catalogue.courses, course.id: course},
    )


@pytest.mark.prove
def test_lessons_read_at_the_same_moment_all_count(app: Flask, company: Company) -> None:
    """Two tabs: each transaction sees only its own lesson until the other one is committed."""
    with app.app_context():
        catalogue = the_catalogue()
        mirror_courses(catalogue)
    lessons = catalogue.courses["audit-team"].lesson_ids[: times(12, 40)]
    ready = threading.Barrier(len(lessons))

    def read(lesson_id: str) -> None:
        ready.wait()
        with app.app_context():
            complete_lesson(Member(company.learner, company.id), "audit-team", lesson_id, catalogue, now())

    threads = [threading.Thread(target=read, args=(lesson_id,)) for lesson_id in lessons]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        assert standings(company, company.learner)["audit-team"].done == len(lessons)
        check(company, company.learner, catalogue)


def test_who_read_a_lesson_has_opened_it_also_before_it_was_told(app: Flask, company: Company) -> None:
    with app.app_context():
        moment = now()
        complete_lesson(Member(company.learner, company.id), "foundations", "m01-l1", the_catalogue(), moment)
        opening = db.session.scalars(select(LessonOpening)).one()
        assert (opening.lesson_id, opening.opened_at, opening.furthest_heading) == ("m01-l1", moment, 0)


def test_a_step_is_a_lesson_or_a_quiz_of_a_course_or_practice_that_it_requires(app: Flask) -> None:
    with app.app_context():
        kinds = {step.kind for course in the_catalogue().courses.values() for step in steps_of(course)}
        assert kinds | {StepKind.PRACTICE} == set(StepKind)
