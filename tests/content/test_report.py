"""The report counts what is there, and its total."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from learning.content.catalogue import Loaded
from learning.content.headings import TYPES
from learning.content.report import count_modules, table, total
from tests.content.builders import LESSON, lesson, replaced, write

Load = Callable[[Path], Loaded]


def _with_a_second_module(content: Path) -> None:
    write(content, "modules/02-next/module.yaml", "id: m02\ntitle: Next\nsummary: What follows.\n")
    body = 'Two words.\n\n!!! example "Worked example: one"\n    Three more words.'
    write(content, "modules/02-next/01-a.md", lesson(body, sources="[own]").replace("m01-l1", "m02-l1"))


def test_a_module_is_counted(content: Path, load: Load) -> None:
    replaced(content, "modules/01-why/quiz.md", "type=single", "type=single objective=m01-l1.2,m01-l2.1")
    _with_a_second_module(content)
    catalogue = load(content).catalogue
    assert catalogue is not None
    first, second = count_modules(catalogue)
    assert (first.id, first.lessons, first.figures, first.examples, first.calculators) == ("m01", 2, 1, 0, 0)
    assert first.questions == dict.fromkeys(TYPES, 1)
    assert (first.objectives, first.tested, first.sources) == (3, 2, {"s1", "own"})
    assert 100 < first.words < len(LESSON.split()) + 10
    assert (second.lessons, second.words, second.examples, second.questions) == (1, 8, 1, {})
    assert (second.objectives, second.tested) == (1, 0)


def test_the_total_adds_up_and_counts_a_source_once(content: Path, load: Load) -> None:
    _with_a_second_module(content)
    catalogue = load(content).catalogue
    assert catalogue is not None
    counts = count_modules(catalogue)
    everything = total(counts)
    assert everything.words == sum(count.words for count in counts)
    assert (everything.lessons, everything.examples, len(everything.sources)) == (3, 1, 2)


def test_the_table_has_a_line_for_each_module_and_one_for_all(content: Path, load: Load) -> None:
    _with_a_second_module(content)
    catalogue = load(content).catalogue
    assert catalogue is not None
    head, *rows = table(count_modules(catalogue)).split("\n")
    assert [row.split()[0] for row in rows] == ["m01", "m02", "all"]
    assert {len(row) for row in rows} == {len(head)}
    assert re.search(r" 0/1 0 % +1$", rows[1])
