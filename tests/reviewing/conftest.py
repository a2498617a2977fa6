"""The small quiz of the tests of quizzes, and an attempt at it that was handed in three days ago."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask

from learning.clock import now
from learning.content.model import Quiz
from learning.quizzes import service as quizzes
from learning.quizzes.answering import Given
from learning.web.identity import Member
from tests.quizzes.conftest import learner, published, quiz, right_option  # noqa: F401

#: A day that has passed, so that everything of it is due.
SAT = now() - timedelta(days=3)
HandIn = Callable[..., str]


@pytest.fixture
def hand_in(app: Flask, quiz: Quiz) -> HandIn:  # noqa: F811
    """A function: person, values by question id, when -> id of an attempt handed in then."""

    def sit(member: Member, answers: dict[str, list[str]] | None = None, at: datetime = SAT) -> str:
        attempt_id = quizzes.start_attempt(member, quiz, at)
        quizzes.submit(member, attempt_id, {each: Given(value) for each, value in (answers or {}).items()}, at)
        return attempt_id

    return sit
