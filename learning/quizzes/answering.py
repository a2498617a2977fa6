"""Saving answers of an open attempt, one by one or a page at a time, and checking one where the quiz allows it.

Each verb is one transaction. It first locks the attempt, so that saving and handing in cannot cross.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from learning.content.model import Question
from learning.database import new_id, unit_of_work
from learning.errors import NotFound
from learning.grading.certainty import Certainty
from learning.grading.marking import Verdict
from learning.grading.responses import BadResponse, parse_response
from learning.grading.tries import mark_tries, tries_allowed
from learning.quizzes.attempts import as_try, close, lock_attempt, note, require
from learning.quizzes.errors import (
    LeaseLost,
    NothingToCheck,
    QuestionClosed,
    StalePage,
    StaleRevision,
    TimeIsUp,
    UnfitAnswer,
)
from learning.quizzes.models import Answer, Attempt, AttemptEvent, CheckedAnswer
from learning.quizzes.papers import FrozenPaper, load_paper
from learning.quizzes.states import Move, overdue
from learning.web.bases import Base
from learning.web.identity import Member

LONGEST_OPERATION_ID = 64
#: Revisions are small whole numbers; a browser that sends more is not ours.
LARGEST_REVISION = 1_000_000
#: So many answers that came too late are kept for the trainer; more of them tell nothing new.
MOST_LATE = 200


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as a browser sends it."""

    value: Sequence[str]
    certainty: int | None = None


def save_answer(
    member: Member,
    attempt_id: str,
    question_id: str,
    *,
    operation_id: str,
    revision: int,
    given: Given,
    arrived: datetime,
    lease: str | None = None,
) -> int:
    """Save one answer and return its revision.

    The same operation sent twice has one effect. Raises NotFound, AttemptClosed, TimeIsUp, QuestionClosed, LeaseLost
    (another page saves now), UnfitAnswer (the answer does not fit the question) or StaleRevision (a newer one is
    stored); then nothing is changed.
    """
    if not 1 <= len(operation_id) <= LONGEST_OPERATION_ID or not 1 <= revision <= LARGEST_REVISION:
        raise UnfitAnswer(_("The page that sent this answer is out of date. Reload it and answer again."))
    with unit_of_work() as session:
        attempt = lock_attempt(session, member, attempt_id)
        paper = load_paper(session, attempt.paper_hash)
        question = paper.question(question_id)
        if question is None:
            raise NotFound
        stored, used = _found(session, attempt, question_id, operation_id)
        if stored is not None and stored.operation_id == operation_id:
            return stored.revision
        late = overdue(attempt, arrived)
        if late:
            close_overdue(session, attempt, arrived)
            _keep_late(session, attempt, {question_id: given}, arrived)
        else:
            require(attempt, Move.SAVE)
            if lease is not None and attempt.lease is not None and lease != attempt.lease:
                raise LeaseLost
            if stored is not None and stored.revision >= revision:
                raise StaleRevision(stored.revision, stored.value, stored.certainty)
            _check(question, given)
            if used:
                raise UnfitAnswer(_("The page that sent this answer is out of date. Reload it and answer again."))
            _require_open(session, attempt, paper, question)
            _store(session, attempt, stored, question_id, operation_id, revision, given, arrived)
    if late:
        raise TimeIsUp
    return revision


def close_overdue(session: Session, attempt: Attempt, now: datetime) -> None:
    """Hand in a locked attempt as it stood at its deadline."""
    assert attempt.deadline_at is not None
    close(session, attempt, Move.EXPIRE, attempt.deadline_at, now)


def _keep_late(session: Session, attempt: Attempt, answers: Mapping[str, Given], arrived: datetime) -> None:
    """Note what came too late: it does not count, and it is not lost either."""
    kept = session.scalar(
        select(func.count(AttemptEvent.id)).where(
            AttemptEvent.organization_id == attempt.organization_id,
            AttemptEvent.attempt_id == attempt.id,
            AttemptEvent.kind == "late",
        )
    )
    late_by = (arrived - attempt.deadline_at).total_seconds() if attempt.deadline_at else None
    for question_id, given in list(answers.items())[: max(0, MOST_LATE - (kept or 0))]:
        details = {"question": question_id, "value": list(given.value), "late_by": late_by}
        note(session, attempt, "late", arrived, details)


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
    answers: Mapping[str, Given],
    arrived: datetime,
    bases: Mapping[str, Base] | None = None,
) -> None:
    """Save what a whole page holds, as a browser without scripts sends it.

    Answers that have not changed are left alone, and so are questions that the paper does not ask. ``bases``
    tells on which answers the page stood: a newer answer is not overwritten in silence. Raises NotFound,
    AttemptClosed, TimeIsUp, QuestionClosed, UnfitAnswer or StalePage; then nothing is saved.
    """
    with unit_of_work() as session:
        attempt = lock_attempt(session, member, attempt_id)
        in_time = store_page(session, attempt, answers, arrived, bases or {})
    if not in_time:
        raise TimeIsUp


def store_page(
    session: Session,
    attempt: Attempt,
    answers: Mapping[str, Given],
    arrived: datetime,
    bases: Mapping[str, Base],
) -> bool:
    """Store the answers of a page in a locked attempt; False if its time was up, and it is now handed in."""
    stored = {answer.question_id: answer for answer in _stored(session, attempt)}
    changed = {each: given for each, given in answers.items() if _differs(given, stored.get(each))}
    if overdue(attempt, arrived):
        close_overdue(session, attempt, arrived)
        _keep_late(session, attempt, changed, arrived)
        return False
    require(attempt, Move.SAVE)
    stale = {
        each
        for each in changed
        if (base := bases.get(each))
        and (known := stored.get(each))
        and base.is_older_than(known.revision, known.operation_id)
    }
    if stale:
        raise StalePage(stale)
    paper = load_paper(session, attempt.paper_hash)
    for question_id, given in changed.items():
        question = paper.question(question_id)
        if question is None:
            continue
        before = stored.get(question_id)
        _check(question, given)
        _require_open(session, attempt, paper, question)
        revision = before.revision + 1 if before else 1
        _store(session, attempt, before, question_id, new_id(), revision, given, arrived)
    return True


def _stored(session: Session, attempt: Attempt) -> Sequence[Answer]:
    return session.scalars(
        select(Answer).where(Answer.organization_id == attempt.organization_id, Answer.attempt_id == attempt.id)
    ).all()


def _differs(given: Given, stored: Answer | None) -> bool:
    if stored is None:
        return any(given.value) or given.certainty is not None
    return list(given.value) != stored.value or given.certainty != stored.certainty


def check_question(
    member: Member,
    attempt_id: str,
    question_id: str,
    answers: Mapping[str, Given],
    arrived: datetime,
    bases: Mapping[str, Base] | None = None,
) -> None:
    """Save the page, and close one try at a question so that its feedback may be shown.

    Checking what is checked already changes nothing. Raises what ``save_page`` raises, and NothingToCheck.
    """
    with unit_of_work() as session:
        attempt = lock_attempt(session, member, attempt_id)
        in_time = store_page(session, attempt, answers, arrived, bases or {})
        if in_time:
            session.flush()
            _close_try(session, attempt, question_id, arrived)
    if not in_time:
        raise TimeIsUp


def _close_try(session: Session, attempt: Attempt, question_id: str, now: datetime) -> None:
    paper = load_paper(session, attempt.paper_hash)
    question = paper.question(question_id)
    if question is None or not tries_allowed(paper.rules):
        raise NotFound
    answer = session.get(Answer, (attempt.id, question_id))
    if answer is None or not any(value.strip() for value in answer.value):
        raise NothingToCheck
    checked = checked_tries(session, attempt, question_id)
    if is_closed(question, checked, paper) or (checked and as_try(checked[-1]) == as_try(answer)):
        return
    session.add(
        CheckedAnswer(
            organization_id=attempt.organization_id,
            attempt_id=attempt.id,
            question_id=question_id,
            number=len(checked) + 1,
            value=answer.value,
            certainty=answer.certainty,
            checked_at=now,
        )
    )
    note(session, attempt, Move.CHECK.value, now, {"question": question_id})


def checked_tries(session: Session, attempt: Attempt, question_id: str) -> Sequence[CheckedAnswer]:
    """The tries at a question that were checked, in order."""
    return session.scalars(
        select(CheckedAnswer)
        .where(
            CheckedAnswer.organization_id == attempt.organization_id,
            CheckedAnswer.attempt_id == attempt.id,
            CheckedAnswer.question_id == question_id,
        )
        .order_by(CheckedAnswer.number)
    ).all()


def is_closed(question: Question, checked: Sequence[CheckedAnswer], paper: FrozenPaper) -> bool:
    """Whether a question takes no other answer: its last try was right, or there is none left."""
    if not checked:
        return False
    last = mark_tries(question, [as_try(checked[-1])], paper.rules)
    return last.verdict is Verdict.RIGHT or len(checked) >= tries_allowed(paper.rules)


def _require_open(session: Session, attempt: Attempt, paper: FrozenPaper, question: Question) -> None:
    if tries_allowed(paper.rules) and is_closed(question, checked_tries(session, attempt, question.id), paper):
        raise QuestionClosed


def _check(question: Question, given: Given) -> None:
    try:
        parse_response(question, given.value)
    except BadResponse as error:
        raise UnfitAnswer(str(error)) from error
    if given.certainty is not None and given.certainty not in tuple(Certainty):
        raise UnfitAnswer(_("The page that sent this answer is out of date. Reload it and answer again."))


def _store(
    session: Session,
    attempt: Attempt,
    stored: Answer | None,
    question_id: str,
    operation_id: str,
    revision: int,
    given: Given,
    arrived: datetime,
) -> None:
    answer = stored or Answer(organization_id=attempt.organization_id, attempt_id=attempt.id, question_id=question_id)
    late = (arrived - attempt.deadline_at).total_seconds() if attempt.deadline_at else 0
    answer.operation_id = operation_id
    answer.revision = revision
    answer.value = list(given.value)
    answer.certainty = given.certainty
    answer.saved_at = arrived
    answer.late_by = late if late > 0 else None
    session.add(answer)
