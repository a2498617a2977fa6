"""Short notes of trainers on a person. The person reads them too; whoever wrote one can delete it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import aliased

from learning.accounts.models import Membership, User
from learning.database import ROWS_AT_ONCE, new_id, unit_of_work
from learning.errors import NotFound
from learning.extensions import db
from learning.teaching.models import Note
from learning.web.identity import Member

log = structlog.get_logger()

LONGEST_NOTE = 1_000
#: Who sends the same words about the same person again within so long pressed twice.
PRESSED_TWICE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A note as it is shown."""

    id: str
    text: str
    #: None: the account of whoever wrote it is gone.
    written_by: str | None
    written_at: datetime
    is_mine: bool


def write_notes(member: Member, people: Collection[str], text: str, now: datetime) -> frozenset[str]:
    """Write the same note on each of the people; who got it. The caller knows that they learn here.

    Pressing twice is once.
    """
    with unit_of_work() as session:
        # Two presses at once: the second waits and sees what the first one wrote.
        session.execute(
            select(Membership.id)
            .where(Membership.organization_id == member.organization_id, Membership.user_id == member.user_id)
            .with_for_update()
        )
        already = set(
            session.scalars(
                select(Note.user_id).where(
                    Note.organization_id == member.organization_id,
                    Note.written_by == member.user_id,
                    Note.written_at > now - PRESSED_TWICE,
                    Note.text == text,
                )
            )
        )
        rows = [
            {
                "id": new_id(),
                "organization_id": member.organization_id,
                "user_id": user_id,
                "text": text,
                "written_by": member.user_id,
                "written_at": now,
            }
            for user_id in sorted(set(people) - already)
        ]
        for start in range(0, len(rows), ROWS_AT_ONCE):
            session.execute(insert(Note), rows[start : start + ROWS_AT_ONCE])
    log.info("noted", user=member.user_id, organization=member.organization_id, people=len(rows))
    return frozenset(str(row["user_id"]) for row in rows)


def delete_note(member: Member, note_id: str) -> str:
    """Delete a note of one's own; the id of the person it was on. Raises NotFound."""
    with unit_of_work() as session:
        mine = (
            (Note.organization_id == member.organization_id)
            & (Note.id == note_id)
            & (Note.written_by == member.user_id)
        )
        user_id = session.scalar(select(Note.user_id).where(mine))
        if user_id is None:
            raise NotFound
        session.execute(delete(Note).where(mine))
    return user_id


def notes_on(member: Member, user_id: str) -> Sequence[NoteLine]:
    """The notes on a person, the newest first, as a trainer or the person reads them. One query."""
    author = aliased(User)
    rows = db.session.execute(
        select(Note.id, Note.text, author.name, Note.written_at, Note.written_by)
        .outerjoin(author, author.id == Note.written_by)
        .where(Note.organization_id == member.organization_id, Note.user_id == user_id)
        .order_by(Note.written_at.desc(), Note.id)
    )
    return [NoteLine(note_id, text, name, at, by == member.user_id) for note_id, text, name, at, by in rows]
