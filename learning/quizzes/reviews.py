"""A result as its page shows it: my answer, how it was marked, the right one, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
from learning.grading.marking import Verdict, fills
from learning.grading.tries import Try, mark_tries
from learning.quizzes.attempts import own_attempt, tries_of
from learning.quizzes.gradings import MILLION, percent, versions_of
from learning.quizzes.models import Grading
from learning.quizzes.papers import PaperQuestion, load_paper, with_versions
from learning.quizzes.windows import key_waits, window_of
from learning.web.identity import Member


@dataclass(frozen=True, slots=True)
class OptionForReview:
    """A choice with its feedback. ``right`` is None where the key is not shown."""

    html: str
    right: bool | None
    chosen: bool
    feedback_html: str | None


@dataclass(frozen=True, slots=True)
class RowForReview:
    """One pair, place or gap: what stands there, mine, the right one (None where the key is not shown)."""

    html: str
    given: str
    right_text: str | None
    hit: bool | None


@dataclass(frozen=True, slots=True)
class QuestionForReview:
    """A question with my answer, the right one, and why."""

    id: str
    number: int
    type: str
    stem_html: str
    #: None where the quiz does not explain.
    explanation_html: str | None
    options: tuple[OptionForReview, ...]
    rows: tuple[RowForReview, ...]
    #: What follows the last gap.
    tail_html: str
    #: What I typed into a single field.
    typed: str | None
    right_text: str | None
    feedback_html: str | None
    verdict: Verdict
    #: None where marks are not shown.
    points: float | None
    maximum: int
    #: How sure I said I was; None where it was not asked or not said.
    certainty: int | None
    tries: int

    def without_key(self) -> QuestionForReview:
        """The same without what is right and why: my answer may still be tried again."""
        return replace(
            self,
            explanation_html=None,
            options=tuple(
                replace(option, right=None, feedback_html=option.feedback_html if option.chosen else None)
                for option in self.options
            ),
            rows=tuple(replace(row, right_text=None, hit=None) for row in self.rows),
            right_text=None,
        )


@dataclass(frozen=True, slots=True)
class Review:
    """A result with what explains it."""

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
    #: Why it was marked again; None for the first marking.
    regraded: str | None
    #: Whether it was handed in by itself when its time was up.
    timed_out: bool
    rules: QuizRules
    #: When the quiz closes; None where nobody has said.
    closes_at: datetime | None
    #: Empty as long as the rules keep them back.
    questions: tuple[QuestionForReview, ...]


def review(member: Member, attempt_id: str, now: datetime) -> Review | None:
    """The result of an attempt; None while it is open. Raises NotFound."""
    attempt = own_attempt(db.session(), member, attempt_id)
    if attempt.submitted_at is None:
        return None
    grading = db.session.scalars(
        select(Grading)
        .where(Grading.organization_id == member.organization_id, Grading.attempt_id == attempt_id)
        .order_by(Grading.number.desc())
        .limit(1)
    ).one()
    paper = load_paper(db.session(), attempt.paper_hash)
    paper = with_versions(db.session(), paper, versions_of(grading))
    tries = tries_of(db.session(), attempt)
    closes_at = window_of(db.session(), member.organization_id, paper.quiz_id).closes_at
    kept_back = key_waits(paper.rules, closes_at, now)
    return Review(
        attempt.id,
        paper.quiz_id,
        paper.title,
        attempt.number,
        attempt.submitted_at,
        grading.points / MILLION,
        grading.maximum / MILLION,
        percent(grading.points, grading.maximum),
        grading.passed,
        paper.pass_mark,
        grading.reason if grading.number > 1 else None,
        attempt.deadline_at is not None and attempt.submitted_at == attempt.deadline_at,
        paper.rules,
        closes_at,
        tuple(
            question_for_review(entry, number, tries.get(entry.question.id, []), paper.rules)
            for number, entry in enumerate(paper.questions, start=1)
            if not kept_back
        ),
    )


def question_for_review(entry: PaperQuestion, number: int, tries: Sequence[Try], rules: QuizRules) -> QuestionForReview:
    """A question after its last try, with the parts that the rules show."""
    question = entry.question
    mark = mark_tries(question, tries, rules)
    value: Sequence[str] = tries[-1].value if tries else ()
    shows_key, shows_feedback = "key" in rules.review, "feedback" in rules.review
    said = dict(mark.feedback)
    options: tuple[OptionForReview, ...] = ()
    rows: tuple[RowForReview, ...] = ()
    tail, typed, right_text = "", None, None
    match question:
        case SingleQuestion() | MultipleQuestion() | TrueFalseQuestion():
            by_id = {option.id: option for option in question.options}
            options = tuple(
                OptionForReview(
                    by_id[each].html,
                    by_id[each].right if shows_key else None,
                    each in value,
                    by_id[each].feedback_html if shows_feedback and (each in value or shows_key) else None,
                )
                for each in entry.options
            )
        case NumericQuestion():
            first = question.accepted[0]
            typed, right_text = _typed(value), f"{first.shown} {first.unit or ''}".strip()
        case ShortQuestion():
            typed, right_text = _typed(value), question.accepted[0]
        case MatchingQuestion():
            matches = {pair.id: text_of_html(pair.match_html) for pair in question.pairs}
            rows = tuple(
                RowForReview(pair.prompt_html, matches.get(given, ""), matches[pair.id], given == pair.id)
                for pair, given in zip(question.pairs, filled(value, len(question.pairs)), strict=True)
            )
        case OrderingQuestion():
            texts = {item.id: text_of_html(item.html) for item in question.items}
            rows = tuple(
                RowForReview("", texts.get(given, ""), texts[item.id], given == item.id)
                for item, given in zip(question.items, filled(value, len(question.items)), strict=True)
            )
        case ClozeQuestion():
            rows = tuple(
                RowForReview(part, given, gap.right[0], fills(given, gap))
                for part, gap, given in zip(
                    question.html_parts[:-1], question.gaps, filled(value, len(question.gaps)), strict=True
                )
            )
            tail = question.html_parts[-1]
        case _:
            assert_never(question)
    shown = QuestionForReview(
        question.id,
        number,
        question.type,
        question.stem_html,
        question.explanation_html if "explanation" in rules.review else None,
        options,
        rows,
        tail,
        typed,
        right_text,
        said.get(None) if shows_feedback else None,
        mark.verdict,
        float(mark.points) if "marks" in rules.review else None,
        mark.maximum,
        tries[-1].certainty if tries and rules.certainty else None,
        len(tries),
    )
    return shown if shows_key else _keyless(shown)


def _keyless(shown: QuestionForReview) -> QuestionForReview:
    """What is right is hidden; why it is right may still be told."""
    return replace(shown.without_key(), explanation_html=shown.explanation_html)


def _typed(value: Sequence[str]) -> str | None:
    return value[0] if value else None


def filled(value: Sequence[str], count: int) -> Sequence[str]:
    """One entry for each row; empty ones where nothing was answered."""
    return value if len(value) == count else [""] * count
