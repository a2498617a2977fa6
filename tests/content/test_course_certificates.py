"""What a course file may say of its certificate, and how one version of a course is told from another."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from learning.content.catalogue import Loaded
from learning.content.course_versions import course_version
from learning.content.model import CertificateRules
from tests.content.builders import replaced, write

Load = Callable[[Path], Loaded]
FILE = "courses/employee-path.yaml"


def _add(content: Path, text: str, file: str = FILE) -> None:
    write(content, file, (content / file).read_text(encoding="utf-8") + text)


@pytest.mark.parametrize(
    ("entry", "rules"),
    [
        ("", None),
        ("certificate:\n  title: At work\n", CertificateRules("At work")),
        ("certificate:\n  title: At work\n  valid_months: 24\n", CertificateRules("At work", 24)),
    ],
)
def test_a_course_says_what_whoever_completes_it_is_given(
    content: Path, load: Load, entry: str, rules: CertificateRules | None
) -> None:
    _add(content, entry)
    loaded = load(content)
    assert loaded.problems == ()
    assert loaded.catalogue is not None
    assert loaded.catalogue.courses["employee-path"].certificate == rules


@pytest.mark.parametrize(
    ("entry", "line"),
    [
        ("certificate:\n  valid_months: 24\n", 9),
        ("certificate:\n  title: At work\n  valid_months: 0\n", 11),
        ("certificate:\n  title: At work\n  valid_months: 121\n", 11),
        ("certificate:\n  title: At work\n  valid_months: two years\n", 11),
        ("certificate:\n  title: At work\n  hours: 3\n", 11),
        ("certificate: yes\n", 9),
    ],
)
def test_a_mistake_in_it_is_named_with_its_line(content: Path, load: Load, entry: str, line: int) -> None:
    _add(content, entry)
    problems = load(content).problems
    assert [(each.file, each.line) for each in problems] == [(f"content/{FILE}", line)], problems


def test_a_certificate_without_any_quiz_is_refused_in_every_course_that_promises_one(content: Path, load: Load) -> None:
    replaced(content, FILE, "quiz: true", "quiz: false")
    other = "courses/other.yaml"
    write(content, other, (content / FILE).read_text(encoding="utf-8").replace("id: employee-path", "id: other"))
    for file in (FILE, other):
        _add(content, "certificate:\n  title: At work\n", file)
    problems = load(content).problems
    assert [(each.file, each.line) for each in problems] == [(f"content/{FILE}", 9), (f"content/{other}", 9)]
    assert "no quiz counts" in problems[0].message


def test_the_version_of_a_course_changes_with_what_is_taught_in_it_and_with_nothing_else(
    content: Path, load: Load
) -> None:
    def version() -> str:
        catalogue = load(content).catalogue
        assert catalogue is not None
        return course_version(catalogue, catalogue.courses["employee-path"])

    first = version()
    replaced(content, "modules/01-why/02-start.md", "Begin at the source", "Begin at the very source")
    assert version() == first, "the course does not list that lesson"
    replaced(content, "modules/01-why/01-gate.md", "Waste is bought first.", "Waste is bought.")
    second = version()
    assert second != first
    replaced(content, "modules/01-why/quiz.md", "Take your time.", "Take all your time.")
    assert version() not in {first, second}
