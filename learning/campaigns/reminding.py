"""Reminders of an open wave: to everybody who was invited by mail, in the same words. They hold no code."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import structlog
from flask_babel import force_locale, format_date
from sqlalchemy import select
from sqlalchemy.orm import Session

from learning.accounts.mail_reasons import MEMBER
from learning.accounts.models import Membership, Organization, User
from learning.campaigns.declaring import reminder_dates
from learning.campaigns.models import Campaign, Invited, Wave, WaveReminder, WaveState
from learning.campaigns.opening import find_wave
from learning.campaigns.reading import wave_row
from learning.campaigns.records import WaveRow, day_in
from learning.campaigns.states import Move, allowed
from learning.database import unit_of_work
from learning.extensions import db
from learning.mail.letters import Letter, write_letter
from learning.mail.outbox import post
from learning.mail.reasons import Reason

log = structlog.get_logger()

#: Hours of the day within which a reminder may arrive.
FROM_HOUR, TO_HOUR = 6, 20


def remind_due(now: datetime) -> int:
    """Remind of the waves for which this is a promised day, by day where the organization is; tell how many.

    A day that the server slept through is gone: people were promised on which days they are reminded.
    """
    return sum(_remind(*wave, now) for wave in _to_remind_of(now))


def _to_remind_of(now: datetime) -> list[tuple[str, str, str]]:
    """Ids of organization, campaign and wave of each for which it is time."""
    rows = db.session.execute(
        select(Wave, Organization.time_zone)
        .join(Organization, Organization.id == Wave.organization_id)
        .where(Wave.state == WaveState.OPEN, Wave.closes_at > now)
    )
    return [
        (wave.organization_id, wave.campaign_id, wave.id)
        for wave, time_zone in rows
        if (day := promised_day(wave_row(wave), time_zone, now)) and not _was_done(db.session(), wave, day)
    ]


def promised_day(wave: WaveRow, time_zone: str, now: datetime) -> date | None:
    """Today where the organization is, if it is promised and by day there."""
    local = now.astimezone(ZoneInfo(time_zone))
    by_day = FROM_HOUR <= local.hour < TO_HOUR
    return local.date() if by_day and local.date() in reminder_dates(wave, time_zone) else None


def _remind(organization_id: str, campaign_id: str, wave_id: str, now: datetime) -> bool:
    """Remind everybody who was invited by mail and is still here, in the same words; tell whether it was due.

    It cannot depend on who has answered: nobody knows.
    """
    people = _reminded(organization_id, wave_id)
    letters = _letters(organization_id, wave_id, {locale for *_who, locale in people})
    with unit_of_work() as session:
        wave = find_wave(session, organization_id, campaign_id, wave_id)
        time_zone = session.get_one(Organization, organization_id).time_zone
        due = promised_day(wave_row(wave), time_zone, now)
        if due is None or not allowed(wave.state, Move.REMIND) or _was_done(session, wave, due):
            return False
        session.add(WaveReminder(organization_id=organization_id, wave_id=wave_id, day=due, mails=len(people)))
        for user_id, address, locale in people:
            post(session, address, letters[locale], now, reason=Reason(MEMBER, organization_id, user_id))
    log.info("wave_reminded", organization=organization_id, wave=wave_id, mails=len(people))
    return True


def _was_done(session: Session, wave: Wave, due: date) -> bool:
    since = select(WaveReminder.day).where(
        WaveReminder.organization_id == wave.organization_id,
        WaveReminder.wave_id == wave.id,
        WaveReminder.day == due,
    )
    return session.scalar(since.limit(1)) is not None


def _reminded(organization_id: str, wave_id: str) -> list[tuple[str, str, str]]:
    """Id, address and language of everybody invited by mail who still belongs to the organization."""
    rows = db.session.execute(
        select(User.id, User.email, User.locale)
        .join(Invited, Invited.user_id == User.id)
        .join(
            Membership,
            (Membership.organization_id == Invited.organization_id) & (Membership.user_id == Invited.user_id),
        )
        .where(
            Invited.organization_id == organization_id,
            Invited.wave_id == wave_id,
            Invited.by_mail,
            User.email.is_not(None),
            User.is_active,
            Membership.left_at.is_(None),
        )
        .order_by(User.email)
    )
    return [(user_id, email, locale or "en") for user_id, email, locale in rows if email]


def _letters(organization_id: str, wave_id: str, locales: set[str]) -> dict[str, Letter]:
    """One letter for each language, the same for everybody who reads it."""
    row = db.session.execute(
        select(Campaign.title, Organization.name, Organization.time_zone, Wave.opened_at, Wave.closes_on)
        .join(Campaign, (Campaign.organization_id == Wave.organization_id) & (Campaign.id == Wave.campaign_id))
        .join(Organization, Organization.id == Wave.organization_id)
        .where(Wave.organization_id == organization_id, Wave.id == wave_id, Wave.opened_at.is_not(None))
    ).one_or_none()
    if row is None:
        return {}
    title, organization, time_zone, opened_at, closes_on = row
    assert opened_at is not None
    letters = {}
    for locale in locales:
        with force_locale(locale):
            letters[locale] = write_letter(
                "campaign_reminder",
                organization=organization,
                title=title,
                invited_on=format_date(day_in(opened_at, time_zone), "d MMMM y"),
                closes_on=format_date(closes_on, "d MMMM y"),
            )
    return letters
