"""Answers that one person sent after the deadline: to which question and how late, never what was answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from learning.content.model import Catalogue
from learning.extensions import db
from learning.quizzes.models import Attempt, AttemptEvent, Paper


@dataclass(frozen=True, slots=True)
class LateAnswer:
    """A question of an attempt to which an answer came too late; it does not count."""

    quiz_title: str
    #: Counts the person's attempts at the quiz.
    attempt: int
    #: None: the question is no longer asked.
    question_title: str | None
    #: Of the first answer that came after the deadline.
    late_by: timedelta


def late_answers(organization_id: str, user_id: str, catalogue: Catalogue) -> tuple[LateAnswer, ...]:
    """What came too late, the newest attempt first. One query."""
    titles = {question.id: question.title for quiz in catalogue.quizzes.values() for question in quiz.questions}
    # Materialized: SQLite would else begin with all events of the organization.
    mine = (
        select(Attempt.id, Attempt.organization_id, Attempt.number, Attempt.started_at, Attempt.paper_hash)
        .where(Attempt.organization_id == organization_id, Attempt.user_id == user_id)
        .cte("mine")
        .prefix_with("MATERIALIZED")
    )
    rows = db.session.execute(
        select(
            mine.c.id,
            mine.c.number,
            Paper.body["title"].as_string(),
            AttemptEvent.details["question"].as_string(),
            AttemptEvent.details["late_by"].as_float(),
        )
        .select_from(mine)
        .join(
            AttemptEvent,
            (AttemptEvent.organization_id == mine.c.organization_id) & (AttemptEvent.attempt_id == mine.c.id),
        )
        .join(Paper, Paper.hash == mine.c.paper_hash)
        .where(
            AttemptEvent.kind == "late",
            AttemptEvent.details["late_by"].as_float().is_not(None),
        )
        .order_by(mine.c.started_at.desc(), mine.c.id, AttemptEvent.at, AttemptEvent.id)
    )
    # A page that sends again and again leaves an event each time; the first tells how late the answer was.
    first: dict[tuple[str, str], LateAnswer] = {}
    for attempt_id, number, quiz_title, question_id, seconds in rows:
        first.setdefault(
            (attempt_id, question_id),
            LateAnswer(quiz_title, number, titles.get(question_id), timedelta(seconds=seconds)),
        )
    return tuple(first.values())
