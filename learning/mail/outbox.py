"""The outbox: a mail is written in the same transaction as what it tells of, and sent later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from learning.background import wake
from learning.database import new_id
from learning.mail.letters import Letter
from learning.mail.models import OutboxMessage
from learning.mail.reasons import Reason

#: How long the trace of a mail (without its text) is kept.
KEPT_FOR = timedelta(days=30)


#: How the last word on a mail begins that was not to be sent any more. It did not fail.
WITHDRAWN = "Withdrawn: "

#: The task that delivers mail.
DELIVERY = "mail deliver"


class UnsafeMail(ValueError):
    """A recipient or a subject that could smuggle in headers. It must have been refused earlier."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A letter to somebody."""

    recipient: str
    letter: Letter
    #: Names the key with which the body of the letter is sealed already: a copy of the database tells nothing of it
    #: once the key is destroyed.
    sealed_with: str | None = None
    #: Sent only as long as it holds. None: an answer to what somebody asked for, which is sent whatever happens.
    reason: Reason | None = None
    #: Where one click stops mails of this kind. None: it comes once, because somebody asked.
    unsubscribe_link: str | None = None


def post(
    session: Session,
    recipient: str,
    letter: Letter,
    now: datetime,
    *,
    sealed_with: str | None = None,
    reason: Reason | None = None,
) -> None:
    """Within the caller's unit of work: put a mail into the outbox. Raises UnsafeMail."""
    post_all(session, [Mail(recipient, letter, sealed_with, reason)], now)


def post_all(session: Session, mails: Sequence[Mail], now: datetime) -> None:
    """The same for many mails. Raises UnsafeMail, and then posts none of them."""
    rows = [_row(mail, now) for mail in mails]
    if rows:
        session.execute(insert(OutboxMessage), rows)
        wake(session, DELIVERY)


def _row(mail: Mail, now: datetime) -> dict[str, object]:
    recipient = mail.recipient
    for text in (recipient, mail.letter.subject):
        if any(ord(character) < 32 or ord(character) == 127 for character in text):
            raise UnsafeMail("A recipient or a subject holds a line end or a control character.")
    if recipient.count("@") != 1 or any(mark in recipient for mark in " ,;<>"):
        raise UnsafeMail("A recipient is not one address.")
    message = new_id()
    return {
        "id": message,
        # The same over all retries, so that a receiver can tell a repetition.
        "message_id": f"<{message}@{current_app.extensions['settings'].host}>",
        "recipient": recipient,
        "subject": mail.letter.subject,
        "body": mail.letter.body,
        "sealed_with": mail.sealed_with,
        "reason": str(mail.reason) if mail.reason else None,
        "unsubscribe_link": mail.unsubscribe_link,
        "created_at": now,
        "next_try_at": now,
    }


def withdraw_sealed(session: Session, sealed_with: str) -> int:
    """Within the caller's unit of work: send no more of what is sealed with a key; tell how many mails that are."""
    waiting = OutboxMessage.sent_at.is_(None) & OutboxMessage.parked.is_(None)
    withdrawn = session.execute(
        update(OutboxMessage)
        .where(waiting, OutboxMessage.sealed_with == sealed_with)
        .values(parked=WITHDRAWN + "what it invites to is over.", body="")
    )
    return int(withdrawn.rowcount)  # type: ignore[attr-defined]


def count_given_up(session: Session) -> int:
    """How many mails could not be delivered, of those whose traces are kept."""
    failed = OutboxMessage.parked.is_not(None) & ~OutboxMessage.parked.startswith(WITHDRAWN)
    return session.scalar(select(func.count()).select_from(OutboxMessage).where(failed)) or 0


def tidy(session: Session, now: datetime) -> int:
    """Remove the traces of mails that were sent or given up long ago; tell how many."""
    done = OutboxMessage.sent_at.is_not(None) | OutboxMessage.parked.is_not(None)
    old = session.execute(delete(OutboxMessage).where(done, OutboxMessage.created_at < now - KEPT_FOR))
    return int(old.rowcount)  # type: ignore[attr-defined]
