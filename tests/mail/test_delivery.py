"""The outbox and its delivery: at least once, under one Message-ID, up to a day."""

from __future__ import annotations

import email
import socket
import stat
from datetime import UTC, datetime, timedelta
from email import policy

import pytest
from flask import Flask
from sqlalchemy import select

from learning.database import unit_of_work
from learning.extensions import db
from learning.mail import deliver
from learning.mail.deliver import GIVE_UP_AFTER, deliver_due, wait_before
from learning.mail.letters import Letter, write_letter
from learning.mail.models import OutboxMessage
from learning.mail.outbox import Mail, UnsafeMail, post, post_all, tidy
from learning.mail.reasons import Reason
from tests.mail.stub import Behaviour, mail_server

MOMENT = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
LETTER = Letter("A new password — 新密码", "Open this link:\n\nhttp://127.0.0.1/people/reset/secret\n")


def put(app: Flask, recipient: str = "ana@example.org", letter: Letter = LETTER, at: datetime = MOMENT) -> None:
    with app.app_context(), unit_of_work() as session:
        post(session, recipient, letter, at)


def use_server(app: Flask, address: str, **more: object) -> None:
    settings = app.extensions["settings"]
    changed = {"mail_server": address, "mail_starttls": False, **more}
    app.extensions["settings"] = settings.model_copy(update=changed)


def send_round(app: Flask, at: datetime) -> int:
    with app.app_context():
        return deliver_due(lambda: at)


def row(app: Flask) -> OutboxMessage:
    with app.app_context():
        return db.session.scalars(select(OutboxMessage)).one()


def test_a_mail_is_written_only_if_its_transaction_is(app: Flask) -> None:
    def fail_afterwards() -> None:
        with unit_of_work() as session:
            post(session, "ana@example.org", LETTER, MOMENT)
            raise RuntimeError

    with app.app_context():
        with pytest.raises(RuntimeError):
            fail_afterwards()
        assert db.session.scalars(select(OutboxMessage)).all() == []


@pytest.mark.parametrize(
    ("recipient", "subject"),
    [
        ("ana@example.org\r\nBcc: all@example.org", "x"),
        ("ana@example.org", "x\r\nBcc: all@example.org"),
        ("ana@example.org", "x\nBcc: all@example.org"),
        ("ana@example.org, eve@example.org", "x"),
        ("Ana <ana@example.org>", "x"),
        ("ana", "x"),
        ("ana@example.org\0", "x"),
    ],
)
def test_nothing_is_smuggled_into_the_headers(app: Flask, recipient: str, subject: str) -> None:
    with app.app_context():
        with pytest.raises(UnsafeMail), unit_of_work() as session:
            post(session, recipient, Letter(subject, "body"), MOMENT)
        assert db.session.scalars(select(OutboxMessage)).all() == []


def test_while_developing_mails_become_files_for_the_owner_only(app: Flask) -> None:
    put(app)
    assert send_round(app, MOMENT) == 1
    (file,) = (app.extensions["settings"].data / "mail").iterdir()
    mail = email.message_from_bytes(file.read_bytes(), policy=policy.default)
    assert file.suffix == ".eml"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert (mail["To"], mail["Subject"]) == ("ana@example.org", LETTER.subject)
    assert "people/reset/secret" in mail.get_body().get_content()


def test_a_taken_mail_is_sent_once_and_its_text_is_erased(app: Flask) -> None:
    put(app)
    behaviour = Behaviour()
    with mail_server(behaviour) as address:
        use_server(app, address)
        assert [send_round(app, MOMENT), send_round(app, MOMENT + timedelta(days=1))] == [1, 0]
    (mail,) = behaviour.mails
    assert mail["Subject"] == LETTER.subject
    assert mail["Message-ID"] == row(app).message_id
    assert mail["Auto-Submitted"] == "auto-generated"
    assert row(app).sent_at == MOMENT
    assert row(app).body == ""


def test_a_server_that_is_down_delays_all_mails_and_loses_none(app: Flask) -> None:
    put(app)
    put(app, "eve@example.org")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        use_server(app, f"127.0.0.1:{taken.getsockname()[1]}")
        assert send_round(app, MOMENT) == 0
    behaviour = Behaviour()
    with mail_server(behaviour) as address:
        use_server(app, address)
        assert send_round(app, MOMENT + timedelta(minutes=1)) == 2
    assert {mail["To"] for mail in behaviour.mails} == {"ana@example.org", "eve@example.org"}


def test_a_mail_that_is_put_off_waits_longer_each_time_under_the_same_id(app: Flask) -> None:
    put(app)
    behaviour = Behaviour(data="451 later")
    with mail_server(behaviour) as address:
        use_server(app, address)
        at = MOMENT
        for tries in range(1, 5):
            assert send_round(app, at) == 0
            assert row(app).tries == tries
            assert row(app).next_try_at == at + wait_before(tries)
            assert send_round(app, at) == 0, "it is not due again yet"
            at = row(app).next_try_at
        behaviour.data = "250 taken"
        assert send_round(app, at) == 1
    assert len({mail["Message-ID"] for mail in behaviour.mails}) == 1
    assert len(behaviour.received) == 5


def test_waiting_doubles_from_a_minute_to_four_hours() -> None:
    minutes = [wait_before(tries) / timedelta(minutes=1) for tries in (1, 2, 3, 8, 9, 50)]
    assert minutes == [1, 2, 4, 128, 240, 240]


def test_a_mail_is_given_up_after_a_day_and_its_text_is_erased(app: Flask) -> None:
    put(app)
    behaviour = Behaviour(recipient="450 busy")
    with mail_server(behaviour) as address:
        use_server(app, address)
        at, rounds = MOMENT, 0
        while row(app).parked is None:
            assert send_round(app, at) == 0
            at, rounds = row(app).next_try_at, rounds + 1
            assert rounds < 40
        assert at >= MOMENT + GIVE_UP_AFTER
        assert "450 busy" in str(row(app).parked)
        assert row(app).body == ""
        assert send_round(app, at + timedelta(days=7)) == 0


@pytest.mark.parametrize("behaviour", [Behaviour(recipient="550 nobody here"), Behaviour(data="554 no")])
def test_a_mail_that_will_never_be_taken_is_given_up_at_once_and_the_next_goes_out(
    app: Flask, behaviour: Behaviour
) -> None:
    behaviour = Behaviour(recipient=behaviour.recipient, data=behaviour.data)
    put(app)
    with mail_server(behaviour) as address:
        use_server(app, address)
        assert send_round(app, MOMENT) == 0
        assert str(row(app).parked)[:2] == "55"
        behaviour.recipient = behaviour.data = "250 ok"
        put(app, "eve@example.org")
        assert send_round(app, MOMENT) == 1
    assert behaviour.mails[-1]["To"] == "eve@example.org"


def test_a_mail_whose_reason_cannot_be_found_out_waits_and_the_next_goes_out(app: Flask) -> None:
    def stumble(reason: Reason, at: datetime) -> bool:
        raise LookupError(reason.user_id)

    app.extensions["mail_reasons"]["stumbling"] = stumble
    with app.app_context(), unit_of_work() as session:
        post(session, "ana@example.org", LETTER, MOMENT, reason=Reason("stumbling", "o", "u"))
        post(session, "bo@example.org", LETTER, MOMENT + timedelta(seconds=1))
    assert send_round(app, MOMENT + timedelta(seconds=2)) == 1
    with app.app_context():
        waits = db.session.scalars(select(OutboxMessage).where(OutboxMessage.sent_at.is_(None))).one()
        assert (waits.recipient, waits.body, waits.parked) == ("ana@example.org", LETTER.body, None)


def test_a_server_that_refuses_the_sender_refuses_every_mail_so_none_is_given_up(app: Flask) -> None:
    """HEADWATER_MAIL_SENDER or the account at the server is wrong: that is ours to mend, and the mails wait."""
    put(app)
    put(app, "eve@example.org")
    behaviour = Behaviour(sender="530 sign in first")
    with mail_server(behaviour) as address:
        use_server(app, address)
        assert send_round(app, MOMENT) == 0
        assert behaviour.connections == 1
        behaviour.sender = "250 ok"
        assert send_round(app, MOMENT + deliver.FIRST_WAIT) == 2


def test_while_developing_no_mail_leaves_the_machine(app: Flask) -> None:
    put(app)
    behaviour = Behaviour()
    with mail_server(behaviour) as address:
        use_server(app, address, development=True)
        assert send_round(app, MOMENT) == 1
    assert behaviour.connections == 0
    assert len(list((app.extensions["settings"].data / "mail").glob("*.eml"))) == 1


@pytest.mark.parametrize("trouble", ["hangs_after_data", "drops_after_data"])
def test_a_server_that_falls_silent_gets_the_mail_again_under_the_same_id(
    app: Flask, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    """Nobody knows whether it was taken: better twice than never."""
    monkeypatch.setattr(deliver, "PATIENCE", 1.0)
    put(app)
    behaviour = Behaviour()
    setattr(behaviour, trouble, True)
    with mail_server(behaviour) as address:
        use_server(app, address)
        assert send_round(app, MOMENT) == 0
        assert row(app).sent_at is None
        setattr(behaviour, trouble, False)
        monkeypatch.setattr(deliver, "PATIENCE", 15.0)
        assert send_round(app, row(app).next_try_at) == 1
    first, second = behaviour.mails
    assert first["Message-ID"] == second["Message-ID"]


def test_a_silent_server_is_not_asked_for_every_mail_in_one_round(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliver, "PATIENCE", 1.0)
    for number in range(3):
        put(app, f"p{number}@example.org")
    behaviour = Behaviour(hangs_after_data=True)
    with mail_server(behaviour) as address:
        use_server(app, address)
        assert send_round(app, MOMENT) == 0
    assert behaviour.connections == 1


def test_a_sender_that_died_in_the_middle_leaves_the_mail_to_the_next(app: Flask) -> None:
    put(app)
    with app.app_context():
        assert deliver._claim(MOMENT) is not None
        assert deliver_due(lambda: MOMENT + timedelta(minutes=1)) == 0, "somebody may still be sending it"
        assert deliver_due(lambda: MOMENT + deliver.CLAIM) == 1


def test_a_claim_counts_from_the_moment_it_is_made_however_long_the_round_takes(app: Flask) -> None:
    """A mail takes four minutes. While the second is under way, another worker looks, and meets a busy server."""
    for number in range(3):
        put(app, f"p{number}@example.org")
    clock = [MOMENT]
    behaviour = Behaviour()

    def meanwhile(number: int) -> None:
        clock[0] += timedelta(minutes=4) if number < 3 else timedelta(seconds=30)
        if number == 2:
            behaviour.data = "451 later"
            with app.app_context():
                assert deliver_due(lambda: clock[0]) == 0
            behaviour.data = "250 taken"

    behaviour.meanwhile = meanwhile
    with mail_server(behaviour) as address, app.app_context():
        use_server(app, address)
        assert deliver_due(lambda: clock[0]) == 2
        received = [mail["To"] for mail in behaviour.mails]
        assert len(received) == len(set(received)) == 3, "nobody takes what is under way"
        put_off = db.session.scalars(select(OutboxMessage).where(OutboxMessage.sent_at.is_(None))).one()
    assert put_off.next_try_at == MOMENT + timedelta(minutes=8, seconds=30) + wait_before(1), "it waits from then on"


def test_a_mail_that_can_be_stopped_says_so_in_its_head_and_the_link_is_erased_with_its_text(app: Flask) -> None:
    link = "https://learn.works.example/reminders/off/" + "WyIwMTJlZGM4.F6H5tDxLNz" * 5
    with app.app_context(), unit_of_work() as session:
        post_all(session, [Mail("ana@example.org", LETTER, unsubscribe_link=link)], MOMENT)
        post(session, "eve@example.org", LETTER, MOMENT)
    behaviour = Behaviour()
    with mail_server(behaviour) as address:
        use_server(app, address)
        assert send_round(app, MOMENT) == 2
    assert f"\r\nList-Unsubscribe: <{link}>\r\n".encode() in b"".join(behaviour.received), "whole, in plain letters"
    heads = {mail["To"]: (mail["List-Unsubscribe"], mail["List-Unsubscribe-Post"]) for mail in behaviour.mails}
    assert heads == {
        "ana@example.org": (f"<{link}>", "List-Unsubscribe=One-Click"),
        "eve@example.org": (None, None),
    }
    with app.app_context():
        assert set(db.session.scalars(select(OutboxMessage.unsubscribe_link))) == {None}


def test_a_mail_is_not_sent_in_the_clear_when_encryption_is_wanted(app: Flask) -> None:
    """The stub offers no STARTTLS. That is ours to mend: the mail waits."""
    put(app)
    behaviour = Behaviour()
    with mail_server(behaviour) as address:
        use_server(app, address, mail_starttls=True)
        assert send_round(app, MOMENT) == 0
    assert behaviour.received == []
    assert (row(app).parked, row(app).sent_at) == (None, None)


def test_traces_of_mail_are_removed_after_a_month(app: Flask) -> None:
    put(app)
    send_round(app, MOMENT)
    put(app, "eve@example.org")
    with app.app_context(), unit_of_work() as session:
        assert tidy(session, MOMENT + timedelta(days=29)) == 0
        assert tidy(session, MOMENT + timedelta(days=31)) == 1
    assert row(app).recipient == "eve@example.org"


def test_a_letter_has_its_subject_on_the_first_line(app: Flask) -> None:
    with app.test_request_context():
        letter = write_letter("reset", link="http://127.0.0.1/x", minutes=60)
    assert letter.subject == "A new password for Headwater"
    assert "http://127.0.0.1/x" in letter.body
    assert letter.subject not in letter.body


def test_a_letter_takes_what_a_person_typed_as_it_is(app: Flask) -> None:
    hostile = "{{7*7}} {x.__class__} %(link)s {% raw %}"
    with app.test_request_context():
        letter = write_letter("invitation", organization=hostile, link="http://127.0.0.1/x", days=7)
    assert hostile in letter.body
    assert hostile in letter.subject
