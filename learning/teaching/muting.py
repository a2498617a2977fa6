"""Whether a person wants reminders of their organization: theirs to say, for trainers to respect."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, delete, select

from learning.database import insert_once, unit_of_work
from learning.extensions import db
from learning.teaching.models import ReminderSetting
from learning.web.identity import Member


def is_muted(member: Member) -> bool:
    """Whether somebody wants none. One query."""
    return db.session.scalar(select(ReminderSetting.user_id).where(_theirs(member))) is not None


def set_muted(member: Member, muted: bool, now: datetime) -> None:
    """Want none any more, or want them again."""
    with unit_of_work() as session:
        if muted:
            theirs = {"organization_id": member.organization_id, "user_id": member.user_id}
            insert_once(session, ReminderSetting, muted_at=now, **theirs)
        else:
            session.execute(delete(ReminderSetting).where(_theirs(member)))


def _theirs(member: Member) -> ColumnElement[bool]:
    return (ReminderSetting.organization_id == member.organization_id) & (ReminderSetting.user_id == member.user_id)
