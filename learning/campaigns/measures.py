"""Verbs of the action plan: take up what the report suggests, add, change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

import structlog
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from learning.accounts.models import Membership
from learning.campaigns.errors import BadPlan, ChangedMeanwhile
from learning.campaigns.measure_models import Measure, MeasureChange, MeasureStatus
from learning.campaigns.measure_queries import weak_points
from learning.campaigns.reading import load
from learning.content.model import Catalogue, Instrument
from learning.database import insert_once, new_id, unit_of_work
from learning.errors import NotFound
from learning.extensions import db
from learning.web.identity import Member

log = structlog.get_logger()

#: A plan that is longer is none: three to five measures are carried out, twenty-five are not.
MOST_MEASURES = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a measure shall be."""

    title: str
    what: str
    owner_id: str | None
    due_on: date | None
    status: MeasureStatus
    reason: str


def take_up(
    member: Member, campaign_id: str, key: str, instrument: Instrument | None, catalogue: Catalogue, now: datetime
) -> str | None:
    """Make a measure of a proposal; return its id, None if it was taken up already. Raises NotFound, BadPlan."""
    record = load(db.session(), member.organization_id, campaign_id)
    points = weak_points(record, frozenset(), instrument, catalogue)
    found = next(((point, each) for point in points for each in point.proposals if each.key == key), None)
    if found is None:
        raise BadPlan(_("The newest report does not suggest this. Look at the plan again."))
    point, proposal = found
    measure_id = new_id()
    with unit_of_work() as session:
        _room(session, member, campaign_id)
        made = insert_once(
            session,
            Measure,
            id=measure_id,
            organization_id=member.organization_id,
            campaign_id=campaign_id,
            proposal=key,
            dimension_id=point.dimension_id,
            title=proposal.title,
            what=proposal.what,
            lesson_id=point.lesson.id if point.lesson else None,
            status=MeasureStatus.PLANNED,
            reason="",
            revision=1,
            created_at=now,
        )
    return measure_id if made else None


def add(member: Member, campaign_id: str, wanted: Wanted, now: datetime) -> str:
    """Put a measure of one's own on the plan; return its id. Raises NotFound, BadPlan."""
    with unit_of_work() as session:
        load(session, member.organization_id, campaign_id)
        _room(session, member, campaign_id)
        _owner_is_here(session, member, wanted.owner_id)
        kept = Measure(
            organization_id=member.organization_id,
            campaign_id=campaign_id,
            created_at=now,
            **_columns(wanted, now, None),
        )
        session.add(kept)
        session.flush()
        return kept.id


def change(member: Member, campaign_id: str, measure_id: str, wanted: Wanted, now: datetime, *, revision: int) -> None:
    """Change a measure that the page showed in this revision. Raises NotFound, BadPlan, ChangedMeanwhile."""
    with unit_of_work() as session:
        kept = session.scalar(
            select(Measure)
            .where(
                Measure.organization_id == member.organization_id,
                Measure.campaign_id == campaign_id,
                Measure.id == measure_id,
            )
            .with_for_update()
        )
        if kept is None:
            raise NotFound
        if kept.revision != revision:
            raise ChangedMeanwhile
        if wanted.owner_id != kept.owner_id:
            _owner_is_here(session, member, wanted.owner_id)
        for name, value in _columns(wanted, now, kept.done_on).items():
            setattr(kept, name, value)
        kept.revision += 1
        session.add(
            MeasureChange(
                organization_id=member.organization_id,
                measure_id=measure_id,
                revision=kept.revision,
                changed_at=now,
                changed_by=member.user_id,
                status=wanted.status,
                due_on=wanted.due_on,
                owner_id=wanted.owner_id,
                reason=wanted.reason,
            )
        )
    log.info("measure_changed", user=member.user_id, organization=member.organization_id, measure=measure_id)


def _columns(wanted: Wanted, now: datetime, done_on: date | None) -> dict[str, object]:
    if wanted.status is MeasureStatus.DROPPED and not wanted.reason:
        raise BadPlan(_("Say why it is dropped: people who waited for it will ask."))
    done = wanted.status is MeasureStatus.DONE
    return {
        "title": wanted.title,
        "what": wanted.what,
        "owner_id": wanted.owner_id,
        "due_on": wanted.due_on,
        "status": wanted.status,
        "reason": wanted.reason,
        "done_on": (done_on or now.astimezone(UTC).date()) if done else None,
    }


def _room(session: Session, member: Member, campaign_id: str) -> None:
    kept = session.scalars(
        select(Measure.id).where(Measure.organization_id == member.organization_id, Measure.campaign_id == campaign_id)
    ).all()
    if len(kept) >= MOST_MEASURES:
        raise BadPlan(
            _("This plan holds %(most)d measures already. Drop some, or finish them first.", most=MOST_MEASURES)
        )


def _owner_is_here(session: Session, member: Member, owner_id: str | None) -> None:
    if owner_id is None:
        return
    found = session.scalar(
        select(Membership.id).where(
            Membership.organization_id == member.organization_id,
            Membership.user_id == owner_id,
            Membership.left_at.is_(None),
        )
    )
    if found is None:
        raise BadPlan(_("This person does not work here any more. Choose somebody else."))
