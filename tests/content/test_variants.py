"""Numeric questions whose numbers come from a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest
from flask import Flask

from learning.content.context import Reply
from learning.content.model import NumericQuestion, Quiz
from learning.database import unit_of_work
from learning.extensions import db
from learning.quizzes.papers import draw_paper, load_paper
from tests.content.builders import QUESTIONS, quiz

Read = Callable[..., Reply]
BODY = """\
## How much does a pump of {{power}} kW use? {#m01-q1 type=numeric}

It runs for {{hours}} h.

= {{energy}} ± 1 % kWh
!= {{power}}
    > That is the power.

| power | hours | energy |
|---|---|---|
| 5 | 10 | 50 |
| 7.5 | 20 | 150 |

> **Why:** {{power}} times {{hours}}."""


def read_one(read: Read, body: str = BODY) -> NumericQuestion:
    reply = read(quiz(body), kind="quiz")
    assert reply.quiz is not None, [str(problem) for problem in reply.problems]
    [found] = reply.quiz.questions
    assert isinstance(found, NumericQuestion)
    return found


def test_every_row_is_a_question_with_its_values(read: Read) -> None:
    question = read_one(read)
    first, second = question.variants
    assert (first.title, second.title) == ("How much does a pump of 5 kW use?", "How much does a pump of 7.5 kW use?")
    assert "for 20 h" in second.stem_html
    assert "7.5 times 20" in second.explanation_html
    assert (second.accepted[0].shown, second.mistakes[0].shown) == ("150", "7.5")
    assert (first.variant, second.variant) == ("5 · 10 · 50", "7.5 · 20 · 150")
    assert replace(question, variants=()) == first
    assert all("|" not in each.stem_html and "{{" not in each.stem_html for each in question.variants)


def test_a_paper_holds_one_variant_and_both_are_asked(app: Flask, read: Read) -> None:
    reply = read(quiz(BODY), kind="quiz")
    asked: Counter[str] = Counter()
    for seed in range(40):
        with app.app_context():
            with unit_of_work() as session:
                paper_hash = draw_paper(session, _quiz(reply), Random(seed))
            (entry,) = load_paper(db.session(), paper_hash).questions
        assert isinstance(entry.question, NumericQuestion)
        assert entry.question.variants == ()
        asked[entry.question.variant] += 1
    assert min(asked.values()) > 8, "expected 20 each"
    assert len(asked) == 2


def _quiz(reply: Reply) -> Quiz:
    assert reply.quiz is not None
    return reply.quiz


@pytest.mark.parametrize(
    ("old", "new", "line", "fault"),
    [
        ("| 7.5 | 20 | 150 |", "| 7.5 | 20 |", 11, "has 2 values: write one for each of 3 columns"),
        ("| 7.5 | 20 | 150 |", "| 5 | 10 | 50 |", 11, "repeats the values of line"),
        ("| 7.5 | 20 | 150 |\n", "", 8, "has 1 rows of values: write 2 to 50"),
        ("{{hours}} h.", "{{days}} d.", 2, "has a place for {{days}}, which is no column"),
        ("| power | hours |", "| power | Hours |", 8, "has the column `Hours`"),
        ("| 7.5 | 20 | 150 |", "| 7.5 | 20 | much |", 4, "is not a number that can be read"),
    ],
)
def test_a_mistake_in_the_table_is_named_with_its_line(read: Read, old: str, new: str, line: int, fault: str) -> None:
    assert old in BODY
    reply = read(quiz(BODY.replace(old, new)), kind="quiz")
    found = {(problem.line - QUESTIONS, problem.message) for problem in reply.problems}
    assert any(at == line and fault in message for at, message in found), found


def test_a_place_without_a_table_is_named(read: Read) -> None:
    body = BODY[: BODY.index("| power")] + BODY[BODY.index("> **Why") :]
    messages = [problem.message for problem in read(quiz(body), kind="quiz").problems]
    assert any("no table of values" in message for message in messages)
