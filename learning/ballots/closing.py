"""Closing a wave: six steps, each safe to kill and to run again, by two programs at once too.

The stage of the wave says which steps are done. A step that changes the database moves the stage in the same
transaction; one that changes anything else is done again until the stage says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.orm import Session

from learning.ballots import rewriting
from learning.ballots.compacting import StillInUse, compact
from learning.ballots.database import reading, unit_of_work
from learning.ballots.erasing import erase_wave
from learning.ballots.keys import destroy_key, key_of
from learning.ballots.models import (
    Ballot,
    FrozenRelease,
    Permit,
    SealedResponse,
    Stage,
    Wave,
    WaveGroup,
)
from learning.ballots.releases import earlier_wave, reported_before, told_of_the_same
from learning.ballots.waves import declared_instrument, groups_of, plan_of, wave_of
from learning.content.model import Instrument
from learning.errors import NotFound
from learning.psychometrics.release import Earlier, Plan, Release, ReleaseRefused, ResponseTable, build_release
from learning.psychometrics.report import Refusal

log = structlog.get_logger()

#: Reports of waves that ask some of the same people are stored one after the other. Any number that nothing else locks.
_FREEZING = 7_062_019

Build = Callable[[Instrument, Plan, ResponseTable, Earlier | None, Sequence[Earlier]], Release]


@dataclass(frozen=True, slots=True)
class Step:
    """From a stage to the next."""

    before: Stage
    after: Stage
    do: Callable[[str, Build], None]


def close_wave(wave_id: str, build: Build = build_release) -> None:
    """Close a wave for ever: from its first step on it takes no answer. Closing what is closed does nothing.

    Raises NotFound. Whatever else cuts it off, closing again goes on from there and ends the same. ``released`` tells
    whether it came to its end: it may have to wait for somebody who reads.
    """
    for step in STEPS:
        if _stage(wave_id) is step.before:
            step.do(wave_id, build)


def close_due(now: datetime, build: Build = build_release) -> int:
    """Close the waves whose time is over or whose key is gone, and finish what was cut off; tell how many came to
    their end.

    One that fails is logged and tried again next time; it holds up no other.
    """
    with reading() as session:
        waves = session.execute(select(Wave.id, Wave.stage, Wave.closes_at).where(Wave.stage != Stage.CLOSED)).all()
    due = [
        wave.id for wave in waves if wave.stage is not Stage.OPEN or wave.closes_at <= now or key_of(wave.id) is None
    ]
    closed = 0
    for wave_id in due:
        try:
            close_wave(wave_id, build)
            closed += _stage(wave_id) is Stage.CLOSED
        except Exception:
            log.exception("closing_failed", wave=wave_id)
    return closed


def abandon_wave(wave_id: str) -> None:
    """Close a wave of which no ballot was given to anybody and delete what it declared of its groups; destroy a key
    whose wave was never made.

    Does nothing where there is neither.
    """
    try:
        close_wave(wave_id)
    except NotFound:
        destroy_key(wave_id)
        return
    if _stage(wave_id) is Stage.CLOSED:
        erase_wave(wave_id)


def _stage(wave_id: str) -> Stage:
    with reading() as session:
        stage = session.scalar(select(Wave.stage).where(Wave.id == wave_id))
    if stage is None:
        raise NotFound
    return stage


def _moved(session: Session, wave_id: str, before: Stage, after: Stage) -> bool:
    """Move the stage, and hold the wave until the transaction ends. False: another program was first."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL statement_timeout = 0"))
    move = update(Wave).where(Wave.id == wave_id, Wave.stage == before).values(stage=after)
    return session.execute(move.returning(Wave.id)).one_or_none() is not None


def _refuse_answers(wave_id: str, build: Build) -> None:
    """Waits for answers that are on their way; later ones find the wave closing."""
    with unit_of_work() as session:
        _moved(session, wave_id, Stage.OPEN, Stage.REFUSING)


def _freeze(wave_id: str, build: Build) -> None:
    """Make the release outside of any transaction, held against all that others told by then; the first one stands."""
    while True:
        with reading() as session:
            told = told_of_the_same(session, wave_id)
        for other in told:
            _rewrite(other, build)  # one that was cut off right after its report: only kept answers can be held against
        release = _release(wave_id, build)
        with unit_of_work() as session:
            if session.get_bind().dialect.name == "postgresql":
                session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _FREEZING})
            if told_of_the_same(session, wave_id) == told:
                if _moved(session, wave_id, Stage.REFUSING, Stage.FROZEN):
                    session.add(FrozenRelease(wave_id=wave_id, body=release.to_json()))
                return


def _release(wave_id: str, build: Build) -> Release:
    with reading() as session:
        wave = wave_of(session, wave_id)
        plan = plan_of(wave, groups_of(session, wave_id))
        key = key_of(wave_id)
        instrument = declared_instrument(wave.instrument_hash)
        if key is None:
            return Release.refused(ReleaseRefused(Refusal.KEY_LOST, plan.k))
        table = rewriting.unsealed_table(session, wave_id, key, len(instrument.items))
    lost = _sealed(wave_id) - len(table.group)
    if lost:
        log.error("answers unreadable", wave=wave_id, count=lost)
    others = reported_before(wave_id)
    earlier = None
    if wave.earlier_id:
        earlier = others.pop(wave.earlier_id, None) or earlier_wave(wave.earlier_id)
    try:
        return build(instrument, plan, table, earlier, tuple(others.values()))
    except ReleaseRefused as refused:
        return Release.refused(refused)


def _sealed(wave_id: str) -> int:
    with reading() as session:
        return session.scalar(select(func.count()).where(SealedResponse.wave_id == wave_id)) or 0


def _rewrite(wave_id: str, build: Build) -> None:
    """Answers and results stand in two random orders, and nothing sealed is left, in one transaction."""
    with unit_of_work() as session:
        if not _moved(session, wave_id, Stage.FROZEN, Stage.REWRITTEN):
            return
        wave = wave_of(session, wave_id)
        body = session.scalars(select(FrozenRelease.body).where(FrozenRelease.wave_id == wave_id)).one()
        key = key_of(wave_id)
        if key is not None:
            instrument = declared_instrument(wave.instrument_hash)
            plan = plan_of(wave, groups_of(session, wave_id))
            rewriting.rewrite(session, key, len(instrument.items), plan, Release.from_json(body))
        rewriting.delete_sealed(session, wave_id)


def _destroy_ballots(wave_id: str, build: Build) -> None:
    with unit_of_work() as session:
        if _moved(session, wave_id, Stage.REWRITTEN, Stage.SPENT):
            mine = select(WaveGroup.prefix).where(WaveGroup.wave_id == wave_id)
            session.execute(delete(Ballot).where(Ballot.prefix.in_(mine)))
            session.execute(delete(Permit).where(Permit.prefix.in_(mine)))


def _destroy_key(wave_id: str, build: Build) -> None:
    destroy_key(wave_id)
    with unit_of_work() as session:
        _moved(session, wave_id, Stage.SPENT, Stage.KEYLESS)


def _compact(wave_id: str, build: Build) -> None:
    """While somebody reads, the log cannot be emptied: the wave stays as it is until it is closed again."""
    try:
        compact()
    except StillInUse:
        log.info("closing waits for readers", wave=wave_id)
        return
    with unit_of_work() as session:
        _moved(session, wave_id, Stage.KEYLESS, Stage.CLOSED)


STEPS = (
    Step(Stage.OPEN, Stage.REFUSING, _refuse_answers),
    Step(Stage.REFUSING, Stage.FROZEN, _freeze),
    Step(Stage.FROZEN, Stage.REWRITTEN, _rewrite),
    Step(Stage.REWRITTEN, Stage.SPENT, _destroy_ballots),
    Step(Stage.SPENT, Stage.KEYLESS, _destroy_key),
    Step(Stage.KEYLESS, Stage.CLOSED, _compact),
)
