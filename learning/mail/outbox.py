"""The outbox: a mail is written in the same transaction as what it tells of, and sent later."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import delete
from sqlalchemy.orm import Session

from learning.database import new_id
from learning.mail.letters import Letter
from learning.mail.models import OutboxMessage

#: How long the trace of a mail (without its text) is kept.
KEPT_FOR = timedelta(days=30)


class UnsafeMail(ValueError):
    """A recipient or a subject that could smuggle in headers. It must have been refused earlier."""


def post(session: Session, recipient: str, letter: Letter, now: datetime) -> None:
    """Within the caller's unit of work: put a mail into the outbox. Raises UnsafeMail."""
    for text in (recipient, letter.subject):
        if any(ord(character) < 32 or ord(character) == 127 for character in text):
            raise UnsafeMail("A recipient or a subject holds a line end or a control character.")
    if recipient.count("@") != 1 or any(mark in recipient for mark in " ,;<>"):
        raise UnsafeMail("A recipient is not one address.")
    message = new_id()
    session.add(
        OutboxMessage(
            id=message,
            # The same over all retries, so that a receiver can tell a repetition.
            message_id=f"<{message}@{current_app.extensions['settings'].host}>",
            recipient=recipient,
            subject=letter.subject,
            body=letter.body,
            created_at=now,
            next_try_at=now,
        )
    )


def tidy(session: Session, now: datetime) -> int:
    """Remove the traces of mails that were sent or given up long ago; tell how many."""
    done = OutboxMessage.sent_at.is_not(None) | OutboxMessage.parked.is_not(None)
    old = session.execute(delete(OutboxMessage).where(done, OutboxMessage.created_at < now - KEPT_FOR))
    return int(old.rowcount)  # type: ignore[attr-defined]
