"""Two cohorts of the demo organization with something to do, made by its trainer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from learning.accounts.models import Membership
from learning.content.model import Catalogue
from learning.extensions import db
from learning.teaching.assignments import Period, Thing, assign, extend
from learning.teaching.cohorts import add_people, make_cohort
from learning.teaching.models import AssignmentKind
from learning.web.identity import Member, Role

#: People put into the second cohort by hand.
NEWCOMERS = 12


def add_cohorts(learners: Sequence[Member], course_id: str, catalogue: Catalogue, now: datetime) -> Member:
    """One that follows the department of the first learner, one of people chosen by hand, the first learner too.

    Returns the trainer who looks after them.
    """
    organization_id = learners[0].organization_id
    trainer_id, department_id = _trainer_and_department(organization_id, learners[0].user_id)
    trainer = Member(trainer_id, organization_id)
    today = now.date()
    course = Thing(AssignmentKind.COURSE, course_id)
    dyers = make_cohort(trainer, "Dye house, all shifts", department_id, now)
    period = Period(today - timedelta(days=30), today + timedelta(days=5), repeat_months=12)
    (assignment,) = assign(trainer, dyers, [course], period, now).made
    extend(trainer, assignment, [learners[0].user_id], today + timedelta(days=12), now)
    newcomers = make_cohort(trainer, "Newcomers of this spring", None, now)
    add_people(trainer, newcomers, [each.user_id for each in learners[:NEWCOMERS]], now)
    instruments = [Thing(AssignmentKind.ASSESSMENT, instrument_id) for instrument_id in list(catalogue.instruments)[:1]]
    if instruments:
        assign(trainer, newcomers, instruments, Period(today - timedelta(days=20), today - timedelta(days=2)), now)
    return trainer


def _trainer_and_department(organization_id: str, learner_id: str) -> tuple[str, str | None]:
    trainer = db.session.scalars(
        select(Membership.user_id).where(Membership.organization_id == organization_id, Membership.role == Role.TRAINER)
    ).one()
    department = db.session.scalars(
        select(Membership.department_id).where(
            Membership.organization_id == organization_id, Membership.user_id == learner_id
        )
    ).one()
    return trainer, department
