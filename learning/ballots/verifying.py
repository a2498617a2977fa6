"""What must hold of waves, looked up in the database and among the keys."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learning.ballots.database import reading
from learning.ballots.keys import kept_keys
from learning.ballots.models import (
    Ballot,
    FrozenRelease,
    Permit,
    Response,
    SealedResponse,
    SealedResult,
    Stage,
    Wave,
    WaveGroup,
)
from learning.ballots.rewriting import told_places
from learning.ballots.waves import groups_of, plan_of
from learning.clock import now
from learning.psychometrics.release import Release
from learning.psychometrics.wave_table import NO_GROUP


def findings() -> list[str]:
    """A sentence for everything that is not as it must be; empty if all is well."""
    keys = kept_keys()
    with reading() as session:
        waves = session.scalars(select(Wave).order_by(Wave.id)).all()
        found = [f"{wave.id}: {finding}" for wave in waves for finding in _of_wave(session, wave, wave.id in keys)]
    known = {wave.id for wave in waves}
    found += [f"{wave_id}: a key, but no wave. Delete it." for wave_id in sorted(keys - known)]
    return found


def _of_wave(session: Session, wave: Wave, has_key: bool) -> Iterator[str]:
    if wave.stage is not Stage.CLOSED:
        if not has_key and wave.stage not in (Stage.KEYLESS, Stage.SPENT):
            yield "its key is gone, so it takes no answers and its answers cannot be read. Close it."
        elif wave.stage is not Stage.OPEN:
            yield (
                "its closing was cut off, or waits for a program that reads this database, such as a backup. "
                "Run `ballots close-due` when none does."
            )
        elif wave.closes_at <= now():
            yield "its time is over, and it is open. Run `ballots close-due`, and look whether the worker runs."
        return
    if has_key:
        yield "it is closed, but its key is there."
    for table in (Ballot, Permit):
        mine = select(WaveGroup.prefix).where(WaveGroup.wave_id == wave.id)
        if count := session.scalar(select(func.count()).where(table.prefix.in_(mine))):
            yield f"it is closed, but {count} rows of {table.__tablename__} are left."
    for sealed in (SealedResponse, SealedResult):
        if count := session.scalar(select(func.count()).where(sealed.wave_id == wave.id)):
            yield f"it is closed, but {count} rows of {sealed.__tablename__} are left."
    yield from _of_release(session, wave)


def _of_release(session: Session, wave: Wave) -> Iterator[str]:
    body = session.scalar(select(FrozenRelease.body).where(FrozenRelease.wave_id == wave.id))
    groups = groups_of(session, wave.id)
    if body is None:
        # Of an erased wave the groups are gone too.
        if groups or session.scalar(select(func.count()).where(Response.wave_id == wave.id)):
            yield "it is closed, but has no release."
        return
    told = told_places(plan_of(wave, groups), Release.from_json(body))
    kept = set(session.scalars(select(Response.place).where(Response.wave_id == wave.id).distinct()))
    if kept - told - {NO_GROUP}:
        yield "answers keep a group of which the release does not tell."
