"""Everyone whom a list shows, on all its pages: an action meets exactly these."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from learning.clock import now
from learning.database import unit_of_work
from learning.errors import NotFound
from learning.practice.models import PracticeState, Submission
from learning.teaching.at_risk import Reason
from learning.teaching.at_risk_page import RiskChoice, risk_page
from learning.teaching.matrix import matrix_page
from learning.teaching.matrix_people import Choice, State
from learning.teaching.selection import ANY_REASON, ANY_STATE, Selection, UnknownFilter, chosen
from learning.web.catalogue import the_catalogue
from tests.certificates.test_pages import many
from tests.conftest import Company, csrf_token
from tests.teaching.cohorts import make_cohort, make_learners
from tests.teaching.test_actions import hidden_fields
from tests.teaching.test_progress_pages import spiced

Clients = Callable[[str | None], FlaskClient]


def everyone(company: Company, **filters: str) -> list[str]:
    return chosen(company.id, Selection((), True, filters), the_catalogue(), now()).ids


@pytest.mark.parametrize("reason", [None, *Reason])
def test_everyone_at_risk_is_everyone_on_the_pages_of_the_list(
    app: Flask, company: Company, reason: Reason | None
) -> None:
    with app.app_context():
        crowd, group = spiced(company, 70, seed=4)
        listed, after = [], None
        while True:
            page = risk_page(group, the_catalogue(), now(), RiskChoice(reason, after=after))
            listed += [row.user_id for row in page.rows]
            after = page.next_after
            if after is None:
                break
        assert listed
        found = everyone(company, cohort=crowd.cohort, reason=reason.value if reason else ANY_REASON)
        assert found == listed


@pytest.mark.parametrize("state", list(State))
def test_everyone_of_a_state_is_everyone_in_the_table(app: Flask, company: Company, state: State) -> None:
    with app.app_context():
        crowd, group = spiced(company, 45, seed=3)
        catalogue = the_catalogue()
        course = catalogue.courses["foundations"]
        page = matrix_page(group, [course], catalogue, Choice(state=state))
        found = everyone(company, cohort=crowd.cohort, course="foundations", state=state.value)
        assert sorted(found) == sorted(row.person.user_id for row in page.rows)


@pytest.mark.parametrize("filters", [{"state": "overdue"}, {"reason": "late"}])
def test_a_filter_with_a_word_that_no_list_knows_never_means_everybody(
    app: Flask, company: Company, filters: dict[str, str]
) -> None:
    with app.app_context(), pytest.raises(UnknownFilter):
        everyone(company, **filters)


def test_the_cohort_of_another_organization_is_none(app: Flask, company: Company, other_company: Company) -> None:
    with app.app_context():
        crowd, _group = spiced(other_company, 10, seed=1)
        with pytest.raises(NotFound):
            everyone(company, cohort=crowd.cohort)


def test_the_lists_of_a_cohort_offer_boxes_and_actions(app: Flask, company: Company, client_for: Clients) -> None:
    with app.app_context():
        crowd, _group = spiced(company, 12, seed=2)
    trainer = client_for(company.trainer)
    for path in (
        f"/teaching/cohorts/{crowd.cohort}/progress?state=started",
        f"/teaching/cohorts/{crowd.cohort}/at-risk",
    ):
        page = trainer.get(path).text
        assert page.count('name="people"') >= 1
        assert f'name="filter-cohort" value="{crowd.cohort}"' in page
        for action in ("remind", "extend", "unlock", "note"):
            assert f'formaction="/teaching/actions/{action}"' in page


def test_reminding_everyone_at_risk_meets_them_all(app: Flask, company: Company, client_for: Clients) -> None:
    with app.app_context():
        crowd, group = spiced(company, 60, seed=6)
        number = risk_page(group, the_catalogue(), now(), RiskChoice()).at_risk
    trainer = client_for(company.trainer)
    sent = {
        "csrf_token": csrf_token(trainer, "/teaching/"),
        "everyone": "1",
        "filter-cohort": crowd.cohort,
        "filter-reason": ANY_REASON,
    }
    shown = hidden_fields(trainer.post("/teaching/actions/note", data=sent).text)
    shown["text"] = "Call me if anything is in your way."
    assert f"The note is on {number} people" in trainer.post("/teaching/actions/note", data=shown).text


def test_everyone_of_the_lists_of_practice_and_certificates_is_who_has_what_is_shown(
    app: Flask, company: Company, other_company: Company, client_for: Clients
) -> None:
    with app.app_context():
        returned, waiting, expiring, valid, nothing = make_learners(company, 5)
        with unit_of_work() as session:
            for user_id, state in ((returned, PracticeState.RETURNED), (waiting, PracticeState.HANDED_IN)):
                session.add(
                    Submission(
                        organization_id=company.id,
                        user_id=user_id,
                        task_id="t",
                        lesson_id="m01-l1",
                        lesson_hash="x" * 64,
                        state=state,
                        text="Tried.",
                        handed_in_at=now(),
                        decided_at=now() if state is PracticeState.RETURNED else None,
                        decided_by=company.trainer if state is PracticeState.RETURNED else None,
                    )
                )
        for user_id, until in ((expiring, now().date() + timedelta(days=9)), (valid, None)):
            many(company, 1, user_id=user_id, valid_until=until)
        many(other_company, 1, user_id=other_company.learner)
        assert everyone(company, practice="returned") == [returned]
        assert everyone(company, practice="returned", lesson="m01-l1") == [returned]
        assert everyone(company, practice="returned", lesson="m01-l2") == []
        assert everyone(company, certificate="expiring") == [expiring]
        assert everyone(company, certificate="expiring", cohort=make_cohort(company, [valid, nothing])) == []
        assert set(everyone(company, certificate=ANY_STATE)) == {expiring, valid}
        for wrong in ({"practice": "lost"}, {"certificate": "lost"}):
            with pytest.raises(UnknownFilter):
                everyone(company, **wrong)
    trainer = client_for(company.trainer)
    for path, name, value, person in (
        ("/teaching/practice/?state=returned", "practice", "returned", returned),
        ("/teaching/certificates/?state=expiring", "certificate", "expiring", expiring),
    ):
        page = trainer.get(path).text
        assert f'name="people" value="{person}"' in page
        assert f'name="filter-{name}" value="{value}"' in page
        assert 'formaction="/teaching/actions/remind"' in page
    assert "/teaching/actions/" not in trainer.get("/teaching/practice/").text, "each is confirmed by itself"
