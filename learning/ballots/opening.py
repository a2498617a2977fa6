"""Opening a wave: its declaration is frozen, its key and its ballots are made."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from learning.ballots.codes import PREFIX_LENGTH, new_code, new_prefix, read_code, shown
from learning.ballots.database import reading, unit_of_work
from learning.ballots.keys import destroy_key, key_of, make_key
from learning.ballots.models import (
    EVERYBODY,
    AskedAgain,
    Ballot,
    DeclaredInstrument,
    Participation,
    Stage,
    Wave,
    WaveGroup,
)
from learning.ballots.participation import bands
from learning.ballots.records import OpenedWave, Opening, OpenWave, PlanRefused
from learning.ballots.sealing import WaveKey
from learning.ballots.waves import as_group, declared_instrument, lessons_of
from learning.content.instrument_versions import canonical_json, instrument_hash
from learning.content.model import Instrument
from learning.database import insert_once, new_id
from learning.psychometrics.wave_table import LEAST_K, Group, Plan


def open_wave(opening: Opening, now: datetime, wave_id: str | None = None) -> OpenedWave:
    """Make a wave with its key and one ballot for each invited person. Raises PlanRefused.

    Whoever gives the new id can name the wave even if they are cut off before they learn that it was made.

    The codes are handed out here and exist nowhere else: only their keyed hashes are stored, in random order, so that
    neither the order in which they are given out nor a stolen database tells whose a ballot is.
    """
    refuse_unsafe_plan(opening.plan)
    if opening.closes_at <= now:
        raise PlanRefused(_("The day of closing is over. Choose a later one."))
    wave_id = wave_id or new_id()
    key = make_key(wave_id)
    try:
        codes = _declare(wave_id, key, opening, now)
    except BaseException:
        destroy_key(wave_id)  # a wave that did not open leaves none
        raise
    return OpenedWave(wave_id, codes)


def _declare(wave_id: str, key: WaveKey, opening: Opening, now: datetime) -> dict[str, list[str]]:
    with unit_of_work() as session:
        digest = _freeze(session, opening.instrument)
        _refuse_unfit_earlier(session, opening.earlier, digest)
        session.add(
            Wave(
                id=wave_id,
                title=opening.title,
                organization=opening.organization,
                instrument_hash=digest,
                k=opening.plan.k,
                promise=opening.promise,
                lessons=[asdict(lesson) for lesson in opening.lessons],
                closes_at=opening.closes_at,
                last_day=opening.last_day,
                earlier_id=opening.earlier,
            )
        )
        session.flush()
        session.add_all(
            AskedAgain(wave_id=wave_id, earlier_id=earlier, before=each.before, after=each.after, people=each.people)
            for earlier, moved in opening.moved.items()
            for each in moved
        )
        groups = enumerate(opening.plan.groups)
        prefixes = [_add_group(session, wave_id, place, group) for place, group in groups]
        codes = _add_ballots(session, key, prefixes, opening.plan)
        session.add_all(_nobody_yet(wave_id, opening.plan, now))
    return codes


def refuse_unsafe_plan(plan: Plan) -> None:
    """Raises PlanRefused if the plan could tell of fewer than k people from the start."""
    if plan.k < LEAST_K:
        raise PlanRefused(_("The smallest group of a report is %(least)s people or more.", least=LEAST_K))
    if not plan.groups or len({group.code for group in plan.groups}) < len(plan.groups):
        raise PlanRefused(_("A campaign needs at least one group, and each group its own code."))
    for group in plan.groups:
        if group.invited < 2 * plan.k:
            raise PlanRefused(
                _(
                    "In the group %(group)s fewer than %(least)s people would be invited. Merge it with another.",
                    group=group.name,
                    least=2 * plan.k,
                )
            )


def _freeze(session: Session, instrument: Instrument) -> str:
    digest = instrument_hash(instrument)
    insert_once(session, DeclaredInstrument, hash=digest, body=json.loads(canonical_json(instrument)))  # type: ignore[arg-type]
    return digest


def _refuse_unfit_earlier(session: Session, earlier: str | None, digest: str) -> None:
    if earlier is None:
        return
    found = session.execute(select(Wave.stage, Wave.instrument_hash).where(Wave.id == earlier)).one_or_none()
    if found is None or found.stage is not Stage.CLOSED:
        raise PlanRefused(_("The earlier wave is not closed. Close it first."))
    if found.instrument_hash != digest:
        raise PlanRefused(_("The earlier wave asked other questions, so the two cannot be compared."))


def _add_group(session: Session, wave_id: str, place: int, group: Group) -> str:
    """Store a group under first symbols that no other group ever had; return them."""
    while True:
        prefix = new_prefix()
        if session.get(WaveGroup, prefix) is None:
            break
    session.add(
        WaveGroup(prefix=prefix, wave_id=wave_id, place=place, code=group.code, name=group.name, invited=group.invited)
    )
    session.flush()
    return prefix


def _add_ballots(session: Session, key: WaveKey, prefixes: list[str], plan: Plan) -> dict[str, list[str]]:
    codes: dict[str, list[str]] = {}
    ballots = []
    for prefix, group in zip(prefixes, plan.groups, strict=True):
        made = {new_code(prefix) for _ballot in range(group.invited)}
        while len(made) < group.invited:
            made.add(new_code(prefix))
        codes[group.code] = [shown(code) for code in made]
        ballots += [{"hash": key.ballot_hash(code), "prefix": prefix} for code in made]
    chance = secrets.SystemRandom()
    for handed_out in codes.values():
        chance.shuffle(handed_out)
    chance.shuffle(ballots)
    session.execute(insert(Ballot), ballots)
    return codes


def _nobody_yet(wave_id: str, plan: Plan, now: datetime) -> list[Participation]:
    invited = {EVERYBODY: plan.invited} | {place: group.invited for place, group in enumerate(plan.groups)}
    return [
        Participation(wave_id=wave_id, place=place, as_of=now.date(), **bands(0, people))
        for place, people in invited.items()
    ]


def open_wave_of(code: str) -> OpenWave | None:
    """The open wave to which a code belongs by its first symbols; None also if the check symbols say it is mistyped.

    It says nothing about whether the code is spent or was ever given out. Where ``closes_at`` is over, answers are
    refused already.
    """
    symbols = read_code(code)
    if symbols is None:
        return None
    with reading() as session:
        found = session.execute(
            select(Wave, WaveGroup)
            .join(WaveGroup, WaveGroup.wave_id == Wave.id)
            .where(WaveGroup.prefix == symbols[:PREFIX_LENGTH], Wave.stage == Stage.OPEN)
        ).one_or_none()
    if found is None or key_of(found.Wave.id) is None:
        return None
    wave: Wave = found.Wave
    return OpenWave(
        id=wave.id,
        title=wave.title,
        organization=wave.organization,
        instrument=declared_instrument(wave.instrument_hash),
        promise=wave.promise,
        lessons=lessons_of(wave),
        closes_at=wave.closes_at,
        last_day=wave.last_day,
        k=wave.k,
        group=as_group(found.WaveGroup),
    )
