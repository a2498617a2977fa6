"""Calculators in a lesson: what an author may write, and what is said about mistakes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from learning.content.context import Reply
from learning.content.expressions import written
from tests.content.builders import lesson

Read = Callable[..., Reply]

LEAK = """\
```calculator
id: leak
title: What does a leak cost?
inputs:
  - {id: hours, label: Hours, unit: h, min: 0, max: 8784, default: 8000}
  - {id: price, label: Price, unit: CNY/kWh, min: 0, max: 5, default: 0.7}
outputs:
  - {id: energy, label: Energy, unit: kWh, decimals: 0, formula: "2 * hours", expect: 16000}
  - {id: cost, label: Cost, unit: CNY, decimals: 1, formula: "energy * price", expect: 11200}
```
"""


def problems(read: Read, block: str) -> list[str]:
    return [f"{problem.line}: {problem.message}" for problem in read(lesson(block)).problems]


def test_a_calculator_leaves_a_place_in_the_text_and_stands_in_the_lesson(read: Read) -> None:
    found = read(lesson(f"Before.\n\n{LEAK}\nBehind."))
    assert found.problems == ()
    assert found.lesson is not None
    assert found.lesson.html == '<p>Before.</p>\n<div data-calculator="leak"></div>\n<p>Behind.</p>'
    (calculator,) = found.lesson.calculators
    assert (calculator.id, calculator.title) == ("leak", "What does a leak cost?")
    assert [entry.default for entry in calculator.inputs] == [8000, 0.7]
    assert calculator.outputs[1].program == ("$energy", "$price", "*")


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("expect: 11200", "expect: 11201", 9, "is 11,200.0 at the defaults, and `expect` says 11201.0"),
        ("expect: 16000", "expect: 16000.4", 8, "`expect` says 16000.4"),
        ('"2 * hours"', '"2 * hour"', 8, "names `hour`, which is neither"),
        ('"2 * hours"', '"2 * cost"', 8, "names `cost`, which is neither"),
        ('"2 * hours"', '"2 / (hours - 8000)"', 8, "gives no number at the defaults"),
        ('"energy * price"', '"energy"', 6, "`price` stands in no formula"),
        ("default: 0.7", "default: 7", 6, "must have min < max, and its default between them"),
        ("id: price", "id: hours", 6, "repeats the name `hours`"),
        ("id: price", "id: Price", 6, "must be a name for formulas"),
        ("decimals: 1", "decimals: 9", 9, "is too large: write 6 or less"),
        ("id: leak", "id: leak\ncolour: red", 3, "`colour` is not a key here"),
        ("title: What does a leak cost?\n", "", 2, "`title` is missing"),
    ],
)
def test_a_mistake_is_named_with_its_line(read: Read, old: str, new: str, line: int, said: str) -> None:
    assert old in LEAK
    found = problems(read, LEAK.replace(old, new, 1))
    # The block starts on line 11 of the file.
    assert [each for each in found if each.startswith(f"{10 + line}: ") and said in each], found


def test_two_calculators_of_a_lesson_have_two_ids(read: Read) -> None:
    assert any("repeats the id `leak`" in each for each in problems(read, f"{LEAK}\n{LEAK}"))


def test_a_calculator_without_an_end_is_named(read: Read) -> None:
    assert any("without an end" in each for each in problems(read, LEAK.rstrip().removesuffix("```")))


def test_other_fenced_blocks_are_still_refused(read: Read) -> None:
    assert any("starts a fenced block" in each for each in problems(read, "```python\nprint()\n```"))


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (1234567.5, 0, "1,234,568"),
        (2.5, 0, "3"),
        (-2.5, 0, "−3"),
        (-0.004, 2, "0.00"),
        (1.005, 2, "1.00"),
        (-1234.5, 1, "−1,234.5"),
    ],
)
def test_numbers_are_written_as_people_read_them(value: float, decimals: int, text: str) -> None:
    assert written(value, decimals) == text
