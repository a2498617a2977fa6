"""Questions as their author wrote them: Markdown, not yet rendered. What is exchanged with other formats.

``learning.content.question_writer`` writes them; reading back what it wrote gives the same drafts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from learning.content.answers import (
    Entry,
    read_answer_lines,
    read_cloze,
    read_numbered,
    read_options,
    read_pairs,
    read_table_head,
    split_explanation,
)
from learning.content.headings import Head, read_head
from learning.content.problems import Problems
from learning.content.text import Line, Text
from learning.content.words import WHY


@dataclass(frozen=True, slots=True)
class ChoiceDraft:
    """One option."""

    text: str
    right: bool
    feedback: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """Options, of which one or several are right."""

    kind: Literal["single", "multiple", "true-false"]
    options: tuple[ChoiceDraft, ...]


@dataclass(frozen=True, slots=True)
class NumberDraft:
    """An answer line: ``42.5 ± 0.5 kWh`` and what is said to it."""

    text: str
    feedback: str = ""


@dataclass(frozen=True, slots=True)
class Numbers:
    """Accepted numbers and known mistakes."""

    accepted: tuple[NumberDraft, ...]
    mistakes: tuple[NumberDraft, ...] = ()
    kind: Literal["numeric"] = "numeric"


@dataclass(frozen=True, slots=True)
class Words:
    """Typed words; plain text."""

    accepted: tuple[str, ...]
    kind: Literal["short"] = "short"


@dataclass(frozen=True, slots=True)
class Pairs:
    """Prompts and their matches, as cells of a table; ``head`` is its first row."""

    rows: tuple[tuple[str, str], ...]
    head: tuple[str, str] = ("Prompt", "Match")
    kind: Literal["matching"] = "matching"


@dataclass(frozen=True, slots=True)
class Order:
    """Entries in their right order."""

    items: tuple[str, ...]
    kind: Literal["ordering"] = "ordering"


@dataclass(frozen=True, slots=True)
class Gaps:
    """A text with ``{{right|wrong}}`` and ``{{=typed}}`` in it."""

    text: str
    kind: Literal["cloze"] = "cloze"


AnswerDraft = Choices | Numbers | Words | Pairs | Order | Gaps


@dataclass(frozen=True, slots=True)
class QuestionDraft:
    """A question in Markdown, part by part."""

    id: str
    #: One line.
    title: str
    #: What stands between heading and answer; may be empty.
    stem: str
    answer: AnswerDraft
    #: Without the words it starts with.
    explanation: str
    points: int = 1
    #: As the heading names them: "m03-l2.1".
    objectives: tuple[str, ...] = ()


def read_draft(heading: Line, lines: Sequence[Line], problems: Problems) -> QuestionDraft | None:
    """The question under a heading; None, and what stands in the way, if its parts cannot be told apart."""
    before = len(problems)
    head = read_head(heading, problems)
    body, explanation = split_explanation(lines, heading.number, problems)
    if head is None:
        return None
    stem, answer = _answer(head, body, problems)
    if len(problems) > before or answer is None:
        return None
    why = str(explanation).removeprefix(WHY).removeprefix(" ")
    return QuestionDraft(head.id, head.title.strip(), str(stem), answer, why, head.points, head.objectives)


def _answer(head: Head, lines: list[Line], problems: Problems) -> tuple[Text, AnswerDraft | None]:
    match head.type:
        case "single" | "multiple" | "true-false":
            stem, options = read_options(lines, problems)
            choices = tuple(ChoiceDraft(_text(each), each.mark == "x", _feedback(each)) for each in options)
            return stem, Choices(head.type, choices)
        case "numeric":
            stem, entries = read_answer_lines(lines, problems)
            numbers = [(each.mark, NumberDraft(each.words, _feedback(each))) for each in entries]
            accepted = tuple(number for mark, number in numbers if mark == "=")
            return stem, Numbers(accepted, tuple(number for mark, number in numbers if mark != "="))
        case "short":
            stem, entries = read_answer_lines(lines, problems)
            return stem, Words(tuple(word.strip() for each in entries for word in each.words.split("|")))
        case "matching":
            return _pairs(lines, problems)
        case "ordering":
            stem, entries = read_numbered(lines, problems)
            return stem, Order(tuple(_text(each) for each in entries))
    stem, text = read_cloze(lines, problems)
    return stem, Gaps(str(text)) if not text.blank else None


def _pairs(lines: list[Line], problems: Problems) -> tuple[Text, AnswerDraft | None]:
    stem, rows = read_pairs(lines, problems)
    head = read_table_head(lines)
    if not rows or len(head) != 2:
        return stem, None
    return stem, Pairs(tuple((left.text, right.text) for left, right in rows), (head[0], head[1]))


def _text(entry: Entry) -> str:
    return "\n".join(line.text for line in entry.text).strip()


def _feedback(entry: Entry) -> str:
    return str(Text.at(entry.feedback))
