"""Time zones: where days begin and end for a person. Their own choice, else the organization's, else UTC."""

from __future__ import annotations

from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, select

from learning.accounts.models import Organization, User
from learning.database import unit_of_work
from learning.errors import DomainError
from learning.extensions import db
from learning.web.identity import Member, Person

UTC = "UTC"
#: Zones are named by place. The database also holds abbreviations and names of before; they are not offered.
_REGIONS = (
    "Africa/", "America/", "Antarctica/", "Arctic/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/",
)  # fmt: skip


class UnknownZone(DomainError):
    """It is no time zone that is offered."""

    status = 422

    def __init__(self) -> None:
        super().__init__(_("Choose a time zone from the list."))


@cache
def zones() -> tuple[str, ...]:
    """All time zones that are offered, UTC first."""
    return (UTC, *sorted(name for name in available_timezones() if name.startswith(_REGIONS)))


def known_zone(name: str | None) -> str:
    """The name, or UTC for none and for one that this machine does not know: a page is better than an error."""
    try:
        return ZoneInfo(name or UTC).key
    except (KeyError, ValueError, OSError):  # not found, no name of a zone, not to be read
        return UTC


def zone_column() -> ColumnElement[str]:
    """For queries that join ``User`` and ``Organization``: the zone of each person."""
    return func.coalesce(User.time_zone, Organization.time_zone)


def organization_zone(member: Member) -> str:
    """The time zone of an organization."""
    return known_zone(
        db.session.scalar(select(Organization.time_zone).where(Organization.id == member.organization_id))
    )


def choose_zone(person: Person, zone: str | None) -> None:
    """Keep the time zone of a person; None follows the organization. Raises UnknownZone."""
    if zone is not None and zone not in zones():
        raise UnknownZone
    with unit_of_work() as session:
        session.get_one(User, person.id, with_for_update={"key_share": True}).time_zone = zone


def set_organization_zone(member: Member, zone: str) -> None:
    """Set where days begin and end for everybody of an organization who chose nothing else. Raises UnknownZone."""
    if zone not in zones():
        raise UnknownZone
    with unit_of_work() as session:
        found = session.get_one(Organization, member.organization_id, with_for_update={"key_share": True})
        found.time_zone = zone
