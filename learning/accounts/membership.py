"""What a manager does with the people and departments of the organization."""

from __future__ import annotations

from datetime import datetime

import structlog
from flask_babel import gettext as _
from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from learning.accounts.invitations import check_department
from learning.accounts.models import Department, Invitation, Membership, OneTimeToken, Organization, User, UserSession
from learning.accounts.names import person_name
from learning.accounts.sessions import shorten_sessions
from learning.database import insert_once, new_id, unit_of_work
from learning.errors import DomainError, NotFound
from learning.web.identity import Member, Role

log = structlog.get_logger()


class LastManager(DomainError):
    """The organization would be left without a manager."""

    def __init__(self) -> None:
        super().__init__(
            _("This is the last manager of your organization. Make somebody else a manager first, then try again.")
        )


class NotEmpty(DomainError):
    """The department still has people."""


class NameTaken(DomainError):
    """Another department has this name."""


def change_member(member: Member, user_id: str, role: Role, department_id: str | None, now: datetime) -> None:
    """Change role and department of a person. Raises NotFound, LastManager."""
    with unit_of_work() as session:
        check_department(session, member.organization_id, department_id)
        found = _membership(session, member, user_id)
        if found.role is Role.MANAGER and role is not Role.MANAGER:
            _keep_a_manager(session, member, user_id)
        if role is Role.MANAGER and found.role is not Role.MANAGER:
            shorten_sessions(session, user_id, now)
        if role is not found.role:
            log.info(
                "role_changed", user=member.user_id, organization=member.organization_id, subject=user_id, role=role
            )
        found.role = role
        found.department_id = department_id


def end_membership(member: Member, user_id: str, now: datetime) -> None:
    """End a membership: rights, sessions here, cards and open invitations end at once; what the person did stays.

    Raises NotFound, LastManager.
    """
    with unit_of_work() as session:
        found = _membership(session, member, user_id)
        if found.role is Role.MANAGER:
            _keep_a_manager(session, member, user_id)
        found.left_at = now
        session.execute(
            delete(UserSession).where(
                UserSession.user_id == user_id, UserSession.organization_id == member.organization_id
            )
        )
        address = select(User.email).where(User.id == user_id).scalar_subquery()
        session.execute(
            delete(Invitation).where(
                Invitation.organization_id == member.organization_id,
                Invitation.email == address,
                Invitation.used_at.is_(None),
            )
        )
        has_address = exists().where(User.id == OneTimeToken.user_id, User.email.is_not(None))
        session.execute(
            update(OneTimeToken)
            .where(OneTimeToken.user_id == user_id, OneTimeToken.used_at.is_(None), ~has_address)
            .values(used_at=now)
        )
        log.info("membership_ended", user=member.user_id, organization=member.organization_id, subject=user_id)


def _membership(session: Session, member: Member, user_id: str) -> Membership:
    """The membership to be changed. Changes in one organization happen one after the other."""
    session.execute(
        select(Organization.id).where(Organization.id == member.organization_id).with_for_update(key_share=True)
    )
    found = session.scalar(
        select(Membership).where(
            Membership.organization_id == member.organization_id,
            Membership.user_id == user_id,
            Membership.left_at.is_(None),
        )
    )
    if found is None:
        raise NotFound
    return found


def _keep_a_manager(session: Session, member: Member, user_id: str) -> None:
    """Raise LastManager unless there is another one."""
    another = session.scalar(
        select(Membership.id)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.organization_id == member.organization_id,
            Membership.role == Role.MANAGER,
            Membership.left_at.is_(None),
            Membership.user_id != user_id,
            User.is_active,
        )
        .limit(1)
    )
    if another is None:
        raise LastManager


def add_department(member: Member, name: str) -> None:
    """Add a department. Raises BadName, NameTaken."""
    chosen = person_name(name)
    with unit_of_work() as session:
        if not insert_once(session, Department, id=new_id(), organization_id=member.organization_id, name=chosen):
            raise NameTaken(_("There is a department with this name already. Choose another name."))


def rename_department(member: Member, department_id: str, name: str) -> None:
    """Rename a department. Raises NotFound, BadName, NameTaken."""
    with unit_of_work() as session:
        found = _department(session, member, department_id)
        chosen = person_name(name)
        other = session.scalar(
            select(Department.id).where(
                Department.organization_id == member.organization_id,
                Department.name == chosen,
                Department.id != department_id,
            )
        )
        if other:
            raise NameTaken(_("There is a department with this name already. Choose another name."))
        found.name = chosen


def remove_department(member: Member, department_id: str) -> None:
    """Remove a department that has no people. Raises NotFound, NotEmpty."""
    with unit_of_work() as session:
        found = _department(session, member, department_id)
        people = session.scalar(
            select(Membership.id)
            .where(
                Membership.organization_id == member.organization_id,
                Membership.department_id == department_id,
                Membership.left_at.is_(None),
            )
            .limit(1)
        )
        if people:
            raise NotEmpty(_("This department still has people. Move them to another department first."))
        session.delete(found)


def _department(session: Session, member: Member, department_id: str) -> Department:
    found = session.scalar(
        select(Department)
        .where(Department.organization_id == member.organization_id, Department.id == department_id)
        .with_for_update()
    )
    if found is None:
        raise NotFound
    return found
