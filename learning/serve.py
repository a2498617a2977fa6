"""Starts everything the site needs: database, content, static files, the web server and the worker beside it.

Only publishing stays in this process: an author waits for it, it needs the reader of content, and it must not happen
twice at once. All that touches people's data is done by the worker (``flask work``): mail to a server that hangs then
holds up neither an author nor the end of this process, and the worker's memory goes when it goes.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import click
import structlog
from flask import Flask, current_app
from flask.cli import with_appcontext

from learning.ballots.database import the_engine
from learning.ballots.schema import prepare_ballots
from learning.clock import now
from learning.config import LOOPBACK, PROJECT, Settings, make_data_folder
from learning.content.store import publish
from learning.courses.standings import mirror_courses
from learning.database import assert_durable
from learning.extensions import db
from learning.migrating import upgrade_database
from learning.web.assets import build_assets

log = structlog.get_logger()

#: Seconds between looks at the content and at the worker.
ROUND = 1.0
#: Seconds before a worker that died is started again, so that one that cannot start does not keep the machine busy.
PAUSE = 5.0
#: Seconds a worker has to end its tasks and itself. Nothing is lost if it is killed then.
PATIENCE = 15.0


def prepare(app: Flask) -> None:
    """Bring database, content and static files up to date. Says what it does; raises what must be mended."""
    settings: Settings = app.extensions["settings"]
    make_data_folder(settings)
    steps: list[tuple[str, Callable[[], object]]] = [
        ("database", upgrade_database),
        ("anonymous answers", prepare_ballots),
        ("durability", lambda: assert_durable(db.engine)),
        ("durability of answers", lambda: assert_durable(the_engine())),
        ("static files", lambda: build_assets(PROJECT / "static", settings.data / "static")),
        ("content", lambda: publish_content(settings)),
    ]
    with click.progressbar(steps, label="Preparing", item_show_func=lambda step: step[0] if step else "") as bar:
        for _name, step in bar:
            step()


def publish_content(settings: Settings) -> bool:
    """Publish the content; with mistakes in it the last good version stays, and they are printed."""
    loaded = publish(settings.content, settings.store)
    if loaded.catalogue is not None:
        mirror_courses(loaded.catalogue)
    for problem in loaded.problems:
        click.echo(str(problem), err=True)
    return not loaded.problems


def address_to_listen_on(host: str, port: int) -> str:
    """Host and port as gunicorn reads them."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _command(bind: str, workers: int) -> list[str]:
    return [
        sys.executable,
        *("-m", "gunicorn", "wsgi:app"),
        *("--chdir", str(PROJECT)),
        *("--bind", bind),
        *("--worker-class", "gthread"),
        *("--workers", str(workers)),
        *("--threads", "4"),
        # A worker that hangs on a half-sent request is replaced; a slow sync of the disk is not a hang.
        *("--timeout", "60"),
        *("--graceful-timeout", "20"),
        *("--keep-alive", "5"),
        *("--log-level", "warning"),
    ]


class Publishing:
    """Follows the content folder, in this process, once a round."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._seen = _stamp(settings.content)

    def look(self) -> None:
        """Publish the content if it changed. A failure is logged and tried again when it changes next."""
        try:
            stamp = _stamp(self._settings.content)
            if stamp != self._seen:
                self._seen = stamp
                publish_content(self._settings)
        except Exception:
            log.exception("publishing failed")


class Worker:
    """The process that does background work. It is started again when it dies."""

    def __init__(self, command: list[str]) -> None:
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._starts_at = 0.0

    def keep(self) -> None:
        """Start it if it does not run; after it died only when the pause is over."""
        if self._process is not None and self._process.poll() is not None:
            log.error("worker_died", code=self._process.returncode)
            self._process, self._starts_at = None, time.monotonic() + PAUSE
        if self._process is None and time.monotonic() >= self._starts_at:
            self._process = subprocess.Popen(self._command, cwd=PROJECT)

    def stop(self) -> None:
        """Let it end what it does, but not for long."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _stamp(folder: Path) -> tuple[int, int]:
    """Changes whenever a file of the folder is written, added or removed."""
    newest, count = 0, 0
    for parent, _folders, names in os.walk(folder):
        for name in names:
            count += 1
            newest = max(newest, os.stat(os.path.join(parent, name), follow_symlinks=False).st_mtime_ns)
    return newest, count


def run(bind: str, workers: int, settings: Settings) -> int:
    """Run the web server until it ends or this process is told to stop; return its exit code.

    The worker starts after the server and stops after it: what the last requests put into the outbox is still sent.
    """
    server = subprocess.Popen(_command(bind, workers))
    stopping = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        stopping.set()
        server.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    publishing = Publishing(settings)
    worker = Worker([sys.executable, "-m", "flask", "--app", "wsgi", "work"])
    while server.poll() is None:
        if not stopping.is_set():
            publishing.look()
            worker.keep()
        try:
            server.wait(timeout=ROUND)
        except subprocess.TimeoutExpired:
            continue
    worker.stop()
    return server.returncode


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, envvar="PORT", help="Port to listen on.")
@click.option("--workers", default=2, show_default=True, help="Worker processes of four threads each.")
@click.option("--demo", is_flag=True, help="Add the demo organization to an empty database. Loopback only.")
@with_appcontext
def serve(host: str, port: int, workers: int, demo: bool) -> None:
    """Prepare everything and serve the site."""
    from learning.demo import ACCOUNTS, PASSWORD, add_demo, is_empty

    settings: Settings = current_app.extensions["settings"]
    started = time.monotonic()
    prepare(current_app)
    if demo:
        if host not in LOOPBACK or not settings.on_loopback:
            raise click.ClickException("The demo accounts have a known password: they are for loopback only.")
        if is_empty():
            add_demo(now())
    db.session.remove()
    the_engine().dispose()
    db.engine.dispose()  # connections are not carried over into the server's processes
    click.echo(f"\nHeadwater is ready after {time.monotonic() - started:.1f} s: {settings.public_url}/")
    if demo:
        click.echo("Demo accounts, all with the password " + PASSWORD)
        for role, email in ACCOUNTS.items():
            click.echo(f"  {role:<14} {email}")
    click.echo("Stop with Ctrl+C.\n")
    sys.stdout.flush()
    raise SystemExit(run(address_to_listen_on(host, port), workers, settings))
