"""The frozen report of a wave, and the answers it was made of, for the wave that follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from learning.ballots.database import reading
from learning.ballots.models import AskedAgain, FrozenRelease, Response, Stage, Wave
from learning.ballots.waves import groups_of, plan_of, wave_of
from learning.psychometrics.release import Earlier, Moved, Release, ResponseTable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: Answers are not kept for good yet.
_NOT_REWRITTEN = (Stage.OPEN, Stage.REFUSING, Stage.FROZEN)
#: Rows read or written at a time.
CHUNK = 1000


def released(wave_id: str) -> Release | None:
    """The frozen report of a wave; None until all steps of its closing are done."""
    with reading() as session:
        body = session.scalar(
            select(FrozenRelease.body)
            .join(Wave, Wave.id == FrozenRelease.wave_id)
            .where(Wave.id == wave_id, Wave.stage == Stage.CLOSED)
        )
    return None if body is None else Release.from_json(body)


def earlier_wave(wave_id: str, moved: tuple[Moved, ...] = ()) -> Earlier | None:
    """A wave whose report is frozen, as the next one is held against it; None if it told nothing."""
    with reading() as session:
        wave = wave_of(session, wave_id)
        body = session.scalar(select(FrozenRelease.body).where(FrozenRelease.wave_id == wave_id))
        if body is None or wave.stage in _NOT_REWRITTEN:
            return None
        release = Release.from_json(body)
        if release.refusal is not None:
            return None
        return Earlier(plan_of(wave, groups_of(session, wave_id)), _kept_answers(session, wave_id), release, moved)


def told_of_the_same(session: Session, wave_id: str) -> frozenset[str]:
    """Ids of the waves of some of the same people whose report is fixed."""
    other = case((AskedAgain.wave_id == wave_id, AskedAgain.earlier_id), else_=AskedAgain.wave_id)
    mine = (AskedAgain.wave_id == wave_id) | (AskedAgain.earlier_id == wave_id)
    told = select(other).where(mine).join(FrozenRelease, FrozenRelease.wave_id == other)
    return frozenset(session.scalars(told))


def reported_before(wave_id: str) -> dict[str, Earlier]:
    """Every wave of some of the same people that told something already, by its id."""
    moved: dict[str, list[Moved]] = {}
    with reading() as session:
        mine = (AskedAgain.wave_id == wave_id) | (AskedAgain.earlier_id == wave_id)
        for row in session.scalars(select(AskedAgain).where(mine).order_by(AskedAgain.before, AskedAgain.after)):
            # One that opened later may have closed earlier
            other, *codes = (
                (row.earlier_id, row.before, row.after)
                if row.wave_id == wave_id
                else (row.wave_id, row.after, row.before)
            )
            moved.setdefault(other, []).append(Moved(codes[0], codes[1], row.people))
    found = {other: earlier_wave(other, tuple(each)) for other, each in sorted(moved.items())}
    return {other: each for other, each in found.items() if each}


def _kept_answers(session: Session, wave_id: str) -> ResponseTable:
    import numpy as np

    mine = Response.wave_id == wave_id
    count = session.scalar(select(func.count()).select_from(Response).where(mine)) or 0
    group, trust = np.empty(count, dtype=np.int16), np.empty(count, dtype=np.int8)
    values: NDArray[np.int8] | None = None
    rows = session.execute(
        select(Response.place, Response.trust, Response.answers).where(mine),
        execution_options={"yield_per": CHUNK},
    )
    for at, (place, trusted, answers) in enumerate(rows):
        if values is None:
            values = np.empty((count, len(answers)), dtype=np.int8)
        group[at], trust[at] = place, trusted
        values[at] = np.frombuffer(answers, dtype=np.int8)
    return ResponseTable(group, np.empty((0, 0), dtype=np.int8) if values is None else values, trust)
