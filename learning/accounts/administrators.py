"""The first administrator comes from the command line: there is no default account."""

from __future__ import annotations

from datetime import datetime

import structlog
from sqlalchemy import select

from learning.accounts.credentials import RESET_LIVES, add_token
from learning.accounts.models import TokenPurpose, User
from learning.accounts.names import email_address, person_name
from learning.accounts.sessions import end_all_sessions
from learning.accounts.tokens import new_token
from learning.database import insert_once, new_id, unit_of_work

log = structlog.get_logger()


def create_administrator(address: str, name: str, now: datetime) -> str:
    """Make somebody an administrator and return the token of a link that sets the password. Raises BadName."""
    email, chosen = email_address(address), person_name(name)
    token = new_token()
    with unit_of_work() as session:
        insert_once(
            session,
            User,
            id=new_id(),
            name=chosen,
            email=email,
            is_administrator=True,
            is_active=True,
            created_at=now,
        )
        user = session.scalars(select(User).where(User.email == email).with_for_update()).one()
        user.is_administrator = True
        # A session with other rights starts anew.
        end_all_sessions(session, user.id)
        add_token(session, user.id, TokenPurpose.PASSWORD_RESET, token, now, now + RESET_LIVES)
        log.info("administrator_created", user=user.id)
    return token
