"""The action plan: grown from the weak dimensions, kept by those who act."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from learning.ballots import codes
from learning.ballots import service as ballots
from learning.campaigns import measure_queries as queries
from learning.campaigns import measures
from learning.campaigns.closing import close_wave
from learning.campaigns.errors import BadPlan, ChangedMeanwhile
from learning.campaigns.measure_models import MeasureStatus
from learning.campaigns.measure_queries import PlanPage
from learning.campaigns.measures import Wanted
from learning.clock import now
from learning.content.instrument_versions import canonical_json, instrument_from_json, instrument_hash
from learning.content.model import AnchoredItem, Instrument
from learning.errors import NotFound
from learning.mail.deliver import deliver_due
from learning.web.catalogue import the_catalogue
from tests.accounts.people import mails
from tests.campaigns.planned import manager_of, open_campaign, planned_campaign
from tests.conftest import Company, csrf_token

ClientFor = Callable[[str | None], FlaskClient]
WANTED = Wanted("A meter in the dye house", "", None, None, MeasureStatus.PLANNED, "")


def instrument() -> Instrument:
    return the_catalogue().instruments["employee-awareness"]


def answer_lowly(site: Flask) -> None:
    """Let everybody who was invited by mail answer the workplace questions lowly, each a little differently."""
    chance = random.Random(5)
    letters = [ballots.unseal(mail.sealed_with or "", mail.body) or "" for mail in mails(site) if mail.sealed_with]
    for letter in letters:
        answers = {
            item.id: chance.choice((0, 0, 1, 1, 2) if isinstance(item, AnchoredItem) else (1, 2, 3, 4))
            for dimension in instrument().dimensions
            if dimension.kind != "knowledge"
            for item in dimension.items
        }
        code = letter.split("#")[1].split()[0]
        ballots.submit(ballots.Sent(code, codes.new_permit(), codes.new_response_key(), answers), now())
    deliver_due()


def closed_campaign(site: Flask, company: Company) -> str:
    campaign_id, wave_id = open_campaign(company)
    answer_lowly(site)
    close_wave(company.id, campaign_id, wave_id, now())
    return campaign_id


def plan(company: Company, campaign_id: str) -> PlanPage:
    return queries.plan_page(manager_of(company), campaign_id, instrument(), the_catalogue())


def test_every_dimension_that_can_be_weak_has_two_or_three_measures_for_a_company(app: Flask) -> None:
    with app.app_context():
        for asked in the_catalogue().instruments.values():
            for dimension in asked.dimensions:
                count = len(dimension.measures)
                assert count == 0 if dimension.kind == "knowledge" else 2 <= count <= 3, dimension.id
                assert len({each.title for each in dimension.measures}) == count


def test_measures_for_companies_are_no_part_of_the_version_that_is_asked(app: Flask) -> None:
    with app.app_context():
        asked = instrument()
        bare = replace(asked, dimensions=tuple(replace(each, measures=()) for each in asked.dimensions))
        assert instrument_hash(bare) == asked.hash
        assert instrument_from_json(canonical_json(asked), asked.hash) == bare


def test_weak_dimensions_suggest_measures_of_the_instrument_and_a_lesson_in_its_course(
    site: Flask, company: Company, client_for: ClientFor
) -> None:
    with site.test_request_context():
        campaign_id = closed_campaign(site, company)
        page = plan(company, campaign_id)
        by_id = {each.id: each for each in instrument().dimensions}
        assert 1 <= len(page.weak_points) <= 3
        for point in page.weak_points:
            assert [(each.title, each.what) for each in point.proposals] == [
                (each.title, each.what) for each in by_id[point.dimension_id].measures
            ]
            assert point.lesson
            assert point.lesson.id == by_id[point.dimension_id].recommendation_at(30.0).lesson  # type: ignore[union-attr]
        first = page.weak_points[0]
        made = measures.take_up(
            manager_of(company), campaign_id, first.proposals[0].key, instrument(), the_catalogue(), now()
        )
        after = plan(company, campaign_id)
        assert [(each.id, each.title) for each in after.measures] == [(made, first.proposals[0].title)]
        assert after.weak_points == (replace(first, proposals=first.proposals[1:]), *page.weak_points[1:])
    manager, address = client_for(company.manager), f"/organization/campaigns/{campaign_id}/measures"
    for shown in (manager.get(address).text, manager.get(f"{address}/{made}").text):
        assert first.lesson
        for link in (first.lesson.address, first.lesson.course_address):
            assert f'href="{link}"' in shown
            assert manager.get(link).status_code == 200


def test_nothing_is_suggested_before_a_wave_is_closed(site: Flask, company: Company) -> None:
    with site.test_request_context():
        campaign_id, _wave_id = open_campaign(company)
        answer_lowly(site)
        page = plan(company, campaign_id)
        assert page.weak_points == ()
        assert page.wave_number is None


def test_two_managers_who_take_the_same_up_at_once_make_one_measure(site: Flask, company: Company) -> None:
    with site.test_request_context():
        campaign_id = closed_campaign(site, company)
        key = plan(company, campaign_id).weak_points[0].proposals[0].key

    def take_up(_number: int) -> str | None:
        with site.test_request_context():
            return measures.take_up(manager_of(company), campaign_id, key, instrument(), the_catalogue(), now())

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(take_up, range(4)))
    assert sum(each is not None for each in made) == 1
    with site.test_request_context():
        assert len(plan(company, campaign_id).measures) == 1


def test_how_a_measure_went_on_is_kept(site: Flask, company: Company) -> None:
    member = manager_of(company)
    with site.test_request_context():
        campaign_id = planned_campaign(company)
        measure_id = measures.add(member, campaign_id, WANTED, now())
        going = Wanted(WANTED.title, "", company.trainer, now().date(), MeasureStatus.GOING, "Ordered")
        measures.change(member, campaign_id, measure_id, going, now(), revision=1)
        done = Wanted(WANTED.title, "", company.trainer, now().date(), MeasureStatus.DONE, "It runs")
        measures.change(member, campaign_id, measure_id, done, now(), revision=2)
        assert [(each.status.value, each.reason, each.owner) for each in queries.history(member, measure_id)] == [
            ("done", "It runs", "River trainer"),
            ("going", "Ordered", "River trainer"),
        ]
        assert queries.measure(member, campaign_id, measure_id).done_on == now().date()


def test_a_page_that_is_older_than_a_change_is_refused_and_keeps_what_was_typed(
    site: Flask, company: Company, client_for: ClientFor
) -> None:
    member = manager_of(company)
    with site.test_request_context():
        campaign_id = planned_campaign(company)
        measure_id = measures.add(member, campaign_id, WANTED, now())
    client = client_for(company.manager)
    path = f"/organization/campaigns/{campaign_id}/measures/{measure_id}"
    sent = {
        "title": "Two meters",
        "what": "",
        "owner_id": "",
        "due_on": "",
        "status": "planned",
        "reason": "",
        "revision": "1",
        "csrf_token": csrf_token(client, path),
    }
    assert client.post(path, data=sent | {"title": "One meter"}).status_code == 302
    refused = client.post(path, data=sent)
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert "Somebody else has changed this measure" in page
    assert "Two meters" in page
    assert 'name="revision" type="hidden" value="2"' in page
    assert client.post(path, data=sent | {"revision": "2"}).status_code == 302


def test_what_is_dropped_has_a_reason(site: Flask, company: Company) -> None:
    member = manager_of(company)
    with site.test_request_context():
        campaign_id = planned_campaign(company)
        dropped = Wanted(WANTED.title, "", None, None, MeasureStatus.DROPPED, "")
        with pytest.raises(BadPlan, match="why it is dropped"):
            measures.add(member, campaign_id, dropped, now())


def test_only_people_of_the_organization_see_to_a_measure(
    site: Flask, company: Company, other_company: Company
) -> None:
    with site.test_request_context():
        campaign_id = planned_campaign(company)
        theirs = Wanted(WANTED.title, "", other_company.learner, None, MeasureStatus.PLANNED, "")
        with pytest.raises(BadPlan, match="does not work here"):
            measures.add(manager_of(company), campaign_id, theirs, now())
        assert other_company.learner not in dict(queries.owners(manager_of(company)))


def test_another_organization_cannot_change_the_plan(site: Flask, company: Company, other_company: Company) -> None:
    with site.test_request_context():
        campaign_id = planned_campaign(company)
        measure_id = measures.add(manager_of(company), campaign_id, WANTED, now())
        for verb in (
            lambda: measures.add(manager_of(other_company), campaign_id, WANTED, now()),
            lambda: measures.change(manager_of(other_company), campaign_id, measure_id, WANTED, now(), revision=1),
            lambda: queries.plan_page(manager_of(other_company), campaign_id, None, the_catalogue()),
        ):
            with pytest.raises(NotFound):
                verb()


def test_a_late_measure_says_so(site: Flask, company: Company, client_for: ClientFor) -> None:
    with site.test_request_context():
        campaign_id = planned_campaign(company)
        late = Wanted(WANTED.title, "", None, now().date() - timedelta(days=1), MeasureStatus.GOING, "")
        measures.add(manager_of(company), campaign_id, late, now())
    page = client_for(company.manager).get(f"/organization/campaigns/{campaign_id}/measures").get_data(as_text=True)
    assert "Under way, late" in page


def test_an_old_revision_is_refused(site: Flask, company: Company) -> None:
    member = manager_of(company)
    with site.test_request_context():
        campaign_id = planned_campaign(company)
        measure_id = measures.add(member, campaign_id, WANTED, now())
        measures.change(member, campaign_id, measure_id, WANTED, now(), revision=1)
        with pytest.raises(ChangedMeanwhile):
            measures.change(member, campaign_id, measure_id, WANTED, now(), revision=1)
