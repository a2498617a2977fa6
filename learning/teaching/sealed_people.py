"""People whom a page showed, as the page carries them to its next step: who was shown is who is acted upon.

Nothing is kept on the server between the two: a list of people that lay about somewhere could leak or be forgotten.
They travel in a signed field, bound to the trainer and to what they are for; about fourteen characters a person.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterable

from flask import current_app
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeTimedSerializer

from learning.database import ID_LENGTH
from learning.errors import DomainError
from learning.web.identity import Member

#: How long a page may lie on a desk, seconds.
LIFETIME = 24 * 3600
#: An id is so many bytes, written as hexadecimal digits.
_ID_BYTES = ID_LENGTH // 2


class PreviewGone(DomainError):
    """The page is too old, or was shown to somebody else or for something else."""

    def __init__(self) -> None:
        super().__init__(_("This preview is older than a day or belongs to another page. Go back and begin again."))


def seal_people(member: Member, purpose: str, people: Iterable[str]) -> str:
    """The people, by id, as a field of a page."""
    ids = b64encode(bytes.fromhex("".join(people))).decode()
    return _serializer().dumps([member.organization_id, member.user_id, purpose, ids])


def unseal_people(member: Member, purpose: str, sealed: str) -> list[str]:
    """The people that a page showed. Raises PreviewGone."""
    try:
        organization_id, user_id, named, ids = _serializer().loads(sealed, max_age=LIFETIME)
    except (BadData, ValueError, TypeError):
        raise PreviewGone from None
    if (organization_id, user_id, named) != (member.organization_id, member.user_id, purpose):
        raise PreviewGone
    people = b64decode(ids)
    return [people[start : start + _ID_BYTES].hex() for start in range(0, len(people), _ID_BYTES)]


def _serializer() -> URLSafeTimedSerializer:
    """Signs with the newest key and reads with all of them, oldest first as the library wants it."""
    keys = [*reversed(current_app.config["SECRET_KEY_FALLBACKS"]), current_app.config["SECRET_KEY"]]
    return URLSafeTimedSerializer(keys, salt="people")
