"""What the pages of campaigns show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from learning.ballots import service as ballots
from learning.ballots.service import GroupParticipation
from learning.campaigns.checklist import Check, checklist, is_ready
from learning.campaigns.declaring import Outlook, instrument_of, outlook, promise_of, reminder_dates, reminder_days
from learning.campaigns.groups import Part
from learning.campaigns.models import Campaign, Invited, SealedCards, Wave, WaveGroup, WaveReminder, WaveState
from learning.campaigns.promise import Paragraph, as_text
from learning.campaigns.reading import load, people_by_department
from learning.campaigns.records import CampaignRecord, WaveRow, day_in
from learning.content.model import Catalogue, Instrument
from learning.errors import NotFound
from learning.extensions import db
from learning.mail.models import OutboxMessage
from learning.web.identity import Member


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """A campaign in the list."""

    id: str
    title: str
    created_at: datetime
    waves: int
    #: State of the wave that runs or was the last to be opened; None: nothing was opened.
    state: WaveState | None
    closes_on: date | None


@dataclass(frozen=True, slots=True)
class CampaignPage:
    """A campaign with all that follows from its settings."""

    record: CampaignRecord
    instrument: Instrument | None
    #: The wave that the promise and the checklist speak of: the next one, else the last.
    wave: WaveRow | None
    promise: tuple[Paragraph, ...]
    checks: tuple[Check, ...]
    outlook: Outlook | None
    #: Days after the opening on which everybody is reminded, if it is opened today or as planned.
    reminder_days: tuple[int, ...]

    @property
    def promised(self) -> str:
        """The promise as it would be kept."""
        return as_text(self.promise)

    @property
    def is_ready(self) -> bool:
        """Whether the next wave can be opened."""
        return self.record.next_wave is not None and self.record.running_wave is None and is_ready(self.checks)


@dataclass(frozen=True, slots=True)
class InvitedGroup:
    """A row of the report grid of a wave, with its cards."""

    code: str
    name: str
    invited: int
    by_mail: int
    cards: int
    #: The sheet is still to be made.
    cards_wait: bool


@dataclass(frozen=True, slots=True)
class WavePage:
    """A wave that was opened."""

    record: CampaignRecord
    wave: WaveRow
    groups: tuple[InvitedGroup, ...]
    #: Everybody first; empty until the bands were worked out.
    participation: tuple[GroupParticipation, ...]
    #: Everybody, day by day.
    course: tuple[GroupParticipation, ...]
    #: The days on which everybody is reminded.
    reminders: tuple[date, ...]
    reminded_on: tuple[date, ...]
    mails_waiting: int
    mails_given_up: int

    @property
    def invited(self) -> int:
        """Everybody who was asked."""
        return sum(group.invited for group in self.groups)

    @property
    def by_mail(self) -> int:
        """How many of them by mail."""
        return sum(group.by_mail for group in self.groups)


def campaigns(member: Member) -> list[CampaignRow]:
    """The campaigns of the organization, the newest first."""
    last = (
        select(Wave.campaign_id, func.max(Wave.number).label("number"))
        .where(Wave.organization_id == member.organization_id, Wave.state != WaveState.PLANNED)
        .group_by(Wave.campaign_id)
        .subquery()
    )
    counted = (
        select(Wave.campaign_id, func.count().label("waves"))
        .where(Wave.organization_id == member.organization_id)
        .group_by(Wave.campaign_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Campaign, counted.c.waves, Wave.state, Wave.closes_on)
        .outerjoin(counted, counted.c.campaign_id == Campaign.id)
        .outerjoin(last, last.c.campaign_id == Campaign.id)
        .outerjoin(
            Wave,
            (Wave.organization_id == Campaign.organization_id)
            & (Wave.campaign_id == Campaign.id)
            & (Wave.number == last.c.number),
        )
        .where(Campaign.organization_id == member.organization_id)
        .order_by(Campaign.created_at.desc(), Campaign.id)
    )
    return [
        CampaignRow(campaign.id, campaign.title, campaign.created_at, waves or 0, state, closes_on)
        for campaign, waves, state, closes_on in rows
    ]


def parts(member: Member) -> tuple[Part, ...]:
    """The departments with their people."""
    return people_by_department(db.session(), member.organization_id)


def campaign_page(member: Member, campaign_id: str, catalogue: Catalogue, now: datetime) -> CampaignPage:
    """A campaign as it is planned or stands. Raises NotFound."""
    record = load(db.session(), member.organization_id, campaign_id)
    instrument = instrument_of(record, catalogue)
    wave = record.next_wave or (record.waves[-1] if record.waves else None)
    promised = promise_of(record, wave, instrument, now)
    return CampaignPage(
        record=record,
        instrument=instrument,
        wave=wave,
        promise=promised,
        checks=checklist(record, wave, instrument, as_text(promised), now),
        outlook=outlook(record.invited) if record.groups else None,
        reminder_days=reminder_days(wave, day_in(wave.opened_at or now, record.time_zone)) if wave else (),
    )


def wave_page(member: Member, campaign_id: str, wave_id: str) -> WavePage:
    """A wave that was opened, with who takes part in bands. Raises NotFound."""
    record = load(db.session(), member.organization_id, campaign_id)
    wave = next((wave for wave in record.waves if wave.id == wave_id), None)
    if wave is None:
        raise NotFound
    waiting, given_up = _mails(wave.ballots_id) if wave.ballots_id else (0, 0)
    return WavePage(
        record=record,
        wave=wave,
        groups=_groups(member, wave_id),
        participation=ballots.participation(wave.ballots_id) if wave.ballots_id else (),
        course=ballots.course_of_participation(wave.ballots_id) if wave.ballots_id else (),
        reminders=reminder_dates(wave, record.time_zone),
        reminded_on=tuple(
            db.session.scalars(
                select(WaveReminder.day)
                .where(WaveReminder.organization_id == member.organization_id, WaveReminder.wave_id == wave_id)
                .order_by(WaveReminder.day)
            )
        ),
        mails_waiting=waiting,
        mails_given_up=given_up,
    )


def _groups(member: Member, wave_id: str) -> tuple[InvitedGroup, ...]:
    mine = Invited.organization_id == member.organization_id, Invited.wave_id == wave_id
    by_mail = dict(
        db.session.execute(
            select(Invited.group_code, func.count()).where(*mine, Invited.by_mail).group_by(Invited.group_code)
        ).all()
    )
    rows = db.session.execute(
        select(WaveGroup, SealedCards.count, SealedCards.made_at)
        .outerjoin(
            SealedCards,
            (SealedCards.organization_id == WaveGroup.organization_id)
            & (SealedCards.wave_id == WaveGroup.wave_id)
            & (SealedCards.group_code == WaveGroup.code),
        )
        .where(WaveGroup.organization_id == member.organization_id, WaveGroup.wave_id == wave_id)
        .order_by(WaveGroup.code)
    )
    return tuple(
        InvitedGroup(
            code=group.code,
            name=group.name,
            invited=group.invited,
            by_mail=by_mail.get(group.code, 0),
            cards=cards or 0,
            cards_wait=bool(cards) and made_at is None,
        )
        for group, cards, made_at in rows
    )


def _mails(ballots_id: str) -> tuple[int, int]:
    """How many invitations wait, and how many could not be delivered. To whom is not told."""
    sealed = OutboxMessage.sealed_with == ballots_id
    waiting = OutboxMessage.sent_at.is_(None) & OutboxMessage.parked.is_(None)
    row = db.session.execute(
        select(func.count().filter(waiting), func.count().filter(OutboxMessage.parked.is_not(None)))
        .select_from(OutboxMessage)
        .where(sealed)
    ).one()
    return row[0], row[1]
