"""Cohorts: made, filled, shared and put away; never seen from another organization, and twice is once."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from learning.accounts.membership import change_member, end_membership
from learning.accounts.models import Membership
from learning.clock import now
from learning.database import new_id, unit_of_work
from learning.errors import DomainError, NotFound
from learning.extensions import db
from learning.teaching.assignments import Period, Thing, assign
from learning.teaching.cohort_people import cohort_people, cohort_sizes
from learning.teaching.cohorts import (
    Added,
    Removed,
    add_people,
    add_trainer,
    archive_cohort,
    change_cohort,
    learner_ids,
    make_cohort,
    people_of,
    remove_people,
    remove_trainer,
    restore_cohort,
)
from learning.teaching.errors import CohortArchived, CohortNameTaken
from learning.teaching.models import Assignment, AssignmentKind, Cohort, CohortMember, CohortTrainer
from learning.web.identity import Member, Role
from tests.conftest import Company
from tests.teaching.cohorts import make_cohort as put_cohort
from tests.teaching.cohorts import make_learners


def trainer_of(company: Company) -> Member:
    return Member(company.trainer, company.id)


def trainers(cohort_id: str) -> set[str]:
    return set(db.session.scalars(select(CohortTrainer.user_id).where(CohortTrainer.cohort_id == cohort_id)))


def test_who_makes_a_cohort_looks_after_it(app: Flask, company: Company) -> None:
    with app.app_context():
        cohort = make_cohort(trainer_of(company), "  Night   shift ", None, now())
        assert trainers(cohort) == {company.trainer}
        assert db.session.scalar(select(Cohort.name)) == "Night shift"
        with pytest.raises(CohortNameTaken):
            make_cohort(trainer_of(company), "Night shift", None, now())


def test_two_organizations_may_have_a_cohort_of_one_name(app: Flask, company: Company, other_company: Company) -> None:
    with app.app_context():
        make_cohort(trainer_of(company), "Night shift", None, now())
        make_cohort(trainer_of(other_company), "Night shift", None, now())


def test_a_cohort_follows_a_department_from_the_day_people_come(app: Flask, company: Company) -> None:
    with app.app_context():
        dye_house, boiler_house = company.departments
        cohort = make_cohort(trainer_of(company), "Dyers", dye_house, now())
        assert people_of(db.session(), company.id, cohort) == {company.learner}
        newcomer, *_ = make_learners(company, 1, dye_house)
        assert people_of(db.session(), company.id, cohort) == {company.learner, newcomer}
        change_member(Member(company.manager, company.id), newcomer, Role.LEARNER, boiler_house, now())
        assert people_of(db.session(), company.id, cohort) == {company.learner}
        change_cohort(trainer_of(company), cohort, "Dyers", None)
        assert people_of(db.session(), company.id, cohort) == set()


def test_people_are_put_in_and_taken_out_and_twice_is_once(app: Flask, company: Company) -> None:
    with app.app_context():
        people = make_learners(company, 2_500)
        cohort = make_cohort(trainer_of(company), "All", company.departments[0], now())
        everybody = [*people, company.learner, company.manager, company.trainer, "nobody"]
        assert add_people(trainer_of(company), cohort, everybody, now()) == Added(2_500, 1, 3)
        assert add_people(trainer_of(company), cohort, everybody, now()) == Added(0, 2_501, 3)
        assert remove_people(trainer_of(company), cohort, [*people[:2_400], company.learner]) == Removed(2_400, 1)
        assert remove_people(trainer_of(company), cohort, people[:2_400]) == Removed(0, 0)
        assert people_of(db.session(), company.id, cohort) == {*people[2_400:], company.learner}


def test_who_leaves_the_organization_leaves_its_cohorts_and_comes_back_with_it(app: Flask, company: Company) -> None:
    with app.app_context():
        cohort = make_cohort(trainer_of(company), "All", None, now())
        add_people(trainer_of(company), cohort, [company.learner], now())
        end_membership(Member(company.manager, company.id), company.learner, now())
        assert people_of(db.session(), company.id, cohort) == set()
        assert add_people(trainer_of(company), cohort, [company.learner], now()) == Added(0, 0, 1)


def test_trainers_look_after_a_cohort_together(app: Flask, company: Company, other_company: Company) -> None:
    with app.app_context():
        colleague, *_ = make_learners(company, 1)
        cohort = make_cohort(trainer_of(company), "All", None, now())
        for stranger in (colleague, company.manager, other_company.trainer, "nobody"):
            with pytest.raises(NotFound):
                add_trainer(trainer_of(company), cohort, stranger, now())
        change_member(Member(company.manager, company.id), colleague, Role.TRAINER, None, now())
        add_trainer(trainer_of(company), cohort, colleague, now())
        add_trainer(trainer_of(company), cohort, colleague, now())
        assert trainers(cohort) == {company.trainer, colleague}
        remove_trainer(Member(colleague, company.id), cohort, company.trainer)
        assert trainers(cohort) == {colleague}


def test_an_archived_cohort_takes_no_changes_until_it_is_restored(app: Flask, company: Company) -> None:
    with app.app_context():
        member = trainer_of(company)
        cohort = make_cohort(member, "All", None, now())
        archive_cohort(member, cohort, now())
        first = db.session.scalar(select(Cohort.archived_at))
        archive_cohort(member, cohort, now())
        assert db.session.scalar(select(Cohort.archived_at)) == first
        course = Thing(AssignmentKind.COURSE, "foundations")
        for change in (
            lambda: add_people(member, cohort, [company.learner], now()),
            lambda: remove_people(member, cohort, [company.learner]),
            lambda: change_cohort(member, cohort, "Other", None),
            lambda: add_trainer(member, cohort, company.trainer, now()),
            lambda: remove_trainer(member, cohort, company.trainer),
            lambda: assign(member, cohort, [course], Period(date(2030, 1, 1), date(2030, 2, 1)), now()),
        ):
            with pytest.raises(CohortArchived):
                change()
        restore_cohort(member, cohort)
        assert add_people(member, cohort, [company.learner], now()) == Added(1, 0, 0)


def test_a_cohort_of_another_organization_does_not_exist(app: Flask, company: Company, other_company: Company) -> None:
    with app.app_context():
        cohort = make_cohort(trainer_of(company), "All", None, now())
        stranger = trainer_of(other_company)
        course = Thing(AssignmentKind.COURSE, "foundations")
        for change in (
            lambda: add_people(stranger, cohort, [other_company.learner], now()),
            lambda: remove_people(stranger, cohort, [company.learner]),
            lambda: change_cohort(stranger, cohort, "Other", None),
            lambda: add_trainer(stranger, cohort, other_company.trainer, now()),
            lambda: remove_trainer(stranger, cohort, company.trainer),
            lambda: archive_cohort(stranger, cohort, now()),
            lambda: restore_cohort(stranger, cohort),
            lambda: assign(stranger, cohort, [course], Period(date(2030, 1, 1), date(2030, 2, 1)), now()),
        ):
            with pytest.raises(NotFound):
                change()
        with pytest.raises(NotFound):
            make_cohort(trainer_of(company), "Theirs", other_company.departments[0], now())
        assert people_of(db.session(), other_company.id, cohort) == set()


# --- races -----------------------------------------------------------------------------------------------------


def at_once(app: Flask, *acts: Callable[[], object]) -> list[object]:
    """Do several things at the same moment; what each returned or raised."""
    outcomes: list[object] = [None] * len(acts)
    start = threading.Barrier(len(acts))

    def run(number: int, act: Callable[[], object]) -> None:
        with app.app_context():
            start.wait()
            try:
                outcomes[number] = act()
            except DomainError as error:
                outcomes[number] = type(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(number, act)) for number, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return outcomes


def test_two_trainers_who_add_the_same_people_add_them_once(app: Flask, company: Company) -> None:
    with app.app_context():
        people = make_learners(company, 300)
        cohort = make_cohort(trainer_of(company), "All", None, now())
    outcomes = at_once(app, *[lambda: add_people(trainer_of(company), cohort, people, now())] * 4)
    assert sorted(done.added for done in outcomes) == [0, 0, 0, 300]
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(CohortMember)) == 300


def test_two_trainers_who_choose_one_name_make_one_cohort(app: Flask, company: Company) -> None:
    outcomes = at_once(app, *[lambda: make_cohort(trainer_of(company), "All", None, now())] * 4)
    assert outcomes.count(CohortNameTaken) == 3
    with app.app_context():
        others = [make_cohort(trainer_of(company), f"Cohort {number}", None, now()) for number in range(3)]
    changes = [lambda cohort=cohort: change_cohort(trainer_of(company), cohort, "One", None) for cohort in others]
    assert at_once(app, *changes).count(CohortNameTaken) == 2


def test_a_thing_assigned_in_two_tabs_at_once_is_assigned_once(app: Flask, company: Company) -> None:
    with app.app_context():
        cohort = make_cohort(trainer_of(company), "All", None, now())
    things = [Thing(AssignmentKind.COURSE, "foundations"), Thing(AssignmentKind.QUIZ, "q-any")]
    period = Period(date(2030, 1, 1), date(2030, 2, 1))
    outcomes = at_once(app, *[lambda: assign(trainer_of(company), cohort, things, period, now())] * 4)
    assert sorted(len(done.made) for done in outcomes) == [0, 0, 0, 2]
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Assignment)) == 2


def test_people_added_while_a_cohort_is_archived_are_in_it_or_are_refused(app: Flask, company: Company) -> None:
    for _ in range(5):
        with app.app_context():
            people = make_learners(company, 20)
            cohort = make_cohort(trainer_of(company), new_id(), None, now())
        added, _archived = at_once(
            app,
            lambda people=people, cohort=cohort: add_people(trainer_of(company), cohort, people, now()),
            lambda cohort=cohort: archive_cohort(trainer_of(company), cohort, now()),
        )
        with app.app_context(), unit_of_work() as session:
            present = people_of(session, company.id, cohort)
        assert len(present) == (0 if added is CohortArchived else 20)


def test_sizes_and_narrowed_lists_agree_with_going_through_everybody(
    app: Flask, company: Company, other_company: Company
) -> None:
    """On random cohorts: by hand, by department, by both; with people who left, who teach, who are elsewhere."""
    chance = random.Random(11)
    with app.app_context():
        manager = Member(company.manager, company.id)
        people = [*make_learners(company, 12), *make_learners(company, 12, company.departments[0])]
        people += make_learners(company, 12, company.departments[1])
        for user_id in chance.sample(people, 5):
            end_membership(manager, user_id, now())
        for user_id in chance.sample(sorted(learner_ids(db.session(), company.id)), 3):
            change_member(manager, user_id, Role.TRAINER, company.departments[0], now())
        cohorts = [
            put_cohort(company, chance.sample(people, chance.randrange(20)), department_id=department)
            for department in (None, *company.departments) * 4
        ]
        put_cohort(other_company, [other_company.learner], department_id=other_company.departments[0])
        everybody = set(db.session.execute(cohort_people(company.id)).all())
        assert len(everybody) > 100
        theirs = select(Membership).where(Membership.organization_id == company.id)
        memberships = db.session.scalars(theirs).all()
        by_cohort = {cohort: {user for found, user in everybody if found == cohort} for cohort in cohorts}
        assert cohort_sizes(company.id) == {cohort: len(found) for cohort, found in by_cohort.items() if found}
        for cohort, found in by_cohort.items():
            assert people_of(db.session(), company.id, cohort) == found
            put_in = set(db.session.scalars(select(CohortMember.user_id).where(CohortMember.cohort_id == cohort)))
            department = db.session.scalar(select(Cohort.department_id).where(Cohort.id == cohort))
            assert found == {
                row.user_id
                for row in memberships
                if row.role is Role.LEARNER
                and row.left_at is None
                and (row.user_id in put_in or (department and row.department_id == department))
            }
        for user_id in people:
            narrowed = set(db.session.execute(cohort_people(company.id, user_id=user_id)).all())
            assert narrowed == {row for row in everybody if row[1] == user_id}
