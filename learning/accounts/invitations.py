"""Invitations by e-mail: sent to one address, used once, gone after seven days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from flask_babel import gettext as _
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from learning.accounts import limits
from learning.accounts.authentication import SignedIn, Visitor, WrongSignIn, authenticate, open_session
from learning.accounts.credentials import LinkEnded, known_words, lock_person, set_password
from learning.accounts.models import Department, Invitation, Membership, Organization, User
from learning.accounts.names import email_address, person_name
from learning.accounts.passwords import hash_password, refuse_weak
from learning.accounts.sessions import shorten_sessions
from learning.accounts.tokens import new_token, token_hash
from learning.database import insert_once, new_id, unit_of_work
from learning.errors import DomainError, NotFound
from learning.extensions import db
from learning.mail.letters import Letter, write_letter
from learning.mail.outbox import post
from learning.web.identity import Member, Role
from learning.web.public_url import public_url_for

log = structlog.get_logger()

LIVES = timedelta(days=7)
#: Used and expired invitations are kept this long, so that a manager can see what became of them.
KEPT_FOR = timedelta(days=30)


class AlreadyHere(DomainError):
    """Somebody with this address is a member already."""


class TooManyInvitations(DomainError):
    """The address has had several invitations within minutes."""

    status = 429

    def __init__(self) -> None:
        super().__init__(
            _(
                "This address has just had several invitations. Wait 15 minutes before you send another; "
                "until then the newest one works."
            )
        )


class HasAccount(DomainError):
    """The address has an account with a password: that password is asked for."""


@dataclass(frozen=True, slots=True)
class Offer:
    """An invitation as the person who holds its link sees it."""

    id: str
    organization_id: str
    organization_name: str
    email: str
    name: str
    #: The person has a password already and joins with it.
    user_id: str | None
    has_password: bool


def invite(member: Member, address: str, name: str, role: Role, department_id: str | None, now: datetime) -> None:
    """Invite somebody by mail. An earlier invitation of the address is withdrawn.

    The answer is the same whether the address has an account elsewhere or not. Raises BadName, NotFound for a
    department that is not of the organization, AlreadyHere, TooManyInvitations.
    """
    email, invited = email_address(address), person_name(name)
    organization_name = db.session.scalars(
        select(Organization.name).where(Organization.id == member.organization_id)
    ).one()
    token = new_token()
    letter = letter_of(organization_name, token)
    with unit_of_work() as session:
        check_department(session, member.organization_id, department_id)
        already = session.scalar(
            select(Membership.id)
            .join(User, User.id == Membership.user_id)
            .where(
                Membership.organization_id == member.organization_id, User.email == email, Membership.left_at.is_(None)
            )
        )
        if already:
            raise AlreadyHere(_("Somebody with this address is in your organization already. See the list of people."))
        offer(session, member.organization_id, email, invited, role, department_id, member.user_id, token, now)
        send_invitation(session, email, letter, now)
        log.info("invited", user=member.user_id, organization=member.organization_id, role=role)


def send_invitation(session: Session, email: str, letter: Letter, now: datetime) -> None:
    """Within a unit of work: put an invitation into the outbox, or raise TooManyInvitations; then nothing is kept."""
    if not limits.allows(session, limits.of_invited(email), now):
        raise TooManyInvitations
    post(session, email, letter, now)


def letter_of(organization_name: str, token: str) -> Letter:
    """The mail that carries an invitation."""
    link = public_url_for("accounts.invitation", token=token)
    return write_letter("invitation", organization=organization_name, link=link, days=LIVES.days)


def offer(
    session: Session,
    organization_id: str,
    email: str,
    name: str,
    role: Role,
    department_id: str | None,
    invited_by: str | None,
    token: str,
    now: datetime,
) -> None:
    """Within a unit of work: keep an invitation in place of earlier ones that were not used.

    One that nobody signed for (a join link's) does not replace a manager's.
    """
    earlier = (
        (Invitation.organization_id == organization_id) & (Invitation.email == email) & Invitation.used_at.is_(None)
    )
    if invited_by is None:
        earlier &= Invitation.invited_by.is_(None)
    session.execute(delete(Invitation).where(earlier))
    session.add(
        Invitation(
            organization_id=organization_id,
            email=email,
            name=name,
            role=role,
            department_id=department_id,
            token_hash=token_hash(token),
            invited_by=invited_by,
            created_at=now,
            expires_at=now + LIVES,
        )
    )


def check_department(session: Session, organization_id: str, department_id: str | None) -> None:
    """Within a unit of work: raise NotFound unless the department is of the organization, or None.

    It stays until the end of the unit: whoever wants to remove it waits.
    """
    if department_id is None:
        return
    found = session.scalar(
        select(Department.id)
        .where(Department.organization_id == organization_id, Department.id == department_id)
        .with_for_update(read=True, key_share=True)
    )
    if found is None:
        raise NotFound


def withdraw(member: Member, invitation_id: str) -> None:
    """Withdraw an invitation that was not used. Raises NotFound."""
    with unit_of_work() as session:
        gone = session.execute(
            delete(Invitation).where(
                Invitation.organization_id == member.organization_id,
                Invitation.id == invitation_id,
                Invitation.used_at.is_(None),
            )
        )
        if not gone.rowcount:  # type: ignore[attr-defined]
            raise NotFound
        log.info("invitation_withdrawn", user=member.user_id, organization=member.organization_id)


def offer_of(token: str, now: datetime) -> Offer:
    """What an invitation link offers. Raises LinkEnded."""
    row = db.session.execute(
        select(Invitation, Organization.name, User.id, User.password_hash)
        .join(Organization, Organization.id == Invitation.organization_id)
        .outerjoin(User, User.email == Invitation.email)
        .where(
            Invitation.token_hash == token_hash(token),
            Invitation.used_at.is_(None),
            Invitation.expires_at > now,
            User.id.is_(None) | User.is_active,
        )
    ).first()
    if row is None:
        raise LinkEnded
    found, organization_name, user_id, password_hash = row
    return Offer(
        found.id, found.organization_id, organization_name, found.email, found.name, user_id, password_hash is not None
    )


def offer_at_the_door(token: str, visitor: Visitor, now: datetime) -> Offer:
    """The same for somebody who acts on the link: a wrong one is counted. Raises LinkEnded, TooManyTries."""
    network = limits.of_network(visitor.address)
    limits.refuse_exhausted([network], now)
    try:
        return offer_of(token, now)
    except LinkEnded:
        limits.reserve([network], now)
        raise


def accept_as_new(token: str, name: str, password: str, visitor: Visitor, now: datetime) -> SignedIn:
    """Accept with a new account, or with one that has no password yet, and sign in.

    Raises LinkEnded, TooManyTries, BadName, WeakPassword, and HasAccount if the address has a password by now.
    """
    found = offer_at_the_door(token, visitor, now)
    if found.has_password:
        raise HasAccount(_("This address has an account already. Give its password."))
    chosen = person_name(name)
    known = known_words(found.user_id) if found.user_id else []
    refuse_weak(password, chosen, found.email.partition("@")[0], found.organization_name, *known)
    new_hash = hash_password(password)
    with unit_of_work() as session:
        invitation = _spend(session, token, now)
        user_id = found.user_id or new_id()
        made = insert_once(
            session,
            User,
            id=user_id,
            name=chosen,
            email=found.email,
            password_hash=None,
            is_administrator=False,
            is_active=True,
            created_at=now,
        )
        if not made and found.user_id is None:
            raise HasAccount(_("This address has an account already. Give its password."))
        if lock_person(session, user_id).password_hash is not None:  # chosen while this one was being hashed
            raise HasAccount(_("This address has an account already. Give its password."))
        user = set_password(session, user_id, new_hash, now)
        user.name = chosen
        _enter(session, invitation, user_id, now)
        log.info("password_changed", user=user_id, organization=invitation.organization_id)
        return open_session(session, user, visitor, now, organization_id=invitation.organization_id)


def accept_with_password(token: str, password: str, visitor: Visitor, now: datetime) -> SignedIn:
    """Accept with the account that the address has, by its password, and sign in.

    Raises LinkEnded, TooManyTries, WrongSignIn.
    """
    found = offer_at_the_door(token, visitor, now)
    checked = authenticate(found.email, password, visitor, now, newcomer=True)
    with unit_of_work() as session:
        user = session.get(User, checked.user_id, with_for_update=True)
        if user is None or user.password_hash != checked.password_hash:
            raise WrongSignIn
        invitation = _spend(session, token, now)
        _enter(session, invitation, user.id, now)
        limits.give_back(session, checked.reservation)
        return open_session(session, user, visitor, now, organization_id=invitation.organization_id)


def _spend(session: Session, token: str, now: datetime) -> Invitation:
    """Use an invitation; of two at once, one wins."""
    used = session.execute(
        update(Invitation)
        .where(Invitation.token_hash == token_hash(token), Invitation.used_at.is_(None), Invitation.expires_at > now)
        .values(used_at=now)
    )
    if not used.rowcount:  # type: ignore[attr-defined]
        raise LinkEnded
    return session.scalars(select(Invitation).where(Invitation.token_hash == token_hash(token))).one()


def _enter(session: Session, invitation: Invitation, user_id: str, now: datetime) -> None:
    """Make the person a member, again if they had left.

    A member keeps the role they have, but for one case: an offer to manage that was made to somebody who was a
    member already. Only administrators can make it, when an organization has lost its managers.
    """
    if invitation.role is Role.MANAGER:
        shorten_sessions(session, user_id, now)
    if insert_once(
        session,
        Membership,
        id=new_id(),
        organization_id=invitation.organization_id,
        user_id=user_id,
        department_id=invitation.department_id,
        role=invitation.role,
        joined_at=now,
    ):
        return
    theirs = (Membership.organization_id == invitation.organization_id) & (Membership.user_id == user_id)
    returned = session.execute(
        update(Membership)
        .where(theirs, Membership.left_at.is_not(None))
        .values(left_at=None, joined_at=now, role=invitation.role, department_id=invitation.department_id)
    )
    if not returned.rowcount and invitation.role is Role.MANAGER:  # type: ignore[attr-defined]
        session.execute(
            update(Membership).where(theirs, Membership.joined_at < invitation.created_at).values(role=Role.MANAGER)
        )


def tidy(session: Session, now: datetime) -> int:
    """Remove invitations that ended long ago; tell how many."""
    old = session.execute(delete(Invitation).where(Invitation.expires_at < now - KEPT_FOR))
    return int(old.rowcount)  # type: ignore[attr-defined]
