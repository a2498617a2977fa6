"""Where days begin and end: one's own choice, else the organization's, else UTC."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from learning.accounts.models import Organization, User
from learning.accounts.sessions import load_person, start_session
from learning.accounts.time_zones import known_zone, zones
from learning.clock import now
from learning.database import unit_of_work
from tests.accounts.people import send
from tests.conftest import Company

ClientFor = Callable[[str | None], FlaskClient]


def zone_of(app: Flask, user_id: str) -> str:
    """As a request of this person knows it."""
    with app.app_context():
        with unit_of_work() as session:
            token = start_session(session, session.get_one(User, user_id), now())
        person = load_person(token, now())
        assert person
        return person.time_zone


def test_a_person_follows_the_organization_until_they_choose(
    app: Flask, company: Company, other_company: Company, client_for: ClientFor
) -> None:
    assert zone_of(app, company.learner) == "UTC"
    assert send(client_for(company.manager), "/organization/time-zone", time_zone="Asia/Shanghai").status_code == 302
    assert zone_of(app, company.learner) == "Asia/Shanghai"
    assert zone_of(app, other_company.learner) == "UTC"
    learner = client_for(company.learner)
    page = learner.get("/people/account").text
    assert "As my organization: Asia/Shanghai" in page
    send(learner, "/people/account/time-zone", form_page="/people/account", time_zone="America/Sao_Paulo")
    assert zone_of(app, company.learner) == "America/Sao_Paulo"
    assert zone_of(app, company.trainer) == "Asia/Shanghai"
    send(learner, "/people/account/time-zone", form_page="/people/account", time_zone="")
    assert zone_of(app, company.learner) == "Asia/Shanghai"


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../../etc/passwd", "EST", "utc", "Asia/Shanghai\0", "x" * 500])
def test_what_is_no_zone_of_the_list_is_refused(app: Flask, company: Company, client_for: ClientFor, zone: str) -> None:
    assert send(client_for(company.manager), "/organization/time-zone", time_zone=zone).status_code == 422
    send(client_for(company.learner), "/people/account/time-zone", form_page="/people/account", time_zone=zone)
    assert zone_of(app, company.learner) == "UTC"


def test_a_zone_that_this_machine_does_not_know_is_utc_and_no_error(
    app: Flask, company: Company, client_for: ClientFor
) -> None:
    with app.app_context(), unit_of_work() as session:
        session.execute(update(Organization).values(time_zone="Atlantis/Capital"))
    assert zone_of(app, company.learner) == "UTC"
    assert client_for(company.manager).get("/organization/time-zone").status_code == 200
    for name in (None, "", "no/such", "/etc/passwd", "..", "a\0b", "Asia"):
        assert known_zone(name) == "UTC"


def test_every_zone_that_is_offered_is_known() -> None:
    assert all(known_zone(name) == name for name in zones())
    assert {"Asia/Shanghai", "America/Lima", "Europe/Zurich", "Pacific/Kiritimati"} <= set(zones())


def test_an_administrator_without_an_organization_has_a_zone_too(app: Flask, administrator: str) -> None:
    assert zone_of(app, administrator) == "UTC"
