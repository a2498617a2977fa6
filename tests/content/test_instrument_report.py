"""How hard an instrument's texts are to read, which lessons are missing, and the sheet that prints it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from learning.content.context import Reply
from learning.content.instrument_report import (
    HIGHEST_GRADE,
    GradedText,
    graded_dimensions,
    graded_frame,
    is_graded,
    unwritten_lessons,
)
from learning.content.instrument_sheet import WIDTH, sheet, sheet_text
from learning.content.model import Instrument
from learning.content.readability import grade
from tests.content.builders import INSTRUMENT


@pytest.fixture
def instrument(read: Callable[..., Reply]) -> Instrument:
    lower = "      lower: [{below: 40, lesson: m01-l1, measure: Begin.}]\n"
    found = read(
        INSTRUMENT.replace("      then: m12-l2\n", f"      then: m12-l2\n{lower}"), kind="instrument"
    ).instrument
    assert found is not None
    return found


def test_every_text_of_a_page_has_its_grade(instrument: Instrument) -> None:
    promise, attitude, knowledge = graded_dimensions(instrument)
    assert [(text.owner, text.name) for text in promise.texts[:5]] == [
        ("a1", "about"),
        ("a1", "measure 40"),
        ("a1", "measure"),
        ("a1-1", "text"),
        ("a1-1", "anchor 0"),
    ]
    assert {text.name for text in promise.texts} >= {"anchor 4", "guidance", "why"}
    assert [text.name for text in attitude.texts] == ["about", "text", "guidance", "text", "guidance"]
    assert {text.name for text in knowledge.texts} >= {"option 1", "option 2", "feedback 1", "feedback 2"}
    assert all(text.grade == grade([text.text]) for text in promise.texts)
    assert promise.highest == max(text.grade for text in promise.texts)
    assert promise.mean == pytest.approx(sum(text.grade for text in promise.texts) / len(promise.texts))
    assert [text.name for text in graded_frame(instrument)] == [
        "purpose",
        "short",
        "band 0",
        "band 40",
        "short",
        "short",
    ]


@pytest.mark.parametrize(("figure", "hard"), [(HIGHEST_GRADE, False), (9.04, False), (9.06, True)])
def test_a_text_is_too_hard_above_nine_as_printed(figure: float, hard: bool) -> None:
    assert GradedText("a1-1", "text", "Words.", figure).too_hard is hard


def test_only_english_is_graded(instrument: Instrument) -> None:
    assert is_graded(replace(instrument, language="en-GB"))
    assert not is_graded(replace(instrument, language="zh"))


def test_lessons_that_are_not_written_yet_are_known(instrument: Instrument) -> None:
    assert unwritten_lessons(instrument, {"m12-l1"}) == ("m01-l1", "m12-l2")
    assert unwritten_lessons(instrument, {"m01-l1", "m12-l1", "m12-l2"}) == ()


def test_the_sheet_holds_all_that_is_asked_and_how_it_scores(instrument: Instrument) -> None:
    text = sheet_text(instrument)
    words = " ".join(text.split())
    for item in instrument.items:
        assert f"{item.id} {item.text}" in words
        assert item.guidance in words
    for line in (
        "[ ] 0 Nothing",
        "[ ] 4 Checked",
        "[ ] 5 completely true",
        "[ ] a Prevention",
        "[ ] there was no opportunity",
        "Why: It must reach the shop floor.",
        "from 40 Started. Go on.",
        "turned b1-1",
        "k1-1 right is a",
        "below 40 lesson m01-l1. Begin.",
        "low lesson m12-l1, then m12-l2. Ask for the promise.",
        "contradict each other: b1-1/b1-2",
    ):
        assert line in words
    assert max(map(len, text.splitlines())) <= WIDTH


def test_the_answers_stand_after_the_questions(instrument: Instrument) -> None:
    blocks = sheet(instrument)
    heading = next(place for place, block in enumerate(blocks) if block.text == "For those who score it")
    asked = "\n".join(f"{block.text} {block.lines}" for block in blocks[:heading])
    assert "right is" not in asked
    assert "turned" not in asked
