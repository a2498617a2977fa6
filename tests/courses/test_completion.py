"""How far somebody is in a course."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from learning.content.model import Course, CourseModule
from learning.courses.completion import course_progress, steps_of
from learning.courses.models import StepKind

COURSE = Course(
    id="c",
    title="Course",
    summary="",
    audience=("employee",),
    modules=(CourseModule("m1", ("l1", "l2"), "q1"), CourseModule("m2", ("l3",), None)),
)


def test_the_first_step_is_the_first_lesson() -> None:
    progress = course_progress(COURSE, set(), set())
    assert progress.next_step is not None
    assert (progress.next_step.kind, progress.next_step.id) == (StepKind.LESSON, "l1")
    assert (progress.percent, progress.complete) == (0, False)


def test_the_quiz_follows_the_lessons_of_its_module() -> None:
    progress = course_progress(COURSE, {"l1", "l2"}, set())
    assert progress.next_step is not None
    assert (progress.next_step.kind, progress.next_step.id) == (StepKind.QUIZ, "q1")
    assert progress.percent == 50


def test_what_was_skipped_is_the_next_step() -> None:
    progress = course_progress(COURSE, {"l2", "l3"}, {"q1"})
    assert progress.next_step is not None
    assert progress.next_step.id == "l1"
    assert not progress.complete


def test_a_course_is_complete_when_all_is_read_and_passed() -> None:
    progress = course_progress(COURSE, {"l1", "l2", "l3"}, {"q1"})
    assert (progress.percent, progress.complete, progress.next_step) == (100, True, None)


def test_lessons_of_other_courses_do_not_count() -> None:
    assert course_progress(COURSE, {"elsewhere"}, {"other"}).done == 0


@given(st.sets(st.sampled_from(["l1", "l2", "l3", "x"])), st.sets(st.sampled_from(["q1", "y"])))
def test_a_hundred_per_cent_means_complete_and_nothing_else_does(read: set[str], passed: set[str]) -> None:
    progress = course_progress(COURSE, read, passed)
    assert (progress.percent == 100) == progress.complete == (progress.done == progress.steps)


def test_practice_that_is_required_counts_and_comes_last() -> None:
    course = replace(COURSE, final_quiz_id="q9", practice_ids=("t1", "t2"))
    assert [step.id for step in steps_of(course)] == ["l1", "l2", "q1", "l3", "q9", "t1", "t2"]
    done = {"l1", "l2", "l3"}, {"q1", "q9"}
    progress = course_progress(course, *done, {"t1", "elsewhere"})
    assert progress.next_step is not None
    assert (progress.next_step.kind, progress.next_step.id) == (StepKind.PRACTICE, "t2")
    assert (progress.done, progress.steps, progress.percent, progress.complete) == (6, 7, 85, False)
    assert course_progress(course, *done, {"t1", "t2"}).complete
