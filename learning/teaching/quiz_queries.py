"""What item analysis reads: submitted attempts of the learners of one organization, by their latest grading.

Every function takes one query or two, however many attempts there are, and fetches sums where sums are enough: answers
are counted by the database, so that a thousand equal ones are one row. Trainers and managers who try a quiz are not
learners and are not counted.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import from_json
from sqlalchemy import ColumnElement, Select, String, and_, cast, func, select
from sqlalchemy.orm import aliased

from learning.accounts.models import Membership
from learning.content.model import Catalogue, Question, Quiz
from learning.courses.models import QuizRecord
from learning.extensions import db
from learning.quizzes.models import Answer, Attempt, AttemptState, Grading, Paper, QuestionVersion
from learning.quizzes.papers import canonical
from learning.quizzes.records import latest_grading
from learning.web.identity import Role

_question: TypeAdapter[Question] = TypeAdapter(Question)


@dataclass(frozen=True, slots=True)
class QuizRow:
    """A quiz that somebody has handed in."""

    quiz_id: str
    title: str
    people: int
    attempts: int
    #: Of all attempts, as a share of the points.
    mean: float
    #: Share of the attempts that passed.
    passed: float
    last_submitted_at: datetime


@dataclass(frozen=True, slots=True)
class GradedAttempt:
    """One attempt with its latest grading."""

    user_id: str
    #: Share of the points; 0 for a paper without points.
    score: float
    passed: bool
    #: Question -> share of its points.
    marks: dict[str, float]
    #: Question -> verdict.
    verdicts: dict[str, str]


@dataclass(frozen=True, slots=True)
class EqualAnswers:
    """Attempts with the same points that gave one question the same answer."""

    question_id: str
    value: tuple[str, ...]
    score: float
    number: int


@dataclass(frozen=True, slots=True)
class PaperKind:
    """Papers that hold the same questions, whatever their order."""

    title: str
    pass_mark: int
    question_hashes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """A question as it stood once."""

    hash: str
    question: Question


def quizzes_with_attempts(organization_id: str, catalogue: Catalogue) -> tuple[QuizRow, ...]:
    """Quizzes in the order of the catalogue; those that are no longer taught last."""
    rows = db.session.execute(
        select(
            QuizRecord.quiz_id,
            func.count().label("people"),
            func.sum(QuizRecord.attempts).label("attempts"),
            func.sum(QuizRecord.total).label("total"),
            func.sum(QuizRecord.passes).label("passes"),
            func.max(QuizRecord.last_submitted_at).label("last"),
        )
        .where(QuizRecord.organization_id == organization_id, QuizRecord.user_id.in_(_learners(organization_id)))
        .group_by(QuizRecord.quiz_id)
    ).all()
    titles = _titles(organization_id, {row.quiz_id for row in rows} - set(catalogue.quizzes))
    order = {quiz_id: place for place, quiz_id in enumerate(catalogue.quizzes)}
    return tuple(
        QuizRow(
            row.quiz_id,
            titles.get(row.quiz_id) or catalogue.quizzes[row.quiz_id].title,
            row.people,
            row.attempts,
            row.total / row.attempts / 1000,
            row.passes / row.attempts,
            row.last,
        )
        for row in sorted(rows, key=lambda row: (order.get(row.quiz_id, len(order)), row.quiz_id))
    )


def _titles(organization_id: str, quiz_ids: Collection[str]) -> dict[str, str]:
    """As the papers that were sat have them, one of each quiz."""
    papers = (
        select(func.max(Attempt.paper_hash))
        .where(Attempt.organization_id == organization_id, Attempt.quiz_id.in_(quiz_ids))
        .group_by(Attempt.quiz_id)
    )
    rows = db.session.execute(select(Paper.quiz_id, Paper.body["title"].as_string()).where(Paper.hash.in_(papers)))
    return dict(rows.all())


def quizzes_without(rows: Sequence[QuizRow], catalogue: Catalogue) -> tuple[Quiz, ...]:
    """Quizzes that are taught and not among the rows, in the order of the catalogue."""
    handed_in = {row.quiz_id for row in rows}
    return tuple(quiz for quiz in catalogue.quizzes.values() if quiz.id not in handed_in)


def graded_attempts(organization_id: str, quiz_id: str, *, first_only: bool) -> list[GradedAttempt]:
    """Submitted attempts; ``first_only``: of each person the first that they handed in."""
    rows = db.session.execute(
        # As text: pydantic's reader is several times faster than the one of the database driver.
        select(Attempt.user_id, Grading.points, Grading.maximum, Grading.passed, cast(Grading.details, String))
        .join(Grading, latest_grading())
        .where(*_counted(organization_id, quiz_id, first_only))
    )
    return [_graded(*row) for row in rows]


def _graded(user_id: str, points: int, maximum: int, passed: bool, details: str) -> GradedAttempt:
    # Two plain dictionaries a row and not one a question: a million small objects would keep the collector busy.
    marks: dict[str, dict[str, Any]] = from_json(details)
    return GradedAttempt(
        user_id,
        _share(points, maximum),
        passed,
        {question_id: _share(mark["points"], mark["maximum"]) for question_id, mark in marks.items()},
        {question_id: mark["verdict"] for question_id, mark in marks.items()},
    )


def equal_answers(organization_id: str, quiz_id: str, *, first_only: bool) -> list[EqualAnswers]:
    """What was answered, counted by question, answer and points. Answers that are empty are left out."""
    # Materialized: SQLite would else begin with all answers of the organization, to whatever quiz.
    sat = (
        select(Attempt.id, Attempt.organization_id, Grading.points, Grading.maximum)
        .join(Grading, latest_grading())
        .where(*_counted(organization_id, quiz_id, first_only))
        .cte("sat")
        .prefix_with("MATERIALIZED")
    )
    value = cast(Answer.value, String)
    rows = db.session.execute(
        select(Answer.question_id, value, sat.c.points, sat.c.maximum, func.count())
        .join(sat, and_(Answer.organization_id == sat.c.organization_id, Answer.attempt_id == sat.c.id))
        .group_by(Answer.question_id, value, sat.c.points, sat.c.maximum)
    )
    found = (
        EqualAnswers(question_id, tuple(from_json(sent)), _share(points, maximum), number)
        for question_id, sent, points, maximum, number in rows
    )
    return [each for each in found if any(entry.strip() for entry in each.value)]


def paper_kinds(organization_id: str, quiz_id: str, *, first_only: bool, newest_only: bool) -> list[PaperKind]:
    """The kinds of papers that these attempts sat, the one used last first; ``newest_only``: that one alone.

    Order and options are mixed for each attempt, so there may be as many papers as attempts; what they ask differs
    with the file of the quiz and with the number of questions that have a page.
    """
    if newest_only:
        last = (
            select(Attempt.paper_hash)
            .where(*_counted(organization_id, quiz_id, first_only))
            .order_by(Attempt.submitted_at.desc(), Attempt.paper_hash)
            .limit(1)
            .scalar_subquery()
        )
        bodies = db.session.scalars(select(Paper.body).where(Paper.hash == last))
        return [_kind(body) for body in bodies]
    newest = (
        select(func.max(Paper.hash).label("hash"), func.max(Attempt.submitted_at).label("last"))
        .select_from(Attempt)
        .join(Paper, Paper.hash == Attempt.paper_hash)
        .where(*_counted(organization_id, quiz_id, first_only))
        .group_by(Paper.body["quiz_hash"].as_string(), func.json_array_length(Paper.body["questions"]))
        .subquery()
    )
    bodies = db.session.scalars(
        select(Paper.body).join(newest, newest.c.hash == Paper.hash).order_by(newest.c.last.desc(), Paper.hash)
    )
    return [_kind(body) for body in bodies]


def _kind(body: dict[str, Any]) -> PaperKind:
    return PaperKind(body["title"], body["pass_mark"], tuple(entry["question"] for entry in body["questions"]))


def versions_of(question_ids: Collection[str]) -> dict[str, Version]:
    """Every version that was ever asked of these questions: hash -> version."""
    rows = db.session.execute(
        select(QuestionVersion.hash, QuestionVersion.body).where(QuestionVersion.question_id.in_(question_ids))
    )
    return {found: Version(found, _question.validate_json(canonical(body))) for found, body in rows}


def _share(points: int, maximum: int) -> float:
    return points / maximum if maximum else 0.0


def _counted(organization_id: str, quiz_id: str, first_only: bool) -> Sequence[ColumnElement[bool]]:
    """Which attempts count."""
    conditions: list[ColumnElement[bool]] = [
        Attempt.organization_id == organization_id,
        Attempt.quiz_id == quiz_id,
        Attempt.state == AttemptState.SUBMITTED,
        Attempt.user_id.in_(_learners(organization_id)),
    ]
    if first_only:
        earlier = aliased(Attempt)
        conditions.append(
            ~select(earlier.id)
            .where(
                earlier.organization_id == Attempt.organization_id,
                earlier.user_id == Attempt.user_id,
                earlier.quiz_id == Attempt.quiz_id,
                earlier.state == AttemptState.SUBMITTED,
                earlier.number < Attempt.number,
            )
            .exists()
        )
    return conditions


def _learners(organization_id: str) -> Select[str]:
    """To be looked up in with IN: a list of all is made once, and not asked of each attempt anew."""
    return select(Membership.user_id).where(
        Membership.organization_id == organization_id, Membership.role == Role.LEARNER
    )
