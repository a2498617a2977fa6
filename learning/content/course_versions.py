"""Tells one version of a course from another: what is read and asked in it, or what one person read of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from learning.content.model import Catalogue, Course


def course_version(catalogue: Catalogue, course: Course) -> str:
    """SHA-256 over the title of a course and the hashes of its lessons and quizzes, in their order, and the sign-offs required."""
    lines = [course.id, course.title]
    lines += [f"lesson {each} {catalogue.lessons[each].hash}" for each in course.lesson_ids]
    lines += [f"quiz {each} {catalogue.quizzes[each].hash}" for each in course.quiz_ids]
    lines += [f"practice {each}" for each in course.practice_ids]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def version_read(course: Course, read: Mapping[str, str]) -> str | None:
    """SHA-256 over the versions of all lessons of a course as one person read them; None before all are read.

    ``read``: id of a lesson -> the hash of what was read. Whoever read the same texts has the same sum.
    """
    if not course.lesson_ids or not all(lesson in read for lesson in course.lesson_ids):
        return None
    lines = [f"{lesson} {read[lesson]}" for lesson in course.lesson_ids]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
