"""Background work: the queue only wakes, the database knows, and processes may die at any moment."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import structlog
from flask import Flask
from sqlalchemy import select

from learning import background as module
from learning import create_app, serve
from learning.background import TASKS, Background, Task, wake
from learning.clock import now
from learning.config import PROJECT, UnsafeConfiguration, load_settings
from learning.database import unit_of_work
from learning.extensions import db
from learning.mail.letters import Letter
from learning.mail.models import OutboxMessage
from learning.mail.outbox import DELIVERY, post
from learning.teaching import tasks as teaching_tasks
from tests.mail.stub import Behaviour, mail_server
from tests.server import eventually

LETTER = Letter("Something", "A text.\n")


@pytest.fixture
def background(app: Flask) -> Background:
    found: Background = app.extensions["background"]
    return found


def write_a_mail(app: Flask, recipient: str = "ana@example.org") -> None:
    with app.app_context(), unit_of_work() as session:
        post(session, recipient, LETTER, now())


# What wakes


def test_a_commit_wakes_the_task_once_and_a_rollback_does_not(app: Flask, background: Background) -> None:
    with app.app_context():
        with pytest.raises(RuntimeError), unit_of_work() as session:
            wake(session, DELIVERY)
            raise RuntimeError
        assert background.queue.pending_count() == 0
        with unit_of_work() as session:
            for number in range(5):
                post(session, f"p{number}@example.org", LETTER, now())
        assert [task.name for task in background.queue.pending()] == [DELIVERY]


def test_messages_that_nobody_reads_do_not_pile_up(
    app: Flask, background: Background, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_WAITING", 3)
    for _ in range(10):
        write_a_mail(app)
    assert background.queue.pending_count() == 3


def test_a_queue_that_is_away_never_undoes_what_was_done(app: Flask) -> None:
    (app.extensions["settings"].data / "queue.db").mkdir()
    with structlog.testing.capture_logs() as events:
        write_a_mail(app)
    with app.app_context():
        assert len(db.session.scalars(select(OutboxMessage)).all()) == 1
    assert [each["event"] for each in events] == ["queue_unavailable"]


class Bomb:
    """A pickle that makes a file when it is opened."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return (open, (str(self.path), "w"))


@pytest.mark.parametrize("signed_by", [None, b"another key that is long enough to be one"])
def test_a_message_of_somebody_else_is_never_opened(
    background: Background, tmp_path: Path, signed_by: bytes | None
) -> None:
    """Whoever can write to the queue cannot run code by it."""
    from huey.serializer import SignedSerializer

    bomb = tmp_path / "went-off"
    message = pickle.dumps(Bomb(bomb))
    if signed_by:
        message = SignedSerializer(secret=signed_by, salt="headwater-queue").serialize(Bomb(bomb))
    background.queue.storage.enqueue(message)
    with pytest.raises(ValueError, match=r"Separator|Signature"):
        background.queue.dequeue()
    assert not bomb.exists()
    assert background.queue.pending_count() == 0, "it holds nothing up"


# What runs


def declare(background: Background, monkeypatch: pytest.MonkeyPatch, look: object) -> None:
    task = Task("test", look, "*", "*")  # type: ignore[arg-type]
    monkeypatch.setitem(TASKS, "test", task)
    background._running["test"] = threading.Lock()


def test_a_task_that_fails_is_logged_and_may_run_again(background: Background, monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[datetime] = []

    def look(moment: datetime) -> None:
        ran.append(moment)
        raise RuntimeError("not today")

    declare(background, monkeypatch, look)
    with structlog.testing.capture_logs() as events:
        assert [background.run("test"), background.run("test")] == [False, False]
    assert len(ran) == 2
    assert [each["event"] for each in events] == ["task failed"] * 2


def test_a_task_that_still_looks_is_not_started_beside_itself(
    background: Background, monkeypatch: pytest.MonkeyPatch
) -> None:
    entered, leave, ran = threading.Event(), threading.Event(), []

    def look(moment: datetime) -> None:
        ran.append(moment)
        entered.set()
        leave.wait(10)

    declare(background, monkeypatch, look)
    first = threading.Thread(target=background.run, args=("test",))
    first.start()
    entered.wait(10)
    background.run("test")
    leave.set()
    first.join()
    assert len(ran) == 1


def test_every_task_of_the_site_finds_nothing_to_do_in_an_empty_one(background: Background) -> None:
    assert {name: background.run(name) for name in TASKS} == dict.fromkeys(TASKS, True)


def test_the_operator_reads_of_every_task() -> None:
    text = (PROJECT / "docs" / "operating.md").read_text(encoding="utf-8")
    assert [name for name in TASKS if f"| `{name}` |" not in text] == []


def test_tasks_are_declared_without_the_app() -> None:
    assert teaching_tasks.__name__ in {each.look.__module__ for each in TASKS.values()}
    assert not hasattr(teaching_tasks, "current_app")


# Where the messages wait


def test_an_address_that_is_no_redis_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnsafeConfiguration, match="HEADWATER_REDIS_URL"):
        load_settings(data=tmp_path, redis_url="http://127.0.0.1:6379")


def test_redis_without_its_package_is_refused_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    with pytest.raises(UnsafeConfiguration, match="package redis"):
        create_app(load_settings(data=tmp_path, redis_url="redis://127.0.0.1:6379/0"))


# The process


@contextmanager
def worker(app: Flask, address: str, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """``flask work`` on the data of an app, with a mail server of its own."""
    settings = app.extensions["settings"]
    environment = {
        **os.environ,
        "HEADWATER_DATA": str(settings.data),
        "HEADWATER_DATABASE_URL": settings.database,
        "HEADWATER_PUBLIC_URL": "http://127.0.0.1",
        "HEADWATER_SECRET_KEY": settings.secret_key,
        "HEADWATER_MAIL_SERVER": address,
        "HEADWATER_MAIL_STARTTLS": "0",
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "work"]
    with log.open("ab") as errors:
        process = subprocess.Popen(command, cwd=PROJECT, env=environment, stderr=errors)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def test_a_worker_sends_what_is_due_and_what_comes_and_ends_when_it_is_told(app: Flask, tmp_path: Path) -> None:
    write_a_mail(app, "before@example.org")
    # The message that would wake it is lost; the mail is not.
    for file in tmp_path.glob("queue.db*"):
        file.unlink()
    app.extensions["background"] = Background(app)
    behaviour, log = Behaviour(), tmp_path / "worker.log"
    with mail_server(behaviour) as address, worker(app, address, log) as process:
        eventually(lambda: len(behaviour.received) == 1, 30, "The mail that waited")
        write_a_mail(app, "after@example.org")
        eventually(lambda: len(behaviour.received) == 2, 10, "The mail that came")
        process.terminate()
        assert process.wait(timeout=20) == 0
    assert [mail["To"] for mail in behaviour.mails] == ["before@example.org", "after@example.org"]
    assert log.read_text() == "" or "failed" not in log.read_text()


def test_a_worker_killed_after_the_mail_was_taken_sends_it_again_under_the_same_id(app: Flask, tmp_path: Path) -> None:
    """Nobody can know whether the server kept it: it comes twice, and a receiver can tell."""
    write_a_mail(app)
    behaviour = Behaviour(hangs_after_data=True)
    log = tmp_path / "worker.log"
    with mail_server(behaviour) as address, worker(app, address, log) as process:
        eventually(lambda: len(behaviour.received) == 1, 30, "The mail")
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    with app.app_context():
        row = db.session.scalars(select(OutboxMessage)).one()
        assert (row.sent_at, row.parked) == (None, None)
        with unit_of_work() as session:  # five minutes later
            session.get_one(OutboxMessage, row.id).next_try_at = now() - timedelta(seconds=1)
    behaviour.hangs_after_data = False
    with mail_server(behaviour) as address, worker(app, address, log):
        eventually(lambda: len(behaviour.received) == 2, 30, "The mail again")
    first, second = behaviour.mails
    assert first["Message-ID"] == second["Message-ID"] == row.message_id


def test_a_broken_queue_is_dropped_and_mail_goes_on(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "queue.db").write_bytes(b"no database" * 1000)
    write_a_mail(app)
    behaviour, log = Behaviour(), tmp_path / "worker.log"
    with mail_server(behaviour) as address, worker(app, address, log):
        eventually(lambda: len(behaviour.received) == 1, 30, "The mail")
    assert "queue_broken" in log.read_text()


# serve keeps it running


def test_serve_starts_a_worker_that_died_again_after_a_pause(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    starts = tmp_path / "starts"
    program = f"open({str(starts)!r}, 'a').write('x')"
    child = serve.Worker([sys.executable, "-c", program])

    def count() -> int:
        return len(starts.read_text()) if starts.exists() else 0

    child.keep()
    eventually(
        lambda: count() == 1 and child._process is not None and child._process.poll() == 0, 10, "The first start"
    )
    child.keep()
    child.keep()
    assert child._process is None, "not at once"
    monkeypatch.setattr(child, "_starts_at", 0.0)
    child.keep()
    eventually(lambda: count() == 2, 10, "The second start")
    child.stop()


def test_serve_does_not_wait_for_ever_for_a_worker_that_will_not_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "PATIENCE", 0.2)
    program = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(60)"
    child = serve.Worker([sys.executable, "-c", program])
    child.keep()
    process = child._process
    assert process is not None
    child.stop()
    assert process.returncode is not None
