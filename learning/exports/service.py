"""Exports that are made in the background: asked for, taken by a worker, made, and removed after a day.

Whatever happens to a worker, the export is taken again: a claim holds as long as its worker is heard of. A worker that
was thought dead and is not finds its claim gone, and throws away what it wrote.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, delete, exists, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from learning.accounts.models import Membership, User
from learning.background import wake
from learning.clock import now as the_clock
from learning.content.model import Catalogue
from learning.database import unit_of_work
from learning.errors import DomainError, NotFound
from learning.exports.errors import TooManyExports
from learning.exports.files import drop, drop_strange, new_file, the_folder
from learning.exports.models import CLAIM_LENGTH, ExportJob, ExportState, Format
from learning.exports.plans import known_filters, plan_export
from learning.exports.sources import Asked
from learning.extensions import db
from learning.web.identity import Member, Role

log = structlog.get_logger()

MAKING = "exports make"
#: Exports of one person at a time, files that lie for a day included.
MOST_EXPORTS = 20
#: After so long without a word a worker counts as dead. Between two words lies one block, or the setting of a document.
LEASE = timedelta(minutes=2)
MOST_TRIES = 3
KEPT = timedelta(hours=24)

UNFINISHED = (ExportState.WAITING, ExportState.WORKING)


def ask(
    member: Member, kind: str, file_format: Format, filters: Mapping[str, str], catalogue: Catalogue, now: datetime
) -> str:
    """Ask for a file; its id. Asking twice for the same while it is being made gives the same one.

    Raises NotFound for what does not exist, TooManyExports, and whatever the table itself refuses.
    """
    wanted = known_filters(kind, filters)
    plan = plan_export(Asked(member, wanted, catalogue, now), kind, file_format)
    mine = ExportJob.organization_id == member.organization_id, ExportJob.owner_id == member.user_id
    with unit_of_work() as session:
        # Two requests at once: the second sees what the first one asked for.
        session.execute(
            select(Membership.id)
            .where(Membership.organization_id == member.organization_id, Membership.user_id == member.user_id)
            .with_for_update()
        )
        same = select(ExportJob).where(
            *mine, ExportJob.kind == kind, ExportJob.file_format == file_format, ExportJob.state.in_(UNFINISHED)
        )
        for job in session.scalars(same):
            if job.filters == wanted:
                return job.id
        if (session.scalar(select(func.count()).select_from(ExportJob).where(*mine)) or 0) >= MOST_EXPORTS:
            raise TooManyExports(MOST_EXPORTS)
        job = ExportJob(
            organization_id=member.organization_id,
            owner_id=member.user_id,
            kind=kind,
            file_format=file_format,
            filters=wanted,
            title=plan.title,
            state=ExportState.WAITING,
            total=plan.most,
            created_at=now,
            touched_at=now,
        )
        session.add(job)
        session.flush()
        wake(session, MAKING)
        return job.id


def remove(member: Member, export_id: str) -> None:
    """Remove an export of one's own, with its file; a worker that is at it stops. Raises NotFound."""
    with unit_of_work() as session:
        gone = session.execute(
            delete(ExportJob)
            .where(
                ExportJob.organization_id == member.organization_id,
                ExportJob.owner_id == member.user_id,
                ExportJob.id == export_id,
            )
            .returning(ExportJob.claim)
        ).first()
        if gone is None:
            raise NotFound
    if gone.claim:
        drop(gone.claim)


@dataclass(frozen=True, slots=True)
class _Claimed:
    """An export that this worker has taken."""

    id: str
    claim: str
    member: Member
    kind: str
    file_format: Format
    filters: dict[str, str]
    locale: str


class _Lost(Exception):
    """Somebody else has taken the export, or it was removed."""


def make_due(catalogue: Catalogue, now: datetime) -> int:
    """Make everything that waits, one after the other; how many were taken."""
    taken = 0
    while job := _take(now):
        with force_locale(job.locale):
            _make(job, catalogue)
        taken, now = taken + 1, the_clock()
    return taken


def _take(now: datetime) -> _Claimed | None:
    """The oldest export that waits, or whose worker is dead. Of who is no trainer any more nothing is made."""
    claim = secrets.token_hex(CLAIM_LENGTH // 2)
    with unit_of_work() as session:
        due = or_(
            ExportJob.state == ExportState.WAITING,
            (ExportJob.state == ExportState.WORKING) & (ExportJob.touched_at < now - LEASE),
        )
        while job := session.scalar(
            select(ExportJob).where(due).order_by(ExportJob.created_at).limit(1).with_for_update(skip_locked=True)
        ):
            left = job.claim
            locale = session.scalar(select(User.locale).where(User.id == job.owner_id)) or "en"
            if job.tries >= MOST_TRIES:
                job.state = ExportState.FAILED
                with force_locale(locale):
                    job.problem = _("It was tried several times and did not come to an end.")
                session.flush()
                continue
            job.state, job.claim, job.touched_at = ExportState.WORKING, claim, now
            job.done, job.tries = 0, job.tries + 1
            member = Member(job.owner_id, job.organization_id)
            taken = _Claimed(job.id, claim, member, job.kind, job.file_format, dict(job.filters), locale)
            break
        else:
            return None
    if left:
        drop(left)
    return taken


def _make(job: _Claimed, catalogue: Catalogue) -> None:
    """Write the file, and say so when all of it is on the disk."""
    log.info("export begun", export=job.id, kind=job.kind)
    try:
        size = _write(job, catalogue)
        _tell(job, state=ExportState.READY, bytes=size, done=ExportJob.total)
        log.info("export ready", export=job.id, bytes=size)
    except _Lost:
        drop(job.claim)
        log.info("export dropped", export=job.id)
    except DomainError as error:
        drop(job.claim)
        problem = _("What it was about is no longer there.") if isinstance(error, NotFound) else str(error)
        _give_up(job, ExportState.FAILED, problem[:300])
    except Exception:
        drop(job.claim)
        log.exception("export failed", export=job.id)
        _give_up(job, ExportState.WAITING, None)


def _write(job: _Claimed, catalogue: Catalogue) -> int:
    now = the_clock()
    if not db.session.scalar(select(_trains(job.member.organization_id, job.member.user_id))):
        raise NotFound
    plan = plan_export(Asked(job.member, job.filters, catalogue, now), job.kind, job.file_format)
    _tell(job, total=plan.most)
    with new_file(job.claim) as stream:
        plan.write(stream, lambda done: _tell(job, done=done))
        stream.flush()
        os.fsync(stream.fileno())
        return stream.seek(0, os.SEEK_END)


def _trains(
    organization_id: ColumnElement[str] | InstrumentedAttribute[str] | str,
    user_id: ColumnElement[str] | InstrumentedAttribute[str] | str,
) -> ColumnElement[bool]:
    """Whether somebody trains in an organization now."""
    return exists().where(
        Membership.organization_id == organization_id,
        Membership.user_id == user_id,
        Membership.role == Role.TRAINER,
        Membership.left_at.is_(None),
    )


def _tell(job: _Claimed, **values: object) -> None:
    """Say how far it is. Raises _Lost if it is not ours any more."""
    with unit_of_work() as session:
        mine = (
            update(ExportJob)
            .where(ExportJob.id == job.id, ExportJob.claim == job.claim)
            .values(touched_at=the_clock(), **values)
        )
        if session.execute(mine, execution_options={"preserve_rowcount": True}).rowcount != 1:  # type: ignore[attr-defined]
            raise _Lost


def _give_up(job: _Claimed, state: ExportState, problem: str | None) -> None:
    try:
        _tell(job, state=state, problem=problem)
    except _Lost:
        log.info("export dropped", export=job.id)


def tidy(now: datetime) -> int:
    """Remove exports after a day, those of who trains no more, and files that belong to none; how many exports."""
    lying = {path.name for path in the_folder().iterdir()}
    trains = _trains(ExportJob.organization_id, ExportJob.owner_id)
    with unit_of_work() as session:
        gone = session.scalars(
            delete(ExportJob).where(or_(ExportJob.created_at < now - KEPT, ~trains)).returning(ExportJob.claim)
        ).all()
        known = set(session.scalars(select(ExportJob.claim)))
    for claim in gone:
        if claim:
            drop(claim)
    drop_strange(lying, {claim for claim in known if claim}, now)
    return len(gone)
