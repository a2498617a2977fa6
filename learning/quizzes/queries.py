"""What the pages of quizzes show. Before an attempt is handed in nothing here holds a key: records are built
field by field from what a learner may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from sqlalchemy import Select, and_, case, func, or_, select

from learning.content.model import (
    Catalogue,
    ClozeQuestion,
    Lesson,
    MatchingQuestion,
    MultipleQuestion,
    NumericQuestion,
    OrderingQuestion,
    Question,
    Quiz,
    ShortQuestion,
    SingleQuestion,
    TrueFalseQuestion,
)
from learning.errors import NotFound
from learning.extensions import db
from learning.grading.marking import Mark, Verdict
from learning.grading.numbers import parse_number
from learning.quizzes.gradings import MILLION, marks_of
from learning.quizzes.models import Answer, Attempt, AttemptState, Grading
from learning.quizzes.papers import SHOWN_TYPES, PaperQuestion, load_paper
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
    #: Number of questions that a paper will hold.
    questions: int
    attempts: tuple[AttemptLine, ...]
    open_attempt: AttemptLine | None
    #: None: no limit.
    attempts_left: int | None

    @property
    def best(self) -> AttemptLine | None:
        """My best attempt that is handed in."""
        done = [attempt for attempt in self.attempts if attempt.percent is not None]
        return max(done, key=lambda attempt: attempt.percent or 0, default=None)

    @property
    def last(self) -> AttemptLine | None:
        """My last attempt that is handed in."""
        return next((attempt for attempt in self.attempts if attempt.percent is not None), None)


@dataclass(frozen=True, slots=True)
class OptionForSitting:
    """A choice as it stands on the paper."""

    id: str
    html: str


@dataclass(frozen=True, slots=True)
class QuestionForSitting:
    """A question as it stands on the paper, with what was saved."""

    id: str
    type: str
    number: int
    points: int
    stem_html: str
    options: tuple[OptionForSitting, ...]
    #: The unit that is meant when none is written; None for other types and where there is none.
    unit: str | None
    value: tuple[str, ...]
    revision: int
    #: False if what was typed into a numeric field is no number.
    readable: bool


@dataclass(frozen=True, slots=True)
class Sitting:
    """An open attempt."""

    attempt_id: str
    quiz_id: str
    title: str
    questions: tuple[QuestionForSitting, ...]

    @property
    def unanswered(self) -> tuple[QuestionForSitting, ...]:
        """What has no answer yet."""
        return tuple(question for question in self.questions if not any(question.value))


@dataclass(frozen=True, slots=True)
class OptionForReview:
    """A choice with its key and feedback."""

    html: str
    right: bool
    chosen: bool
    feedback_html: str | None


@dataclass(frozen=True, slots=True)
class QuestionForReview:
    """A question with my answer, the right one, and why."""

    id: str
    number: int
    type: str
    stem_html: str
    explanation_html: str
    options: tuple[OptionForReview, ...]
    #: What I typed into a field.
    typed: str | None
    right_text: str | None
    feedback_html: str | None
    verdict: Verdict
    points: float
    maximum: int


@dataclass(frozen=True, slots=True)
class Review:
    """A result with everything that explains it."""

    attempt_id: str
    quiz_id: str
    title: str
    number: int
    submitted_at: datetime
    points: float
    maximum: float
    percent: float
    passed: bool
    pass_mark: int
    questions: tuple[QuestionForReview, ...]


def _latest_gradings() -> Select[str, int]:
    return select(Grading.attempt_id, func.max(Grading.number).label("number")).group_by(Grading.attempt_id)


def quiz_standings(
    organization_id: str, user_ids: Sequence[str] | None, quiz_ids: Sequence[str] | None
) -> list[QuizStanding]:
    """How people stand in quizzes; None stands for all of them. One query."""
    latest = _latest_gradings().where(Grading.organization_id == organization_id).subquery()
    percent = 100.0 * Grading.points / func.nullif(Grading.maximum, 0)
    query = (
        select(
            Attempt.user_id,
            Attempt.quiz_id,
            func.count(Grading.id),
            func.coalesce(func.max(percent), 0.0),
            func.coalesce(func.max(case((Grading.passed, 1), else_=0)), 0),
            func.max(case((Attempt.state == AttemptState.OPEN, 1), else_=0)),
            func.max(Attempt.submitted_at),
            func.max(func.coalesce(Attempt.submitted_at, Attempt.started_at)).label("last"),
        )
        .outerjoin(latest, latest.c.attempt_id == Attempt.id)
        .outerjoin(Grading, and_(Grading.attempt_id == latest.c.attempt_id, Grading.number == latest.c.number))
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


def active_users(organization_id: str, since: datetime) -> Select[str]:
    """Users who started or handed in an attempt since a moment, to be used with IN."""
    return select(Attempt.user_id).where(
        Attempt.organization_id == organization_id, or_(Attempt.started_at >= since, Attempt.submitted_at >= since)
    )


def quiz_page(catalogue: Catalogue, quiz_id: str, member: Member) -> QuizPage:
    """Raises NotFound for an unknown quiz."""
    quiz = catalogue.quizzes.get(quiz_id)
    if quiz is None:
        raise NotFound
    latest = _latest_gradings().where(Grading.organization_id == member.organization_id).subquery()
    rows = db.session.execute(
        select(Attempt, Grading)
        .outerjoin(latest, latest.c.attempt_id == Attempt.id)
        .outerjoin(Grading, and_(Grading.attempt_id == latest.c.attempt_id, Grading.number == latest.c.number))
        .where(
            Attempt.organization_id == member.organization_id,
            Attempt.user_id == member.user_id,
            Attempt.quiz_id == quiz_id,
        )
        .order_by(Attempt.number.desc())
    )
    attempts = tuple(
        AttemptLine(
            attempt.id,
            attempt.number,
            attempt.started_at,
            attempt.submitted_at,
            _percent(grading.points, grading.maximum) if grading else None,
            grading.passed if grading else None,
        )
        for attempt, grading in rows
    )
    return QuizPage(
        quiz,
        sum(question.type in SHOWN_TYPES for question in quiz.questions),
        attempts,
        next((attempt for attempt in attempts if attempt.submitted_at is None), None),
        max(0, quiz.attempts - len(attempts)) if quiz.attempts else None,
    )


def _percent(points: int, maximum: int) -> float:
    """Per cent rounded down to a tenth, so that what is shown never reaches a mark that was missed."""
    return (1000 * points // maximum) / 10 if maximum else 0.0


def _own(member: Member, attempt_id: str) -> Attempt:
    attempt = db.session.scalars(
        select(Attempt).where(
            Attempt.organization_id == member.organization_id,
            Attempt.user_id == member.user_id,
            Attempt.id == attempt_id,
        )
    ).first()
    if attempt is None:
        raise NotFound
    return attempt


def _answers(member: Member, attempt_id: str) -> dict[str, tuple[list[str], int]]:
    """Question -> saved value and revision."""
    rows = db.session.execute(
        select(Answer.question_id, Answer.value, Answer.revision).where(
            Answer.organization_id == member.organization_id, Answer.attempt_id == attempt_id
        )
    )
    return {question_id: (value, revision) for question_id, value, revision in rows}


def sitting(member: Member, attempt_id: str) -> Sitting | None:
    """The open attempt with its questions; None once it is handed in. Raises NotFound."""
    attempt = _own(member, attempt_id)
    if attempt.state is not AttemptState.OPEN:
        return None
    paper = load_paper(db.session(), attempt.paper_hash)
    saved = _answers(member, attempt_id)
    return Sitting(
        attempt.id,
        paper.quiz_id,
        paper.title,
        tuple(
            _for_sitting(entry, number, *saved.get(entry.question.id, ([], 0)))
            for number, entry in enumerate(paper.questions, start=1)
        ),
    )


def _for_sitting(entry: PaperQuestion, number: int, value: list[str], revision: int) -> QuestionForSitting:
    question = entry.question
    options: tuple[OptionForSitting, ...] = ()
    unit = None
    readable = True
    match question:
        case SingleQuestion() | MultipleQuestion() | TrueFalseQuestion():
            texts = {option.id: option.html for option in question.options}
            options = tuple(OptionForSitting(option_id, texts[option_id]) for option_id in entry.options)
        case NumericQuestion():
            unit = question.accepted[0].unit
            readable = not any(value) or parse_number(value[0]) is not None
        case ShortQuestion() | MatchingQuestion() | OrderingQuestion() | ClozeQuestion():
            pass
        case _:
            assert_never(question)
    return QuestionForSitting(
        question.id,
        question.type,
        number,
        question.points,
        question.stem_html,
        options,
        unit,
        tuple(value),
        revision,
        readable,
    )


def lessons_of(catalogue: Catalogue, quiz_id: str) -> list[Lesson]:
    """The lessons of a quiz's module; none if the quiz is no longer taught."""
    quiz = catalogue.quizzes.get(quiz_id)
    return [catalogue.lessons[each] for each in catalogue.modules[quiz.module_id].lesson_ids] if quiz else []


def review(member: Member, attempt_id: str) -> Review | None:
    """The result of an attempt; None while it is open. Raises NotFound."""
    attempt = _own(member, attempt_id)
    if attempt.submitted_at is None:
        return None
    grading = db.session.scalars(
        select(Grading)
        .where(Grading.organization_id == member.organization_id, Grading.attempt_id == attempt_id)
        .order_by(Grading.number.desc())
        .limit(1)
    ).one()
    paper = load_paper(db.session(), attempt.paper_hash)
    answers = {question_id: value for question_id, (value, _) in _answers(member, attempt_id).items()}
    marks = marks_of(paper, answers)
    return Review(
        attempt.id,
        paper.quiz_id,
        paper.title,
        attempt.number,
        attempt.submitted_at,
        grading.points / MILLION,
        grading.maximum / MILLION,
        _percent(grading.points, grading.maximum),
        grading.passed,
        paper.pass_mark,
        tuple(
            _for_review(entry, number, answers.get(entry.question.id, []), marks[entry.question.id])
            for number, entry in enumerate(paper.questions, start=1)
        ),
    )


def _for_review(entry: PaperQuestion, number: int, value: list[str], mark: Mark) -> QuestionForReview:
    question: Question = entry.question
    options: tuple[OptionForReview, ...] = ()
    typed = right_text = None
    if isinstance(question, SingleQuestion | MultipleQuestion | TrueFalseQuestion):
        by_id = {option.id: option for option in question.options}
        options = tuple(
            OptionForReview(by_id[each].html, by_id[each].right, each in value, by_id[each].feedback_html)
            for each in entry.options
        )
    if isinstance(question, NumericQuestion):
        first = question.accepted[0]
        typed = value[0] if value else None
        right_text = f"{first.shown} {first.unit or ''}".strip()
    return QuestionForReview(
        question.id,
        number,
        question.type,
        question.stem_html,
        question.explanation_html,
        options,
        typed,
        right_text,
        mark.feedback_html,
        mark.verdict,
        float(mark.points),
        mark.maximum,
    )
