"""Opening a wave: what is fixed from then on, and what happens when it is cut off."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from learning.accounts import membership
from learning.accounts.models import Membership
from learning.ballots import service as ballots
from learning.ballots.database import reading
from learning.ballots.keys import kept_keys
from learning.ballots.models import AskedAgain
from learning.ballots.models import WaveGroup as BallotsGroup
from learning.ballots.releases import reported_before
from learning.campaigns import opening, planning, queries, tasks
from learning.campaigns.closing import close_wave
from learning.campaigns.errors import (
    AlreadyOpened,
    BadPlan,
    GroupsTooSmall,
    LowerK,
    NotNow,
    NotReady,
    OpenedMeanwhile,
)
from learning.campaigns.models import Campaign, Invited, Wave, WaveGroup, WaveState
from learning.clock import now
from learning.database import unit_of_work
from learning.extensions import db
from learning.web.catalogue import the_catalogue
from learning.web.identity import Member
from tests.accounts.people import mails
from tests.campaigns.planned import (
    WHAT,
    accept,
    add_people,
    days,
    everything,
    manager_of,
    open_campaign,
    open_next,
    page_of,
    planned_campaign,
    stored_wave,
)
from tests.campaigns.reported import open_again, open_wave
from tests.conftest import Company


def test_how_many_are_asked_again_is_counted_at_the_opening_and_no_name_is_handed_over(
    site: Flask, company: Company
) -> None:
    with site.test_request_context():
        first = open_wave(company)
        asked = dict(db.session.execute(select(Invited.user_id, Invited.group_code)).all())
        groups = {code: sorted(user for user, group in asked.items() if group == code) for code in ("g01", "g02")}
        first.answer_all()
        first.close()
        with unit_of_work() as session:
            people = {each.user_id: each for each in session.scalars(select(Membership))}
            for user in groups["g02"][:3]:
                people[user].department_id = people[groups["g01"][0]].department_id
            people[groups["g01"][0]].left_at = now()
        add_people(company, company.departments[0], 2)
        open_again(first)
        ids = [wave.ballots_id or "" for wave in db.session.scalars(select(Wave).order_by(Wave.number))]
        moved = reported_before(ids[1])[ids[0]].moved
        assert {(each.before, each.after): each.people for each in moved} == {
            ("g01", "g01"): len(groups["g01"]) - 1,
            ("g02", "g01"): 3,
            ("g02", "g02"): len(groups["g02"]) - 3,
        }
        # A second campaign that asks the same people is held against both
        again = open_wave(company, title="Once more")
        other = db.session.scalars(select(Wave.ballots_id).where(Wave.id == again.wave_id)).one() or ""
        assert set(reported_before(other)) == {ids[0]}
        with reading() as session:
            assert set(session.scalars(select(AskedAgain.earlier_id).where(AskedAgain.wave_id == other))) == {*ids}


@pytest.mark.prove
def test_a9_who_is_invited_is_fixed_at_the_opening(site: Flask, company: Company) -> None:
    """Whoever comes later has no ballot, and whoever leaves takes none away."""
    with site.test_request_context():
        campaign_id, wave_id = open_campaign(company)
        before = set(db.session.scalars(select(Invited.user_id)))
        late = add_people(company, company.departments[0], 6)
        with unit_of_work() as session:
            gone = session.scalars(select(Membership).where(Membership.user_id == company.learner)).one()
            gone.left_at = now()
        db.session.remove()
        assert set(db.session.scalars(select(Invited.user_id))) == before
        assert not before & set(late)
        page = queries.wave_page(manager_of(company), campaign_id, wave_id)
        assert [(group.name, group.invited) for group in page.groups] == [("Hot side", 12), ("Wet side", 15)]
        assert [(row.group.name, row.group.invited) for row in page.participation if row.group] == [
            ("Hot side", 12),
            ("Wet side", 15),
        ]


@pytest.mark.prove
def test_a8_nothing_that_was_promised_can_be_changed_after_the_opening(site: Flask, company: Company) -> None:
    """Lower or raise k, rename, split or delete a group, other questions, other days, delete it all."""
    member, first, second = manager_of(company), *company.departments
    with site.test_request_context():
        campaign_id, wave_id = open_campaign(company)
        before = everything()
        for k in (4, 5, 6):
            with pytest.raises(AlreadyOpened):
                planning.set_k(member, campaign_id, k)
        for names in (
            {first: "Wet house", second: "Hot side"},
            {first: "All", second: "All"},
            {first: "Wet side"},
            {},
        ):
            with pytest.raises(AlreadyOpened):
                planning.set_groups(member, campaign_id, names, ())
        with pytest.raises(AlreadyOpened):
            planning.set_what(member, campaign_id, WHAT)
        with pytest.raises(AlreadyOpened):
            planning.set_days(member, campaign_id, days(0, 30), None)
        with pytest.raises(AlreadyOpened):
            planning.delete_campaign(member, campaign_id)
        with pytest.raises(NotNow):
            begin_again(company, campaign_id, wave_id)
        unchanged = everything() == before
        print(
            f"\nA8: k, groups, questions, days changed, deleted, opened again: 11 tries refused, all rows as before: {unchanged}"
        )
        assert unchanged


def begin_again(company: Company, campaign_id: str, wave_id: str) -> None:
    opening.open_wave(manager_of(company), campaign_id, wave_id, the_catalogue(), (), now())


def test_a_changed_instrument_does_not_change_what_an_opened_campaign_asks(site: Flask, company: Company) -> None:
    with site.test_request_context():
        campaign_id, _wave_id = open_campaign(company)
        member = manager_of(company)
        asked = page_of(member, campaign_id).instrument
        catalogue = the_catalogue()
        other = next(each for each in catalogue.instruments.values() if asked and each.id != asked.id)
        changed = {**catalogue.instruments, WHAT.instrument_id: other}
        later = queries.campaign_page(member, campaign_id, replace(catalogue, instruments=changed), now())
        assert later.instrument == asked
        assert later.instrument is not None
        assert later.instrument.hash == db.session.scalars(select(Campaign.instrument_hash)).one()


def test_a_renamed_or_removed_department_changes_no_row_of_an_open_wave(site: Flask, company: Company) -> None:
    with site.test_request_context():
        campaign_id, wave_id = open_campaign(company)
        membership.rename_department(manager_of(company), company.departments[0], "Something else")
        page = queries.wave_page(manager_of(company), campaign_id, wave_id)
        assert [group.name for group in page.groups] == ["Hot side", "Wet side"]
        assert [row.group.name for row in page.participation if row.group] == ["Hot side", "Wet side"]


def test_the_database_itself_refuses_k_below_five_and_a_small_group(site: Flask, company: Company) -> None:
    with site.test_request_context():
        campaign_id, wave_id = open_campaign(company)
        for change in ("k", "invited", "two waves"):
            with pytest.raises(IntegrityError), unit_of_work() as session:
                if change == "k":
                    session.get_one(Campaign, campaign_id).k = 4
                elif change == "invited":
                    session.scalars(select(WaveGroup)).first().invited = 9  # type: ignore[union-attr]
                else:
                    wave = session.get_one(Wave, wave_id)
                    session.add(
                        Wave(
                            organization_id=company.id,
                            campaign_id=campaign_id,
                            number=2,
                            state=WaveState.OPENING,
                            opens_on=wave.opens_on,
                            closes_on=wave.closes_on,
                            k=5,
                            promise="x",
                            closes_at=now(),
                        )
                    )


def test_k_is_raised_and_never_lowered(site: Flask, company: Company) -> None:
    with site.test_request_context():
        campaign_id = planned_campaign(company)
        member = manager_of(company)
        planning.set_k(member, campaign_id, 6)
        with pytest.raises(LowerK):
            planning.set_k(member, campaign_id, 5)
        with pytest.raises(GroupsTooSmall, match="Hot side has 12 people, and a group needs at least 14"):
            planning.set_k(member, campaign_id, 7)
        assert page_of(member, campaign_id).record.k == 6


def test_nothing_opens_while_something_is_missing(site: Flask, company: Company) -> None:
    member = manager_of(company)
    with site.test_request_context():
        campaign_id = planned_campaign(company)
        planning.set_days(member, campaign_id, days(0, 20), None)
        # The last day changed, so the promise reads otherwise than it was accepted.
        missing = [check.text for check in page_of(member, campaign_id).checks if not check.done]
        assert missing == ["The promise is accepted as it reads today", "The works council agrees, or there is none"]
        with pytest.raises(NotReady):
            open_next(member, campaign_id)
        assert not mails(site)
        assert stored_wave(campaign_id).state is WaveState.PLANNED
        accept(member, campaign_id)
        open_next(member, campaign_id)


def test_a_group_that_has_shrunk_does_not_open(site: Flask, company: Company) -> None:
    member = manager_of(company)
    with site.test_request_context():
        campaign_id = planned_campaign(company)
        with unit_of_work() as session:
            people = session.scalars(select(Membership).where(Membership.department_id == company.departments[1])).all()
            for person in people[:3]:
                person.left_at = now()
        with pytest.raises(NotReady):
            open_next(member, campaign_id)


def test_an_opening_that_was_cut_off_begins_again_with_new_ballots(
    site: Flask, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process dies after the ballots were made: nobody was invited, the plan is fixed, and the retry invites all."""
    member = manager_of(company)
    with site.test_request_context():
        campaign_id = planned_campaign(company)
        cut_off(member, campaign_id, monkeypatch)
        wave = stored_wave(campaign_id)
        assert wave.state is WaveState.OPENING
        assert not mails(site)
        (left,) = kept_keys()
        with pytest.raises(AlreadyOpened):
            planning.set_k(member, campaign_id, 6)
        invited = set(db.session.scalars(select(Invited.user_id)))
        add_people(company, company.departments[0], 3)
        begin_again(company, campaign_id, wave.id)
        assert stored_wave(campaign_id).state is WaveState.OPEN
        assert len(mails(site)) == 15
        assert set(db.session.scalars(select(Invited.user_id))) == invited
        # Of the ballots before nothing is left.
        assert kept_keys() == {stored_wave(campaign_id).ballots_id}
        assert groups_declared(left) == 0


def test_an_opening_that_is_gone_on_with_too_late_for_its_promise_is_planned_anew(
    site: Flask, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Days later there is no room for the last reminder any more, and nobody was promised it yet."""
    member = manager_of(company)
    with site.test_request_context():
        campaign_id = planned_campaign(company)
        cut_off(member, campaign_id, monkeypatch)
        late = now() + timedelta(days=3)
        (left,) = kept_keys()
        with pytest.raises(NotReady):
            opening.open_wave(member, campaign_id, stored_wave(campaign_id).id, the_catalogue(), (), late)
        assert stored_wave(campaign_id).state is WaveState.PLANNED
        assert not kept_keys()
        assert groups_declared(left) == 0
        accept(member, campaign_id, late)
        open_next(member, campaign_id, late)
        assert len(mails(site)) == 15
        assert "on day 4 and 9," in (stored_wave(campaign_id).promise or "")


def test_ballots_of_an_opening_that_nobody_goes_on_with_are_destroyed_after_the_last_day(
    site: Flask, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    with site.test_request_context():
        campaign_id = planned_campaign(company)
        cut_off(manager_of(company), campaign_id, monkeypatch)
        tasks.close(now())
        assert kept_keys()
        tasks.close(now() + timedelta(days=30))
        assert not kept_keys()


def test_while_one_campaign_is_being_opened_no_other_of_the_organization_is(
    site: Flask, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither would learn that the other asks the same people, and their reports would not be held together."""
    member = manager_of(company)
    with site.test_request_context():
        first = planned_campaign(company)
        second = planned_campaign(company, replace(WHAT, title="Another one"))
        cut_off(member, first, monkeypatch)
        with pytest.raises(NotNow, match="is being opened"):
            open_next(member, second)
        begin_again(company, first, stored_wave(first).id)
        open_next(member, second)
        with reading() as session:
            asked = session.execute(select(AskedAgain.wave_id, AskedAgain.earlier_id).distinct()).all()
        assert asked == [(stored_wave(second).ballots_id, stored_wave(first).ballots_id)]


def groups_declared(ballots_id: str) -> int:
    """How many groups of a wave the ballots know."""
    with reading() as session:
        mine = select(func.count()).select_from(BallotsGroup).where(BallotsGroup.wave_id == ballots_id)
        return session.scalar(mine) or 0


def cut_off(member: Member, campaign_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Open the next wave, and die after its ballots were made."""

    def die(*_given: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(opening, "sealed_letters", die)
        with pytest.raises(KeyboardInterrupt):
            open_next(member, campaign_id)


def test_of_two_openings_at_once_one_goes_on_and_the_other_destroys_its_ballots(
    site: Flask, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = manager_of(company)
    with site.test_request_context():
        campaign_id = planned_campaign(company)
        inner = opening.sealed_letters
        made: list[str] = []

        def meanwhile(*given: object) -> object:
            made.append(str(given[1]))
            if len(made) == 1:
                begin_again(company, campaign_id, stored_wave(campaign_id).id)
            return inner(*given)  # type: ignore[arg-type]

        monkeypatch.setattr(opening, "sealed_letters", meanwhile)
        with pytest.raises(OpenedMeanwhile):
            open_next(member, campaign_id)
        overtaken, kept = made
        assert stored_wave(campaign_id).ballots_id == kept
        assert len(mails(site)) == 15
        assert kept_keys() == {kept}
        assert groups_declared(overtaken) == 0


def test_a_plan_that_the_ballots_refuse_can_be_changed_again(
    site: Flask, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = manager_of(company)

    def refuse(*_given: object) -> None:
        raise ballots.PlanRefused("Not like this.")

    with site.test_request_context():
        campaign_id = planned_campaign(company)
        before = everything()
        with monkeypatch.context() as patch:
            patch.setattr(ballots, "open_wave", refuse)
            with pytest.raises(ballots.PlanRefused):
                open_next(member, campaign_id)
        assert page_of(member, campaign_id).is_ready
        # The version of the instrument was kept, and nothing else.
        assert [line for line in everything().split("\n") if line not in before.split("\n")] == [
            line for line in everything().split("\n") if "employee-awareness" in line and line not in before
        ]
        open_next(member, campaign_id)


def test_the_next_wave_asks_the_same_and_begins_after_the_last(site: Flask, company: Company) -> None:
    member = manager_of(company)
    with site.test_request_context():
        campaign_id, wave_id = open_campaign(company)
        with pytest.raises(BadPlan):
            planning.plan_next_wave(member, campaign_id, days(10, 40))
        second = planning.plan_next_wave(member, campaign_id, days(200, 214))
        assert planning.plan_next_wave(member, campaign_id, days(201, 215)) == second
        accept(member, campaign_id)
        with pytest.raises(NotNow):
            open_next(member, campaign_id)
        close_wave(company.id, campaign_id, wave_id, now() + timedelta(days=1))
        later = now() + timedelta(days=200)
        assert open_next(member, campaign_id, later) == second
        db.session.remove()
        waves = db.session.scalars(select(Wave).order_by(Wave.number)).all()
        assert [wave.state for wave in waves] == [WaveState.CLOSED, WaveState.OPEN]
        assert {wave.k for wave in waves} == {5}
