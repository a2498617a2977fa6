"""A closed campaign of the demo organization with two waves, a plan and some ideas, made by its manager.

The answers are invented, from a fixed seed; codes and keys are random like everybody's, so no two demos are the same
in them. Content of one's own may come without the instrument; then there is no campaign.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from flask import current_app
from sqlalchemy import select

from learning.accounts.models import Department, Membership
from learning.ballots import service as ballots
from learning.ballots.codes import new_permit, new_response_key
from learning.campaigns import measure_queries, measures, planning
from learning.campaigns.cards import forget_cards, unsealed_cards
from learning.campaigns.closing import close_wave
from learning.campaigns.groups import NO_DEPARTMENT
from learning.campaigns.measure_models import MeasureStatus
from learning.campaigns.measures import Wanted
from learning.campaigns.opening import open_wave
from learning.campaigns.planning import Days, What
from learning.campaigns.queries import campaign_page
from learning.content.model import AgreementItem, AnchoredItem, Catalogue, Dimension, Item
from learning.demo.assessment import INSTRUMENT_ID
from learning.extensions import db
from learning.ideas import service as ideas
from learning.ideas.models import IdeaState, SavingUnit
from learning.ideas.service import Saving
from learning.psychometrics.responses import Answer, Missing
from learning.web.identity import Member, Role

SEED = 1857
#: Department -> group of the report; all groups get cards.
GROUPS = {
    "Dye house": "Dye house and boilers",
    "Boiler house and utilities": "Dye house and boilers",
    "Stores and dispatch": "Stores, laboratory, offices",
    "Laboratory and quality": "Stores, laboratory, offices",
    "Weaving, early shift": "Weaving, early shift",
    "Weaving, late shift": "Weaving, late shift",
}
OFFICES = "Stores, laboratory, offices"
#: Group -> how many answer in each wave. Of the offices too few do, so that the report says what it hides.
ANSWERS = {
    "Dye house and boilers": (13, 18),
    OFFICES: (4, 4),
    "Weaving, early shift": (26, 33),
    "Weaving, late shift": (24, 32),
}
#: Where a dimension stands on its scale, 0 to 1, before and after; the others stand in the middle.
LEVELS = {"a1": (0.58, 0.65), "a2": (0.34, 0.53), "a3": (0.62, 0.68), "a4": (0.26, 0.43), "a5": (0.42, 0.56)}
LEVELS |= {"a6": (0.46, 0.58), "a7": (0.42, 0.53), "b2": (0.72, 0.74), "b3": (0.44, 0.46), "b5": (0.7, 0.7)}
MIDDLE = (0.54, 0.56)
#: Share of "I don't know" where people speak of the workplace.
UNKNOWN = {"a2": 0.22, "a4": 0.31}
#: Days before today on which the waves open; each is open for two weeks.
OPENED = (215, 30)


def add_campaign(catalogue: Catalogue, organization_id: str, now: datetime) -> None:
    """Ask twice, act in between. Opening, answering and closing are the verbs that people use."""
    if INSTRUMENT_ID not in catalogue.instruments:
        return
    chance = random.Random(SEED)  # invented data, nothing secret
    manager = _manager(organization_id)
    _hand_in_ideas(manager, now)
    # The words and addresses of a campaign are those of a request.
    with current_app.test_request_context():
        first, second = (now - timedelta(days=days) for days in OPENED)
        campaign_id = _plan(manager, first)
        _ask(chance, catalogue, manager, campaign_id, 0, first)
        _act(manager, campaign_id, second)
        planning.plan_next_wave(manager, campaign_id, _days(second))
        _ask(chance, catalogue, manager, campaign_id, 1, second)
        next_day = now.date() + timedelta(days=330)
        planning.plan_next_wave(manager, campaign_id, Days(next_day, next_day + timedelta(days=14)))
        _take_up(catalogue, manager, campaign_id, now)


def _manager(organization_id: str) -> Member:
    user_id = db.session.scalars(
        select(Membership.user_id).where(Membership.organization_id == organization_id, Membership.role == Role.MANAGER)
    ).one()
    return Member(user_id, organization_id)


def _days(opened: datetime) -> Days:
    return Days(opened.date(), opened.date() + timedelta(days=14))


def _plan(manager: Member, moment: datetime) -> str:
    what = What(
        title="How we work with water and energy",
        instrument_id=INSTRUMENT_ID,
        course_ids=(),
        purpose="We want to use less water, steam and dye, and you see first where they are lost.",
        measures="20,000 a year and 40 hours a month.",
        contact="Max Sluis, office 2, and the works council",
    )
    campaign_id = planning.create_campaign(manager, what.title, moment)
    planning.set_what(manager, campaign_id, what)
    departments = db.session.scalars(select(Department).where(Department.organization_id == manager.organization_id))
    names = {each.id: GROUPS[each.name] for each in departments}
    planning.set_groups(manager, campaign_id, names | {NO_DEPARTMENT: OFFICES}, {*names, NO_DEPARTMENT})
    planning.set_days(manager, campaign_id, _days(moment), None)
    return campaign_id


def _ask(
    chance: random.Random, catalogue: Catalogue, manager: Member, campaign_id: str, number: int, moment: datetime
) -> None:
    """One wave: open it, let people answer, close it."""
    page = campaign_page(manager, campaign_id, catalogue, moment)
    planning.accept_promise(manager, campaign_id, page.promised, council_agrees=True)
    wave = page.record.next_wave
    assert wave
    open_wave(manager, campaign_id, wave.id, catalogue, (), moment)
    dimensions = catalogue.instruments[INSTRUMENT_ID].dimensions
    for group in page.record.groups:
        codes = unsealed_cards(manager, campaign_id, wave.id, group.code)
        forget_cards(manager, campaign_id, wave.id, group.code, moment)
        for code in codes[: ANSWERS[group.name][number]]:
            trust = chance.choices((2, 3, 4, 5), (1, 2, 4, 4))[0]
            sent = ballots.Sent(code, new_permit(), new_response_key(), _answers(chance, dimensions, number), trust)
            ballots.submit(sent, moment)
    ballots.refresh_participation(moment + timedelta(days=13))
    close_wave(manager.organization_id, campaign_id, wave.id, moment + timedelta(days=14))


def _answers(chance: random.Random, dimensions: Sequence[Dimension], wave: int) -> dict[str, Answer]:
    """What one invented person answers: around a view of their own, with the company's strengths and weak points."""
    person = chance.gauss(0, 0.13)
    answers: dict[str, Answer] = {}
    for dimension in dimensions:
        level = LEVELS.get(dimension.id, MIDDLE)[wave] + person + chance.gauss(0, 0.08)
        unknown = UNKNOWN.get(dimension.id, 0.06)
        for item in dimension.items:
            answers[item.id] = _answer(chance, item, level, unknown if isinstance(item, AnchoredItem) else 0.0)
    return answers


def _answer(chance: random.Random, item: Item, level: float, unknown: float) -> Answer:
    # Every question has its own height, the same for all.
    own = level + random.Random(item.id).gauss(0, 0.06)
    match item:
        case AnchoredItem():
            return Missing.DONT_KNOW if chance.random() < unknown else _near(chance, own, 0)
        case AgreementItem():
            return _near(chance, own if item.key == "positive" else 1 - own, 1)
        case _:
            right = next(place for place, option in enumerate(item.options) if option.right)
            return right if chance.random() < 0.6 else chance.randrange(len(item.options))


def _near(chance: random.Random, share: float, least: int) -> int:
    return least + min(4, max(0, round(4 * share + chance.gauss(0, 0.75))))


def _act(manager: Member, campaign_id: str, second: datetime) -> None:
    """What was done between the waves."""
    done = Wanted(
        "A water meter on every dyeing machine",
        "The reading hangs beside the machine, and the shift writes it down.",
        manager.user_id,
        second.date() - timedelta(days=40),
        MeasureStatus.DONE,
        "All eleven run since the summer stop.",
    )
    measures.add(manager, campaign_id, done, second - timedelta(days=45))
    named = Wanted(
        "For every shift a name on the board: whom to call about a leak",
        "",
        manager.user_id,
        second.date() - timedelta(days=100),
        MeasureStatus.DONE,
        "",
    )
    measures.add(manager, campaign_id, named, second - timedelta(days=102))


def _take_up(catalogue: Catalogue, manager: Member, campaign_id: str, now: datetime) -> None:
    """What is planned after the second wave, and what cannot be done."""
    instrument = catalogue.instruments[INSTRUMENT_ID]
    points = measure_queries.plan_page(manager, campaign_id, instrument, catalogue).weak_points
    for proposal in [proposal for point in points for proposal in point.proposals][:1]:
        made = measures.take_up(manager, campaign_id, proposal.key, instrument, catalogue, now)
        assert made
        planned = Wanted(
            proposal.title,
            proposal.what,
            manager.user_id,
            now.date() + timedelta(days=45),
            MeasureStatus.PLANNED,
            "",
        )
        measures.change(manager, campaign_id, made, planned, now, revision=1)
    going = Wanted(
        "Ten minutes of every Monday shift start for losses that people saw",
        "",
        manager.user_id,
        now.date() + timedelta(days=20),
        MeasureStatus.GOING,
        "",
    )
    measures.add(manager, campaign_id, going, now)
    dropped = Wanted(
        "A new boiler this year",
        "",
        None,
        None,
        MeasureStatus.DROPPED,
        "It costs more than is set aside; we ask for it in the budget of next year.",
    )
    measures.add(manager, campaign_id, dropped, now)


def _hand_in_ideas(manager: Member, now: datetime) -> None:
    def ago(days: int) -> datetime:
        return now - timedelta(days=days)

    def idea(text: str, saving: Saving | None, days: int) -> str:
        return ideas.hand_in(manager, text, saving, ago(days), with_name=False)

    lids = idea(
        "Put lids on the dye vats during breaks. You can feel the heat from the door.",
        Saving(Decimal(18000), SavingUnit.ENERGY),
        150,
    )
    ideas.answer(manager, lids, IdeaState.DONE, "Lids are on all vats. Thank you!", ago(90), seen="")
    hoses = idea("Nozzles on the hoses for rinsing the floor.", Saving(Decimal(900), SavingUnit.WATER), 120)
    ideas.answer(manager, hoses, IdeaState.PLANNED, "Ordered for both shifts.", ago(60), seen="")
    lights = idea("Switch the hall lights off by hand at night.", None, 110)
    ideas.answer(
        manager, lights, IdeaState.DECLINED, "The night shift crosses the hall; we try sensors first.", ago(80), seen=""
    )
    idea("Collect the yarn ends by colour, a spinner nearby buys them.", Saving(Decimal(2400), SavingUnit.MATERIAL), 9)
