"""The one place where a password is checked, with the limiter inside. Every door goes through here.

A known and an unknown login take the same way: one query, one counted try, one Argon2 check, the same answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import structlog
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from learning.accounts import limits
from learning.accounts.devices import device_token, known_device, remember_device
from learning.accounts.models import Membership, User, UserSession
from learning.accounts.names import fold_login
from learning.accounts.passwords import hash_password, needs_new_hash, password_matches
from learning.accounts.sessions import start_session
from learning.accounts.tokens import token_hash
from learning.database import unit_of_work
from learning.errors import DomainError
from learning.extensions import db

log = structlog.get_logger()


class WrongSignIn(DomainError):
    """The same for an unknown login, a wrong password, and a person who may not come in."""

    status = 401

    def __init__(self) -> None:
        super().__init__(
            _(
                "The name and the password do not belong together. Check both and try again; "
                "if you have lost the password, use the link below the form."
            )
        )


@dataclass(frozen=True, slots=True)
class Visitor:
    """The browser at the door."""

    #: Internet address as the server sees it.
    address: str
    #: Token of the device cookie, if it sent one.
    device: str | None
    #: Browser and system in words.
    description: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What the browser is given: both tokens go into cookies and are kept nowhere."""

    token: str
    device: str
    user_id: str
    own_device: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """A person whose password was right a moment ago."""

    user_id: str
    password_hash: str
    reservation: limits.Reservation


@dataclass(frozen=True, slots=True)
class _Account:
    id: str
    password_hash: str | None
    is_active: bool
    has_a_place: bool


def authenticate(login: str, password: str, visitor: Visitor, now: datetime, *, newcomer: bool = False) -> Checked:
    """Check a login and a password. Raises TooManyTries or WrongSignIn.

    A ``newcomer`` is about to get a place, so the lack of one is no reason to refuse.
    When a limit is exhausted the right password is refused too: the answer must not tell whether it was right.
    """
    folded = fold_login(login)
    account = _find(folded)
    reservation = limits.reserve(_limits(account, folded, visitor, now), now)
    right = password_matches(account.password_hash if account else None, password)
    welcome = account is not None and account.is_active and (account.has_a_place or newcomer)
    if account is None or account.password_hash is None or not right or not welcome:
        log.info("sign_in_failed", user=account.id if account else None)
        raise WrongSignIn
    return Checked(account.id, account.password_hash, reservation)


def check_own_password(user_id: str, password: str, visitor: Visitor, now: datetime) -> Checked:
    """Check the password of somebody who is signed in. Raises TooManyTries or WrongSignIn."""
    login = db.session.scalar(select(func.coalesce(User.email, User.sign_in_name)).where(User.id == user_id))
    return authenticate(login or "", password, visitor, now)


def sign_in(login: str, password: str, own_device: bool, visitor: Visitor, now: datetime) -> SignedIn:
    """Check a login and a password and open a session. Raises TooManyTries or WrongSignIn."""
    checked = authenticate(login, password, visitor, now)
    new_hash = hash_password(password) if needs_new_hash(checked.password_hash) else None
    with unit_of_work() as session:
        user = session.get(User, checked.user_id, with_for_update=True)
        if user is None or user.password_hash != checked.password_hash:
            raise WrongSignIn  # it was changed while it was being checked
        if new_hash:
            user.password_hash = new_hash
        limits.give_back(session, checked.reservation)
        return open_session(session, user, visitor, now, own_device=own_device)


def open_session(
    session: Session,
    user: User,
    visitor: Visitor,
    now: datetime,
    *,
    own_device: bool = False,
    organization_id: str | None = None,
) -> SignedIn:
    """Within a unit of work: sign a person in who has just proved who they are, and remember the browser.

    Without an organization it is the one they joined last.
    """
    device = device_token(visitor.device)
    remember_device(session, user.id, device, now)
    token = start_session(session, user, now, own_device=own_device, device=visitor.description)
    session.flush()
    opened = session.scalars(select(UserSession).where(UserSession.token_hash == token_hash(token))).one()
    opened.organization_id = organization_id or opened.organization_id
    log.info("sign_in", user=user.id, organization=opened.organization_id)
    return SignedIn(token, device, user.id, own_device)


def has_a_place() -> ColumnElement[bool]:
    """Whether a user belongs anywhere: administers the site or is a member of an organization."""
    member = exists().where(Membership.user_id == User.id, Membership.left_at.is_(None))
    return or_(User.is_administrator, member)


def _find(login: str | None) -> _Account | None:
    """The account behind a login, in one query, whether there is one or not."""
    row = db.session.execute(
        select(User.id, User.password_hash, User.is_active, has_a_place()).where(
            or_(User.email == (login or ""), User.sign_in_name == (login or ""))
        )
    ).first()
    return _Account(row[0], row[1], bool(row[2]), bool(row[3])) if row else None


def _limits(account: _Account | None, login: str | None, visitor: Visitor, now: datetime) -> list[limits.Limit]:
    device = known_device(account.id if account else "nobody", visitor.device, now)
    if device:
        return [limits.of_device(device)]
    return [limits.of_account(account.id if account else login or ""), limits.of_network(visitor.address)]
