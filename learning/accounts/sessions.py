"""Signed-in sessions, kept on the server: a random token in the cookie, its hash in the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, bindparam, delete, select, update
from sqlalchemy.orm import Session

from learning.accounts.models import Membership, Organization, User, UserSession
from learning.accounts.time_zones import known_zone, zone_column
from learning.accounts.tokens import new_token, token_hash
from learning.database import unit_of_work
from learning.errors import NotFound
from learning.extensions import db
from learning.web.identity import Person, Role

log = structlog.get_logger()

#: How long a session lives without a request that changes something.
IDLE = timedelta(hours=12)
#: The same on a device that the person calls their own. Managers and administrators always have IDLE.
IDLE_OWN_DEVICE = timedelta(days=30)
#: A session is moved forward at most this often.
RENEW_EVERY = timedelta(minutes=5)
#: No session lives longer than this, however busy it is.
LONGEST = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session as its owner sees it in the list."""

    id: str
    device: str
    created_at: datetime
    last_seen_at: datetime
    own_device: bool
    is_current: bool


def session_length(own_device: bool, privileged: bool) -> timedelta:
    """How long a session may be idle."""
    return IDLE_OWN_DEVICE if own_device and not privileged else IDLE


def start_session(session: Session, user: User, now: datetime, *, own_device: bool = False, device: str = "") -> str:
    """Open a session within a unit of work and return its token, which is kept nowhere."""
    membership = session.scalars(
        select(Membership)
        .where(Membership.user_id == user.id, Membership.left_at.is_(None))
        .order_by(Membership.joined_at.desc(), Membership.id)
        .limit(1)
    ).first()
    privileged = user.is_administrator or _manages(session, user.id)
    token = new_token()
    session.add(
        UserSession(
            token_hash=token_hash(token),
            user_id=user.id,
            organization_id=membership.organization_id if membership else None,
            created_at=now,
            last_seen_at=now,
            expires_at=now + session_length(own_device, privileged),
            own_device=own_device,
            device=device[:120],
        )
    )
    return token


def _manages(session: Session, user_id: str) -> bool:
    """Whether a person is a manager anywhere: a session may go on in any organization of theirs."""
    return bool(
        session.scalar(
            select(Membership.id)
            .where(Membership.user_id == user_id, Membership.role == Role.MANAGER, Membership.left_at.is_(None))
            .limit(1)
        )
    )


#: Everything that a request needs to know of who asks, in one query; built once.
_PERSON = (
    select(
        User.id,
        User.name,
        UserSession.id.label("session_id"),
        User.is_administrator,
        Organization.id.label("organization_id"),
        Organization.name.label("organization_name"),
        Organization.is_demo.label("organization_is_demo"),
        Membership.role,
        Membership.department_id,
        User.locale,
        zone_column().label("time_zone"),
        UserSession.last_seen_at,
    )
    .select_from(UserSession)
    .join(User, User.id == UserSession.user_id)
    .outerjoin(
        Membership,
        (Membership.organization_id == UserSession.organization_id)
        & (Membership.user_id == User.id)
        & Membership.left_at.is_(None),
    )
    .outerjoin(Organization, Organization.id == Membership.organization_id)
    .where(UserSession.token_hash == bindparam("token_hash"), User.is_active, UserSession.expires_at > bindparam("now"))
)


def load_person(token: str, now: datetime) -> Person | None:
    """The person behind a session token, in one query; None if the session or the right to it has ended."""
    # Asked of the connection: columns need nothing of the ORM, and every page asks this.
    row = db.session.connection().execute(_PERSON, {"token_hash": token_hash(token), "now": now}).first()
    if row is None or (row.role is None and not row.is_administrator):
        return None
    return Person(
        id=row.id,
        name=row.name,
        session_id=row.session_id,
        token=token,
        is_administrator=row.is_administrator,
        organization_id=row.organization_id,
        organization_name=row.organization_name,
        organization_is_demo=bool(row.organization_is_demo),
        role=row.role,
        department_id=row.department_id,
        locale=row.locale,
        time_zone=known_zone(row.time_zone),
        renewal_due=now - row.last_seen_at >= RENEW_EVERY,
    )


def renew_session(person: Person, now: datetime) -> None:
    """Move the idle end forward. Called for requests that change something, so reading never writes."""
    with unit_of_work() as session:
        found = session.get(UserSession, person.session_id, with_for_update=True)
        if found is None:
            return
        privileged = person.is_administrator or _manages(session, person.id)
        found.last_seen_at = now
        found.expires_at = min(now + session_length(found.own_device, privileged), found.created_at + LONGEST)


def work_in(person: Person, organization_id: str) -> None:
    """Go on in another organization of one's own. Raises NotFound if the person is no member of it."""
    with unit_of_work() as session:
        membership = session.scalar(
            select(Membership.id).where(
                Membership.organization_id == organization_id,
                Membership.user_id == person.id,
                Membership.left_at.is_(None),
            )
        )
        found = session.get(UserSession, person.session_id, with_for_update=True)
        if membership is None or found is None:
            raise NotFound
        found.organization_id = organization_id


def shorten_sessions(session: Session, user_id: str, now: datetime) -> None:
    """Within a unit of work: whoever becomes a manager has no long sessions any more."""
    session.execute(
        update(UserSession)
        .where(UserSession.user_id == user_id, UserSession.expires_at > now + IDLE)
        .values(expires_at=now + IDLE)
    )


def open_sessions(person: Person, now: datetime) -> list[OpenSession]:
    """The person's own sessions, the newest first."""
    rows = db.session.scalars(
        select(UserSession)
        .where(UserSession.user_id == person.id, UserSession.expires_at > now)
        .order_by(UserSession.last_seen_at.desc(), UserSession.id)
    )
    return [
        OpenSession(row.id, row.device, row.created_at, row.last_seen_at, row.own_device, row.id == person.session_id)
        for row in rows
    ]


def _end(condition: ColumnElement[bool]) -> int:
    with unit_of_work() as session:
        return int(session.execute(delete(UserSession).where(condition)).rowcount)  # type: ignore[attr-defined]


def end_session(person: Person, session_id: str) -> None:
    """End one of the person's own sessions. Raises NotFound for one that is not theirs."""
    if not _end((UserSession.id == session_id) & (UserSession.user_id == person.id)):
        raise NotFound


def sign_out(person: Person) -> None:
    """End the session that the person is using."""
    _end((UserSession.id == person.session_id) & (UserSession.user_id == person.id))
    log.info("sign_out", user=person.id, organization=person.organization_id)


def end_token(token: str) -> None:
    """End the session of a token, if there is one: the browser is about to get another."""
    _end(UserSession.token_hash == token_hash(token))


def end_other_sessions(person: Person) -> None:
    """End all of the person's sessions but this one."""
    _end((UserSession.user_id == person.id) & (UserSession.id != person.session_id))


def end_all_sessions(session: Session, user_id: str) -> None:
    """Within a unit of work: end every session of a person, as after a change of password."""
    session.execute(delete(UserSession).where(UserSession.user_id == user_id))
