"""How people stand in quizzes, and what the page of one quiz shows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, select

from learning.content.model import Catalogue, Lesson, Quiz
from learning.errors import NotFound
from learning.extensions import db
from learning.quizzes.gradings import percent
from learning.quizzes.grants import attempts_left, granted_numbers
from learning.quizzes.models import Attempt, AttemptState, Grading
from learning.quizzes.records import latest_grading
from learning.quizzes.states import overdue
from learning.quizzes.windows import Window, window_of
from learning.web.identity import Member


@dataclass(frozen=True, slots=True)
class QuizStanding:
    """How one person stands in one quiz, over all attempts."""

    user_id: str
    quiz_id: str
    #: Attempts handed in.
    attempts: int
    #: Of the best attempt; 0 before the first.
    best_percent: float
    passed: bool
    has_open: bool
    #: None before the first is handed in.
    last_submitted_at: datetime | None
    #: The later of the last start and the last handing in.
    last_activity_at: datetime


@dataclass(frozen=True, slots=True)
class AttemptLine:
    """One of my attempts in the list."""

    id: str
    number: int
    started_at: datetime
    submitted_at: datetime | None
    #: None while it is open.
    percent: float | None
    passed: bool | None


@dataclass(frozen=True, slots=True)
class QuizPage:
    """A quiz before it is sat."""

    quiz: Quiz
    attempts: tuple[AttemptLine, ...]
    open_attempt: AttemptLine | None
    #: The id of an open attempt whose time is up, to be handed in.
    overdue_attempt: str | None
    #: None: no limit.
    attempts_left: int | None
    #: Attempts that a trainer granted beyond those that the quiz allows.
    granted: int
    #: Until when the rules ask for a pause; None when it may be started.
    pause_until: datetime | None
    window: Window
    opens_later: bool
    has_closed: bool

    @property
    def best(self) -> AttemptLine | None:
        """My best attempt that is handed in."""
        done = [attempt for attempt in self.attempts if attempt.percent is not None]
        return max(done, key=lambda attempt: attempt.percent or 0, default=None)

    @property
    def last(self) -> AttemptLine | None:
        """My last attempt that is handed in."""
        return next((attempt for attempt in self.attempts if attempt.percent is not None), None)


def quiz_standings(
    organization_id: str, user_ids: Sequence[str] | None, quiz_ids: Sequence[str] | None
) -> list[QuizStanding]:
    """How people stand in quizzes; None stands for all of them. One query."""
    share = 100.0 * Grading.points / func.nullif(Grading.maximum, 0)
    query = (
        select(
            Attempt.user_id,
            Attempt.quiz_id,
            func.count(Grading.id),
            func.coalesce(func.max(share), 0.0),
            func.coalesce(func.max(case((Grading.passed, 1), else_=0)), 0),
            func.max(case((Attempt.state == AttemptState.OPEN, 1), else_=0)),
            func.max(Attempt.submitted_at),
            func.max(func.coalesce(Attempt.submitted_at, Attempt.started_at)).label("last"),
        )
        .outerjoin(Grading, latest_grading())
        .where(Attempt.organization_id == organization_id)
        .group_by(Attempt.user_id, Attempt.quiz_id)
    )
    if user_ids is not None:
        query = query.where(Attempt.user_id.in_(user_ids))
    if quiz_ids is not None:
        query = query.where(Attempt.quiz_id.in_(quiz_ids))
    return [
        QuizStanding(user, quiz, attempts, float(best), bool(passed), bool(has_open), submitted, last)
        for user, quiz, attempts, best, passed, has_open, submitted, last in db.session.execute(query)
    ]


def passes(
    organization_id: str, quiz_ids: Collection[str], user_ids: Sequence[str] | None
) -> dict[str, dict[str, list[datetime]]]:
    """Quiz -> person -> when they handed in what passed, in order of time: for whether an assignment is done. One query."""
    query = (
        select(Attempt.quiz_id, Attempt.user_id, Attempt.submitted_at)
        .join(Grading, latest_grading())
        .where(Attempt.organization_id == organization_id, Attempt.quiz_id.in_(quiz_ids), Grading.passed)
        .order_by(Attempt.submitted_at)
    )
    if user_ids is not None:
        query = query.where(Attempt.user_id.in_(user_ids))
    found: dict[str, dict[str, list[datetime]]] = {}
    for quiz_id, user_id, moment in db.session.execute(query):
        if moment is not None:  # what has marks is handed in
            found.setdefault(quiz_id, {}).setdefault(user_id, []).append(moment)
    return found


def quiz_page(catalogue: Catalogue, quiz_id: str, member: Member, now: datetime) -> QuizPage:
    """Raises NotFound for an unknown quiz."""
    quiz = catalogue.quizzes.get(quiz_id)
    if quiz is None:
        raise NotFound
    rows = db.session.execute(
        select(Attempt, Grading)
        .outerjoin(Grading, latest_grading())
        .where(
            Attempt.organization_id == member.organization_id,
            Attempt.user_id == member.user_id,
            Attempt.quiz_id == quiz_id,
        )
        .order_by(Attempt.number.desc())
    )
    found = [(attempt, grading) for attempt, grading in rows]
    attempts = tuple(
        AttemptLine(
            attempt.id,
            attempt.number,
            attempt.started_at,
            attempt.submitted_at,
            percent(grading.points, grading.maximum) if grading else None,
            grading.passed if grading else None,
        )
        for attempt, grading in found
    )
    submitted = [attempt.submitted_at for attempt in attempts if attempt.submitted_at]
    window = window_of(db.session(), member.organization_id, quiz_id)
    granted = granted_numbers(db.session(), member, quiz_id) if quiz.attempts else frozenset[int]()
    pause_until = max(submitted) + timedelta(minutes=quiz.rules.pause) if submitted and quiz.rules.pause else None
    return QuizPage(
        quiz,
        attempts,
        next((attempt for attempt in attempts if attempt.submitted_at is None), None),
        next((attempt.id for attempt, _ in found if overdue(attempt, now)), None),
        attempts_left(quiz.attempts, max((attempt.number for attempt in attempts), default=0), granted),
        sum(number > quiz.attempts for number in granted) if quiz.attempts else 0,
        pause_until if pause_until and pause_until > now else None,
        window,
        window.opens_at is not None and now < window.opens_at,
        window.closes_at is not None and now >= window.closes_at,
    )


def lessons_of(catalogue: Catalogue, quiz_id: str) -> list[Lesson]:
    """The lessons of a quiz's module; none for a final quiz, or if the quiz is no longer taught."""
    quiz = catalogue.quizzes.get(quiz_id)
    if quiz is None or quiz.module_id is None:
        return []
    return [catalogue.lessons[each] for each in catalogue.modules[quiz.module_id].lesson_ids]
