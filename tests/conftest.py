"""Fixtures: a site on a fresh database of each backend, people in two organizations, clients signed in as them."""

from __future__ import annotations

import gc
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from sqlalchemy import create_engine, text

from learning import create_app
from learning.accounts import passwords
from learning.accounts.models import Department, Membership, Organization, User
from learning.accounts.sessions import start_session
from learning.ballots.database import BallotsTable, the_engine
from learning.ballots.schema import prepare_ballots
from learning.clock import now
from learning.config import load_settings
from learning.content.store import publish
from learning.database import unit_of_work
from learning.extensions import db
from learning.migrating import upgrade_database
from learning.web import assets
from learning.web.identity import Role
from tests.proof import PROVE
from tests.quick import CHEAP_HASHER, CHEAP_NOBODYS_HASH, KeptFiles, KeptRule, KeptTemplates

POSTGRESQL = os.environ.get("HEADWATER_TEST_POSTGRESQL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")
PASSWORD = "seven quiet herons wade"
TEMPLATES = KeptTemplates()
# The same examples in every run, and as slow as the machine is; the long proofs look further each time.
settings.register_profile(
    "headwater", deadline=None, derandomize=not PROVE, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("headwater")
Flask.url_rule_class = KeptRule
assets.WhiteNoise = KeptFiles


def pytest_collection_finish() -> None:
    """Search for garbage less often, and not among what was loaded for good: it took a sixth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(700, 10, 50)


def postgresql_answers() -> bool:
    try:
        with create_engine(POSTGRESQL, connect_args={"connect_timeout": 15}).connect():
            return True
    except Exception:
        return False


@pytest.fixture
def morning() -> Iterator[None]:
    """Ten o'clock of today: no day ends within the test."""
    with time_machine.travel(now().replace(hour=10), tick=True):
        yield


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real content, published once for all tests of a worker."""
    store = tmp_path_factory.mktemp("published") / "content"
    loaded = publish(load_settings().content, store)
    assert not loaded.problems, "\n".join(map(str, loaded.problems))
    return store


def _migrate(url: str, data: Path) -> None:
    """Bring an empty database to the newest schema by the real migrations."""
    application = create_app(load_settings(data=data, database_url=url, secret_key="k" * 40))
    with application.app_context():
        upgrade_database()
        prepare_ballots()
        db.engine.dispose()
        the_engine().dispose()


@pytest.fixture(scope="session")
def postgresql_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A migrated PostgreSQL database of this worker's own, dropped at the end."""
    if not postgresql_answers():
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL does not answer, and CI must not leave it out.")
        pytest.skip("PostgreSQL does not answer at " + POSTGRESQL)
    name = "headwater_test_" + secrets.token_hex(4)
    server = create_engine(POSTGRESQL, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    url = re.sub(r"/[^/]*$", f"/{name}", POSTGRESQL)
    _migrate(url, tmp_path_factory.mktemp("postgresql"))
    yield url
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, with ``ballots.db`` beside it; each test works on copies."""
    folder = tmp_path_factory.mktemp("sqlite")
    path = folder / "template.db"
    _migrate(f"sqlite:///{path}", folder)
    return path


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def backend(request: pytest.FixtureRequest) -> str:
    """Which database the test runs on: every test that asks for ``app`` runs on both."""
    return str(request.param)


@pytest.fixture
def database_url(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """Address of an empty database."""
    if backend == "postgresql":
        return str(request.getfixturevalue("postgresql_database"))
    path, template = tmp_path / "headwater.db", request.getfixturevalue("sqlite_template")
    shutil.copyfile(template, path)
    shutil.copyfile(template.with_name("ballots.db"), path.with_name("ballots.db"))
    return f"sqlite:///{path}"


@pytest.fixture
def app(
    backend: str, database_url: str, tmp_path: Path, published: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Flask]:
    """The site on an empty database, with the real content. A password costs next to nothing."""
    monkeypatch.setattr(passwords, "HASHER", CHEAP_HASHER)
    monkeypatch.setattr(passwords, "NOBODYS_HASH", CHEAP_NOBODYS_HASH)
    (tmp_path / "content").symlink_to(published)
    application = create_app(
        load_settings(data=tmp_path, database_url=database_url, public_url="http://127.0.0.1", secret_key="k" * 40)
    )
    application.testing = True
    application.jinja_env.bytecode_cache = TEMPLATES
    yield application
    with application.app_context():
        db.session.remove()
        if backend == "postgresql":
            _empty()
        db.engine.dispose()
        the_engine().dispose()


#: From so many people on their rows are not deleted one by one.
CROWD = 500


def _empty() -> None:
    """Leave nothing behind in PostgreSQL. TRUNCATE of so many tables takes half a second, whatever is in them."""
    tables = [table.name for table in db.metadata.sorted_tables]
    with db.engine.begin() as connection:
        if (connection.scalar(text("SELECT count(*) FROM user_account")) or 0) > CROWD:
            connection.execute(text("TRUNCATE " + ", ".join(tables)))
        else:
            connection.exec_driver_sql("; ".join(f"DELETE FROM {table}" for table in reversed(tables)))
    kept_apart = [table.name for table in BallotsTable.metadata.sorted_tables if table.name != "ballots_schema"]
    with the_engine().begin() as connection:
        # Whole, for tests look at how rows lie in the files.
        if connection.scalar(text("SELECT count(*) FROM wave")):
            connection.execute(text("TRUNCATE " + ", ".join(kept_apart)))


@dataclass(frozen=True)
class Company:
    """An organization with one person of each role; ids only."""

    id: str
    departments: tuple[str, ...]
    learner: str
    trainer: str
    manager: str


def make_company(code: str) -> Company:
    """Make an organization with two departments, a learner, a trainer and a manager."""
    moment = now()
    with unit_of_work() as session:
        organization = Organization(name=f"{code.title()} Works", code=code, created_at=moment)
        session.add(organization)
        session.flush()
        departments = [Department(organization_id=organization.id, name=name) for name in ("Dye house", "Boiler house")]
        session.add_all(departments)
        session.flush()
        people = {}
        for role in Role:
            user = User(name=f"{code.title()} {role.value}", email=f"{role.value}@{code}.example", created_at=moment)
            session.add(user)
            session.flush()
            session.add(
                Membership(
                    organization_id=organization.id,
                    user_id=user.id,
                    role=role,
                    department_id=departments[0].id,
                    joined_at=moment,
                )
            )
            people[role.value] = user.id
        return Company(organization.id, tuple(department.id for department in departments), **people)


@pytest.fixture
def company(app: Flask) -> Company:
    """The organization most tests live in."""
    with app.app_context():
        return make_company("river")


@pytest.fixture
def other_company(app: Flask) -> Company:
    """A second organization, which must never be seen from the first."""
    with app.app_context():
        return make_company("harbour")


@pytest.fixture
def administrator(app: Flask) -> str:
    """Id of an administrator of the site who belongs to no organization."""
    with app.app_context(), unit_of_work() as session:
        user = User(name="Site administrator", email="admin@site.example", is_administrator=True, created_at=now())
        session.add(user)
        session.flush()
        return user.id


@pytest.fixture
def client_for(app: Flask) -> Callable[[str | None], FlaskClient]:
    """A function: user id (None: a stranger) -> test client signed in as that person. CSRF stays on."""

    def make(user_id: str | None) -> FlaskClient:
        client = app.test_client()
        if user_id is not None:
            with app.app_context(), unit_of_work() as session:
                user = session.get_one(User, user_id)
                token = start_session(session, user, now())
            with client.session_transaction() as cookie:
                cookie["_user_id"] = token
        return client

    return make


def csrf_token(client: FlaskClient, path: str) -> str:
    """The CSRF token that a page of this client carries."""
    match = re.search(r'name="csrf[-_]token"[^>]*(?:value|content)="([^"]+)"', client.get(path).get_data(as_text=True))
    assert match, f"{path} carries no CSRF token"
    return match.group(1)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name what this machine could not run, and the command that adds it."""
    missing = []
    if not postgresql_answers():
        missing.append(
            "PostgreSQL does not answer: its half of the tests was left out. "
            "Start one (apt-get install postgresql) and name it in HEADWATER_TEST_POSTGRESQL."
        )
    if chromium() is None:
        missing.append("Chromium is missing: the browser tests were left out. Add it: apt-get install chromium")
    if missing:
        terminalreporter.section("Left out on this machine")
        for line in missing:
            terminalreporter.write_line(line)


def chromium() -> str | None:
    """Path of the browser, if there is one."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
