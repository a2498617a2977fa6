"""Tables of the self-assessment. Nobody but the person reads them."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from learning.accounts.models import stored_by_value
from learning.database import CONTENT_ID_LENGTH, ID_LENGTH, Table, id_column

HASH_LENGTH = 64
#: Longest text of an action.
LONGEST_ACTION = 300


class InstrumentVersion(Table):
    """An instrument as it stood when somebody answered it."""

    __tablename__ = "instrument_version"

    #: SHA-256 of the canonical JSON of the instrument.
    hash: Mapped[str] = mapped_column(String(HASH_LENGTH), primary_key=True)
    instrument_id: Mapped[str] = mapped_column(String(CONTENT_ID_LENGTH), index=True)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)


class Scope(StrEnum):
    """What a person has in mind while answering. Only results with the same scope are compared."""

    ORGANIZATION = "organization"
    DEPARTMENT = "department"


class Assessment(Table):
    """One person's filling of an instrument."""

    __tablename__ = "assessment"
    __table_args__ = (
        UniqueConstraint("organization_id", "id"),
        CheckConstraint("finished_at IS NOT NULL OR NOT consented", name="consent_at_the_end"),
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
    scope: Mapped[Scope] = mapped_column(stored_by_value(Scope, "scope"))
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    #: The person lets the answers count in the figures on the instrument's quality. Theirs to give and to take back.
    consented: Mapped[bool] = mapped_column(default=False)


def _of_an_assessment() -> ForeignKeyConstraint:
    """Rows that go with their assessment, and stand in the same organization."""
    return ForeignKeyConstraint(
        ["organization_id", "assessment_id"], ["assessment.organization_id", "assessment.id"], ondelete="CASCADE"
    )


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
    #: Rises with every change; an older revision never replaces a newer one.
    revision: Mapped[int]
    #: Chosen by the browser; the same operation sent twice has one effect.
    operation_id: Mapped[str] = mapped_column(String(64))
    saved_at: Mapped[datetime]


class ReadingEntry(Table):
    """A lesson that a person put on their reading list from a result."""

    __tablename__ = "assessment_reading"
    __table_args__ = (_of_an_assessment(),)

    organization_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    assessment_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    lesson_id: Mapped[str] = mapped_column(String(CONTENT_ID_LENGTH), primary_key=True)
    #: Place on the list, from 0.
    position: Mapped[int]


class Action(Table):
    """Something that a person means to do after a result."""

    __tablename__ = "assessment_action"
    __table_args__ = (
        _of_an_assessment(),
        Index(None, "organization_id", "assessment_id"),
        Index(None, "due_on"),
        CheckConstraint("due_on IS NOT NULL OR NOT remind", name="reminder_needs_a_day"),
    )

    id: Mapped[str] = id_column()
    organization_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    assessment_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    what: Mapped[str] = mapped_column(String(LONGEST_ACTION))
    due_on: Mapped[date | None]
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    #: The person wants one mail on the day.
    remind: Mapped[bool] = mapped_column(default=False)
    reminded_at: Mapped[datetime | None]


class QualityRelease(Table):
    """Figures on the quality of an instrument, over many people who agreed; nothing in it is about one person."""

    __tablename__ = "quality_release"

    id: Mapped[str] = id_column()
    instrument_hash: Mapped[str] = mapped_column(ForeignKey("instrument_version.hash"), index=True)
    released_at: Mapped[datetime]
    #: How many people the figures are over.
    people: Mapped[int]
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
