"""Marking attempts again after a key was mended. Answers and earlier gradings stay as they are; a grading is added."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from learning.content.model import NumericQuestion, Question, Quiz
from learning.database import unit_of_work
from learning.extensions import db
from learning.grading.responses import BadResponse, parse_response
from learning.grading.scoring import score_quiz
from learning.grading.tries import Try
from learning.quizzes.attempts import note, tries_of_many
from learning.quizzes.errors import NoReason
from learning.quizzes.gradings import MILLION, add_grading, marks_of, millionths, percent, versions_of
from learning.quizzes.models import Attempt, AttemptState, Grading
from learning.quizzes.papers import FrozenPaper, keep_versions, load_papers, with_versions
from learning.quizzes.states import Move

#: Attempts that are read at once, and marked in one transaction.
BATCH = 200
LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Change:
    """How an attempt would stand if it were marked again."""

    attempt_id: str
    user_id: str
    #: Counts the person's attempts at the quiz.
    number: int
    percent_before: float
    percent_after: float
    passed_before: bool
    passed_after: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What marking a quiz again would do."""

    attempts: int
    changes: tuple[Change, ...]
    #: Questions that were asked in another version and cannot be marked by today's: their answers do not fit it.
    unfit: frozenset[str]

    @property
    def now_passed(self) -> int:
        """How many attempts would pass that did not."""
        return sum(change.passed_after and not change.passed_before for change in self.changes)

    @property
    def now_failed(self) -> int:
        """How many attempts would no longer pass."""
        return sum(change.passed_before and not change.passed_after for change in self.changes)


@dataclass(frozen=True, slots=True)
class _Marked:
    """An attempt with its latest grading and the paper by which it would be marked now."""

    attempt: Attempt
    grading: Grading
    paper: FrozenPaper
    tries: dict[str, list[Try]]
    change: Change | None
    unfit: frozenset[str]


def preview_regrade(organization_id: str, quiz: Quiz) -> Preview:
    """Who would change by how much if all that was handed in were marked by today's questions. Changes nothing."""
    seen = [marked for batch in _batches(db.session(), organization_id, quiz.id) for marked in _marked(batch, quiz)]
    return Preview(
        len(seen),
        tuple(marked.change for marked in seen if marked.change),
        frozenset().union(*(marked.unfit for marked in seen)),
    )


def regrade(organization_id: str, quiz: Quiz, reason: str, now: datetime, created_by: str | None = None) -> int:
    """Add a grading by today's questions to every attempt that changes; return how many.

    Doing it again changes nothing. ``created_by`` is the user who asked for it, None for the command line. Raises
    NoReason unless there is one of 1 to 300 characters.
    """
    reason = " ".join(reason.split())
    if not 1 <= len(reason) <= LONGEST_REASON:
        raise NoReason(LONGEST_REASON)
    ids = db.session.scalars(_handed_in(organization_id, quiz.id).with_only_columns(Attempt.id)).all()
    count = 0
    for start in range(0, len(ids), BATCH):
        with unit_of_work() as session:
            statement = _handed_in(organization_id, quiz.id).where(Attempt.id.in_(ids[start : start + BATCH]))
            attempts = session.scalars(statement.with_for_update()).all()
            # Person by person in one order, so that two quizzes marked at once do not wait for each other's people.
            everybody = _marked(_with_gradings(session, attempts), quiz)
            for marked in sorted(everybody, key=lambda each: each.attempt.user_id):
                if marked.change:
                    versions = keep_versions(session, [entry.question for entry in marked.paper.questions])
                    marks = marks_of(marked.paper, marked.tries)
                    add_grading(
                        session,
                        marked.attempt,
                        marks,
                        marked.paper.pass_mark,
                        now,
                        created_by=created_by,
                        reason=reason,
                        versions=versions,
                    )
                    note(session, marked.attempt, Move.GRADE.value, now)
                    count += 1
    return count


def _handed_in(organization_id: str, quiz_id: str) -> Select[Attempt]:
    return (
        select(Attempt)
        .where(
            Attempt.organization_id == organization_id,
            Attempt.quiz_id == quiz_id,
            Attempt.state == AttemptState.SUBMITTED,
        )
        .order_by(Attempt.submitted_at, Attempt.id)
    )


_Batch = list[tuple[Attempt, Grading, FrozenPaper, dict[str, list[Try]]]]


def _batches(session: Session, organization_id: str, quiz_id: str) -> Iterator[_Batch]:
    attempts = session.scalars(_handed_in(organization_id, quiz_id)).all()
    for start in range(0, len(attempts), BATCH):
        yield _with_gradings(session, attempts[start : start + BATCH])


def _with_gradings(session: Session, attempts: Sequence[Attempt]) -> _Batch:
    """Attempts with their latest gradings, papers and tries. A constant number of queries."""
    ids = [attempt.id for attempt in attempts]
    latest = (
        select(Grading.attempt_id, func.max(Grading.number).label("number"))
        .where(
            Grading.organization_id.in_({attempt.organization_id for attempt in attempts}), Grading.attempt_id.in_(ids)
        )
        .group_by(Grading.attempt_id)
        .subquery()
    )
    gradings = {
        grading.attempt_id: grading
        for grading in session.scalars(
            select(Grading).join(
                latest, (latest.c.attempt_id == Grading.attempt_id) & (latest.c.number == Grading.number)
            )
        )
    }
    tries = tries_of_many(session, attempts[0].organization_id, ids) if attempts else {}
    papers = load_papers(session, {attempt.paper_hash for attempt in attempts})
    batch = []
    for attempt in attempts:
        grading = gradings[attempt.id]
        # What was mended once stays mended, also where today's version no longer fits the answers.
        paper = with_versions(session, papers[attempt.paper_hash], versions_of(grading))
        batch.append((attempt, grading, paper, tries.get(attempt.id, {})))
    return batch


def _marked(batch: _Batch, quiz: Quiz) -> Iterator[_Marked]:
    today = {question.id: question for question in quiz.questions}
    for attempt, grading, paper, tries in batch:
        mended, unfit = _mended(paper, today, tries)
        score = score_quiz(list(marks_of(mended, tries).values()), mended.pass_mark)
        points, maximum = millionths(score.points), score.maximum * MILLION
        changed = (points, maximum, score.passed) != (grading.points, grading.maximum, grading.passed)
        change = Change(
            attempt.id,
            attempt.user_id,
            attempt.number,
            percent(grading.points, grading.maximum),
            percent(points, maximum),
            grading.passed,
            score.passed,
        )
        yield _Marked(attempt, grading, mended, tries, change if changed else None, unfit)


def _mended(
    paper: FrozenPaper, today: dict[str, Question], tries: dict[str, list[Try]]
) -> tuple[FrozenPaper, frozenset[str]]:
    """The paper with today's questions where the answers fit them, and the ids of those where they do not."""
    entries, unfit = [], set()
    for entry in paper.questions:
        new = _variant(today.get(entry.question.id), entry.question)
        if new is None or new == entry.question:
            entries.append(entry)
        elif _fits(new, entry.question, tries.get(new.id, [])):
            entries.append(replace(entry, question=new))
        else:
            entries.append(entry)
            unfit.add(new.id)
    return replace(paper, questions=tuple(entries)), frozenset(unfit)


def _variant(new: Question | None, old: Question) -> Question | None:
    """Today's question with the values that were asked; itself if it has none of these."""
    if isinstance(new, NumericQuestion) and isinstance(old, NumericQuestion):
        return next((each for each in new.variants if each.variant == old.variant), new)
    return new


def _fits(new: Question, old: Question, tries: Sequence[Try]) -> bool:
    """Whether answers to the old version can be marked by the new one: the same type, and the same choices."""
    if new.type != old.type or _choices(new) != _choices(old):
        return False
    if isinstance(new, NumericQuestion) and isinstance(old, NumericQuestion) and new.variant != old.variant:
        return False
    try:
        for each in tries:
            parse_response(new, each.value)
    except BadResponse:
        return False
    return True


def _choices(question: Question) -> object:
    """What an answer chooses from; equal for questions whose answers mean the same."""
    match question.type:
        case "single" | "multiple" | "true-false":
            return {option.id for option in question.options}
        case "matching":
            return ([pair.prompt_html for pair in question.pairs], {pair.id for pair in question.pairs})
        case "ordering":
            return {item.id for item in question.items}
        case "cloze":
            return [(gap.id, frozenset(gap.choices)) for gap in question.gaps]
        case _:
            return None
