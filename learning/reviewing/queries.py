"""What is due today, and one question of it as its pages show it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from random import Random

from sqlalchemy.orm import Session

from learning.content.model import Catalogue, Lesson, Question, Quiz, QuizRules, lesson_of
from learning.errors import NotFound
from learning.extensions import db
from learning.grading.tries import Try
from learning.quizzes.history import secret_quizzes
from learning.quizzes.papers import PaperQuestion, option_order
from learning.quizzes.reviews import QuestionForReview, question_for_review
from learning.quizzes.sittings import QuestionForSitting, question_for_sitting
from learning.reviewing.cards import KnownQuestion, is_on, known_questions
from learning.reviewing.scheduling import day_of
from learning.web.identity import Member

#: A day's set has at most so many questions.
MOST_A_DAY = 10


@dataclass(frozen=True, slots=True)
class TodaysSet:
    """What a person is asked today."""

    #: Questions still to be answered today, the one that has waited longest first.
    question_ids: tuple[str, ...]
    #: How many were answered today.
    done: int
    #: How many are due beyond today's set.
    waiting: int
    #: When the next one falls due after those; None if there is none.
    next_at: datetime | None

    @property
    def total(self) -> int:
        """How many questions today's set has, answered or not."""
        return self.done + len(self.question_ids)

    @property
    def first(self) -> str | None:
        """The question to be asked now."""
        return self.question_ids[0] if self.question_ids else None


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """What the review is for a person today; ``today`` is None where it is switched off."""

    today: TodaysSet | None


@dataclass(frozen=True, slots=True)
class AskedPage:
    """A question of today's set, without anything of its key."""

    question: QuestionForSitting
    today: TodaysSet


@dataclass(frozen=True, slots=True)
class FeedbackPage:
    """A question after it was answered."""

    question: QuestionForReview
    today: TodaysSet
    #: When it comes back; None if it has not counted and is due as before.
    comes_back_at: datetime | None
    #: Where one may read about it; None if it names no objective of a lesson.
    lesson: Lesson | None


def questions_of(catalogue: Catalogue) -> dict[str, tuple[Quiz, Question]]:
    """Question id -> the question and its quiz."""
    return {each.id: (quiz, each) for quiz in catalogue.quizzes.values() for each in quiz.questions}


def todays_set(
    known: Mapping[str, KnownQuestion], catalogue: Catalogue, secret: frozenset[str], now: datetime
) -> TodaysSet:
    """Choose today's set. What is no longer in the catalogue is left out, and so is what belongs to ``secret`` quizzes."""
    today = day_of(now)
    bank = questions_of(catalogue)
    done = sum(each.reviewed_at is not None and each.reviewed_at >= today for each in known.values())
    there = [each for each in known.values() if each.question_id in bank and bank[each.question_id][0].id not in secret]
    due = sorted(
        (each for each in there if each.schedule.due_at <= now),
        key=lambda each: (each.schedule.due_at, each.schedule.answered_at, each.question_id),
    )
    chosen = due[: max(0, MOST_A_DAY - done)]
    return TodaysSet(
        tuple(each.question_id for each in chosen),
        done,
        len(due) - len(chosen),
        min((each.schedule.due_at for each in there if each.schedule.due_at > now), default=None),
    )


def read_today(session: Session, member: Member, catalogue: Catalogue, now: datetime) -> TodaysSet:
    """Today's set of a person. Four queries."""
    return todays_set(known_questions(session, member), catalogue, secret_quizzes(session, member, catalogue, now), now)


def review_page(member: Member, catalogue: Catalogue, now: datetime) -> ReviewPage:
    """What is due. Five queries, one where it is switched off."""
    session = db.session()
    return ReviewPage(read_today(session, member, catalogue, now) if is_on(session, member) else None)


def asked_page(member: Member, catalogue: Catalogue, question_id: str, now: datetime) -> AskedPage | None:
    """A question of today's set; None if it is not among them, or the review is switched off.

    Raises NotFound for one that is not in the catalogue.
    """
    found = questions_of(catalogue).get(question_id)
    if found is None:
        raise NotFound
    today = review_page(member, catalogue, now).today
    if today is None or question_id not in today.question_ids:
        return None
    quiz, question = found
    entry = _entry(member, quiz, question, now)
    return AskedPage(question_for_sitting(entry, today.done + 1, _rules(quiz), None, ()), today)


def feedback_page(
    member: Member, catalogue: Catalogue, question_id: str, value: Sequence[str], now: datetime
) -> FeedbackPage:
    """What is said to an answer. Only for a question that ``service.answer`` has just taken an answer to."""
    session = db.session()
    known = known_questions(session, member)
    today = todays_set(known, catalogue, secret_quizzes(session, member, catalogue, now), now)
    quiz, question = questions_of(catalogue)[question_id]
    tries = [Try(tuple(value))] if any(each.strip() for each in value) else []
    due_at, lesson_id = known[question_id].schedule.due_at, lesson_of(question)
    return FeedbackPage(
        question_for_review(_entry(member, quiz, question, now), today.done, tries, _rules(quiz)),
        today,
        due_at if due_at > now else None,
        catalogue.lessons.get(lesson_id) if lesson_id else None,
    )


def _entry(member: Member, quiz: Quiz, question: Question, now: datetime) -> PaperQuestion:
    """The question with its options in an order that is another for each person and each day."""
    chance = Random(f"{member.user_id} {question.id} {day_of(now):%Y-%m-%d}")
    return PaperQuestion(question, tuple(option_order(question, quiz, chance)))


def _rules(quiz: Quiz) -> QuizRules:
    """What the quiz shows of a key and why is shown here too; there are no points, and nothing hangs on being sure."""
    return replace(QuizRules(), review=tuple(part for part in quiz.rules.review if part != "marks"))
