"""The database keeps what it acknowledges, and reading never writes."""

from __future__ import annotations

import threading
from datetime import date
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade
from sqlalchemy import func, inspect, select, text

from learning.accounts.models import LimitCounter, Organization
from learning.clock import now
from learning.courses.models import QuizRecord
from learning.database import Table, UnsafeDatabase, WriteWhileReading, assert_durable, unit_of_work
from learning.extensions import db
from learning.migrating import DIRECTORY, bind_migrations, upgrade_database
from learning.teaching.assignments import extend
from learning.teaching.models import Extension
from learning.web.catalogue import the_catalogue
from learning.web.identity import Member
from tests.conftest import Company
from tests.proof import times
from tests.teaching.cohorts import make_assignment, make_cohort
from tests.teaching.sittings import add_sittings

THREADS = 8


def test_a_unit_of_work_commits_at_its_end(app: Flask) -> None:
    with app.app_context():
        with unit_of_work() as session:
            session.add(Organization(name="Weir", code="weir", created_at=now()))
        assert db.session.scalar(select(Organization.code)) == "weir"


def test_an_exception_rolls_the_unit_of_work_back(app: Flask) -> None:
    with app.app_context():
        with pytest.raises(ZeroDivisionError), unit_of_work() as session:
            session.add(Organization(name="Weir", code="weir", created_at=now()))
            session.flush()
            raise ZeroDivisionError
        assert db.session.scalar(select(Organization.code)) is None


def test_a_unit_of_work_does_not_nest(app: Flask) -> None:
    with app.app_context(), unit_of_work(), pytest.raises(RuntimeError, match="open already"), unit_of_work():
        pass


def test_the_reading_session_refuses_to_flush(app: Flask) -> None:
    with app.app_context():
        db.session.add(Organization(name="Weir", code="weir", created_at=now()))
        with pytest.raises(WriteWhileReading):
            db.session.flush()
        db.session.rollback()


def test_the_database_itself_refuses_to_write_while_reading(app: Flask) -> None:
    with app.app_context(), pytest.raises(Exception, match=r"readonly|read-only"):
        db.session.execute(text("DELETE FROM organization"))


@pytest.mark.prove
def test_eight_threads_that_read_and_add_one_lose_nothing(app: Flask) -> None:
    rounds = times(short=50, full=500)
    moment = now()
    with app.app_context(), unit_of_work() as session:
        session.add(LimitCounter(key_hash="race", window_start=moment, count=0))
    failures: list[BaseException] = []

    def add_one_each_round() -> None:
        try:
            for _ in range(rounds):
                with app.app_context(), unit_of_work() as session:
                    counter = session.scalars(select(LimitCounter).with_for_update()).one()
                    counter.count = counter.count + 1
        except BaseException as failure:  # every failure of a thread must reach the test
            failures.append(failure)

    threads = [threading.Thread(target=add_one_each_round) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    with app.app_context():
        assert db.session.scalar(select(LimitCounter.count)) == THREADS * rounds


def test_the_settings_that_make_a_commit_durable_are_asserted(app: Flask) -> None:
    with app.app_context():
        assert_durable(db.engine)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_database_that_does_not_sync_is_refused(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        connection = db.engine.raw_connection()
        connection.driver_connection.execute("PRAGMA synchronous=OFF")  # type: ignore[union-attr]
        connection.close()  # back to the pool, as a wrong setting would be
        with pytest.raises(UnsafeDatabase, match="synchronous"):
            assert_durable(db.engine)


def test_the_migrations_make_the_tables_that_the_code_describes(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Table.metadata) == []


def _a_day_at_the_end_of_the_calendar_is_brought_into_our_time(company: Company) -> None:
    day = date(2030, 1, 1)
    assignment = make_assignment(company, make_cohort(company, [company.learner]), day, day)
    extend(Member(company.trainer, company.id), assignment, [company.learner], date(2030, 2, 1), now())
    downgrade(directory=DIRECTORY, revision="0006_exports")
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE extension SET due_on = '9999-12-31'"))
    upgrade_database()
    assert db.session.scalars(select(Extension.due_on)).all() == [date(2199, 12, 31)]
    db.session.remove()


def _records_of_quizzes_are_added_up_from_attempts(company: Company) -> None:
    add_sittings(company.id, the_catalogue().quizzes["m01-quiz"], 8)
    columns = [column for column in QuizRecord.__table__.columns if column.name != "total"]
    query = select(*columns, func.round(QuizRecord.total)).order_by(QuizRecord.user_id)
    kept = db.session.execute(query).all()
    assert {row.passes for row in kept} == {0, 1}
    db.session.remove()
    downgrade(directory=DIRECTORY, revision="0005_certificates")
    upgrade_database()
    assert db.session.execute(query).all() == kept
    db.session.remove()


def test_a_migration_can_be_undone_and_done_again(app: Flask, company: Company) -> None:
    with app.app_context():
        bind_migrations(app)
        _a_day_at_the_end_of_the_calendar_is_brought_into_our_time(company)
        _records_of_quizzes_are_added_up_from_attempts(company)
        downgrade(directory=DIRECTORY, revision="base")
        assert inspect(db.engine).get_table_names() == ["alembic_version"]
        upgrade_database()
        assert "attempt" in inspect(db.engine).get_table_names()
