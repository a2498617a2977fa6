"""One person in order of time: every sort of event once, page by page, at the same price however long it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from learning.accounts.models import User
from learning.certificates.models import Certificate
from learning.clock import now
from learning.courses.models import LessonProgress, PracticeRecord
from learning.database import new_id, unit_of_work
from learning.extensions import db
from learning.practice.models import PracticeState, Submission
from learning.quizzes.models import GrantedAttempt
from learning.teaching.models import (
    Assignment,
    AssignmentKind,
    Cohort,
    CohortMember,
    Extension,
    Note,
    Reminder,
    ReminderKind,
)
from learning.teaching.timeline import Timeline, count_events, timeline
from learning.teaching.timeline_events import Event, EventKind
from learning.web.catalogue import the_catalogue
from tests.conftest import Company

Clients = Callable[[str | None], FlaskClient]
DAY = timedelta(days=1)


def certificate(company: Company, **more: object) -> Certificate:
    values: dict[str, object] = {
        "organization_id": company.id,
        "user_id": company.learner,
        "course_id": "foundations",
        "round": 1,
        "number": new_id(),
        "title": "Foundations",
        "course_title": "Foundations of cleaner production",
        "person_name": "River learner",
        "organization_name": "River Works",
        "course_hash": "0" * 64,
        "lessons": 9,
        "quiz_ids": [],
        "valid_from": date(2026, 1, 1),
    }
    return Certificate(**values | more)


def eventful(company: Company, moment: datetime) -> list[tuple[EventKind, datetime]]:
    """One event of each sort that asks for no sitting, a day apart; what is expected, the newest first."""
    at = {kind: moment - number * DAY for number, kind in enumerate(EventKind)}
    mine = {"organization_id": company.id, "user_id": company.learner}
    with unit_of_work() as session:
        cohort = Cohort(organization_id=company.id, name="Dyers", created_at=moment)
        session.add(cohort)
        session.flush()
        given = Assignment(
            organization_id=company.id,
            cohort_id=cohort.id,
            series_id=new_id(),
            kind=AssignmentKind.COURSE,
            content_id="foundations",
            opens_on=at[EventKind.GIVEN].date(),
            due_on=moment.date() + 30 * DAY,
            created_at=moment,
        )
        session.add(given)
        session.flush()
        # Of what somebody else did nothing may show.
        for user_id in (company.learner, company.trainer):
            session.add(
                LessonProgress(
                    organization_id=company.id,
                    user_id=user_id,
                    lesson_id="m01-l1",
                    lesson_hash="0" * 64,
                    completed_at=at[EventKind.READ],
                )
            )
        practice = {"lesson_id": "m01-l1", "lesson_hash": "0" * 64, "text": "Tried", **mine}
        session.add_all(
            [
                CohortMember(cohort_id=cohort.id, added_at=moment, **mine),
                Extension(
                    assignment_id=given.id,
                    due_on=moment.date() + 40 * DAY,
                    granted_by=company.trainer,
                    granted_at=at[EventKind.EXTENDED],
                    **mine,
                ),
                GrantedAttempt(
                    quiz_id="m01-quiz",
                    number=4,
                    granted_by=company.trainer,
                    granted_at=at[EventKind.GRANTED],
                    **mine,
                ),
                Submission(
                    task_id="returned",
                    state=PracticeState.RETURNED,
                    handed_in_at=at[EventKind.HANDED_IN],
                    decided_at=at[EventKind.RETURNED],
                    decided_by=company.trainer,
                    note="Say how much",
                    **practice,
                ),
                PracticeRecord(task_id="confirmed", confirmed_at=at[EventKind.CONFIRMED], **mine),
                certificate(company, issued_at=at[EventKind.ISSUED], revoked_at=at[EventKind.REVOKED],
                            revoked_by=company.trainer, revoked_reason="By mistake"),
                Note(text="Asked for a <second> look", written_by=company.trainer,
                     written_at=at[EventKind.NOTED], **mine),
                Reminder(day=moment.date(), kind=ReminderKind.BY_TRAINER, sent_by=company.trainer,
                         sent_at=at[EventKind.REMINDED], **mine),
                Reminder(day=moment.date() - DAY, kind=ReminderKind.DIGEST, sent_at=moment, **mine),
            ]
        )  # fmt: skip
    # A day stands for its first moment.
    at[EventKind.GIVEN] = datetime.combine(at[EventKind.GIVEN].date(), time(), UTC)
    unsat = {EventKind.PASSED, EventKind.NOT_PASSED}
    expected = [(kind, moment) for kind, moment in at.items() if kind not in unsat]
    return sorted(expected, key=lambda each: each[1], reverse=True)


def all_pages(company: Company, most: int) -> list[Event]:
    found: list[Event] = []
    after: str | None = ""
    while after is not None:
        page = timeline(company.id, company.learner, the_catalogue(), after, most)
        assert len(page.events) <= most
        found += page.events
        after = page.next_after
    return found


@contextmanager
def counted() -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_every_sort_of_event_stands_in_its_place_and_pages_split_it_anywhere(
    app: Flask, company: Company, other_company: Company, client_for: Clients
) -> None:
    with app.app_context():
        expected = eventful(company, now())
        whole = timeline(company.id, company.learner, the_catalogue())
        assert [(each.kind, each.at) for each in whole.events] == expected
        assert whole.next_after is None
        assert count_events(company.id, company.learner, the_catalogue()) == len(expected)
        for most in (1, 2, 3, 5):
            assert all_pages(company, most) == list(whole.events)
        by = {each.kind: each.by for each in whole.events}
        trainers = {EventKind.EXTENDED, EventKind.GRANTED, EventKind.RETURNED, EventKind.REVOKED, EventKind.NOTED}
        assert {kind for kind, name in by.items() if name} == trainers | {EventKind.REMINDED}
        assert timeline(other_company.id, company.learner, the_catalogue()) == Timeline((), None)
    page = client_for(company.trainer).get(f"/teaching/people/{company.learner}").text
    shown = page[page.index('class="timeline"') : page.index("</ol>", page.index('class="timeline"'))]
    for words in ("River trainer allowed attempt 4", "River trainer returned what was tried", " <q>Say how much</q>",
                  "Certificate for Foundations", "By mistake", "Asked for a &lt;second&gt; look",
                  "River trainer sent a reminder", "Handed in what was tried at work"):  # fmt: skip
        assert words in shown


def test_what_happened_at_one_moment_is_neither_lost_nor_told_twice(app: Flask, company: Company) -> None:
    """A moment that is the first of a day, too: what is given stands there."""
    midnight = datetime.combine(now().date(), time(), UTC) - 3 * DAY
    with app.app_context():
        eventful(company, midnight)
        with unit_of_work() as session:
            for lesson in ("m01-l2", "m01-l3", "m01-l4", "m02-l1"):
                session.add(
                    LessonProgress(
                        organization_id=company.id,
                        user_id=company.learner,
                        lesson_id=lesson,
                        lesson_hash="0" * 64,
                        completed_at=midnight - 3 * DAY,
                    )
                )
        whole = all_pages(company, 100)
        assert len([each for each in whole if each.at == midnight - 3 * DAY]) == 5
        assert len(whole) == 15
        for most in (1, 2, 3, 4, 7):
            assert all_pages(company, most) == whole


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_long_way_costs_as_many_questions_as_a_short_one(app: Flask, company: Company, client_for: Clients) -> None:
    trainer = client_for(company.trainer)
    path = f"/teaching/people/{company.learner}"
    with app.app_context():
        eventful(company, now())
        trainer.get(path)
        with counted() as few:
            assert "Older events" not in trainer.get(path).text
        with unit_of_work() as session:
            for number in range(200):
                session.add(
                    Note(
                        organization_id=company.id,
                        user_id=company.learner,
                        text=f"Note {number}",
                        written_by=company.trainer,
                        written_at=now() - timedelta(hours=number),
                    )
                )
        with counted() as many:
            page = trainer.get(path).text
        assert len(many) == len(few)
    seen: list[str] = []
    while True:
        seen += re.findall(
            r"<time", page[page.index('class="timeline"') : page.index("</ol>", page.index('class="timeline"'))]
        )
        older = re.search(r'rel="next" href="([^"#]+)#timeline"', page)
        if older is None:
            break
        page = trainer.get(older[1].replace("&amp;", "&")).text
    assert len(seen) == 211
    for strange in (
        "x",
        "99999999T999999999999.0.x",
        "20260101T000000000000.99.x",
        "20260101T000000000000.1.%20",
        "%F0",
    ):
        assert trainer.get(f"{path}?before={strange}").status_code == 200


def test_whose_account_is_gone_is_named_nowhere(app: Flask, company: Company, client_for: Clients) -> None:
    with app.app_context():
        eventful(company, now())
        with unit_of_work() as session:
            colleague = User(name="Gone", email="gone@river.example", created_at=now())
            session.add(colleague)
            session.flush()
            for table in (Extension, GrantedAttempt):
                session.scalars(select(table)).one().granted_by = colleague.id
        with unit_of_work() as session:
            session.delete(session.scalars(select(User).where(User.name == "Gone")).one())
        found = {each.kind: each.by for each in timeline(company.id, company.learner, the_catalogue()).events}
        assert (found[EventKind.EXTENDED], found[EventKind.GRANTED]) == (None, None)
