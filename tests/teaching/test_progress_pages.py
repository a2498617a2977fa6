"""The pages about the progress of many: what they show, and what they cost."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select, update

from learning.accounts.models import Organization, User
from learning.assessments import service as assessments
from learning.assessments.models import Assessment
from learning.clock import now
from learning.content.model import Catalogue
from learning.courses.completion import course_progress, steps_of
from learning.courses.models import LessonOpening, LessonProgress
from learning.courses.service import complete_lesson, open_lesson
from learning.courses.standings import mirror_courses
from learning.database import new_id, unit_of_work
from learning.extensions import db
from learning.quizzes.models import Attempt, Grading
from learning.teaching import at_risk_page, curve
from learning.teaching.at_risk import Case, Reason, Trouble, findings
from learning.teaching.at_risk_page import RiskChoice, RiskPage, risk_page
from learning.teaching.cases import Cases, finished_in
from learning.teaching.due import due_moment, local_day, opens_moment
from learning.teaching.groups import Group, Task, cohort_group
from learning.teaching.lesson_funnel import funnel_of, lesson_funnel, lesson_rows, stops_of
from learning.teaching.models import Assignment, AssignmentKind, Cohort, CohortMember, Extension
from learning.teaching.timeline import timeline
from learning.teaching.timeline_events import EventKind
from learning.web.catalogue import the_catalogue
from learning.web.identity import Member
from tests.conftest import Company
from tests.teaching.crowd import Crowd, add_crowd
from tests.teaching.doings import finish_assessment
from tests.teaching.test_progress import _add_learners
from tests.web.routes import masked

Clients = Callable[[str | None], FlaskClient]
ZONES = ("UTC", "Pacific/Auckland", "America/Lima", None)


def spiced(company: Company, people: int, seed: int) -> tuple[Crowd, Group]:
    """A crowd with zones, more time for some, a repetition, a quiz alone and the self-assessment to do."""
    chance = random.Random(seed)
    catalogue = the_catalogue()
    crowd = add_crowd(company.id, people, catalogue, now(), seed)
    instrument, yearly = list(catalogue.instruments)[:2]
    today = now().date()
    with unit_of_work() as session:
        for user_id in crowd.people:
            session.execute(update(User).where(User.id == user_id).values(time_zone=chance.choice(ZONES)))
        given = [
            ("foundations", AssignmentKind.COURSE, 60, -chance.randint(-3, 3), True),
            ("m03-quiz", AssignmentKind.QUIZ, 90, 1, False),
            ("m02-quiz", AssignmentKind.QUIZ, 30, 5, True),
            (instrument, AssignmentKind.ASSESSMENT, 90, 0, False),
            (yearly, AssignmentKind.ASSESSMENT, 30, -1, True),
            ("no-longer-taught", AssignmentKind.COURSE, 90, 0, False),
        ]
        for content_id, kind, before, after, is_refresh in given:
            session.add(
                Assignment(
                    organization_id=company.id,
                    cohort_id=crowd.cohort,
                    series_id=new_id(),
                    kind=kind,
                    content_id=content_id,
                    opens_on=today - timedelta(days=before),
                    due_on=today + timedelta(days=after),
                    is_refresh=is_refresh,
                    created_at=now(),
                )
            )
        session.flush()
        ids = session.scalars(select(Assignment.id).where(Assignment.cohort_id == crowd.cohort)).all()
        for user_id in chance.sample(crowd.people, people // 3):
            session.add(
                Extension(
                    organization_id=company.id,
                    assignment_id=chance.choice(ids),
                    user_id=user_id,
                    due_on=today + timedelta(days=chance.randint(-2, 20)),
                    granted_at=now(),
                )
            )
    for place, user_id in enumerate(crowd.people[:12]):
        # The first one, then the yearly one in time and before it opened, for some on the edge.
        asked, days = [(instrument, 0), (yearly, 1), (yearly, 40), (yearly, 30)][place % 4]
        finish_assessment(company, user_id, asked, now() - timedelta(days=days))
    return crowd, cohort_group(company.id, crowd.cohort, now())


def by_hand(group: Group, user_id: str, catalogue: Catalogue, moment: datetime) -> list[tuple[Task, object]]:
    """One person's findings from all that they ever did."""
    zone = db.session.scalars(select(User.time_zone).where(User.id == user_id)).one() or group.time_zone
    read = dict(
        db.session.execute(
            select(LessonProgress.lesson_id, LessonProgress.completed_at).where(LessonProgress.user_id == user_id)
        ).all()
    )
    sat = db.session.execute(
        select(Attempt.quiz_id, Attempt.submitted_at, Grading.passed, Grading.points, Grading.maximum)
        .join(Grading, Grading.attempt_id == Attempt.id)
        .where(Attempt.user_id == user_id)
    ).all()
    later = dict(
        db.session.execute(select(Extension.assignment_id, Extension.due_on).where(Extension.user_id == user_id)).all()
    )
    found: list[tuple[Task, object]] = []
    for task in group.tasks:
        opens = opens_moment(task.opens_on, zone)
        due = due_moment(later.get(task.assignment_id, task.due_on), zone)
        since = opens_moment(task.opens_on, group.time_zone) if task.is_refresh else datetime.min.replace(tzinfo=UTC)
        if task.kind is AssignmentKind.ASSESSMENT:
            finished = db.session.scalars(
                select(Assessment.finished_at).where(
                    Assessment.user_id == user_id, Assessment.instrument_id == task.content_id
                )
            ).all()
            done = any(at is not None and (not task.is_refresh or at >= opens) for at in finished)
            found += [(task, each) for each in findings(Case(opens, due, done, None, (), False), moment)]
            continue
        if task.content_id not in {**catalogue.courses, **catalogue.quizzes}:
            continue
        course = catalogue.courses.get(task.content_id)
        quizzes = course.quiz_ids if course else (task.content_id,)
        ever = {quiz for quiz, _at, right, _points, _maximum in sat if right}
        again = {quiz for quiz, at, right, _points, _maximum in sat if right and at >= since}
        # What counts once counts for ever but for the quizzes of a repetition.
        done = set(quizzes) <= again and (course is None or course_progress(course, read.keys(), ever).complete)
        moments = [at for lesson, at in read.items() if course and lesson in course.lesson_ids]
        moments += [at for quiz, at, *_rest in sat if quiz in quizzes]
        moments = [at for at in moments if at >= since]
        troubles = tuple(
            Trouble(quiz, len(mine), catalogue.quizzes[quiz].attempts, int(max(mine)))
            for quiz in sorted(quizzes)
            if quiz not in again
            if (
                mine := [
                    100 * points // maximum for each, at, _right, points, maximum in sat if each == quiz and at >= since
                ]
            )
        )
        case = Case(opens, due, done, max(moments, default=None), troubles)
        found += [(task, each) for each in findings(case, moment)]
    return found


@pytest.mark.parametrize("few", [500, 0])
def test_everybody_at_risk_is_listed_with_the_reasons_that_a_count_by_hand_gives(
    app: Flask, company: Company, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """Read exactly as a small cohort is, and in classes as thousands are: both say the same."""
    monkeypatch.setattr(at_risk_page, "FEW_PEOPLE", few)
    with app.app_context():
        crowd, group = spiced(company, 70, seed=3)
        moment, catalogue = now(), the_catalogue()
        page: RiskPage = risk_page(group, catalogue, moment, RiskChoice())
        rows = list(page.rows)
        while page.next_after:
            page = risk_page(group, catalogue, moment, RiskChoice(after=page.next_after))
            rows += page.rows
        expected = {user: by_hand(group, user, catalogue, moment) for user in crowd.people}
        ordered = db.session.scalars(select(User.id).where(User.id.in_(crowd.people)).order_by(User.name, User.id))
        assert [row.user_id for row in rows] == [user for user in ordered if expected[user]]
        for row in rows:
            told = {(line.task.assignment_id, line.finding) for line in row.lines}
            assert told == {(task.assignment_id, each) for task, each in expected[row.user_id]}, row
        for reason in Reason:
            with_it = {user for user, found in expected.items() if reason in {each.reason for _task, each in found}}  # type: ignore[attr-defined]
            assert page.numbers.get(reason, 0) == len(with_it) > 0
            only = risk_page(group, catalogue, moment, RiskChoice(reason))
            assert {row.user_id for row in only.rows} <= with_it
        assert (page.people, page.at_risk) == (70, len(rows))


def test_classes_say_of_everybody_what_exact_moments_say(app: Flask, company: Company) -> None:
    with app.app_context():
        crowd, group = spiced(company, 80, seed=5)
        moment, people = now(), list(crowd.people)
        exact = Cases(group, the_catalogue(), moment, people, finished_in(group, people))
        classes = Cases(group, the_catalogue(), moment, None, finished_in(group, None))
        for zone in ("UTC", "Pacific/Auckland"):
            told = [exact.reasons(user, zone) for user in people]
            assert told == [classes.reasons(user, zone) for user in people]
            assert len(set(told)) > 4


def cohort_of(company: Company, people: list[str]) -> str:
    with unit_of_work() as session:
        cohort = Cohort(organization_id=company.id, name="New people", created_at=now())
        session.add(cohort)
        session.flush()
        session.add_all(
            CohortMember(organization_id=company.id, cohort_id=cohort.id, user_id=user, added_at=now())
            for user in people
        )
        return cohort.id


def give(company: Company, cohort_id: str, content_id: str = "foundations", opened: int = 10, due: int = 10) -> None:
    with unit_of_work() as session:
        session.add(
            Assignment(
                organization_id=company.id,
                cohort_id=cohort_id,
                series_id=new_id(),
                kind=AssignmentKind.COURSE,
                content_id=content_id,
                opens_on=now().date() - timedelta(days=opened),
                due_on=now().date() + timedelta(days=due),
                created_at=now(),
            )
        )


@pytest.mark.parametrize("page", ["progress", "at-risk", "curve"])
def test_an_empty_cohort_says_what_to_do(app: Flask, company: Company, client_for: Clients, page: str) -> None:
    with app.app_context():
        cohort_id = cohort_of(company, [])
    answer = client_for(company.trainer).get(f"/teaching/cohorts/{cohort_id}/{page}")
    assert answer.status_code == 200
    assert 'class="empty"' in answer.text


def test_the_pages_say_it_in_words(app: Flask, company: Company, client_for: Clients) -> None:
    with app.app_context():
        mirror_courses(the_catalogue())
        cohort_id = cohort_of(company, [company.learner, *_add_learners(company, 2)])
        give(company, cohort_id)
        complete_lesson(Member(company.learner, company.id), "foundations", "m01-l1", the_catalogue(), now())
        steps = len(steps_of(the_catalogue().courses["foundations"]))
    trainer = client_for(company.trainer)
    table = trainer.get(f"/teaching/cohorts/{cohort_id}/progress").text
    assert "River learner" in table
    assert f"{100 // steps} %" in table
    assert table.count("Not started") >= 2
    risk = trainer.get(f"/teaching/cohorts/{cohort_id}/at-risk").text
    assert "2 of 3 people are at risk." in risk
    assert "open for 10 days" in risk
    drawn = trainer.get(f"/teaching/cohorts/{cohort_id}/curve").text
    assert "0 of 3 people have finished it, 1 have begun." in drawn
    assert trainer.get(f"/teaching/cohorts/{cohort_id}/curve?course=audit-team").status_code == 404
    everybody = trainer.get("/teaching/progress?sort=most-done&state=started").text
    assert "River learner" in everybody
    assert "Learner 00" not in everybody


def test_what_no_filter_knows_is_no_error(app: Flask, company: Company, client_for: Clients) -> None:
    trainer = client_for(company.trainer)
    for query in ("sort=x", "state=x", "course=x", "department=x", "after=x", "name=" + "%" * 300):
        assert trainer.get(f"/teaching/progress?{query}").status_code == 200


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Auckland"])
def test_the_curve_counts_people_by_local_day_and_carries_what_was_before(
    app: Flask, company: Company, zone: str
) -> None:
    with app.app_context():
        with unit_of_work() as session:
            session.get_one(Organization, company.id).time_zone = zone
        crowd = add_crowd(company.id, 60, the_catalogue(), now())
        group = cohort_group(company.id, crowd.cohort, now())
        today = local_day(now(), zone)
        task = replace(group.tasks[-1], opens_on=today - timedelta(days=60))
        course = the_catalogue().courses[task.content_id]
        drawn = curve.course_curve(group, task, course, now())
        standings = db.session.execute(
            select(curve.CourseStanding.first_at, curve.CourseStanding.finished_at).where(
                curve.CourseStanding.course_id == course.id
            )
        ).all()
        for day in drawn.days:
            assert day.begun == sum(local_day(first, zone) <= day.day for first, _finished in standings)
            assert day.finished == sum(bool(at) and local_day(at, zone) <= day.day for _first, at in standings)
        assert drawn.days[0].begun > 0
        assert [drawn.people, len(drawn.days), drawn.days[-1].day] == [60, 61, today]
        assert 20 < len(drawn.rows) <= curve.MOST_ROWS


def test_a_person_in_order_of_time_without_openings_and_without_the_self_assessment(
    app: Flask, company: Company, client_for: Clients
) -> None:
    member = Member(company.learner, company.id)
    with app.app_context():
        cohort_id = cohort_of(company, [company.learner])
        give(company, cohort_id, opened=3)
        moment = now()
        open_lesson(member, "m01-l2", 1, the_catalogue(), moment)
        complete_lesson(member, "foundations", "m01-l1", the_catalogue(), moment - timedelta(hours=1))
        instrument = next(iter(the_catalogue().instruments))
        assessments.finish(member, assessments.start(member, instrument, the_catalogue(), moment), moment)
        assignment = db.session.scalars(select(Assignment.id)).one()
        db.session.rollback()
        with unit_of_work() as session:
            session.add(
                Extension(
                    organization_id=company.id,
                    assignment_id=assignment,
                    user_id=company.learner,
                    due_on=moment.date() + timedelta(days=40),
                    granted_by=company.trainer,
                    granted_at=moment,
                )
            )
        found = timeline(company.id, company.learner, the_catalogue())
        assert [event.kind for event in found.events] == [EventKind.EXTENDED, EventKind.READ, EventKind.GIVEN]
        titles = the_catalogue().lessons
    page = client_for(company.trainer).get(f"/teaching/people/{company.learner}").text
    shown = page[page.index('class="timeline"') : page.index("</ol>", page.index('class="timeline"'))]
    assert "River trainer gave more time" in shown
    assert titles["m01-l1"].title in shown
    assert titles["m01-l2"].title not in shown


# --- lessons: numbers of many, never one person ---------------------------------------------------------------------


def test_openings_are_told_of_five_people_or_more_and_while_five_have_not_opened() -> None:
    assert [funnel_of(100, 10 + stuck, 10).stuck for stuck in (0, 1, 4, 5, 85, 86, 90)] == [
        None, None, None, 5, 85, None, None,
    ]  # fmt: skip


def test_small_places_are_told_together_and_never_by_subtraction(app: Flask) -> None:
    with app.app_context():
        lesson = the_catalogue().lessons["m01-l1"]
    chance = random.Random(1)
    for _ in range(300):
        left = {place: chance.randint(1, 9) for place in chance.sample(range(len(lesson.headings) + 1), 3)}
        stops = stops_of(lesson, left)
        assert sum(stop.people for stop in stops) == sum(left.values())
        assert all(stop.people >= 5 for stop in stops) or (len(stops) == 1 and sum(left.values()) < 5)


def test_the_funnel_of_a_lesson(app: Flask, company: Company, client_for: Clients) -> None:
    with app.app_context():
        people = _add_learners(company, 30)
        catalogue, moment = the_catalogue(), now() - timedelta(days=1)
        for place, user_id in enumerate(people[:18]):
            open_lesson(Member(user_id, company.id), "m01-l1", place % 2, catalogue, moment)
        for user_id in people[:6]:
            done_at = moment + timedelta(hours=3)
            complete_lesson(Member(user_id, company.id), "foundations", "m01-l1", catalogue, done_at)
        # A trainer who reads is no learner.
        complete_lesson(Member(company.trainer, company.id), "foundations", "m01-l1", catalogue, moment)
        page = lesson_funnel(company.id, "m01-l1", catalogue)
        assert (page.funnel.opened, page.funnel.finished, page.funnel.stuck) == (18, 6, 12)
        assert page.median_time == timedelta(hours=3)
        assert [stop.people for stop in page.stops] == [6, 6]
        assert page.questions
        rows = lesson_rows(company.id, catalogue)
        assert (rows[0].lesson.id, rows[0].funnel) == ("m01-l1", page.funnel)
    trainer = client_for(company.trainer)
    assert "33 %" in trainer.get("/teaching/lessons/").text
    shown = trainer.get("/teaching/lessons/m01-l1/").text
    assert "18 people" in shown
    assert "3 hours" in shown or "180 minutes" in shown
    assert not any(user_id in shown for user_id in people)


def test_no_page_of_a_trainer_tells_that_one_person_opened_a_lesson(
    app: Flask, company: Company, client_for: Clients
) -> None:
    """With one opening more every page is the same."""
    with app.app_context():
        cohort_id = cohort_of(company, [company.learner, *_add_learners(company, 20)])
        give(company, cohort_id)
    trainer = client_for(company.trainer)
    paths = [f"/teaching/cohorts/{cohort_id}/{name}" for name in ("progress", "at-risk", "curve")]
    paths += ["/teaching/", "/teaching/progress", "/teaching/lessons/", "/teaching/lessons/m01-l1/"]
    paths += [f"/teaching/people/{company.learner}"]
    before = [masked(trainer.get(path).text) for path in paths]
    with app.app_context():
        open_lesson(Member(company.learner, company.id), "m01-l1", 2, the_catalogue(), now())
        assert db.session.scalars(select(LessonOpening.user_id)).all() == [company.learner]
    assert [masked(trainer.get(path).text) for path in paths] == before


# --- cost ---------------------------------------------------------------------------------------------------------------


def test_no_page_asks_more_often_for_300_people_than_for_10(
    app: Flask, company: Company, other_company: Company, client_for: Clients
) -> None:
    def count(trainer: FlaskClient, path: str) -> int:
        statements: list[str] = []

        def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
            if statement.lstrip().upper().startswith(("SELECT", "WITH", "(SELECT")):
                statements.append(statement)

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        assert trainer.get(path).status_code == 200
        event.remove(engine, "before_cursor_execute", note)
        return len(statements)

    costs = []
    for each, people in ((company, 10), (other_company, 300)):
        with app.app_context():
            crowd, _group = spiced(each, people, seed=2)
        trainer = client_for(each.trainer)
        cohort = f"/teaching/cohorts/{crowd.cohort}"
        paths = [f"{cohort}/progress?sort={sort}" for sort in ("name", "most-done", "latest")]
        paths += [f"{cohort}/at-risk", f"{cohort}/curve", f"{cohort}/curve?course=foundations"]
        paths += ["/teaching/", "/teaching/progress", "/teaching/lessons/", "/teaching/lessons/m01-l1/"]
        paths += ["/teaching/quizzes/", f"/teaching/people/{crowd.people[0]}"]
        costs.append([count(trainer, path) for path in paths])
    assert costs[0] == costs[1]
    *tables, person = costs[0]
    assert max(tables) <= 13
    # One person in order of time: a question for each of twelve sorts of events.
    assert person <= 20
