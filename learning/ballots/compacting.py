"""Leaving no remnant of deleted rows in the files of the database.

SQLite overwrites what is deleted (``secure_delete``), but keeps the order of pages and its log: ``VACUUM`` writes the
file anew, and a truncating checkpoint empties the log. PostgreSQL keeps deleted rows until the table is written anew.
``VACUUM FULL`` still copies those that some older transaction might want to see, such as one whose program was killed;
a change of a column's type copies only what is there, so the columns are given the type they have. Its log is recycled
by checkpoints, which only some roles may ask for. What neither reaches (blocks that the file system gave back, log
archives, replicas, backups) holds hashes and seals whose key is destroyed.
"""

from __future__ import annotations

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError, ProgrammingError

from learning.ballots.database import the_engine
from learning.ballots.models import (
    AskedAgain,
    Ballot,
    FrozenRelease,
    Participation,
    Permit,
    Response,
    Result,
    SealedResponse,
    SealedResult,
    WaveGroup,
)
from learning.database import SQLITE_PRAGMAS

log = structlog.get_logger()

#: Milliseconds to wait for readers.
PATIENCE = 500
#: A column of each table, for writing it anew, and what changes nothing of it.
_REWRITTEN = (
    (Ballot.hash, "|| ''"),
    (Permit.hash, "|| ''"),
    (SealedResponse.sealed, "|| ''"),
    (SealedResult.sealed, "|| ''"),
    (Response.answers, "|| ''"),
    (Result.sealed, "|| ''"),
    (FrozenRelease.body, "|| ''"),
    (WaveGroup.name, "|| ''"),
    (Participation.least, "+ 0"),
    (AskedAgain.people, "+ 0"),
)


class StillInUse(Exception):
    """Somebody reads the database, so its log cannot be emptied yet. Closing goes on next time."""


def compact() -> None:
    """Raises StillInUse; safe to run again, at any time."""
    engine = the_engine()
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            _compact_sqlite(connection)
    else:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            _compact_postgresql(connection)


def _compact_sqlite(connection: Connection) -> None:
    driver = connection.connection.dbapi_connection
    assert driver is not None
    cursor = driver.cursor()
    # This connection may have read last; outside of transactions nothing else turns writing on again.
    cursor.execute("PRAGMA query_only=OFF")
    connection.info["query_only"] = "OFF"
    # The copy that VACUUM makes holds no deleted row; as a file it does not grow the memory.
    cursor.execute("PRAGMA temp_store=FILE")
    cursor.execute("VACUUM")
    cursor.execute("PRAGMA temp_store=MEMORY")
    # Nobody can write while the checkpoint waits for readers.
    cursor.execute(f"PRAGMA busy_timeout={PATIENCE}")
    busy, _pages, _moved = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    cursor.execute(f"PRAGMA busy_timeout={SQLITE_PRAGMAS['busy_timeout']}")
    cursor.close()
    if busy:
        raise StillInUse


def _compact_postgresql(connection: Connection) -> None:
    connection.exec_driver_sql("SET statement_timeout = 0")
    # Whoever wants to answer waits behind a lock that is waited for.
    connection.exec_driver_sql("SET lock_timeout = '3s'")
    try:
        for column, same in _REWRITTEN:
            name, table = column.name, column.class_.__tablename__
            kind = column.type.compile(connection.dialect)
            connection.exec_driver_sql(f"ALTER TABLE {table} ALTER COLUMN {name} TYPE {kind} USING {name} {same}")
    except OperationalError as error:
        raise StillInUse from error
    finally:
        connection.exec_driver_sql("RESET lock_timeout")
        connection.exec_driver_sql("RESET statement_timeout")
    try:
        connection.exec_driver_sql("CHECKPOINT")
    except (ProgrammingError, OperationalError):
        log.info("checkpoint left to the server")  # it is not allowed to us, or takes longer than a statement may
