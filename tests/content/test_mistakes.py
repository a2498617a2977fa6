"""All mistakes of a content folder are named in one run, each with its file and line."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from learning.content.catalogue import Loaded
from tests.content.mistakes import seed_mistakes

Load = Callable[[Path], Loaded]
REAL = Path(__file__).resolve().parents[2] / "content"


def assert_all_named(folder: Path, load: Load) -> None:
    before = {(problem.file, problem.line) for problem in load(folder).problems}
    mistakes = seed_mistakes(folder)
    assert len(set(mistakes)) == 20
    loaded = load(folder)
    assert loaded.catalogue is None
    named = {(problem.file, problem.line) for problem in loaded.problems}
    assert set(mistakes) - named == set(), [str(problem) for problem in loaded.problems]
    assert named - before - set(mistakes) == set(), "nothing else is blamed"


def test_twenty_seeded_mistakes_are_named_at_once(content: Path, load: Load) -> None:
    assert load(content).problems == ()
    assert_all_named(content, load)


def test_twenty_mistakes_seeded_into_the_real_content_are_named_at_once(tmp_path: Path, load: Load) -> None:
    if not list(REAL.glob("modules/*/quiz.md")) or not (REAL / "glossary.yaml").is_file():
        pytest.skip("the real content is not written yet")
    folder = tmp_path / "content"
    shutil.copytree(REAL, folder)
    assert_all_named(folder, load)
