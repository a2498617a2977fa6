"""One instrument in several languages: the texts differ, what is asked and how it scores does not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from learning.content.catalogue import Loaded
from tests.content.builders import INSTRUMENT, write

Load = Callable[[Path], Loaded]

FILE = "instruments/employee-awareness.zh.yaml"
CHINESE = INSTRUMENT.replace("language: en", "language: zh").replace("Policy and commitment", "方针与承诺")


def problems(load: Load, content: Path, text: str, file: str = FILE) -> list[str]:
    write(content, file, text)
    return [str(problem) for problem in load(content).problems]


def test_a_translation_stands_beside_its_instrument(load: Load, content: Path) -> None:
    write(content, FILE, CHINESE)
    catalogue = load(content).catalogue
    assert catalogue is not None
    assert list(catalogue.instruments) == ["employee-awareness"]
    chinese = catalogue.instrument_in("employee-awareness", "zh")
    english = catalogue.instrument_in("employee-awareness", "de")
    assert chinese is not None
    assert english is not None
    assert (chinese.dimensions[0].title, english.dimensions[0].title) == ("方针与承诺", "Policy and commitment")
    assert chinese.hash != english.hash
    assert catalogue.instrument_in("no-such", "zh") is None


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("language: zh", "language: en", "is in `en` in a file for `zh`"),
        ("id: employee-awareness", "id: other", "has another id than the first file: write employee-awareness"),
        ("minutes: 14", "minutes: 15", "number of minutes than the first file: write 14"),
        ("minimum_weight: 0.6667", "minimum_weight: 0.7", "has another minimum weight than the first file"),
        ("      - {from: 40", "      - {from: 50", "has another row of bands than the first file: write 0, 40"),
        ("weight: 1.0", "weight: 2.0", "has another weight than the first file: write 1.0"),
        ("lesson: m12-l1", "lesson: m12-l3", "has another recommended lesson than the first file: write m12-l1"),
        ("      then: m12-l2\n", "", "has another second lesson than the first file: write m12-l2"),
        ("id: b1-2", "id: b1-3", "is `b1-3`, which the first file does not have"),
        ("right: true", "right: false", "has another right answer than the first file: write 1 of 2"),
        ("[[b1-1, b1-2]]", "[]", "has another list of contradictory pairs than the first file: write b1-1/b1-2"),
        ("id: k\n", "id: z\n", "is `z`, which the first file does not have"),
    ],
)
def test_what_is_asked_must_stay_the_same(load: Load, content: Path, old: str, new: str, words: str) -> None:
    text = CHINESE.replace(old, new, 1)
    if old == "right: true":
        text = text.replace("{text: Treatment, right: false", "{text: Treatment, right: true", 1)
    if old == "id: b1-2":
        text = text.replace("[[b1-1, b1-2]]", "[[b1-1, b1-3]]")
    if old == "id: k\n":
        text = text.replace("headline: k", "headline: z")
    found = problems(load, content, text)
    assert any(words in problem for problem in found), found
    assert all(problem.startswith(f"content/{FILE}:") for problem in found)
    # The place is the line that was changed, or for what was cut or stands in a list the key around it.
    line = CHINESE[: CHINESE.index(old)].count("\n") + 1
    assert any(abs(int(problem.split(":")[1]) - line) <= 2 for problem in found if words in problem), found


def test_items_of_another_order_are_named(load: Load, content: Path) -> None:
    first, second, end = (CHINESE.index(part) for part in ("      - id: b1-1", "      - id: b1-2", "  - id: k1\n"))
    turned = CHINESE[:first] + CHINESE[second:end] + CHINESE[first:second] + CHINESE[end:]
    line = CHINESE[:first].count("\n")
    assert problems(load, content, turned) == [
        f"content/{FILE}:{line}: has another order than the first file: keep its order"
    ]


def test_an_item_that_was_not_translated_is_named(load: Load, content: Path) -> None:
    item = "      - {id: b1-3, text: More., key: positive, guidance: Look.}\n"
    longer = INSTRUMENT.replace("  - id: k1\n", f"{item}  - id: k1\n")
    write(content, "instruments/employee-awareness.yaml", longer)
    line = CHINESE[: CHINESE.index("      - id: b1-1")].count("\n")
    assert problems(load, content, CHINESE) == [f"content/{FILE}:{line}: lacks `b1-3` of the first file: translate it"]


def test_a_translation_of_nothing_is_refused(load: Load, content: Path) -> None:
    found = problems(load, content, CHINESE, "instruments/other.zh.yaml")
    assert found == [
        "content/instruments/other.zh.yaml:1: translates instruments/other.yaml, which is not there: "
        "write that one first"
    ]


def test_a_broken_instrument_does_not_blame_its_translation(load: Load, content: Path) -> None:
    write(content, "instruments/employee-awareness.yaml", INSTRUMENT.replace("version: 1", "version: 0"))
    found = problems(load, content, CHINESE)
    assert [problem.split(":")[0] for problem in found] == ["content/instruments/employee-awareness.yaml"]
