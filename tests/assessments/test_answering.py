"""Answers carry revisions: nothing is overwritten in silence, and nothing counts twice."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from learning.assessments import answering, queries, service
from learning.assessments.errors import AssessmentFinished, BadAnswer, StaleAnswer, StalePage
from learning.clock import now
from learning.errors import NotFound
from learning.web.bases import Base
from learning.web.catalogue import the_catalogue
from learning.web.identity import Member
from tests.assessments.filling import INSTRUMENT
from tests.conftest import Company, csrf_token

Clients = Callable[[str | None], FlaskClient]


@pytest.fixture
def begun(app: Flask, company: Company) -> tuple[Member, str]:
    member = Member(company.learner, company.id)
    with app.app_context():
        return member, service.start(member, INSTRUMENT, the_catalogue(), now())


def _save(begun: tuple[Member, str], value: str, revision: int, operation: str, item: str = "a1-1") -> int:
    return answering.save_answer(*begun, item, operation_id=operation, revision=revision, sent=value, now=now())


def _stored(begun: tuple[Member, str], item: str = "a1-1") -> tuple[str | None, int | None]:
    mine = queries.filling(*begun)
    return mine.answers.get(item), mine.revisions.get(item)


def test_an_answer_is_saved_with_its_revision(app: Flask, begun: tuple[Member, str]) -> None:
    with app.app_context():
        assert _save(begun, "3", 1, "op-1") == 1
        assert _save(begun, "dont_know", 2, "op-2") == 2
        assert _stored(begun) == ("dont_know", 2)


def test_the_same_operation_sent_twice_has_one_effect(app: Flask, begun: tuple[Member, str]) -> None:
    with app.app_context():
        _save(begun, "3", 1, "op-1")
        assert _save(begun, "3", 1, "op-1") == 1
        assert _stored(begun) == ("3", 1)


def test_an_older_revision_never_replaces_a_newer_one(app: Flask, begun: tuple[Member, str]) -> None:
    with app.app_context():
        _save(begun, "3", 1, "op-1")
        _save(begun, "4", 2, "op-2")
        with pytest.raises(StaleAnswer) as stale:
            _save(begun, "0", 2, "op-3")
        assert (stale.value.revision, stale.value.value) == (2, "4")
        assert _stored(begun) == ("4", 2)


def test_of_two_tabs_that_save_at_once_one_wins_and_the_other_is_told(app: Flask, begun: tuple[Member, str]) -> None:
    outcomes: list[str] = []

    def save(value: str) -> None:
        with app.app_context():
            try:
                _save(begun, value, 1, f"op-{value}")
                outcomes.append(value)
            except StaleAnswer:
                outcomes.append("stale")

    threads = [threading.Thread(target=save, args=(value,)) for value in "01234"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes)[1:] == ["stale"] * 4
    with app.app_context():
        assert _stored(begun) == (min(outcomes), 1)


def test_an_answer_to_nothing_is_not_found(app: Flask, begun: tuple[Member, str]) -> None:
    with app.app_context():
        with pytest.raises(NotFound):
            _save(begun, "3", 1, "op-1", item="nothing")
        with pytest.raises(BadAnswer):
            _save(begun, "5", 1, "op-1")


def test_after_finishing_nothing_is_saved_but_a_repetition_is_no_error(app: Flask, begun: tuple[Member, str]) -> None:
    with app.app_context():
        _save(begun, "3", 1, "op-1")
        service.finish(*begun, now())
        assert _save(begun, "3", 1, "op-1") == 1
        with pytest.raises(AssessmentFinished):
            _save(begun, "4", 2, "op-2")


def test_an_old_page_is_refused_as_a_whole(app: Flask, begun: tuple[Member, str]) -> None:
    with app.app_context():
        _save(begun, "3", 1, "op-1")
        with pytest.raises(StalePage) as stale:
            answering.save_dimension(
                *begun, "a1", {"a1-1": "0", "a1-2": "1"}, now(), {"a1-1": Base(0), "a1-2": Base(0)}
            )
        assert stale.value.item_ids == {"a1-1"}
        assert _stored(begun, "a1-2") == (None, None)


def test_an_old_page_that_says_the_same_is_no_conflict(app: Flask, begun: tuple[Member, str]) -> None:
    with app.app_context():
        _save(begun, "3", 1, "op-1")
        answering.save_dimension(*begun, "a1", {"a1-1": "3", "a1-2": "1"}, now(), {"a1-1": Base(0), "a1-2": Base(0)})
        assert _stored(begun) == ("3", 1)
        assert _stored(begun, "a1-2") == ("1", 1)


def test_a_save_that_overtook_its_own_page_is_no_answer_of_another_tab(app: Flask, begun: tuple[Member, str]) -> None:
    with app.app_context():
        _save(begun, "3", 1, "op-1")
        answering.save_dimension(*begun, "a1", {"a1-1": "4"}, now(), {"a1-1": Base(0, frozenset({"op-0", "op-1"}))})
        assert _stored(begun) == ("4", 2)
        with pytest.raises(StaleAnswer):
            _save(begun, "2", 2, "op-2")
        with pytest.raises(StalePage):
            answering.save_dimension(*begun, "a1", {"a1-1": "0"}, now(), {"a1-1": Base(1, frozenset({"op-1"}))})


def test_an_old_page_gets_both_answers_back_and_may_then_decide(
    app: Flask, company: Company, begun: tuple[Member, str], client_for: Clients
) -> None:
    browser = client_for(company.learner)
    page = f"/assessments/{begun[1]}/pages/a1"
    token = csrf_token(browser, page)
    with app.app_context():
        _save(begun, "3", 1, "op-1")
    old = {"csrf_token": token, "a1-1": "0", "r-a1-1": "0", "own-a1-1": "op-of-mine"}
    refused = browser.post(page, data=old)
    assert refused.status_code == 409
    assert "Saved in another tab:" in refused.text
    assert (
        "I can say what the written promise means for my department." in refused.text.split("Saved in another tab:")[1]
    )
    assert 'id="a1-1-0" name="a1-1" value="0" checked' in refused.text
    assert 'name="r-a1-1" value="1"' in refused.text
    assert browser.post(page, data={**old, "r-a1-1": "1"}).status_code == 302
    with app.app_context():
        assert _stored(begun) == ("0", 2)


def test_a_script_saves_one_answer_and_is_told_of_a_newer_one(
    app: Flask, company: Company, begun: tuple[Member, str], client_for: Clients
) -> None:
    browser = client_for(company.learner)
    headers = {"X-CSRFToken": csrf_token(browser, f"/assessments/{begun[1]}/pages/a1")}
    address = f"/assessments/{begun[1]}/answers/a1-1"

    def put(**sent: object) -> tuple[int, dict[str, object]]:
        response = browser.put(address, json=sent, headers=headers)
        return response.status_code, response.get_json()

    assert put(operation_id="one", revision=1, value=["2"]) == (200, {"revision": 1})
    status, body = put(operation_id="two", revision=1, value=["4"])
    assert (status, body["revision"], body["value"]) == (409, 1, ["2"])
    for bad in ({"revision": 1, "value": ["2"]}, {"operation_id": "x", "revision": 2, "value": []},
                {"operation_id": "x", "revision": 0, "value": ["1"]}, {"operation_id": "x", "revision": 2, "value": ["9"]}):  # fmt: skip
        status, body = put(**bad)
        assert status == 422
        assert body["error"]


def test_saving_and_stopping_leads_home_and_resuming_to_the_first_gap(
    company: Company, begun: tuple[Member, str], client_for: Clients
) -> None:
    browser = client_for(company.learner)
    page = f"/assessments/{begun[1]}/pages/a1"
    token = csrf_token(browser, page)
    sent = {"csrf_token": token, "a1-1": "1", "a1-2": "1", "a1-3": "dont_know", "then": "later"}
    assert browser.post(page, data=sent).headers["Location"] == "/assessments/"
    other_device = client_for(company.learner)
    resumed = other_device.get(f"/assessments/{begun[1]}/resume")
    assert resumed.headers["Location"].endswith("/pages/a2")
    assert 'id="a1-3-dont_know" name="a1-3" value="dont_know" checked' in other_device.get(page).text
