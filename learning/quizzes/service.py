"""What a person does with a quiz: start an attempt, save answers, hand it in.

Each verb is one transaction. It first locks the attempt, so that saving and handing in cannot cross.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from random import SystemRandom

from sqlalchemy import bindparam, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from learning.content.model import Question, Quiz
from learning.database import new_id, unit_of_work
from learning.errors import NotFound
from learning.grading.responses import BadResponse, parse_response
from learning.quizzes.errors import AttemptClosed, NoAttemptsLeft, StalePage, StaleRevision, UnfitAnswer
from learning.quizzes.gradings import grade
from learning.quizzes.models import Answer, Attempt, AttemptEvent, AttemptState
from learning.quizzes.papers import FrozenPaper, draw_paper, load_paper
from learning.quizzes.states import Move, allowed
from learning.web.identity import Member

LONGEST_OPERATION_ID = 64
#: Revisions are small whole numbers; a browser that sends more is not ours.
LARGEST_REVISION = 1_000_000


def start_attempt(member: Member, quiz: Quiz, now: datetime) -> str:
    """Start an attempt and return its id; the open one if there is one.

    Raises NoAttemptsLeft or NothingToAsk. A race of two starts is decided by the partial unique index: both get the same attempt.
    """
    try:
        with unit_of_work() as session:
            open_one = _open_attempt(session, member, quiz.id)
            return open_one or _begin(session, member, quiz, now)
    except IntegrityError:
        with unit_of_work() as session:
            open_one = _open_attempt(session, member, quiz.id)
        if open_one is None:
            raise
        return open_one


def _open_attempt(session: Session, member: Member, quiz_id: str) -> str | None:
    return session.scalar(
        select(Attempt.id).where(
            Attempt.organization_id == member.organization_id,
            Attempt.user_id == member.user_id,
            Attempt.quiz_id == quiz_id,
            Attempt.state == AttemptState.OPEN,
        )
    )


def _begin(session: Session, member: Member, quiz: Quiz, now: datetime) -> str:
    used = session.scalar(
        select(func.max(Attempt.number)).where(
            Attempt.organization_id == member.organization_id,
            Attempt.user_id == member.user_id,
            Attempt.quiz_id == quiz.id,
        )
    )
    number = (used or 0) + 1
    if quiz.attempts and number > quiz.attempts:
        raise NoAttemptsLeft(quiz.attempts)
    attempt = Attempt(
        organization_id=member.organization_id,
        user_id=member.user_id,
        quiz_id=quiz.id,
        number=number,
        paper_hash=draw_paper(session, quiz, SystemRandom()),
        state=AttemptState.OPEN,
        started_at=now,
    )
    session.add(attempt)
    session.flush()
    _note(session, attempt, Move.START, now)
    return attempt.id


def save_answer(
    member: Member,
    attempt_id: str,
    question_id: str,
    *,
    operation_id: str,
    revision: int,
    value: Sequence[str],
    arrived: datetime,
) -> int:
    """Save one answer and return its revision.

    The same operation sent twice has one effect. Raises NotFound, AttemptClosed, UnfitAnswer (the answer does
    not fit the question) or StaleRevision (a newer one is stored); then nothing is changed.
    """
    if not 1 <= len(operation_id) <= LONGEST_OPERATION_ID or not 1 <= revision <= LARGEST_REVISION:
        raise UnfitAnswer("The page that sent this answer is out of date. Reload it and answer again.")
    with unit_of_work() as session:
        attempt = _lock(session, member, attempt_id)
        question = load_paper(session, attempt.paper_hash).question(question_id)
        if question is None:
            raise NotFound
        stored, used = _found(session, attempt, question_id, operation_id)
        if stored is not None and stored.operation_id == operation_id:
            return stored.revision
        _require(attempt, Move.SAVE)
        if stored is not None and stored.revision >= revision:
            raise StaleRevision(stored.revision, stored.value)
        _check(question, value)
        if used:
            raise UnfitAnswer("The page that sent this answer is out of date. Reload it and answer again.")
        _store(session, attempt, stored, question_id, operation_id, revision, value, arrived)
        return revision


_FOUND = select(Answer).where(
    Answer.organization_id == bindparam("organization_id"),
    Answer.attempt_id == bindparam("attempt_id"),
    or_(Answer.question_id == bindparam("question_id"), Answer.operation_id == bindparam("operation_id")),
)


def _found(session: Session, attempt: Attempt, question_id: str, operation_id: str) -> tuple[Answer | None, bool]:
    """The stored answer to a question, and whether another question of the attempt was saved by this operation."""
    asked = {
        "organization_id": attempt.organization_id,
        "attempt_id": attempt.id,
        "question_id": question_id,
        "operation_id": operation_id,
    }
    rows = session.scalars(_FOUND, asked).all()
    stored = next((row for row in rows if row.question_id == question_id), None)
    return stored, any(row.question_id != question_id for row in rows)


def save_page(
    member: Member,
    attempt_id: str,
    answers: Mapping[str, Sequence[str]],
    arrived: datetime,
    bases: Mapping[str, int] | None = None,
) -> None:
    """Save what a whole page holds, as a browser without scripts sends it.

    Answers that have not changed are left alone, and so are questions that the paper does not ask. ``bases``
    tells on which revision the page stood: a newer answer is not overwritten in silence. Raises NotFound,
    AttemptClosed, UnfitAnswer or StalePage; then nothing is saved.
    """
    with unit_of_work() as session:
        attempt = _lock(session, member, attempt_id)
        _require(attempt, Move.SAVE)
        _store_page(session, attempt, load_paper(session, attempt.paper_hash), answers, arrived, bases or {})


def submit(
    member: Member,
    attempt_id: str,
    answers: Mapping[str, Sequence[str]],
    arrived: datetime,
    bases: Mapping[str, int] | None = None,
) -> None:
    """Save what the page holds, hand the attempt in and mark it, in one transaction.

    Handing in twice gives the same result: the first one counts, and its answers stay. Raises NotFound,
    UnfitAnswer or StalePage; then the attempt stays open and nothing is saved.
    """
    with unit_of_work() as session:
        attempt = _lock(session, member, attempt_id)
        if attempt.state is AttemptState.SUBMITTED:
            return
        paper = load_paper(session, attempt.paper_hash)
        _store_page(session, attempt, paper, answers, arrived, bases or {})
        session.flush()
        won = session.execute(
            update(Attempt)
            .where(
                Attempt.organization_id == member.organization_id,
                Attempt.id == attempt.id,
                Attempt.state == AttemptState.OPEN,
            )
            .values(state=AttemptState.SUBMITTED, submitted_at=arrived)
            .execution_options(synchronize_session="fetch")
        )
        if won.rowcount == 1:  # type: ignore[attr-defined]
            _note(session, attempt, Move.SUBMIT, arrived)
            grade(session, attempt, paper, arrived)


_LOCKED = (
    select(Attempt)
    .where(
        Attempt.organization_id == bindparam("organization_id"),
        Attempt.user_id == bindparam("user_id"),
        Attempt.id == bindparam("attempt_id"),
    )
    .with_for_update()
)


def _lock(session: Session, member: Member, attempt_id: str) -> Attempt:
    """The person's own attempt, locked until the end of the transaction. Raises NotFound."""
    mine = {"organization_id": member.organization_id, "user_id": member.user_id, "attempt_id": attempt_id}
    attempt = session.scalars(_LOCKED, mine).first()
    if attempt is None:
        raise NotFound
    return attempt


def _require(attempt: Attempt, move: Move) -> None:
    if not allowed(attempt.state, move):
        raise AttemptClosed


def _check(question: Question, value: Sequence[str]) -> None:
    try:
        parse_response(question, value)
    except BadResponse as error:
        raise UnfitAnswer(str(error)) from error


def _store_page(
    session: Session,
    attempt: Attempt,
    paper: FrozenPaper,
    answers: Mapping[str, Sequence[str]],
    arrived: datetime,
    bases: Mapping[str, int],
) -> None:
    stored = {
        answer.question_id: answer
        for answer in session.scalars(
            select(Answer).where(Answer.organization_id == attempt.organization_id, Answer.attempt_id == attempt.id)
        )
    }
    changed = {
        question_id: value
        for question_id, value in answers.items()
        if list(value) != (stored[question_id].value if question_id in stored else [])
    }
    stale = {
        each for each in changed if each in stored and bases.get(each, stored[each].revision) < stored[each].revision
    }
    if stale:
        raise StalePage(stale)
    for question_id, value in changed.items():
        question = paper.question(question_id)
        if question is None:
            continue
        before = stored.get(question_id)
        _check(question, value)
        revision = before.revision + 1 if before else 1
        _store(session, attempt, before, question_id, new_id(), revision, value, arrived)


def _store(
    session: Session,
    attempt: Attempt,
    stored: Answer | None,
    question_id: str,
    operation_id: str,
    revision: int,
    value: Sequence[str],
    arrived: datetime,
) -> None:
    answer = stored or Answer(organization_id=attempt.organization_id, attempt_id=attempt.id, question_id=question_id)
    late = (arrived - attempt.deadline_at).total_seconds() if attempt.deadline_at else 0
    answer.operation_id = operation_id
    answer.revision = revision
    answer.value = list(value)
    answer.saved_at = arrived
    answer.late_by = late if late > 0 else None
    session.add(answer)


def _note(session: Session, attempt: Attempt, move: Move, now: datetime) -> None:
    session.add(
        AttemptEvent(
            organization_id=attempt.organization_id, attempt_id=attempt.id, kind=move.value, at=now, details={}
        )
    )
