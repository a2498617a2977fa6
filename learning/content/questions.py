"""Markdown to Question: all eight types, each mistake with its line."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypedDict

from learning.content import plain
from learning.content.answers import (
    Entry,
    check_repeats,
    read_answer_lines,
    read_cloze,
    read_numbered,
    read_options,
    read_pairs,
    split_explanation,
)
from learning.content.context import Named
from learning.content.headings import Head, read_head
from learning.content.markdown import Writer
from learning.content.marks import GAP_END, GAP_START
from learning.content.model import (
    ClozeQuestion,
    Gap,
    MatchingQuestion,
    MultipleQuestion,
    NumericQuestion,
    NumericRange,
    Option,
    OrderedItem,
    OrderingQuestion,
    Pair,
    Question,
    ShortQuestion,
    SingleQuestion,
    TrueFalseQuestion,
)
from learning.content.numbers import Answer, read_spans
from learning.content.problems import Problems
from learning.content.text import Line, Text
from learning.content.variants import split_variants

_GAP_MARK = re.compile(f"{GAP_START}([0-9]+){GAP_END}")


class Common(TypedDict):
    """The fields that all types share, rendered."""

    id: str
    points: int
    title: str
    stem_html: str
    explanation_html: str
    objectives: tuple[str, ...]


class QuestionReader:
    """Reads the questions of one document."""

    def __init__(self, writer: Writer, problems: Problems, module_id: str | None = None) -> None:
        self.writer = writer
        self.module_id = module_id
        self.problems = problems
        self.names: list[Named] = []
        self._readers: dict[str, Callable[[Head, list[Line], Text], Question | None]] = {
            "single": self._choice,
            "multiple": self._choice,
            "true-false": self._choice,
            "numeric": self._numeric,
            "short": self._short,
            "matching": self._matching,
            "ordering": self._ordering,
            "cloze": self._cloze,
        }

    def question(self, heading: Line, lines: Sequence[Line]) -> Question | None:
        """The question under a heading, or None and problems."""
        self.writer.new_terms()
        head = read_head(heading, self.problems)
        if head is None:
            split_explanation(lines, heading.number, self.problems)
            return None
        self.names.append(Named(head.id, head.line))
        for objective in head.objectives:
            self.writer.references.add("objective", objective, head.line, self.module_id)
        body, explanation = split_explanation(lines, head.line, self.problems)
        return self._readers[head.type](head, body, explanation)

    def html(self, text: Text) -> str:
        """Rendered paragraphs, fit to be shown."""
        return self.writer.finished(self.writer.blocks(text)) if not text.blank else ""

    def inline(self, text: Text) -> str:
        """One rendered line, fit to be shown."""
        return self.writer.finished(self.writer.inline(text))

    def _common(self, head: Head, stem: Text, explanation: Text) -> Common:
        title = self.inline(Text((Line(head.line, head.title),)))
        stem_html = f'<p class="question-title">{title}</p>\n{self.html(stem)}'.strip()
        return Common(
            id=head.id,
            points=head.points,
            title=plain.text_of_html(title),
            stem_html=stem_html,
            explanation_html=self.html(explanation),
            objectives=head.objectives,
        )

    def _choice(self, head: Head, lines: list[Line], explanation: Text) -> Question | None:
        stem, entries = read_options(lines, self.problems)
        common = self._common(head, stem, explanation)
        check_choice(entries, head.type, head.line, self.problems)
        options = self.options(head.id, entries)
        match head.type:
            case "single":
                return SingleQuestion(**common, options=options)
            case "multiple":
                return MultipleQuestion(**common, options=options)
        return TrueFalseQuestion(**common, options=options)

    def options(self, salt: str, entries: Sequence[Entry]) -> tuple[Option, ...]:
        """Rendered options with ids that tell neither place nor rightness."""
        ids = stable_ids(salt, [entry.words for entry in entries])
        return tuple(
            Option(
                identifier,
                self.inline(Text(tuple(entry.text))),
                entry.mark == "x",
                self.html(Text.at(entry.feedback)) if entry.feedback else None,
            )
            for identifier, entry in zip(ids, entries, strict=True)
        )

    def _numeric(self, head: Head, lines: list[Line], explanation: Text) -> Question | None:
        lines, rows = split_variants(head, lines, explanation, self.problems)
        if not rows:
            return self._number(head, lines, explanation)
        variants = tuple(
            replace(
                self._number(row.head(head), row.lines(lines), Text(tuple(row.lines(explanation.lines)))),
                variant=row.label,
            )
            for row in rows
        )
        return replace(variants[0], variants=variants)

    def _number(self, head: Head, lines: list[Line], explanation: Text) -> NumericQuestion:
        stem, entries = read_answer_lines(lines, self.problems)
        common = self._common(head, stem, explanation)
        accepted, mistakes = read_spans(entries, head.line, self.problems)
        return NumericQuestion(**common, accepted=self._ranges(accepted), mistakes=self._ranges(mistakes))

    def _ranges(self, spans: list[Answer]) -> tuple[NumericRange, ...]:
        return tuple(
            NumericRange(
                span.low,
                span.high,
                span.shown,
                span.unit,
                self.html(Text.at(entry.feedback)) if entry.feedback else None,
            )
            for entry, span in spans
        )

    def _short(self, head: Head, lines: list[Line], explanation: Text) -> Question | None:
        stem, entries = read_answer_lines(lines, self.problems)
        common = self._common(head, stem, explanation)
        accepted: list[tuple[int, str]] = []
        for entry in entries:
            if entry.mark != "=" or entry.feedback:
                self.problems.add(entry.line, "is more than an accepted answer: write `= words | other words` only")
            for word in entry.words.split("|"):
                if not word.strip():
                    self.problems.add(entry.line, "holds an empty answer: write words on both sides of |")
                elif len(word) > 200:
                    self.problems.add(entry.line, "holds an answer longer than 200 characters: shorten it")
                else:
                    accepted.append((entry.line, word.strip()))
        if not entries:
            self.problems.add(head.line, "has no answer: write a line such as `= payback period | simple payback`")
        check_repeats([(line, _bare(word)) for line, word in accepted], "answer", self.problems)
        return ShortQuestion(**common, accepted=tuple(word for _, word in accepted))

    def _matching(self, head: Head, lines: list[Line], explanation: Text) -> Question | None:
        stem, rows = read_pairs(lines, self.problems)
        common = self._common(head, stem, explanation)
        if not 2 <= len(rows) <= 10:
            self.problems.add(head.line, f"has {len(rows)} pairs: end it with a table of two columns and 2 to 10 rows")
        check_repeats([(left.number, left.text) for left, _ in rows], "prompt", self.problems)
        check_repeats([(right.number, right.text) for _, right in rows], "match", self.problems)
        # From the match and not from its prompt: who knows how ids are made could else find the key in them.
        ids = stable_ids(head.id, [right.text for _, right in rows])
        pairs = tuple(
            Pair(identifier, self.inline(Text((left,))), self.inline(Text((right,))))
            for identifier, (left, right) in zip(ids, rows, strict=True)
        )
        return MatchingQuestion(**common, pairs=pairs)

    def _ordering(self, head: Head, lines: list[Line], explanation: Text) -> Question | None:
        stem, entries = read_numbered(lines, self.problems)
        common = self._common(head, stem, explanation)
        if not 2 <= len(entries) <= 10:
            self.problems.add(head.line, f"has {len(entries)} entries: end it with a numbered list of 2 to 10")
        check_repeats([(entry.line, entry.words) for entry in entries], "entry", self.problems)
        ids = stable_ids(head.id, [entry.words for entry in entries])
        items = tuple(
            OrderedItem(identifier, self.inline(Text(tuple(entry.text))))
            for identifier, entry in zip(ids, entries, strict=True)
        )
        return OrderingQuestion(**common, items=items)

    def _cloze(self, head: Head, lines: list[Line], explanation: Text) -> Question | None:
        stem, text = read_cloze(lines, self.problems)
        common = self._common(head, stem, explanation)
        if text.blank:
            self.problems.add(head.line, "has no gap: write {{right|wrong}} or {{=right}} into its text")
            return None
        self.writer.builder.gaps = []
        page = self.html(text)
        tokens, self.writer.builder.gaps = self.writer.builder.gaps, None
        parts = _GAP_MARK.split(page)
        gaps = [self._gap(int(number), tokens[int(number)].value, tokens[int(number)].line) for number in parts[1::2]]
        if len(gaps) != len(tokens):
            self.problems.add(text.line, "has a gap where none can stand: keep gaps out of code, links and formulas")
        return ClozeQuestion(**common, html_parts=tuple(parts[0::2]), gaps=tuple(gaps))

    def _gap(self, number: int, value: str, line: int) -> Gap:
        typed = value.startswith("=")
        words = [" ".join(word.split()) for word in value.removeprefix("=").split("|")]
        if not all(words):
            self.problems.add(line, "has a gap with an empty choice: write words between the |")
        if not typed and not 2 <= len(words) <= 10:
            self.problems.add(line, "has a gap to choose without 2 to 10 choices: write {{right|wrong}} or {{=right}}")
        check_repeats([(line, word if not typed else _bare(word)) for word in words if word], "choice", self.problems)
        if typed:
            return Gap(f"g{number + 1}", tuple(words), ())
        # Sorted, so that the right one does not always stand first.
        return Gap(f"g{number + 1}", (words[0],), tuple(sorted(words, key=str.casefold)))


def check_choice(entries: Sequence[Entry], kind: str, at: int, problems: Problems) -> None:
    """The rules of choice questions."""
    right = [entry for entry in entries if entry.mark == "x"]
    least, most = (2, 2) if kind == "true-false" else (2, 10)
    if not least <= len(entries) <= most:
        allowed = "exactly two" if kind == "true-false" else "2 to 10"
        problems.add(at, f"has {len(entries)} options: write {allowed} lines - [ ] or - [x]")
    if entries and not right:
        problems.add(entries[0].line, "starts options of which none is right: put an x into a box, - [x]")
    if kind == "multiple" and entries and len(right) == len(entries):
        problems.add(entries[0].line, "starts options that are all right: add a wrong one, - [ ]")
    if kind != "multiple" and len(right) > 1:
        problems.add(right[1].line, f"is a second right option: mark one only{_or_multiple(kind)}")
    check_repeats([(entry.line, entry.words) for entry in entries], "option", problems)


def _or_multiple(kind: str) -> str:
    return ", or write type=multiple" if kind == "single" else ""


def stable_ids(salt: str, texts: Sequence[str]) -> list[str]:
    """Eight hexadecimal digits for each text, all different, the same on every run."""
    ids: list[str] = []
    for text in texts:
        turn = 0
        while (identifier := hashlib.sha256(f"{salt}\n{text}\n{turn}".encode()).hexdigest()[:8]) in ids:
            turn += 1
        ids.append(identifier)
    return ids


def _bare(words: str) -> str:
    """Words as typed answers are compared: folded, without blanks."""
    return "".join(unicodedata.normalize("NFKC", words).casefold().split())
