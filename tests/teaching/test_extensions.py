"""More time for one person, or for many: never less, never for strangers, and twice is once."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from learning.clock import now
from learning.database import unit_of_work
from learning.errors import NotFound
from learning.extensions import db
from learning.teaching.assignments import extend
from learning.teaching.errors import AssignmentEnded, NotLater
from learning.teaching.models import Assignment, Extension
from learning.web.identity import Member
from tests.conftest import Company
from tests.teaching.cohorts import make_assignment, make_cohort, make_learners

OPENS, DUE, LATER, LATEST = date(2030, 1, 1), date(2030, 2, 1), date(2030, 3, 1), date(2030, 4, 1)


def extensions() -> dict[str, date]:
    return {row.user_id: row.due_on for row in db.session.execute(select(Extension.user_id, Extension.due_on))}


def test_some_people_have_more_time_and_twice_is_once(app: Flask, company: Company) -> None:
    with app.app_context():
        people = make_learners(company, 2_500)
        assignment = make_assignment(company, make_cohort(company, people), OPENS, DUE)
        trainer = Member(company.trainer, company.id)
        first = extend(trainer, assignment, people[:2_300], LATER, now())
        assert first.extended == set(people[:2_300])
        again = extend(trainer, assignment, people[:2_301], LATER, now())
        assert (again.extended, again.unchanged) == ({people[2_300]}, first.extended)
        assert set(extensions().values()) == {LATER}
        extend(trainer, assignment, [people[0]], LATEST, now())
        assert extensions()[people[0]] == LATEST
        everybody = extend(trainer, assignment, people, LATER, now())
        assert (everybody.extended, everybody.later) == (set(people[2_301:]), {people[0]})
        assert everybody.unchanged == set(people[1:2_301])
        assert extensions() == dict.fromkeys(people, LATER) | {people[0]: LATEST}, "nobody loses a day"


def test_who_is_not_in_the_cohort_is_named_and_gets_nothing(
    app: Flask, company: Company, other_company: Company
) -> None:
    with app.app_context():
        assignment = make_assignment(company, make_cohort(company, [company.learner]), OPENS, DUE)
        strangers = {*make_learners(company, 1), other_company.learner, company.manager, "nobody"}
        done = extend(Member(company.trainer, company.id), assignment, {company.learner, *strangers}, LATER, now())
        assert (done.extended, done.strangers) == ({company.learner}, strangers)
        assert set(extensions()) == {company.learner}


def test_an_extension_gives_more_time_never_less(app: Flask, company: Company) -> None:
    with app.app_context():
        assignment = make_assignment(company, make_cohort(company, [company.learner]), OPENS, DUE)
        for day in (DUE, OPENS):
            with pytest.raises(NotLater, match="Fri 1 Feb 2030"):
                extend(Member(company.trainer, company.id), assignment, [company.learner], day, now())
        assert extensions() == {}


def test_no_day_without_a_day_after_it_is_stored(app: Flask, company: Company) -> None:
    with app.app_context():
        assignment = make_assignment(company, make_cohort(company, [company.learner]), OPENS, DUE)
        with pytest.raises(IntegrityError):
            extend(Member(company.trainer, company.id), assignment, [company.learner], date.max, now())
        extend(Member(company.trainer, company.id), assignment, [company.learner], date(2199, 12, 31), now())
        assert extensions() == {company.learner: date(2199, 12, 31)}


def test_nothing_is_extended_that_was_taken_back_or_belongs_to_others(
    app: Flask, company: Company, other_company: Company
) -> None:
    with app.app_context():
        assignment = make_assignment(company, make_cohort(company, [company.learner]), OPENS, DUE)
        for member, wanted in (
            (Member(other_company.trainer, other_company.id), assignment),
            (Member(company.trainer, company.id), "nothing"),
        ):
            with pytest.raises(NotFound):
                extend(member, wanted, [company.learner], LATER, now())
        with unit_of_work() as session:
            session.get_one(Assignment, assignment).ended_at = now()
        with pytest.raises(AssignmentEnded):
            extend(Member(company.trainer, company.id), assignment, [company.learner], LATER, now())
        assert extensions() == {}
