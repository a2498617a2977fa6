"""What administrators do."""

from __future__ import annotations

from datetime import datetime

import structlog
from flask_babel import gettext as _
from sqlalchemy import select

from learning.accounts.invitations import letter_of, offer, send_invitation
from learning.accounts.models import Organization
from learning.accounts.names import email_address, organization_code, person_name
from learning.accounts.tokens import new_token
from learning.database import insert_once, new_id, unit_of_work
from learning.errors import DomainError, NotFound
from learning.extensions import db
from learning.web.identity import Person, Role

log = structlog.get_logger()


class CodeTaken(DomainError):
    """Another organization has this code."""


def add_organization(
    administrator: Person, name: str, code: str, manager_name: str, manager_email: str, now: datetime
) -> str:
    """Add an organization and invite its first manager; return its id. Raises BadName, CodeTaken.

    TooManyInvitations too, and then nothing is added.
    """
    chosen, short = person_name(name), organization_code(code)
    invited, email = person_name(manager_name), email_address(manager_email)
    token, organization_id = new_token(), new_id()
    letter = letter_of(chosen, token)
    with unit_of_work() as session:
        made = insert_once(
            session, Organization, id=organization_id, name=chosen, code=short, is_demo=False, created_at=now
        )
        if not made:
            raise CodeTaken(_("Another organization has this code already. Choose another code."))
        offer(session, organization_id, email, invited, Role.MANAGER, None, administrator.id, token, now)
        send_invitation(session, email, letter, now)
        log.info("organization_added", user=administrator.id, organization=organization_id)
    return organization_id


def invite_manager(
    administrator: Person, organization_id: str, manager_name: str, manager_email: str, now: datetime
) -> None:
    """Invite a manager of an organization, as when the first invitation has expired.

    A member who accepts becomes a manager. Raises BadName, NotFound, TooManyInvitations.
    """
    invited, email = person_name(manager_name), email_address(manager_email)
    name = db.session.scalar(select(Organization.name).where(Organization.id == organization_id))
    if name is None:
        raise NotFound
    token = new_token()
    letter = letter_of(name, token)
    with unit_of_work() as session:
        offer(session, organization_id, email, invited, Role.MANAGER, None, administrator.id, token, now)
        send_invitation(session, email, letter, now)
        log.info("manager_invited", user=administrator.id, organization=organization_id)
