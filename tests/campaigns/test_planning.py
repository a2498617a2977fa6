"""Planning: groups large enough or merged, the states of a wave, what is still missing, what can be seen."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from learning.campaigns import planning, queries
from learning.campaigns.declaring import outlook, outlook_words
from learning.campaigns.errors import BadDays, BadPlan, GroupsTooSmall, NotNow, NotReady, TitleTaken, TooFewPeople
from learning.campaigns.groups import (
    NO_DEPARTMENT,
    Part,
    few_cards,
    merged,
    smallest_group,
    suggested,
    suggested_cards,
    too_small,
)
from learning.campaigns.models import CampaignGroup, Channel, GroupDepartment, SealedCards, WaveState
from learning.campaigns.states import MOVES, Move, allowed
from learning.clock import now
from learning.errors import NotFound
from learning.extensions import db
from learning.psychometrics.company import detectable_difference
from learning.web.identity import Member
from tests.accounts.people import mails
from tests.campaigns.planned import (
    WHAT,
    accept,
    add_people,
    days,
    manager_of,
    open_next,
    page_of,
    planned_campaign,
    staff,
)
from tests.conftest import Company, csrf_token


def part(id: str, people: int) -> Part:
    return Part(id, f"Department {id}", people)


def test_a_suggestion_holds_for_any_company(app: Flask) -> None:
    """Every group has 2k people or more, everybody is asked, and large departments stand alone if they can."""
    chance = random.Random(7)
    with app.test_request_context():
        for _company in range(500):
            parts = [
                replace(each, with_address=chance.randint(0, each.people))
                for each in (
                    part(str(number), chance.choice((0, 1, 3, 9, 10, 11, 40))) for number in range(chance.randint(1, 9))
                )
            ]
            k = chance.choice((5, 6, 10))
            names = suggested(parts, k)
            groups = merged(parts, names)
            if sum(each.people for each in parts) < smallest_group(k):
                assert names == {}
                continue
            assert not too_small(groups, k)
            cards = suggested_cards(parts, names, k)
            for inside in groups.values():
                assert (inside[0].id in cards) is few_cards(inside, k)
            assert sum(each.people for inside in groups.values() for each in inside) == sum(
                each.people for each in parts
            )
            alone = sum(len(inside) == 1 for inside in groups.values())
            assert alone >= sum(each.people >= smallest_group(k) for each in parts) - 1


def test_small_departments_are_merged_and_the_name_says_so(app: Flask) -> None:
    with app.test_request_context():
        small = [Part("a", "Store", 6), Part("b", "Yard", 4), Part("c", "Dye house", 30)]
        assert suggested(small, 5) == {"a": "Store and Yard", "b": "Store and Yard", "c": "Dye house"}
        host = [Part("a", "Store", 6), Part("b", "Office", 12), Part("c", "Dye house", 30)]
        assert suggested(host, 5) == {"a": "Office and others", "b": "Office and others", "c": "Dye house"}
        assert set(suggested([Part("a", "Store", 6), Part("b", "Yard", 6)], 5).values()) == {"Everybody"}


def test_a_company_with_fewer_than_ten_people_gets_no_campaign(app: Flask, company: Company) -> None:
    with app.test_request_context():
        add_people(company, company.departments[0], 6)
        with pytest.raises(TooFewPeople, match="has 9 people here, and a campaign needs at least 10"):
            planning.create_campaign(manager_of(company), "Too small", now())
        add_people(company, None, 1)
        planning.create_campaign(manager_of(company), "Just enough", now())


def test_a_group_below_2k_is_refused_with_the_way_to_mend_it_and_nothing_is_saved(
    site: Flask, company: Company
) -> None:
    member, (first, second) = manager_of(company), company.departments
    with site.test_request_context():
        add_people(company, None, 4)
        campaign_id = planned_campaign(company)
        with pytest.raises(GroupsTooSmall) as refused:
            planning.set_groups(member, campaign_id, {first: "Wet", second: "Hot", NO_DEPARTMENT: "Rest"}, ())
        assert "Rest has 4 people, and a group needs at least 10" in str(refused.value)
        assert "same name as another group" in str(refused.value)
        assert refused.value.groups[0].part_ids == (NO_DEPARTMENT,)
        assert [group.name for group in page_of(member, campaign_id).record.groups] == ["Hot side", "Wet side"]
        planning.set_groups(member, campaign_id, {first: "Wet", second: "Hot", NO_DEPARTMENT: "Hot"}, (second,))
        db.session.remove()
        groups = page_of(member, campaign_id).record.groups
        assert [(each.name, each.people, each.by_mail, each.channel) for each in groups] == [
            ("Hot", 16, 0, Channel.CARDS),
            ("Wet", 15, 15, Channel.MAIL),
        ]
        with pytest.raises(BadPlan):
            planning.set_groups(member, campaign_id, {first: ""}, ())


def test_a_bowl_of_few_cards_is_refused_and_cards_for_everybody_mend_it(
    site: Flask, company: Company, client_for: Callable[[str | None], FlaskClient]
) -> None:
    """Fourteen of fifteen get a mail: whoever prints the one card would know whose it is."""
    member = manager_of(company)
    with site.test_request_context():
        add_people(company, company.departments[0], 1, with_address=False)
        campaign_id = planned_campaign(company)
        page = page_of(member, campaign_id)
        (missing,) = [check for check in page.checks if not check.done]
        assert "Wet side: 1 of 16 people have no e-mail address" in missing.hint
        with pytest.raises(NotReady):
            open_next(member, campaign_id)
        with pytest.raises(NotFound):
            planning.give_cards(member, campaign_id, "g09")
    manager, address = client_for(company.manager), f"/organization/campaigns/{campaign_id}"
    shown = manager.get(address).text
    assert "Cards for everybody: Wet side" in shown
    assert "Cards for everybody: Hot side" not in shown
    sent = {"csrf_token": csrf_token(manager, address), "group": "g02"}
    assert manager.post(f"{address}/cards-for-all", data=sent).status_code == 302
    with site.test_request_context():
        accept(member, campaign_id)
        open_next(member, campaign_id)
        with pytest.raises(NotNow):
            planning.give_cards(member, campaign_id, "g01")
        assert {row.group_code: row.count for row in db.session.scalars(select(SealedCards))} == {"g01": 12, "g02": 16}
    assert mails(site) == []


def test_so_many_cards_that_nobody_knows_whose_they_are_stand_beside_mails(site: Flask, company: Company) -> None:
    with site.test_request_context():
        add_people(company, company.departments[0], 10, with_address=False)
        assert page_of(manager_of(company), planned_campaign(company)).is_ready


def test_groups_are_replaced_whole(site: Flask, company: Company) -> None:
    member, (first, second) = manager_of(company), company.departments
    with site.test_request_context():
        campaign_id = planned_campaign(company)
        planning.set_groups(member, campaign_id, {first: "All", second: "All"}, ())
        db.session.remove()
        assert db.session.scalars(select(CampaignGroup.name)).all() == ["All"]
        assert set(db.session.scalars(select(GroupDepartment.department_id))) == {first, second}


def test_a_group_name_with_a_department_of_another_organization_is_left_out(
    site: Flask, company: Company, other_company: Company
) -> None:
    member = manager_of(company)
    with site.test_request_context():
        campaign_id = planned_campaign(company)
        names = {company.departments[0]: "Wet side", other_company.departments[0]: "Wet side"}
        planning.set_groups(member, campaign_id, names, ())
        db.session.remove()
        assert db.session.scalars(select(GroupDepartment.department_id)).all() == [company.departments[0]]


def test_days_must_stand_in_order(site: Flask, company: Company) -> None:
    member = manager_of(company)
    with site.test_request_context():
        campaign_id = planned_campaign(company)
        for first, second, field, said in (
            (days(5, 5), None, "closes_on", "at least one day later"),
            (days(5, 4), None, "closes_on", "at least one day later"),
            (days(0, 10), days(20, 20), "again_closes_on", "at least one day later"),
            (days(0, 10), days(10, 20), "again_opens_on", "before the first one has ended"),
        ):
            with pytest.raises(BadDays, match=said) as refused:
                planning.set_days(member, campaign_id, first, second)
            assert refused.value.field == field
        planning.set_days(member, campaign_id, days(0, 10), days(200, 214))
        assert [wave.number for wave in page_of(member, campaign_id).record.waves] == [1, 2]


def test_titles_are_unique_within_the_organization_only(site: Flask, company: Company, other_company: Company) -> None:
    with site.test_request_context():
        staff(other_company)
        planned_campaign(company)
        planned_campaign(other_company)
        with pytest.raises(TitleTaken):
            planning.create_campaign(manager_of(company), WHAT.title, now())


def test_a_campaign_of_another_organization_does_not_exist(
    site: Flask, company: Company, other_company: Company
) -> None:
    stranger = Member(other_company.manager, other_company.id)
    with site.test_request_context():
        campaign_id = planned_campaign(company)
        for verb in (
            lambda: page_of(stranger, campaign_id),
            lambda: planning.set_what(stranger, campaign_id, WHAT),
            lambda: planning.set_groups(stranger, campaign_id, {}, ()),
            lambda: planning.set_days(stranger, campaign_id, days(), None),
            lambda: planning.set_k(stranger, campaign_id, 9),
            lambda: planning.accept_promise(stranger, campaign_id, "x", True),
            lambda: planning.delete_campaign(stranger, campaign_id),
        ):
            with pytest.raises((NotFound, BadPlan)) as refused:
                verb()
            assert isinstance(refused.value, NotFound)
        assert queries.campaigns(stranger) == []


def test_the_list_of_what_is_missing_grows_shorter_page_by_page(site: Flask, company: Company) -> None:
    member, (first, second) = manager_of(company), company.departments
    with site.test_request_context():
        campaign_id = planning.create_campaign(member, "Our view 2030", now())

        def missing() -> list[str]:
            db.session.remove()
            return [check.step.value for check in page_of(member, campaign_id).checks if not check.done]

        assert missing() == ["what"] * 4 + ["who"] * 2 + ["when"] * 2 + ["promise"] * 2
        planning.set_what(member, campaign_id, WHAT)
        assert missing() == ["who"] * 2 + ["when"] * 2 + ["promise"] * 2
        planning.set_groups(member, campaign_id, {first: "Wet side", second: "Hot side"}, ())
        assert missing() == ["when"] * 2 + ["promise"] * 2
        planning.set_days(member, campaign_id, days(), None)
        assert missing() == ["promise"] * 2
        promised = page_of(member, campaign_id).promised
        planning.accept_promise(member, campaign_id, promised, False)
        assert missing() == ["promise"]
        planning.accept_promise(member, campaign_id, promised, True)
        assert missing() == []
        assert page_of(member, campaign_id).is_ready


def test_what_a_campaign_can_show_is_said_in_points(app: Flask) -> None:
    with app.test_request_context():
        found = outlook(100)
        assert found is not None
        assert found.answering == 60
        assert found.d == detectable_difference(60, 60) == pytest.approx(0.516, abs=0.001)
        assert "With 100 people invited and 60 of them answering each time" in outlook_words(found)
        assert "9 points of 100 or more" in outlook_words(found)
        assert outlook(2) is None


def test_a_wave_goes_one_way() -> None:
    """The table of moves: no way leads back from open, nothing leads out of closed."""
    after = {state: {MOVES[(state, move)] for move in Move if allowed(state, move)} for state in WaveState}
    assert after[WaveState.CLOSED] == set()
    assert after[WaveState.CLOSING] == {WaveState.CLOSING, WaveState.CLOSED}
    assert after[WaveState.OPEN] == {WaveState.OPEN, WaveState.CLOSING}
    assert after[WaveState.OPENING] == {WaveState.OPENING, WaveState.PLANNED, WaveState.OPEN}
    assert after[WaveState.PLANNED] == {WaveState.OPENING}
    refused = [pair for pair in itertools.product(WaveState, Move) if not allowed(*pair)]
    assert len(refused) == len(WaveState) * len(Move) - len(MOVES)
