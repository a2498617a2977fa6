"""The one thing to do next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from learning.content.model import Catalogue, Course, Lesson, Quiz
from learning.courses.models import StepKind
from learning.courses.queries import CourseCard


@dataclass(frozen=True, slots=True)
class NextStep:
    """A lesson, a quiz or a task at work, in the course it comes from. Exactly one of the three is set."""

    course: Course
    lesson: Lesson | None
    quiz: Quiz | None
    #: The lesson whose task is to be tried and handed in.
    practice: Lesson | None
    #: Nothing of the course is done yet.
    first: bool


def next_step(catalogue: Catalogue, cards: Sequence[CourseCard]) -> NextStep | None:
    """The next step of the first unfinished course the person is enrolled in; else of the first course.

    None when everything is done.
    """
    unfinished = [card for card in cards if card.progress.next_step]
    for card in [*(card for card in unfinished if card.enrolled), *unfinished]:
        step = card.progress.next_step
        assert step is not None
        return NextStep(
            course=card.course,
            lesson=catalogue.lessons[step.id] if step.kind is StepKind.LESSON else None,
            quiz=catalogue.quizzes[step.id] if step.kind is StepKind.QUIZ else None,
            practice=catalogue.lesson_with_task(step.id) if step.kind is StepKind.PRACTICE else None,
            first=card.progress.done == 0,
        )
    return None
