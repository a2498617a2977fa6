"""A10: the order in which people answered, looked for in everything that has an order.

Each ordering is tested with p > 0.01, and nothing is seeded, so by chance alone one in a hundred would fail. Therefore
an ordering only counts as one that tells something if it does so in three waves made anew, one after the other: by
chance that happens once in a million times, while a true order has p far below 0.01 each time.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from learning.ballots.database import the_engine
from learning.ballots.sealing import PrivateKey
from learning.ballots.service import close_wave
from learning.psychometrics.wave_table import Group
from tests.ballots.attacks.looking import OF_PEOPLE, files_of, orders, p_of_order, physical_order
from tests.ballots.waves import known_wave, number_of, small_release
from tests.proof import times

pytestmark = pytest.mark.prove

ANSWERS = times(short=120, full=400)


def orders_found(data: Path) -> dict[str, float]:
    """Close a wave of known order; p of each ordering of its answers, its results, and of one against the other."""
    known = known_wave(ANSWERS, (Group("all", "Everybody", ANSWERS + 10),))
    close_wave(known.id, small_release)
    submitted = {PrivateKey(sent.response_key).lookup: number for number, sent in enumerate(known.sent)}
    with the_engine().connect() as connection:
        answers = orders(connection, known.id, "response", "answers")
        results = orders(connection, known.id, "result", "hash")
    found = files_of(data)
    answers["in the file"] = physical_order(answers["as it comes"], found)
    results["in the file"] = physical_order(results["as it comes"], found)
    numbered = {name: [number_of(value) for value in values] for name, values in answers.items()}
    numbered_results = {name: [submitted[value] for value in values] for name, values in results.items()}
    p = {f"answers {name}": p_of_order(numbers) for name, numbers in numbered.items()}
    p |= {f"results {name}": p_of_order(numbers) for name, numbers in numbered_results.items()}
    place = {number: at for at, number in enumerate(numbered["in the file"])}
    p["answers against results"] = p_of_order([place[number] for number in numbered_results["in the file"]])
    assert all(len(numbers) == ANSWERS for numbers in (*numbered.values(), *numbered_results.values()))
    return p


def emptied() -> None:
    """So that the next wave stands alone in its tables."""
    with the_engine().begin() as connection:
        for table in ("response", "result"):
            connection.execute(text(f"DELETE FROM {table}"))
    if the_engine().dialect.name == "postgresql":
        with the_engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for table in ("response", "result"):
                connection.exec_driver_sql(f"VACUUM FULL {table}")


def test_a10_no_order_after_closing_tells_the_order_of_answering(tmp_path: Path, backend: str) -> None:
    suspects: set[str] | None = None
    for tried in range(3):
        p = orders_found(tmp_path)
        low = {name for name, value in p.items() if value <= 0.01}
        suspects = low if suspects is None else suspects & low
        if tried == 0:
            print(f"\nA10 {backend}: {len(p)} orderings of {ANSWERS} answers, smallest p {min(p.values()):.3f}")
        if not suspects:
            break
        emptied()
    assert not suspects, f"These tell the order of answering, three times out of three: {suspects}"


def test_a10_one_transaction_wrote_all_answers(backend: str) -> None:
    known = known_wave()
    close_wave(known.id, small_release)
    if backend == "sqlite":
        return
    with the_engine().connect() as connection:
        for table in ("response", "result"):
            assert connection.exec_driver_sql(f"SELECT count(DISTINCT xmin::text) FROM {table}").scalar() == 1


def test_a10_no_column_has_an_order_or_a_time_and_nothing_counts_up(backend: str) -> None:
    inspector = inspect(the_engine())
    columns = {
        (table, column["name"]): str(column["type"]) for table in OF_PEOPLE for column in inspector.get_columns(table)
    }
    # A keyed hash or random id, a wave or the first symbols of a group, a seal; after closing group, trust, answers.
    names = {name for _table, name in columns}
    assert names == {"hash", "id", "prefix", "wave_id", "sealed", "place", "trust", "answers"}
    assert {name for (_table, name), kind in columns.items() if "INT" in kind} == {"place", "trust"}
    assert not [kind for kind in columns.values() if "TIME" in kind or "DATE" in kind]
    with the_engine().connect() as connection:
        if backend == "postgresql":
            query = "SELECT count(*) FROM information_schema.sequences WHERE sequence_schema = 'ballots'"
            assert connection.exec_driver_sql(query).scalar() == 0
            return
        assert not inspector.has_table("sqlite_sequence")
        rows = connection.exec_driver_sql("SELECT name, wr FROM pragma_table_list WHERE type = 'table'").all()
        without_rowid = {name for name, without in rows if without}
        assert set(OF_PEOPLE) <= without_rowid
