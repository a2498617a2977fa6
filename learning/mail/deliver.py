"""Delivers what waits in the outbox: by SMTP, or as files while developing.

At least once: a mail is claimed by moving its next try into the future, sent outside of any transaction, and
marked afterwards. A crash in between sends it again later under the same Message-ID.

A round may take many minutes, so the clock is read for each mail: a claim counts from the moment it is made.
"""

from __future__ import annotations

import os
import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

import structlog
from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from learning.clock import now
from learning.config import Settings
from learning.database import unit_of_work
from learning.extensions import db
from learning.mail.models import OutboxMessage
from learning.mail.outbox import WITHDRAWN
from learning.mail.reasons import Reason, still_holds

log = structlog.get_logger()

#: A mail is given up after so long.
GIVE_UP_AFTER = timedelta(hours=24)
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=4)
#: Nobody else takes a claimed mail for so long, unless the sender died.
CLAIM = timedelta(minutes=5)
#: Seconds until a silent mail server counts as down.
PATIENCE = 10.0
#: Mails in one round, so that a round ends.
MOST_PER_ROUND = 100


#: Tells the present moment.
Clock = Callable[[], datetime]
#: Name of a key and a sealed text -> the text, or None once the key is destroyed.
Unseal = Callable[[str, str], str | None]


class Refused(Exception):
    """The server will never take this mail."""


class Withdrawn(Exception):
    """There is no reason any more to send this mail."""


class Unreachable(Exception):
    """The server did not answer as a whole; the other mails need not be tried now."""


@dataclass(frozen=True, slots=True)
class _Claimed:
    id: str
    message_id: str
    recipient: str
    subject: str
    body: str
    sealed_with: str | None
    reason: Reason | None
    unsubscribe_link: str | None
    created_at: datetime
    tries: int


def deliver_due(clock: Clock = now) -> int:
    """Deliver what is due; return how many were sent. Failures are kept and tried again later."""
    settings: Settings = current_app.extensions["settings"]
    send = _sender(settings)
    sent = 0
    for _ in range(MOST_PER_ROUND):
        mail = _claim(clock())
        if mail is None:
            break
        try:
            _ask_again(mail, clock())
            send(_message(settings, mail))
        except Withdrawn as error:
            _park(mail, str(error))
            log.info("mail_withdrawn", mail=mail.id)
        except Refused as error:
            _give_up(mail, str(error))
        except Unreachable as error:
            _fail(mail, str(error), clock())
            break
        except (OSError, ValueError, smtplib.SMTPException) as error:
            _fail(mail, _reason(error), clock())
        else:
            _done(mail, clock())
            sent += 1
    return sent


def _claim(now: datetime) -> _Claimed | None:
    """Take the oldest due mail. A look without a lock first: the loop that calls asks every second."""
    due = OutboxMessage.sent_at.is_(None) & OutboxMessage.parked.is_(None) & (OutboxMessage.next_try_at <= now)
    waiting = db.session.scalar(select(OutboxMessage.id).where(due).limit(1))
    db.session.remove()
    if waiting is None:
        return None
    with unit_of_work() as session:
        row = session.scalar(
            select(OutboxMessage)
            .where(due)
            .order_by(OutboxMessage.next_try_at, OutboxMessage.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if row is None:
            return None
        row.tries += 1
        row.next_try_at = now + CLAIM
        return _Claimed(
            id=row.id,
            message_id=row.message_id,
            recipient=row.recipient,
            subject=row.subject,
            body=row.body,
            sealed_with=row.sealed_with,
            reason=Reason(*row.reason.split()) if row.reason else None,
            unsubscribe_link=row.unsubscribe_link,
            created_at=row.created_at,
            tries=row.tries,
        )


def _ask_again(mail: _Claimed, now: datetime) -> None:
    """Raises Withdrawn if the receiver has left, wants no such mail any more, or has done what it speaks of; ValueError
    if that cannot be found out, which must not hold up the mails behind it."""
    try:
        holds = mail.reason is None or still_holds(mail.reason, now)
    except Exception as error:
        log.exception("mail_reason_unknown", mail=mail.id)
        raise ValueError("Whether it is still to be sent cannot be found out.") from error
    finally:
        db.session.remove()  # nothing may stay open while the server takes its time
    if not holds:
        raise Withdrawn(WITHDRAWN + "there is no reason any more to send it.")


def _opened(mail: _Claimed) -> str:
    """The text of a mail. Raises Refused if the key of a sealed one is destroyed."""
    if mail.sealed_with is None:
        return mail.body
    # Handed in by create_app: who keeps the keys is no business of mail.
    unseal: Unseal = current_app.extensions["unseal_mail"]
    text = unseal(mail.sealed_with, mail.body)
    if text is None:
        raise Refused("Its key is destroyed: what it invites to is over.")
    return text


def _message(settings: Settings, mail: _Claimed) -> EmailMessage:
    message = EmailMessage(policy=policy.default.clone(refold_source="none"))
    message["From"] = settings.mail_sender
    message["To"] = mail.recipient
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    if mail.unsubscribe_link:
        # RFC 8058: the program that shows the mail has a button for it, and sends nobody anywhere.
        # As it is: folded, so long an address becomes encoded words, which nobody decodes in this place.
        message.set_raw("List-Unsubscribe", f"<{mail.unsubscribe_link}>")
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(_opened(mail))
    return message


def _sender(settings: Settings) -> Callable[[EmailMessage], None]:
    if settings.development or not settings.mail_server:
        return lambda message: _write_file(settings.data / "mail", message)
    return lambda message: _send_by_smtp(settings, message)


def _write_file(folder: Path, message: EmailMessage) -> None:
    """Write a mail as a file, whole or not at all. It holds a link that signs somebody in: for the owner only."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / (message["Message-ID"].strip("<>").partition("@")[0] + ".eml")
    draft = path.with_suffix(".draft")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(bytes(message))
    draft.rename(path)


def _send_by_smtp(settings: Settings, message: EmailMessage) -> None:
    host, _, port = settings.mail_server.rpartition(":")
    try:
        server = smtplib.SMTP(host, int(port), local_hostname=settings.host, timeout=PATIENCE)
    except (OSError, smtplib.SMTPException) as error:
        raise Unreachable(_reason(error)) from error
    try:
        _prepare(server, settings)
        server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        code, text = next(iter(error.recipients.values()))
        raise _refusal(code, text) from error
    except (smtplib.SMTPSenderRefused, smtplib.SMTPServerDisconnected) as error:
        # The sender is the same for every mail: who refuses it refuses all, and that is ours to mend.
        raise Unreachable(_reason(error)) from error
    except smtplib.SMTPResponseException as error:
        raise _refusal(error.smtp_code, error.smtp_error) from error
    finally:
        # Whether the server says goodbye changes nothing about the mail.
        with suppress(OSError, smtplib.SMTPException):
            server.quit()


def _prepare(server: smtplib.SMTP, settings: Settings) -> None:
    """Encrypt and sign in. What fails here fails for every mail, and is ours to mend: no mail is given up for it."""
    try:
        if settings.mail_starttls:
            server.starttls(context=ssl.create_default_context())
        if settings.mail_user:
            server.login(settings.mail_user, settings.mail_password)
    except (OSError, smtplib.SMTPException) as error:
        raise Unreachable(_reason(error)) from error


def _refusal(code: int, text: bytes | str) -> Exception:
    """5xx is for ever, 4xx is for now."""
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    reason = f"{code} {said}"
    return Refused(reason) if 500 <= code < 600 else smtplib.SMTPException(reason)


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def wait_before(tries: int) -> timedelta:
    """How long to wait after so many tries: a minute, two, four, up to four hours."""
    return min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(tries - 1, 16))


def _row(session: Session, mail: _Claimed) -> OutboxMessage:
    return session.get_one(OutboxMessage, mail.id, with_for_update=True)


def _done(mail: _Claimed, now: datetime) -> None:
    with unit_of_work() as session:
        row = _row(session, mail)
        row.sent_at = now
        _erase(row)
    log.info("mail_sent", mail=mail.id, tries=mail.tries)


def _fail(mail: _Claimed, reason: str, now: datetime) -> None:
    """Wait longer after each failure; give up after a day."""
    if now - mail.created_at >= GIVE_UP_AFTER:
        _give_up(mail, reason)
        return
    with unit_of_work() as session:
        _row(session, mail).next_try_at = now + wait_before(mail.tries)
    log.warning("mail_delayed", mail=mail.id, tries=mail.tries)


def _give_up(mail: _Claimed, reason: str) -> None:
    _park(mail, reason)
    log.error("mail_given_up", mail=mail.id, tries=mail.tries)


def _park(mail: _Claimed, reason: str) -> None:
    """Try a mail no more."""
    with unit_of_work() as session:
        row = _row(session, mail)
        row.parked = " ".join(reason.split())[:500]
        _erase(row)


def _erase(row: OutboxMessage) -> None:
    """The text of a mail that is over goes, and what is a right in it: a link must not lie about."""
    row.body, row.unsubscribe_link = "", None
