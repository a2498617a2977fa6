"""What the overview for administrators shows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import case, func, select

from learning.accounts.models import Membership, Organization
from learning.content.problems import Problem
from learning.content.store import read_problems
from learning.errors import NotFound
from learning.extensions import db
from learning.mail.outbox import count_given_up
from learning.web.identity import Role


@dataclass(frozen=True, slots=True)
class OrganizationRow:
    """An organization with how many people it has."""

    id: str
    name: str
    code: str
    is_demo: bool
    people: int
    managers: int


@dataclass(frozen=True, slots=True)
class Overview:
    """The state of the site."""

    problems: tuple[Problem, ...]
    organizations: tuple[OrganizationRow, ...]
    #: Mails that could not be delivered.
    mails_given_up: int


def overview(store: Path) -> Overview:
    """The state of the site: mistakes in the content, organizations, mail that was given up."""
    is_manager = case((Membership.role == Role.MANAGER, 1), else_=0)
    rows = db.session.execute(
        select(
            Organization.id,
            Organization.name,
            Organization.code,
            Organization.is_demo,
            func.count(Membership.id),
            func.coalesce(func.sum(is_manager), 0),
        )
        .outerjoin(Membership, (Membership.organization_id == Organization.id) & Membership.left_at.is_(None))
        .group_by(Organization.id, Organization.name, Organization.code, Organization.is_demo)
        .order_by(func.lower(Organization.name), Organization.id)
    )
    return Overview(
        problems=read_problems(store),
        organizations=tuple(OrganizationRow(*row) for row in rows),
        mails_given_up=count_given_up(db.session()),
    )


def organization_name(organization_id: str) -> str:
    """The name of an organization. Raises NotFound."""
    name = db.session.scalar(select(Organization.name).where(Organization.id == organization_id))
    if name is None:
        raise NotFound
    return name
