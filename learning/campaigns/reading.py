"""Loads a campaign as a record, for pages and within verbs: five queries, however many people there are."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learning.accounts.models import Department, Membership, Organization, User
from learning.campaigns.groups import NO_DEPARTMENT, Part
from learning.campaigns.models import Campaign, CampaignGroup, GroupDepartment, Wave
from learning.campaigns.records import CampaignRecord, GroupRow, WaveRow
from learning.errors import NotFound


def load(session: Session, organization_id: str, campaign_id: str) -> CampaignRecord:
    """A campaign of this organization. Raises NotFound."""
    row = session.execute(
        select(Campaign, Organization.name, Organization.time_zone)
        .join(Organization, Organization.id == Campaign.organization_id)
        .where(Campaign.organization_id == organization_id, Campaign.id == campaign_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    campaign, organization_name, time_zone = row
    parts = people_by_department(session, organization_id)
    return CampaignRecord(
        id=campaign.id,
        organization_id=campaign.organization_id,
        organization_name=organization_name,
        time_zone=time_zone,
        title=campaign.title,
        instrument_id=campaign.instrument_id,
        instrument_hash=campaign.instrument_hash,
        course_ids=tuple(campaign.course_ids),
        purpose=campaign.purpose,
        measures=campaign.measures,
        contact=campaign.contact,
        k=campaign.k,
        accepted_promise=campaign.accepted_promise,
        council_agrees=campaign.council_agrees,
        opened_at=campaign.opened_at,
        parts=parts,
        groups=_groups(session, campaign, parts),
        waves=waves_of(session, organization_id, campaign_id),
    )


def people_by_department(session: Session, organization_id: str) -> tuple[Part, ...]:
    """Each department with who works there today, by name; last those who are in none, if there are any."""
    counted = (
        select(Membership.department_id, func.count().label("people"), func.count(User.email).label("with_address"))
        .join(User, User.id == Membership.user_id)
        .where(Membership.organization_id == organization_id, Membership.left_at.is_(None), User.is_active)
        .group_by(Membership.department_id)
        .subquery()
    )
    rows = session.execute(
        select(Department.id, Department.name, counted.c.people, counted.c.with_address)
        .outerjoin(counted, counted.c.department_id == Department.id)
        .where(Department.organization_id == organization_id)
        .order_by(func.lower(Department.name), Department.id)
    )
    parts = [Part(id, name, people or 0, with_address or 0) for id, name, people, with_address in rows]
    rest = session.execute(
        select(counted.c.people, counted.c.with_address).where(counted.c.department_id.is_(None))
    ).one_or_none()
    if rest:
        parts.append(Part(NO_DEPARTMENT, _("People without a department"), rest.people, rest.with_address))
    return tuple(parts)


def _groups(session: Session, campaign: Campaign, parts: Sequence[Part]) -> tuple[GroupRow, ...]:
    mine = CampaignGroup.organization_id == campaign.organization_id, CampaignGroup.campaign_id == campaign.id
    groups = session.scalars(select(CampaignGroup).where(*mine).order_by(CampaignGroup.code)).all()
    places = dict(
        session.execute(
            select(GroupDepartment.department_id, GroupDepartment.group_code).where(
                GroupDepartment.organization_id == campaign.organization_id,
                GroupDepartment.campaign_id == campaign.id,
            )
        ).all()
    )
    for group in groups:
        if group.takes_people_without_department:
            places[NO_DEPARTMENT] = group.code
    return tuple(
        GroupRow(
            code=group.code,
            name=group.name,
            channel=group.channel,
            parts=tuple(part for part in parts if places.get(part.id) == group.code),
        )
        for group in groups
    )


def waves_of(session: Session, organization_id: str, campaign_id: str) -> tuple[WaveRow, ...]:
    """The waves of a campaign, the first one first."""
    rows = session.scalars(
        select(Wave)
        .where(Wave.organization_id == organization_id, Wave.campaign_id == campaign_id)
        .order_by(Wave.number)
    )
    return tuple(wave_row(wave) for wave in rows)


def wave_row(wave: Wave) -> WaveRow:
    """A wave as a record."""
    return WaveRow(
        id=wave.id,
        number=wave.number,
        state=wave.state,
        opens_on=wave.opens_on,
        closes_on=wave.closes_on,
        k=wave.k,
        promise=wave.promise,
        ballots_id=wave.ballots_id,
        opened_at=wave.opened_at,
        closes_at=wave.closes_at,
        closed_at=wave.closed_at,
    )
