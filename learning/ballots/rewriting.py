"""Unsealing the answers of a wave, and writing them anew in random order.

Why anew: rows keep the order of their arrival on disk, whatever their keys, and PostgreSQL numbers the transactions
that wrote them. All rows written here come from one transaction, in an order drawn from the system's random numbers,
under new random ids; personal results in a second order drawn apart. numpy keeps memory flat: 100,000 answers take
a few megabytes.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from learning.ballots.answers import HEAD_LENGTH
from learning.ballots.models import Response, Result, SealedResponse, SealedResult
from learning.ballots.releases import CHUNK
from learning.ballots.sealing import KEY_LENGTH, SEAL_LENGTH, Unreadable, WaveKey
from learning.psychometrics.release import Release
from learning.psychometrics.report import GroupStanding
from learning.psychometrics.wave_table import NO_GROUP, Plan, ResponseTable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def unsealed_table(session: Session, wave_id: str, key: WaveKey, items: int) -> ResponseTable:
    """All readable answers, in random order."""
    import numpy as np

    packed = _unsealed(session, SealedResponse, wave_id, key.unseal_response, HEAD_LENGTH + items)
    place = np.ascontiguousarray(packed[:, :2]).view(">i2").reshape(-1).astype(np.int16)
    signed = packed.view(np.int8)
    return ResponseTable(place, signed[:, HEAD_LENGTH:], signed[:, HEAD_LENGTH - 1])


def rewrite(session: Session, key: WaveKey, items: int, plan: Plan, release: Release) -> None:
    """Write the answers and the personal results of a wave as they are kept for good."""
    # A wave that tells nothing needs no answers either: nothing will ever be compared with them.
    if release.refusal is None:
        table = unsealed_table(session, key.wave_id, key, items)
        _insert(session, Response, _as_answers(key.wave_id, table, told_places(plan, release)))
    width = KEY_LENGTH + SEAL_LENGTH + items
    results = _unsealed(session, SealedResult, key.wave_id, key.unseal_result, width)
    _insert(session, Result, _as_results(key.wave_id, results))


def delete_sealed(session: Session, wave_id: str) -> None:
    """Delete what was sealed with the wave's key."""
    session.execute(delete(SealedResponse).where(SealedResponse.wave_id == wave_id))
    session.execute(delete(SealedResult).where(SealedResult.wave_id == wave_id))


def _unsealed(
    session: Session,
    table: type[SealedResponse | SealedResult],
    wave_id: str,
    unseal: Callable[[bytes], bytes],
    width: int,
) -> NDArray[np.uint8]:
    """One row of bytes for each row that can be read, in an order drawn from the system's random numbers."""
    import numpy as np

    mine = table.wave_id == wave_id
    count = session.scalar(select(func.count()).select_from(table).where(mine)) or 0
    found = np.empty((count, width), dtype=np.uint8)
    readable = 0
    for sealed in session.scalars(select(table.sealed).where(mine), execution_options={"yield_per": CHUNK}):
        try:
            found[readable] = np.frombuffer(unseal(sealed), dtype=np.uint8)
        except Unreadable:
            continue
        readable += 1
    order = list(range(readable))
    secrets.SystemRandom().shuffle(order)
    return found[order]


def told_places(plan: Plan, release: Release) -> frozenset[int]:
    """Places of the groups that the release tells of by themselves. The others need not be known any more."""
    report = release.report
    told = {each.code for each in report.groups.groups if each.standing is GroupStanding.TOLD} if report else set()
    return frozenset(place for place, group in enumerate(plan.groups) if group.code in told)


def _as_answers(wave_id: str, table: ResponseTable, told: frozenset[int]) -> Iterator[dict[str, object]]:
    for place, trust, values in zip(table.group.tolist(), table.trust.tolist(), table.values, strict=True):
        yield {
            "id": secrets.token_bytes(16),
            "wave_id": wave_id,
            "place": place if place in told else NO_GROUP,
            "trust": trust,
            "answers": values.tobytes(),
        }


def _as_results(wave_id: str, results: NDArray[np.uint8]) -> Iterator[dict[str, object]]:
    for row in results:
        yield {"hash": row[:KEY_LENGTH].tobytes(), "wave_id": wave_id, "sealed": row[KEY_LENGTH:].tobytes()}


def _insert(session: Session, table: type[Response | Result], rows: Iterator[dict[str, object]]) -> None:
    while chunk := list(islice(rows, CHUNK)):
        session.execute(insert(table.__table__), chunk)  # type: ignore[arg-type]
