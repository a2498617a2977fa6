"""How often a door may be tried: per account, per known device, per network; counted for all workers together.

Failures are counted in buckets of a minute and added up over the last fifteen. A try is counted before it is
made and given back if it succeeds, so that many at once cannot slip past. A refused try is not counted, so
that a stranger who goes on knocking does not make the wait longer.

A stranger can exhaust the counter of an account, but not that of a device from which the person has signed
in before: from there the door stays open.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, ip_address, ip_network
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session, scoped_session

from learning.accounts.models import LimitCounter
from learning.database import unit_of_work
from learning.errors import DomainError
from learning.extensions import db

WINDOW = timedelta(minutes=15)
BUCKET = timedelta(minutes=1)
#: Failures within the window, from all unknown devices together, and from one known device.
PER_ACCOUNT = 10
#: Failures within the window from one network. A whole company may sit behind one address.
PER_NETWORK = 300
#: Mails within the window to one address, whoever asks for them; invitations by managers are counted apart.
PER_RECIPIENT = 3
IPV4_PREFIX = 24
IPV6_PREFIX = 48


class TooManyTries(DomainError):
    """The door is shut for a while."""

    status = 429

    def __init__(self) -> None:
        super().__init__(
            _(
                "There were too many tries in a short time. Wait 15 minutes and try again. "
                "If you have signed in on another device before, you can sign in there at once."
            )
        )


@dataclass(frozen=True, slots=True)
class Limit:
    """Something that may be tried so often."""

    key: str
    most: int

    @property
    def key_hash(self) -> str:
        """How it is kept, so that the table names nobody."""
        return hashlib.sha256(self.key.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Reservation:
    """Tries that are counted and may be given back."""

    limits: tuple[Limit, ...]
    bucket: datetime


def of_account(account: str) -> Limit:
    """The limit of an account: a user's id, or the folded login that belongs to nobody."""
    return Limit(f"account:{account}", PER_ACCOUNT)


def of_device(device_hash: str) -> Limit:
    """The limit of one person's known device."""
    return Limit(f"device:{device_hash}", PER_ACCOUNT)


def of_recipient(address: str) -> Limit:
    """The limit of mails to one address."""
    return Limit(f"recipient:{address}", PER_RECIPIENT)


def of_invited(address: str) -> Limit:
    """The limit of invitations that managers and administrators send to one address.

    Apart from ``of_recipient``, so that a stranger who asks for mails cannot hold an invitation up.
    """
    return Limit(f"invited:{address}", PER_RECIPIENT)


def of_network(address: str) -> Limit:
    """The limit of the network of an address."""
    return Limit(f"network:{network_of(address)}", PER_NETWORK)


def network_of(address: str) -> str:
    """The network that is limited together: /24 of IPv4, /48 of IPv6."""
    try:
        found = ip_address(address)
    except ValueError:
        return "unknown"
    mapped = getattr(found, "ipv4_mapped", None)
    found = mapped or found
    prefix = IPV4_PREFIX if isinstance(found, IPv4Address) else IPV6_PREFIX
    return str(ip_network((found, prefix), strict=False))


def reserve(limits: Sequence[Limit], now: datetime) -> Reservation:
    """Count a try against all limits. Raises TooManyTries, and then counts nothing, if one is exhausted."""
    with unit_of_work() as session:
        return count_within(session, limits, now)


def count_within(session: Session, limits: Sequence[Limit], now: datetime) -> Reservation:
    """The same within a unit of work that the caller has opened."""
    bucket = _bucket(now)
    # Always in the same order: two workers that count the same pair must not wait for each other in a circle.
    for limit in sorted(limits, key=lambda limit: limit.key_hash):
        if _count(session, limit, bucket) > limit.most:
            raise TooManyTries
    return Reservation(tuple(limits), bucket)


def allows(session: Session, limit: Limit, now: datetime) -> bool:
    """Count a try within a unit of work and tell whether it is within the limit, without raising.

    A try beyond the limit is not counted here either: whoever goes on asking does not make the wait longer.
    """
    bucket = _bucket(now)
    within = _count(session, limit, bucket) <= limit.most
    if not within:
        give_back(session, Reservation((limit,), bucket))
    return within


def refuse_exhausted(limits: Sequence[Limit], now: datetime) -> None:
    """Raise TooManyTries if a limit is exhausted already. Counts nothing."""
    for limit in limits:
        if _total(db.session, limit, _bucket(now)) >= limit.most:
            raise TooManyTries


def give_back(session: Session, reservation: Reservation) -> None:
    """Take back what was counted, because the try succeeded."""
    for limit in sorted(reservation.limits, key=lambda limit: limit.key_hash):
        session.execute(
            update(LimitCounter)
            .where(
                LimitCounter.key_hash == limit.key_hash,
                LimitCounter.window_start == reservation.bucket,
                LimitCounter.count > 0,
            )
            .values(count=LimitCounter.count - 1)
        )


def forget(session: Session, limits: Sequence[Limit]) -> None:
    """Clear counters, after the person has proved in another way who they are."""
    session.execute(delete(LimitCounter).where(LimitCounter.key_hash.in_([limit.key_hash for limit in limits])))


def tidy(session: Session, now: datetime) -> int:
    """Remove counters that no longer count; tell how many."""
    old = session.execute(delete(LimitCounter).where(LimitCounter.window_start <= now - WINDOW - BUCKET))
    return int(old.rowcount)  # type: ignore[attr-defined]


def _bucket(now: datetime) -> datetime:
    return now.replace(second=0, microsecond=0)


def _count(session: Session, limit: Limit, bucket: datetime) -> int:
    """Add one to the bucket and return the sum over the window.

    The upsert locks the row of the bucket until the end of the transaction, so tries at the same time are
    added one after the other.
    """
    session.execute(_upsert(session, limit.key_hash, bucket))
    return _total(session, limit, bucket)


def _total(session: Session | scoped_session[Any], limit: Limit, bucket: datetime) -> int:
    total = session.scalar(
        select(func.sum(LimitCounter.count)).where(
            LimitCounter.key_hash == limit.key_hash, LimitCounter.window_start > bucket - WINDOW
        )
    )
    return int(total or 0)


def _upsert(session: Session, key_hash: str, bucket: datetime) -> Any:
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    return (
        insert(LimitCounter)
        .values(key_hash=key_hash, window_start=bucket, count=1)
        .on_conflict_do_update(
            index_elements=[LimitCounter.key_hash, LimitCounter.window_start],
            set_={"count": LimitCounter.count + 1},
        )
    )
