"""Invitations: sealed until they are sent, drawn at random, and nobody's ballot stands beside their name."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import structlog
from flask import Flask
from sqlalchemy import select

from learning.ballots import codes
from learning.ballots import service as ballots
from learning.campaigns import queries
from learning.campaigns.cards import forget_cards, unsealed_cards
from learning.campaigns.closing import close_wave
from learning.campaigns.errors import (
    CardsAreGone,
)
from learning.campaigns.inviting import Person, draw
from learning.campaigns.models import SealedCards, WaveGroup, WaveState
from learning.clock import now
from learning.database import unit_of_work
from learning.extensions import db
from learning.mail.deliver import deliver_due
from learning.mail.models import OutboxMessage
from tests.accounts.people import mails
from tests.campaigns.planned import (
    everything,
    manager_of,
    open_campaign,
    stored_wave,
)
from tests.conftest import Company

CODE = re.compile(r"\b(?:[0-9A-Z]{4}-){4}[0-9A-Z]{2}\b")


def sent_letters(app: Flask, folder: Path) -> list[str]:
    """Deliver what is due into files; their texts."""
    with app.app_context():
        while deliver_due():
            pass
    return [path.read_text() for path in sorted((folder / "mail").glob("*.eml"))]


def test_everybody_in_a_group_is_invited_once_with_a_code_of_their_group(
    site: Flask, company: Company, tmp_path: Path
) -> None:
    with site.test_request_context():
        campaign_id, wave_id = open_campaign(company)
        wave = stored_wave(campaign_id)
        assert wave.state is WaveState.OPEN
        groups = {group.name: group.invited for group in db.session.scalars(select(WaveGroup))}
        assert groups == {"Wet side": 15, "Hot side": 12}
        cards = unsealed_cards(manager_of(company), campaign_id, wave_id, "g01")
        by_group = {ballots.open_wave_of(code).group.name for code in cards}  # type: ignore[union-attr]
    letters = sent_letters(site, tmp_path)
    mailed = [match for letter in letters for match in set(CODE.findall(letter))]
    assert (len(letters), len(mailed), len(cards)) == (15, 15, 12)
    assert len({*mailed, *cards}) == 27
    assert by_group == {"Hot side"}
    with site.test_request_context():
        assert {ballots.open_wave_of(code).group.name for code in mailed} == {"Wet side"}  # type: ignore[union-attr]


def test_a_letter_carries_its_link_and_names_no_department(site: Flask, company: Company, tmp_path: Path) -> None:
    with site.test_request_context():
        open_campaign(company)
    for letter in sent_letters(site, tmp_path):
        code = CODE.findall(letter)[0]
        assert f"http://127.0.0.1/answer/#{code}" in letter.replace("=\n", "")
        for name in ("Wet side", "Hot side", "Dye house", "Boiler house"):
            assert name not in letter


def test_the_subject_of_a_waiting_mail_is_the_same_for_all_and_its_body_is_sealed(
    site: Flask, company: Company
) -> None:
    with site.test_request_context():
        campaign_id, _wave_id = open_campaign(company)
        ballots_id = stored_wave(campaign_id).ballots_id
    waiting = mails(site)
    assert len(waiting) == 15
    assert len({mail.subject for mail in waiting}) == 1
    with site.test_request_context():
        for mail in waiting:
            assert mail.sealed_with == ballots_id
            assert "answer" not in mail.body
            assert not CODE.search(mail.body)
            assert CODE.search(ballots.unseal(mail.sealed_with, mail.body) or "")


@pytest.mark.prove
def test_a15_after_sending_the_outbox_holds_no_text_and_only_counts(
    site: Flask, company: Company, tmp_path: Path
) -> None:
    with site.test_request_context():
        campaign_id, wave_id = open_campaign(company)
    sealed = {mail.id: mail.body for mail in mails(site)}
    sent_letters(site, tmp_path)
    assert {mail.body for mail in mails(site)} == {""}
    with site.test_request_context():
        page = queries.wave_page(manager_of(company), campaign_id, wave_id)
        assert (page.mails_waiting, page.mails_given_up) == (0, 0)
        if db.engine.dialect.name == "sqlite":
            db.session.remove()
            with closing(sqlite3.connect(tmp_path / "headwater.db")) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            raw = (tmp_path / "headwater.db").read_bytes()
            assert not [body for body in sealed.values() if body.encode() in raw]


def test_a_copy_of_the_outbox_is_useless_after_the_closing(site: Flask, company: Company, tmp_path: Path) -> None:
    with site.test_request_context():
        campaign_id, wave_id = open_campaign(company)
        copies = [(mail.sealed_with, mail.body) for mail in mails(site)]
        close_wave(company.id, campaign_id, wave_id, now())
        assert [ballots.unseal(name or "", body) for name, body in copies] == [None] * 15
        assert {(mail.body, mail.parked is None) for mail in mails(site)} == {("", False)}
        # An old copy of the table is brought back: it is given up and not sent.
        with unit_of_work() as session:
            for mail, (_name, body) in zip(session.scalars(select(OutboxMessage)), copies, strict=True):
                mail.body, mail.parked = body, None
        assert deliver_due() == 0
    assert all(mail.parked and not mail.body for mail in mails(site))
    assert not list((tmp_path / "mail").glob("*.eml"))


def test_no_table_and_no_log_line_puts_a_person_beside_a_ballot(site: Flask, company: Company, tmp_path: Path) -> None:
    """What is secret of each ballot stands in no row of either database, before and after sending and closing."""
    with structlog.testing.capture_logs() as events, site.test_request_context():
        campaign_id, wave_id = open_campaign(company)
        cards = unsealed_cards(manager_of(company), campaign_id, wave_id, "g01")
        opened = everything()
        letters = sent_letters(site, tmp_path)
        sent = everything()
        close_wave(company.id, campaign_id, wave_id, now())
        closed = everything()
    found = {code for letter in letters for code in CODE.findall(letter)} | set(cards)
    assert len(found) == 27
    for text in (opened, sent, closed, json.dumps(events, default=str)):
        for code in found:
            for form in (code, code.replace("-", ""), (codes.read_code(code) or "")[4:]):
                assert form not in text


def test_ballots_are_drawn_at_random_within_a_group() -> None:
    people = [Person(str(number), "g01", None, "en") for number in range(40)]
    inside = [f"code {number}" for number in range(40)]
    first = [code for _person, code in draw(people, {"g01": inside})]
    second = [code for _person, code in draw(people, {"g01": inside})]
    assert sorted(first) == sorted(second) == sorted(inside)
    assert inside != first != second


def test_the_cards_of_a_group_are_made_once(site: Flask, company: Company) -> None:
    member = manager_of(company)
    with site.test_request_context():
        campaign_id, wave_id = open_campaign(company)
        first = unsealed_cards(member, campaign_id, wave_id, "g01")
        assert first == unsealed_cards(member, campaign_id, wave_id, "g01")
        forget_cards(member, campaign_id, wave_id, "g01", now())
        for again in (
            lambda: unsealed_cards(member, campaign_id, wave_id, "g01"),
            lambda: forget_cards(member, campaign_id, wave_id, "g01", now()),
        ):
            with pytest.raises(CardsAreGone):
                again()
        assert db.session.scalars(select(SealedCards.sealed)).one() is None


def test_cards_that_nobody_printed_go_with_the_closing(site: Flask, company: Company) -> None:
    member = manager_of(company)
    with site.test_request_context():
        campaign_id, wave_id = open_campaign(company)
        close_wave(company.id, campaign_id, wave_id, now())
        with pytest.raises(CardsAreGone):
            unsealed_cards(member, campaign_id, wave_id, "g01")
        assert db.session.scalars(select(SealedCards.sealed)).one() is None
