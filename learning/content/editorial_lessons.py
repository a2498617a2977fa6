"""Editorial rules of lessons: readable, its terms marked, its numbers sourced, its objectives tested."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from learning.content.findings import Finding
from learning.content.marks import folded, term_index
from learning.content.model import Lesson, Term
from learning.content.problems import shortened
from learning.content.prose import READ, Passage, passages
from learning.content.readability import grade, sentences_of, words_of
from learning.content.text import Text
from learning.content.yaml_lines import Document

#: Readers are shop-floor people, many of whom read English as a second language.
HIGHEST_GRADE = 8.0
MOST_WORDS = 30

_LINK = re.compile(r"\[[^\[\]]*\]\([^()]*\)")
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_UNITS = (
    "%|per cent|percentage points|°C|CNY|yuan|[kMGT]?Wh|[kMG]?W|MVA|kVA|kvar|mg|kg|g|µg|t|tonnes?|µm|mm|cm|km|m²|m³|m|ha|"
    "km²|mL|L|litres?|[kMGT]?J|bar|[kM]?Pa|tce|kgce|ppm|dB|lx|lm|V|A|million|billion"
)
#: A number with a unit; of a span ("5 to 8 %") both ends.
_MEASURED = re.compile(
    rf"(?<![\w.,])(?P<low>{_DIGITS})(?: *(?:to|–|and|or) *(?P<high>{_DIGITS}))?[ \u00a0]*(?:{_UNITS})(?![\w²³])"
)
_NUMBER = re.compile(rf"(?<![\w.,]){_DIGITS}")
_NO_FACT = re.compile(
    r"textbook|teaching (?:value|price)|illustrative|invented|\bassum|\bsuppose|\bimagine", re.IGNORECASE
)
_MARKED = re.compile(r"\[@|\[\^|\{\{constant:")
#: A sum that the reader can follow.
_SUM = re.compile(r"= *[*−-]*\d|\d *[×÷] *\d")
#: Kinds whose numbers are claims; those of examples, tables and questions are the lesson's own and recomputed by tests.
_CLAIMS = ("text", "note", "tip", "warning", "case")


@dataclass(frozen=True, slots=True)
class TermNames:
    """How the terms of the glossary may stand in a text."""

    pattern: re.Pattern[str]
    #: Id of a term by its name in small letters.
    ids: dict[str, str]
    #: Names under which a mark finds its term.
    marks: dict[str, str]


def names_of(terms: tuple[Term, ...]) -> TermNames:
    """One pattern for all names, the longest first: "heat recovery" is no use of "recovery"."""
    ids: dict[str, str] = {}
    for term in terms:
        for name in (term.term, *term.also):
            head, _, short = name.removesuffix(")").partition(" (")
            ids.update({part: term.id for part in (head, short) if part})
    parts = [_spelled(name) for name in sorted(ids, key=len, reverse=True)]
    pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(parts) or '(?!)'})(?![\w-])")
    return TermNames(pattern, {name.casefold(): id_ for name, id_ in ids.items()}, term_index(terms))


def _spelled(name: str) -> str:
    if name.upper() == name or any(letter.isupper() for letter in name[1:]):
        return re.escape(name)
    return f"(?i:{re.escape(name)}s?)"


def review_lesson(file: str, lesson: Lesson, body: Text, names: TermNames) -> Iterator[Finding]:
    """What an editor finds in the body of a lesson."""
    found = passages(body)
    yield from _reading(file, lesson, [passage for passage in found if passage.kind in READ])
    yield from _terms(file, lesson, found, names)
    yield from _numbers(file, found)


def untested(file: str, lesson: Lesson, front: Document, tested: Collection[str]) -> Iterator[Finding]:
    """Objectives that no question tests."""
    for index, objective in enumerate(lesson.objectives):
        name = f"{lesson.id}.{index + 1}"
        if name not in tested:
            message = f'promises "{shortened(objective)}", which no question tests: write one with objective={name}'
            yield Finding(file, front.line(("objectives", index)), "untested-objective", message)


def _reading(file: str, lesson: Lesson, prose: list[Passage]) -> Iterator[Finding]:
    level = grade(passage.words for passage in prose if not passage.source.startswith("|"))
    if level > HIGHEST_GRADE:
        message = f"is a lesson of grade {level:.1f}: write shorter words and sentences, down to {HIGHEST_GRADE:g}"
        yield Finding(file, prose[0].line, "hard-to-read", message)
    for passage in prose:
        for sentence in sentences_of(passage.words):
            count = len(words_of(sentence))
            if count > MOST_WORDS and not passage.source.startswith("|"):
                message = f'has a sentence of {count} words, "{shortened(sentence, 40)}": part it'
                yield Finding(file, passage.line, "long-sentence", message)


def _terms(file: str, lesson: Lesson, found: list[Passage], names: TermNames) -> Iterator[Finding]:
    if not lesson.terms:
        message = "marks no glossary term: mark its main word as [[term]], and add it to glossary.yaml if it is missing"
        yield Finding(file, found[0].line, "no-term", message)
    told = set(lesson.terms)
    for passage in found:
        if passage.kind not in READ or passage.kind == "check":
            continue
        for use in names.pattern.finditer(_LINK.sub("", passage.source)):
            name = use[0].casefold()
            term = names.ids.get(name) or names.ids[name.removesuffix("s")]
            if term not in told:
                told.add(term)
                mark = use[0] if folded(use[0]) in names.marks else f"{term}|{use[0]}"
                message = f"uses the term `{use[0]}`, which the lesson marks nowhere: write [[{mark}]] here"
                yield Finding(file, passage.line, "unmarked-term", message)


def _numbers(file: str, found: list[Passage]) -> Iterator[Finding]:
    #: What everybody knows needs no source.
    known = {0.0, 100.0}
    for passage in found:
        if passage.kind not in _CLAIMS or _founded(passage):
            known.update(map(_value, _NUMBER.findall(passage.source)))
    for passage in found:
        if passage.kind in _CLAIMS and not _founded(passage):
            bare = [
                measured[0]
                for measured in _MEASURED.finditer(passage.words)
                if not {_value(measured["low"]), _value(measured["high"] or measured["low"])} <= known
            ]
            if bare:
                message = f"gives {', '.join(bare)} without a source: cite one, or say that it is assumed"
                yield Finding(file, passage.line, "unsourced-number", message)


def _value(digits: str) -> float:
    return float(digits.replace(",", ""))


def _founded(passage: Passage) -> bool:
    return any(sign.search(passage.source) for sign in (_MARKED, _NO_FACT, _SUM))
