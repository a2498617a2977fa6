"""Logs of anonymous answering hold nothing that identifies (A14): the real server with its real logs."""

from __future__ import annotations

import http.client
import os
import re
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask

from learning.ballots.database import the_engine
from learning.config import PROJECT
from learning.extensions import db
from tests.ballots.answering import forms_of, open_wave
from tests.server import eventually, free_port

#: The address from which the answers come; nothing else here has it.
ADDRESS = "127.0.0.77"
FORM = {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": "canary-agent"}


class FromElsewhere:
    """A browser at an address of its own."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.statuses: list[int] = []

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30, source_address=(ADDRESS, 0))
        connection.request(method, path, urlencode(form) if form else None, FORM)
        answer = connection.getresponse()
        self.statuses.append(answer.status)
        text = answer.read().decode()
        connection.close()
        return text

    def mumble(self, words: bytes) -> None:
        """Send what is no request."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10, source_address=(ADDRESS, 0)) as line:
            line.sendall(words)
            line.recv(1000)


@pytest.mark.prove
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a14_no_log_holds_a_code_a_key_an_answer_or_an_address(app: Flask, tmp_path: Path) -> None:
    wave = open_wave(app)
    code, other = wave.codes["dye"][:2]
    with app.app_context():
        db.engine.dispose()
        the_engine().dispose()
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    log = tmp_path / "log"
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "serve", "--port", str(port), "--workers", "1"]
    environment = {**os.environ, "HEADWATER_DATA": str(tmp_path), "HEADWATER_PUBLIC_URL": url}
    with log.open("wb") as written:
        server = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=written, stderr=written)
        try:
            eventually(lambda: answers(url), 90, "An answer of the server")
            secrets = walk_and_stumble(FromElsewhere(port), code, other, tmp_path)
        finally:
            server.terminate()
            server.wait(timeout=60)
    text = log.read_text()
    assert '"unexpected error in anonymous answering"' in text, "the log was not the one that errors go to"
    assert '"database unavailable"' in text
    assert "Invalid request from ip=" in text
    found = [secret for secret in (*secrets, ADDRESS, "canary", "/answer") if secret in text]
    print(f"A14: {len(text)} bytes of log, {len(secrets) + 3} secrets looked for, {len(found)} found")
    assert not found, text


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url + "/healthz", timeout=2) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def walk_and_stumble(browser: FromElsewhere, code: str, other: str, data: Path) -> list[str]:
    """Answer, and let everything go wrong that can; return what must stand in no log."""
    page = browser.ask("POST", "/answer/", {"code": code, "go": "1"})
    first = forms_of(page)[0]
    given = {name: values[2] for name, values in first.choices.items()}
    last = forms_of(browser.ask("POST", "/answer/", {**first.fields, **given, "go": "last"}))[0]
    result = browser.ask("POST", "/answer/send", last.fields)
    assert "Thank you" in result
    private = re.search(r'answer-code-shown">([^<]+)<', result)
    assert private
    browser.ask("POST", "/answer/result", {"private_code": private.group(1)})

    form = {**last.fields, "code": other}
    browser.ask("GET", f"/answer/{code}")
    browser.ask("GET", f"/answer/?code={code}")
    browser.ask("POST", f"/answer/{code}", form)
    browser.ask("POST", "/answer/send", {**form, "given": "canary"})
    browser.ask("POST", "/answer/send", {**form, "x": "canary" * 4000})
    browser.ask("PUT", "/answer/send", form)
    browser.mumble(f"POST /answer/send HTTP/1.1\r\n{code}\r\n\r\n".encode())
    with sqlite3.connect(data / "ballots.db") as connection:
        connection.execute("UPDATE wave SET lessons = '[{\"canary\": 1}]'")
    browser.ask("POST", "/answer/send", form)
    with sqlite3.connect(data / "ballots.db") as connection:
        connection.execute("ALTER TABLE wave RENAME TO gone")
    browser.ask("POST", "/answer/send", form)
    assert {200, 400, 404, 405, 413, 500, 503} <= set(browser.statuses)
    keys = [form["permit"], form["key"], form["given"], private.group(1)]
    return [code, other, *keys, *(secret.replace("-", "") for secret in (code, other, private.group(1)))]
