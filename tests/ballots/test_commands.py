"""Commands, preparing the database, settings."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, func, insert, select

from learning.ballots.database import reading, the_engine, unit_of_work
from learning.ballots.keys import destroy_key, make_key
from learning.ballots.models import FrozenRelease, Permit, SchemaVersion, WaveGroup
from learning.ballots.schema import UPGRADES, prepare_ballots
from learning.ballots.service import close_wave, open_wave
from learning.clock import now
from learning.config import UnsafeConfiguration, load_settings
from learning.database import assert_durable
from tests.ballots.waves import known_wave, opening, small_release


def test_close_due_closes_what_is_over(app: Flask) -> None:
    known = known_wave(0)
    run = app.test_cli_runner().invoke(args=["ballots", "close-due"])
    assert (run.exit_code, run.output) == (0, "0 closed.\n")
    destroy_key(known.id)
    run = app.test_cli_runner().invoke(args=["ballots", "close-due"])
    assert run.exit_code == 0
    assert run.output.endswith("1 closed.\n")


def test_verify_is_content_with_open_and_closed_waves(app: Flask) -> None:
    open_wave(opening(), now())
    close_wave(known_wave().id, small_release)
    run = app.test_cli_runner().invoke(args=["ballots", "verify"])
    assert (run.exit_code, run.output) == (0, "All waves are as they must be.\n")


def test_verify_names_everything_that_a_closed_wave_must_not_have(app: Flask) -> None:
    known = known_wave()
    close_wave(known.id, small_release)
    make_key(known.id)
    make_key("0" * 20)
    with unit_of_work() as session:
        prefix = session.scalars(select(WaveGroup.prefix)).first()
        session.execute(insert(Permit).values(hash=b"\0" * 32, prefix=prefix))
        session.execute(delete(FrozenRelease))
    run = app.test_cli_runner().invoke(args=["ballots", "verify"])
    assert run.exit_code == 1
    for said in ("its key is there", "1 rows of permit", "has no release", "a key, but no wave"):
        assert said in run.output


def test_preparing_again_changes_nothing() -> None:
    known = known_wave(3)
    prepare_ballots()
    prepare_ballots()
    with reading() as session:
        assert session.scalars(select(SchemaVersion.version)).all() == [len(UPGRADES)]
        assert session.scalar(select(func.count()).select_from(WaveGroup)) == 2
    assert known.id


def test_what_is_acknowledged_is_on_disk() -> None:
    assert_durable(the_engine())


def test_anonymous_answers_never_stand_in_the_file_of_people(tmp_path: Path) -> None:
    same = f"sqlite:///{tmp_path / 'one.db'}"
    with pytest.raises(UnsafeConfiguration, match="file of their own"):
        load_settings(data=tmp_path, database_url=same, ballots_url=same)
    with pytest.raises(UnsafeConfiguration, match="HEADWATER_BALLOTS_URL"):
        load_settings(data=tmp_path, ballots_url="mysql://db")


def test_without_a_setting_they_stand_beside_the_people(tmp_path: Path) -> None:
    assert load_settings(data=tmp_path).ballots_database == f"sqlite:///{tmp_path / 'ballots.db'}"
    server = "postgresql+psycopg://headwater@127.0.0.1/headwater"
    assert load_settings(data=tmp_path, database_url=server).ballots_database == server
    other = "postgresql+psycopg://ballots@127.0.0.1/ballots"
    assert load_settings(data=tmp_path, database_url=server, ballots_url=other).ballots_database == other
