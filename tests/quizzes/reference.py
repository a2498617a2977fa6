"""What attempts should do, in memory and without a database: the proofs compare the real ones with this.

It knows the questions of the small content folder only, and marks them by its own few lines.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from math import floor

from learning.content.model import Question, Quiz
from learning.errors import DomainError, NotFound
from learning.quizzes.errors import (
    AttemptClosed,
    LeaseLost,
    NothingToCheck,
    QuestionClosed,
    StalePage,
    StaleRevision,
    TimeIsUp,
    UnfitAnswer,
)

GRACE = timedelta(seconds=10)
Value = tuple[str, ...]
#: Answers of a page: question id -> value.
Page = dict[str, Value]


def share(question: Question, value: Value) -> Fraction:
    """How right a value is, 0 to 1."""
    if question.type == "numeric":
        return Fraction(value == ("42.5",))
    right = {option.id for option in question.options if option.right}  # type: ignore[union-attr]
    return max(Fraction(0), Fraction(len(set(value) & right) - len(set(value) - right), len(right)))


def choices(question: Question) -> set[str]:
    """What an answer means is the same as long as this is."""
    return set() if question.type == "numeric" else {option.id for option in question.options}  # type: ignore[union-attr]


def fits(question: Question, value: Value) -> bool:
    """Whether a value may be stored."""
    return not any(value) or (len(value) == 1 if question.type == "numeric" else set(value) <= choices(question))


@dataclass
class Kept:
    """A stored answer."""

    operation: str
    revision: int
    value: Value


@dataclass
class Sitting:
    """An attempt."""

    who: int
    number: int
    questions: dict[str, Question]
    immediate: bool
    pass_mark: int
    deadline: datetime
    answers: dict[str, Kept] = field(default_factory=dict)
    checked: dict[str, list[Value]] = field(default_factory=dict)
    ended: datetime | None = None
    lease: str | None = None
    late: int = 0
    #: (points, maximum, passed) of each grading, in millionths.
    gradings: list[tuple[int, int, bool]] = field(default_factory=list)

    def overdue(self, now: datetime) -> bool:
        """Whether it is open and its time is up."""
        return self.ended is None and now > self.deadline + GRACE

    def result(self, questions: dict[str, Question]) -> tuple[int, int, bool]:
        """What it is worth by these versions of its questions."""
        points = Fraction(0)
        for each, question in questions.items():
            tries = [*self.checked.get(each, [])]
            kept = self.answers.get(each)
            if kept and any(kept.value) and kept.value not in tries[-1:]:
                tries.append(kept.value)
            if tries:
                points += question.points * share(question, tries[-1]) * (1 - Fraction(len(tries) - 1, 4))
        maximum = sum(question.points for question in questions.values())
        return floor(points * 10**6), maximum * 10**6, 100 * points >= self.pass_mark * maximum

    def end(self, at: datetime) -> None:
        """Hand it in and mark it."""
        self.ended = at
        self.gradings.append(self.result(self.questions))

    def closed(self, question_id: str) -> bool:
        """Whether a question takes no other answer."""
        tries = self.checked.get(question_id, [])
        return bool(tries) and (len(tries) == 2 or share(self.questions[question_id], tries[-1]) == 1)

    def save(
        self, question_id: str, operation: str, revision: int, value: Value, lease: str | None, now: datetime
    ) -> int | type[DomainError]:
        """Save one answer: its revision, or why not."""
        if question_id not in self.questions:
            return NotFound
        kept = self.answers.get(question_id)
        if kept and kept.operation == operation:
            return kept.revision
        if self.overdue(now):
            self.late += 1
            self.end(self.deadline)
            return TimeIsUp
        if self.ended:
            return AttemptClosed
        if lease and self.lease and lease != self.lease:
            return LeaseLost
        if kept and kept.revision >= revision:
            return StaleRevision
        if not fits(self.questions[question_id], value) or any(
            other.operation == operation for other in self.answers.values()
        ):
            return UnfitAnswer
        if self.closed(question_id):
            return QuestionClosed
        self.answers[question_id] = Kept(operation, revision, value)
        return revision

    def save_page(self, page: Page, bases: dict[str, int], now: datetime) -> type[DomainError] | None:
        """Save what differs; None if it went well."""
        changed = {
            each: value
            for each, value in page.items()
            if (value != self.answers[each].value if each in self.answers else any(value))
        }
        if self.overdue(now):
            self.late += len(changed)
            self.end(self.deadline)
            return TimeIsUp
        if self.ended:
            return AttemptClosed
        if any(each in self.answers and bases.get(each, 10**9) < self.answers[each].revision for each in changed):
            return StalePage
        asked = {each: value for each, value in changed.items() if each in self.questions}
        for each, value in asked.items():
            if not fits(self.questions[each], value):
                return UnfitAnswer
            if self.closed(each):
                return QuestionClosed
        for each, value in asked.items():
            before = self.answers.get(each)
            self.answers[each] = Kept("page", before.revision + 1 if before else 1, value)
        return None

    def check(self, question_id: str, page: Page, bases: dict[str, int], now: datetime) -> type[DomainError] | None:
        """Save the page and close a try; nothing of it where it is refused."""
        before = dict(self.answers)
        if refused := self.save_page(page, bases, now):
            return refused
        kept = self.answers.get(question_id)
        if question_id not in self.questions or not self.immediate or not kept or not any(kept.value):
            self.answers = before
            return NotFound if question_id not in self.questions or not self.immediate else NothingToCheck
        if not self.closed(question_id) and kept.value not in self.checked.get(question_id, [])[-1:]:
            self.checked.setdefault(question_id, []).append(kept.value)
        return None

    def submit(self, page: Page, bases: dict[str, int], now: datetime) -> type[DomainError] | None:
        """Save the page and hand in."""
        if self.ended:
            return None
        refused = self.save_page(page, bases, now)
        if not refused:
            self.end(now)
        return refused

    def mended(self, quiz: Quiz) -> bool:
        """Mark again by today's questions where they mean the same; whether a grading was added."""
        if not self.ended:
            return False
        today = {question.id: question for question in quiz.questions}
        basis = {
            each: today[each] if each in today and choices(today[each]) == choices(question) else question
            for each, question in self.questions.items()
        }
        result = self.result(basis)
        if result == self.gradings[-1]:
            return False
        self.questions = basis
        self.gradings.append(result)
        return True
