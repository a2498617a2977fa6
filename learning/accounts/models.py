"""Tables of people and what they may do."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Enum, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from learning.database import Table, id_column
from learning.web.identity import Role

#: Length of a SHA-256 in hexadecimal: how tokens are kept.
HASH_LENGTH = 64


def stored_by_value(kind: type[StrEnum], name: str) -> Enum:
    """An enumeration column that stores the values and is checked by the database."""
    return Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=24,
        values_callable=lambda members: [member.value for member in members],
    )


class Organization(Table):
    """A company or a school whose people learn here."""

    __tablename__ = "organization"

    id: Mapped[str] = id_column()
    name: Mapped[str] = mapped_column(String(120))
    #: Short, lower-case; stands before the sign-in names that the organization gives out.
    code: Mapped[str] = mapped_column(String(24), unique=True)
    #: Name in the IANA database of time zones: where days begin and end for its people.
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC", server_default="UTC")
    #: Made by the demo generator; shown as such on every page.
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class Department(Table):
    """A part of an organization."""

    __tablename__ = "department"
    __table_args__ = (UniqueConstraint("organization_id", "name"), UniqueConstraint("organization_id", "id"))

    id: Mapped[str] = id_column()
    organization_id: Mapped[str] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(120))


class User(Table):
    """A person who can sign in, by an e-mail address or by a sign-in name."""

    __tablename__ = "user_account"
    __table_args__ = (
        CheckConstraint("email IS NOT NULL OR sign_in_name IS NOT NULL", name="reachable"),
        CheckConstraint("email IS NULL OR email LIKE '%@%'", name="email_is_address"),
        CheckConstraint("sign_in_name IS NULL OR sign_in_name NOT LIKE '%@%'", name="sign_in_name_is_no_address"),
    )

    id: Mapped[str] = id_column()
    name: Mapped[str] = mapped_column(String(120))
    #: Folded to lower case.
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    #: Folded to lower case; for people without an e-mail address.
    sign_in_name: Mapped[str | None] = mapped_column(String(64), unique=True)
    #: Argon2id. None until the person has chosen a password.
    password_hash: Mapped[str | None] = mapped_column(String(200))
    is_administrator: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)
    #: BCP 47 language tag the person chose; None follows the browser.
    locale: Mapped[str | None] = mapped_column(String(16))
    #: Name in the IANA database of time zones; None follows the organization.
    time_zone: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime]


class Membership(Table):
    """Gives a person a role in an organization."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("organization_id", "user_id"),
        Index(None, "user_id"),
        Index(None, "organization_id", "department_id"),
    )

    id: Mapped[str] = id_column()
    organization_id: Mapped[str] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"))
    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    department_id: Mapped[str | None] = mapped_column(ForeignKey("department.id", ondelete="SET NULL"))
    role: Mapped[Role] = mapped_column(stored_by_value(Role, "role"))
    joined_at: Mapped[datetime]
    #: Set when the person left; their rights end with it, their record stays.
    left_at: Mapped[datetime | None]


class UserSession(Table):
    """One signed-in browser."""

    __tablename__ = "user_session"

    id: Mapped[str] = id_column()
    #: SHA-256 of the token in the cookie.
    token_hash: Mapped[str] = mapped_column(String(HASH_LENGTH), unique=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    #: The organization the person works in; None for an administrator without one.
    organization_id: Mapped[str | None] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"))
    created_at: Mapped[datetime]
    #: Last request that changed something; reading does not write.
    last_seen_at: Mapped[datetime]
    #: Idle end: moved forward by requests that change something.
    expires_at: Mapped[datetime]
    #: The person said that nobody else uses this device.
    own_device: Mapped[bool] = mapped_column(default=False)
    #: Browser and system in words, to recognise the session in the list.
    device: Mapped[str] = mapped_column(String(120), default="")


class KnownDevice(Table):
    """A browser from which this person has signed in before; it keeps a limit of its own."""

    __tablename__ = "known_device"

    id: Mapped[str] = id_column()
    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(HASH_LENGTH), unique=True)
    created_at: Mapped[datetime]


class Invitation(Table):
    """An offer to join an organization, sent to one address; used once."""

    __tablename__ = "invitation"
    __table_args__ = (Index(None, "organization_id", "email"),)

    id: Mapped[str] = id_column()
    organization_id: Mapped[str] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"))
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[Role] = mapped_column(stored_by_value(Role, "role"))
    department_id: Mapped[str | None] = mapped_column(ForeignKey("department.id", ondelete="SET NULL"))
    token_hash: Mapped[str] = mapped_column(String(HASH_LENGTH), unique=True)
    invited_by: Mapped[str | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class JoinLink(Table):
    """A link by which people of one organization enrol themselves as learners."""

    __tablename__ = "join_link"
    __table_args__ = (Index(None, "organization_id"), CheckConstraint("uses <= maximum_uses", name="not_overused"))

    id: Mapped[str] = id_column()
    organization_id: Mapped[str] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"))
    department_id: Mapped[str | None] = mapped_column(ForeignKey("department.id", ondelete="SET NULL"))
    token_hash: Mapped[str] = mapped_column(String(HASH_LENGTH), unique=True)
    maximum_uses: Mapped[int]
    uses: Mapped[int] = mapped_column(default=0)
    created_by: Mapped[str | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class TokenPurpose(StrEnum):
    """What a one-time token is for."""

    PASSWORD_RESET = "password-reset"
    FIRST_SIGN_IN = "first-sign-in"


class OneTimeToken(Table):
    """Lets one person set a password once: a reset link, or the code on a printed card."""

    __tablename__ = "one_time_token"

    id: Mapped[str] = id_column()
    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[TokenPurpose] = mapped_column(stored_by_value(TokenPurpose, "purpose"))
    token_hash: Mapped[str] = mapped_column(String(HASH_LENGTH), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class LimitCounter(Table):
    """How often something was tried in one stretch of time; shared by all workers."""

    __tablename__ = "limit_counter"

    #: SHA-256 of what is limited (an account, a network), so that the table names nobody.
    key_hash: Mapped[str] = mapped_column(String(HASH_LENGTH), primary_key=True)
    window_start: Mapped[datetime] = mapped_column(primary_key=True)
    count: Mapped[int]
