"""Colleagues whom a trainer named to confirm the practice of a cohort, and whose practice that is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import Select, delete, func, or_, select, union

from learning.accounts.models import Membership, User
from learning.accounts.names import fold_login
from learning.database import insert_once, unit_of_work
from learning.extensions import db
from learning.teaching.cohort_people import cohort_people
from learning.teaching.cohorts import locked_cohort
from learning.teaching.errors import NobodySoCalled
from learning.teaching.models import Cohort, CohortConfirmer
from learning.web.identity import Member

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Colleague:
    """A colleague who was named."""

    user_id: str
    name: str
    login: str


def confirmers_of(member: Member, cohort_id: str) -> list[Colleague]:
    """Who was named for a cohort and is still in the organization. One query."""
    rows = db.session.execute(
        select(User.id, User.name, func.coalesce(User.email, User.sign_in_name))
        .join(CohortConfirmer, CohortConfirmer.user_id == User.id)
        .join(Membership, (Membership.user_id == User.id) & Membership.left_at.is_(None))
        .where(
            CohortConfirmer.organization_id == member.organization_id,
            Membership.organization_id == member.organization_id,
            CohortConfirmer.cohort_id == cohort_id,
        )
        .order_by(User.name, User.id)
    )
    return [Colleague(*row) for row in rows]


def name_confirmer(member: Member, cohort_id: str, login: str, now: datetime) -> str:
    """Name a colleague by their address or sign-in name; return their name. Doing it twice changes nothing.

    Raises NotFound, CohortArchived, NobodySoCalled.
    """
    wanted = fold_login(login)
    with unit_of_work() as session:
        locked_cohort(session, member, cohort_id)
        found = session.execute(
            select(User.id, User.name)
            .join(Membership, Membership.user_id == User.id)
            .where(
                Membership.organization_id == member.organization_id,
                Membership.left_at.is_(None),
                or_(User.email == wanted, User.sign_in_name == wanted),
            )
        ).first()
        if found is None or wanted is None:
            raise NobodySoCalled
        insert_once(
            session,
            CohortConfirmer,
            organization_id=member.organization_id,
            cohort_id=cohort_id,
            user_id=found.id,
            named_by=member.user_id,
            named_at=now,
        )
        name: str = found.name
        log.info("confirmer_named", user=member.user_id, organization=member.organization_id, cohort=cohort_id)
    return name


def remove_confirmer(member: Member, cohort_id: str, user_id: str) -> None:
    """Take the right back; what they confirmed stays. Doing it again changes nothing. Raises NotFound."""
    with unit_of_work() as session:
        locked_cohort(session, member, cohort_id, archived_too=True)
        session.execute(
            delete(CohortConfirmer).where(
                CohortConfirmer.organization_id == member.organization_id,
                CohortConfirmer.cohort_id == cohort_id,
                CohortConfirmer.user_id == user_id,
            )
        )


def entrusted_people(member: Member) -> Select[str] | None:
    """Whose practice a colleague may confirm: rows of ``user_id``, or None for whom nobody named. One query here.

    Asked cohort by cohort: few are named for many, and one cohort is found faster than one person in all of them.
    """
    cohorts = db.session.scalars(
        select(CohortConfirmer.cohort_id)
        .join(
            Cohort,
            (Cohort.organization_id == CohortConfirmer.organization_id) & (Cohort.id == CohortConfirmer.cohort_id),
        )
        .where(
            CohortConfirmer.organization_id == member.organization_id,
            CohortConfirmer.user_id == member.user_id,
            Cohort.archived_at.is_(None),
        )
        .order_by(CohortConfirmer.cohort_id)
    ).all()
    if not cohorts:
        return None
    everybody = [cohort_people(member.organization_id, cohort_id=each).subquery() for each in cohorts]
    people = union(*(select(each.c.user_id) for each in everybody)).subquery()
    return select(people.c.user_id)
