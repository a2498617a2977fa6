"""GIFT to records, by the rules of Moodle's own reader (docs.moodle.org, "GIFT format").

Questions are parted by empty lines, so a mistake in one leaves the next alone. Every step is linear in the text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import get_args

from learning.content.gift.escapes import hidden, shown
from learning.content.gift.records import Format, GiftAnswer, GiftFile, GiftQuestion, Kind, Note, Snippet
from learning.content.problems import Problems, shortened
from learning.content.text import Line, paragraphs

#: Starts a comment of ours.
NOTE = "headwater:"
_CATEGORY = "$CATEGORY:"
_ID = re.compile(r"\[id:((?:\\\]|[^\]])+)\]")
_TAG = re.compile(r"\[tag:((?:\\\]|[^\]])+)\]")
_FORMAT = re.compile(r"\[([a-z]{1,20})\]")
_SIGN = re.compile(r"[=~]")
_WEIGHT = re.compile(r"%(-?[0-9]{1,3}(?:\.[0-9]{0,12})?)%")
_ORDERING = re.compile(r">[ 0-9A-Z_a-z]*")
_TRUTH = {"T": True, "TRUE": True, "F": False, "FALSE": False}


def read_gift(lines: Sequence[Line], problems: Problems) -> GiftFile:
    """The questions of a file. What cannot be read becomes a problem, and the question is left out."""
    questions: list[GiftQuestion] = []
    categories: list[tuple[int, str]] = []
    for block in paragraphs(lines):
        comments = [line for line in block if line.text.lstrip().startswith("//")]
        written = [Line(line.number, hidden(line.text)) for line in block if not line.text.lstrip().startswith("//")]
        if written and written[0].text.strip().startswith(_CATEGORY):
            categories.append((written[0].number, shown(written[0].text.strip().removeprefix(_CATEGORY)).strip()))
            written = written[1:]
        questions += _Block(written, comments, problems).question()
    return GiftFile(tuple(questions), tuple(categories))


@dataclass
class _Block:
    """Lines between two empty ones."""

    lines: Sequence[Line]
    comments: Sequence[Line]
    problems: Problems
    text: str = field(init=False)
    starts: list[int] = field(init=False)

    def __post_init__(self) -> None:
        self.text = "\n".join(line.text for line in self.lines)
        self.starts = [0]
        for line in self.lines[:-1]:
            self.starts.append(self.starts[-1] + len(line.text) + 1)

    def line(self, position: int) -> int:
        """The line on which a place of the text stands."""
        return self.lines[bisect_right(self.starts, position) - 1].number

    def question(self) -> Iterator[GiftQuestion]:
        """The question in these lines, if there is one."""
        notes = tuple(self._notes())
        if not self.lines:
            if any(note.text.startswith("|") for note in notes):
                yield self._built("kept", "", Snippet(notes[0].line, "", "markdown"), notes=notes)
            return
        name, at = self._name()
        opened, closed = self.text.find("{", at), self.text.find("}", at)
        if opened < 0 and closed < 0:
            yield self._built("description", name, self._snippet(self.text[at:], at, "moodle"), notes=notes)
        elif fault := self._fault(opened, closed):
            self.problems.add(*fault)
        else:
            yield self._answered(name, at, opened, closed, notes)

    def _fault(self, opened: int, closed: int) -> tuple[int, str] | None:
        """What is wrong with the braces."""
        if opened < 0 or 0 <= closed < opened:
            return self.line(closed), "closes a } that nothing opens: write \\} for the sign"
        if closed < 0:
            return self.line(opened), (
                "opens an answer with { that is not closed before the next empty line: close it with }, "
                "and leave no empty line within"
            )
        within = self.text.find("{", opened + 1, closed)
        if within >= 0:
            return self.line(within), "has a { within the answer: write \\{ for the sign"
        after = next((place for place in range(closed + 1, len(self.text)) if self.text[place] in "{}"), None)
        if after is not None:
            return self.line(after), "has a second { } in one question: GIFT takes one; write \\{ and \\} for the signs"
        return None

    def _name(self) -> tuple[str, int]:
        """The name, and where the text starts."""
        start = len(self.text) - len(self.text.lstrip())
        if not self.text.startswith("::", start):
            return "", start
        end = self.text.find("::", start + 2)
        if end < 0:
            return "", start + 2
        return " ".join(shown(self.text[start + 2 : end]).split()), end + 2

    def _notes(self) -> Iterator[Note]:
        for line in self.comments:
            words = line.text.lstrip()[2:].lstrip()
            if words.startswith(NOTE):
                yield Note(line.number, words.removeprefix(NOTE).removeprefix(" "))

    def _built(self, kind: Kind, name: str, stem: Snippet, *, notes: tuple[Note, ...]) -> GiftQuestion:
        first = min(line.number for line in [*self.lines, *self.comments])
        line = self.lines[0].number if self.lines else first
        comments = "\n".join(line.text for line in self.comments if NOTE not in line.text)
        found = _ID.search(comments)
        tags = tuple(tag.replace("\\]", "]").strip() for tag in _TAG.findall(comments))
        identifier = found[1].replace("\\]", "]").strip() if found else ""
        return GiftQuestion(line, kind, name, stem, id=identifier, tags=tags, notes=notes)

    def _answered(self, name: str, at: int, opened: int, closed: int, notes: tuple[Note, ...]) -> GiftQuestion:
        stem = self._snippet(self.text[at:opened], at, "moodle")
        base = self._built("essay", name, stem, notes=notes)
        last = self.text.rfind("####", opened + 1, closed)
        end = last if last >= 0 else closed
        explanation = self._snippet(self.text[last + 4 : closed], last + 4, stem.format) if last >= 0 else None
        answer = self.text[opened + 1 : end]
        kind = _kind(answer.strip())
        start = opened + 1
        answers: tuple[GiftAnswer, ...] = ()
        if kind == "ordering":
            answers = tuple(self._entries(answer, start, stem.format))
        elif kind == "true-false":
            answers = tuple(self._truth(answer, start, stem.format))
        elif kind != "essay":
            skip = answer.index("#") + 1 if kind == "numeric" else 0
            first = "~" if kind == "choice" else "="
            answers = tuple(self._answers(answer[skip:], start + skip, stem.format, first, matching=kind == "matching"))
        before = shown(self.text[at:opened])
        return replace(
            base,
            kind=kind,
            lead=before[len(before.rstrip()) :],
            tail=shown(self.text[closed + 1 :]).rstrip(),
            answers=answers,
            truth=_TRUTH.get(answer.partition("#")[0].strip().upper(), False),
            setup=answer.strip().partition("\n")[0].strip() if kind == "ordering" else "",
            explanation=explanation if explanation and explanation.text else None,
        )

    def _answers(self, text: str, at: int, default: Format, first: str, *, matching: bool) -> Iterator[GiftAnswer]:
        """The answers behind their signs; what stands before the first sign is one that lacks it."""
        cuts = [found.start() for found in _SIGN.finditer(text)]
        pieces = [(first, 0, cuts[0] if cuts else len(text))]
        pieces += [(text[cut], cut + 1, end) for cut, end in zip(cuts, [*cuts[1:], len(text)], strict=False)]
        for index, (sign, start, end) in enumerate(pieces):
            if index or text[start:end].strip():
                yield self._one(sign, text[start:end], at + start, default, matching=matching)

    def _one(self, sign: str, text: str, at: int, default: Format, *, matching: bool) -> GiftAnswer:
        lead = len(text) - len(text.lstrip())
        weight = _WEIGHT.match(text, lead)
        begin = weight.end() if weight else lead
        # A pair takes no feedback, so the sign is one of its words.
        words, mark, feedback = (text[begin:], "", "") if matching else text[begin:].partition("#")
        left, arrow, right = words.partition("->") if matching else (words, "", "")
        snippet = self._snippet(left, at + begin, default)
        said = self._snippet(feedback, at + begin + len(words) + 1, default) if mark else None
        match = self._snippet(right, at + begin + len(left) + 2, default) if arrow else None
        return GiftAnswer(
            snippet.line,
            "=" if sign == "=" else "~",
            Decimal(weight[1]) if weight else None,
            snippet,
            said if said and said.text else None,
            match,
        )

    def _truth(self, answer: str, at: int, default: Format) -> Iterator[GiftAnswer]:
        """What is said to a wrong answer, and what to a right one."""
        place = 0
        for index, piece in enumerate(answer.split("#", 2)):
            if index:
                snippet = self._snippet(piece, at + place, default)
                yield GiftAnswer(snippet.line, "~" if index == 1 else "=", None, snippet)
            place += len(piece) + 1

    def _entries(self, answer: str, at: int, default: Format) -> Iterator[GiftAnswer]:
        """The lines of an ordering question below the one that sets it up."""
        place = 0
        for index, piece in enumerate(answer.split("\n")):
            if index and piece.strip():
                snippet = self._snippet(piece, at + place, default)
                yield GiftAnswer(snippet.line, "", None, snippet)
            place += len(piece) + 1

    def _snippet(self, text: str, at: int, default: Format) -> Snippet:
        lead = len(text) - len(text.lstrip())
        found = _FORMAT.match(text, lead)
        form: Format = default
        if found and found[1] in get_args(Format):
            form = found[1]  # type: ignore[assignment]
            text, at = text[found.end() :], at + found.end()
            lead = len(text) - len(text.lstrip())
        line = self.line(min(at + lead, max(len(self.text) - 1, 0)))
        return Snippet(line, shown(text).strip(), form)


def _kind(answer: str) -> Kind:
    """The type of a question, told from its answers alone."""
    if not answer:
        return "essay"
    if answer.startswith("#"):
        return "numeric"
    if _ORDERING.fullmatch(answer.partition("\n")[0]):
        return "ordering"
    if "~" in answer:
        return "choice"
    if "=" in answer and "->" in answer:
        return "matching"
    return "true-false" if answer.partition("#")[0].strip().upper() in _TRUTH else "short"


def category_title(category: str) -> str:
    """The last part of a category's path; a slash in a name is written twice."""
    return shortened(re.split(r"(?<!/)/(?!/)", category)[-1].replace("//", "/").strip(), 200)
