"""What the record of a cohort lists besides courses: what was tried at work, and who was given more time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from learning.accounts.models import User
from learning.content.model import Catalogue, Course
from learning.extensions import db
from learning.practice.sign_offs import SignOff
from learning.teaching.assigned_content import title_of
from learning.teaching.assignments import Thing
from learning.teaching.groups import Group
from learning.teaching.matrix_people import Listed
from learning.teaching.models import Assignment, Extension


@dataclass(frozen=True, slots=True)
class SignOffLine:
    """One person and one practice task."""

    name: str
    task_id: str
    #: Whether a course of the record requires it.
    required: bool
    #: None: nothing is handed in.
    found: SignOff | None


@dataclass(frozen=True, slots=True)
class ExtensionLine:
    """More time that somebody was given."""

    name: str
    title: str
    #: Of everybody else.
    due_on: date
    extended_to: date
    #: None once there is no account of theirs.
    granted_by: str | None
    granted_at: datetime


def sign_off_lines(
    people: Sequence[Listed],
    courses: Sequence[Course],
    catalogue: Catalogue,
    practice: Mapping[str, Mapping[str, SignOff]],
) -> tuple[SignOffLine, ...]:
    """Person by person: every task that a course requires, and of the others of its lessons what was handed in."""
    required = {task for course in courses for task in course.practice_ids}
    lessons = dict.fromkeys(lesson for course in courses for lesson in course.lesson_ids)
    offered = [catalogue.lessons[lesson].practice for lesson in lessons]
    tasks = dict.fromkeys([*(task.id for task in offered if task), *sorted(required)])
    return tuple(
        SignOffLine(person.name, task, task in required, practice.get(person.user_id, {}).get(task))
        for person in people
        for task in tasks
        if task in required or task in practice.get(person.user_id, {})
    )


def extension_lines(group: Group, names: Mapping[str, str], catalogue: Catalogue) -> tuple[ExtensionLine, ...]:
    """What people of the cohort were given, by name. ``names``: of everybody in it, by id. One query."""
    rows = db.session.execute(
        select(
            Extension.user_id,
            Assignment.kind,
            Assignment.content_id,
            Assignment.due_on,
            Extension.due_on,
            User.name,
            Extension.granted_at,
        )
        .join(
            Assignment,
            (Assignment.organization_id == Extension.organization_id) & (Assignment.id == Extension.assignment_id),
        )
        .outerjoin(User, User.id == Extension.granted_by)
        .where(
            Extension.organization_id == group.organization_id,
            Assignment.cohort_id == group.cohort_id,
            Assignment.ended_at.is_(None),
        )
        .order_by(Assignment.due_on, Extension.due_on)
    )
    lines = [
        ExtensionLine(
            names[user_id],
            title_of(catalogue, Thing(kind, content_id)) or content_id,
            due_on,
            extended_to,
            granted_by,
            granted_at,
        )
        for user_id, kind, content_id, due_on, extended_to, granted_by, granted_at in rows
        if user_id in names
    ]
    return tuple(sorted(lines, key=lambda line: line.name))
