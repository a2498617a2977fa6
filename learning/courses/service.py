"""What a person does in a course: enrol, and mark a lesson as read."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from learning.content.model import Catalogue
from learning.courses.models import Enrolment, LessonProgress
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


def complete_lesson(member: Member, course_id: str, lesson_id: str, catalogue: Catalogue, now: datetime) -> None:
    """Mark a lesson as read, and enrol the person in the course they read it in.

    Doing it twice keeps the first time. Raises NotFound if the course does not list the lesson.
    """
    course = catalogue.courses.get(course_id)
    if course is None or lesson_id not in course.lesson_ids:
        raise NotFound
    with unit_of_work() as session:
        _enrol(session, member, course_id, now)
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
