"""How Headwater talks to its database: the engine recipe, reading, and the unit of work.

SQLite: the driver never emits BEGIN. SQLAlchemy's ``begin`` event does: ``BEGIN IMMEDIATE`` for a unit of
work, ``BEGIN DEFERRED`` for reading. With the driver's default, two threads that read and then write lose
updates without an error. PostgreSQL: reading transactions are declared read-only, writing ones lock rows.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from flask import current_app
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as BoundSession
from sqlalchemy import DateTime, Dialect, Engine, MetaData, String, event
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, registry
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

SQLITE_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,  # FULL: a commit is on disk before it is acknowledged
    "foreign_keys": 1,
    "busy_timeout": 10_000,
    "secure_delete": 1,
    "trusted_schema": 0,
}
POSTGRESQL_SETTINGS = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}

#: Connections of one process to one database. Once opened they stay: under a burst, opening one for each request
#: costs more than the request.
CONNECTIONS = 16

#: Names of constraints, so that migrations can speak of them on every backend.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def engine_options(url: str, *settings: str) -> dict[str, Any]:
    """Options of ``create_engine``. ``settings``: more settings of PostgreSQL, such as ``search_path=ballots``."""
    # Hidden, for an error would else show what was written, a mail with its link for one; and errors go into the logs.
    options: dict[str, Any] = {"pool_size": CONNECTIONS, "max_overflow": 0, "hide_parameters": True}
    if url.startswith("sqlite"):
        return options
    commands = " ".join(f"-c {each}" for each in ("statement_timeout=5000", "timezone=UTC", *settings))
    return options | {
        "pool_pre_ping": True,
        "pool_timeout": 5,
        "connect_args": {"connect_timeout": 5, "options": commands},
    }


class UnsafeDatabase(Exception):
    """The database does not keep what it acknowledges; the text says which setting is wrong."""


class Moment(TypeDecorator[datetime]):
    """A moment in UTC. Stored without zone on SQLite, with zone on PostgreSQL; always aware in Python."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment needs a time zone: use learning.clock.now().")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Table(DeclarativeBase):
    """Base of all tables."""

    registry = registry(metadata=MetaData(naming_convention=NAMING), type_annotation_map={datetime: Moment()})


ID_LENGTH = 20
#: Longest id that content may have.
CONTENT_ID_LENGTH = 64


def new_id() -> str:
    """A random id of 80 bits. It is never a right: whoever shows it must still be allowed."""
    return secrets.token_hex(ID_LENGTH // 2)


def id_column() -> Mapped[str]:
    """The primary key of a table whose rows have an id that people may see."""
    return mapped_column(String(ID_LENGTH), primary_key=True, default=new_id)


class WriteWhileReading(Exception):
    """Something tried to write outside a unit of work."""


#: Execution options of a transaction that only reads.
READING: dict[str, Any] = {"sqlite_begin": "DEFERRED", "postgresql_readonly": True}


class ReadingSession(BoundSession):
    """The session of a request. It reads; whoever wants to write opens a unit of work."""

    def get_bind(self, *arguments: Any, **options: Any) -> Engine:
        return _reading_engine(super().get_bind(*arguments, **options))

    def flush(self, objects: Any = None) -> None:
        if self.new or self.dirty or self.deleted:
            raise WriteWhileReading("This session only reads. Open unit_of_work() to write.")


@lru_cache(maxsize=4)
def _reading_engine(engine: Engine) -> Engine:
    """The same pool, but its transactions are declared as reading. Few are kept: a process has one or two, and each
    keeps the statements it knows."""
    return engine.execution_options(**READING)


_open_unit: ContextVar[Session | None] = ContextVar("_open_unit", default=None)


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """One write transaction: committed at the end, rolled back by an exception.

    Takes the write lock at once on SQLite (``BEGIN IMMEDIATE``), so nothing read inside can be stale.
    Keep it short: no mail, no hashing, no rendering inside. It does not nest: a verb opens one and
    hands its session to helpers.
    """
    if _open_unit.get() is not None:
        raise RuntimeError("A unit of work is open already. Hand its session to the helper instead.")
    # What the request has read so far is stale after this; its connection goes back to the pool.
    database: SQLAlchemy = current_app.extensions["sqlalchemy"]
    database.session.remove()
    with Session(database.engine, expire_on_commit=False) as session:
        mark = _open_unit.set(session)
        try:
            yield session
            session.commit()
        finally:
            _open_unit.reset(mark)


def prepare_engine(engine: Engine) -> None:
    """Attach the recipe of its backend to an engine."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)


def _prepare_sqlite(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver never emits BEGIN
    # SQLite's own knows ASCII only: nobody would find Özil by typing özil.
    connection.create_function("lower", 1, _lower, deterministic=True)
    cursor = connection.cursor()
    for name, value in SQLITE_PRAGMAS.items():
        cursor.execute(f"PRAGMA {name}={value}")
    cursor.close()


def _lower(text: str | None) -> str | None:
    return text.lower() if text is not None else None


def _begin_sqlite(connection: Any) -> None:
    mode = connection.get_execution_options().get("sqlite_begin", "IMMEDIATE")
    query_only = "ON" if mode == "DEFERRED" else "OFF"
    # Told only when it changes: a connection that reads again reads at once.
    if connection.info.get("query_only") != query_only:
        connection.exec_driver_sql(f"PRAGMA query_only={query_only}")
        connection.info["query_only"] = query_only
    connection.exec_driver_sql(f"BEGIN {mode}")


def assert_durable(engine: Engine) -> None:
    """Raise UnsafeDatabase unless an acknowledged commit survives a crash of the machine."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            wanted: dict[str, Any] = dict(SQLITE_PRAGMAS)
            found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted}
        else:
            wanted = dict(POSTGRESQL_SETTINGS)
            found = {name: connection.exec_driver_sql(f"SHOW {name}").scalar() for name in wanted}
    wrong = [f"{name} is {found[name]!r}, must be {value!r}" for name, value in wanted.items() if found[name] != value]
    if wrong:
        raise UnsafeDatabase("The database may lose what it acknowledges: " + "; ".join(wrong) + ".")


def insert_once(session: Session, table: type[Table], **values: Any) -> bool:
    """Insert a row unless one of its unique keys exists; tell whether it was inserted.

    Two requests that race both succeed, and one row stands.
    """
    dialect = session.get_bind().dialect.name
    insert = sqlite_insert if dialect == "sqlite" else postgresql_insert
    statement = insert(table).values(**values).on_conflict_do_nothing()
    # Without the option an INSERT reports -1 on PostgreSQL, whatever it did.
    result = session.execute(statement, execution_options={"preserve_rowcount": True})
    return bool(result.rowcount == 1)  # type: ignore[attr-defined]


#: Rows written by one statement: databases allow so many values only.
ROWS_AT_ONCE = 500


def insert_new(session: Session, table: type[Table], rows: Sequence[Mapping[str, Any]], key: str) -> set[str]:
    """Insert the rows whose unique keys do not exist yet; the values of ``key`` of those that were inserted.

    For many rows what ``insert_once`` does for one.
    """
    dialect = session.get_bind().dialect.name
    insert = sqlite_insert if dialect == "sqlite" else postgresql_insert
    inserted: set[str] = set()
    for start in range(0, len(rows), ROWS_AT_ONCE):
        statement = insert(table).values(list(rows[start : start + ROWS_AT_ONCE])).on_conflict_do_nothing()
        inserted.update(session.scalars(statement.returning(getattr(table, key))))
    return inserted
