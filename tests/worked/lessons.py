"""What a lesson prints and a quiz takes as right, for tests that recompute its worked numbers."""

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


@cache
def _questions() -> dict[str, str]:
    """Question id -> what stands below its heading."""
    found = {}
    for path in sorted((PROJECT / "content" / "modules").glob("*/quiz.md")):
        for block in path.read_text(encoding="utf-8").split("\n## ")[1:]:
            name = re.search(r"\{#(\S+) ", block)
            assert name, f"{path} has a question without an id"
            found[name[1]] = block
    return found


def answers(question: str, sign: str) -> list[tuple[float, float]]:
    """The ranges of the lines that start with the sign: `=` for right, `!=` for known mistakes."""
    pattern = rf"^{re.escape(sign)} (-?[\d.]+)(?: \.\. (-?[\d.]+)| ± ([\d.]+)( %)?)?"
    lines = re.findall(pattern, _questions()[question], re.MULTILINE)
    assert lines, f"{question} has no line with {sign}"
    ranges = []
    for low, high, tolerance, per_cent in lines:
        value = float(low)
        part = float(tolerance or 0) * (abs(value) / 100 if per_cent else 1)
        ranges.append((value, float(high)) if high else (value - part, value + part))
    return ranges


def accepted(question: str) -> tuple[float, float]:
    """The lowest and the highest value that the quiz takes as right, in the unit it shows."""
    return answers(question, "=")[0]


def among(value: float, ranges: list[tuple[float, float]]) -> bool:
    """Whether a range holds the value."""
    return any(low - 1e-9 <= value <= high + 1e-9 for low, high in ranges)
