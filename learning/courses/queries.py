"""What the pages of the reader show."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import bindparam, select

from learning.content.model import Catalogue, Course, Lesson, Module, PracticeTask, Quiz, Source, Term
from learning.courses.completion import CourseProgress, course_progress, steps_of
from learning.courses.models import Enrolment, LessonProgress, StepKind
from learning.courses.practice_records import practice_confirmed
from learning.errors import NotFound
from learning.extensions import db
from learning.web.identity import Member


class Standing(Protocol):
    """How a person stands in a quiz; the quizzes feature provides it."""

    @property
    def user_id(self) -> str: ...
    @property
    def quiz_id(self) -> str: ...
    @property
    def attempts(self) -> int: ...
    @property
    def best_percent(self) -> float: ...
    @property
    def passed(self) -> bool: ...


#: (organization id, user ids or None for all, quiz ids or None for all) -> standings
Standings = Callable[[str, Sequence[str] | None, Sequence[str] | None], Sequence[Standing]]


@dataclass(frozen=True, slots=True)
class Learner:
    """What one person has done so far, over all courses."""

    read: frozenset[str]
    #: Best result of each quiz that was tried.
    standings: dict[str, Standing]
    courses: frozenset[str]
    #: Ids of the practice tasks that were confirmed.
    confirmed: frozenset[str] = frozenset()

    @property
    def passed(self) -> Set[str]:
        """Ids of the quizzes passed."""
        return {quiz_id for quiz_id, standing in self.standings.items() if standing.passed}


NOBODY = Learner(frozenset(), {}, frozenset())


@dataclass(frozen=True, slots=True)
class CourseCard:
    """A course in the list."""

    course: Course
    minutes: int
    progress: CourseProgress
    enrolled: bool


@dataclass(frozen=True, slots=True)
class LessonRow:
    """A lesson in the list of a course."""

    lesson: Lesson
    read: bool
    is_next: bool


@dataclass(frozen=True, slots=True)
class QuizRow:
    """A quiz in the list of a course."""

    quiz: Quiz
    standing: Standing | None
    is_next: bool


@dataclass(frozen=True, slots=True)
class PracticeRow:
    """A task that must be confirmed, in the list of a course."""

    task: PracticeTask
    lesson: Lesson
    confirmed: bool
    is_next: bool


@dataclass(frozen=True, slots=True)
class ModuleSection:
    """A module on the page of a course."""

    module: Module
    minutes: int
    lessons: tuple[LessonRow, ...]
    quiz: QuizRow | None


@dataclass(frozen=True, slots=True)
class CoursePage:
    """A course with everything in it."""

    course: Course
    minutes: int
    progress: CourseProgress
    enrolled: bool
    sections: tuple[ModuleSection, ...]
    #: The quiz over all of it.
    final: QuizRow | None
    #: What must be tried at work and confirmed; empty where sign-offs are optional.
    practice: tuple[PracticeRow, ...]


@dataclass(frozen=True, slots=True)
class LessonPage:
    """A lesson in its course."""

    course: Course
    module: Module
    lesson: Lesson
    #: Place in the course, from 1, and number of lessons.
    position: int
    count: int
    sources: tuple[Source, ...]
    terms: tuple[Term, ...]
    previous: Lesson | None
    next: Lesson | None
    #: The module's quiz, on the last lesson of the module.
    quiz: Quiz | None
    read: bool


def load_learner(member: Member | None, standings: Standings) -> Learner:
    """Four queries: lessons read, quizzes tried, courses enrolled in, practice confirmed. A stranger has done nothing."""
    if member is None:
        return NOBODY
    mine = standings(member.organization_id, [member.user_id], None)
    tried = {standing.quiz_id: standing for standing in mine}
    confirmed = practice_confirmed(db.session(), member.organization_id, [member.user_id])[member.user_id]
    return Learner(lessons_read(member), tried, enrolled_courses(member), frozenset(confirmed))


_LESSONS_READ = select(LessonProgress.lesson_id).where(
    LessonProgress.organization_id == bindparam("organization_id"), LessonProgress.user_id == bindparam("user_id")
)


def lessons_read(member: Member) -> frozenset[str]:
    """Ids of the lessons that a person has read."""
    mine = {"organization_id": member.organization_id, "user_id": member.user_id}
    return frozenset(db.session.connection().scalars(_LESSONS_READ, mine))


def enrolled_courses(member: Member) -> frozenset[str]:
    """Ids of the courses that a person is enrolled in."""
    return frozenset(
        db.session.scalars(
            select(Enrolment.course_id).where(
                Enrolment.organization_id == member.organization_id, Enrolment.user_id == member.user_id
            )
        )
    )


def _minutes(catalogue: Catalogue, lesson_ids: Sequence[str]) -> int:
    return sum(catalogue.lessons[lesson_id].minutes for lesson_id in lesson_ids)


def course_cards(catalogue: Catalogue, learner: Learner) -> list[CourseCard]:
    """All courses, those the person is enrolled in first."""
    cards = [
        CourseCard(
            course,
            _minutes(catalogue, course.lesson_ids),
            course_progress(course, learner.read, learner.passed, learner.confirmed),
            course.id in learner.courses,
        )
        for course in catalogue.courses.values()
    ]
    return sorted(cards, key=lambda card: not card.enrolled)


def course_page(catalogue: Catalogue, course_id: str, learner: Learner) -> CoursePage:
    """Raises NotFound for an unknown course."""
    course = catalogue.courses.get(course_id)
    if course is None:
        raise NotFound
    progress = course_progress(course, learner.read, learner.passed, learner.confirmed)
    upcoming = progress.next_step.id if progress.next_step else None
    sections = []
    for part in course.modules:
        rows = tuple(
            LessonRow(catalogue.lessons[lesson_id], lesson_id in learner.read, lesson_id == upcoming)
            for lesson_id in part.lesson_ids
        )
        quiz = _quiz_row(catalogue, part.quiz_id, learner, upcoming)
        sections.append(
            ModuleSection(catalogue.modules[part.module_id], _minutes(catalogue, part.lesson_ids), rows, quiz)
        )
    return CoursePage(
        course,
        _minutes(catalogue, course.lesson_ids),
        progress,
        course.id in learner.courses,
        tuple(sections),
        _quiz_row(catalogue, course.final_quiz_id, learner, upcoming),
        _practice_rows(catalogue, course, learner, upcoming),
    )


def _practice_rows(
    catalogue: Catalogue, course: Course, learner: Learner, upcoming: str | None
) -> tuple[PracticeRow, ...]:
    lessons = [catalogue.lessons[lesson_id] for lesson_id in course.lesson_ids] if course.practice_ids else []
    return tuple(
        PracticeRow(each.practice, each, each.practice.id in learner.confirmed, each.practice.id == upcoming)
        for each in lessons
        if each.practice
    )


def _quiz_row(catalogue: Catalogue, quiz_id: str | None, learner: Learner, upcoming: str | None) -> QuizRow | None:
    if quiz_id is None:
        return None
    return QuizRow(catalogue.quizzes[quiz_id], learner.standings.get(quiz_id), quiz_id == upcoming)


def lesson_page(
    catalogue: Catalogue, course_id: str, module_id: str, lesson_id: str, read: frozenset[str]
) -> LessonPage:
    """Raises NotFound unless the course lists the lesson under that module."""
    course = catalogue.courses.get(course_id)
    lesson = catalogue.lessons.get(lesson_id)
    if course is None or lesson is None or lesson.module_id != module_id or lesson_id not in course.lesson_ids:
        raise NotFound
    steps = steps_of(course)
    place = next(number for number, step in enumerate(steps) if step.id == lesson_id)
    after = steps[place + 1] if place + 1 < len(steps) else None
    order = course.lesson_ids
    position = order.index(lesson_id)
    return LessonPage(
        course=course,
        module=catalogue.modules[module_id],
        lesson=lesson,
        position=position + 1,
        count=len(order),
        sources=tuple(catalogue.sources[source_id] for source_id in lesson.sources),
        terms=tuple(catalogue.terms[term_id] for term_id in lesson.terms),
        previous=catalogue.lessons[order[position - 1]] if position else None,
        next=catalogue.lessons[order[position + 1]] if position + 1 < len(order) else None,
        quiz=catalogue.quizzes[after.id] if after and after.kind is StepKind.QUIZ else None,
        read=lesson_id in read,
    )


def course_with_lesson(catalogue: Catalogue, lesson_id: str, enrolled: Set[str]) -> Course:
    """The course to read a lesson in: one the person is enrolled in, else the first. Raises NotFound."""
    listing = [course for course in catalogue.courses.values() if lesson_id in course.lesson_ids]
    if not listing:
        raise NotFound
    return next((course for course in listing if course.id in enrolled), listing[0])


@dataclass(frozen=True, slots=True)
class GlossaryEntry:
    """A term with the lessons that use it."""

    term: Term
    lessons: tuple[Lesson, ...]


def glossary(catalogue: Catalogue) -> list[tuple[str, list[GlossaryEntry]]]:
    """The terms under their first letters, in alphabetical order."""
    using: dict[str, list[Lesson]] = {}
    for lesson in catalogue.lessons.values():
        for term_id in lesson.terms:
            using.setdefault(term_id, []).append(lesson)
    groups: dict[str, list[GlossaryEntry]] = {}
    for term in sorted(catalogue.terms.values(), key=lambda term: term.term.casefold()):
        letter = term.term[0].upper()
        groups.setdefault(letter if letter.isalpha() else "0-9", []).append(
            GlossaryEntry(term, tuple(using.get(term.id, ())))
        )
    return sorted(groups.items())
