"""What is wrong with the content, said to the author: file, line, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

#: More from one file help nobody; the rest shows once these are mended.
MOST_PER_FILE = 100


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake. ``file`` starts with the content folder's name, ``line`` counts from 1."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@dataclass(frozen=True, slots=True, order=True)
class Remark:
    """What became of something that another format says and ours does not, or the other way round."""

    line: int
    message: str
    #: The question is left out; a part of it is lost; nothing is lost, but its author should look.
    kind: Literal["left-out", "changed", "hint"]

    @property
    def is_loss(self) -> bool:
        """Whether something did not arrive."""
        return self.kind != "hint"


class Problems:
    """Collects the mistakes of one file, so that all of them are told in one run."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._found: dict[Problem, None] = {}
        self._full = False

    def add(self, line: int, message: str) -> None:
        """Note a mistake; the same one on the same line counts once."""
        if len(self._found) < MOST_PER_FILE:
            self._found[Problem(self.file, max(line, 1), message)] = None
        elif not self._full:
            self._full = True
            self._found[Problem(self.file, max(line, 1), "has many more mistakes: mend those above first")] = None

    def __len__(self) -> int:
        return len(self._found)

    def __bool__(self) -> bool:
        return bool(self._found)

    def sorted(self) -> tuple[Problem, ...]:
        """All mistakes of the file from top to bottom."""
        return in_order(self._found)


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems without repetition, by file and line."""
    return tuple(sorted(set(problems)))


def quoted(values: Iterable[str]) -> str:
    """Words for a sentence: ``a, b or c`` in backquotes."""
    words = [f"`{value}`" for value in values]
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} or {words[-1]}"


def shortened(text: str, length: int = 60) -> str:
    """A stretch of the author's text, fit for one line of a message."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1] + "…"
