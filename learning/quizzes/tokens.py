"""The token of an attempt: it saves answers after the person's session has ended, and can do nothing else."""

from __future__ import annotations

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer

from learning.web.identity import Member

#: A sitting that lasts longer asks to sign in again, seconds.
LIFETIME = 24 * 3600


def attempt_token(member: Member, attempt_id: str) -> str:
    """A signed token that names a person's attempt."""
    return _serializer().dumps([member.organization_id, member.user_id, attempt_id])


def member_of_token(token: str, attempt_id: str) -> Member | None:
    """Whose attempt it is; None for a forged, old or foreign token."""
    try:
        organization_id, user_id, named = _serializer().loads(token, max_age=LIFETIME)
    except (BadData, ValueError, TypeError):
        return None
    return Member(user_id, organization_id) if named == attempt_id else None


def _serializer() -> URLSafeTimedSerializer:
    """Signs with the newest key and reads with all of them, oldest first as the library wants it."""
    keys = [*reversed(current_app.config["SECRET_KEY_FALLBACKS"]), current_app.config["SECRET_KEY"]]
    return URLSafeTimedSerializer(keys, salt="attempt")
