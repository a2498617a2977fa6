"""Who can be sent a reminder today, and why somebody cannot."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from learning.accounts.models import Membership, Organization, User
from learning.teaching.due import local_day
from learning.teaching.models import Reminder, ReminderSetting
from learning.web.identity import Member

#: No reminder of an earlier day was sent on what is anybody's today.
LONGEST_AGO = timedelta(days=2)


class Refusal(StrEnum):
    """Why somebody gets no reminder."""

    GONE = "gone"
    NO_ADDRESS = "no-address"
    MUTED = "muted"
    TODAY = "today"


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person of an organization as far as mail goes."""

    user_id: str
    name: str
    email: str | None
    locale: str | None
    time_zone: str
    is_active: bool
    muted: bool
    #: On this day of theirs.
    reminded_today: bool
    #: Which day it is where they are: the one that counts for "one a day".
    today: date

    @property
    def refusal(self) -> Refusal | None:
        """Why they get nothing now; None: they can be sent one."""
        if not self.is_active:
            return Refusal.GONE
        if not self.email:
            return Refusal.NO_ADDRESS
        if self.muted:
            return Refusal.MUTED
        return Refusal.TODAY if self.reminded_today else None


def recipients(
    session: Session, organization_id: str, now: datetime, people: Collection[str] | None = None
) -> dict[str, Recipient]:
    """Members by user id; None stands for all of them. One query."""
    query = _recipients(organization_id, now)
    if people is not None:
        query = query.where(Membership.user_id.in_(people))
    return {row.user_id: _recipient(row, now) for row in session.execute(query)}


def locked_recipient(session: Session, member: Member, now: datetime) -> Recipient | None:
    """One member, locked: whoever reminds them too waits here. None: they have left."""
    mine = (Membership.organization_id == member.organization_id) & (Membership.user_id == member.user_id)
    session.execute(select(Membership.id).where(mine).with_for_update())
    row = session.execute(_recipients(member.organization_id, now).where(mine)).first()
    return _recipient(row, now) if row else None


def _recipients(
    organization_id: str, now: datetime
) -> Select[str, str, str | None, str | None, str, bool, bool, datetime | None]:
    setting = (ReminderSetting.organization_id == Membership.organization_id) & (
        ReminderSetting.user_id == Membership.user_id
    )
    # By its moment and not by its day: somebody may have gone to another time zone since.
    last = select(func.max(Reminder.sent_at)).where(
        Reminder.organization_id == Membership.organization_id,
        Reminder.user_id == Membership.user_id,
        Reminder.day >= now.date() - LONGEST_AGO,
    )
    return (
        select(
            User.id.label("user_id"),
            User.name,
            User.email,
            User.locale,
            func.coalesce(User.time_zone, Organization.time_zone).label("time_zone"),
            User.is_active,
            select(ReminderSetting.user_id).where(setting).exists().label("muted"),
            last.scalar_subquery().label("last"),
        )
        .join(Membership, Membership.user_id == User.id)
        .join(Organization, Organization.id == Membership.organization_id)
        .where(Membership.organization_id == organization_id, Membership.left_at.is_(None))
    )


def _recipient(
    row: Row[str, str, str | None, str | None, str, bool, bool, datetime | None], now: datetime
) -> Recipient:
    today = local_day(now, row.time_zone)
    return Recipient(
        user_id=row.user_id,
        name=row.name,
        email=row.email,
        locale=row.locale,
        time_zone=row.time_zone,
        is_active=row.is_active,
        muted=row.muted,
        reminded_today=row.last is not None and local_day(row.last, row.time_zone) == today,
        today=today,
    )
