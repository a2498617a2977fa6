"""What the pages of an organization show its managers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select

from learning.accounts.models import Department, Invitation, JoinLink, Membership, User
from learning.accounts.names import fold, has_control_characters
from learning.database import ID_LENGTH
from learning.errors import NotFound
from learning.extensions import db
from learning.web.identity import Member, Role

PAGE = 50
#: A filter that means: in no department.
NO_DEPARTMENT = "none"


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person of the organization. When and how they learn is not a manager's business here."""

    user_id: str
    name: str
    login: str
    role: Role
    department_id: str | None
    department_name: str | None
    has_address: bool
    #: Whether a password was chosen; until then the card or the invitation is still to be used.
    has_signed_in: bool


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """A page of people."""

    rows: tuple[PersonRow, ...]
    #: How many match the filter.
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """What a manager looks for."""

    text: str = ""
    role: Role | None = None
    department_id: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class DepartmentRow:
    """A department and how many people it has."""

    id: str
    name: str
    people: int


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """An invitation and what became of it."""

    id: str
    name: str
    email: str
    role: Role
    department_name: str | None
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class JoinLinkRow:
    """A join link and how far it is used."""

    id: str
    department_name: str | None
    uses: int
    maximum_uses: int
    created_at: datetime
    expires_at: datetime
    is_open: bool


def people(member: Member, wanted: PeopleFilter) -> PeoplePage:
    """The people of the organization that match, by name."""
    conditions = [Membership.organization_id == member.organization_id, Membership.left_at.is_(None)]
    text = fold(wanted.text)
    if text and not has_control_characters(text):
        pattern = "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        fields = (func.lower(User.name), User.email, User.sign_in_name)
        conditions.append(or_(*(field.like(pattern, escape="\\") for field in fields)))
    if wanted.role:
        conditions.append(Membership.role == wanted.role)
    if wanted.department_id == NO_DEPARTMENT:
        conditions.append(Membership.department_id.is_(None))
    elif is_id(wanted.department_id):
        conditions.append(Membership.department_id == wanted.department_id)
    joined = select(func.count()).select_from(Membership).join(User, User.id == Membership.user_id).where(*conditions)
    total = db.session.scalar(joined) or 0
    pages = max(1, -(-total // PAGE))
    page = min(max(1, wanted.page), pages)
    rows = db.session.execute(
        select(User, Membership, Department.name)
        .join(Membership, Membership.user_id == User.id)
        .outerjoin(
            Department,
            (Department.organization_id == Membership.organization_id) & (Department.id == Membership.department_id),
        )
        .where(*conditions)
        .order_by(func.lower(User.name), User.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()
    return PeoplePage(tuple(_person_row(*row) for row in rows), total, page, pages)


def _person_row(user: User, membership: Membership, department_name: str | None) -> PersonRow:
    return PersonRow(
        user_id=user.id,
        name=user.name,
        login=user.email or user.sign_in_name or "",
        role=membership.role,
        department_id=membership.department_id,
        department_name=department_name,
        has_address=user.email is not None,
        has_signed_in=user.password_hash is not None,
    )


def person(member: Member, user_id: str) -> PersonRow:
    """One person of the organization. Raises NotFound."""
    row = db.session.execute(
        select(User, Membership, Department.name)
        .join(Membership, Membership.user_id == User.id)
        .outerjoin(
            Department,
            (Department.organization_id == Membership.organization_id) & (Department.id == Membership.department_id),
        )
        .where(
            Membership.organization_id == member.organization_id,
            Membership.left_at.is_(None),
            User.id == user_id,
        )
    ).first()
    if row is None:
        raise NotFound
    return _person_row(*row)


def departments(member: Member) -> list[DepartmentRow]:
    """The departments by name, with how many people each has."""
    rows = db.session.execute(
        select(Department.id, Department.name, func.count(Membership.id))
        .outerjoin(
            Membership,
            (Membership.organization_id == Department.organization_id)
            & (Membership.department_id == Department.id)
            & Membership.left_at.is_(None),
        )
        .where(Department.organization_id == member.organization_id)
        .group_by(Department.id, Department.name)
        .order_by(func.lower(Department.name), Department.id)
    )
    return [DepartmentRow(*row) for row in rows]


def department(member: Member, department_id: str) -> DepartmentRow:
    """One department. Raises NotFound."""
    for row in departments(member):
        if row.id == department_id:
            return row
    raise NotFound


def invitations(member: Member, now: datetime) -> list[InvitationRow]:
    """The invitations of the last weeks, the newest first."""
    rows = db.session.execute(
        select(Invitation, Department.name)
        .outerjoin(
            Department,
            (Department.organization_id == Invitation.organization_id) & (Department.id == Invitation.department_id),
        )
        .where(Invitation.organization_id == member.organization_id)
        .order_by(Invitation.created_at.desc(), Invitation.id)
        .limit(200)
    )
    return [
        InvitationRow(
            id=row.id,
            name=row.name,
            email=row.email,
            role=row.role,
            department_name=department_name,
            created_at=row.created_at,
            expires_at=row.expires_at,
            used_at=row.used_at,
            is_open=row.used_at is None and row.expires_at > now,
        )
        for row, department_name in rows
    ]


def join_links(member: Member, now: datetime) -> list[JoinLinkRow]:
    """The join links, the newest first."""
    rows = db.session.execute(
        select(JoinLink, Department.name)
        .outerjoin(
            Department,
            (Department.organization_id == JoinLink.organization_id) & (Department.id == JoinLink.department_id),
        )
        .where(JoinLink.organization_id == member.organization_id)
        .order_by(JoinLink.created_at.desc(), JoinLink.id)
        .limit(200)
    )
    return [
        JoinLinkRow(
            id=row.id,
            department_name=department_name,
            uses=row.uses,
            maximum_uses=row.maximum_uses,
            created_at=row.created_at,
            expires_at=row.expires_at,
            is_open=row.ended_at is None and row.expires_at > now and row.uses < row.maximum_uses,
        )
        for row, department_name in rows
    ]


def is_id(text: str) -> bool:
    """Whether text has the form of an id."""
    return len(text) == ID_LENGTH and all(character in "0123456789abcdef" for character in text)
