"""The dates of a quiz as a trainer sets them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select

from learning.content.model import Catalogue, Quiz
from learning.errors import NotFound
from learning.extensions import db
from learning.quizzes.errors import QuizClosed, QuizNotOpen
from learning.quizzes.models import Attempt, AttemptState
from learning.quizzes.windows import Window, require_open, window_of


class WindowState(StrEnum):
    """Where a quiz stands between its dates."""

    OPENS_LATER = "opens-later"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class DatesPage:
    """The dates of a quiz, and whom a change would meet."""

    quiz: Quiz
    window: Window
    state: WindowState
    #: Attempts of this organization that are being sat.
    open_attempts: int


def taught_quiz(quiz_id: str, catalogue: Catalogue) -> Quiz:
    """A quiz of the live catalogue. Raises NotFound."""
    quiz = catalogue.quizzes.get(quiz_id)
    if quiz is None:
        raise NotFound
    return quiz


def dates_page(organization_id: str, quiz: Quiz, now: datetime) -> DatesPage:
    """The dates of a quiz as they are. Two queries."""
    window = window_of(db.session(), organization_id, quiz.id)
    count = select(func.count(Attempt.id)).where(
        Attempt.organization_id == organization_id, Attempt.quiz_id == quiz.id, Attempt.state == AttemptState.OPEN
    )
    return DatesPage(quiz, window, _state(window, now), db.session.scalar(count) or 0)


def _state(window: Window, now: datetime) -> WindowState:
    try:
        require_open(window, now)
    except QuizNotOpen:
        return WindowState.OPENS_LATER
    except QuizClosed:
        return WindowState.CLOSED
    return WindowState.OPEN
