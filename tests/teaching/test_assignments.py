"""Assigning, taking back, and the refresh that assigns itself again."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from learning.clock import now
from learning.errors import NotFound
from learning.extensions import db
from learning.teaching.assignments import Period, Thing, assign, end_extensions, extend, take_back
from learning.teaching.cohorts import archive_cohort, make_cohort, restore_cohort
from learning.teaching.errors import AssignmentEnded, DueBeforeOpening, NothingChosen, RepeatsBeforeDue
from learning.teaching.models import Assignment, AssignmentKind, Extension
from learning.teaching.repeating import AHEAD, openings, repeat_assignments
from learning.web.identity import Member
from tests.conftest import Company
from tests.proof import times
from tests.teaching.cohorts import make_assignment
from tests.teaching.cohorts import make_cohort as put_cohort
from tests.teaching.test_cohorts import at_once, trainer_of

COURSE = Thing(AssignmentKind.COURSE, "foundations")
ASSESSMENT = Thing(AssignmentKind.ASSESSMENT, "employee-awareness")
SPRING = Period(date(2030, 3, 1), date(2030, 5, 31))


def rows() -> list[Assignment]:
    return list(db.session.scalars(select(Assignment).order_by(Assignment.opens_on, Assignment.id)))


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def test_several_things_are_assigned_at_once_and_none_of_them_twice(app: Flask, company: Company) -> None:
    with app.app_context():
        cohort = make_cohort(trainer_of(company), "All", None, now())
        first = assign(trainer_of(company), cohort, [COURSE, ASSESSMENT, COURSE], SPRING, now())
        assert (len(first.made), first.already) == (2, ())
        again = assign(trainer_of(company), cohort, [COURSE, Thing(AssignmentKind.QUIZ, "q")], SPRING, now())
        assert (len(again.made), again.already) == (1, (COURSE,))
        # Later days are another period, and another cohort is another matter.
        assert assign(trainer_of(company), cohort, [COURSE], Period(date(2030, 6, 1), date(2030, 6, 1)), now()).made
        other = make_cohort(trainer_of(company), "Others", None, now())
        assert assign(trainer_of(company), other, [COURSE], SPRING, now()).made
        assert all(row.series_id == row.id and not row.is_refresh for row in rows())


@pytest.mark.parametrize(
    ("things", "period", "error"),
    [
        ([], SPRING, NothingChosen),
        ([COURSE], Period(date(2030, 3, 2), date(2030, 3, 1)), DueBeforeOpening),
        ([COURSE], Period(date(2030, 1, 1), date(2030, 2, 1), 1), RepeatsBeforeDue),
    ],
)
def test_what_makes_no_sense_is_refused(
    app: Flask, company: Company, things: list[Thing], period: Period, error: type[Exception]
) -> None:
    with app.app_context():
        cohort = make_cohort(trainer_of(company), "All", None, now())
        with pytest.raises(error):
            assign(trainer_of(company), cohort, things, period, now())
        assert rows() == []


def test_an_assignment_that_is_taken_back_can_be_given_again(
    app: Flask, company: Company, other_company: Company
) -> None:
    with app.app_context():
        cohort = make_cohort(trainer_of(company), "All", None, now())
        (assignment,) = assign(trainer_of(company), cohort, [COURSE], SPRING, now()).made
        for stranger in (trainer_of(other_company), Member("nobody", "nowhere")):
            with pytest.raises(NotFound):
                take_back(stranger, assignment, now())
        take_back(trainer_of(company), assignment, now())
        ended = rows()[0].ended_at
        take_back(trainer_of(company), assignment, now())
        assert rows()[0].ended_at == ended
        assert assign(trainer_of(company), cohort, [COURSE], SPRING, now()).made


def test_an_extension_ends_and_everybody_has_the_same_time(app: Flask, company: Company) -> None:
    with app.app_context():
        assignment = make_assignment(
            company, put_cohort(company, [company.learner]), date(2030, 1, 1), date(2030, 2, 1)
        )
        extend(trainer_of(company), assignment, [company.learner], date(2030, 3, 1), now())
        ended = [end_extensions(trainer_of(company), assignment, [company.learner, "x"]) for _ in range(2)]
        assert ended == [{company.learner}, frozenset()]
        assert db.session.scalar(select(func.count()).select_from(Extension)) == 0
        take_back(trainer_of(company), assignment, now())
        with pytest.raises(AssignmentEnded):
            end_extensions(trainer_of(company), assignment, [company.learner])


# --- the refresh -----------------------------------------------------------------------------------------------


def make_series(company: Company, opens_on: date, due_on: date, months: int = 12) -> tuple[str, str]:
    cohort = make_cohort(trainer_of(company), "All", None, now())
    (assignment,) = assign(trainer_of(company), cohort, [COURSE], Period(opens_on, due_on, months), now()).made
    return cohort, assignment


def test_a_series_makes_its_next_row_thirty_days_before_it_opens(app: Flask, company: Company) -> None:
    with app.app_context():
        cohort, first = make_series(company, date(2030, 3, 1), date(2030, 5, 31))
        opens = date(2031, 3, 1)
        assert repeat_assignments(noon(opens - AHEAD - timedelta(days=1))) == 0
        assert repeat_assignments(noon(opens - AHEAD)) == 1
        assert repeat_assignments(noon(opens - AHEAD)) == 0
        assert repeat_assignments(noon(opens + timedelta(days=100))) == 0
        before, after = rows()
        assert (after.opens_on, after.due_on, after.series_id) == (opens, date(2031, 5, 31), first)
        assert (after.cohort_id, after.kind, after.content_id) == (cohort, before.kind, before.content_id)
        assert (before.is_refresh, after.is_refresh, after.repeat_months) == (False, True, 12)


def test_two_workers_at_once_make_one_row(app: Flask, company: Company) -> None:
    with app.app_context():
        make_series(company, date(2030, 3, 1), date(2030, 5, 31))
    outcomes = at_once(app, *[lambda: repeat_assignments(noon(date(2031, 3, 1)))] * 4)
    assert sorted(outcomes) == [0, 0, 0, 1]
    with app.app_context():
        assert len(rows()) == 2


def test_a_series_ends_when_its_last_row_is_taken_back(app: Flask, company: Company) -> None:
    with app.app_context():
        _, first = make_series(company, date(2030, 3, 1), date(2030, 5, 31))
        repeat_assignments(noon(date(2031, 2, 20)))
        take_back(trainer_of(company), first, noon(date(2031, 2, 21)))
        assert all(row.ended_at for row in rows())
        assert repeat_assignments(noon(date(2035, 1, 1))) == 0


def test_taking_back_while_a_worker_goes_on_leaves_nothing_standing(app: Flask, company: Company) -> None:
    with app.app_context():
        _, first = make_series(company, date(2030, 3, 1), date(2030, 5, 31))
    at_once(
        app,
        lambda: repeat_assignments(noon(date(2031, 3, 1))),
        lambda: take_back(trainer_of(company), first, now()),
    )
    with app.app_context():
        assert all(row.ended_at for row in rows())


def test_an_archived_cohort_repeats_nothing_and_after_a_pause_only_what_is_current(
    app: Flask, company: Company
) -> None:
    with app.app_context():
        cohort, _ = make_series(company, date(2030, 1, 31), date(2030, 2, 10), 1)
        archive_cohort(trainer_of(company), cohort, now())
        assert repeat_assignments(noon(date(2030, 6, 15))) == 0
        restore_cohort(trainer_of(company), cohort)
        assert repeat_assignments(noon(date(2030, 6, 15))) == 2
        assert [row.opens_on for row in rows()] == [date(2030, 1, 31), date(2030, 5, 31), date(2030, 6, 30)]


@pytest.mark.prove
@settings(max_examples=times(200, 10_000), deadline=None)
@given(
    st.dates(date(2000, 1, 1), date(2060, 1, 1)),
    st.integers(1, 60),
    st.lists(st.integers(0, 500), min_size=1, max_size=8),
)
def test_however_often_it_runs_a_series_never_misses_what_is_current(
    first: date, months: int, pauses: list[int]
) -> None:
    today, known = first, [first]
    for pause in pauses:
        today += timedelta(days=pause)
        new = openings(first, known[-1], months, today)
        assert openings(first, new[-1] if new else known[-1], months, today) == []
        assert new == sorted(set(new))
        assert all(opens_on > known[-1] for opens_on in new)
        assert all(opens_on <= today + AHEAD for opens_on in new)
        assert sum(opens_on <= today for opens_on in new) <= 1
        known += new
    assert len(set(known)) == len(known)
    # Each opens on the day of the month of the first, or on the last of a shorter month.
    assert all(opens_on.day == first.day or (opens_on + timedelta(days=1)).day == 1 for opens_on in known)
