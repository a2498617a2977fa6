"""Tasks of lessons that ask for a sign-off, and courses that require it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from learning.content.catalogue import Loaded
from learning.content.course_versions import course_version
from learning.content.model import PracticeTask
from tests.content.builders import BODY, lesson, replaced, write

Load = Callable[[Path], Loaded]
LESSON = "modules/01-why/02-start.md"
COURSE = "courses/employee-path.yaml"
TASK = """
!!! try "Try it at work" {#m01-l2-try sign-off}
    Walk for **15 minutes** and look for [[rinse|rinses]].

    1. Write a line for each loss.
    2. Take a photo of the label.

## Afterwards

Talk about it.
"""


def _add(content: Path, text: str, file: str = LESSON) -> int:
    """Put a text at the end of a file; the line on which it starts."""
    before = (content / file).read_text(encoding="utf-8")
    write(content, file, before + text)
    return before.count("\n") + 1


def test_a_task_that_asks_for_a_sign_off_is_known_by_its_id_title_and_text(content: Path, load: Load) -> None:
    _add(content, TASK)
    loaded = load(content)
    assert loaded.problems == ()
    assert loaded.catalogue is not None
    found = loaded.catalogue.lessons["m01-l2"]
    assert found.practice == PracticeTask(
        "m01-l2-try",
        "Try it at work",
        "Walk for 15 minutes and look for rinses.\nWrite a line for each loss.\nTake a photo of the label.",
    )
    assert "sign-off" not in found.html
    assert '<aside class="admonition try"><p class="admonition-title">Try it at work</p>' in found.html.replace(
        "\n", ""
    )


def test_a_task_without_attributes_asks_for_nothing(content: Path, load: Load) -> None:
    _add(content, '\n!!! try "Try it at work"\n    Walk.\n')
    catalogue = load(content).catalogue
    assert catalogue is not None
    assert catalogue.lessons["m01-l2"].practice is None


@pytest.mark.parametrize(
    ("box", "says"),
    [
        ('!!! try "At work" {sign-off}', "with one id"),
        ('!!! try "At work" {#a-task}', "without saying so once"),
        ('!!! try "At work" {#a-task #b-task sign-off}', "with one id"),
        ('!!! try "At work" {#A_Task sign-off}', "lower-case letters"),
        ('!!! try "At work" {#a-task signoff}', "unknown attribute `signoff`"),
        ('!!! note "Remember" {#a-task sign-off}', "no task"),
        ('!!! try "" {#a-task sign-off}', "without a title"),
        ("!!! try At work {#a-task sign-off}", "is not a box"),
        ('!!! try "At work" {#m01-l2 sign-off}', "repeats the id `m01-l2`"),
    ],
)
def test_a_mistake_is_named_with_its_line(content: Path, load: Load, box: str, says: str) -> None:
    line = _add(content, f"\n{box}\n    Walk.\n") + 1
    problems = load(content).problems
    assert [each.line for each in problems if says in each.message] == [line], problems


def test_a_second_sign_off_in_a_lesson_and_one_inside_something_else_are_refused(content: Path, load: Load) -> None:
    body = (
        '!!! try "At work" {#a-task sign-off}\n    Walk.\n\n!!! try "More" {#b-task sign-off}\n    Run.\n\n'
        '- A list\n\n    !!! try "Deep" {#c-task sign-off}\n        Sit.'
    )
    write(content, LESSON, lesson(body).replace("m01-l1", "m01-l2"))
    problems = [(each.line, each.message) for each in load(content).problems if each.file.endswith("02-start.md")]
    assert [line for line, _ in problems] == [BODY + 3, BODY + 8], problems
    assert "second sign-off" in problems[0][1]
    assert "at the margin" in problems[1][1]


def test_a_course_says_whether_sign_offs_count(content: Path, load: Load) -> None:
    _add(content, TASK)
    replaced(content, COURSE, "    lessons: [m01-l1]\n", "")
    versions = []
    for entry, ids in (("", ()), ("sign_offs: optional\n", ()), ("sign_offs: required\n", ("m01-l2-try",))):
        text = (content / COURSE).read_text(encoding="utf-8")
        write(content, COURSE, text + entry)
        loaded = load(content)
        assert loaded.problems == ()
        assert loaded.catalogue is not None
        course = loaded.catalogue.courses["employee-path"]
        assert course.practice_ids == ids
        versions.append(course_version(loaded.catalogue, course))
        write(content, COURSE, text)
    assert versions[0] == versions[1] != versions[2]


@pytest.mark.parametrize(
    ("entry", "says"),
    [("sign_offs: yes\n", ""), ("sign_offs: required\n", "no lesson of it asks for one")],
)
def test_a_course_that_requires_what_nobody_asks_for_is_refused(
    content: Path, load: Load, entry: str, says: str
) -> None:
    line = _add(content, entry, COURSE)
    problems = load(content).problems
    assert [(each.file, each.line) for each in problems] == [(f"content/{COURSE}", line)], problems
    assert says in problems[0].message
