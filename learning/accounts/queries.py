"""What the pages of one's own account show."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import get_babel
from sqlalchemy import select

from learning.accounts.models import Department, Membership, Organization, User
from learning.accounts.time_zones import known_zone
from learning.extensions import db
from learning.web.identity import Person, Role


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """What a person sees of their own account."""

    name: str
    email: str | None
    sign_in_name: str | None
    role: Role | None
    department_name: str | None
    #: Own choice of a time zone; None follows the organization.
    time_zone: str | None
    #: What is followed then.
    organization_time_zone: str
    #: Id and name of every organization the person belongs to.
    organizations: tuple[tuple[str, str], ...]


def own_account(person: Person) -> OwnAccount:
    """The account of the person who asks."""
    user = db.session.execute(
        select(User.name, User.email, User.sign_in_name, User.time_zone).where(User.id == person.id)
    ).one()
    rows = db.session.execute(
        select(Organization.id, Organization.name, Membership.role, Department.name, Organization.time_zone)
        .join(Membership, Membership.organization_id == Organization.id)
        .outerjoin(
            Department,
            (Department.organization_id == Membership.organization_id) & (Department.id == Membership.department_id),
        )
        .where(Membership.user_id == person.id, Membership.left_at.is_(None))
        .order_by(Organization.name, Organization.id)
    ).all()
    here = next((row for row in rows if row[0] == person.organization_id), None)
    return OwnAccount(
        name=user.name,
        email=user.email,
        sign_in_name=user.sign_in_name,
        role=here[2] if here else None,
        department_name=here[3] if here else None,
        time_zone=user.time_zone,
        organization_time_zone=known_zone(here[4] if here else None),
        organizations=tuple((row[0], row[1]) for row in rows),
    )


def language_choices(none: str) -> list[tuple[str, str]]:
    """The languages of the pages, each in its own words, after the choice of none."""
    found = [
        (str(locale), locale.get_display_name() or str(locale)) for locale in get_babel().instance.list_translations()
    ]
    return [("", none), *sorted({("en", "English"), *found})]
