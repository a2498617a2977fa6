"""What tests of cohorts share: learners by the dozen, a cohort, an assignment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from learning.accounts.models import Membership, User
from learning.clock import now
from learning.database import new_id, unit_of_work
from learning.teaching.models import Assignment, AssignmentKind, Cohort, CohortMember
from learning.web.catalogue import the_catalogue
from learning.web.identity import Role
from tests.conftest import Company


def make_learners(company: Company, count: int, department_id: str | None = None) -> list[str]:
    """More learners, named Learner 0000 and so on."""
    with unit_of_work() as session:
        moment = now()
        users = [
            User(id=new_id(), name=f"Learner {number:04}", email=f"{new_id()}@river.example", created_at=moment)
            for number in range(count)
        ]
        session.add_all(users)
        session.flush()
        session.add_all(
            Membership(
                organization_id=company.id,
                user_id=user.id,
                role=Role.LEARNER,
                department_id=department_id,
                joined_at=moment,
            )
            for user in users
        )
        return [user.id for user in users]


def make_cohort(
    company: Company, people: Iterable[str] = (), *, name: str | None = None, department_id: str | None = None
) -> str:
    """A cohort, put into the database as it is."""
    with unit_of_work() as session:
        cohort = Cohort(
            organization_id=company.id, name=name or f"Cohort {new_id()}", department_id=department_id, created_at=now()
        )
        session.add(cohort)
        session.flush()
        session.add_all(
            CohortMember(organization_id=company.id, cohort_id=cohort.id, user_id=user_id, added_at=now())
            for user_id in people
        )
        return cohort.id


def make_assignment(company: Company, cohort_id: str, opens_on: date, due_on: date, **more: object) -> str:
    """An assignment of the first course, put into the database as it is."""
    course = next(iter(the_catalogue().courses.values()))
    with unit_of_work() as session:
        values = {"series_id": new_id(), "kind": AssignmentKind.COURSE, "content_id": course.id, **more}
        assignment = Assignment(
            organization_id=company.id,
            cohort_id=cohort_id,
            opens_on=opens_on,
            due_on=due_on,
            created_at=now(),
            **values,
        )
        session.add(assignment)
        session.flush()
        return assignment.id
