"""The lessons that a result may recommend and that help with a measure, with their addresses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for

from learning.ballots.service import LessonLink
from learning.content.model import Catalogue


@dataclass(frozen=True, slots=True)
class LessonInCourse:
    """A lesson that helps with a measure, and the course with which a trainer gives it to people."""

    id: str
    title: str
    address: str
    course: str
    course_address: str


def lesson_in_course(catalogue: Catalogue, lesson_id: str | None, course_ids: Sequence[str]) -> LessonInCourse | None:
    """A lesson in a chosen course, else in the first that has it; None where there is neither."""
    chosen = [catalogue.courses[each] for each in course_ids if each in catalogue.courses]
    for course in (*chosen, *catalogue.courses.values()):
        for part in course.modules:
            if lesson_id in part.lesson_ids:
                return LessonInCourse(
                    id=lesson_id,
                    title=catalogue.lessons[lesson_id].title,
                    address=url_for(
                        "courses.lesson", course_id=course.id, module_id=part.module_id, lesson_id=lesson_id
                    ),
                    course=course.title,
                    course_address=url_for("courses.course", course_id=course.id),
                )
    return None


def lesson_links(catalogue: Catalogue, course_ids: Sequence[str]) -> tuple[LessonLink, ...]:
    """Every lesson of the courses in reading order; first those of the chosen courses, without any all of them."""
    chosen = [catalogue.courses[each] for each in course_ids if each in catalogue.courses]
    links: dict[str, LessonLink] = {}
    for course in chosen or catalogue.courses.values():
        for part in course.modules:
            for lesson_id in part.lesson_ids:
                if lesson_id not in links:
                    address = url_for(
                        "courses.lesson", course_id=course.id, module_id=part.module_id, lesson_id=lesson_id
                    )
                    links[lesson_id] = LessonLink(lesson_id, catalogue.lessons[lesson_id].title, address)
    return tuple(links.values())
