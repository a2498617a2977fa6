"""Logs: one line of JSON an event, and nothing in it that opens a door or names a person."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from learning.clock import now
from learning.config import PROJECT
from learning.database import unit_of_work
from learning.mail.letters import Letter
from learning.mail.outbox import post
from learning.web.held_back import MOST_KINDS, OTHERS
from learning.web.logs import masked, without_tokens
from tests.server import eventually, free_port

TOKEN = "Zk3v9QdX_hB1-mTn5yWcL0pR8sUaGfEjKoIi2VtYxC4"


def lines_of(body: str, data: Path) -> list[dict[str, Any]]:
    """Run a program that has made the site; every line of its logs, parsed."""
    program = (
        "import logging, sys, structlog\n"
        "from gunicorn.config import Config\n"
        "from gunicorn.glogging import Logger\n"
        "gunicorn = Logger(Config())\n"
        "from learning import create_app\n"
        "from learning.config import load_settings\n"
        f"app = create_app(load_settings(data={str(data)!r}, secret_key='k' * 40))\n"
        "log = structlog.get_logger()\n" + body
    )
    run = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert run.stdout == ""
    assert run.stderr.isascii(), "a terminal could take what stands there as a command"
    return [json.loads(line) for line in run.stderr.splitlines()]


def test_an_event_is_one_line_of_json_with_its_time_in_utc(tmp_path: Path) -> None:
    (line,) = lines_of(r"log.info('a trial', user='abc', said='one\ntwo\x1b[31m\x9b31m\u2028')", tmp_path)
    assert (line["event"], line["level"], line["user"]) == ("a trial", "info", "abc")
    assert line["said"] == "one\ntwo\x1b[31m\x9b31m\u2028"
    assert datetime.fromisoformat(line["timestamp"]).utcoffset() is not None


def test_an_exception_is_told_without_values_and_without_tokens(tmp_path: Path) -> None:
    body = (
        f"secret = {TOKEN!r}\n"
        "try:\n    raise ValueError('cannot open /people/reset/' + secret + ' of ana@example.org, ' + secret)\n"
        "except ValueError:\n    log.exception('a trial', path='/people/join/' + secret + '/number')\n"
    )
    (line,) = lines_of(body, tmp_path)
    assert TOKEN not in str(line)
    assert "ana@" not in str(line)
    assert line["path"] == "/people/join/…/number"
    assert "ValueError: cannot open /people/reset/…" in line["exception"]
    assert 'File "<string>", line' in line["exception"]


def test_what_libraries_and_the_web_server_write_is_json_without_tokens_too(tmp_path: Path) -> None:
    body = (
        "logging.getLogger('some.library').warning('opened %s', '/people/invitation/' + " + repr(TOKEN) + ")\n"
        "try:\n    raise OSError(" + repr(TOKEN) + ")\n"
        "except OSError:\n    gunicorn.exception('Error handling request %s', '/people/reset/' + " + repr(TOKEN) + ")\n"
    )
    library, server = lines_of(body, tmp_path)
    assert TOKEN not in str(library) + str(server)
    assert (library["event"], library["level"]) == ("opened /people/invitation/…", "warning")
    assert server["event"] == "Error handling request /people/reset/…"
    assert "OSError: …" in server["exception"]


def test_what_is_held_back_takes_little_memory_and_is_told_when_the_process_ends(tmp_path: Path) -> None:
    body = (
        "from learning.web.held_back import MOST_KINDS, hold_back\n"
        f"for number in range(2 * MOST_KINDS):\n    hold_back('warning', {{'event': '/people/reset/{TOKEN}', 'at': number}})\n"
    )
    lines = lines_of(body, tmp_path)
    assert len(lines) == MOST_KINDS + 1
    assert (lines[-1]["event"], lines[-1]["times"]) == (OTHERS["event"], MOST_KINDS)
    assert TOKEN not in str(lines)


def test_a_worker_of_the_web_server_writes_json(tmp_path: Path) -> None:
    """Nothing is published here, so /readyz has something to complain of."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    environment = {**os.environ, "HEADWATER_DATA": str(tmp_path), "HEADWATER_PUBLIC_URL": address}
    command = [sys.executable, "-m", "gunicorn", "wsgi:app", "--bind", f"127.0.0.1:{port}", "--log-level", "warning"]
    with subprocess.Popen(command, cwd=PROJECT, env=environment, stderr=subprocess.PIPE, text=True) as server:

        def complains() -> bool:
            try:
                urllib.request.urlopen(address + "/readyz", timeout=5)
            except urllib.error.HTTPError as error:
                return error.code == 503
            except OSError:
                return False
            return False

        try:
            eventually(complains, 60, "A complaint")
        finally:
            server.terminate()
        _, errors = server.communicate(timeout=30)
    events = [json.loads(line) for line in errors.splitlines() if line.startswith("{")]
    assert "no content published" in [event["event"] for event in events]


def test_an_error_of_the_database_does_not_show_what_was_written(app: Flask) -> None:
    """The text of a mail holds a link that signs somebody in."""
    with app.app_context():
        with unit_of_work() as session:
            post(session, "ana@example.org", Letter("x", f"/people/reset/{TOKEN}"), now())
        with pytest.raises(IntegrityError) as caught, unit_of_work() as session:
            session.execute(
                text(
                    "INSERT INTO outbox_message (id, message_id, recipient, subject, body, created_at, tries, next_try_at)"
                    " SELECT id, message_id, recipient, subject, :body, created_at, tries, next_try_at FROM outbox_message"
                ),
                {"body": TOKEN},
            )
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("/people/reset/abcDEF_-123?x=1", "/people/reset/…?x=1"),
        ("/people/join/abc/number", "/people/join/…/number"),
        ("/reminders/off/WyJhYiIsImNkIl0.Zx-9_q", "/reminders/off/…"),
        ("/courses/foundations/", "/courses/foundations/"),
    ],
)
def test_addresses_are_shown_without_tokens(written: str, shown: str) -> None:
    assert without_tokens(written) == shown


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (f"KeyError: '{TOKEN}'", "KeyError: '…'"),
        ("Key (email)=(ana.lopez@example.org) already exists", "Key (email)=(…) already exists"),
        ("code ABCD EFGH JKLM 2345", "code …"),
        ("code ABCDEFGHJKLM2345!", "code …!"),
        ("Invalid request from ip=10.1.2.3: Invalid HTTP Header", "Invalid request from ip=…: Invalid HTTP Header"),
        ("ballot K7QD-2M9P-XW4R-8TAB-CD", "ballot …"),
        ("private 01QD2M9PXW4R8TABCD00ZZ", "private …"),
        ("$argon2id$v=19$m=32768,t=4,p=1$VvESeQMpfbYPHj6M03qxqA$o1NMLU2N", "…"),
        ("postgresql+psycopg://headwater:pass@127.0.0.1/headwater", "postgresql+psycopg://…@127.0.0.1/headwater"),
        ('File "/srv/site/learning/accounts/invitations.py", line 12, in accept_as_new', None),
        ("user 9f0c1b2a3d4e5f607182", None),
    ],
)
def test_what_opens_a_door_or_names_somebody_is_left_out_of_texts(written: str, shown: str | None) -> None:
    assert masked(written) == (written if shown is None else shown)
