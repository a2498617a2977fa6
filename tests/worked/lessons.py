"""What a lesson prints, for tests that recompute its worked numbers."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from learning.config import PROJECT


@cache
def _files() -> dict[str, Path]:
    """Lesson id -> its file."""
    found = {}
    for path in sorted((PROJECT / "content" / "modules").glob("*/[0-9]*.md")):
        name = re.search(r"^id: (\S+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert name, f"{path} has no id"
        found[name[1]] = path
    return found


def printed(lesson: str) -> str:
    """The text of a lesson without emphasis, its blanks folded to one, as a reader sees its numbers."""
    text = _files()[lesson].read_text(encoding="utf-8").replace("*", "")
    return re.sub(r"\s+", " ", text)


def says(lesson: str, *phrases: str) -> None:
    """Assert that the lesson prints each phrase, as a whole number or word and not inside a longer one."""
    text = printed(lesson)
    for phrase in phrases:
        assert re.search(rf"(?<![\d.,]){re.escape(phrase)}(?![\d]|[.,]\d)", text), f"{lesson} does not say {phrase!r}"


def number(value: float, decimals: int = 0) -> str:
    """A number as lessons print it: comma for thousands, point for decimals, a true minus sign."""
    return f"{value:,.{decimals}f}".replace("-", "−")
