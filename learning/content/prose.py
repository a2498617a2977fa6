"""The passages of a lesson as the author wrote them, each with its line and its kind: for the editorial check.

Reads only what the parser has found without mistakes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from learning.content.calculators import CLOSING, OPENING
from learning.content.text import Line, Text

#: ``text`` is running text, a list or a definition; the names of boxes are those of the guide.
Kind = Literal[
    "text", "heading", "table", "figure", "formula", "calculator",
    "note", "tip", "warning", "case", "example", "try", "check",
]  # fmt: skip
#: What is read as prose; the rest is looked at, not read.
READ: frozenset[Kind] = frozenset(["text", "note", "tip", "warning", "case", "example", "try", "check"])

_BOX = re.compile(r"!!! ?(?P<kind>note|tip|warning|case|example|try|check) ")
_ITEM = re.compile(r"^(?:(?:[-*+]|\d{1,3}[.)]) +(?:\[[ xX]\] +)?|: {3}|\[\^[\w-]+\]: |> ?)")
_TERM = re.compile(r"\[\[([^\[\]|\\]*)(?:\\?\|([^\[\]]*))?\]\]")
_SILENT = re.compile(r"\[@[^\]]*\]|\[\^[\w-]+\]")
_FORMULA = re.compile(r"(?<!\\)\$[^$]*\$")
_LINK = re.compile(r"\[([^\[\]]*)\]\([^()\s]*(?:\s+\"[^\"]*\")?\)")
_CONSTANT = re.compile(r"\{\{constant:[^{}]*\}\}")
_SIGNS = re.compile(r"[*_`\\]+")


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, an entry of a list, a table row, a heading …"""

    #: Line on which it starts.
    line: int
    kind: Kind
    #: As written, on one line, without its bullet.
    source: str
    #: Number of the section it stands in: 0 above the first heading.
    section: int

    @property
    def words(self) -> str:
        """Its text as a reader sees it; formulas are left out, and of a constant stands a digit."""
        text = _CONSTANT.sub("1", _FORMULA.sub("", _SILENT.sub("", self.source)))
        text = _LINK.sub(r"\1", _TERM.sub(lambda found: found[2] or found[1], text))
        return " ".join(_SIGNS.sub("", text).split())


def passages(body: Text) -> list[Passage]:
    """The passages of a lesson's body, in order."""
    found: list[Passage] = []
    section = 0
    for kind, lines in _blocks(body):
        if kind == "heading":
            section += 1
        text = " ".join(line.text.strip() for line in lines)
        found.append(Passage(lines[0].number, kind, _ITEM.sub("", text, count=1), section))
    return found


def _blocks(body: Text) -> Iterator[tuple[Kind, list[Line]]]:
    """Lines that belong together, with what they are."""
    box: Kind = "text"
    block: list[Line] = []
    fenced = False
    for line in body.lines:
        if not line.blank and not line.text.startswith(" ") and not fenced:
            box = "text"
        bare = line.text.strip()
        starts = _ITEM.match(bare) or bare.startswith("|") or line.text.startswith(("#", "!!!", OPENING))
        if block and not fenced and (line.blank or starts):
            yield _kind(block, box), block
            block = []
        if opened := _BOX.match(line.text):
            box = opened["kind"]  # type: ignore[assignment]
        elif line.text.rstrip() == OPENING or fenced:
            fenced = line.text.rstrip() != CLOSING
            block.append(line)
        elif line.text.startswith("#"):
            yield "heading", [line]
        elif not line.blank:
            block.append(line)
    if block:
        yield _kind(block, box), block


def _kind(block: list[Line], box: Kind) -> Kind:
    first = block[0].text.strip()
    if first.startswith(OPENING):
        return "calculator"
    # A table in an example is part of the example.
    if first.startswith("|") and box == "text":
        return "table"
    if first.startswith("!["):
        return "figure"
    return "formula" if first.startswith("$$") else box
