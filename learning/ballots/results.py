"""One's own result, for whoever holds the private code. Nobody else can open it, and nothing else finds it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from learning.ballots.answers import from_bytes
from learning.ballots.codes import read_private_code
from learning.ballots.database import reading
from learning.ballots.keys import key_of
from learning.ballots.models import Result, SealedResult, Stage, Wave
from learning.ballots.records import PersonalResult
from learning.ballots.sealing import KEY_LENGTH, PrivateKey, Unreadable
from learning.ballots.waves import declared_instrument, lessons_of, wave_of

#: Until answers are rewritten, results stand under a hash that needs the key of their wave.
_STILL_SEALED = (Stage.OPEN, Stage.REFUSING, Stage.FROZEN)


def personal_result(private_code: str) -> PersonalResult | None:
    """One's own result by the private code, as typed; None if there is none."""
    response_key = read_private_code(private_code)
    if response_key is None:
        return None
    private = PrivateKey(response_key)
    with reading() as session:
        # In this order: a result that is rewritten in between is found by the second query.
        found = _of_open_wave(session, private) or _of_closed_wave(session, private)
        if found is None:
            return None
        wave_id, sealed = found
        wave = wave_of(session, wave_id)
    try:
        values = private.unseal(sealed, wave.id)
    except Unreadable:
        return None
    instrument = declared_instrument(wave.instrument_hash)
    return PersonalResult(wave.title, wave.organization, instrument, from_bytes(instrument, values), lessons_of(wave))


def _of_open_wave(session: Session, private: PrivateKey) -> tuple[str, bytes] | None:
    waves = session.scalars(select(Wave.id).where(Wave.stage.in_(_STILL_SEALED)))
    keys = {key.lookup_hash(private.lookup): key for key in map(key_of, waves) if key is not None}
    found = session.execute(
        select(SealedResult.hash, SealedResult.wave_id, SealedResult.sealed).where(SealedResult.hash.in_(keys))
    ).one_or_none()
    if found is None:
        return None
    try:
        return found.wave_id, keys[found.hash].unseal_result(found.sealed)[KEY_LENGTH:]
    except Unreadable:
        return None


def _of_closed_wave(session: Session, private: PrivateKey) -> tuple[str, bytes] | None:
    found = session.execute(select(Result.wave_id, Result.sealed).where(Result.hash == private.lookup)).one_or_none()
    return (found.wave_id, found.sealed) if found else None
