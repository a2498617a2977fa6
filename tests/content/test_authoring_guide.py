"""docs/authoring.md says what the pipeline does: its examples are read, its lists are ours."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from learning.content.context import Reply
from learning.content.headings import TYPES
from learning.content.scanner import ADMONITIONS
from learning.content.schemas import CourseFile, InstrumentFile, LessonFront, ModuleFile, QuizFront
from tests.content.builders import lesson

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "authoring.md").read_text(encoding="utf-8")
LESSON, CHECK, TASK, QUIZ = re.findall(r"```markdown\n(.*?)```", GUIDE, re.DOTALL)
MODULE, COURSE, *_, SELF_ASSESSMENT = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)


def test_the_examples_of_the_guide_are_right(read: Callable[..., Reply]) -> None:
    assert read(LESSON).problems == ()
    assert read(lesson(CHECK)).problems == ()
    task = read(lesson(TASK))
    assert task.problems == ()
    assert task.lesson is not None
    assert task.lesson.practice is not None
    assert read(QUIZ, kind="quiz").problems == ()
    assert read(MODULE, kind="module").problems == ()
    assert read(COURSE, kind="course").problems == ()
    assert read(SELF_ASSESSMENT, kind="instrument").problems == ()


def test_the_guide_lists_every_question_type() -> None:
    section = GUIDE.partition("| Type | Answer |")[2].partition("\n## ")[0]
    assert tuple(re.findall(r"^\| `([a-z-]+)` \|", section, re.MULTILINE)) == TYPES


def test_the_guide_names_every_box() -> None:
    assert all(f"`{kind}`" in GUIDE or f"!!! {kind} " in GUIDE for kind in ADMONITIONS)


@pytest.mark.parametrize("schema", [LessonFront, QuizFront, ModuleFile, CourseFile, InstrumentFile])
def test_the_guide_shows_every_key(schema: type) -> None:
    for name, field in schema.model_fields.items():  # type: ignore[attr-defined]
        assert re.search(rf"\b{field.alias or name}\b", GUIDE), name


def test_the_calculator_of_the_guide_is_right(read: Callable[..., Reply]) -> None:
    found = re.search(r"^````\n(```calculator\n.*?```)\n````$", GUIDE, re.DOTALL | re.MULTILINE)
    assert found
    assert read(lesson(found[1])).problems == ()
