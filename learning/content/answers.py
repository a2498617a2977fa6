"""The parts of a question as the author wrote them, with their lines, before any of it is rendered."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from learning.content.problems import Problems, shortened
from learning.content.text import Line, Text, paragraphs
from learning.content.words import WHY

_OPTION = re.compile(r"[-*+] \[(?P<mark>[ xX])\] +(?P<text>\S.*)")
_BULLET = re.compile(r"[-*+] ")
_BOX = re.compile(r"[-*+] *\[")
_ANSWER = re.compile(r"(?P<sign>!?=)(?P<value>.*)")
_NUMBERED = re.compile(r"\d{1,3}[.)] +(?P<text>\S.*)")
_WHY = re.compile(r"> ?\*\*Why:\*\*")
_RULE = re.compile(r" *\|?(?: *:?-+:? *\|)+(?: *:?-+:? *)?\|? *")
_CELL_END = re.compile(r"\\.|`[^`]*`|\[\[[^\[\]]*\]\]|\$[^$]*\$|(?P<pipe>\|)")
GAP = re.compile(r"\{\{(?!constant:)")


@dataclass(slots=True)
class Entry:
    """An option, an answer line or a list entry, with the quote under it."""

    line: int
    #: ``x`` or blank of an option; ``=`` or ``!=`` of an answer line.
    mark: str
    text: list[Line]
    feedback: list[Line] = field(default_factory=list)

    @property
    def words(self) -> str:
        """Its text on one line, as it is compared with others."""
        return " ".join(" ".join(line.text for line in self.text).split())


def split_explanation(lines: Sequence[Line], at: int, problems: Problems) -> tuple[list[Line], Text]:
    """Part the explanation, the last quote, from what stands above it. ``at`` is the question's own line."""
    starts = [index for index, line in enumerate(lines) if _WHY.match(line.text)]
    if not starts:
        problems.add(at, f"has no explanation: end the question with a quote, `> {WHY} …`")
        return list(lines), Text(())
    start = starts[-1]
    quote = []
    for line in lines[start:]:
        if not line.blank and not line.text.startswith(">"):
            problems.add(line.number, "stands below the explanation: move it up, or start the line with >")
        quote.append(Line(line.number, line.text.removeprefix(">").removeprefix(" ")))
    text = Text.at(quote)
    if not str(text).strip().removeprefix(WHY).strip():
        problems.add(text.line, f"is an explanation without words: write them after {WHY}")
    return list(lines[:start]), text


def read_options(lines: Sequence[Line], problems: Problems) -> tuple[Text, list[Entry]]:
    """The stem and the options of a choice question."""
    first = next((index for index, line in enumerate(lines) if _BOX.match(line.text)), len(lines))
    stem = list(lines[:first])
    while stem and (stem[-1].blank or _BULLET.match(stem[-1].text)):
        if _BULLET.match(stem[-1].text):
            problems.add(stem[-1].number, "is an option without a box: start it with - [ ] or - [x]")
        stem.pop()
    options: list[Entry] = []
    for line in lines[first:]:
        if found := _OPTION.fullmatch(line.text):
            options.append(Entry(line.number, found["mark"].lower(), [Line(line.number, found["text"])]))
        elif _BULLET.match(line.text) or _BOX.match(line.text):
            problems.add(line.number, "is not an option: write - [ ] or - [x], a blank, and its text")
        else:
            _continue(options, line, problems)
    return Text.at(stem), options


def read_answer_lines(lines: Sequence[Line], problems: Problems) -> tuple[Text, list[Entry]]:
    """The stem and the ``=`` and ``!=`` lines of a numeric or short question."""
    first = next((index for index, line in enumerate(lines) if _ANSWER.match(line.text)), len(lines))
    answers: list[Entry] = []
    for line in lines[first:]:
        if found := _ANSWER.fullmatch(line.text):
            answers.append(Entry(line.number, found["sign"], [Line(line.number, found["value"].strip())]))
        else:
            _continue(answers, line, problems, wrapped=False)
    return Text.at(lines[:first]), answers


def _continue(entries: list[Entry], line: Line, problems: Problems, *, wrapped: bool = True) -> None:
    """Add an indented line to the entry above it: a quote is feedback, anything else more of its text."""
    if line.blank:
        if entries and entries[-1].feedback:
            entries[-1].feedback.append(Line(line.number, ""))
        return
    content = line.text.lstrip()
    if content == line.text or not entries:
        problems.add(line.number, "stands between the answers: indent it, or move it above them")
    elif content.startswith(">"):
        entries[-1].feedback.append(Line(line.number, content.removeprefix(">").removeprefix(" ")))
    elif entries[-1].feedback or not wrapped:
        problems.add(line.number, "is not feedback: start it with > below the answer it belongs to")
    else:
        entries[-1].text.append(Line(line.number, content))


def read_numbered(lines: Sequence[Line], problems: Problems) -> tuple[Text, list[Entry]]:
    """The stem and the numbered list of an ordering question: the last list in it."""
    start = len(lines)
    while start and (lines[start - 1].blank or lines[start - 1].text[0] == " " or _is_numbered(lines[start - 1])):
        start -= 1
    while start < len(lines) and not _is_numbered(lines[start]):
        start += 1
    entries: list[Entry] = []
    for line in lines[start:]:
        if found := _NUMBERED.fullmatch(line.text):
            entries.append(Entry(line.number, "", [Line(line.number, found["text"])]))
        else:
            _continue(entries, line, problems)
    for entry in entries:
        if entry.feedback:
            problems.add(entry.feedback[0].number, "is feedback to a list entry: put it into the explanation")
    return Text.at(lines[:start]), entries


def _is_numbered(line: Line) -> bool:
    return _NUMBERED.match(line.text) is not None


def read_pairs(lines: Sequence[Line], problems: Problems) -> tuple[Text, list[tuple[Line, Line]]]:
    """The stem and the rows of a matching question's table: the last one in it."""
    blocks = paragraphs(lines)
    table = blocks[-1] if blocks else []
    if len(table) < 2 or not _RULE.fullmatch(table[1].text):
        return Text.at(lines), []
    pairs = []
    for line in table:
        cells = _cells(line.text)
        if line is table[1]:
            continue
        if len(cells) != 2:
            problems.add(line.number, f"has {len(cells)} cells: write two, the prompt and its match")
        elif line is not table[0]:
            if not all(cells):
                problems.add(line.number, "has an empty cell: write the prompt and its match")
            pairs.append((Line(line.number, cells[0]), Line(line.number, cells[1])))
    return Text.at([line for line in lines if line.number < table[0].number]), pairs


def read_table_head(lines: Sequence[Line]) -> list[str]:
    """The cells over the rows that ``read_pairs`` gives."""
    blocks = paragraphs(lines)
    return _cells(blocks[-1][0].text) if blocks else []


def cells_of(line: Line) -> list[str]:
    """The cells of a table row."""
    return _cells(line.text)


def is_rule(line: Line) -> bool:
    """Whether a line parts the head of a table from its rows."""
    return _RULE.fullmatch(line.text) is not None


def _cells(row: str) -> list[str]:
    """The cells of a table row; pipes in code, terms and formulas part nothing."""
    row = row.strip()
    row = row.removeprefix("|")
    if row.endswith("|") and not row.endswith("\\|"):
        row = row[:-1]
    cells, start = [], 0
    for found in _CELL_END.finditer(row):
        if found["pipe"]:
            cells.append(row[start : found.start()].strip())
            start = found.end()
    return [*cells, row[start:].strip()]


def read_cloze(lines: Sequence[Line], problems: Problems) -> tuple[Text, Text]:
    """The stem and the text with gaps: all from the first paragraph that holds a gap."""
    for paragraph in paragraphs(lines):
        if any(GAP.search(line.text) for line in paragraph):
            start = paragraph[0].number
            return (
                Text.at([line for line in lines if line.number < start]),
                Text.at([line for line in lines if line.number >= start]),
            )
    return Text.at(lines), Text(())


def check_repeats(entries: Sequence[tuple[int, str]], what: str, problems: Problems) -> None:
    """Two equal answers leave the learner to guess."""
    seen: dict[str, int] = {}
    for line, words in entries:
        folded = " ".join(words.split()).casefold()
        if folded in seen:
            problems.add(line, f"repeats the {what} `{shortened(words)}` of line {seen[folded]}: make them differ")
        seen.setdefault(folded, line)
