"""The editorial check: what a careful editor would say of content that has no mistakes any more.

The parser's mistakes come first; the rules here look at what has none. All rules are named in ``RULES``, and the
table of them in docs/authoring.md is made from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from learning.content import editorial_lessons as of_lessons
from learning.content import editorial_quizzes as of_quizzes
from learning.content.files import File, Folder, decoded
from learning.content.findings import Finding
from learning.content.frontmatter import split_front_matter
from learning.content.model import Catalogue
from learning.content.problems import Problems
from learning.content.text import Text, normalised
from learning.content.yaml_lines import Document


@dataclass(frozen=True, slots=True)
class Rule:
    """What a rule looks for."""

    #: An error is a mistake that the parser names and that keeps content from going live.
    level: Literal["error", "warning"]
    looks_for: str


RULES: dict[str, Rule] = {
    "missing-alt-text": Rule("error", "A figure without alternative text."),
    "unknown-term": Rule("error", "A marked term that is not in the glossary."),
    "unknown-objective": Rule("error", "A question that names an objective which its module does not have."),
    "hard-to-read": Rule(
        "warning", f"A lesson whose prose has a Flesch-Kincaid grade above {of_lessons.HIGHEST_GRADE:g}."
    ),
    "long-sentence": Rule("warning", f"A sentence of a lesson with more than {of_lessons.MOST_WORDS} words."),
    "unmarked-term": Rule(
        "warning",
        "A glossary term that a lesson uses, outside headings, links and questions, and marks nowhere. "
        "A name in small letters is found in any case and in the plural, an abbreviation as it is written.",
    ),
    "no-term": Rule("warning", "A lesson that marks no glossary term: no Chinese word leads to it in the search."),
    "unsourced-number": Rule(
        "warning",
        "A number with a unit or per cent (0 and 100 apart) in running text, a note, tip, warning or case, without one of: a source or "
        "footnote in the same paragraph; a constant; a word that says it is no fact (textbook or teaching value, "
        "illustrative, invented, assumed, suppose, imagine); a sum (=, × or ÷) that gives it; the same number in an "
        "example, calculator, table, figure or question of the lesson, or in a paragraph that has one of these.",
    ),
    "untested-objective": Rule("warning", "An objective of a lesson that no question of the module's quiz tests."),
    "no-objective": Rule("warning", "A question of a quiz that names no objective."),
    "no-feedback": Rule(
        "warning",
        "A wrong option without feedback, in a quiz or a check; a numeric question without a known mistake (`!=`).",
    ),
    "telling-position": Rule(
        "warning",
        f"A quiz with {of_quizzes.FEWEST} or more `single` questions of which more than half have the right option "
        "at the same place, or with as many `true-false` questions that all have the same answer.",
    ),
    "telling-length": Rule(
        "warning",
        f"A quiz with {of_quizzes.FEWEST} or more `single` questions of which more than half have the right option "
        "as the longest.",
    ),
    "duplicate-stem": Rule(
        "warning",
        "A question, in a quiz or a check, with the heading and stem of another one, apart from case and signs.",
    ),
}


def table() -> str:
    """The rules as the guide for authors shows them."""
    rows = [f"| `{name}` | {rule.level} | {rule.looks_for} |" for name, rule in RULES.items()]
    return "\n".join(["| Rule | Level | What it finds |", "|---|---|---|", *rows, ""])


def review(folder: Folder, catalogue: Catalogue) -> tuple[Finding, ...]:
    """All findings of a folder that became this catalogue, by file and line."""
    found: list[Finding] = []
    asked: list[of_quizzes.Asked] = []
    names = of_lessons.names_of(tuple(catalogue.terms.values()))
    lessons = {lesson.hash: lesson for lesson in catalogue.lessons.values()}
    tested = {
        objective
        for quiz in catalogue.quizzes.values()
        for question in quiz.questions
        for objective in question.objectives
    }
    for file, front, body in _documents(folder):
        label = folder.label(file.path)
        if file.place == "lesson":
            lesson = lessons[file.hash]
            found += of_lessons.review_lesson(label, lesson, body, names)
            found += of_lessons.untested(label, lesson, front, tested)
            asked += of_quizzes.asked_in_lesson(label, body)
        else:
            questions = of_quizzes.asked_in_quiz(label, body)
            found += of_quizzes.review_quiz(questions)
            asked += questions
    found += of_quizzes.review_bank(asked)
    return tuple(sorted(found))


def _documents(folder: Folder) -> Iterator[tuple[File, Document, Text]]:
    """Lessons and quizzes with their front matter and body."""
    for file in folder.files:
        if file.place in ("lesson", "quiz"):
            text, _, _ = decoded(file.data)
            front, body = split_front_matter(normalised(text), Problems(file.path))
            if front is not None:
                yield file, front, body
