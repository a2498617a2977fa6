"""Browsers from which a person has signed in before.

A browser keeps one random token in a cookie of its own; for each person who signed in there the database
keeps a hash of person and token. The token opens nothing: it only gives the pair a limit of its own.
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from learning.accounts.models import KnownDevice
from learning.accounts.tokens import new_token
from learning.database import insert_once, new_id
from learning.extensions import db

#: How long a browser is known.
KNOWN_FOR = timedelta(days=365)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def device_token(sent: str | None) -> str:
    """The token of the browser: the one it sent, or a new one."""
    return sent if sent and _TOKEN.fullmatch(sent) else new_token()


def device_hash(user_id: str, token: str) -> str:
    """How the pair of person and browser is kept."""
    return hashlib.sha256(f"{user_id}:{token}".encode()).hexdigest()


def known_device(user_id: str, token: str | None, now: datetime) -> str | None:
    """The hash of the pair if this person has signed in from this browser before."""
    if not token:
        return None
    found = device_hash(user_id, token)
    known = db.session.scalar(
        select(KnownDevice.id).where(KnownDevice.token_hash == found, KnownDevice.created_at > now - KNOWN_FOR)
    )
    return found if known else None


def remember_device(session: Session, user_id: str, token: str, now: datetime) -> None:
    """Within a unit of work: this person has signed in from this browser."""
    insert_once(
        session, KnownDevice, id=new_id(), user_id=user_id, token_hash=device_hash(user_id, token), created_at=now
    )


def forget_devices(session: Session, user_id: str) -> None:
    """Within a unit of work: no browser of this person is known any more."""
    session.execute(delete(KnownDevice).where(KnownDevice.user_id == user_id))


def tidy(session: Session, now: datetime) -> int:
    """Remove devices that are not known any more; tell how many."""
    old = session.execute(delete(KnownDevice).where(KnownDevice.created_at <= now - KNOWN_FOR))
    return int(old.rowcount)  # type: ignore[attr-defined]
