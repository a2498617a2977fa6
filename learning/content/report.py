"""What the course holds, counted by module: for those who plan it and for those who ask how much there is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from learning.content.headings import TYPES
from learning.content.model import Catalogue, Module
from learning.content.readability import words_of

_EXAMPLE = '<aside class="admonition example">'
#: Types in the words of the table's head.
_SHORT = {"multiple": "multi", "true-false": "t/f", "matching": "match", "ordering": "order"}


@dataclass(frozen=True, slots=True)
class Count:
    """What a module holds, or all of them together."""

    id: str
    lessons: int
    #: Words of the lessons, without those of quizzes and drawings.
    words: int
    figures: int
    examples: int
    calculators: int
    #: Number of questions by type.
    questions: dict[str, int]
    objectives: int
    #: Objectives that at least one question tests.
    tested: int
    sources: frozenset[str]


def count_modules(catalogue: Catalogue) -> list[Count]:
    """A count for each module, in their order."""
    modules = sorted(catalogue.modules.values(), key=lambda module: module.number)
    return [_count(catalogue, module) for module in modules]


def _count(catalogue: Catalogue, module: Module) -> Count:
    lessons = [catalogue.lessons[name] for name in module.lesson_ids]
    questions = catalogue.quizzes[module.quiz_id].questions if module.quiz_id else ()
    tested = {objective for question in questions for objective in question.objectives}
    return Count(
        id=module.id,
        lessons=len(lessons),
        words=sum(len(words_of(lesson.text)) for lesson in lessons),
        figures=sum(figure.module_id == module.id for figure in catalogue.figures),
        examples=sum(lesson.html.count(_EXAMPLE) for lesson in lessons),
        calculators=sum(len(lesson.calculators) for lesson in lessons),
        questions=dict(Counter(question.type for question in questions)),
        objectives=sum(len(lesson.objectives) for lesson in lessons),
        tested=len(tested),
        sources=frozenset(source for lesson in lessons for source in lesson.sources),
    )


def total(counts: Iterable[Count]) -> Count:
    """All modules together; a source that several use counts once."""
    counts = list(counts)
    questions: Counter[str] = Counter()
    for count in counts:
        questions.update(count.questions)
    return Count(
        id="all",
        lessons=sum(count.lessons for count in counts),
        words=sum(count.words for count in counts),
        figures=sum(count.figures for count in counts),
        examples=sum(count.examples for count in counts),
        calculators=sum(count.calculators for count in counts),
        questions=dict(questions),
        objectives=sum(count.objectives for count in counts),
        tested=sum(count.tested for count in counts),
        sources=frozenset().union(*(count.sources for count in counts)),
    )


def table(counts: Sequence[Count]) -> str:
    """The counts and their total as lines of text, a module a line."""
    head = ["module", "lessons", "words", "figures", "examples", "calculators"]
    head += [_SHORT.get(kind, kind) for kind in TYPES]
    head += ["questions", "objectives tested", "sources"]
    rows = [head, *(_row(count) for count in [*counts, total(counts)])]
    widths = [max(len(row[place]) for row in rows) for place in range(len(head))]
    lines = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    return "\n".join(lines)


def _row(count: Count) -> list[str]:
    share = f"{100 * count.tested // count.objectives} %" if count.objectives else "–"
    numbers = [count.lessons, count.words, count.figures, count.examples, count.calculators]
    numbers += [count.questions.get(kind, 0) for kind in TYPES]
    numbers.append(sum(count.questions.values()))
    return [
        count.id,
        *(f"{number:,}" for number in numbers),
        f"{count.tested}/{count.objectives} {share}",
        str(len(count.sources)),
    ]
