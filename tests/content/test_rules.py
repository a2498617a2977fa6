"""The rules of a quiz in its front matter, and the final quiz of a course."""

from __future__ import annotations

from pathlib import Path

import pytest

from learning.content.catalogue import load_catalogue
from learning.content.model import Draw
from learning.courses.completion import course_progress, steps_of
from learning.courses.models import StepKind
from tests.content.builders import COURSE, replaced, write, write_content

PATH = "modules/01-why/quiz.md"
FINAL = "final: {id: path-final, title: All of it, pass_mark: 70, draw_per_module: 2, time_limit: 20}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The small folder; two of its questions name an objective of its first lesson."""
    folder = write_content(tmp_path)
    replaced(folder, PATH, "#m01-q2 type=multiple", "#m01-q2 type=multiple objective=m01-l1.1")
    replaced(folder, PATH, "#m01-q4 type=numeric", "#m01-q4 type=numeric objective=m01-l1.1")
    return folder


def front(folder: Path, *lines: str) -> None:
    replaced(folder, PATH, "pass_mark: 60\n", "pass_mark: 60\n" + "".join(f"{line}\n" for line in lines))


def test_rules_are_read(folder: Path) -> None:
    front(
        folder,
        "time_limit: 20",
        "pause: 60",
        "draw_per_lesson: {m01-l1: 2}",
        "feedback: immediate",
        "retry_penalty: 30",
        "one_at_a_time: true",
        "certainty: true",
        "review: [explanation, marks]",
    )
    loaded = load_catalogue(folder)
    assert not loaded.problems
    quiz = loaded.catalogue.quizzes["m01-quiz"]
    rules = quiz.rules
    assert (rules.time_limit, rules.pause, rules.feedback, rules.retry_penalty) == (20, 60, "immediate", 30)
    assert (rules.one_at_a_time, rules.certainty, rules.review) == (True, True, ("marks", "explanation"))
    assert (rules.draw, quiz.asked) == ((Draw(2, ("m01-l1",)),), 2)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("retry_penalty: 30", "has a `retry_penalty` without a second try"),
        ("draw: 9", "draws 9 of 8 questions"),
        ("draw_per_lesson: {m01-l1: 3}", "draws 3 questions about `m01-l1`, and 2 name an objective of it first"),
        ("feedback: never", "feedback"),
        ("time_limit: -1", "time_limit"),
        ("review: [key, answers]", "review"),
    ],
)
def test_a_rule_that_cannot_hold_is_named_with_its_line(folder: Path, line: str, fault: str) -> None:
    front(folder, line)
    (problem,) = load_catalogue(folder).problems
    assert fault in problem.message
    assert problem.line == 5


def test_two_ways_to_draw_are_one_too_many(folder: Path) -> None:
    front(folder, "draw: 2", "draw_per_lesson: {m01-l1: 2}")
    assert "draws twice" in load_catalogue(folder).problems[0].message


def test_a_final_quiz_draws_what_the_lessons_of_the_course_teach(folder: Path) -> None:
    write(folder, "courses/employee-path.yaml", COURSE + FINAL)
    loaded = load_catalogue(folder)
    assert not loaded.problems, "\n".join(map(str, loaded.problems))
    course, final = loaded.catalogue.courses["employee-path"], loaded.catalogue.quizzes["path-final"]
    assert [question.id for question in final.questions] == ["m01-q2", "m01-q4"]
    assert (final.module_id, final.asked, final.rules.time_limit) == (None, 2, 20)
    assert course.quiz_ids == ("m01-quiz", "path-final")
    assert (steps_of(course)[-1].kind, steps_of(course)[-1].id) == (StepKind.QUIZ, "path-final")
    assert not course_progress(course, {"m01-l1"}, {"m01-quiz"}).complete
    assert course_progress(course, {"m01-l1"}, {"m01-quiz", "path-final"}).complete


def test_a_final_quiz_changes_its_hash_with_what_it_draws_from(folder: Path) -> None:
    write(folder, "courses/employee-path.yaml", COURSE + FINAL)
    before = load_catalogue(folder).catalogue.quizzes["path-final"].hash
    replaced(folder, PATH, "- [x] Energy", "- [x] Electricity")
    assert load_catalogue(folder).catalogue.quizzes["path-final"].hash != before


def test_a_final_quiz_without_enough_questions_is_named(folder: Path) -> None:
    write(folder, "courses/employee-path.yaml", COURSE + FINAL.replace("draw_per_module: 2", "draw_per_module: 3"))
    (problem,) = load_catalogue(folder).problems
    assert "draws 3 questions of `m01`, and 2 name an objective" in problem.message
    assert problem.file.endswith("courses/employee-path.yaml")


def test_the_id_of_a_final_quiz_is_taken_once(folder: Path) -> None:
    write(folder, "courses/employee-path.yaml", COURSE + FINAL.replace("path-final", "m01-quiz"))
    assert any("repeats the id `m01-quiz`" in problem.message for problem in load_catalogue(folder).problems)
