"""One's own assessment, and nobody else's: every verb and every page goes through here."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from learning.assessments.instruments import frozen
from learning.assessments.models import Assessment
from learning.content.model import Instrument
from learning.errors import NotFound
from learning.extensions import db
from learning.web.identity import Member


def own_assessment(member: Member, assessment_id: str) -> Select[Assessment]:
    """The statement that finds an assessment of this person, in this organization."""
    return select(Assessment).where(
        Assessment.organization_id == member.organization_id,
        Assessment.user_id == member.user_id,
        Assessment.id == assessment_id,
    )


def lock_own(session: Session, member: Member, assessment_id: str) -> Assessment:
    """The person's own assessment, locked until the end of the transaction. Raises NotFound."""
    assessment = session.scalars(own_assessment(member, assessment_id).with_for_update()).first()
    if assessment is None:
        raise NotFound
    return assessment


def instrument_of(member: Member, assessment_id: str) -> Instrument:
    """The instrument as it stood when the person began. Raises NotFound."""
    assessment = db.session.scalars(own_assessment(member, assessment_id)).first()
    if assessment is None:
        raise NotFound
    return frozen(assessment.instrument_hash)
