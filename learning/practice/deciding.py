"""Confirming and returning: by a trainer, or by a colleague whom a trainer named for the person's cohort."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import structlog
from flask import current_app
from sqlalchemy import ColumnElement, Select, false, select
from sqlalchemy.orm import Session

from learning.accounts.models import Membership
from learning.courses.practice_records import record_practice
from learning.database import unit_of_work
from learning.errors import NotFound
from learning.practice import photos
from learning.practice.errors import ChangedMeanwhile, DecidedAlready, NoNote, NoteTooLong, OnesOwn
from learning.practice.models import LONGEST_NOTE, PracticeState, Submission
from learning.practice.service import without_photo
from learning.practice.states import Move, allowed
from learning.web.identity import Member

log = structlog.get_logger()

#: (who may confirm) -> the people who are entrusted to them, as rows of ``user_id``; None: nobody is.
Entrusted = Callable[[Member], Select[str] | None]


@dataclass(frozen=True, slots=True)
class Confirmer:
    """Whoever wants to look at what others handed in, and decide."""

    member: Member
    #: A trainer of the organization may decide on everybody.
    trains: bool

    def is_asked(self) -> bool:
        """Whether this person may confirm anything of anybody. One query, for a trainer none."""
        return self.trains or self._entrusted() is not None

    def _entrusted(self) -> Select[str] | None:
        entrusted: Entrusted = current_app.extensions["entrusted_people"]
        return entrusted(self.member)

    def may_decide(self) -> ColumnElement[bool]:
        """Whether a submission is theirs to look at. The one place that knows who may see what others handed in.

        What people handed in who left since is nobody's to look at; it waits again if they come back.
        """
        here = (Submission.organization_id == self.member.organization_id) & Submission.user_id.in_(
            select(Membership.user_id).where(
                Membership.organization_id == self.member.organization_id, Membership.left_at.is_(None)
            )
        )
        if self.trains:
            return here
        people = self._entrusted()
        if people is None:
            return here & false()
        return here & Submission.user_id.in_(people) & (Submission.user_id != self.member.user_id)


@dataclass(frozen=True, slots=True)
class Decided:
    """Whose it was, for what follows from it."""

    person: Member
    lesson_id: str


def confirm(confirmer: Confirmer, submission_id: str, revision: int, note: str, now: datetime) -> Decided:
    """Confirm what was handed in, as it stood when the page was opened; from here on it counts.

    Raises NotFound, OnesOwn, DecidedAlready, ChangedMeanwhile, NoteTooLong.
    """
    return _decide(confirmer, submission_id, revision, Move.CONFIRM, note, now)


def send_back(confirmer: Confirmer, submission_id: str, revision: int, note: str, now: datetime) -> Decided:
    """Return it with a note that says what is missing. Raises NoNote, and what ``confirm`` raises."""
    if not note.strip():
        raise NoNote
    return _decide(confirmer, submission_id, revision, Move.RETURN, note, now)


def _decide(confirmer: Confirmer, submission_id: str, revision: int, move: Move, note: str, now: datetime) -> Decided:
    note = note.strip()
    if len(note) > LONGEST_NOTE:
        raise NoteTooLong
    with unit_of_work() as session:
        found = _locked(session, confirmer, submission_id)
        if found.user_id == confirmer.member.user_id:
            raise OnesOwn
        if not allowed(found.state, move):
            raise DecidedAlready
        if found.revision != revision:
            raise ChangedMeanwhile
        found.state = PracticeState.CONFIRMED if move is Move.CONFIRM else PracticeState.RETURNED
        found.decided_at, found.decided_by, found.note = now, confirmer.member.user_id, note
        person = Member(found.user_id, found.organization_id)
        session.flush()
        if move is Move.CONFIRM:
            record_practice(session, person, found.task_id, now)
        decided = Decided(person, found.lesson_id)
    log.info(
        "practice_decided",
        organization=person.organization_id,
        submission=submission_id,
        by=confirmer.member.user_id,
        move=move.value,
    )
    return decided


def remove_photo(trainer: Member, submission_id: str, folder: Path) -> None:
    """Delete a photo that should not be there; the rest stays. For trainers. Raises NotFound."""
    with unit_of_work() as session:
        old = without_photo(_locked(session, Confirmer(trainer, trains=True), submission_id))
    photos.drop(folder, old)


def _locked(session: Session, confirmer: Confirmer, submission_id: str) -> Submission:
    found = session.scalar(
        select(Submission).where(confirmer.may_decide(), Submission.id == submission_id).with_for_update()
    )
    if found is None:
        raise NotFound
    return found
