"""Planning a campaign: each page of the plan saves by one verb, until the first wave is opened."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import structlog
from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from learning.campaigns.errors import (
    AlreadyOpened,
    BadDays,
    BadPlan,
    GroupsTooSmall,
    LowerK,
    NotNow,
    TitleTaken,
    TooFewPeople,
)
from learning.campaigns.groups import NO_DEPARTMENT, merged, smallest_group, too_small
from learning.campaigns.models import (
    LEAST_K,
    Campaign,
    CampaignGroup,
    Channel,
    GroupDepartment,
    Wave,
    WaveState,
)
from learning.campaigns.reading import load, people_by_department
from learning.database import insert_once, new_id, unit_of_work
from learning.errors import NotFound
from learning.web.identity import Member

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class What:
    """The first page of the plan."""

    title: str
    instrument_id: str
    course_ids: Sequence[str]
    purpose: str
    measures: str
    contact: str


@dataclass(frozen=True, slots=True)
class Days:
    """First and last day of a wave."""

    opens_on: date
    closes_on: date


def create_campaign(member: Member, title: str, now: datetime) -> str:
    """Begin a campaign; return its id. Raises TooFewPeople, TitleTaken."""
    campaign_id = new_id()
    with unit_of_work() as session:
        people = sum(part.people for part in people_by_department(session, member.organization_id))
        if people < smallest_group(LEAST_K):
            raise TooFewPeople(people, smallest_group(LEAST_K))
        made = insert_once(
            session,
            Campaign,
            id=campaign_id,
            organization_id=member.organization_id,
            title=title,
            course_ids=[],
            created_by=member.user_id,
            created_at=now,
        )
        if not made:
            raise TitleTaken
    log.info("campaign_begun", user=member.user_id, organization=member.organization_id, campaign=campaign_id)
    return campaign_id


def set_what(member: Member, campaign_id: str, what: What) -> None:
    """Say what is asked and why. Raises NotFound, AlreadyOpened, TitleTaken."""
    with unit_of_work() as session:
        campaign = editable(session, member, campaign_id)
        if what.title != campaign.title and _title_taken(session, member, what.title):
            raise TitleTaken
        campaign.title = what.title
        campaign.instrument_id = what.instrument_id
        campaign.course_ids = list(what.course_ids)
        campaign.purpose = what.purpose
        campaign.measures = what.measures
        campaign.contact = what.contact


def _title_taken(session: Session, member: Member, title: str) -> bool:
    found = select(Campaign.id).where(Campaign.organization_id == member.organization_id, Campaign.title == title)
    return session.scalar(found) is not None


def set_groups(member: Member, campaign_id: str, names: Mapping[str, str], cards: Collection[str]) -> None:
    """Say who is asked: part id -> group name, nothing for who is not. ``cards``: parts whose groups get cards only.

    Nothing is saved unless every group is large enough. Raises NotFound, AlreadyOpened, BadPlan, GroupsTooSmall.
    """
    with unit_of_work() as session:
        campaign = editable(session, member, campaign_id)
        groups = merged(people_by_department(session, member.organization_id), names)
        if not groups:
            raise BadPlan(_("Nobody is asked yet. Give at least one department a group."))
        small = too_small(groups, campaign.k)
        if small:
            raise GroupsTooSmall(small)
        session.execute(
            delete(CampaignGroup).where(
                CampaignGroup.organization_id == member.organization_id, CampaignGroup.campaign_id == campaign_id
            )
        )
        for number, (name, parts) in enumerate(groups.items(), start=1):
            session.add(
                CampaignGroup(
                    organization_id=member.organization_id,
                    campaign_id=campaign_id,
                    code=f"g{number:02}",
                    name=name,
                    channel=Channel.CARDS if any(part.id in cards for part in parts) else Channel.MAIL,
                    takes_people_without_department=any(part.id == NO_DEPARTMENT for part in parts),
                )
            )
            session.flush()
            session.add_all(
                GroupDepartment(
                    organization_id=member.organization_id,
                    campaign_id=campaign_id,
                    department_id=part.id,
                    group_code=f"g{number:02}",
                )
                for part in parts
                if part.id != NO_DEPARTMENT
            )


def set_days(member: Member, campaign_id: str, first: Days, second: Days | None) -> None:
    """Say when the first wave is, and the one after if it is planned already. Raises NotFound, AlreadyOpened, BadDays."""
    _refuse_bad_days(first, "closes_on")
    if second:
        _refuse_bad_days(second, "again_closes_on")
        if second.opens_on <= first.closes_on:
            raise BadDays(
                _("The second wave begins before the first one has ended. Choose a later day."), "again_opens_on"
            )
    with unit_of_work() as session:
        editable(session, member, campaign_id)
        session.execute(
            delete(Wave).where(Wave.organization_id == member.organization_id, Wave.campaign_id == campaign_id)
        )
        for number, days in enumerate((first, second), start=1):
            if days:
                _add_wave(session, member, campaign_id, number, days)


def plan_next_wave(member: Member, campaign_id: str, days: Days) -> str:
    """Plan another wave of an opened campaign, or move the planned one; return its id.

    Instrument, groups and k stay. Raises NotFound, NotNow, BadDays.
    """
    _refuse_bad_days(days, "closes_on")
    with unit_of_work() as session:
        campaign = find(session, member, campaign_id)
        if campaign.opened_at is None:
            raise NotNow(_("The first wave is not opened yet. Its days stand in the plan."))
        waves = session.scalars(
            select(Wave)
            .where(Wave.organization_id == member.organization_id, Wave.campaign_id == campaign_id)
            .order_by(Wave.number)
        ).all()
        planned = next((wave for wave in waves if wave.state is WaveState.PLANNED), None)
        if any(wave is not planned and days.opens_on <= wave.closes_on for wave in waves):
            raise BadDays(_("This wave begins before the one before has ended. Choose a later day."), "opens_on")
        if planned:
            planned.opens_on, planned.closes_on = days.opens_on, days.closes_on
            return planned.id
        return _add_wave(session, member, campaign_id, len(waves) + 1, days)


def _refuse_bad_days(days: Days, last: str) -> None:
    """``last``: the field of the last day."""
    if days.closes_on <= days.opens_on:
        raise BadDays(
            _("The last day is at least one day later than the first one. Give people two weeks or more."), last
        )


def _add_wave(session: Session, member: Member, campaign_id: str, number: int, days: Days) -> str:
    wave = Wave(
        id=new_id(),
        organization_id=member.organization_id,
        campaign_id=campaign_id,
        number=number,
        opens_on=days.opens_on,
        closes_on=days.closes_on,
    )
    session.add(wave)
    return wave.id


def set_k(member: Member, campaign_id: str, k: int) -> None:
    """Raise the smallest number of answers that is told of. Raises NotFound, AlreadyOpened, LowerK, GroupsTooSmall."""
    with unit_of_work() as session:
        campaign = editable(session, member, campaign_id)
        if k < campaign.k:
            raise LowerK(campaign.k)
        record = load(session, member.organization_id, campaign_id)
        small = too_small({group.name: group.parts for group in record.groups}, k)
        if small:
            raise GroupsTooSmall(small)
        campaign.k = k


def give_cards(member: Member, campaign_id: str, group_code: str) -> None:
    """Invite everybody of a group by card, also in the next wave of an opened campaign. Raises NotFound, NotNow."""
    with unit_of_work() as session:
        find(session, member, campaign_id)
        if load(session, member.organization_id, campaign_id).running_wave:
            raise NotNow(_("A wave is open: its invitations are out. Change this when it is closed."))
        group = session.get(CampaignGroup, (member.organization_id, campaign_id, group_code))
        if group is None:
            raise NotFound
        group.channel = Channel.CARDS


def accept_promise(member: Member, campaign_id: str, text: str, council_agrees: bool) -> None:
    """Accept the promise in these words for the company. Another text must be accepted anew, also for another wave.

    Raises NotFound.
    """
    with unit_of_work() as session:
        campaign = find(session, member, campaign_id)
        campaign.accepted_promise = text
        campaign.council_agrees = council_agrees
    log.info("promise_accepted", user=member.user_id, organization=member.organization_id, campaign=campaign_id)


def delete_campaign(member: Member, campaign_id: str) -> None:
    """Delete a plan that was never opened. Raises NotFound, AlreadyOpened."""
    with unit_of_work() as session:
        session.delete(editable(session, member, campaign_id))
    log.info("campaign_deleted", user=member.user_id, organization=member.organization_id, campaign=campaign_id)


def find(session: Session, member: Member, campaign_id: str) -> Campaign:
    """The campaign, locked: whoever changes it comes one after the other. Raises NotFound."""
    campaign = session.scalar(
        select(Campaign)
        .where(Campaign.organization_id == member.organization_id, Campaign.id == campaign_id)
        .with_for_update()
    )
    if campaign is None:
        raise NotFound
    return campaign


def editable(session: Session, member: Member, campaign_id: str) -> Campaign:
    """The campaign, locked, as long as nothing was promised. Raises NotFound, AlreadyOpened."""
    campaign = find(session, member, campaign_id)
    if campaign.opened_at is not None:
        raise AlreadyOpened
    return campaign
