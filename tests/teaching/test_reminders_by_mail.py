"""From the reminder to the mail server: whatever the server does and whoever dies, none is lost, none doubled beyond
the promise. It may come again, under the same Message-ID, only if the server fell silent or somebody died after it had
the whole mail."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from learning.config import PROJECT
from learning.database import unit_of_work
from learning.extensions import db
from learning.mail import deliver
from learning.mail.deliver import GIVE_UP_AFTER, deliver_due
from learning.mail.models import OutboxMessage
from learning.teaching.models import Assignment, Reminder
from learning.teaching.reminders import remind_due
from learning.web.catalogue import the_catalogue
from tests.conftest import Company
from tests.mail.stub import Behaviour, mail_server
from tests.mail.test_delivery import use_server
from tests.proof import times
from tests.server import eventually
from tests.teaching.cohorts import make_assignment, make_cohort, make_learners

MORNING = datetime(2030, 3, 8, 9, 0, tzinfo=UTC)
#: How the server may behave for a while, and whether it has the whole mail before it fails.
TROUBLES: dict[str, tuple[dict[str, object], bool]] = {
    "takes": ({}, False),
    "turns away": ({"turns_away": True}, False),
    "is not ready": ({"greeting": "421 later"}, False),
    "delays the sender": ({"sender": "451 later"}, False),
    "delays the recipient": ({"recipient": "450 busy"}, False),
    "delays the mail": ({"data": "451 later"}, False),
    "hangs before the mail": ({"hangs_before_data": True}, False),
    "hangs after the mail": ({"hangs_after_data": True}, True),
    "drops after the mail": ({"drops_after_data": True}, True),
}


def give(company: Company, people: list[str]) -> None:
    assignment = make_assignment(company, make_cohort(company, people), date(2030, 2, 1), date(2030, 3, 15))
    with unit_of_work() as session:
        session.get_one(Assignment, assignment).created_at = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(times(1, 10)))
def test_a_server_with_moods_gets_every_reminder_and_none_twice_without_reason(
    app: Flask, company: Company, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = random.Random(seed)
    people = times(6, 20)
    with app.app_context():
        give(company, make_learners(company, people))
        assert remind_due(the_catalogue(), MORNING) == people
        wanted = set(db.session.scalars(select(OutboxMessage.message_id)))
    behaviour, kept, unsure, at = Behaviour(), Counter[str](), Counter[str](), MORNING
    with mail_server(behaviour) as address, app.app_context():
        use_server(app, address)
        while at < MORNING + GIVE_UP_AFTER - timedelta(hours=5):
            mood, has_it = TROUBLES[chance.choice(list(TROUBLES))]
            fresh = Behaviour()
            for name in ("turns_away", "greeting", "sender", "recipient", "data"):
                setattr(behaviour, name, mood.get(name, getattr(fresh, name)))
            for name in ("hangs_before_data", "hangs_after_data", "drops_after_data"):
                setattr(behaviour, name, mood.get(name, False))
            # Waited out only where the server says nothing; a slow machine must not look like one.
            silent = behaviour.hangs_before_data or behaviour.hangs_after_data
            monkeypatch.setattr(deliver, "PATIENCE", 0.15 if silent else 15.0)
            before = len(behaviour.received)
            deliver_due(lambda moment=at: moment)
            for mail in behaviour.mails[before:]:
                if has_it:
                    unsure[mail["Message-ID"]] += 1
                elif behaviour.data.startswith("2"):
                    kept[mail["Message-ID"]] += 1
            at += timedelta(minutes=chance.choice([1, 5, 20]))
        for name, value in vars(Behaviour()).items():
            if name not in {"received", "connections"}:
                setattr(behaviour, name, value)
        monkeypatch.setattr(deliver, "PATIENCE", 15.0)
        before = len(behaviour.received)
        deliver_due(lambda: MORNING + GIVE_UP_AFTER)
        kept.update(mail["Message-ID"] for mail in behaviour.mails[before:])
        assert remind_due(the_catalogue(), MORNING + timedelta(hours=2)) == 0
        assert db.session.scalar(select(func.count()).where(OutboxMessage.parked.is_not(None))) == 0
    assert set(kept) == wanted, "none is lost"
    assert set(kept.values()) == {1}, "what the server acknowledged is never sent again"
    assert set(unsure) <= wanted


def test_a_reminder_that_a_server_refuses_for_ever_is_given_up_and_the_person_is_not_reminded_again_that_day(
    app: Flask, company: Company
) -> None:
    with app.app_context():
        give(company, [company.learner])
        remind_due(the_catalogue(), MORNING)
        behaviour = Behaviour(recipient="550 nobody here")
        with mail_server(behaviour) as address:
            use_server(app, address)
            assert deliver_due(lambda: MORNING) == 0
        assert str(db.session.scalars(select(OutboxMessage.parked)).one()).startswith("550")
        assert remind_due(the_catalogue(), MORNING + timedelta(hours=3)) == 0


#: Reminds and delivers like a worker, at a moment of the test, until it is killed.
WORKER = """
import sys
from datetime import datetime
import wsgi
from learning.mail.deliver import deliver_due
from learning.teaching.reminders import remind_due
from learning.web.catalogue import the_catalogue
with wsgi.app.app_context():
    at = datetime.fromisoformat(sys.argv[1])
    print("ready", flush=True)
    remind_due(the_catalogue(), at)
    while deliver_due(lambda: at):
        pass
"""


@pytest.mark.prove
def test_workers_killed_at_any_moment_lose_no_reminder_and_double_only_what_was_under_way(
    app: Flask, company: Company
) -> None:
    people, kills, chance = times(30, 300), times(2, 40), random.Random(7)
    with app.app_context():
        give(company, make_learners(company, people))
    settings = app.extensions["settings"]
    behaviour, at = Behaviour(), MORNING
    with mail_server(behaviour) as address:
        environment = {
            **os.environ,
            "HEADWATER_DATA": str(settings.data),
            "HEADWATER_DATABASE_URL": settings.database,
            "HEADWATER_PUBLIC_URL": "http://127.0.0.1",
            "HEADWATER_SECRET_KEY": settings.secret_key,
            "HEADWATER_MAIL_SERVER": address,
            "HEADWATER_MAIL_STARTTLS": "0",
        }

        def start() -> subprocess.Popen[bytes]:
            command = [sys.executable, "-c", WORKER, at.isoformat()]
            worker = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE)
            assert worker.stdout is not None
            worker.stdout.readline()
            return worker

        pause = threading.Event()
        for number in range(kills):
            worker = start()
            if number == 0:
                eventually(lambda: bool(behaviour.received), 20, "A first mail")
            pause.wait(chance.uniform(0, 0.3))
            os.kill(worker.pid, signal.SIGKILL)
            worker.communicate()
            at += timedelta(minutes=6)  # what was claimed by the dead is free again
        two = [start(), start()]
        assert [worker.wait(timeout=120) for worker in two] == [0, 0]
        for worker in two:
            worker.communicate()
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Reminder)) == people
        rows = db.session.execute(select(OutboxMessage.message_id, OutboxMessage.sent_at)).all()
    assert len(rows) == people
    assert all(sent_at is not None for _, sent_at in rows)
    received = Counter(mail["Message-ID"] for mail in behaviour.mails)
    assert set(received) == {message_id for message_id, _ in rows}
    # A worker sends one mail after the other, so each death doubles one at most.
    assert sum(received.values()) <= people + kills
