"""The commands that bring questions in and take them out."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from learning import create_app
from learning.config import load_settings

GIFT = "::First tank::Which tank first?{=this#yes ~that ####because}\n\n::Second::Is it wet?{TRUE####so}\n"


@pytest.fixture
def program(tmp_path: Path, published: Path) -> Flask:
    data = tmp_path / "data"
    data.mkdir()
    (data / "content").symlink_to(published)
    return create_app(load_settings(data=data, secret_key="k" * 40))


def run(program: Flask, *arguments: object) -> Result:
    return program.test_cli_runner().invoke(args=["questions", *map(str, arguments)])


def bring(program: Flask, tmp_path: Path, gift: str | bytes, *more: str, into: str = "water.md") -> Result:
    file = tmp_path / "in.gift"
    file.write_bytes(gift if isinstance(gift, bytes) else gift.encode())
    return run(program, "import", file, "--into", tmp_path / into, *more)


def test_a_new_quiz_file_is_started(program: Flask, tmp_path: Path) -> None:
    result = bring(program, tmp_path, f"$CATEGORY: $course$/top/Water and more\n\n{GIFT}")
    assert result.exit_code == 0, result.output
    text = (tmp_path / "water.md").read_text()
    assert text.startswith(
        "---\nid: water\ntitle: Water and more\npass_mark: 60\n---\n\n## Which tank first? {#first-tank type=single points=1}\n"
    )
    assert text.endswith("> **Why:** so\n")
    assert "2 questions written" in result.output


def test_title_and_pass_mark_may_be_given(program: Flask, tmp_path: Path) -> None:
    bring(program, tmp_path, GIFT, "--title", "On: water", "--pass-mark", "75", into="quiz.md")
    text = (tmp_path / "quiz.md").read_text()
    assert 'title: "On: water"\npass_mark: 75\n' in text
    assert text.startswith(f"---\nid: {tmp_path.name.replace('_', '-')[:10]}")


def test_questions_join_a_file_once(program: Flask, tmp_path: Path) -> None:
    bring(program, tmp_path, GIFT)
    before = (tmp_path / "water.md").read_text()
    again = bring(program, tmp_path, GIFT)
    assert again.exit_code == 0
    assert "in.gift:1: is in the file already, as `first-tank`" in again.output
    assert (tmp_path / "water.md").read_text() == before
    more = bring(program, tmp_path, GIFT.replace("Is it wet?", "Is it dry?"))
    assert more.exit_code == 0
    after = (tmp_path / "water.md").read_text()
    assert after.startswith(before)
    assert "## Is it dry? {#second-2 type=true-false" in after


def test_what_is_lost_is_listed_and_the_exit_code_says_so(program: Flask, tmp_path: Path) -> None:
    result = bring(program, tmp_path, f"{GIFT}\nWrite.{{}}\n\nOpen {{=a\n")
    assert result.exit_code == 1
    assert "in.gift:5: is left out: it is an essay, which no rule can mark" in result.output
    assert "in.gift:7: opens an answer with {" in result.output
    assert "2 questions written" in result.output


@pytest.mark.parametrize(
    ("gift", "line", "words"),
    [
        ("Write.{}", 1, "essay"),
        (b"Q?\n\xff{=a ~b}", 2, "not UTF-8"),
        (b"Q?{=a ~b}\x00", 1, "NUL"),
        ("", 1, "is empty"),
        ("x" * 1_000_000, 1, "larger than 256 kB"),
        ("Q?{=a ~b}\n\n" * 90_000, 1, "larger than 256 kB"),
        ("Q\u202e?{=a ~b}", 1, "U+202E"),
    ],
)
def test_a_file_that_gives_nothing_writes_nothing(
    program: Flask, tmp_path: Path, gift: str | bytes, line: int, words: str
) -> None:
    result = bring(program, tmp_path, gift)
    assert result.exit_code == 2
    assert f"in.gift:{line}: " in result.output
    assert words in result.output
    assert not (tmp_path / "water.md").exists()


@pytest.mark.parametrize(
    "gift", [b"\xef\xbb\xbf" + GIFT.encode(), GIFT.replace("\n", "\r\n").encode(), GIFT.replace("\n", "\r").encode()]
)
def test_marks_and_line_ends_of_other_systems_are_understood(program: Flask, tmp_path: Path, gift: bytes) -> None:
    assert bring(program, tmp_path, gift).exit_code == 0
    assert (tmp_path / "water.md").read_text().count("\n## ") == 2


def test_a_quiz_of_the_catalogue_goes_out(program: Flask, tmp_path: Path) -> None:
    result = run(program, "export", "m01-quiz", "--format", "gift")
    assert result.exit_code == 0
    assert (
        "$CATEGORY: $course$/top/Why cleaner production?\n\n// [id:m01-q1] [tag:objective=m01-l3.1]\n::"
        in result.output
    )
    path = run(program, "export", program.extensions["settings"].content / "modules/03-the-cp-audit/quiz.md")
    assert path.exit_code == 1
    assert "quiz.md:188: `m03-q14` is kept in comments" in path.output


def test_an_unknown_quiz_is_told(program: Flask) -> None:
    result = run(program, "export", "no-such-quiz")
    assert result.exit_code == 2
    assert "There is no quiz `no-such-quiz`" in result.output


def test_ids_of_published_questions_are_not_given_again(program: Flask, tmp_path: Path) -> None:
    result = bring(program, tmp_path, "// [id:m01-q1]\nQ?{=a ~b ####c}")
    assert "gets the id `m01-q1-2` instead of `m01-q1`" in result.output
    assert "{#m01-q1-2 " in (tmp_path / "water.md").read_text()
