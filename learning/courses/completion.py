"""How far a person is in a course. Derived from what they read, passed and had confirmed, never typed in."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass

from learning.content.model import Course
from learning.courses.models import StepKind


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do in a course."""

    kind: StepKind
    id: str
    #: None for the final quiz of a course, and for practice.
    module_id: str | None


@dataclass(frozen=True, slots=True)
class CourseProgress:
    """How much of a course is done."""

    course_id: str
    lessons_read: int
    lessons: int
    quizzes_passed: int
    quizzes: int
    practice_confirmed: int
    #: Tasks that must be confirmed; none where sign-offs are optional.
    practice: int
    #: The first step that is not done; None when all are.
    next_step: Step | None

    @property
    def done(self) -> int:
        """Steps done."""
        return self.lessons_read + self.quizzes_passed + self.practice_confirmed

    @property
    def steps(self) -> int:
        """Steps in all."""
        return self.lessons + self.quizzes + self.practice

    @property
    def percent(self) -> int:
        """Share done, rounded down: 100 means all."""
        return 100 * self.done // self.steps if self.steps else 0

    @property
    def complete(self) -> bool:
        """Whether every lesson is read, every quiz is passed, and every sign-off that is required is there."""
        return self.steps > 0 and self.next_step is None


def steps_of(course: Course) -> list[Step]:
    """All steps of a course in order: each module's lessons, then its quiz; at the end the final quiz.

    Practice that must be confirmed comes last, since it waits for somebody else: nobody is held up by it.
    """
    steps = []
    for part in course.modules:
        steps += [Step(StepKind.LESSON, lesson, part.module_id) for lesson in part.lesson_ids]
        if part.quiz_id:
            steps.append(Step(StepKind.QUIZ, part.quiz_id, part.module_id))
    if course.final_quiz_id:
        steps.append(Step(StepKind.QUIZ, course.final_quiz_id, None))
    return steps + [Step(StepKind.PRACTICE, task, None) for task in course.practice_ids]


def course_progress(
    course: Course, read: Set[str], passed: Set[str], confirmed: Set[str] = frozenset()
) -> CourseProgress:
    """Progress from the ids of lessons read, quizzes passed and practice confirmed, in this course or in another."""
    done = {StepKind.LESSON: read, StepKind.QUIZ: passed, StepKind.PRACTICE: confirmed}
    return CourseProgress(
        course_id=course.id,
        lessons_read=sum(lesson in read for lesson in course.lesson_ids),
        lessons=len(course.lesson_ids),
        quizzes_passed=sum(quiz in passed for quiz in course.quiz_ids),
        quizzes=len(course.quiz_ids),
        practice_confirmed=sum(task in confirmed for task in course.practice_ids),
        practice=len(course.practice_ids),
        next_step=next((step for step in steps_of(course) if step.id not in done[step.kind]), None),
    )
