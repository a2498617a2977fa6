"""Editorial rules of questions: feedback for every wrong turn, no key that shows from outside, nothing asked twice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from learning.content.answers import Entry, read_answer_lines, read_options, split_explanation
from learning.content.findings import Finding
from learning.content.headings import read_head, split_questions
from learning.content.problems import Problems, shortened
from learning.content.text import Line, Text

#: From so many questions of a kind on, a quiz can show a pattern.
FEWEST = 3

_CHOICES = ("single", "multiple", "true-false")
_CHECK = re.compile(r"!!! ?check ")
_SIGNS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the author wrote it."""

    file: str
    line: int
    type: str
    objectives: tuple[str, ...]
    #: Heading and what stands under it, up to the answer.
    stem: str
    #: Options, or the answer lines of a numeric question.
    entries: tuple[Entry, ...]
    in_quiz: bool

    @property
    def places_of_right(self) -> tuple[int, ...]:
        """Where the right options stand, from 1."""
        return tuple(place for place, entry in enumerate(self.entries, start=1) if entry.mark == "x")

    @property
    def longest_is_right(self) -> bool:
        """Whether no wrong option is as long as the longest right one."""
        longest = max(self.entries, key=lambda entry: (len(entry.words), entry.mark != "x"))
        return longest.mark == "x"


def asked_in_quiz(file: str, body: Text) -> list[Asked]:
    """The questions of a quiz."""
    quiet = Problems(file)
    found = []
    for heading, lines in split_questions(body)[1]:
        head = read_head(heading, quiet)
        if head is None:
            continue
        rest, _ = split_explanation(lines, heading.number, quiet)
        stem, entries = _parted(head.type, rest, quiet)
        found.append(
            Asked(file, head.line, head.type, head.objectives, f"{head.title}\n{stem}", tuple(entries), in_quiz=True)
        )
    return found


def _parted(kind: str, lines: Sequence[Line], quiet: Problems) -> tuple[Text, list[Entry]]:
    if kind in _CHOICES:
        return read_options(lines, quiet)
    if kind in ("numeric", "short"):
        return read_answer_lines(lines, quiet)
    # The rows, entries and gaps of the others belong to what is asked.
    return Text.at(lines), []


def asked_in_lesson(file: str, body: Text) -> list[Asked]:
    """The check questions of a lesson."""
    quiet = Problems(file)
    found = []
    lines = list(body.lines)
    for index, line in enumerate(lines):
        if not _CHECK.match(line.text):
            continue
        block: list[Line] = []
        for below in lines[index + 1 :]:
            if not below.blank and not below.text.startswith(" "):
                break
            block.append(Line(below.number, below.text[4:]))
        rest, _ = split_explanation(block, line.number, quiet)
        stem, entries = read_options(rest, quiet)
        found.append(Asked(file, line.number, "check", (), str(stem), tuple(entries), in_quiz=False))
    return found


def review_quiz(questions: Sequence[Asked]) -> Iterator[Finding]:
    """What an editor finds in the questions of one quiz taken together."""
    for asked in questions:
        if not asked.objectives:
            message = "names no objective: write the one it tests into its heading, objective=m01-l1.1"
            yield Finding(asked.file, asked.line, "no-objective", message)
    yield from _positions(questions)
    yield from _lengths(questions)


def _positions(questions: Sequence[Asked]) -> Iterator[Finding]:
    for kind, most in (("single", 0.5), ("true-false", 0.99)):
        same = [asked for asked in questions if asked.type == kind]
        places = Counter(asked.places_of_right for asked in same)
        for place, count in places.items():
            if len(same) >= FEWEST and count > most * len(same):
                first = next(asked for asked in same if asked.places_of_right == place)
                message = f"is one of {count} of {len(same)} {kind} questions whose right option is number {place[0]}: "
                yield Finding(first.file, first.line, "telling-position", message + "reorder some")


def _lengths(questions: Sequence[Asked]) -> Iterator[Finding]:
    same = [asked for asked in questions if asked.type == "single"]
    telling = [asked for asked in same if asked.longest_is_right]
    if len(same) >= FEWEST and len(telling) > len(same) / 2:
        message = f"is one of {len(telling)} of {len(same)} single questions whose longest option is right: "
        yield Finding(telling[0].file, telling[0].line, "telling-length", message + "shorten some")


def review_bank(questions: Sequence[Asked]) -> Iterator[Finding]:
    """What an editor finds in all questions there are, in quizzes and lessons."""
    first: dict[str, Asked] = {}
    for asked in questions:
        yield from _feedback(asked)
        stem = _SIGNS.sub(" ", asked.stem).casefold().strip()
        other = first.setdefault(stem, asked)
        if other is not asked:
            message = f"asks the same as {other.file}:{other.line}: ask something else"
            yield Finding(asked.file, asked.line, "duplicate-stem", message)


def _feedback(asked: Asked) -> Iterator[Finding]:
    if asked.type == "numeric" and not any(entry.mark == "!=" for entry in asked.entries):
        message = "foresees no mistake: write a line != with the value that a common error gives, and feedback under it"
        yield Finding(asked.file, asked.line, "no-feedback", message)
    elif asked.type in (*_CHOICES, "check"):
        for entry in asked.entries:
            if entry.mark != "x" and not entry.feedback:
                message = f'is the wrong option "{shortened(entry.words, 40)}" without feedback: say why it is wrong'
                yield Finding(asked.file, entry.line, "no-feedback", message)
