"""Passwords of people: change one's own, ask for a reset, set a new one by a link."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from flask_babel import gettext as _
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from learning.accounts import limits
from learning.accounts.authentication import (
    SignedIn,
    Visitor,
    WrongSignIn,
    check_own_password,
    has_a_place,
    open_session,
)
from learning.accounts.devices import forget_devices
from learning.accounts.models import Membership, OneTimeToken, Organization, TokenPurpose, User, UserSession
from learning.accounts.names import email_address
from learning.accounts.passwords import hash_password, refuse_weak
from learning.accounts.sessions import end_all_sessions
from learning.accounts.tokens import new_token, token_hash
from learning.database import unit_of_work
from learning.errors import DomainError
from learning.extensions import db
from learning.mail.letters import write_letter
from learning.mail.outbox import post
from learning.web.identity import Person
from learning.web.public_url import public_url_for

log = structlog.get_logger()

RESET_LIVES = timedelta(minutes=60)


class LinkEnded(DomainError):
    """A one-time link that does not work: unknown, used, expired or withdrawn look the same."""

    status = 410

    def __init__(self) -> None:
        super().__init__(
            _(
                "This link does not work any more: it was used, has expired or was withdrawn. "
                "Ask for a new one where you got it."
            )
        )


def known_words(user_id: str) -> list[str | None]:
    """What others know of a person and a password must not be made of."""
    rows = db.session.execute(
        select(User.name, User.email, User.sign_in_name, Organization.name, Organization.code)
        .outerjoin(Membership, (Membership.user_id == User.id) & Membership.left_at.is_(None))
        .outerjoin(Organization, Organization.id == Membership.organization_id)
        .where(User.id == user_id)
    ).all()
    return [
        word
        for name, email, sign_in_name, organization, code in rows
        for word in (name, email.partition("@")[0] if email else None, sign_in_name, organization, code)
    ]


def change_password(person: Person, current: str, new: str, visitor: Visitor, now: datetime) -> SignedIn:
    """Set a new password and end every session; the browser gets a new one.

    Raises WrongSignIn if the current password is wrong, TooManyTries, WeakPassword.
    """
    refuse_weak(new, *known_words(person.id))
    checked = check_own_password(person.id, current, visitor, now)
    new_hash = hash_password(new)
    with unit_of_work() as session:
        if lock_person(session, person.id).password_hash != checked.password_hash:
            raise WrongSignIn  # it was changed while it was being checked
        limits.give_back(session, checked.reservation)
        own_device = session.scalar(select(UserSession.own_device).where(UserSession.id == person.session_id))
        user = set_password(session, person.id, new_hash, now)
        log.info("password_changed", user=user.id, organization=person.organization_id)
        return open_session(
            session, user, visitor, now, own_device=bool(own_device), organization_id=person.organization_id
        )


def set_password(session: Session, user_id: str, new_hash: str, now: datetime) -> User:
    """Within a unit of work: set the password, end all sessions, devices and one-time links of the person."""
    user = lock_person(session, user_id)
    user.password_hash = new_hash
    end_all_sessions(session, user_id)
    forget_devices(session, user_id)
    session.execute(
        update(OneTimeToken).where(OneTimeToken.user_id == user_id, OneTimeToken.used_at.is_(None)).values(used_at=now)
    )
    return user


def request_reset(address: str, visitor: Visitor, now: datetime) -> None:
    """Mail a link for a new password if the address belongs to somebody who may come in.

    Known and unknown addresses take the same way: one letter written, one transaction committed. Raises
    BadName if it is no address, TooManyTries if this network asks too often.
    """
    recipient = email_address(address)
    token = new_token()
    letter = write_letter("reset", link=public_url_for("accounts.reset", token=token), minutes=60)
    with unit_of_work() as session:
        limits.count_within(session, [limits.of_network(visitor.address)], now)
        wanted = limits.allows(session, limits.of_recipient(recipient), now)
        user = session.scalar(select(User).where(User.email == recipient, User.is_active, has_a_place()))
        if user is not None and wanted:
            add_token(session, user.id, TokenPurpose.PASSWORD_RESET, token, now, now + RESET_LIVES)
            post(session, recipient, letter, now)


def add_token(
    session: Session, user_id: str, purpose: TokenPurpose, token: str, now: datetime, expires_at: datetime
) -> None:
    """Within a unit of work: keep the hash of a one-time token."""
    session.add(
        OneTimeToken(
            user_id=user_id, purpose=purpose, token_hash=token_hash(token), created_at=now, expires_at=expires_at
        )
    )


def person_of_reset(token: str, now: datetime) -> str:
    """Id of the person whom a reset link belongs to. Raises LinkEnded."""
    user_id = db.session.scalar(
        select(OneTimeToken.user_id)
        .join(User, User.id == OneTimeToken.user_id)
        .where(
            OneTimeToken.token_hash == token_hash(token),
            OneTimeToken.purpose == TokenPurpose.PASSWORD_RESET,
            OneTimeToken.used_at.is_(None),
            OneTimeToken.expires_at > now,
            User.is_active,
            has_a_place(),
        )
    )
    if user_id is None:
        raise LinkEnded
    return user_id


def reset_password(token: str, new: str, visitor: Visitor, now: datetime) -> SignedIn:
    """Set a new password by a reset link, end every session, and sign in here.

    Raises LinkEnded, TooManyTries, WeakPassword.
    """
    network = limits.of_network(visitor.address)
    limits.refuse_exhausted([network], now)
    try:
        user_id = person_of_reset(token, now)
    except LinkEnded:
        limits.reserve([network], now)
        raise
    refuse_weak(new, *known_words(user_id))
    new_hash = hash_password(new)
    with unit_of_work() as session:
        spend_token(session, user_id, TokenPurpose.PASSWORD_RESET, token, now)
        user = set_password(session, user_id, new_hash, now)
        limits.forget(session, [limits.of_account(user_id)])
        log.info("password_changed", user=user_id, organization=None)
        return open_session(session, user, visitor, now)


def lock_person(session: Session, user_id: str) -> User:
    """Within a unit of work: whoever changes a person's password or links waits here, before holding anything else.

    One order for all, so that no two wait for each other in a circle.
    """
    return session.get_one(User, user_id, with_for_update=True)


def spend_token(session: Session, user_id: str, purpose: TokenPurpose, token: str, now: datetime) -> None:
    """Within a unit of work: use a one-time token; of two at once, one wins. Raises LinkEnded."""
    lock_person(session, user_id)
    used = session.execute(
        update(OneTimeToken)
        .where(
            OneTimeToken.token_hash == token_hash(token),
            OneTimeToken.user_id == user_id,
            OneTimeToken.purpose == purpose,
            OneTimeToken.used_at.is_(None),
            OneTimeToken.expires_at > now,
        )
        .values(used_at=now)
    )
    if not used.rowcount:  # type: ignore[attr-defined]
        raise LinkEnded


def tidy(session: Session, now: datetime) -> int:
    """Remove one-time tokens and sessions that have ended; tell how many."""
    tokens = session.execute(delete(OneTimeToken).where(OneTimeToken.expires_at <= now))
    ended = session.execute(delete(UserSession).where(UserSession.expires_at <= now))
    return int(tokens.rowcount + ended.rowcount)  # type: ignore[attr-defined]
