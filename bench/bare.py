"""The bare baseline: the least Flask and SQLAlchemy that answers the same question.

A page of the same size behind one session query, and an authenticated insert of one row with a commit
that is synced. No policies, no forms, no templates, no headers: whatever Headwater adds is seen as a ratio.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from flask import Flask, abort, request, session
from sqlalchemy import create_engine, event, text

#: How the bench finds its way: the same for writer and reader of the file.
TOKEN = "bare-token"


def create_bare(data: Path, size: int) -> Flask:
    """A bare app on its own SQLite file with the same durability as the site's."""
    app = Flask(__name__)
    app.secret_key = "b" * 40
    engine = create_engine(f"sqlite:///{data / 'bare.db'}", pool_size=8)

    @event.listens_for(engine, "connect")
    def prepare(connection, entry):  # type: ignore[no-untyped-def]
        connection.isolation_level = None
        for pragma in ("journal_mode=wal", "synchronous=2", "busy_timeout=10000"):
            connection.execute("PRAGMA " + pragma)

    @event.listens_for(engine, "begin")
    def begin(connection):  # type: ignore[no-untyped-def]
        connection.exec_driver_sql("BEGIN " + connection.get_execution_options().get("mode", "IMMEDIATE"))

    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE IF NOT EXISTS session (token TEXT PRIMARY KEY, user_id TEXT)"))
        connection.execute(text("CREATE TABLE IF NOT EXISTS answer (id TEXT PRIMARY KEY, user_id TEXT, value TEXT)"))
        connection.execute(text("INSERT OR IGNORE INTO session VALUES (:token, 'u')"), {"token": TOKEN})
    page = "x" * size
    reading = engine.execution_options(mode="DEFERRED")

    def user(connection):  # type: ignore[no-untyped-def]
        found = connection.execute(
            text("SELECT user_id FROM session WHERE token = :token"), {"token": session.get("token", "")}
        ).scalar()
        return found or abort(401)

    @app.get("/sign-in")
    def sign_in() -> str:
        session["token"] = TOKEN
        return ""

    @app.get("/page")
    def show() -> str:
        with reading.connect() as connection:
            user(connection)
        return page

    @app.put("/answer")
    def save() -> dict[str, bool]:
        value = str(request.get_json()["value"])
        with engine.begin() as connection:
            connection.execute(
                text("INSERT INTO answer VALUES (:id, :user, :value)"),
                {"id": secrets.token_hex(10), "user": user(connection), "value": value},
            )
        return {"saved": True}

    @app.get("/healthz")
    def healthz() -> str:
        return "ok"

    return app


def from_environment() -> Flask:
    """For gunicorn: ``bench.bare:from_environment()``."""
    return create_bare(Path(os.environ["HEADWATER_DATA"]), int(os.environ["BARE_SIZE"]))
