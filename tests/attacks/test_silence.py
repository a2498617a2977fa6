"""What is left where nobody should find anything: logs, the outbox, rows of people. A14, A15, A16, A17, A25."""

from __future__ import annotations

import http.client
import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from learning.accounts.models import User, UserSession
from learning.ballots.database import the_engine
from learning.clock import now
from learning.config import PROJECT
from learning.database import unit_of_work
from learning.extensions import db
from learning.mail.models import OutboxMessage
from tests.attacks.campaign import Campaign, Clients, Invitation, deliver
from tests.ballots.attacks.looking import OF_PEOPLE, files_of, snapshot
from tests.ballots.pages.test_logs import ADDRESS, FromElsewhere, answers
from tests.ballots.pages.test_nobody_asks import statements
from tests.conftest import csrf_token
from tests.server import eventually, free_port

pytestmark = pytest.mark.prove

#: Where a server of databases of this machine writes, if it can be read.
DATABASE_LOGS = Path("/var/log/postgresql")


def rows_of_people(app: Flask) -> dict[str, list[str]]:
    """Every row of every table of the database of people."""
    with app.app_context():
        db.session.remove()
        with db.engine.connect() as connection:
            return {
                table.name: sorted(repr(tuple(row)) for row in connection.execute(select(table)))
                for table in db.metadata.sorted_tables
            }


def test_a14_no_log_of_a_whole_campaign_holds_a_code_a_key_an_answer_or_an_address(
    campaign: Campaign, client_for: Clients, tmp_path: Path, backend: str, database_url: str
) -> None:
    """The real server and its worker, from the first answer to the closing by a manager, with mistakes in between."""
    app = campaign.app
    cookie = signed_in_cookie(app, client_for(campaign.company.learner))
    manager = signed_in_cookie(app, campaign.manager)
    with app.app_context():
        db.engine.dispose()
        the_engine().dispose()
    logs = {path: path.stat().st_size for path in DATABASE_LOGS.glob("*.log")} if backend == "postgresql" else {}
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    log = tmp_path / "log"
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "serve", "--port", str(port), "--workers", "1"]
    environment = {
        **os.environ,
        "HEADWATER_DATA": str(tmp_path),
        "HEADWATER_PUBLIC_URL": url,
        "HEADWATER_DATABASE_URL": database_url,
        "HEADWATER_SECRET_KEY": "k" * 40,
    }
    with log.open("wb") as written:
        server = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=written, stderr=written)
        try:
            eventually(lambda: answers(url), 90, "An answer of the server")
            browser = FromElsewhere(port)
            forms = []
            for invitation in campaign.unused[:12]:
                each = campaign.made(invitation)
                forms.append(campaign.form(each))
                assert "Thank you" in asked(browser, "POST", "/answer/send", cookie, forms[-1])
                campaign.answered.append(each)
            for form in forms[:3]:
                browser.ask("POST", "/answer/send", {**form, "given": form["given"] + "canary"})
                browser.ask("GET", f"/answer/{form['code']}?code={form['code']}&given={form['given']}")
                browser.ask("POST", "/answer/send", {**form, "permit": "0" * 26})
                browser.mumble(f"POST /answer/ HTTP/1.1\r\n{form['code']}\r\n\r\n".encode())
            page = asked(browser, "GET", f"{campaign.path}/close", manager)
            token = re.search(r'name="csrf_token"[^>]*value="([^"]+)', page)
            assert token, page
            asked(browser, "POST", f"{campaign.path}/close", manager, {"csrf_token": token.group(1)}, url)
            browser.ask("POST", "/answer/send", forms[0])
        finally:
            server.terminate()
            server.wait(timeout=60)
    assert campaign.release().report is not None
    text = log.read_text()
    assert '"wave_closed"' in text, "the log was not the one that events go to"
    unread = 0
    for path, size in logs.items():
        try:
            text += path.read_bytes()[size:].decode("utf-8", "replace")
        except PermissionError:
            unread += 1
    secrets = secrets_of(campaign)
    found = [secret for secret in (*secrets, ADDRESS, "canary", "/answer") if secret in text]
    print(
        f"\nA14 {backend}: {len(text)} bytes of logs ({len(logs) - unread} of the database server), "
        f"{len(secrets) + 3} secrets looked for, {len(found)} found"
    )
    assert found == []


def signed_in_cookie(app: Flask, client: FlaskClient) -> str:
    """The session of a browser, as a header."""
    csrf_token(client, "/people/account")
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"], domain="127.0.0.1") or client.get_cookie(
        app.config["SESSION_COOKIE_NAME"]
    )
    assert cookie
    return f"{cookie.key}={cookie.value}"


def asked(
    browser: FromElsewhere, method: str, path: str, cookie: str, form: dict[str, str] | None = None, origin: str = ""
) -> str:
    """As somebody who is signed in."""
    connection = http.client.HTTPConnection("127.0.0.1", browser.port, timeout=30, source_address=(ADDRESS, 0))
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "User-Agent": "canary-agent",
        "Cookie": cookie,
        **({"Origin": origin} if origin else {}),
    }
    connection.request(method, path, urlencode(form) if form else None, headers)
    text = connection.getresponse().read().decode()
    connection.close()
    return text


def secrets_of(campaign: Campaign) -> list[str]:
    """All codes, and what those who answered sent."""
    found = [form for each in campaign.invitations for form in (each.code, each.code.replace("-", ""))]
    for each in campaign.answered:
        found += [each.permit, each.response_key, each.given]
    return found


def test_a15_after_sending_no_text_of_a_mail_is_left_but_in_the_mails(
    campaign: Campaign, tmp_path: Path, backend: str
) -> None:
    letters = deliver(campaign.app, tmp_path)
    with campaign.app.app_context():
        left = [(mail.body, mail.sealed_with) for mail in db.session.scalars(select(OutboxMessage))]
        db.session.remove()
        files = {str(path): path.read_bytes() for path in tmp_path.glob("*.db*")}
        try:
            files |= files_of(tmp_path)
        except PermissionError:
            pytest.skip("the files of the database server cannot be read here")
    codes = [each.code for each in campaign.invitations]
    found = [name for name, content in files.items() for code in codes if code.encode() in content]
    page = campaign.manager.get(campaign.path).text
    print(
        f"\nA15 {backend}: {len(letters)} mails sent; {len(codes)} codes looked for in {len(files)} files, {len(found)} found"
    )
    assert {body for body, _sealed_with in left} == {""}
    assert found == []
    assert "wait to be sent" not in page


def test_a16_a17_and_a25_answering_while_signed_in_touches_no_row_of_a_person(
    campaign: Campaign, client_for: Clients, backend: str
) -> None:
    """Everybody who was invited by mail answers in a browser that is signed in as them; the whole database of people
    is the same after each answer, and that of answers changes by one ballot and one answer of a group."""
    signed_in: dict[str | None, FlaskClient] = {
        each.user_id: client_for(each.user_id) for each in campaign.invitations if each.user_id
    }
    stranger = client_for(None)

    def browser_of(invitation: Invitation) -> FlaskClient:
        return signed_in.get(invitation.user_id, stranger)

    # As of people who come back: the next thing they do on the site would be noted.
    with campaign.app.app_context(), unit_of_work() as session:
        session.execute(update(UserSession).values(last_seen_at=now() - timedelta(days=2)))
    before = rows_of_people(campaign.app)
    cookies = {user_id: browser.get_cookie("headwater") for user_id, browser in signed_in.items()}
    changes = set()
    count = 12
    with statements(campaign.app) as asked_of_people:
        earlier = answers_kept(campaign)
        for _ in range(count):
            campaign.answer(1, browser_of)
            later = answers_kept(campaign)
            gone, new = earlier - later, later - earlier
            changes.add((tuple(sorted(table for table, _row in gone)), tuple(sorted(table for table, _row in new))))
            earlier = later
        known = next(each for each in campaign.unused if each.user_id)
        campaign.walk(signed_in[known.user_id], known)
    after = rows_of_people(campaign.app)
    changed = [table for table in before if before[table] != after[table]]
    print(
        f"\nA16 {backend}: {count + 1} people answered while signed in, {len(asked_of_people)} statements about people"
    )
    with campaign.app.app_context():
        columns = [column.name for table in (User, UserSession) for column in table.__table__.columns]
    times = [name for name in columns if name.endswith(("_at", "_on", "seen"))]
    print(f"A17 {backend}: {len(before)} tables of people compared, with {', '.join(times)}: {len(changed)} changed")
    print(f"A25 {backend}: rows gone and rows new between two answers: {sorted(changes)}")
    assert asked_of_people == []
    assert changed == []
    assert cookies == {user_id: browser.get_cookie("headwater") for user_id, browser in signed_in.items()}
    assert changes == {(("ballot",), ("sealed_response", "sealed_result"))}
    with campaign.app.app_context():
        opened = values_of_people()
    campaign.close()
    with campaign.app.app_context():
        closed = values_of_people()
    assert len(closed) > count
    assert opened & closed == set()


def answers_kept(campaign: Campaign) -> set[tuple[str, str]]:
    """All rows of the database of answers: (table, row)."""
    with campaign.app.app_context():
        return {(table, repr(row)) for table, rows in snapshot().items() for row in rows}


def values_of_people() -> set[bytes]:
    """All that is random or sealed in rows of single people."""
    return {
        bytes(value)
        for table, rows in snapshot().items()
        if table in OF_PEOPLE
        for row in rows
        for value in row
        if isinstance(value, bytes) and len(value) >= 16
    }
