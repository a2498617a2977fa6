"""What a person does in a course: enrol, open a lesson, and mark it as read."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from learning.content.model import Catalogue
from learning.courses.models import Enrolment, LessonOpening, LessonProgress, StepKind
from learning.courses.standings import keep_standings
from learning.database import insert_once, new_id, unit_of_work
from learning.errors import NotFound
from learning.web.identity import Member


def enrol(member: Member, course_id: str, catalogue: Catalogue, now: datetime) -> None:
    """Tie a person to a course; doing it twice changes nothing. Raises NotFound for an unknown course."""
    if course_id not in catalogue.courses:
        raise NotFound
    with unit_of_work() as session:
        _enrol(session, member, course_id, now)


def _enrol(session: Session, member: Member, course_id: str, now: datetime) -> None:
    insert_once(
        session,
        Enrolment,
        id=new_id(),
        organization_id=member.organization_id,
        user_id=member.user_id,
        course_id=course_id,
        enrolled_at=now,
    )


def open_lesson(member: Member, lesson_id: str, furthest: int, catalogue: Catalogue, now: datetime) -> None:
    """Keep that a lesson was opened, the first time, and the furthest heading that came into view: it only grows.

    ``furthest``: 0 is the top; more than the lesson has counts as its end. Raises NotFound for an unknown lesson.
    """
    lesson = catalogue.lessons.get(lesson_id)
    if lesson is None:
        raise NotFound
    reached = min(max(furthest, 0), len(lesson.headings))
    with unit_of_work() as session:
        _open(session, member, lesson_id, reached, now)


def _open(session: Session, member: Member, lesson_id: str, reached: int, now: datetime) -> None:
    inserted = insert_once(
        session,
        LessonOpening,
        organization_id=member.organization_id,
        user_id=member.user_id,
        lesson_id=lesson_id,
        opened_at=now,
        furthest_heading=reached,
    )
    if not inserted:
        session.execute(
            update(LessonOpening)
            .where(
                LessonOpening.organization_id == member.organization_id,
                LessonOpening.user_id == member.user_id,
                LessonOpening.lesson_id == lesson_id,
                LessonOpening.furthest_heading < reached,
            )
            .values(furthest_heading=reached)
        )


def complete_lesson(member: Member, course_id: str, lesson_id: str, catalogue: Catalogue, now: datetime) -> None:
    """Mark a lesson as read, and enrol the person in the course they read it in. What is read counts as opened.

    Doing it twice keeps the first time. Raises NotFound if the course does not list the lesson.
    """
    course = catalogue.courses.get(course_id)
    if course is None or lesson_id not in course.lesson_ids:
        raise NotFound
    with unit_of_work() as session:
        _enrol(session, member, course_id, now)
        _open(session, member, lesson_id, 0, now)
        insert_once(
            session,
            LessonProgress,
            id=new_id(),
            organization_id=member.organization_id,
            user_id=member.user_id,
            lesson_id=lesson_id,
            completed_at=now,
            lesson_hash=catalogue.lessons[lesson_id].hash,
        )
        keep_standings(session, member.organization_id, member.user_id, StepKind.LESSON, lesson_id)


def unread_lesson(member: Member, lesson_id: str) -> None:
    """Take back the mark, for whoever pressed it by mistake."""
    with unit_of_work() as session:
        session.execute(
            delete(LessonProgress).where(
                LessonProgress.organization_id == member.organization_id,
                LessonProgress.user_id == member.user_id,
                LessonProgress.lesson_id == lesson_id,
            )
        )
        keep_standings(session, member.organization_id, member.user_id, StepKind.LESSON, lesson_id)
