"""From when to when a quiz may be sat, as an organization's trainers say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from learning.content.model import QuizRules
from learning.database import insert_once, unit_of_work
from learning.quizzes.errors import QuizClosed, QuizNotOpen, WindowUpsideDown
from learning.quizzes.models import QuizWindow
from learning.web.identity import Member


@dataclass(frozen=True, slots=True)
class Window:
    """None: without a limit on this side."""

    opens_at: datetime | None = None
    closes_at: datetime | None = None


def window_of(session: Session, organization_id: str, quiz_id: str) -> Window:
    """When the people of an organization may sit a quiz. One query."""
    row = session.execute(
        select(QuizWindow.opens_at, QuizWindow.closes_at).where(
            QuizWindow.organization_id == organization_id, QuizWindow.quiz_id == quiz_id
        )
    ).first()
    return Window(*row) if row else Window()


def key_waits(rules: QuizRules, closes_at: datetime | None, now: datetime) -> bool:
    """Whether the rules keep what is right back, since the quiz has not closed yet."""
    return rules.feedback == "after-close" and (closes_at is None or now < closes_at)


def set_window(member: Member, quiz_id: str, window: Window) -> None:
    """Say from when to when the quiz may be sat. An attempt that is open keeps its deadline. Raises WindowUpsideDown."""
    if window.opens_at and window.closes_at and window.opens_at >= window.closes_at:
        raise WindowUpsideDown
    with unit_of_work() as session:
        dates = {"opens_at": window.opens_at, "closes_at": window.closes_at}
        # Not read first: of two trainers who save at once, both succeed and the later one stands.
        if not insert_once(session, QuizWindow, organization_id=member.organization_id, quiz_id=quiz_id, **dates):
            session.execute(
                update(QuizWindow)
                .where(QuizWindow.organization_id == member.organization_id, QuizWindow.quiz_id == quiz_id)
                .values(**dates)
            )


def require_open(window: Window, now: datetime) -> None:
    """Raises QuizNotOpen or QuizClosed."""
    if window.opens_at and now < window.opens_at:
        raise QuizNotOpen(window.opens_at)
    if window.closes_at and now >= window.closes_at:
        raise QuizClosed(window.closes_at)
