"""Answers in other units of the same kind."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from learning.content.context import Reply
from learning.content.model import Question
from learning.content.numbers import BadNumber, parse_span
from learning.grading.marking import Verdict, mark
from learning.grading.responses import NumericResponse
from tests.content.builders import quiz

Read = Callable[..., Reply]

BODY = "## How much? {#m01-q1 type=numeric}\n\n= 42.5 ± 0.5 kWh | MJ | GJ\n!= 1200\n    > The power.\n\n> **Why:** so."


def asked(read: Read) -> Question:
    """The question, read."""
    reply = read(quiz(BODY), kind="quiz")
    assert reply.quiz is not None, [str(problem) for problem in reply.problems]
    [question] = reply.quiz.questions
    return question


@pytest.mark.parametrize(
    ("typed", "verdict"),
    [
        ("42.5", Verdict.RIGHT),
        ("42.5 kWh", Verdict.RIGHT),
        ("153 MJ", Verdict.RIGHT),
        ("0.153 GJ", Verdict.RIGHT),
        ("0,153 GJ", Verdict.RIGHT),
        ("151.2 MJ", Verdict.RIGHT),
        ("151.1 MJ", Verdict.WRONG),
        ("42.5 MJ", Verdict.WRONG_UNIT),
        ("42.5 MWh", Verdict.WRONG_UNIT),
        ("4320 MJ", Verdict.WRONG),
    ],
)
def test_the_value_is_right_in_every_unit_it_accepts(read: Read, typed: str, verdict: Verdict) -> None:
    question = asked(read)
    assert mark(question, NumericResponse(typed)).verdict is verdict


def test_a_known_mistake_is_known_in_every_unit(read: Read) -> None:
    question = asked(read)
    assert "The power" in (mark(question, NumericResponse("4320 MJ")).feedback_html or "")


@pytest.mark.parametrize("text", ["42 kWh | kW", "42 | MJ", "42 kWh |", "42 CNY | EUR"])
def test_a_unit_of_another_kind_is_refused(text: str) -> None:
    with pytest.raises(BadNumber, match="is not converted"):
        parse_span(text)


def test_what_is_parsed() -> None:
    span = parse_span("42.5 ± 0.5 kWh | MJ")
    assert (span.low, span.high, span.unit, span.also) == (Decimal("42.0"), Decimal("43.0"), "kWh", ("MJ",))
