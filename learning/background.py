"""Work that nobody waits for: tasks that look for what is due, a timetable, and a queue that wakes them early.

What is to be done stands in the database, never in the queue. A message carries the name of a task and nothing
else; the task looks for due work, does it, and does nothing when there is none. So a message may be lost when the
consumer is killed, come twice, or be read by two consumers at once: the next minute finds what was left, and what is
done is not done again. The queue of SQLite is the file ``queue.db``, which may be deleted while the site stands still.

Features declare their tasks with ``@task`` in their ``tasks.py`` and know nothing of the app; ``create_app`` loads them.
"""

from __future__ import annotations

import hashlib
import hmac
import sqlite3
import threading
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click
import structlog
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy import event
from sqlalchemy.orm import Session

from learning.clock import now
from learning.config import Settings, UnsafeConfiguration
from learning.extensions import db

if TYPE_CHECKING:
    from huey import Huey

log = structlog.get_logger()

#: Threads of the consumer: a mail server that hangs holds up one, the other goes on.
THREADS = 2
#: Seconds a task may go on after the consumer was told to stop; then it is cut off, which no task minds.
PATIENCE = 10
#: More messages than this need not wait: they say the same few things over and over.
MOST_WAITING = 100


class PartlyDone(Exception):
    """The work of some organizations failed, and was done for all others. Each failure was logged when it happened."""


Looks = Callable[[datetime], object]
Look = TypeVar("Look", bound=Looks)


@dataclass(frozen=True, slots=True)
class Task:
    """Something that looks for due work when it is its time, or when it is woken."""

    name: str
    look: Looks
    #: Minutes and hours of UTC as cron writes them.
    minute: str
    hour: str


#: All tasks that were declared, by name.
TASKS: dict[str, Task] = {}


def task(name: str, *, minute: str = "*", hour: str = "*") -> Callable[[Look], Look]:
    """Declare a function of the present moment as a task: every minute, unless the timetable says less.

    It must be safe at any time, twice, and twice at once. It runs within the app and opens its own transactions.
    """

    def declare(look: Look) -> Look:
        TASKS[name] = Task(name, look, minute, hour)
        return look

    return declare


def each_by_itself(what: str, organization_ids: Iterable[str], work: Callable[[str], int]) -> int:
    """Do something for one organization after the other and add up what came of it. A failure stops none of the others.

    Raises PartlyDone at the end if there was one.
    """
    count = asked = 0
    failures: list[Exception] = []
    for organization_id in organization_ids:
        asked += 1
        try:
            count += work(organization_id)
        except Exception as error:
            log.exception("organization failed", work=what, organization=organization_id)
            failures.append(error)
            db.session.remove()
    if failures:
        raise PartlyDone(f"{what}: {len(failures)} of {asked} organizations failed") from failures[0]
    return count


def wake(session: Session, name: str) -> None:
    """Within the caller's unit of work: when it is committed, let a task look at once instead of at its next time.

    A hint only. If the queue does not answer, the commit stands and the timetable does the work.
    """
    woken: set[str] = session.info.setdefault("woken", set())
    if name not in woken:
        woken.add(name)
        background: Background = current_app.extensions["background"]
        event.listen(session, "after_commit", lambda _session: background.send(name), once=True)


class Background:
    """The tasks bound to an app, and the queue that wakes them."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._running = {name: threading.Lock() for name in TASKS}
        self._making = threading.Lock()
        self._queue: Huey | None = None
        #: Name of a task -> sends the message that wakes it.
        self._calls: dict[str, Callable[[], object]] = {}

    @property
    def queue(self) -> Huey:
        """The queue, made when it is first asked for: most web workers never need it."""
        with self._making:
            if self._queue is None:
                self._queue = self._make_queue()
                for each in TASKS.values():
                    declare = self._queue.periodic_task(_timetable(each), name=each.name)
                    self._calls[each.name] = declare(partial(self.run, each.name))
            return self._queue

    def _make_queue(self) -> Huey:
        from huey import RedisHuey, SqliteHuey
        from huey.serializer import SignedSerializer

        settings: Settings = self._app.extensions["settings"]
        # Messages are pickled, and a pickle may run anything: only what carries our signature is ever opened.
        signed = SignedSerializer(secret=_key(self._app.config["SECRET_KEY"]), salt="headwater-queue")
        if not settings.redis_url:
            return SqliteHuey(
                "headwater", filename=str(settings.data / "queue.db"), timeout=1, results=False, serializer=signed
            )
        from redis import ConnectionPool

        # Whoever sends a message waits a moment only: it is no more than a hint.
        pool = ConnectionPool.from_url(settings.redis_url, socket_timeout=5, socket_connect_timeout=1)
        return RedisHuey("headwater", connection_pool=pool, results=False, serializer=signed)

    def send(self, name: str) -> None:
        """Put a message into the queue that wakes a task. Never raises."""
        try:
            if self.queue.pending_count() < MOST_WAITING:
                self._calls[name]()
        except Exception as error:
            log.warning("queue_unavailable", task=name, reason=type(error).__name__)

    def run(self, name: str) -> bool:
        """Let a task look for due work now, unless it is looking already; tell whether it could. A failure is logged."""
        lock = self._running[name]
        if not lock.acquire(blocking=False):
            return True
        try:
            with self._app.app_context():
                TASKS[name].look(now())
            return True
        except Exception:
            log.exception("task failed", task=name)
            return False
        finally:
            lock.release()

    def consume(self) -> None:
        """Run the consumer until the process is told to stop. SIGTERM lets tasks end, SIGINT does not wait for them."""
        settings: Settings = self._app.extensions["settings"]
        if not settings.redis_url:
            _drop_if_broken(settings.data / "queue.db")
        self.queue.create_consumer(
            workers=THREADS,
            scheduler_interval=10,
            # An idle consumer looks for messages once a second.
            max_delay=1.0,
            graceful_signal="TERM",
            shutdown_timeout=PATIENCE,
        ).run()


def _drop_if_broken(path: Path) -> None:
    """Remove a queue that SQLite cannot read any more: it holds hints only, and without it the timetable would stop."""
    if not path.exists():
        return
    try:
        with closing(sqlite3.connect(path, timeout=5)) as connection:
            sound = connection.execute("PRAGMA quick_check").fetchone() == ("ok",)
    except sqlite3.OperationalError:  # locked by another worker: it is read, so it can be read
        return
    except sqlite3.DatabaseError:
        sound = False
    if not sound:
        log.error("queue_broken")
        for file in path.parent.glob(path.name + "*"):
            file.unlink(missing_ok=True)


def _timetable(task: Task) -> Callable[[datetime], bool]:
    from huey import crontab

    due: Callable[[datetime], bool] = crontab(minute=task.minute, hour=task.hour)
    return due


def _key(secret: str) -> str:
    """A key of the queue's own, so that its signatures are worth nothing elsewhere."""
    return hmac.new(secret.encode(), b"queue", hashlib.sha256).hexdigest()


def init_background(app: Flask) -> None:
    """Bind the declared tasks to an app. Raises UnsafeConfiguration if the queue could not be reached by any luck."""
    settings: Settings = app.extensions["settings"]
    if settings.redis_url and find_spec("redis") is None:
        raise UnsafeConfiguration(
            "HEADWATER_REDIS_URL is set, but the package redis is not installed. "
            "Install it into the environment of the site, or unset the variable: the queue is a file then."
        )
    app.extensions["background"] = Background(app)


@click.command("work")
@with_appcontext
def work() -> None:
    """Do background work until told to stop; `serve` starts it by itself. Several at once are safe."""
    background: Background = current_app.extensions["background"]
    background.consume()
