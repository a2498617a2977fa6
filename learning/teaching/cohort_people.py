"""Who is in a cohort: the one place that knows."""

from __future__ import annotations

from typing import TypeVarTuple

from sqlalchemy import CompoundSelect, Select, func, or_, select, union

from learning.accounts.models import Membership
from learning.extensions import db
from learning.teaching.models import Cohort, CohortMember
from learning.web.identity import Role

Columns = TypeVarTuple("Columns")


def cohort_people(
    organization_id: str, *, cohort_id: str | None = None, user_id: str | None = None
) -> CompoundSelect[tuple[str, str]]:
    """Rows of ``cohort_id, user_id``: who was put in, and who learns in the department that the cohort follows.

    People who left the organization are in no cohort. Narrowed to one cohort or one person where only that is asked:
    a union of everybody in every cohort is long, and SQLite makes it whole before it looks for one.
    """
    put_in = (
        select(CohortMember.cohort_id, CohortMember.user_id)
        .join(Membership, Membership.user_id == CohortMember.user_id)
        .where(CohortMember.organization_id == organization_id)
    )
    by_department = (
        select(Cohort.id, Membership.user_id)
        .join(Membership, Membership.department_id == Cohort.department_id)
        .where(Cohort.organization_id == organization_id)
    )
    if cohort_id is not None:
        put_in = put_in.where(CohortMember.cohort_id == cohort_id)
        by_department = by_department.where(Cohort.id == cohort_id)
    if user_id is not None:
        put_in = put_in.where(CohortMember.user_id == user_id)
        by_department = by_department.where(Membership.user_id == user_id)
    return union(_learning(put_in, organization_id), _learning(by_department, organization_id))


def cohort_sizes(organization_id: str) -> dict[str, int]:
    """How many people each cohort has; one without anybody is not there. Two queries.

    Counted by department and then by cohort: the people of a department are counted once, not once for each cohort.
    """
    departments = _learning(
        select(Membership.department_id, func.count().label("people")).group_by(Membership.department_id),
        organization_id,
    ).subquery()
    sizes: dict[str, int] = dict(
        db.session.execute(
            select(Cohort.id, departments.c.people)
            .join(departments, departments.c.department_id == Cohort.department_id)
            .where(Cohort.organization_id == organization_id)
        ).all()
    )
    put_in_besides = _learning(
        select(CohortMember.cohort_id, func.count())
        .join(Membership, Membership.user_id == CohortMember.user_id)
        .join(Cohort, (Cohort.organization_id == CohortMember.organization_id) & (Cohort.id == CohortMember.cohort_id))
        .where(
            CohortMember.organization_id == organization_id,
            or_(
                Cohort.department_id.is_(None),
                Membership.department_id.is_(None),
                Membership.department_id != Cohort.department_id,
            ),
        )
        .group_by(CohortMember.cohort_id),
        organization_id,
    )
    for cohort_id, people in db.session.execute(put_in_besides):
        sizes[cohort_id] = sizes.get(cohort_id, 0) + people
    return sizes


def _learning(query: Select[*Columns], organization_id: str) -> Select[*Columns]:
    """Only who learns in the organization now."""
    return query.where(
        Membership.organization_id == organization_id,
        Membership.left_at.is_(None),
        Membership.role == Role.LEARNER,
    )
