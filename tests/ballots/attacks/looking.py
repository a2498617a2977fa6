"""What somebody who holds the machine can look at: rows in every order they can be had in, files, snapshots."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from scipy.stats import kendalltau
from sqlalchemy import Connection, text

from learning.ballots.codes import CODE_LENGTH
from learning.ballots.database import BallotsTable, the_engine
from learning.ballots.keys import key_of
from learning.ballots.sealing import PrivateKey
from tests.ballots.waves import Known

#: Tables that hold something of single people.
OF_PEOPLE = ("ballot", "permit", "sealed_response", "sealed_result", "response", "result")
Snapshot = dict[str, list[tuple[object, ...]]]


def snapshot() -> Snapshot:
    """All rows of all tables, as a backup has them."""
    with the_engine().connect() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(table.select())), key=repr)
            for table in BallotsTable.metadata.sorted_tables
        }


@dataclass(frozen=True)
class Secrets:
    """Everything that must not be found after closing; gathered while the wave is open, with its key."""

    clear: dict[str, bytes]
    keyed: dict[str, bytes]


def secrets_of(known: Known) -> Secrets:
    """Codes, permits and response keys as people see them; and their hashes, the seals, the key."""
    key = key_of(known.id)
    assert key is not None
    clear, keyed = {}, {"key": key.secret}
    for codes in known.wave.codes.values():
        for code in codes:
            symbols = code.replace("-", "")
            clear[f"code {code}"], clear[f"symbols {code}"] = code.encode(), symbols[:CODE_LENGTH].encode()
            keyed[f"ballot {code}"] = key.ballot_hash(symbols[:CODE_LENGTH])
    for number, sent in enumerate(known.sent):
        clear[f"permit {number}"], clear[f"response key {number}"] = sent.permit.encode(), sent.response_key.encode()
        keyed[f"permit hash {number}"] = key.permit_hash(sent.permit)
        keyed[f"lookup {number}"] = key.lookup_hash(PrivateKey(sent.response_key).lookup)
    for table in ("sealed_response", "sealed_result"):
        for number, row in enumerate(snapshot()[table]):
            keyed[f"{table} {number}"] = bytes(row[2])  # type: ignore[arg-type]
    return Secrets(clear, keyed)


def remnants(secrets: Iterable[tuple[str, bytes]], files: dict[str, bytes]) -> list[str]:
    """Which secret stands in which file, as bytes or in hexadecimal."""
    return [
        f"{what} in {name}"
        for what, secret in secrets
        for name, content in files.items()
        if secret in content or secret.hex().encode() in content
    ]


def files_of(data: Path, whole: bool = True) -> dict[str, bytes]:
    """The files of the database and of its keys: SQLite's own, or those of PostgreSQL.

    ``whole``: all files of that database, with what an earlier ``VACUUM FULL`` may have left; else those of our tables.
    """
    files = {str(path): path.read_bytes() for path in (data / "keys").glob("*")}
    if the_engine().dialect.name == "sqlite":
        return files | {path.name: path.read_bytes() for path in data.glob("ballots.db*")}
    with the_engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if whole:  # else closing has just made one
            connection.exec_driver_sql("SET statement_timeout = 0")
            connection.exec_driver_sql("CHECKPOINT")
            connection.exec_driver_sql("RESET statement_timeout")
        folder = Path(connection.exec_driver_sql("SHOW data_directory").scalar_one())
        relations = "SELECT pg_relation_filepath(oid) FROM pg_class WHERE relnamespace = 'ballots'::regnamespace"
        paths = [folder / path for path in connection.exec_driver_sql(relations).scalars() if path]
    if whole:
        paths = list(paths[0].parent.glob("*"))
    return files | {f"{path.parent.name}/{path.name}": path.read_bytes() for path in paths if path.is_file()}


# Orders


def orders(connection: Connection, wave_id: str, table: str, column: str) -> dict[str, list[bytes]]:
    """A column of the rows of a wave in every order in which the database can give it."""
    key = "id" if table == "response" else "hash"
    statements = {
        "as it comes": f"SELECT {column} FROM {table} WHERE wave_id || '' = :wave",
        "by key": f"SELECT {column} FROM {table} WHERE wave_id = :wave ORDER BY {key}",
    }
    if connection.dialect.name == "sqlite":
        statements["by index"] = f"SELECT {column} FROM {table} INDEXED BY ix_{table}_wave_id WHERE wave_id = :wave"
        statements["by page"] = f"SELECT {column} FROM {table} NOT INDEXED WHERE wave_id = :wave"
    else:
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        statements["by ctid"] = f"SELECT {column} FROM {table} WHERE wave_id = :wave ORDER BY ctid"
        numbers = "xmin::text::bigint, cmin::text::bigint, ctid"
        statements["by xmin"] = f"SELECT {column} FROM {table} WHERE wave_id = :wave ORDER BY {numbers}"
        statements["by index"] = f"SELECT {column} FROM {table} WHERE wave_id = :wave ORDER BY wave_id"
    return {
        name: [bytes(value) for (value,) in connection.execute(text(statement), {"wave": wave_id})]
        for name, statement in statements.items()
    }


def physical_order(values: Iterable[bytes], files: dict[str, bytes]) -> list[bytes]:
    """Values in the order in which their bytes stand in the file that holds most of them."""
    values = list(values)
    content = max(files.values(), key=lambda content: sum(value in content for value in values))
    return sorted((value for value in values if value in content), key=content.index)


def p_of_order(numbers: list[int]) -> float:
    """How likely so much order is by chance: Kendall's tau of the numbers against 0, 1, 2 and so on."""
    return float(kendalltau(range(len(numbers)), numbers).pvalue)


def z_of_order(numbers: list[int]) -> float:
    """Kendall's tau as a number of standard errors, to be summed up over several waves."""
    count = len(numbers)
    tau = float(kendalltau(range(count), numbers).statistic)
    return tau / (2 * (2 * count + 5) / (9 * count * (count - 1))) ** 0.5
