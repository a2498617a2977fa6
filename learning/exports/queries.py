"""What pages show of exports: one's own, and never anybody else's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select

from learning.errors import NotFound
from learning.exports.models import ExportJob, ExportState, Format
from learning.exports.service import KEPT
from learning.extensions import db
from learning.web.identity import Member


@dataclass(frozen=True, slots=True)
class Export:
    """One export."""

    id: str
    title: str
    kind: str
    file_format: Format
    state: ExportState
    done: int
    total: int
    problem: str | None
    created_at: datetime
    #: When it is removed.
    until: datetime
    bytes: int | None
    #: Name of the file on the disk.
    claim: str | None

    @property
    def finished(self) -> bool:
        """Whether nothing more happens to it."""
        return self.state in (ExportState.READY, ExportState.FAILED)

    @property
    def percent(self) -> int:
        """How far it is; 100 means ready."""
        if self.state is ExportState.READY:
            return 100
        return min(99, 100 * self.done // self.total) if self.total else 0

    @property
    def file_name(self) -> str:
        """What the file is called where it arrives."""
        return f"{self.kind}-{self.created_at:%Y-%m-%d}.{self.file_format.value}"


def my_exports(member: Member, now: datetime) -> list[Export]:
    """All of one's own, the newest first. One query."""
    return [_export(row) for row in db.session.scalars(_mine(member, now))]


def my_export(member: Member, export_id: str, now: datetime) -> Export:
    """One of one's own. Raises NotFound; its day is over at the minute, whether or not it was removed. One query."""
    row = db.session.scalar(_mine(member, now).where(ExportJob.id == export_id))
    if row is None:
        raise NotFound
    return _export(row)


def _mine(member: Member, now: datetime) -> Select[ExportJob]:
    return (
        select(ExportJob)
        .where(
            ExportJob.organization_id == member.organization_id,
            ExportJob.owner_id == member.user_id,
            ExportJob.created_at >= now - KEPT,
        )
        .order_by(ExportJob.created_at.desc(), ExportJob.id)
    )


def _export(row: ExportJob) -> Export:
    return Export(
        id=row.id,
        title=row.title,
        kind=row.kind,
        file_format=row.file_format,
        state=row.state,
        done=row.done,
        total=row.total,
        problem=row.problem,
        created_at=row.created_at,
        until=row.created_at + KEPT,
        bytes=row.bytes,
        claim=row.claim,
    )
