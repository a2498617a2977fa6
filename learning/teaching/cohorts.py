"""What trainers do with cohorts: make them, put people in and out, look after them together, put them away.

Every trainer of an organization may change each of its cohorts; who looks after one decides only where it stands and
to whom its digest goes. Changes to one cohort come one after the other: each verb locks its row.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from learning.accounts.invitations import check_department
from learning.accounts.models import Membership
from learning.accounts.names import person_name
from learning.database import ROWS_AT_ONCE, insert_new, insert_once, new_id, unit_of_work
from learning.errors import NotFound
from learning.teaching.cohort_people import cohort_people
from learning.teaching.errors import CohortArchived, CohortNameTaken
from learning.teaching.models import Cohort, CohortMember, CohortTrainer
from learning.web.identity import Member, Role

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Added:
    """What became of people who were to be added."""

    added: int
    #: They were in the cohort before, by hand or by department.
    already: int
    #: They do not learn in the organization (any more).
    strangers: int


@dataclass(frozen=True, slots=True)
class Removed:
    """What became of people who were to be removed."""

    removed: int
    #: They stay, since the cohort follows their department.
    by_department: int


def make_cohort(member: Member, name: str, department_id: str | None, now: datetime) -> str:
    """Make a cohort that its maker looks after; return its id.

    Raises BadName, CohortNameTaken, NotFound for a department that is not of the organization.
    """
    chosen, cohort_id = person_name(name), new_id()
    with unit_of_work() as session:
        check_department(session, member.organization_id, department_id)
        made = insert_once(
            session,
            Cohort,
            id=cohort_id,
            organization_id=member.organization_id,
            name=chosen,
            department_id=department_id,
            created_by=member.user_id,
            created_at=now,
        )
        if not made:
            raise CohortNameTaken
        _add_trainer(session, member, cohort_id, member.user_id, now)
        log.info("cohort_made", user=member.user_id, organization=member.organization_id, cohort=cohort_id)
    return cohort_id


def change_cohort(member: Member, cohort_id: str, name: str, department_id: str | None) -> None:
    """Rename a cohort and choose which department it follows.

    Raises BadName, NotFound, CohortArchived, CohortNameTaken.
    """
    chosen = person_name(name)
    with unit_of_work() as session:
        check_department(session, member.organization_id, department_id)
        found = locked_cohort(session, member, cohort_id)
        found.name, found.department_id = chosen, department_id
        try:
            session.flush()
        except IntegrityError as error:  # of two who choose one name at once, the later is told
            raise CohortNameTaken from error


def archive_cohort(member: Member, cohort_id: str, now: datetime) -> None:
    """Put a cohort away: it reminds nobody, repeats nothing and is shown apart. Doing it again changes nothing."""
    with unit_of_work() as session:
        found = locked_cohort(session, member, cohort_id, archived_too=True)
        if found.archived_at is None:
            found.archived_at = now
            log.info("cohort_archived", user=member.user_id, organization=member.organization_id, cohort=cohort_id)


def restore_cohort(member: Member, cohort_id: str) -> None:
    """Take a cohort back into use, with its people and assignments."""
    with unit_of_work() as session:
        locked_cohort(session, member, cohort_id, archived_too=True).archived_at = None


def add_people(member: Member, cohort_id: str, people: Collection[str], now: datetime) -> Added:
    """Put people into a cohort; who is in it stays as they are. Raises NotFound, CohortArchived."""
    wanted = frozenset(people)
    with unit_of_work() as session:
        locked_cohort(session, member, cohort_id)
        learners = wanted & learner_ids(session, member.organization_id)
        present = learners & people_of(session, member.organization_id, cohort_id)
        rows = [
            {
                "organization_id": member.organization_id,
                "cohort_id": cohort_id,
                "user_id": user_id,
                "added_at": now,
            }
            for user_id in sorted(learners - present)
        ]
        added = len(insert_new(session, CohortMember, rows, "user_id"))
    return Added(added, len(present), len(wanted - learners))


def remove_people(member: Member, cohort_id: str, people: Collection[str]) -> Removed:
    """Take people out of a cohort; what they did stays. Raises NotFound, CohortArchived."""
    wanted = sorted(frozenset(people))
    with unit_of_work() as session:
        locked_cohort(session, member, cohort_id)
        before = people_of(session, member.organization_id, cohort_id)
        for start in range(0, len(wanted), ROWS_AT_ONCE):
            session.execute(
                delete(CohortMember).where(
                    CohortMember.organization_id == member.organization_id,
                    CohortMember.cohort_id == cohort_id,
                    CohortMember.user_id.in_(wanted[start : start + ROWS_AT_ONCE]),
                )
            )
        after = people_of(session, member.organization_id, cohort_id)
    return Removed(len(before - after), len(after & frozenset(wanted)))


def add_trainer(member: Member, cohort_id: str, user_id: str, now: datetime) -> None:
    """Let another trainer of the organization look after a cohort too. Raises NotFound, CohortArchived."""
    with unit_of_work() as session:
        locked_cohort(session, member, cohort_id)
        trains = select(Membership.id).where(
            Membership.organization_id == member.organization_id,
            Membership.user_id == user_id,
            Membership.role == Role.TRAINER,
            Membership.left_at.is_(None),
        )
        if session.scalar(trains) is None:
            raise NotFound
        _add_trainer(session, member, cohort_id, user_id, now)


def remove_trainer(member: Member, cohort_id: str, user_id: str) -> None:
    """Let a trainer look after a cohort no more. Doing it again changes nothing. Raises NotFound, CohortArchived."""
    with unit_of_work() as session:
        locked_cohort(session, member, cohort_id)
        session.execute(
            delete(CohortTrainer).where(
                CohortTrainer.organization_id == member.organization_id,
                CohortTrainer.cohort_id == cohort_id,
                CohortTrainer.user_id == user_id,
            )
        )


def _add_trainer(session: Session, member: Member, cohort_id: str, user_id: str, now: datetime) -> None:
    insert_once(
        session,
        CohortTrainer,
        organization_id=member.organization_id,
        cohort_id=cohort_id,
        user_id=user_id,
        added_at=now,
    )


def locked_cohort(session: Session, member: Member, cohort_id: str, *, archived_too: bool = False) -> Cohort:
    """Within a unit of work: the cohort, locked. Raises NotFound, CohortArchived."""
    found = session.scalar(
        select(Cohort)
        .where(Cohort.organization_id == member.organization_id, Cohort.id == cohort_id)
        .with_for_update(key_share=True)
    )
    if found is None:
        raise NotFound
    if found.archived_at is not None and not archived_too:
        raise CohortArchived
    return found


def people_of(session: Session, organization_id: str, cohort_id: str) -> frozenset[str]:
    """User ids of the people of a cohort. One query."""
    people = cohort_people(organization_id, cohort_id=cohort_id).subquery()
    return frozenset(session.scalars(select(people.c.user_id)))


def learner_ids(session: Session, organization_id: str) -> frozenset[str]:
    """User ids of all who learn in an organization. One query, however many are asked about."""
    return frozenset(
        session.scalars(
            select(Membership.user_id).where(
                Membership.organization_id == organization_id,
                Membership.left_at.is_(None),
                Membership.role == Role.LEARNER,
            )
        )
    )
