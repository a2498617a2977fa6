"""The analysis of questions that are not chosen from options: short, matching, ordering and cloze."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from learning.content.model import Question, Quiz
from learning.content.store import publish
from learning.teaching.choice_lines import LineKind
from learning.teaching.quiz_analysis import QuestionAnalysis, quiz_analysis
from learning.web.catalogue import the_catalogue
from tests.conftest import Company
from tests.content.builders import write_content
from tests.teaching.sittings import add_sittings, choose

Clients = Callable[[str | None], FlaskClient]
SHORT, MATCHING, ORDERING, CLOZE = "m01-q5", "m01-q6", "m01-q7", "m01-q8"


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small folder of the content tests: one question of each type."""
    root = tmp_path_factory.mktemp("types")
    loaded = publish(write_content(root), root / "published")
    assert not loaded.problems
    return root / "published"


@pytest.fixture
def quiz(app: Flask) -> Quiz:
    with app.app_context():
        return the_catalogue().quizzes["m01-quiz"]


def right(question: Question) -> list[str]:
    return choose(question, 1.0, random.Random(1))


def wrong(question: Question) -> list[str]:
    return choose(question, 0.0, random.Random(1))


def analysed(app: Flask, company: Company, quiz: Quiz, question_id: str, *sent: list[str]) -> QuestionAnalysis:
    """The analysis of one question to which each person sends one of these; the first is the weakest in the rest."""
    for place, value in enumerate(sent):
        others = defaultdict(list, {each.id: right(each) for each in quiz.questions[: 1 + place // 2]})
        with app.app_context():
            add_sittings(
                company.id,
                quiz,
                1,
                chooses=lambda question, *_, value=value, others=others: (
                    value if question.id == question_id else others[question.id]
                ),
            )
    with app.app_context():
        page = quiz_analysis(company.id, quiz.id, the_catalogue(), first_only=True)
    assert page is not None
    assert (page.attempts, page.withheld) == (len(sent), 0)
    return next(each for each in page.questions if each.id == question_id)


def lines_of(question: QuestionAnalysis) -> list[tuple[LineKind, str | None, int, bool]]:
    return [(line.kind, line.text, line.total, line.right) for line in question.lines]


def test_short_answers_that_say_the_same_are_one_line(app: Flask, company: Company, quiz: Quiz) -> None:
    sent = (["PAYBACK  period"], ["simple payback"], ["Net  present value"], ["net present value"], ["cost"], [])
    question = analysed(app, company, quiz, SHORT, *sent)
    assert lines_of(question) == [
        (LineKind.TYPED, "payback period", 2, True),
        (LineKind.TYPED, "net present value", 2, False),
        (LineKind.TYPED, "cost", 1, False),
        (LineKind.NO_ANSWER, None, 1, False),
    ]
    assert question.item.facility == pytest.approx(2 / 6)


@pytest.mark.parametrize("question_id", [MATCHING, ORDERING, CLOZE])
def test_what_has_several_parts_is_counted_by_how_it_was_marked(
    app: Flask, company: Company, quiz: Quiz, question_id: str
) -> None:
    asked = next(each for each in quiz.questions if each.id == question_id)
    all_right, all_wrong = right(asked), wrong(asked)
    # The last entry alone is missing.
    partly = [*all_right[:-1], ""]
    question = analysed(app, company, quiz, question_id, [], all_wrong, partly, all_right, all_right, all_right)
    counts = {line.kind: line.total for line in question.lines}
    assert sum(counts.values()) == 6
    assert (counts[LineKind.RIGHT], counts[LineKind.PARTLY], counts[LineKind.NO_ANSWER]) == (3, 1, 1)
    assert counts.get(LineKind.WRONG, 0) == 1
    assert [line.right for line in question.lines] == [line.kind is LineKind.RIGHT for line in question.lines]
    assert 0.5 < (question.item.facility or 0) < 4 / 6
    assert question.item.discrimination_index is not None
    assert question.item.discrimination_index > 0
    assert question.rival is None


def test_the_page_shows_all_types(app: Flask, company: Company, quiz: Quiz, client_for: Clients) -> None:
    with app.app_context():
        add_sittings(company.id, quiz, 25)
    text = client_for(company.trainer).get(f"/teaching/quizzes/{quiz.id}/").text
    assert text.count('<section class="question') == 8
    for words in ("payback period", "no idea", "Not right"):
        assert words in text
