"""Another certificate: passed again in the last ninety days or later, for a refresh, or after a revocation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from learning.accounts.models import User
from learning.certificates.numbers import grouped
from learning.certificates.queries import my_certificates
from learning.certificates.rules import State
from learning.certificates.service import issue_due, issue_for, revoke
from learning.clock import now
from learning.content.model import Catalogue
from learning.courses.service import unread_lesson
from learning.database import unit_of_work
from learning.teaching.done import Given, done_moments
from learning.teaching.models import AssignmentKind, Cohort, CohortMember
from learning.web.identity import Member
from tests.certificates.completing import COURSE_ID, LESSON_ID, QUIZ_ID, certificates_of, complete, read, sit
from tests.conftest import Company
from tests.teaching.cohorts import make_assignment, make_cohort, make_learners

Clients = Callable[[str | None], FlaskClient]
DAY = datetime(2026, 3, 5, 9, tzinfo=UTC)
LATE = datetime(2028, 1, 10, 9, tzinfo=UTC)


def test_passing_again_in_the_last_ninety_days_renews_it_once(
    app: Flask, learner: Member, catalogue: Catalogue
) -> None:
    with app.app_context():
        complete(learner, DAY)
        sit(learner, LATE)
        assert issue_for(learner, catalogue, LATE) == 1
        assert issue_due(catalogue, LATE) == 0
        old, new = certificates_of(learner)
        assert old.replaced_at == LATE
        assert (new.round, new.valid_from, new.valid_until) == (2, LATE.date(), date(2030, 1, 10))
        assert old.number != new.number
        newest, oldest = my_certificates(learner, LATE)
        assert (newest.state, oldest.state) == (State.VALID, State.REPLACED)
        assert oldest.replaced_by == grouped(new.number)


def test_passing_again_too_early_renews_nothing_not_even_later(
    app: Flask, learner: Member, catalogue: Catalogue
) -> None:
    with app.app_context():
        complete(learner, DAY)
        sit(learner, DAY + timedelta(days=1))
        assert issue_for(learner, catalogue, DAY + timedelta(days=1)) == 0
        assert issue_due(catalogue, LATE) == 0
        sit(learner, LATE, right=False)
        assert issue_due(catalogue, LATE) == 0


def test_the_pass_counts_from_its_own_day_when_the_sweep_finds_it_later(
    app: Flask, learner: Member, catalogue: Catalogue
) -> None:
    with app.app_context():
        complete(learner, DAY)
        sit(learner, LATE)
        assert issue_due(catalogue, LATE + timedelta(days=5)) == 1
        assert certificates_of(learner)[-1].valid_from == LATE.date()


def test_one_that_is_over_is_renewed_too(app: Flask, learner: Member, catalogue: Catalogue) -> None:
    much_later = datetime(2031, 5, 5, 9, tzinfo=UTC)
    with app.app_context():
        complete(learner, DAY)
        assert [each.state for each in my_certificates(learner, much_later)] == [State.EXPIRED]
        sit(learner, much_later)
        assert issue_for(learner, catalogue, much_later) == 1
        assert [each.state for each in my_certificates(learner, much_later)] == [State.VALID, State.REPLACED]


def test_every_lesson_must_be_read_for_a_renewal(app: Flask, learner: Member, catalogue: Catalogue) -> None:
    with app.app_context():
        complete(learner, DAY)
        unread_lesson(learner, LESSON_ID)
        sit(learner, LATE)
        assert issue_for(learner, catalogue, LATE) == 0
        read(learner, LATE)
        assert issue_for(learner, catalogue, LATE) == 1


def test_after_a_revocation_only_a_new_pass_earns_another(
    app: Flask, learner: Member, company: Company, catalogue: Catalogue
) -> None:
    trainer = Member(company.trainer, company.id)
    with app.app_context():
        first = complete(learner, DAY)
        sit(learner, DAY + timedelta(days=1))
        revoke(trainer, first.id, "Somebody else sat the quiz.", DAY + timedelta(days=2))
        assert issue_due(catalogue, DAY + timedelta(days=3)) == 0
        sit(learner, DAY + timedelta(days=4))
        assert issue_for(learner, catalogue, DAY + timedelta(days=4)) == 1
        assert [each.round for each in certificates_of(learner)] == [1, 2]


@dataclass
class Refreshed:
    """A course that was assigned two years before and is asked for again from the first of January."""

    cohort_id: str
    refresh: Given


OPENS = date(2028, 1, 1)
#: Well before the last ninety days of a certificate that was earned in October.
EARNED, PASSED = datetime(2026, 10, 10, 9, tzinfo=UTC), datetime(2028, 1, 20, 9, tzinfo=UTC)


def refreshed(company: Company, *people: str, **more: object) -> Refreshed:
    cohort_id = make_cohort(company, people)
    assignment_id = make_assignment(company, cohort_id, OPENS, date(2028, 1, 31), is_refresh=True, **more)
    what = {"kind": AssignmentKind.COURSE, "content_id": COURSE_ID} | more
    return Refreshed(cohort_id, Given(assignment_id, what["kind"], what["content_id"], OPENS, is_refresh=True))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "content_id"), [(AssignmentKind.COURSE, COURSE_ID), (AssignmentKind.QUIZ, QUIZ_ID)], ids=["course", "quiz"]
)
def test_what_a_refresh_asks_for_renews_the_certificate_once(
    app: Flask, learner: Member, company: Company, catalogue: Catalogue, kind: AssignmentKind, content_id: str
) -> None:
    with app.app_context():
        complete(learner, EARNED)
        given = refreshed(company, learner.user_id, kind=kind, content_id=content_id).refresh
        sit(learner, PASSED)
        assert set(done_moments(company.id, [given], catalogue)) == {(given.id, learner.user_id)}
        assert issue_for(learner, catalogue, PASSED) == 1
        old, new = certificates_of(learner)
        assert old.replaced_at == PASSED
        assert (new.valid_from, new.valid_until) == (PASSED.date(), date(2030, 1, 20))
        assert new.read_hash == old.read_hash, "no lesson was read anew"
        # Passing once more under the same refresh renews nothing.
        sit(learner, PASSED + timedelta(days=3))
        assert issue_for(learner, catalogue, PASSED + timedelta(days=3)) == 0
        assert issue_due(catalogue, PASSED + timedelta(days=4)) == 0


def test_the_sweep_renews_what_a_late_comer_to_the_refresh_had_passed(
    app: Flask, learner: Member, company: Company, catalogue: Catalogue
) -> None:
    with app.app_context():
        complete(learner, EARNED)
        cohort_id = refreshed(company).cohort_id
        sit(learner, PASSED)
        assert issue_for(learner, catalogue, PASSED) == issue_due(catalogue, PASSED) == 0
        with unit_of_work() as session:
            session.add(
                CohortMember(organization_id=company.id, cohort_id=cohort_id, user_id=learner.user_id, added_at=PASSED)
            )
        assert issue_due(catalogue, PASSED + timedelta(days=9)) == 1
        assert issue_due(catalogue, PASSED + timedelta(days=9)) == 0
        assert certificates_of(learner)[-1].valid_from == PASSED.date()


def test_whoever_completes_a_course_first_while_it_is_refreshed_is_given_one_certificate(
    app: Flask, learner: Member, company: Company, catalogue: Catalogue
) -> None:
    with app.app_context():
        refreshed(company, learner.user_id)
        complete(learner, PASSED)
        sit(learner, PASSED + timedelta(days=1))
        assert issue_for(learner, catalogue, PASSED + timedelta(days=1)) == 0


def test_a_refresh_brings_back_no_certificate_that_was_revoked_and_renews_one_that_is_over(
    app: Flask, learner: Member, company: Company, catalogue: Catalogue
) -> None:
    other = Member(company.manager, company.id)
    over = datetime(2031, 2, 1, 9, tzinfo=UTC)
    with app.app_context():
        first = complete(learner, EARNED)
        complete(other, EARNED)
        cohort_id = refreshed(company, learner.user_id).cohort_id
        revoke(Member(company.trainer, company.id), first.id, "Somebody else sat the quiz.", PASSED)
        sit(learner, PASSED - timedelta(days=1))
        assert issue_due(catalogue, PASSED + timedelta(days=1)) == 0
        sit(learner, PASSED + timedelta(days=2))
        assert issue_for(learner, catalogue, PASSED + timedelta(days=2)) == 1
        make_assignment(company, cohort_id, date(2031, 1, 1), date(2031, 1, 31), is_refresh=True)
        assert [each.state for each in my_certificates(learner, over)] == [State.EXPIRED, State.REVOKED]
        sit(learner, over)
        assert issue_for(learner, catalogue, over) == 1
        assert len(certificates_of(other)) == 1


def test_a_refresh_that_asks_nobody_renews_nothing(
    app: Flask, learner: Member, company: Company, catalogue: Catalogue
) -> None:
    with app.app_context():
        complete(learner, EARNED)
        refreshed(company, learner.user_id, ended_at=PASSED)
        archived = refreshed(company, learner.user_id).cohort_id
        with unit_of_work() as session:
            session.get_one(Cohort, archived).archived_at = PASSED
        make_assignment(company, make_cohort(company, [learner.user_id]), OPENS, OPENS)
        future = make_cohort(company, [learner.user_id])
        make_assignment(company, future, PASSED.date() + timedelta(days=1), date(2028, 3, 1), is_refresh=True)
        sit(learner, PASSED)
        assert issue_for(learner, catalogue, PASSED) == issue_due(catalogue, PASSED + timedelta(days=30)) == 0


def test_a_refresh_opens_where_the_person_is(
    app: Flask, learner: Member, company: Company, catalogue: Catalogue
) -> None:
    """Half past ten in UTC on the last of December: it is January in Auckland, and not yet in Lima."""
    evening = datetime(2027, 12, 31, 11, 30, tzinfo=UTC)
    with app.app_context():
        other = Member(make_learners(company, 1)[0], company.id)
        for member, zone in ((learner, "America/Lima"), (other, "Pacific/Auckland")):
            with unit_of_work() as session:
                session.get_one(User, member.user_id).time_zone = zone
            complete(member, EARNED)
        refreshed(company, learner.user_id, other.user_id)
        for member, count in ((learner, 0), (other, 1)):
            sit(member, evening)
            assert issue_for(member, catalogue, evening) == count


def test_the_pages_say_that_it_can_be_renewed(app: Flask, learner: Member, client_for: Clients) -> None:
    client = client_for(learner.user_id)
    with app.app_context():
        complete(learner, now() - timedelta(days=700))
    assert "to renew it" in client.get("/certificates/").text
    assert "to renew it" in client.get("/courses/employee-path/").text
    assert "You have earned a certificate" not in client.get("/").text, "old news is no news"
