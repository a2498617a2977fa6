"""Runs the migrations: on SQLite and PostgreSQL each whole upgrade is one transaction."""

from __future__ import annotations

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from learning.database import Moment, Table
from learning.extensions import db


def _render(kind: str, item: object, context: object) -> str | bool:
    """Write our own column type as the plain one, so that a migration does not lean on today's code."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Moment) else False


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection, target_metadata=Table.metadata, render_item=_render, transactional_ddl=True
    )
    with context.begin_transaction():
        context.run_migrations()
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"The migration would break {len(broken)} references; nothing was changed.")


def upgrade() -> None:
    """One connection, one transaction, through the engine recipe of ``learning.database``.

    Foreign keys are off while tables are rebuilt; SQLite takes that setting only outside a transaction.
    """
    with db.engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        driver = connection.connection.dbapi_connection
        if sqlite:
            driver.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
        try:
            with connection.begin():
                _run(connection)
        finally:
            if sqlite:
                driver.execute("PRAGMA foreign_keys=ON")  # type: ignore[union-attr]


assert current_app, "Migrations run inside the app: flask --app wsgi db upgrade"
upgrade()
