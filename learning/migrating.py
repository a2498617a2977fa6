"""Bringing the database to the newest schema.

Alembic is imported only where it is needed: a worker that serves pages does without its memory.
"""

from __future__ import annotations

import click
from flask import Flask, current_app

from learning.config import PROJECT
from learning.extensions import db

DIRECTORY = str(PROJECT / "learning" / "migrations")


def bind_migrations(app: Flask) -> None:
    """Make ``flask db …`` work on an app."""
    from flask_migrate import Migrate

    Migrate(app, db, directory=DIRECTORY, compare_type=True)


def bind_migrations_for_commands(app: Flask) -> None:
    """The same, but only when the ``flask`` program is what loads the app."""
    if click.get_current_context(silent=True) is not None:
        bind_migrations(app)


def upgrade_database() -> None:
    """Run the migrations that the database has not seen yet, within an app context."""
    from flask_migrate import upgrade

    if "migrate" not in current_app.extensions:
        bind_migrations(current_app)
    upgrade(directory=DIRECTORY)
