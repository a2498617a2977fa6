"""The table of what people handed in."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from learning.accounts.models import stored_by_value
from learning.database import CONTENT_ID_LENGTH, Table, id_column

HASH_LENGTH = 64
LONGEST_TEXT = 2000
LONGEST_NOTE = 500
PHOTO_LENGTH = 32


class PracticeState(StrEnum):
    """Where it stands."""

    HANDED_IN = "handed-in"
    CONFIRMED = "confirmed"
    RETURNED = "returned"


class Submission(Table):
    """What a person handed in for a practice task, and what became of it."""

    __tablename__ = "practice_submission"
    __table_args__ = (
        UniqueConstraint("organization_id", "user_id", "task_id"),
        UniqueConstraint("organization_id", "id"),
        Index(None, "organization_id", "state", "handed_in_at", "id"),
        Index(None, "user_id"),
        CheckConstraint("revision >= 1", name="counted_from_one"),
        CheckConstraint("(state = 'handed-in') = (decided_at IS NULL)", name="decided_at_a_time"),
        CheckConstraint("decided_by <> user_id", name="decided_by_another"),
    )

    id: Mapped[str] = id_column()
    organization_id: Mapped[str] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"))
    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    task_id: Mapped[str] = mapped_column(String(CONTENT_ID_LENGTH))
    lesson_id: Mapped[str] = mapped_column(String(CONTENT_ID_LENGTH))
    #: Version of the lesson whose task was tried.
    lesson_hash: Mapped[str] = mapped_column(String(HASH_LENGTH))
    state: Mapped[PracticeState] = mapped_column(stored_by_value(PracticeState, "state"))
    #: Grows with every change of what is handed in, so that nobody confirms what they have not seen.
    revision: Mapped[int] = mapped_column(default=1)
    text: Mapped[str] = mapped_column(String(LONGEST_TEXT))
    #: Random name of the file with the photo.
    photo: Mapped[str | None] = mapped_column(String(PHOTO_LENGTH), unique=True)
    #: The last time.
    handed_in_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    #: What whoever decided says to it; may be empty for a confirmation.
    note: Mapped[str] = mapped_column(String(LONGEST_NOTE), default="")
