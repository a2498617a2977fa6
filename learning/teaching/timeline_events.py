"""What happened to one person, by sorts of events: what was done, handed in, given, granted, attested and noted.

Nothing of when they opened a lesson, and of the self-assessment no moment: only elsewhere on the page, that one was done.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from learning.accounts.models import User
from learning.certificates.models import Certificate
from learning.content.model import Catalogue
from learning.courses.models import LessonProgress, PracticeRecord
from learning.practice.models import PracticeState, Submission
from learning.quizzes.gradings import percent
from learning.quizzes.models import Attempt, AttemptState, Grading, GrantedAttempt
from learning.quizzes.records import latest_grading
from learning.teaching.cohort_people import cohort_people
from learning.teaching.models import Assignment, Cohort, Extension, Note, Reminder, ReminderKind


class EventKind(StrEnum):
    """What happened."""

    READ = "read"
    PASSED = "passed"
    NOT_PASSED = "not-passed"
    GIVEN = "given"
    EXTENDED = "extended"
    GRANTED = "granted"
    HANDED_IN = "handed-in"
    RETURNED = "returned"
    CONFIRMED = "confirmed"
    ISSUED = "issued"
    REVOKED = "revoked"
    NOTED = "noted"
    REMINDED = "reminded"


@dataclass(frozen=True, slots=True)
class Event:
    """One line."""

    kind: EventKind
    at: datetime
    #: Of the lesson, the quiz, the course or what was given; the id of what is no longer taught. Empty for notes.
    title: str = ""
    #: Per cent of a quiz.
    percent: float | None = None
    #: Counts the attempts at the quiz.
    attempt: int | None = None
    cohort: str | None = None
    due_on: date | None = None
    #: Who did it, where it was not the person; None: nobody, or somebody whose account is deleted.
    by: str | None = None
    #: The note, what was said to practice that was returned, or why a certificate was revoked.
    text: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Events of one sort, before they are read."""

    #: When, a key of its own among those of the person, and what the event is made of.
    rows: Select[*tuple[Any, ...]]
    #: Given when and the rest.
    event: Callable[..., Event]
    #: ``rows`` tells the day alone: the event stands at its first moment.
    by_day: bool = False


@dataclass(frozen=True, slots=True)
class _Person:
    """Whose way it is, and what things are called."""

    organization_id: str
    user_id: str
    catalogue: Catalogue

    def owns(self, table: Any) -> ColumnElement[bool]:
        """Whether a row is theirs."""
        return and_(table.organization_id == self.organization_id, table.user_id == self.user_id)

    def title(self, content_id: str) -> str:
        """Of a lesson, course, quiz or self-assessment."""
        kinds = self.catalogue.lessons, self.catalogue.courses, self.catalogue.quizzes, self.catalogue.instruments
        return next((kind[content_id].title for kind in kinds if content_id in kind), content_id)

    def task(self, task_id: str) -> str:
        """Of the lesson with a practice task."""
        lesson = self.catalogue.lesson_with_task(task_id)
        return lesson.title if lesson else task_id


def sources_of(organization_id: str, user_id: str, catalogue: Catalogue) -> tuple[Source, ...]:
    """All sorts, in the order in which events of one moment follow each other."""
    person = _Person(organization_id, user_id, catalogue)
    return (
        _read(person),
        _sat(person),
        _given(person),
        _extended(person),
        _granted(person),
        _handed_in(person),
        _returned(person),
        _confirmed(person),
        _issued(person),
        _revoked(person),
        _noted(person),
        _reminded(person),
    )


_BY = aliased(User)


def _named(rows: Select[*tuple[Any, ...]], by: InstrumentedAttribute[str | None]) -> Select[*tuple[Any, ...]]:
    """With the name of whoever did it, at the end."""
    return rows.add_columns(_BY.name.label("by")).outerjoin(_BY, _BY.id == by)


def _read(person: _Person) -> Source:
    rows = select(LessonProgress.completed_at, LessonProgress.id, LessonProgress.lesson_id).where(
        person.owns(LessonProgress)
    )
    return Source(rows, lambda at, lesson_id: Event(EventKind.READ, at, person.title(lesson_id)))


def _sat(person: _Person) -> Source:
    def event(at: datetime, quiz_id: str, number: int, points: int, maximum: int, passed: bool) -> Event:
        kind = EventKind.PASSED if passed else EventKind.NOT_PASSED
        return Event(kind, at, person.title(quiz_id), percent(points, maximum), number)

    rows = (
        select(
            Attempt.submitted_at,
            Attempt.id,
            Attempt.quiz_id,
            Attempt.number,
            Grading.points,
            Grading.maximum,
            Grading.passed,
        )
        .join(Grading, latest_grading())
        .where(
            person.owns(Attempt),
            Attempt.state == AttemptState.SUBMITTED,
            Attempt.submitted_at.is_not(None),
        )
    )
    return Source(rows, event)


def _given(person: _Person) -> Source:
    def event(at: datetime, content_id: str, due_on: date, cohort: str) -> Event:
        return Event(EventKind.GIVEN, at, person.title(content_id), cohort=cohort, due_on=due_on)

    mine = cohort_people(person.organization_id, user_id=person.user_id).subquery()
    rows = (
        select(Assignment.opens_on, Assignment.id, Assignment.content_id, Assignment.due_on, Cohort.name)
        .join(Cohort, (Cohort.organization_id == Assignment.organization_id) & (Cohort.id == Assignment.cohort_id))
        .where(
            Assignment.organization_id == person.organization_id,
            Assignment.cohort_id.in_(select(mine.c.cohort_id)),
            Assignment.ended_at.is_(None),
        )
    )
    return Source(rows, event, by_day=True)


def _extended(person: _Person) -> Source:
    def event(at: datetime, content_id: str, due_on: date, by: str | None) -> Event:
        return Event(EventKind.EXTENDED, at, person.title(content_id), due_on=due_on, by=by)

    rows = (
        select(Extension.granted_at, Extension.assignment_id, Assignment.content_id, Extension.due_on)
        .join(
            Assignment,
            (Assignment.organization_id == Extension.organization_id) & (Assignment.id == Extension.assignment_id),
        )
        .where(person.owns(Extension))
    )
    return Source(_named(rows, Extension.granted_by), event)


def _granted(person: _Person) -> Source:
    def event(at: datetime, quiz_id: str, number: int, by: str | None) -> Event:
        return Event(EventKind.GRANTED, at, person.title(quiz_id), attempt=number, by=by)

    key = GrantedAttempt.quiz_id.concat("-").concat(cast(GrantedAttempt.number, String)).label("key")
    rows = select(GrantedAttempt.granted_at, key, GrantedAttempt.quiz_id, GrantedAttempt.number)
    return Source(_named(rows.where(person.owns(GrantedAttempt)), GrantedAttempt.granted_by), event)


def _handed_in(person: _Person) -> Source:
    rows = select(Submission.handed_in_at, Submission.id, Submission.task_id).where(person.owns(Submission))
    return Source(rows, lambda at, task_id: Event(EventKind.HANDED_IN, at, person.task(task_id)))


def _returned(person: _Person) -> Source:
    def event(at: datetime, task_id: str, note: str, by: str | None) -> Event:
        return Event(EventKind.RETURNED, at, person.task(task_id), by=by, text=note)

    rows = select(Submission.decided_at, Submission.id, Submission.task_id, Submission.note).where(
        person.owns(Submission), Submission.state == PracticeState.RETURNED
    )
    return Source(_named(rows, Submission.decided_by), event)


def _confirmed(person: _Person) -> Source:
    def event(at: datetime, task_id: str, by: str | None) -> Event:
        return Event(EventKind.CONFIRMED, at, person.task(task_id), by=by)

    rows = (
        select(PracticeRecord.confirmed_at, PracticeRecord.task_id.label("key"), PracticeRecord.task_id)
        .outerjoin(
            Submission,
            person.owns(Submission)
            & (Submission.task_id == PracticeRecord.task_id)
            & (Submission.state == PracticeState.CONFIRMED),
        )
        .where(person.owns(PracticeRecord))
    )
    return Source(_named(rows, Submission.decided_by), event)


def _issued(person: _Person) -> Source:
    rows = select(Certificate.issued_at, Certificate.id, Certificate.course_title).where(person.owns(Certificate))
    return Source(rows, lambda at, title: Event(EventKind.ISSUED, at, title))


def _revoked(person: _Person) -> Source:
    def event(at: datetime, title: str, reason: str, by: str | None) -> Event:
        return Event(EventKind.REVOKED, at, title, by=by, text=reason)

    rows = select(Certificate.revoked_at, Certificate.id, Certificate.course_title, Certificate.revoked_reason).where(
        person.owns(Certificate), Certificate.revoked_at.is_not(None)
    )
    return Source(_named(rows, Certificate.revoked_by), event)


def _noted(person: _Person) -> Source:
    rows = select(Note.written_at, Note.id, Note.text).where(person.owns(Note))
    return Source(_named(rows, Note.written_by), lambda at, text, by: Event(EventKind.NOTED, at, by=by, text=text))


def _reminded(person: _Person) -> Source:
    """By a trainer or by itself; the weekly summary of a trainer reminds of nothing."""
    rows = select(Reminder.sent_at, cast(Reminder.day, String).label("key")).where(
        person.owns(Reminder), Reminder.kind != ReminderKind.DIGEST
    )
    return Source(_named(rows, Reminder.sent_by), lambda at, by: Event(EventKind.REMINDED, at, by=by))
