"""The database of anonymous answers: apart from people, so that backups, grants and retention can differ.

No row of it names a person, and nothing of it is read or written through the database of people. The recipe of the
engine is the same (``learning.database``); a unit of work writes, ``reading`` only reads.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache

from flask import Flask, current_app
from sqlalchemy import Engine, MetaData, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import DeclarativeBase, Session, registry
from sqlalchemy.pool import ConnectionPoolEntry

from learning.config import Settings
from learning.database import NAMING, READING, Moment, engine_options, prepare_engine

#: Where the tables stand in a PostgreSQL database.
SCHEMA = "ballots"


class BallotsTable(DeclarativeBase):
    """Base of all tables of anonymous answers: a metadata of its own, so no foreign key can lead to people."""

    registry = registry(metadata=MetaData(naming_convention=NAMING), type_annotation_map={datetime: Moment()})


def init_ballots(app: Flask, settings: Settings) -> None:
    """Give an app its engine for anonymous answers. Connects only when it is first used."""
    app.extensions["ballots"] = make_engine(settings.ballots_database)


def make_engine(url: str) -> Engine:
    """An engine by the recipe. Errors never show what was written."""
    engine = create_engine(url, **engine_options(url, f"search_path={SCHEMA}"))
    prepare_engine(engine)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _keep_temporary_in_memory)
    return engine


def _keep_temporary_in_memory(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    # SQLite else writes pages that a statement may have to put back into a file outside the data folder.
    connection.execute("PRAGMA temp_store=MEMORY")


def the_engine() -> Engine:
    """The engine of the current app."""
    engine: Engine = current_app.extensions["ballots"]
    return engine


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """One write transaction on anonymous answers: committed at the end, rolled back by an exception."""
    with Session(the_engine(), expire_on_commit=False) as session:
        yield session
        session.commit()


@contextmanager
def reading() -> Iterator[Session]:
    """One reading transaction; the database refuses to write in it."""
    with Session(_reading_engine(the_engine()), autoflush=False) as session:
        yield session


@cache
def _reading_engine(engine: Engine) -> Engine:
    return engine.execution_options(**READING)
