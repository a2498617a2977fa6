"""Join links: people of one organization enrol themselves as learners.

Whoever has an address gets a mail and goes on from there as with an invitation, so the page says the same
for known and unknown addresses. Whoever has none takes a sign-in name that begins with the organization's
code; that it is taken tells only something about people of the same organization.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from learning.accounts import limits
from learning.accounts.authentication import SignedIn, Visitor, open_session
from learning.accounts.cards import Taken
from learning.accounts.credentials import LinkEnded
from learning.accounts.invitations import check_department, letter_of, offer
from learning.accounts.models import JoinLink, Membership, Organization, User
from learning.accounts.names import email_address, person_name, sign_in_name
from learning.accounts.passwords import hash_password, refuse_weak
from learning.accounts.tokens import new_token, token_hash
from learning.database import insert_once, new_id, unit_of_work
from learning.errors import DomainError, NotFound
from learning.extensions import db
from learning.mail.outbox import post
from learning.web.identity import Member, Role

log = structlog.get_logger()

MOST_USES = 500
MOST_DAYS = 90


class BadLink(DomainError):
    """The numbers of a new join link are out of range."""

    status = 422


@dataclass(frozen=True, slots=True)
class Welcome:
    """A join link as the person who holds it sees it."""

    organization_id: str
    organization_name: str
    organization_code: str


def make_link(member: Member, department_id: str | None, maximum_uses: int, days: int, now: datetime) -> str:
    """Make a join link and return its token, which is kept nowhere. Raises BadLink, NotFound."""
    if not 1 <= maximum_uses <= MOST_USES or not 1 <= days <= MOST_DAYS:
        raise BadLink(
            _(
                "A link is for 1 to %(people)d people and lasts 1 to %(days)d days. Correct the numbers.",
                people=MOST_USES,
                days=MOST_DAYS,
            )
        )
    token = new_token()
    with unit_of_work() as session:
        check_department(session, member.organization_id, department_id)
        session.add(
            JoinLink(
                organization_id=member.organization_id,
                department_id=department_id,
                token_hash=token_hash(token),
                maximum_uses=maximum_uses,
                created_by=member.user_id,
                created_at=now,
                expires_at=now + timedelta(days=days),
            )
        )
        log.info("join_link_made", user=member.user_id, organization=member.organization_id, uses=maximum_uses)
    return token


def end_link(member: Member, link_id: str, now: datetime) -> None:
    """End a join link; who joined by it stays. Raises NotFound."""
    with unit_of_work() as session:
        ended = session.execute(
            update(JoinLink)
            .where(
                JoinLink.organization_id == member.organization_id, JoinLink.id == link_id, JoinLink.ended_at.is_(None)
            )
            .values(ended_at=now)
        )
        if not ended.rowcount:  # type: ignore[attr-defined]
            raise NotFound
        log.info("join_link_ended", user=member.user_id, organization=member.organization_id)


def _alive(token: str, now: datetime) -> ColumnElement[bool]:
    return (
        (JoinLink.token_hash == token_hash(token))
        & JoinLink.ended_at.is_(None)
        & (JoinLink.expires_at > now)
        & (JoinLink.uses < JoinLink.maximum_uses)
    )


def welcome_of(token: str, now: datetime) -> Welcome:
    """What a join link leads to. Raises LinkEnded."""
    row = db.session.execute(
        select(Organization.id, Organization.name, Organization.code)
        .join(JoinLink, JoinLink.organization_id == Organization.id)
        .where(_alive(token, now))
    ).first()
    if row is None:
        raise LinkEnded
    return Welcome(*row)


def welcome_at_the_door(token: str, visitor: Visitor, now: datetime) -> Welcome:
    """The same for somebody who acts on the link: a wrong one is counted. Raises LinkEnded, TooManyTries."""
    network = limits.of_network(visitor.address)
    limits.refuse_exhausted([network], now)
    try:
        return welcome_of(token, now)
    except LinkEnded:
        limits.reserve([network], now)
        raise


def join_by_address(token: str, name: str, address: str, visitor: Visitor, now: datetime) -> None:
    """Mail a personal link to go on with; it takes one use of the join link.

    One use and one mail whether the address is known or not. Raises LinkEnded, TooManyTries, BadName.
    """
    welcome = welcome_at_the_door(token, visitor, now)
    email, chosen = email_address(address), person_name(name)
    personal = new_token()
    letter = letter_of(welcome.organization_name, personal)
    with unit_of_work() as session:
        if not limits.allows(session, limits.of_recipient(email), now):
            return
        department_id = _use(session, token, now)
        offer(session, welcome.organization_id, email, chosen, Role.LEARNER, department_id, None, personal, now)
        post(session, email, letter, now)


def join_by_number(token: str, name: str, number: str, password: str, visitor: Visitor, now: datetime) -> SignedIn:
    """Make an account with a sign-in name of the organization and sign in.

    Raises LinkEnded, TooManyTries, BadName, WeakPassword, Taken.
    """
    welcome = welcome_at_the_door(token, visitor, now)
    chosen, login = person_name(name), sign_in_name(welcome.organization_code, number)
    refuse_weak(password, chosen, login, welcome.organization_name, welcome.organization_code)
    # A number that is taken counts for the network: each try tells something and costs a hash.
    reservation = limits.reserve([limits.of_network(visitor.address)], now)
    new_hash = hash_password(password)
    with unit_of_work() as session:
        department_id = _use(session, token, now)
        user_id = new_id()
        made = insert_once(
            session,
            User,
            id=user_id,
            name=chosen,
            sign_in_name=login,
            password_hash=new_hash,
            is_administrator=False,
            is_active=True,
            created_at=now,
        )
        if not made:  # the use of the link is rolled back with it
            raise Taken(
                _(
                    "%(name)s is taken already. If it is your number, ask your manager for a card; else choose another.",
                    name=login,
                )
            )
        session.add(
            Membership(
                organization_id=welcome.organization_id,
                user_id=user_id,
                department_id=department_id,
                role=Role.LEARNER,
                joined_at=now,
            )
        )
        session.flush()
        limits.give_back(session, reservation)
        log.info("joined", user=user_id, organization=welcome.organization_id)
        return open_session(session, session.get_one(User, user_id), visitor, now)


def _use(session: Session, token: str, now: datetime) -> str | None:
    """Take one use of a link, never more than it has; return its department. Raises LinkEnded."""
    used = session.execute(update(JoinLink).where(_alive(token, now)).values(uses=JoinLink.uses + 1))
    if not used.rowcount:  # type: ignore[attr-defined]
        raise LinkEnded
    return session.scalar(select(JoinLink.department_id).where(JoinLink.token_hash == token_hash(token)))
