"""An open attempt as its page shows it. Nothing here holds a key: records are built field by field from what a
learner may see. Only a question that was checked says more, and only about itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from sqlalchemy import select

from learning.content.model import (
    ClozeQuestion,
    MatchingQuestion,
    MultipleQuestion,
    NumericQuestion,
    OrderingQuestion,
    QuizRules,
    ShortQuestion,
    SingleQuestion,
    TrueFalseQuestion,
)
from learning.content.plain import text_of_html
from learning.extensions import db
from learning.grading.numbers import parse_number
from learning.grading.tries import Try, tries_allowed
from learning.quizzes.attempts import as_try, own_attempt
from learning.quizzes.models import Answer, Attempt, AttemptState, CheckedAnswer
from learning.quizzes.papers import FrozenPaper, PaperQuestion, load_paper
from learning.quizzes.reviews import QuestionForReview, filled, question_for_review
from learning.quizzes.states import overdue
from learning.web.identity import Member


@dataclass(frozen=True, slots=True)
class OptionForSitting:
    """A choice, or an entry to be put in order, as it stands on the paper."""

    id: str
    html: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a drop-down list."""

    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One thing to be filled in: a prompt with its match, or a piece of text with the gap after it."""

    html: str
    value: str
    #: Empty: words are typed.
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class QuestionForSitting:
    """A question as it stands on the paper, with what was saved."""

    id: str
    type: str
    number: int
    points: int
    stem_html: str
    #: For choice and ordering questions; entries stand in the saved order if there is one.
    options: tuple[OptionForSitting, ...]
    #: For matching and cloze questions.
    rows: tuple[Row, ...]
    #: What follows the last gap.
    tail_html: str
    #: The unit that is meant when none is written; None for other types and where there is none.
    unit: str | None
    value: tuple[str, ...]
    certainty: int | None
    revision: int
    #: False if what was typed into a numeric field is no number.
    readable: bool
    #: How many tries were checked.
    checked: int
    #: The last checked try with its feedback, where the quiz gives it at once.
    feedback: QuestionForReview | None
    #: Whether it takes no other answer.
    closed: bool

    @property
    def answered(self) -> bool:
        """Whether there is an answer."""
        return any(self.value)


@dataclass(frozen=True, slots=True)
class Sitting:
    """An open attempt."""

    attempt_id: str
    quiz_id: str
    title: str
    questions: tuple[QuestionForSitting, ...]
    rules: QuizRules
    deadline_at: datetime | None
    #: Which page of a quiz with one question a page, from 1; None where all stand on one.
    page: int | None

    @property
    def shown(self) -> tuple[QuestionForSitting, ...]:
        """The questions of this page."""
        return self.questions if self.page is None else (self.questions[self.page - 1],)

    @property
    def unanswered(self) -> tuple[QuestionForSitting, ...]:
        """What has no answer yet."""
        return tuple(question for question in self.questions if not question.answered)

    @property
    def may_check(self) -> bool:
        """Whether single questions may be checked."""
        return tries_allowed(self.rules) > 0


class Overdue(Exception):
    """The attempt is open, but its time is up: it must be handed in before it is shown."""


def sitting(member: Member, attempt_id: str, now: datetime, page: int = 1) -> Sitting | None:
    """The open attempt with its questions; None once it is handed in. Raises NotFound or Overdue.

    ``page``: which question to show where each stands alone; what is out of range shows the nearest.
    """
    attempt = own_attempt(db.session(), member, attempt_id)
    if attempt.state is not AttemptState.OPEN:
        return None
    if overdue(attempt, now):
        raise Overdue
    paper = load_paper(db.session(), attempt.paper_hash)
    saved = {row.question_id: row for row in db.session.scalars(_rows(Answer, attempt))}
    checked = _checked(paper, attempt)
    return Sitting(
        attempt.id,
        paper.quiz_id,
        paper.title,
        tuple(
            question_for_sitting(
                entry, number, paper.rules, saved.get(entry.question.id), checked.get(entry.question.id, [])
            )
            for number, entry in enumerate(paper.questions, start=1)
        ),
        paper.rules,
        attempt.deadline_at,
        min(max(1, page), len(paper.questions)) if paper.rules.one_at_a_time else None,
    )


def _rows(table: type[Answer] | type[CheckedAnswer], attempt: Attempt):  # type: ignore[no-untyped-def]
    return select(table).where(table.organization_id == attempt.organization_id, table.attempt_id == attempt.id)


def _checked(paper: FrozenPaper, attempt: Attempt) -> dict[str, list[Try]]:
    found: dict[str, list[Try]] = {}
    if tries_allowed(paper.rules):
        for row in db.session.scalars(_rows(CheckedAnswer, attempt).order_by(CheckedAnswer.number)):
            found.setdefault(row.question_id, []).append(as_try(row))
    return found


def question_for_sitting(
    entry: PaperQuestion, number: int, rules: QuizRules, saved: Answer | None, checked: Sequence[Try]
) -> QuestionForSitting:
    """A question as it is asked, with what was saved and the tries that were checked."""
    question = entry.question
    value: Sequence[str] = saved.value if saved else ()
    options: tuple[OptionForSitting, ...] = ()
    rows: tuple[Row, ...] = ()
    tail, unit, readable = "", None, True
    match question:
        case SingleQuestion() | MultipleQuestion() | TrueFalseQuestion():
            texts = {option.id: option.html for option in question.options}
            options = tuple(OptionForSitting(each, texts[each]) for each in entry.options)
        case NumericQuestion():
            unit = question.accepted[0].unit
            readable = not any(value) or parse_number(value[0]) is not None
        case ShortQuestion():
            pass
        case MatchingQuestion():
            matches = {pair.id: text_of_html(pair.match_html) for pair in question.pairs}
            choices = tuple(Choice(each, matches[each]) for each in entry.options)
            rows = tuple(
                Row(pair.prompt_html, given, choices)
                for pair, given in zip(question.pairs, filled(value, len(question.pairs)), strict=True)
            )
        case OrderingQuestion():
            texts = {item.id: item.html for item in question.items}
            options = tuple(OptionForSitting(each, texts[each]) for each in (value if any(value) else entry.options))
        case ClozeQuestion():
            rows = tuple(
                Row(part, given, tuple(Choice(each, each) for each in gap.choices))
                for part, gap, given in zip(
                    question.html_parts[:-1], question.gaps, filled(value, len(question.gaps)), strict=True
                )
            )
            tail = question.html_parts[-1]
        case _:
            assert_never(question)
    # The key is shown only once nothing more can be tried.
    feedback = question_for_review(entry, number, checked, rules) if checked else None
    closed = bool(feedback) and (feedback.verdict == "right" or len(checked) >= tries_allowed(rules))  # type: ignore[union-attr]
    if feedback is not None and not closed:
        feedback = feedback.without_key()
    return QuestionForSitting(
        question.id,
        question.type,
        number,
        question.points,
        question.stem_html,
        options,
        rows,
        tail,
        unit,
        tuple(value),
        saved.certainty if saved else None,
        saved.revision if saved else 0,
        readable,
        len(checked),
        feedback,
        closed,
    )
