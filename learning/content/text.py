"""Source text with line numbers, and the limits a document must keep before anything parses it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from learning.content.problems import Problems

MOST_BYTES = 256 * 1024
MOST_LINE = 10_000
MOST_BRACKETS = 500
MOST_NESTING = 20

#: Characters nobody sees: they break line counts, hide text or turn its direction. Private-use characters
#: are kept for our own placeholders.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ue000-\uf8ff\ud800-\udfff]"
)
_MARKER = re.compile(r" *(?:>|[-*+](?= )|\d{1,9}[.)](?= ))")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file, perhaps without its indentation."""

    number: int
    text: str

    @property
    def blank(self) -> bool:
        """Whether nothing stands on it."""
        return not self.text.strip()


@dataclass(frozen=True, slots=True)
class Text:
    """Lines that are read as one piece."""

    lines: tuple[Line, ...]

    @classmethod
    def of(cls, text: str, first_line: int = 1) -> Text:
        """The lines of ``text``, counted from ``first_line``."""
        return cls(tuple(Line(first_line + index, line) for index, line in enumerate(text.split("\n"))))

    @classmethod
    def at(cls, lines: Iterable[Line]) -> Text:
        """The given lines without blank ones at both ends."""
        kept = list(lines)
        filled = [index for index, line in enumerate(kept) if not line.blank]
        return cls(tuple(kept[filled[0] : filled[-1] + 1]) if filled else ())

    @property
    def line(self) -> int:
        """Number of the first line."""
        return self.lines[0].number if self.lines else 1

    @property
    def blank(self) -> bool:
        """Whether there is nothing to read."""
        return all(line.blank for line in self.lines)

    def __str__(self) -> str:
        return "\n".join(line.text for line in self.lines)


def paragraphs(lines: Sequence[Line]) -> list[list[Line]]:
    """Lines parted at blank lines."""
    found: list[list[Line]] = [[]]
    for line in lines:
        if line.blank:
            found.append([])
        else:
            found[-1].append(line)
    return [paragraph for paragraph in found if paragraph]


def normalised(text: str) -> str:
    """Text with one kind of line end, without tabs and without blanks on empty lines."""
    lines = text.replace("\r\n", "\n").expandtabs(4).split("\n")
    return "\n".join(line if line.strip(" ") else "" for line in lines)


def within_limits(text: Text, problems: Problems) -> bool:
    """Whether the text may be parsed at all; what speaks against it is noted."""
    before = len(problems)
    if len(str(text).encode("utf-8", "replace")) > MOST_BYTES:
        problems.add(text.line, "is larger than 256 kB: split it")
        return False
    brackets = 0
    for line in text.lines:
        _check_line(line, problems)
        brackets = 0 if line.blank else brackets + line.text.count("[") + line.text.count("]")
        if brackets > MOST_BRACKETS:
            problems.add(line.number, "is in a block with more than 500 square brackets: part it with empty lines")
            brackets = 0
    return len(problems) == before


def _check_line(line: Line, problems: Problems) -> None:
    if hidden := _HIDDEN.search(line.text):
        name = f"U+{ord(hidden[0]):04X}"
        problems.add(line.number, f"holds the invisible character {name}: delete it")
    if len(line.text) > MOST_LINE:
        problems.add(line.number, "is longer than 10,000 characters: break the line")
    elif _nesting(line.text) > MOST_NESTING:
        problems.add(line.number, "is nested more than 20 deep: write flatter lists and quotes")


def _nesting(line: str) -> int:
    """How many lists and quotes a line may stand in: its markers, and four blanks for a level above them."""
    depth, position = 0, 0
    while marker := _MARKER.match(line, position):
        depth += 1 + (len(marker[0]) - len(marker[0].lstrip(" "))) // 4
        position = marker.end()
    rest = line[position:]
    return depth + (len(rest) - len(rest.lstrip(" "))) // 4
