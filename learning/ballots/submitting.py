"""Taking an answer: the ballot is spent in one transaction, the answer kept in another.

No row of the first is in the second: what joins them is a permit that the page made, and it is deleted with the
second. A page that hears nothing sends the same again, with the same permit and response key:

=================== ===================== =====================================
cut off             what stands           the same sent again
=================== ===================== =====================================
before the first    the ballot            spends it and keeps the answer
between the two     the permit            finds no ballot, and keeps the answer
after the second    answer and result     finds the result, and gets its receipt
=================== ===================== =====================================

Every refusal takes the same statements with hashes that fit nothing, so neither its words nor its time tell whether
a code is spent, unknown, of another wave, or late.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from learning.ballots.answers import Filled, to_bytes, trust_byte
from learning.ballots.codes import (
    PERMIT_LENGTH,
    PREFIX_LENGTH,
    RESPONSE_KEY_LENGTH,
    read_code,
    read_symbols,
    shown,
)
from learning.ballots.database import reading, unit_of_work
from learning.ballots.keys import key_of
from learning.ballots.models import (
    Ballot,
    Permit,
    Result,
    SealedResponse,
    SealedResult,
    Stage,
    Wave,
    WaveGroup,
)
from learning.ballots.records import AnswersRefused, CodeUnusable, Receipt, Sent
from learning.ballots.sealing import PrivateKey, WaveKey
from learning.ballots.waves import declared_instrument
from learning.database import insert_once


@dataclass(frozen=True, slots=True)
class _Target:
    """Where an answer would go, or what looks the same and leads nowhere."""

    key: WaveKey
    prefix: str
    place: int
    values: bytes


def submit(sent: Sent, now: datetime) -> Receipt:
    """Spend the ballot and keep the answers. Repeating it after a crash finishes it.

    Raises AnswersRefused for what no page sends, CodeUnusable for a code that cannot answer (again).
    """
    permit = read_symbols(sent.permit, PERMIT_LENGTH)
    response_key = read_symbols(sent.response_key, RESPONSE_KEY_LENGTH)
    if permit is None or response_key is None:
        raise AnswersRefused
    trust = trust_byte(sent.trust)
    code = read_code(sent.code)
    if code is None:
        raise CodeUnusable
    target = _target(sent, code, now)
    private = PrivateKey(response_key)
    result = target.key.lookup_hash(private.lookup)
    with unit_of_work() as session:
        if not _spend(session, target, code, permit):
            session.rollback()  # a refusal waits for no disk, whatever its reason
    with unit_of_work() as session:
        redeemed = _redeem(session, target, permit)
        if redeemed:
            _keep(session, target, private, trust)
        elif not _is_kept(session, result, private.lookup):
            raise CodeUnusable
    return Receipt(shown(response_key), again=not redeemed)


def _target(sent: Sent, code: str, now: datetime) -> _Target:
    prefix = code[:PREFIX_LENGTH]
    with reading() as session:
        found = session.execute(
            select(Wave.id, Wave.stage, Wave.closes_at, Wave.instrument_hash, WaveGroup.place)
            .join(WaveGroup, WaveGroup.wave_id == Wave.id)
            .where(WaveGroup.prefix == prefix)
        ).one_or_none()
    key = key_of(found.id) if found else None
    values = to_bytes(declared_instrument(found.instrument_hash), sent.answers) if found else b""
    if found is None or key is None or found.stage is not Stage.OPEN or found.closes_at <= now:
        return _Target(WaveKey.decoy(), prefix, 0, values)
    return _Target(key, prefix, found.place, values)


def _spend(session: Session, target: _Target, code: str, permit: str) -> bool:
    """Turn the ballot into a permit, if there is one."""
    target = _held_open(session, target)
    spent = delete(Ballot).where(Ballot.hash == target.key.ballot_hash(code), Ballot.prefix == target.prefix)
    if session.execute(spent.returning(Ballot.prefix)).one_or_none() is None:
        return False
    # False: the page was cut off with another code before. That one is answered, and this one stays.
    return insert_once(session, Permit, hash=target.key.permit_hash(permit), prefix=target.prefix)  # type: ignore[arg-type]


def _redeem(session: Session, target: _Target, permit: str) -> bool:
    """Take the permit, if there is one."""
    target = _held_open(session, target)
    taken = delete(Permit).where(Permit.hash == target.key.permit_hash(permit), Permit.prefix == target.prefix)
    return session.execute(taken.returning(Permit.prefix)).one_or_none() is not None


def _held_open(session: Session, target: _Target) -> _Target:
    """The target, whose wave cannot close until this transaction ends; if it closes already, one that leads nowhere."""
    query = select(Wave.stage).where(Wave.id == target.key.wave_id).with_for_update(read=True)
    return target if session.scalar(query) is Stage.OPEN else replace(target, key=WaveKey.decoy())


def _keep(session: Session, target: _Target, private: PrivateKey, trust: int) -> None:
    key = target.key
    sealed = private.lookup + private.seal(target.values, key.wave_id)
    kept = insert_once(
        session,
        SealedResult,  # type: ignore[arg-type]
        hash=key.lookup_hash(private.lookup),
        wave_id=key.wave_id,
        sealed=key.seal_result(sealed),
    )
    if not kept:
        # Two people with one response key: a page that makes no random numbers. The permit stays; a new key will do.
        raise CodeUnusable
    filled = Filled(target.place, trust, target.values)
    session.add(
        SealedResponse(id=secrets.token_bytes(16), wave_id=key.wave_id, sealed=key.seal_response(filled.packed()))
    )


def _is_kept(session: Session, while_open: bytes, after_closing: bytes) -> bool:
    """Whether the answer with this response key has been kept: its holder sends it once more."""
    sealed = session.scalar(select(SealedResult.hash).where(SealedResult.hash == while_open))
    kept = session.scalar(select(Result.hash).where(Result.hash == after_closing))
    return sealed is not None or kept is not None
