"""Who is asking: the record of the signed-in person that views, queries and templates use."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import cast

from flask import abort, g
from flask_login import current_user

from learning.web.anonymous import nobody_asks


class Role(StrEnum):
    """What a person is in an organization."""

    LEARNER = "learner"
    TRAINER = "trainer"
    MANAGER = "manager"


@dataclass(frozen=True, slots=True)
class Person:
    """The signed-in person, as loaded for this request. Plain values: it cannot query."""

    id: str
    name: str
    session_id: str
    #: The token of the session; never shown, never logged.
    token: str = field(repr=False)
    is_administrator: bool
    #: None for an administrator without an organization; so are the three below.
    organization_id: str | None
    organization_name: str | None
    organization_is_demo: bool
    role: Role | None
    department_id: str | None
    locale: str | None
    #: Name in the IANA database: where days begin and end for this person.
    time_zone: str = "UTC"
    #: The end of the session has not been moved forward for a while; the next change does it.
    renewal_due: bool = False

    # What Flask-Login asks of a user.
    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """The session token: Flask-Login keeps it in the signed cookie."""
        return self.token


@dataclass(frozen=True, slots=True)
class Member:
    """A person within an organization: the scope of everything they do there."""

    user_id: str
    organization_id: str


def ask_no_more() -> None:
    """For the rest of this request nobody is signed in: the database that would tell does not answer."""
    g.asks_no_more = True


def signed_in() -> Person | None:
    """The signed-in person, or None."""
    if g.get("asks_no_more") or nobody_asks():
        return None
    return cast(Person, current_user._get_current_object()) if current_user.is_authenticated else None


def the_person() -> Person:
    """The signed-in person. Only for routes whose policy asks for one."""
    return signed_in() or abort(404)


def the_member() -> Member:
    """The signed-in person in their organization. Only for routes whose policy asks for one."""
    person = the_person()
    if person.organization_id is None:
        abort(404)
    return Member(person.id, person.organization_id)
