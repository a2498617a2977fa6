"""The table of exports that are made in the background."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from learning.accounts.models import stored_by_value
from learning.database import Table, id_column

#: Letters of a claim.
CLAIM_LENGTH = 32


class Format(StrEnum):
    """What kind of file it is."""

    XLSX = "xlsx"
    CSV = "csv"
    PDF = "pdf"


class ExportState(StrEnum):
    """Where an export stands."""

    WAITING = "waiting"
    WORKING = "working"
    READY = "ready"
    FAILED = "failed"


class ExportJob(Table):
    """A file that a trainer asked for: what it shall hold, how far it is, and where it lies for a day."""

    __tablename__ = "export_job"
    __table_args__ = (
        Index(None, "organization_id", "owner_id"),
        Index(None, "state", "touched_at"),
        CheckConstraint("done >= 0 AND total >= 0", name="counts_up"),
        CheckConstraint("state NOT IN ('working', 'ready') OR claim IS NOT NULL", name="worked_under_a_claim"),
    )

    id: Mapped[str] = id_column()
    organization_id: Mapped[str] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"))
    #: The one person who gets the file.
    owner_id: Mapped[str] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(24))
    file_format: Mapped[Format] = mapped_column(stored_by_value(Format, "file_format"))
    #: As the page of the table has them in its address.
    filters: Mapped[dict[str, str]] = mapped_column(JSON)
    #: In the words of the day on which it was asked for.
    title: Mapped[str] = mapped_column(String(200))
    state: Mapped[ExportState] = mapped_column(stored_by_value(ExportState, "state"))
    #: People or things read so far, and in all.
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    #: Of the worker that has taken it last, and the name of its file. Random.
    claim: Mapped[str | None] = mapped_column(String(CLAIM_LENGTH), unique=True)
    #: How often it was taken.
    tries: Mapped[int] = mapped_column(default=0)
    #: Why it failed, for its owner.
    problem: Mapped[str | None] = mapped_column(String(300))
    created_at: Mapped[datetime]
    #: When its worker was last heard of.
    touched_at: Mapped[datetime]
    #: Set when it is ready.
    bytes: Mapped[int | None]
