"""Bringing the database of anonymous answers to the newest schema.

Alembic with a second history would need its own configuration, environment and commands; these few tables need a
list of upgrades and a number that says how many were done. Each upgrade is one transaction, and two programs that
start at once do it once.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, insert, inspect, select, text, update

from learning.ballots import models
from learning.ballots.database import SCHEMA, BallotsTable, the_engine
from learning.ballots.models import SchemaVersion

#: Any number that nothing else locks in PostgreSQL.
_LOCK = 7_062_018


def _first_tables(connection: Connection) -> None:
    BallotsTable.metadata.create_all(connection, checkfirst=False)


#: Never change one that was released: add another.
UPGRADES: tuple[Callable[[Connection], None], ...] = (_first_tables,)


def prepare_ballots() -> None:
    """Make the tables, or run the upgrades that the database has not seen yet. Safe to run again."""
    assert models  # the tables are known only when they were loaded
    with the_engine().begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
        done = _version(connection)
        for upgrade in UPGRADES[done:]:
            upgrade(connection)
        if done == 0:
            connection.execute(insert(SchemaVersion).values(version=len(UPGRADES)))
        elif done < len(UPGRADES):
            connection.execute(update(SchemaVersion).values(version=len(UPGRADES)))


def _version(connection: Connection) -> int:
    schema = SCHEMA if connection.dialect.name == "postgresql" else None
    if not inspect(connection).has_table(SchemaVersion.__tablename__, schema=schema):
        return 0
    return connection.scalar(select(SchemaVersion.version)) or 0
