"""A small content folder whose quiz every test of quizzes sits."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from learning.content.model import Question, Quiz
from learning.content.store import publish
from learning.web.catalogue import the_catalogue
from learning.web.identity import Member
from tests.conftest import Company
from tests.content.builders import write_content

QUIZ_ID = "m01-quiz"


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small folder of the content tests: eight questions, one of each type."""
    root = tmp_path_factory.mktemp("quiz-content")
    loaded = publish(write_content(root), root / "published")
    assert not loaded.problems, "\n".join(map(str, loaded.problems))
    return root / "published"


@pytest.fixture
def learner(company: Company) -> Member:
    """The person who sits the quiz."""
    return Member(company.learner, company.id)


@pytest.fixture
def quiz(app: Flask) -> Quiz:
    """The quiz as it is published."""
    with app.app_context():
        return the_catalogue().quizzes[QUIZ_ID]


@pytest.fixture
def right_option(quiz: Quiz) -> Callable[[str, bool], str]:
    """A function: question id, whether right -> id of such an option."""

    def find(question_id: str, right: bool) -> str:
        question: Question = next(each for each in quiz.questions if each.id == question_id)
        assert question.type in {"single", "multiple", "true-false"}
        return next(option.id for option in question.options if option.right is right)  # type: ignore[union-attr]

    return find
