"""Figures on the instruments: only with consent, only over many, only by steps of 30 people."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from learning.accounts.models import Membership, User
from learning.assessments import queries, service
from learning.assessments.models import QualityRelease
from learning.assessments.quality import release_due, releases
from learning.clock import now
from learning.database import unit_of_work
from learning.extensions import db
from learning.web.catalogue import the_catalogue
from learning.web.identity import Member, Role
from tests.assessments.filling import INSTRUMENT, answers, fill, fill_many, instrument
from tests.conftest import Company, csrf_token

Clients = Callable[[str | None], FlaskClient]


def _people(company: Company, count: int) -> list[Member]:
    with unit_of_work() as session:
        users = [
            User(name=f"P{n}", sign_in_name=f"{company.id}-{n}-{random.random()}", created_at=now())
            for n in range(count)
        ]
        session.add_all(users)
        session.flush()
        session.add_all(
            Membership(organization_id=company.id, user_id=user.id, role=Role.LEARNER, joined_at=now())
            for user in users
        )
        return [Member(user.id, company.id) for user in users]


def _fill_all(people: list[Member], *, consented: bool) -> list[str]:
    chance = random.Random(len(people))
    items = [item.id for each in instrument().dimensions for item in each.items]
    sent = [answers(chance.randrange(1, 4)) | {item: "1" for item in items if chance.random() < 0.15} for _ in people]
    return fill_many(list(zip(people, sent, strict=True)), consented=consented)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_figures_come_with_thirty_who_agreed_and_then_wait_for_thirty_more(app: Flask, company: Company) -> None:
    with app.app_context():
        everybody = _people(company, 62)
        _fill_all(everybody[:10], consented=False)
        _fill_all(everybody[10:39], consented=True)
        # Whoever answers again does not count again.
        _fill_all(everybody[10:20], consented=True)
        assert list(release_due(now())) == [f"{INSTRUMENT} version {instrument().version}: not enough new answers."]
        assert [each.quality for each in releases()] == [None]
        fill(everybody[39], answers(2), consented=True)
        assert list(release_due(now())) == [f"{INSTRUMENT} version {instrument().version}: figures over 30 people."]
        _fill_all(everybody[40:], consented=True)
        assert list(release_due(now())) == [f"{INSTRUMENT} version {instrument().version}: not enough new answers."]
        (shown,) = releases()
        assert shown.quality is not None
        assert shown.quality.people == 30


def test_nothing_counts_unless_the_person_says_so_and_they_may_take_it_back(
    app: Flask, company: Company, client_for: Clients
) -> None:
    member = Member(company.learner, company.id)
    browser = client_for(company.learner)
    with app.app_context():
        silent = service.start(member, INSTRUMENT, the_catalogue(), now())
    page = browser.get(f"/assessments/{silent}/check")
    assert 'name="consent" value="yes" aria-describedby="consent-hint">' in page.text
    token = csrf_token(browser, f"/assessments/{silent}/check")
    browser.post(f"/assessments/{silent}/finish", data={"csrf_token": token})
    with app.app_context():
        assert not queries.filling(member, silent).consented
    for choice, expected in (("yes", True), ("", False)):
        browser.post(f"/assessments/{silent}/consent", data={"csrf_token": token, "consent": choice})
        with app.app_context():
            assert queries.filling(member, silent).consented is expected
    with app.app_context():
        agreed = service.start(member, INSTRUMENT, the_catalogue(), now())
    browser.post(f"/assessments/{agreed}/finish", data={"csrf_token": token, "consent": "yes"})
    with app.app_context():
        assert queries.filling(member, agreed).consented


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_the_page_for_administrators_shows_the_figures_and_the_command_makes_them(
    app: Flask, company: Company, administrator: str, client_for: Clients
) -> None:
    with app.app_context():
        filled = _fill_all(_people(company, 30), consented=True)
    browser = client_for(administrator)
    assert "No figures yet" in browser.get("/administration/questionnaires").text
    ran = app.test_cli_runner().invoke(args=["assessments", "quality"])
    assert "figures over 30 people" in ran.output
    page = browser.get("/administration/questionnaires").text
    assert "Over 30 people" in page
    assert "Alpha" in page
    assert not any(each in page for each in filled)
    with app.app_context():
        (release,) = db.session.scalars(select(QualityRelease))
        assert not any(each in str(release.body) for each in filled)
