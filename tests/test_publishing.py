"""The commands about content, as an author runs them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from tests.content.builders import replaced, write_content


@pytest.fixture
def content(tmp_path: Path) -> Path:
    return write_content(tmp_path / "draft")


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=["content", *words])


def test_a_check_shows_warnings_and_ends_well(app: Flask, content: Path) -> None:
    result = run(app, "check", str(content))
    assert result.exit_code == 0
    assert "content/modules/01-why/quiz.md:9: names no objective" in result.stderr
    assert "13 warnings." in result.stdout


def test_a_strict_check_ends_badly_with_a_warning(app: Flask, content: Path) -> None:
    assert run(app, "check", "--strict", str(content)).exit_code == 1


def test_the_course_of_the_site_passes_a_strict_check(app: Flask) -> None:
    result = run(app, "check", "--strict")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "No warnings." in result.stdout


def test_mistakes_are_told_before_anybody_speaks_of_style(app: Flask, content: Path) -> None:
    replaced(content, "modules/01-why/02-start.md", "[[material balance]]", "[[no such thing]]")
    result = run(app, "check", str(content))
    assert result.exit_code == 1
    assert "names the unknown term" in result.stderr
    assert "names no objective" not in result.output


def test_the_report_counts_a_folder(app: Flask, content: Path) -> None:
    result = run(app, "report", str(content))
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1].split()[:2] == ["all", "2"]
