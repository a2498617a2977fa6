"""Finds our own marks in Markdown before Python-Markdown runs, because only then their lines are known.

Each mark (a term, a formula, a citation, raw HTML …) is replaced by a token that Markdown carries through
unharmed. Where Markdown finds the token in running text, ``learning.content.markdown`` builds what it stands
for; in code, where marks mean nothing, the token turns back into what the author wrote. So there is one
reader of marks, and no second opinion about what is code.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from learning.content.problems import Problems, quoted, shortened
from learning.content.text import Line, Text, paragraphs

#: Markdown strips these two from its input and uses them for its own placeholders; ours look different.
START, END = "\x02", "\x03"
TOKEN = re.compile(f"{START}hw:([0-9]+){END}")
_TOKEN_APART = re.compile(f"({START}hw:[0-9]+{END})")
LINE_MARK = re.compile(f"{START}ln:([0-9]+){END}")

ADMONITIONS = ("note", "tip", "warning", "case", "example", "try")

Kind = Literal["term", "cite", "braces", "math", "display", "dollar", "html", "web", "mail", "note", "block"]

_MARK = re.compile(
    r"""
      (?P<escape>\\[\s\S])
    | (?P<code>`+)
    | (?P<display>\$\$)
    | (?P<dollar>\$)
    | \[\[ (?P<term>[^\[\]]{1,200}) \]\]
    | \[\^ (?P<note>[^\[\]\n]{0,100}) \]
    | (?P<odd_note>\[\^)
    | \[@ (?P<cite>[^\[\]\n]{0,100}) \]
    | \{\{ (?P<braces>[^{}]{0,300}) \}\}
    | (?P<open>\[\[(?!\[)|\{\{(?!\{))
    | (?P<target>\]\([ \n]*<?)
    | < (?P<web>https?://[^<>\s]{1,2000}) >
    | < (?P<mail>[^<>@\s]{1,100}@[^<>@\s]{1,200}) >
    | (?P<html><(?=/?[A-Za-z][^<>]{0,2000}>|!--|!\[CDATA\[|![A-Za-z]|\?))
    """,
    re.VERBOSE,
)
_DOLLAR = re.compile(r"\\.|\$", re.DOTALL)
_HEADING = re.compile(r"(?: *(?:>|[-*+] |\d{1,9}[.)] ))* *#{1,6} *(?=[^# ]|$)")
_UNDERLINE = re.compile(r" {0,3}(=+|-+) *")
_FENCE = re.compile(r" *(```+|~~~+)[^`]*")
_REFERENCE = re.compile(r" {0,3}\[[^\]\^@\[][^\]]{0,200}\]: *\S")
_TASK = re.compile(r" *[-*+] \[[ xX]?\]( |$)")
_ADMONITION = re.compile(r'( *)!!! ?(?P<kind>[\w-]+) +"(?P<title>[^"]*)" *')
_NOTE_NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")
_LIST_ITEM = re.compile(r"( *)(?:[-*+]|\d{1,9}[.)]) ")
_LIST_START = re.compile(r" *(?:[-*+]|1[.)]) ")
_TABLE_RULE = re.compile(r" *(?=[^-]*-)(?=[^|]*\|)[ :|-]+")


@dataclass(frozen=True, slots=True)
class Token:
    """A mark of ours: what it is, what it holds, how it was written, on which line."""

    kind: Kind
    value: str
    source: str
    line: int


@dataclass(slots=True)
class Marks:
    """The tokens of one document."""

    tokens: list[Token] = field(default_factory=list)

    def put(self, kind: Kind, value: str, source: str, line: int) -> str:
        """Keep a mark and return the token that stands for it."""
        self.tokens.append(Token(kind, value, source, line))
        return f"{START}hw:{len(self.tokens) - 1}{END}"

    def get(self, number: str) -> Token | None:
        """The mark behind a token."""
        return self.tokens[int(number)] if len(number) < 9 and int(number) < len(self.tokens) else None


class Scanner:
    """Scans the pieces of one document."""

    def __init__(self, marks: Marks, problems: Problems, *, footnotes: bool = False) -> None:
        self.marks = marks
        self.problems = problems
        self.footnotes = footnotes
        #: Footnotes that the text refers to, with the line of the first reference.
        self.notes: dict[str, int] = {}
        self.defined_notes: set[str] = set()

    def inline(self, text: Text) -> str:
        """Text without blocks: an option, a heading, a cell."""
        return self._paragraph([self._without_signs(line) for line in text.lines])

    def blocks(self, text: Text) -> str:
        """Text with paragraphs, lists, tables and so on."""
        self._check_lines(text.lines)
        done: list[str] = []
        for paragraph in paragraphs(text.lines):
            self._check_glued(paragraph)
            done.append(self._paragraph([self._with_heading_mark(self._without_signs(line)) for line in paragraph]))
        return "\n\n".join(done) + "\n\n"

    def _with_heading_mark(self, line: Line) -> Line:
        heading = _HEADING.match(line.text)
        if heading is None:
            return line
        mark = f"{START}ln:{line.number}{END}"
        return Line(line.number, f"{heading[0]}{mark}{line.text[heading.end() :]}")

    def _paragraph(self, lines: list[Line]) -> str:
        return _Paragraph(lines, self).scanned()

    def _without_signs(self, line: Line) -> Line:
        """A line without the signs of placeholders, but for those of blocks that we put there ourselves.

        Such signs are refused before; this keeps Markdown from ever meeting a forged one, which can make it
        run for ever.
        """
        if START not in line.text and END not in line.text:
            return line
        pieces = _TOKEN_APART.split(line.text)
        for index, piece in enumerate(pieces):
            found = TOKEN.fullmatch(piece)
            token = self.marks.get(found[1]) if found else None
            if token is None or token.kind != "block":
                pieces[index] = piece.replace(START, "").replace(END, "")
        return Line(line.number, "".join(pieces))

    def _check_lines(self, lines: Sequence[Line]) -> None:
        previous = Line(0, "")
        for index, line in enumerate(lines):
            if "!!!" in line.text and line.text.lstrip().startswith("!!!"):
                self._check_admonition(line, lines[index + 1 :][:2])
            elif _FENCE.fullmatch(line.text):
                self.problems.add(
                    line.number,
                    "starts a fenced block: indent code by four blanks, or write ```calculator at the margin of a lesson",
                )
            elif _REFERENCE.match(line.text):
                self.problems.add(line.number, "defines a link apart: write [text](address) where the link stands")
            elif _TASK.match(line.text):
                self.problems.add(line.number, "is an option outside a question: put it into a `!!! check` block")
            elif (indent := _LIST_ITEM.match(line.text)) and len(indent[1]) % 4 and "|" not in line.text:
                self.problems.add(line.number, "is a list entry between two levels: indent it by four blanks or none")
            elif not previous.blank and _UNDERLINE.fullmatch(line.text) and _could_be_heading(previous.text):
                self.problems.add(line.number, "underlines a heading: write `## Heading`, or leave a line empty above")
            previous = line

    def _check_glued(self, paragraph: list[Line]) -> None:
        """Lists and tables need an empty line above; other Markdown readers show them without, ours would not."""
        first = paragraph[0].text.lstrip()
        if _LIST_ITEM.match(first) or first.startswith(("#", "!!!", ":", ">", "[^")):
            return
        for index, line in enumerate(paragraph[1:], start=1):
            if _LIST_START.match(line.text):
                self.problems.add(line.number, "starts a list right below a text: leave a line empty above")
                return
            if index > 1 and _TABLE_RULE.fullmatch(line.text) and not _TABLE_RULE.fullmatch(paragraph[1].text):
                self.problems.add(line.number, "rules a table right below a text: leave a line empty above its header")
                return

    def _check_admonition(self, line: Line, following: Sequence[Line]) -> None:
        found = _ADMONITION.fullmatch(line.text)
        if found is None:
            self.problems.add(line.number, 'is not a box: write `!!! note "Title"`')
            return
        if found["kind"] == "check":
            self.problems.add(line.number, "is a check inside something else: start it at the margin")
        elif found["kind"] not in ADMONITIONS:
            kinds = quoted((*ADMONITIONS, "check"))
            self.problems.add(line.number, f"is a box of unknown kind `{shortened(found['kind'])}`: write {kinds}")
        if not found["title"].strip():
            self.problems.add(line.number, "is a box without a title: write it in the quotes")
        indent = " " * (len(found[1]) + 4)
        if not any(next_line.text.startswith(indent) for next_line in following if not next_line.blank):
            self.problems.add(line.number, "is a box without text: indent its lines by four blanks")

    def check_notes(self) -> None:
        """To be called when all pieces are scanned: every footnote that is used must be defined."""
        for name, line in self.notes.items():
            if not _NOTE_NAME.fullmatch(name):
                self.problems.add(line, "names a footnote badly: use letters and digits, as in [^a]")
            elif name not in self.defined_notes:
                self.problems.add(line, f"has no footnote `{name}`: write a line `[^{name}]: …`")


def _could_be_heading(text: str) -> bool:
    """Whether an underline below this line would make it a heading in other Markdown readers."""
    return "|" not in text and not text.startswith((" ", ">", "#", "-", "*", "+", ":")) and not _LIST_ITEM.match(text)


class _Paragraph:
    """Scans lines that belong together: no mark reaches over an empty line."""

    def __init__(self, lines: list[Line], scanner: Scanner) -> None:
        self.text = "\n".join(line.text for line in lines)
        self.lines = lines
        self.line_starts = [0, *(found.end() for found in re.finditer("\n", self.text))]
        self.scanner = scanner
        self.marks = scanner.marks
        self.at = 0
        self.done: list[str] = []
        #: For each length of a run of backticks, where such runs start.
        self.runs: dict[int, list[int]] = {}
        for run in re.finditer(r"`+", self.text):
            self.runs.setdefault(len(run[0]), []).append(run.start())

    def scanned(self) -> str:
        """The paragraph with tokens for marks."""
        while mark := _MARK.search(self.text, self.at):
            self.done.append(self.text[self.at : mark.start()])
            self.at = mark.end()
            self.done.append(self._replaced(mark))
        self.done.append(self.text[self.at :])
        return "".join(self.done)

    def _line(self, position: int) -> int:
        return self.lines[bisect_right(self.line_starts, position) - 1].number

    def _replaced(self, mark: re.Match[str]) -> str:
        kind = mark.lastgroup
        line = self._line(mark.start())
        match kind:
            case "term" | "cite" | "braces" | "web" | "mail":
                return self.marks.put(kind, mark[kind], mark[0], line)
            case "note" | "odd_note" if not self.scanner.footnotes or kind == "odd_note":
                return self.marks.put("note", mark[0], mark[0], line)
            case "note":
                return self._note(mark, line)
            case "open":
                return self.marks.put("braces" if mark[0] == "{{" else "term", "", mark[0], line)
            case "html":
                return self.marks.put("html", "<", "<", line)
            case "target":
                return f"{mark[0]}{START}ln:{line}{END}"
            case "code":
                return self._code_span(mark)
            case "display":
                return self._display(mark.start(), line)
            case "dollar":
                return self._formula(mark.start(), line)
        return mark[0]

    def _note(self, mark: re.Match[str], line: int) -> str:
        before = self.text[self.line_starts[bisect_right(self.line_starts, mark.start()) - 1] : mark.start()]
        if self.text[mark.end() : mark.end() + 1] != ":" or before.strip(" >"):
            self.scanner.notes.setdefault(mark["note"], line)
            return mark[0]
        self.scanner.defined_notes.add(mark["note"])
        words = self.text[mark.end() + 1 :].partition("\n")[0].strip()
        if words and not words.startswith("[^"):
            return mark[0]
        # Python-Markdown fails on a footnote that holds nothing, or nothing but another one; so it gets a text.
        self.scanner.problems.add(line, "is a footnote without text: write it behind the colon")
        self.at = mark.end() + 1
        return f"{mark[0]}: …"

    def _code_span(self, mark: re.Match[str]) -> str:
        """Copy a code span whole; a run of backticks without its like is copied alone."""
        starts = self.runs.get(len(mark[0]), [])
        place = bisect_left(starts, mark.end())
        if place == len(starts):
            return mark[0]
        self.at = starts[place] + len(mark[0])
        return self.text[mark.start() : self.at]

    def _display(self, start: int, line: int) -> str:
        end = self._dollar(start + 2)
        if end is None or self.text[end : end + 2] != "$$":
            return self.marks.put("dollar", "$$", "$$", line)
        self.at = end + 2
        return self.marks.put("display", self.text[start + 2 : end], self.text[start : self.at], line)

    def _formula(self, start: int, line: int) -> str:
        end = self._dollar(start + 1)
        content = self.text[start + 1 : end] if end is not None else ""
        after = self.text[end + 1 : end + 2] if end is not None else ""
        if end is None or not content.strip() or content[0].isspace() or content[-1].isspace() or after.isdigit():
            return self.marks.put("dollar", "$", "$", line)
        self.at = end + 1
        return self.marks.put("math", content, self.text[start : self.at], line)

    def _dollar(self, position: int) -> int | None:
        """Where the next dollar sign stands that is not escaped."""
        for found in _DOLLAR.finditer(self.text, position):
            if found[0] == "$":
                return found.start()
        return None
