"""What a person answered reaches nobody else: no page, no export, no log.

The strongest form of it: two people answer, one with the lowest choice everywhere, one with the highest. Whatever
anybody else can open looks the same, byte for byte, whichever of the two it was.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
import structlog
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from learning.assessments import service
from learning.assessments.actions import add_action
from learning.assessments.quality import release_due
from learning.clock import now
from learning.web.catalogue import the_catalogue
from learning.web.identity import Member
from learning.web.policies import Policy
from tests.assessments.filling import answers, fill
from tests.conftest import Company
from tests.web.routes import OWNED, clients, content_values, masked, routes

Clients = Callable[[str | None], FlaskClient]
CANARY = "canary-7f3a weigh the scrap at the yellow press"
#: Own things of the person whose page is opened, not of the one who answered.
NOBODY_ELSES = {"attempt_id", "assessment_id", "session_id", "action_id"}


def _crawl(app: Flask, browsers: dict[str, FlaskClient], ids: dict[str, str]) -> dict[str, str]:
    """Every page that anybody but the learner can open, by who and where; ids lead to the learner's own things."""
    seen = {}
    for who, browser in browsers.items():
        for route in routes(app):
            if route.method != "GET" or route.policy is Policy.DEVELOPMENT:
                continue
            with app.app_context():
                values = content_values(route) | {name: ids[name] for name in route.parameters & ids.keys()}
            path = route.path(app, **values)
            answer = browser.get(path)
            said = (
                f"{answer.status_code} {answer.headers.get('Location')} {answer.get_data().decode('utf-8', 'replace')}"
            )
            seen[f"{who} {route}"] = masked(said, ids["assessment_id"])
    return seen


def _answer(app: Flask, member: Member, level: int) -> str:
    """Fill the self-assessment at one level, agree, put lessons and a canary on the lists."""
    with app.app_context():
        assessment_id = fill(member, answers(level), consented=True)
        add_action(member, assessment_id, f"{CANARY} {level}", now().date(), now(), remind=True)
        lessons = list(the_catalogue().lessons)
        service.put_on_reading_list(member, assessment_id, lessons[level : level + 3], the_catalogue())
        list(release_due(now()))
    return assessment_id


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_everything_that_others_can_open_is_the_same_whatever_a_person_answered(
    app: Flask, company: Company, administrator: str, client_for: Clients
) -> None:
    member = Member(company.learner, company.id)
    with app.app_context():
        ids = {name: make(company, company.learner) for name, make in OWNED.items() if name not in NOBODY_ELSES}
    ids |= {"user_id": company.learner, "organization_id": company.id}
    browsers = clients(client_for, company, administrator)
    del browsers["learner"]
    pages, logs = [], []
    # Files carry the moment at which they were made.
    moment = now()
    for level in (0, 4):
        with time_machine.travel(moment, tick=False), structlog.testing.capture_logs() as events:
            assessment_id = _answer(app, member, level)
            ids |= dict.fromkeys(NOBODY_ELSES, assessment_id)
            seen = _crawl(app, browsers, ids)
        logs.append([{key: value for key, value in each.items() if key != "timestamp"} for each in events])
        pages.append(seen)
        with app.app_context():
            service.remove(member, assessment_id)
    assert len(pages[0]) > 100
    differing = [where for where, page in pages[0].items() if page != pages[1][where]]
    assert differing == []
    assert not [where for where, page in pages[0].items() if "canary-7f3a" in page]
    assert logs[0] == logs[1]
    assert "canary-7f3a" not in repr(logs)
    # The control: these pages were really opened, and of the self-assessment the trainer sees the fact.
    assert pages[0]["trainer GET /teaching/people/<user_id>"].startswith("200")
    assert pages[0]["administrator GET /administration/questionnaires"].startswith("200")


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_the_person_does_see_it(app: Flask, company: Company, client_for: Clients) -> None:
    member = Member(company.learner, company.id)
    shown = []
    for level in (0, 4):
        assessment_id = _answer(app, member, level)
        shown.append(
            masked(client_for(company.learner).get(f"/assessments/{assessment_id}/result").text, assessment_id)
        )
        with app.app_context():
            service.remove(member, assessment_id)
    assert shown[0] != shown[1]
    assert "canary-7f3a" in shown[0]
