"""While a wave is open, and its end: reminders that depend on nobody, closing by button and by date."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from learning.accounts.membership import end_membership
from learning.accounts.models import Membership, Organization, User
from learning.ballots import codes
from learning.ballots import service as ballots
from learning.ballots.database import reading
from learning.ballots.models import Ballot
from learning.ballots.verifying import findings
from learning.campaigns import closing, planning, queries, tasks
from learning.campaigns.cards import unsealed_cards
from learning.campaigns.closing import close_due, close_wave
from learning.campaigns.errors import NotNow, NotReady
from learning.campaigns.models import Wave, WaveReminder, WaveState
from learning.campaigns.participation_words import participation_rows
from learning.campaigns.reminding import remind_due
from learning.clock import now
from learning.database import unit_of_work
from learning.extensions import db
from learning.mail.deliver import deliver_due
from learning.mail.models import OutboxMessage
from learning.mail.outbox import count_given_up
from tests.accounts.people import mails
from tests.campaigns.planned import accept, days, manager_of, open_campaign, open_next, page_of, planned_campaign
from tests.conftest import Company, csrf_token

pytestmark = pytest.mark.usefixtures("morning")


def reminders(app: Flask) -> list[OutboxMessage]:
    return [mail for mail in mails(app) if mail.sealed_with is None]


def run_all(moment: datetime) -> None:
    """What the worker does by and by."""
    for look in (tasks.close, tasks.remind, tasks.count):
        look(moment)


def noon(day: int) -> datetime:
    """Of so many days after today."""
    return now().replace(hour=12) + timedelta(days=day)


def state_of(wave_id: str) -> WaveState:
    db.session.remove()
    return db.session.scalars(select(Wave.state).where(Wave.id == wave_id)).one()


def answer(code: str) -> None:
    """Answer with a card."""
    ballots.submit(ballots.Sent(code, codes.new_permit(), codes.new_response_key(), {}), now())


def test_a_reminder_is_the_same_for_everybody_whether_they_answered_or_not(
    site: Flask, company: Company, tmp_path: Path
) -> None:
    with site.test_request_context():
        open_campaign(company)
        mailed = [ballots.unseal(mail.sealed_with or "", mail.body) or "" for mail in mails(site)]
        deliver_due()
        for letter in mailed[:7]:
            answer(letter.split("#")[1].split()[0])
        assert remind_due(noon(4)) == 1
    sent = reminders(site)
    assert len(sent) == 15
    assert len({mail.recipient for mail in sent}) == 15
    assert len({(mail.subject, mail.body) for mail in sent}) == 1
    assert "Use the link in our mail of" in sent[0].body
    assert "if you have answered, thank you" in sent[0].body.lower()
    assert "#" not in sent[0].body
    assert "http" not in sent[0].body


def test_reminders_go_out_on_day_4_9_and_13_and_on_no_other(site: Flask, company: Company) -> None:
    with site.test_request_context():
        open_campaign(company)
        went_out = [day for day in range(14) if remind_due(noon(day)) and not remind_due(noon(day))]
        assert went_out == [4, 9, 13]
        assert len(reminders(site)) == 3 * 15


def test_of_a_short_wave_is_reminded_and_promised_as_often_as_it_has_room_for(site: Flask, company: Company) -> None:
    member = manager_of(company)
    with site.test_request_context():
        campaign_id = planned_campaign(company)
        for last, promised in (
            (3, "Nobody is reminded."),
            (8, "on day 4, whether"),
            (9, "on day 4 and 9,"),
            (13, "on day 4, 9 and 13,"),
        ):
            planning.set_days(member, campaign_id, days(0, last), None)
            assert promised in page_of(member, campaign_id).promised
        # Opened five days late there is room for two; so the promise reads otherwise and is accepted anew.
        accept(member, campaign_id)
        late = now() + timedelta(days=4)
        with pytest.raises(NotReady):
            open_next(member, campaign_id, late)
        accept(member, campaign_id, late)
        wave_id = open_next(member, campaign_id, late)
        assert [day for day in range(14) if remind_due(noon(day))] == [8, 13]
        page = queries.wave_page(member, campaign_id, wave_id)
        assert page.reminded_on == page.reminders


def test_reminders_arrive_by_day_on_the_promised_day_where_the_organization_is(site: Flask, company: Company) -> None:
    with site.test_request_context():
        with unit_of_work() as session:
            session.get_one(Organization, company.id).time_zone = "America/Los_Angeles"
        # Monday evening in Los Angeles, Tuesday in UTC; day 4 is Friday.
        opened = datetime(2030, 7, 2, 3, tzinfo=UTC)
        with time_machine.travel(opened, tick=False):
            open_campaign(company, opened.date() - timedelta(days=1))
        hours = [opened + timedelta(hours=hour) for hour in range(7 * 24)]
        assert [moment for moment in hours if remind_due(moment)] == [datetime(2030, 7, 5, 13, tzinfo=UTC)]
        assert db.session.scalars(select(WaveReminder.day)).one() == date(2030, 7, 5)


def test_nobody_is_reminded_on_a_day_that_is_not_promised(site: Flask, company: Company) -> None:
    """Also where the server slept through a promised one."""
    with site.test_request_context():
        open_campaign(company)
        assert [remind_due(noon(day)) for day in (6, 7, 8, 9, 9, 10, 12)] == [0, 0, 0, 1, 0, 0, 0]
        assert len(db.session.scalars(select(WaveReminder)).all()) == 1


def test_who_has_left_is_not_reminded(site: Flask, company: Company) -> None:
    with site.test_request_context():
        open_campaign(company)
        with unit_of_work() as session:
            session.scalars(select(Membership).where(Membership.user_id == company.learner)).one().left_at = now()
            session.get_one(User, company.trainer).is_active = False
        deliver_due()
        assert remind_due(noon(4)) == 1
        assert len(reminders(site)) == 13
        address = next(mail.recipient for mail in reminders(site) if mail.recipient.endswith("@people.example"))
        leaves = db.session.scalars(select(User.id).where(User.email == address)).one()
        end_membership(manager_of(company), leaves, now())
        assert deliver_due(lambda: noon(4)) == 12, "who leaves while the mail waits gets none"
        assert count_given_up(db.session()) == 0
    assert not {"learner@river.example", "trainer@river.example"} & {mail.recipient for mail in reminders(site)}


def test_who_takes_part_is_told_in_bands_that_move_once_a_day(site: Flask, company: Company) -> None:
    with site.test_request_context():
        campaign_id, wave_id = open_campaign(company)
        cards = unsealed_cards(manager_of(company), campaign_id, wave_id, "g01")

        def shown() -> list[tuple[str, str]]:
            page = queries.wave_page(manager_of(company), campaign_id, wave_id)
            return [(row.name, row.answered) for row in participation_rows(page.participation)]

        before = shown()
        for code in cards[:6]:
            answer(code)
            run_all(now())
            assert shown() == before
        run_all(now() + timedelta(days=1))
        assert shown() == [("Everybody", "5 to 9"), ("Hot side", "5 to 12"), ("Wet side", "fewer than 5")]


def test_closing_destroys_and_freezes_and_cannot_be_repeated(site: Flask, company: Company) -> None:
    with site.test_request_context():
        campaign_id, wave_id = open_campaign(company)
        ballots_id = db.session.scalars(select(Wave.ballots_id)).one() or ""
        code = unsealed_cards(manager_of(company), campaign_id, wave_id, "g01")[0]
        assert ballots.released(ballots_id) is None
        close_wave(company.id, campaign_id, wave_id, now())
        assert state_of(wave_id) is WaveState.CLOSED
        assert ballots.released(ballots_id) is not None
        with pytest.raises(ballots.CodeUnusable):
            answer(code)
        with pytest.raises(NotNow):
            close_wave(company.id, campaign_id, wave_id, now())
        assert remind_due(noon(4)) == 0


def test_a_wave_closes_by_itself_after_its_last_day_where_the_organization_is(site: Flask, company: Company) -> None:
    with site.test_request_context():
        with unit_of_work() as session:
            session.get_one(Organization, company.id).time_zone = "Asia/Shanghai"
        campaign_id, wave_id = open_campaign(company)
        code = unsealed_cards(manager_of(company), campaign_id, wave_id, "g01")[0]
        closes_at, closes_on = db.session.execute(select(Wave.closes_at, Wave.closes_on)).one()
        # Midnight in Shanghai is 16:00 UTC.
        assert (closes_at.date(), closes_at.hour) == (closes_on, 16)
        first = site.test_client().post("/answer/", data={"code": code}).text
        assert f"Until the end of {closes_on.day} {closes_on:%b %Y}" in first
        assert "UTC" not in first
        assert close_due(closes_at - timedelta(seconds=1)) == 0
        assert state_of(wave_id) is WaveState.OPEN
        assert close_due(closes_at) == 1
        assert state_of(wave_id) is WaveState.CLOSED
        assert close_due(closes_at) == 0


def test_a_closing_that_was_cut_off_is_finished_by_the_worker(
    site: Flask, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_given: object) -> None:
        raise KeyboardInterrupt

    with site.test_request_context():
        campaign_id, wave_id = open_campaign(company)
        with monkeypatch.context() as patch:
            patch.setattr(closing.ballots, "close_wave", die)
            with pytest.raises(KeyboardInterrupt):
                close_wave(company.id, campaign_id, wave_id, now())
        assert state_of(wave_id) is WaveState.CLOSING
        run_all(now())
        assert state_of(wave_id) is WaveState.CLOSED


def test_a_closing_waits_for_who_reads_the_answers_and_comes_to_its_end_by_itself(
    site: Flask, company: Company, client_for: Callable[[str | None], FlaskClient]
) -> None:
    """A backup reads while the manager closes. The wave is not called closed before its report is there."""
    with site.test_request_context():
        campaign_id, wave_id = open_campaign(company)
        planning.plan_next_wave(manager_of(company), campaign_id, days(200, 214))
    manager = client_for(company.manager)
    address = f"/organization/campaigns/{campaign_id}/waves/{wave_id}"
    token = csrf_token(manager, f"{address}/close")
    with site.test_request_context():
        with reading() as session:
            session.scalars(select(Ballot)).all()
            with site.app_context():
                said = manager.post(f"{address}/close", data={"csrf_token": token}, follow_redirects=True).text
                assert state_of(wave_id) is WaveState.CLOSING
                assert close_due(now()) == 0
                (finding,) = findings()
        assert "comes to its end by itself" in said
        assert "its closing was cut off, or waits for a program that reads" in finding
        run_all(now())
        assert state_of(wave_id) is WaveState.CLOSED
        assert findings() == []
        assert page_of(manager_of(company), campaign_id).record.running_wave is None


def test_a_closing_that_fails_holds_up_no_other(
    site: Flask, company: Company, other_company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.campaigns.planned import staff

    with site.test_request_context():
        staff(other_company)
        _first, wave_id = open_campaign(company)
        _second, other_wave = open_campaign(other_company)
        bad = db.session.scalars(select(Wave.ballots_id).where(Wave.id == wave_id)).one()
        inner = ballots.close_wave

        def fail(ballots_id: str) -> None:
            if ballots_id == bad:
                raise OSError("no room")
            inner(ballots_id)

        later = now() + timedelta(days=30)
        with monkeypatch.context() as patch:
            patch.setattr(closing.ballots, "close_wave", fail)
            assert close_due(later) == 1
        assert (state_of(wave_id), state_of(other_wave)) == (WaveState.CLOSING, WaveState.CLOSED)
        assert close_due(later) == 1


def test_no_foreign_key_leads_from_a_person_to_an_answer() -> None:
    from learning.ballots.database import BallotsTable
    from learning.database import Table

    theirs = {table.name for table in BallotsTable.metadata.tables.values()}
    for table in Table.metadata.tables.values():
        for key in table.foreign_keys:
            assert key.column.table.metadata is Table.metadata
        if table.name.startswith("campaign"):
            assert not {column.name for column in table.columns} & {"ballot", "ballot_hash", "code_hash", "response_id"}
    assert "user_account" not in theirs
