"""Many at once: one certificate, whoever comes first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from flask import Flask

from learning.certificates.models import Certificate
from learning.certificates.service import issue_due, issue_for, revoke
from learning.content.model import Catalogue
from learning.web.identity import Member
from tests.certificates.completing import certificates_of, complete, read, sit
from tests.proof import times
from tests.quizzes.test_races import at_once, somebody

PARALLEL = times(short=20, full=50)
ROUNDS = times(short=2, full=20)
DAY = datetime(2026, 3, 5, 9, tzinfo=UTC)
LATE = datetime(2028, 2, 1, 9, tzinfo=UTC)


def living(found: list[Certificate]) -> list[int]:
    """Rounds of the certificates that are neither replaced nor revoked."""
    return [each.round for each in found if each.replaced_at is None and each.revoked_at is None]


@pytest.mark.prove
def test_parallel_completions_of_the_last_step_issue_one_certificate(app: Flask, catalogue: Catalogue) -> None:
    """The last lesson is marked as read on many devices at once, and the sweep runs between them."""
    for _ in range(ROUNDS):
        member = somebody(app)
        with app.app_context():
            sit(member, DAY)

        def last_step(member: Member = member) -> int:
            read(member, DAY)
            return issue_for(member, catalogue, DAY)

        calls = [last_step] * (PARALLEL - 2) + [partial(issue_due, catalogue, DAY)] * 2
        results = at_once(app, calls)
        assert all(isinstance(result, int) for result in results), results
        assert sum(map(int, results)) == 1  # type: ignore[call-overload]
        with app.app_context():
            assert [each.round for each in certificates_of(member)] == [1]


@pytest.mark.prove
def test_parallel_renewals_issue_one(app: Flask, catalogue: Catalogue) -> None:
    for _ in range(ROUNDS):
        member = somebody(app)
        with app.app_context():
            complete(member, DAY)
            sit(member, LATE)
        results = at_once(app, [partial(issue_for, member, catalogue, LATE)] * PARALLEL)
        assert all(isinstance(result, int) for result in results), results
        assert sum(map(int, results)) == 1  # type: ignore[call-overload]
        with app.app_context():
            found = certificates_of(member)
            assert [each.round for each in found] == [1, 2]
            assert living(found) == [2]


@pytest.mark.prove
def test_a_certificate_that_is_revoked_while_it_is_renewed_is_one_or_the_other(
    app: Flask, catalogue: Catalogue
) -> None:
    for _ in range(ROUNDS):
        member = somebody(app)
        with app.app_context():
            first = complete(member, DAY)
            sit(member, LATE)
        calls = [
            *[partial(issue_for, member, catalogue, LATE)] * (PARALLEL // 2),
            partial(revoke, member, first.id, "Mistake", LATE + timedelta(seconds=1)),
        ]
        results = at_once(app, calls)
        assert not [result for result in results if isinstance(result, Exception)], results
        with app.app_context():
            found = certificates_of(member)
            assert found[0].revoked_at is not None
            # Revoked before it was replaced, it brings no other one by what had been passed already.
            assert living(found) == ([2] if found[0].replaced_at else [])
