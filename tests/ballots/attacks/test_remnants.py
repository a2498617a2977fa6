"""A11: what is left in files. A12, A13: what backups are worth. A25: what two snapshots tell."""

from __future__ import annotations

import sqlite3
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import insert, text

from learning.ballots.codes import shown
from learning.ballots.database import BallotsTable, the_engine
from learning.ballots.keys import kept_keys, key_of
from learning.ballots.sealing import PrivateKey, Unreadable, WaveKey
from learning.ballots.service import (
    CodeUnusable,
    close_wave,
    open_wave_of,
    personal_result,
    released,
    submit,
)
from learning.ballots.verifying import findings
from learning.clock import now
from tests.ballots.attacks.looking import OF_PEOPLE, Snapshot, files_of, remnants, secrets_of, snapshot
from tests.ballots.waves import known_wave, sent, small_release

pytestmark = pytest.mark.prove


def test_a11_no_ballot_no_key_and_no_seal_is_left_in_any_file(tmp_path: Path, backend: str) -> None:
    known = known_wave()
    secrets = secrets_of(known)
    try:
        files = files_of(tmp_path)
    except PermissionError:
        pytest.skip("the files of the database server cannot be read here")
    assert remnants(secrets.clear.items(), files) == []
    # The search finds what is there: hashes and seals of an open wave stand in the files.
    assert len(remnants(secrets.keyed.items(), files)) > len(secrets.keyed) / 2
    close_wave(known.id, small_release)
    files = files_of(tmp_path)
    found = remnants((secrets.clear | secrets.keyed).items(), files)
    searched = len(secrets.clear) + len(secrets.keyed)
    print(f"\nA11 {backend}: {searched} secrets in {len(files)} files after closing, {len(found)} found")
    assert found == []


def test_a12_backups_before_during_and_after_open_nothing_without_the_key(backend: str) -> None:
    known = known_wave(0)
    backups = [snapshot()]
    known.answer(10)
    backups.append(snapshot())
    known.answer(10)
    backups.append(snapshot())
    key = key_of(known.id)
    assert key is not None
    close_wave(known.id, small_release)
    backups.append(snapshot())
    assert kept_keys() == frozenset()
    opened = attempts = 0
    # What an attacker may have: all that people hold, and keys of other waves.
    private = [PrivateKey(each.response_key) for each in known.sent]
    others = [WaveKey(known.id, secret) for secret in (bytes(32), *(each.lookup for each in private))]
    for backup in backups:
        for _id, wave_id, sealed in (*backup["sealed_response"], *backup["sealed_result"]):
            for guess in others:
                attempts += 2
                opened += _opens(guess.unseal_response, sealed) + _opens(guess.unseal_result, sealed)
            opened += sum(_opens(partial(one.unseal, wave_id=wave_id), sealed) for one in private)
    hashes = {bytes(row[0]) for backup in backups[:3] for row in (*backup["ballot"], *backup["sealed_result"])}  # type: ignore[arg-type]
    linked = hashes & {one.lookup for one in private}
    print(f"\nA12 {backend}: 4 backups, {attempts} keys tried, {opened} seals opened, {len(linked)} results linked")
    assert (opened, linked) == (0, set())
    # With the key it would open: the attempt itself works.
    assert all(_opens(key.unseal_response, row[2]) for row in backups[2]["sealed_response"])


def _opens(unseal, sealed) -> bool:  # type: ignore[no-untyped-def]
    try:
        unseal(bytes(sealed))
    except Unreadable:
        return False
    return True


def restore(backup: Snapshot) -> None:
    """Put all rows of a backup back."""
    tables = BallotsTable.metadata.sorted_tables
    with the_engine().begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET CONSTRAINTS ALL DEFERRED"))
        for table in reversed(tables):
            connection.execute(table.delete())
        for table in tables:
            names = [column.name for column in table.columns]
            if rows := [dict(zip(names, row, strict=True)) for row in backup[table.name]]:
                connection.execute(insert(table), rows)


def test_a13_an_old_backup_brings_no_ballot_alive(backend: str) -> None:
    known = known_wave()
    backup = snapshot()
    close_wave(known.id, small_release)
    restore(backup)
    refused = 0
    assert [open_wave_of(code) for code in known.unspent] == [None] * len(known.unspent)
    for code in (*known.unspent, known.sent[0].code):
        with pytest.raises(CodeUnusable):
            submit(sent(code), now())
        refused += 1
    assert personal_result(shown(known.sent[0].response_key)) is None
    close_wave(known.id, small_release)
    release = released(known.id)
    assert release is not None
    print(f"\nA13 {backend}: {refused} codes tried after restoring, {refused} refused; {release.refusal}")
    assert release.report is None
    assert findings() == []


def test_a13_restoring_in_the_middle_of_a_wave_gives_nobody_two_answers() -> None:
    """Ballots and answers are restored together: whoever answered since may answer again, and counts once."""
    known = known_wave(5)
    backup = snapshot()
    known.answer(5)
    restore(backup)
    for each in known.sent:
        submit(each, now())
    assert len(snapshot()["sealed_response"]) == 10


def test_a25_two_snapshots_of_an_open_wave_tell_a_group_and_no_more(backend: str) -> None:
    known = known_wave(6)
    before = snapshot()
    known.answer(1)
    after = snapshot()
    gone = {table: [row for row in before[table] if row not in after[table]] for table in before}
    new = {table: [row for row in after[table] if row not in before[table]] for table in before}
    changed = {table: (len(gone[table]), len(new[table])) for table in before if gone[table] or new[table]}
    print(f"\nA25 {backend}: between two answers (gone, new): {changed}")
    # Documented: while a wave is open, its database tells that somebody of a group has answered, not who nor what.
    assert changed == {"ballot": (1, 0), "sealed_response": (0, 1), "sealed_result": (0, 1)}
    known_values = {known.sent[-1].response_key.encode(), known.sent[-1].permit.encode()}
    row_bytes = b"".join(
        bytes(value) for rows in new.values() for row in rows for value in row if isinstance(value, bytes)
    )
    assert not [value for value in known_values if value in row_bytes]


def test_a25_after_closing_no_snapshot_shares_a_value_with_one_from_before(backend: str) -> None:
    known = known_wave()
    before = snapshot()
    close_wave(known.id, small_release)
    after = snapshot()
    assert snapshot() == after
    values = [
        {bytes(value) for table in OF_PEOPLE for row in each[table] for value in row if isinstance(value, bytes)}
        for each in (before, after)
    ]
    shared = values[0] & values[1]
    print(f"\nA25 {backend}: {len(values[0])} values before closing, {len(values[1])} after, {len(shared)} in both")
    assert shared == set()


def test_a13_sqlite_a_restored_file_is_closed_too(tmp_path: Path, backend: str) -> None:
    if backend == "postgresql":
        return
    known = known_wave()
    with sqlite3.connect(tmp_path / "ballots.db") as connection:
        connection.execute("VACUUM INTO ?", [str(tmp_path / "backup.db")])
    close_wave(known.id, small_release)
    the_engine().dispose()
    for path in tmp_path.glob("ballots.db*"):
        path.unlink()
    (tmp_path / "backup.db").rename(tmp_path / "ballots.db")
    assert open_wave_of(known.unspent[0]) is None
    with pytest.raises(CodeUnusable):
        submit(sent(known.unspent[0]), now())
