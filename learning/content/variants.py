"""Variants of a numeric question: a table of values below its answers, one row for each variant."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from learning.content.answers import cells_of, is_rule
from learning.content.headings import Head
from learning.content.problems import Problems
from learning.content.text import Line, Text, paragraphs

MOST = 50
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_PLACE = re.compile(r"\{\{([a-z][a-z0-9_]*)\}\}")


@dataclass(frozen=True, slots=True)
class Variant:
    """One row: name -> value, as written."""

    line: int
    values: dict[str, str]

    @property
    def label(self) -> str:
        """What tells it from the other rows, also after the table was changed."""
        return " · ".join(self.values.values())

    def fill(self, text: str) -> str:
        """A text with its values in their places."""
        return _PLACE.sub(lambda found: self.values.get(found[1], found[0]), text)

    def lines(self, lines: Sequence[Line]) -> list[Line]:
        """Lines with its values in their places."""
        return [replace(line, text=self.fill(line.text)) for line in lines]

    def head(self, head: Head) -> Head:
        """A heading with its values in their places."""
        return replace(head, title=self.fill(head.title))


def split_variants(
    head: Head, lines: Sequence[Line], explanation: Text, problems: Problems
) -> tuple[list[Line], list[Variant]]:
    """The lines without the table of variants, and its rows; none if the question names no place for a value."""
    named = {name: line.number for line in (*explanation.lines, *lines) for name in _PLACE.findall(line.text)}
    named |= dict.fromkeys(_PLACE.findall(head.title), head.line)
    if not named:
        return list(lines), []
    blocks = paragraphs(lines)
    table = blocks[-1] if blocks else []
    if len(table) < 3 or not is_rule(table[1]):
        problems.add(head.line, f"has a place for {{{{{min(named)}}}}} and no table of values: end it with one")
        return list(lines), []
    names = cells_of(table[0])
    for name in names:
        if not _NAME.fullmatch(name):
            problems.add(table[0].number, f"has the column `{name[:40]}`: use lower-case letters, digits and `_`")
    for name in sorted(named.keys() - set(names)):
        problems.add(named[name], f"has a place for {{{{{name}}}}}, which is no column of the table of values")
    if not 2 <= len(table) - 2 <= MOST:
        problems.add(table[0].number, f"has {len(table) - 2} rows of values: write 2 to {MOST}")
    rows = []
    for line in table[2:]:
        cells = cells_of(line)
        if len(cells) != len(names) or not all(cells):
            problems.add(line.number, f"has {len(cells)} values: write one for each of {len(names)} columns")
        else:
            rows.append(Variant(line.number, dict(zip(names, cells, strict=True))))
    seen: dict[str, int] = {}
    for row in rows:
        if row.label in seen:
            problems.add(row.line, f"repeats the values of line {seen[row.label]}: delete one")
        seen.setdefault(row.label, row.line)
    return [line for line in lines if line.number < table[0].number], rows
