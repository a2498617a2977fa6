"""What a person does with a self-assessment: start, finish, agree that it counts, read on, delete."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from learning.assessments.errors import AssessmentOpen
from learning.assessments.instruments import freeze
from learning.assessments.models import Action, Assessment, ItemAnswer, ReadingEntry, Scope
from learning.assessments.owned import lock_own
from learning.content.model import Catalogue
from learning.database import unit_of_work
from learning.errors import NotFound
from learning.web.identity import Member


def start(
    member: Member, instrument_id: str, catalogue: Catalogue, now: datetime, scope: Scope = Scope.ORGANIZATION
) -> str:
    """Start an assessment and return its id; the open one if there is one. Raises NotFound."""
    instrument = catalogue.instruments.get(instrument_id)
    if instrument is None:
        raise NotFound
    try:
        with unit_of_work() as session:
            open_one = _open_assessment(session, member, instrument_id)
            if open_one is not None:
                return open_one
            assessment = Assessment(
                organization_id=member.organization_id,
                user_id=member.user_id,
                instrument_id=instrument_id,
                instrument_hash=freeze(session, instrument),
                scope=scope,
                started_at=now,
            )
            session.add(assessment)
            session.flush()
            return assessment.id
    except IntegrityError:
        # Two tabs pressed start at once; the partial unique index let one of them through.
        with unit_of_work() as session:
            open_one = _open_assessment(session, member, instrument_id)
        if open_one is None:
            raise
        return open_one


def _open_assessment(session: Session, member: Member, instrument_id: str) -> str | None:
    return session.scalar(
        select(Assessment.id).where(
            Assessment.organization_id == member.organization_id,
            Assessment.user_id == member.user_id,
            Assessment.instrument_id == instrument_id,
            Assessment.finished_at.is_(None),
        )
    )


def finish(member: Member, assessment_id: str, now: datetime, *, consented: bool = False) -> None:
    """Finish an assessment; doing it twice keeps the first time and its consent. Raises NotFound."""
    with unit_of_work() as session:
        assessment = lock_own(session, member, assessment_id)
        if assessment.finished_at is None:
            assessment.finished_at = now
            assessment.consented = consented


def change_consent(member: Member, assessment_id: str, *, consented: bool) -> None:
    """Give or take back the consent that the answers count in figures on quality. Raises NotFound, AssessmentOpen."""
    with unit_of_work() as session:
        assessment = lock_own(session, member, assessment_id)
        if assessment.finished_at is None:
            raise AssessmentOpen
        assessment.consented = consented


def put_on_reading_list(member: Member, assessment_id: str, lesson_ids: Sequence[str], catalogue: Catalogue) -> None:
    """Make these lessons the reading list of a result, in this order; none empties it.

    A lesson that is not there any more is left out. Raises NotFound, AssessmentOpen.
    """
    known = [lesson_id for lesson_id in dict.fromkeys(lesson_ids) if lesson_id in catalogue.lessons]
    with unit_of_work() as session:
        assessment = lock_own(session, member, assessment_id)
        if assessment.finished_at is None:
            raise AssessmentOpen
        _delete_of(session, assessment, ReadingEntry)
        session.add_all(
            ReadingEntry(
                organization_id=assessment.organization_id,
                assessment_id=assessment.id,
                lesson_id=lesson_id,
                position=position,
            )
            for position, lesson_id in enumerate(known)
        )


def remove(member: Member, assessment_id: str) -> None:
    """Delete an assessment with everything that hangs on it. Raises NotFound."""
    with unit_of_work() as session:
        assessment = lock_own(session, member, assessment_id)
        for table in (ItemAnswer, Action, ReadingEntry):
            _delete_of(session, assessment, table)
        session.delete(assessment)


def _delete_of(session: Session, assessment: Assessment, table: type[ItemAnswer | Action | ReadingEntry]) -> None:
    session.execute(
        delete(table).where(table.organization_id == assessment.organization_id, table.assessment_id == assessment.id)
    )
