"""Anonymous answers stand apart: two databases, and no way from a person to an answer in either."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import Engine, inspect

from learning.ballots.database import the_engine
from learning.extensions import db

PEOPLE = "user_account"
Graph = dict[str, set[str]]


def graph_of(engine: Engine, schema: str | None) -> Graph:
    """Table -> tables it points to, as the database itself tells."""
    inspector = inspect(engine)
    return {
        table: {key["referred_table"] for key in inspector.get_foreign_keys(table, schema=schema)}
        for table in inspector.get_table_names(schema=schema)
    }


def reachable(graph: Graph, start: str) -> set[str]:
    """What hangs together with a table by foreign keys, in whichever direction they point."""
    found, waiting = set(), [start]
    while waiting:
        table = waiting.pop()
        if table not in found:
            found.add(table)
            waiting += [*graph.get(table, ()), *(other for other, targets in graph.items() if table in targets)]
    return found


def printed(graph: Graph) -> str:
    return "\n".join(f"  {table} -> {', '.join(sorted(graph[table])) or 'nothing'}" for table in sorted(graph))


def test_no_foreign_key_leads_from_a_person_to_an_answer(app: Flask, backend: str) -> None:
    people = graph_of(db.engine, "public" if backend == "postgresql" else None)
    answers = graph_of(the_engine(), "ballots" if backend == "postgresql" else None)
    print(f"\nPeople ({backend}):\n{printed(people)}\nAnonymous answers:\n{printed(answers)}")
    assert "response" in answers
    assert PEOPLE in people
    assert not people.keys() & answers.keys()
    both = {table: people.get(table, set()) | answers.get(table, set()) for table in people.keys() | answers.keys()}
    assert reachable(both, PEOPLE) <= people.keys()
    assert reachable(both, "response") <= answers.keys()
    # Within their own database too, an answer hangs on its wave alone: not on a ballot, a permit or a result.
    assert answers["response"] == answers["sealed_response"] == {"wave"}
    assert answers["result"] == answers["sealed_result"] == {"wave"}
    assert answers["ballot"] == answers["permit"] == {"wave_group"}


def test_on_sqlite_they_are_two_files_and_on_postgresql_two_schemas(app: Flask, backend: str) -> None:
    if backend == "sqlite":
        assert db.engine.url.database != the_engine().url.database
    else:
        with the_engine().connect() as connection:
            assert connection.exec_driver_sql("SHOW search_path").scalar() == "ballots"
