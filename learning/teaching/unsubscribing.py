"""Switching reminders off from a mail, without signing in: whoever holds the mail holds the right to silence it.

The link names an organization and a person under a signature. It lives as long as the secret key, for mails lie in
mailboxes for years, and it can do nothing but switch these reminders off.
"""

from __future__ import annotations

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import select

from learning.accounts.models import Membership, Organization
from learning.extensions import db
from learning.web.identity import Member
from learning.web.public_url import public_url_for


def unsubscribe_link(member: Member) -> str:
    """The address that stands in the head of a mail."""
    token = _serializer().dumps([member.organization_id, member.user_id])
    return public_url_for("reminders.unsubscribe", token=token)


def member_of_token(token: str) -> Member | None:
    """Whose reminders a link switches off; None: it is none of ours."""
    try:
        organization_id, user_id = _serializer().loads(token)
    except (BadData, ValueError, TypeError):
        return None
    return Member(user_id, organization_id)


def organization_name(member: Member) -> str | None:
    """Whose reminders they are, in words; None: the person or the organization is gone. One query."""
    query = select(Organization.name).join(Membership, Membership.organization_id == Organization.id)
    return db.session.scalar(
        query.where(Organization.id == member.organization_id, Membership.user_id == member.user_id)
    )


def _serializer() -> URLSafeSerializer:
    """Signs with the newest key and reads with all of them, oldest first as the library wants it."""
    keys = [*reversed(current_app.config["SECRET_KEY_FALLBACKS"]), current_app.config["SECRET_KEY"]]
    return URLSafeSerializer(keys, salt="unsubscribe")
