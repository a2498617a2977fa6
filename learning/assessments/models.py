"""Tables of the self-assessment. Nobody but the person reads them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from learning.accounts.models import stored_by_value
from learning.database import CONTENT_ID_LENGTH, Table, id_column


class InstrumentVersion(Table):
    """An instrument as it stood when somebody answered it."""

    __tablename__ = "instrument_version"

    #: SHA-256 of the canonical JSON of the instrument.
    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    instrument_id: Mapped[str] = mapped_column(String(CONTENT_ID_LENGTH), index=True)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)


class Assessment(Table):
    """One person's filling of an instrument."""

    __tablename__ = "assessment"
    __table_args__ = (
        Index(
            "uq_assessment_one_open",
            "organization_id",
            "user_id",
            "instrument_id",
            unique=True,
            sqlite_where=text("finished_at IS NULL"),
            postgresql_where=text("finished_at IS NULL"),
        ),
        Index(None, "organization_id", "instrument_id"),
    )

    id: Mapped[str] = id_column()
    organization_id: Mapped[str] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"))
    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    instrument_id: Mapped[str] = mapped_column(String(CONTENT_ID_LENGTH))
    instrument_hash: Mapped[str] = mapped_column(ForeignKey("instrument_version.hash"))
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class MissingAnswer(StrEnum):
    """Why an item has no value. A skipped item has no row."""

    DONT_KNOW = "dont_know"
    NOT_APPLICABLE = "not_applicable"
    NO_OPPORTUNITY = "no_opportunity"


class ItemAnswer(Table):
    """One answer: a value, or the reason why there is none."""

    __tablename__ = "item_answer"
    __table_args__ = (CheckConstraint("(value IS NULL) <> (missing IS NULL)", name="value_or_reason"),)

    assessment_id: Mapped[str] = mapped_column(ForeignKey("assessment.id", ondelete="CASCADE"), primary_key=True)
    item_id: Mapped[str] = mapped_column(String(CONTENT_ID_LENGTH), primary_key=True)
    organization_id: Mapped[str] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"))
    value: Mapped[int | None]
    missing: Mapped[MissingAnswer | None] = mapped_column(stored_by_value(MissingAnswer, "missing"))
    saved_at: Mapped[datetime]
