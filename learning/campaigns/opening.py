"""Opening a wave: everything is fixed, ballots are drawn, invitations go out.

Three steps, because people and ballots live in two databases. First the plan and the list of who is asked are fixed.
Then the ballots are made and drawn in memory, one for each person, and sealed. Last the sealed invitations are put
into the outbox and the cards aside. Who drew which ballot is known to this function alone while it runs. Cut off in
between, the opening begins again with new ballots; the ones before were given to nobody and are destroyed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import structlog
from flask_babel import gettext as _
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, aliased

from learning.accounts.models import Membership, Organization, User
from learning.assessments.instruments import freeze
from learning.ballots import service as ballots
from learning.campaigns.checklist import checklist, is_ready
from learning.campaigns.declaring import instrument_of, promise_text
from learning.campaigns.errors import NotNow, NotReady, OpenedMeanwhile
from learning.campaigns.groups import NO_DEPARTMENT
from learning.campaigns.inviting import Person, draw, sealed_cards, sealed_letters
from learning.campaigns.models import Campaign, Channel, Invited, SealedCards, Wave, WaveGroup, WaveState
from learning.campaigns.planning import find
from learning.campaigns.reading import load, wave_row
from learning.campaigns.records import CampaignRecord, WaveRow, end_of_day
from learning.campaigns.states import Move, allowed
from learning.content.model import Catalogue, Instrument
from learning.database import new_id, unit_of_work
from learning.errors import NotFound
from learning.extensions import db
from learning.mail.letters import Letter
from learning.mail.outbox import post
from learning.psychometrics.release import Group, Moved, Plan
from learning.web.identity import Member

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Declared:
    """A wave of which everything is fixed."""

    wave_id: str
    #: Names this opening, and its wave in the database of ballots.
    mark: str
    #: The same of the opening before, which was cut off.
    cut_off: str | None
    #: The last day.
    closes_on: date
    opening: ballots.Opening
    people: tuple[Person, ...]


def open_wave(
    member: Member,
    campaign_id: str,
    wave_id: str,
    catalogue: Catalogue,
    lessons: tuple[ballots.LessonLink, ...],
    now: datetime,
) -> None:
    """Open a planned wave, or go on with an opening that was cut off.

    Raises NotFound, NotNow, NotReady, OpenedMeanwhile, PlanRefused; after each of them nobody was invited.
    """
    record = load(db.session(), member.organization_id, campaign_id)
    instrument = instrument_of(record, catalogue)
    if instrument is None:
        raise NotReady
    declared = _declare(member, campaign_id, wave_id, instrument, lessons, now)
    if isinstance(declared, str):
        ballots.abandon_wave(declared)
        raise NotReady
    try:
        if declared.cut_off:
            ballots.abandon_wave(declared.cut_off)
        opened = ballots.open_wave(declared.opening, now, declared.mark)
    except ballots.PlanRefused:
        _give_back(member, campaign_id, declared)
        raise
    drawn = draw(declared.people, opened.codes)
    try:
        letters = sealed_letters(declared.opening, opened.id, drawn, declared.closes_on)
        cards = sealed_cards(opened.id, drawn)
        _announce(member, declared, opened.id, letters, cards, now)
    except (NotFound, OpenedMeanwhile) as error:
        ballots.abandon_wave(opened.id)
        raise OpenedMeanwhile from error  # NotFound: the other one has destroyed the key
    log.info("wave_opened", user=member.user_id, organization=member.organization_id, wave=wave_id)


def _declare(
    member: Member,
    campaign_id: str,
    wave_id: str,
    instrument: Instrument,
    lessons: tuple[ballots.LessonLink, ...],
    now: datetime,
) -> Declared | str:
    """Fix everything in one transaction, the list of who is asked too: whoever comes later is not asked.

    Text, the mark of the opening that was cut off: the promise has changed since, for so many days passed that a
    reminder falls away. It was made to nobody yet, so the plan is open again.
    """
    mark = new_id()
    with unit_of_work() as session:
        _one_at_a_time(session, member.organization_id, wave_id)
        campaign = find(session, member, campaign_id)
        wave = find_wave(session, member.organization_id, campaign_id, wave_id)
        record = load(session, member.organization_id, campaign_id)
        if allowed(wave.state, Move.BEGIN_AGAIN):
            if wave.promise != promise_text(record, wave_row(wave), instrument, now):
                forgotten = wave.opening_mark or ""
                _undeclare(session, campaign, wave)
                return forgotten
            cut_off, wave.opening_mark = wave.opening_mark, mark
            opening = _opening(session, record, wave_row(wave), instrument, lessons)
            return Declared(wave_id, mark, cut_off, wave.closes_on, opening, _asked(session, wave))
        if not allowed(wave.state, Move.DECLARE):
            raise NotNow(_("This wave was opened already."))
        if record.running_wave or record.next_wave is None or record.next_wave.id != wave_id:
            raise NotNow(_("The wave before is not closed yet. Close it first."))
        promised = promise_text(record, wave_row(wave), instrument, now)
        if not is_ready(checklist(record, wave_row(wave), instrument, promised, now)):
            raise NotReady
        campaign.instrument_hash = freeze(session, instrument)
        campaign.opened_at = campaign.opened_at or now
        wave.state, wave.opening_mark = WaveState.OPENING, mark
        wave.k, wave.promise = record.k, promised
        wave.closes_at = end_of_day(wave.closes_on, record.time_zone)
        people = _people_now(session, record)
        for group in record.groups:
            invited = sum(person.group_code == group.code for person in people)
            session.add(
                WaveGroup(
                    organization_id=member.organization_id,
                    wave_id=wave_id,
                    code=group.code,
                    name=group.name,
                    invited=invited,
                )
            )
        session.flush()
        session.add_all(
            Invited(
                organization_id=member.organization_id,
                wave_id=wave_id,
                user_id=person.user_id,
                group_code=person.group_code,
                by_mail=person.email is not None,
            )
            for person in people
        )
        session.flush()
        opening = _opening(session, record, wave_row(wave), instrument, lessons)
        return Declared(wave_id, mark, None, wave.closes_on, opening, tuple(people))


def _one_at_a_time(session: Session, organization_id: str, wave_id: str) -> None:
    """Two openings at once would not learn that they ask the same people. Raises NotNow."""
    session.scalar(select(Organization.id).where(Organization.id == organization_id).with_for_update())
    other = session.scalar(
        select(Campaign.title)
        .join(Wave, (Wave.organization_id == Campaign.organization_id) & (Wave.campaign_id == Campaign.id))
        .where(Wave.organization_id == organization_id, Wave.state == WaveState.OPENING, Wave.id != wave_id)
    )
    if other is not None:
        raise NotNow(
            _("The campaign “%(title)s” is being opened. Wait until it is open, or go on with it first.", title=other)
        )


def _people_now(session: Session, record: CampaignRecord) -> list[Person]:
    groups = {part.id: group for group in record.groups for part in group.parts}
    rows = session.execute(
        select(User.id, User.email, User.locale, Membership.department_id)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.organization_id == record.organization_id, Membership.left_at.is_(None), User.is_active)
    )
    people = []
    for user_id, email, locale, department_id in rows:
        group = groups.get(department_id or NO_DEPARTMENT)
        if group:
            by_mail = email if group.channel is Channel.MAIL else None
            people.append(Person(user_id, group.code, by_mail, locale or "en"))
    return people


def _asked(session: Session, wave: Wave) -> tuple[Person, ...]:
    """Those who were fixed when the wave was declared."""
    rows = session.execute(
        select(Invited, User.email, User.locale)
        .join(User, User.id == Invited.user_id)
        .where(Invited.organization_id == wave.organization_id, Invited.wave_id == wave.id)
    )
    return tuple(
        Person(row.user_id, row.group_code, email if row.by_mail else None, locale or "en")
        for row, email, locale in rows
    )


def _opening(
    session: Session,
    record: CampaignRecord,
    wave: WaveRow,
    instrument: Instrument,
    lessons: tuple[ballots.LessonLink, ...],
) -> ballots.Opening:
    groups = session.scalars(
        select(WaveGroup)
        .where(WaveGroup.organization_id == record.organization_id, WaveGroup.wave_id == wave.id)
        .order_by(WaveGroup.code)
    )
    assert wave.k is not None
    assert wave.promise is not None
    assert wave.closes_at is not None
    earlier = [each.ballots_id for each in record.waves if each.number < wave.number and each.ballots_id]
    return ballots.Opening(
        title=record.title,
        organization=record.organization_name,
        instrument=instrument,
        plan=Plan(tuple(Group(group.code, group.name, group.invited) for group in groups), wave.k),
        promise=wave.promise,
        lessons=lessons,
        closes_at=wave.closes_at,
        last_day=wave.closes_on,
        earlier=earlier[-1] if earlier else None,
        moved=_asked_before(session, record.organization_id, wave.id),
    )


def _asked_before(session: Session, organization_id: str, wave_id: str) -> dict[str, tuple[Moved, ...]]:
    """Of every wave that was opened before how many of its people are asked again, by their groups then and now.

    Reports are held against each other with these numbers; nothing else of who was asked leaves this database.
    """
    then, now = aliased(Invited), aliased(Invited)
    rows = session.execute(
        select(Wave.ballots_id, then.group_code.label("before"), now.group_code.label("after"), func.count().label("n"))
        .select_from(now)
        .join(then, (then.organization_id == now.organization_id) & (then.user_id == now.user_id))
        .join(Wave, (Wave.organization_id == then.organization_id) & (Wave.id == then.wave_id))
        .where(now.organization_id == organization_id, now.wave_id == wave_id, then.wave_id != wave_id)
        .where(Wave.ballots_id.is_not(None))
        .group_by(Wave.ballots_id, then.group_code, now.group_code)
        .order_by(Wave.ballots_id, then.group_code, now.group_code)
    )
    found: dict[str, tuple[Moved, ...]] = {}
    for ballots_id, before, after, people in rows:
        assert ballots_id is not None
        found[ballots_id] = (*found.get(ballots_id, ()), Moved(before, after, people))
    return found


def _give_back(member: Member, campaign_id: str, declared: Declared) -> None:
    """The ballots refuse the plan: nothing was promised, so it can be changed again."""
    with unit_of_work() as session:
        campaign = find(session, member, campaign_id)
        wave = find_wave(session, member.organization_id, campaign_id, declared.wave_id)
        if wave.opening_mark != declared.mark or not allowed(wave.state, Move.GIVE_BACK):
            return
        _undeclare(session, campaign, wave)


def _undeclare(session: Session, campaign: Campaign, wave: Wave) -> None:
    wave.state, wave.opening_mark = WaveState.PLANNED, None
    wave.k = wave.promise = wave.closes_at = None
    session.flush()
    session.execute(
        delete(WaveGroup).where(WaveGroup.organization_id == wave.organization_id, WaveGroup.wave_id == wave.id)
    )
    if wave.number == 1:
        campaign.opened_at = campaign.instrument_hash = None


def _announce(
    member: Member,
    declared: Declared,
    ballots_id: str,
    letters: Sequence[tuple[str, Letter]],
    cards: Mapping[str, tuple[int, str]],
    now: datetime,
) -> None:
    """The wave is open: put the invitations into the outbox and the cards aside. Raises OpenedMeanwhile."""
    with unit_of_work() as session:
        wave = session.scalar(
            select(Wave)
            .where(Wave.organization_id == member.organization_id, Wave.id == declared.wave_id)
            .with_for_update()
        )
        if wave is None or wave.opening_mark != declared.mark or not allowed(wave.state, Move.OPEN):
            raise OpenedMeanwhile
        wave.state, wave.ballots_id, wave.opened_at, wave.opening_mark = WaveState.OPEN, ballots_id, now, None
        for email, letter in letters:
            post(session, email, letter, now, sealed_with=ballots_id)
        session.add_all(
            SealedCards(
                organization_id=member.organization_id,
                wave_id=declared.wave_id,
                group_code=group,
                count=count,
                sealed=sealed,
            )
            for group, (count, sealed) in cards.items()
        )


def find_wave(session: Session, organization_id: str, campaign_id: str, wave_id: str) -> Wave:
    """The wave, locked. Raises NotFound."""
    wave = session.scalar(
        select(Wave)
        .where(Wave.organization_id == organization_id, Wave.campaign_id == campaign_id, Wave.id == wave_id)
        .with_for_update()
    )
    if wave is None:
        raise NotFound
    return wave
