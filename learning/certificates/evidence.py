"""What people have done towards a certificate. Sets of people at once: a constant number of queries for a course."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from learning.accounts.models import Membership
from learning.certificates.models import Certificate
from learning.certificates.rules import RENEWABLE, Done, Last, earned_after
from learning.content.model import Course
from learning.courses.models import LessonProgress
from learning.courses.practice_records import practice_confirmed
from learning.quizzes.models import Attempt, Grading

#: People whose evidence is read in one query.
BLOCK = 400


def passes(organization_id: str, quiz_ids: Sequence[str]) -> Select[str, str, datetime | None]:
    """Person, quiz, and when they last handed in an attempt that passes by its latest grading.

    What has a grading was handed in. Asking for the state too would lead SQLite, for one person, to an index by quiz.
    """
    other = aliased(Grading)
    latest = (
        select(func.max(other.number))
        .where(other.organization_id == organization_id, other.attempt_id == Attempt.id)
        .scalar_subquery()
    )
    return (
        select(Attempt.user_id, Attempt.quiz_id, func.max(Attempt.submitted_at))
        .join(Grading, (Grading.organization_id == Attempt.organization_id) & (Grading.attempt_id == Attempt.id))
        .where(
            Attempt.organization_id == organization_id,
            Attempt.quiz_id.in_(quiz_ids),
            Grading.passed,
            Grading.number == latest,
        )
        .group_by(Attempt.user_id, Attempt.quiz_id)
    )


def candidates(
    session: Session,
    organization_id: str,
    course: Course,
    today: date,
    refreshed: Mapping[str, datetime],
    user_id: str | None,
) -> dict[str, Last | None]:
    """People who may be due a certificate, with their last one: all who passed the last quiz and have none that holds
    for longer, and those who passed since a refresh opened. Two queries.

    ``refreshed``: person -> when the refresh of the course opened for them; ``user_id``: ask for this person only.
    """
    settled = exists().where(
        Certificate.organization_id == organization_id,
        Certificate.course_id == course.id,
        Certificate.user_id == Attempt.user_id,
        Certificate.revoked_at.is_(None),
        Certificate.replaced_at.is_(None),
        _holds(today, refreshed.values()),
    )
    member = exists().where(
        Membership.organization_id == organization_id,
        Membership.user_id == Attempt.user_id,
        Membership.left_at.is_(None),
    )
    asked = passes(organization_id, course.quiz_ids[-1:]).where(~settled, member)
    if user_id is not None:
        asked = asked.where(Attempt.user_id == user_id)
    found = {person: passed_at for person, _, passed_at in session.execute(asked) if passed_at}
    if not found:
        return {}
    last = _last(session, organization_id, course.id, user_id)
    last |= {person: replace(last[person], refresh_opened=refreshed[person]) for person in last.keys() & refreshed}
    return {person: last.get(person) for person, passed_at in found.items() if _anew(passed_at, last.get(person))}


def _holds(today: date, opened: Collection[datetime]) -> ColumnElement[bool]:
    """Whether a living certificate leaves nothing to be renewed by an attempt. ``opened``: when refreshes opened."""
    last_day = Certificate.valid_until
    long = last_day > today + RENEWABLE
    if opened:
        long &= or_(
            Attempt.submitted_at < min(opened),
            Certificate.issued_at >= Attempt.submitted_at,
            Certificate.issued_at >= max(opened),
        )
    return or_(last_day.is_(None), long)


def _anew(passed_at: datetime, last: Last | None) -> bool:
    """Whether a pass is new to somebody's last certificate: else nothing more needs to be asked about them."""
    since = earned_after(last) if last else None
    return last is None or (since is not None and passed_at > since)


def _last(session: Session, organization_id: str, course_id: str, user_id: str | None) -> dict[str, Last]:
    query = (
        select(
            Certificate.user_id,
            Certificate.round,
            Certificate.issued_at,
            Certificate.valid_until,
            Certificate.revoked_at,
        )
        .where(Certificate.organization_id == organization_id, Certificate.course_id == course_id)
        .order_by(Certificate.round)
    )
    if user_id is not None:
        query = query.where(Certificate.user_id == user_id)
    return {row.user_id: Last(*row[1:]) for row in session.execute(query)}


def done_by(session: Session, organization_id: str, course: Course, people: Collection[str]) -> dict[str, Done]:
    """What these people have done of a course. Two queries for each block of people, three where practice counts."""
    found: dict[str, Done] = {}
    for block in blocks(people):
        read: defaultdict[str, dict[str, datetime]] = defaultdict(dict)
        passed: defaultdict[str, dict[str, datetime]] = defaultdict(dict)
        versions: defaultdict[str, dict[str, str]] = defaultdict(dict)
        lessons = select(
            LessonProgress.user_id, LessonProgress.lesson_id, LessonProgress.completed_at, LessonProgress.lesson_hash
        ).where(
            LessonProgress.organization_id == organization_id,
            LessonProgress.user_id.in_(block),
            LessonProgress.lesson_id.in_(course.lesson_ids),
        )
        for person, lesson_id, moment, version in session.execute(lessons):
            read[person][lesson_id] = moment
            versions[person][lesson_id] = version
        quizzes = passes(organization_id, course.quiz_ids).where(Attempt.user_id.in_(block))
        for person, quiz_id, submitted in session.execute(quizzes):
            if submitted:
                passed[person][quiz_id] = submitted
        tasks = course.practice_ids
        confirmed = practice_confirmed(session, organization_id, block, tasks) if tasks else defaultdict(dict)
        found |= {person: Done(read[person], passed[person], confirmed[person], versions[person]) for person in block}
    return found


def blocks(people: Collection[str]) -> Iterator[list[str]]:
    """The people in blocks that fit one query."""
    everybody = list(people)
    for start in range(0, len(everybody), BLOCK):
        yield everybody[start : start + BLOCK]
