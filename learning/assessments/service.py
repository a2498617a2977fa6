"""What a person does in the self-assessment: start, answer, finish, delete."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from learning.assessments.instruments import dimension_of, freeze, frozen
from learning.assessments.models import Assessment, ItemAnswer, MissingAnswer
from learning.content.model import AgreementItem, AnchoredItem, Catalogue, Item, KnowledgeItem
from learning.database import unit_of_work
from learning.errors import DomainError, NotFound
from learning.extensions import db
from learning.web.identity import Member

#: Values of an agreement item.
AGREEMENT = range(1, 6)


class AssessmentFinished(DomainError):
    """A finished assessment takes no more answers."""

    def __init__(self) -> None:
        super().__init__(
            "This self-assessment is finished. Its result stays as it is; start a new one to answer again."
        )


class BadAnswer(DomainError):
    """An answer that the item does not offer."""

    status = 422

    def __init__(self, item_id: str) -> None:
        super().__init__(f"The answer to {item_id} is not one of those on the page. Choose one of them and save again.")


def start(member: Member, instrument_id: str, catalogue: Catalogue, now: datetime) -> str:
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


def save_dimension(
    member: Member, assessment_id: str, dimension_id: str, sent: Mapping[str, str], now: datetime
) -> None:
    """Save the answers of one page: item id -> what the form sent. An item that was not sent is left alone.

    Raises NotFound, AssessmentFinished, or BadAnswer; then nothing of the page is saved.
    """
    items = dimension_of(frozen(_instrument_hash(member, assessment_id)), dimension_id).items
    answers = {item.id: read_answer(item, sent[item.id]) for item in items if sent.get(item.id)}
    with unit_of_work() as session:
        assessment = _own(session, member, assessment_id)
        if assessment.finished_at is not None:
            raise AssessmentFinished
        for item_id, (value, missing) in answers.items():
            _save(session, assessment, item_id, value, missing, now)


def _instrument_hash(member: Member, assessment_id: str) -> str:
    found = db.session.scalar(
        select(Assessment.instrument_hash).where(
            Assessment.organization_id == member.organization_id,
            Assessment.user_id == member.user_id,
            Assessment.id == assessment_id,
        )
    )
    if found is None:
        raise NotFound
    return found


def read_answer(item: Item, sent: str) -> tuple[int | None, MissingAnswer | None]:
    """A value, or the reason why there is none. Raises BadAnswer."""
    match item:
        case AnchoredItem():
            values, reasons = range(5), {MissingAnswer.DONT_KNOW, MissingAnswer.NOT_APPLICABLE}
        case AgreementItem():
            values, reasons = AGREEMENT, {MissingAnswer.NOT_APPLICABLE, MissingAnswer.NO_OPPORTUNITY}
        case KnowledgeItem():
            values, reasons = range(len(item.options)), {MissingAnswer.DONT_KNOW}
    if sent in {str(value) for value in values}:
        return int(sent), None
    if sent in reasons:
        return None, MissingAnswer(sent)
    raise BadAnswer(item.id)


def _save(
    session: Session,
    assessment: Assessment,
    item_id: str,
    value: int | None,
    missing: MissingAnswer | None,
    now: datetime,
) -> None:
    answer = session.get(ItemAnswer, (assessment.id, item_id))
    if answer is None:
        answer = ItemAnswer(assessment_id=assessment.id, item_id=item_id, organization_id=assessment.organization_id)
        session.add(answer)
    answer.value, answer.missing, answer.saved_at = value, missing, now


def finish(member: Member, assessment_id: str, now: datetime) -> None:
    """Finish an assessment; doing it twice keeps the first time. Raises NotFound."""
    with unit_of_work() as session:
        assessment = _own(session, member, assessment_id)
        if assessment.finished_at is None:
            assessment.finished_at = now


def remove(member: Member, assessment_id: str) -> None:
    """Delete an assessment with all its answers. Raises NotFound."""
    with unit_of_work() as session:
        assessment = _own(session, member, assessment_id)
        session.execute(delete(ItemAnswer).where(ItemAnswer.assessment_id == assessment.id))
        session.delete(assessment)


def _own(session: Session, member: Member, assessment_id: str) -> Assessment:
    """The person's own assessment, locked until the end of the transaction. Raises NotFound."""
    assessment = session.scalars(
        select(Assessment)
        .where(
            Assessment.organization_id == member.organization_id,
            Assessment.user_id == member.user_id,
            Assessment.id == assessment_id,
        )
        .with_for_update()
    ).first()
    if assessment is None:
        raise NotFound
    return assessment
