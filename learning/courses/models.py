"""Tables of reading."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from learning.database import CONTENT_ID_LENGTH, Table, id_column


class Enrolment(Table):
    """Ties a person to a course."""

    __tablename__ = "enrolment"
    __table_args__ = (
        UniqueConstraint("organization_id", "user_id", "course_id"),
        Index(None, "organization_id", "course_id"),
    )

    id: Mapped[str] = id_column()
    organization_id: Mapped[str] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"))
    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    course_id: Mapped[str] = mapped_column(String(CONTENT_ID_LENGTH))
    enrolled_at: Mapped[datetime]


class LessonProgress(Table):
    """A lesson that a person has read. Read once, it counts in every course that lists it."""

    __tablename__ = "lesson_progress"
    __table_args__ = (
        UniqueConstraint("organization_id", "user_id", "lesson_id"),
        Index(None, "organization_id", "lesson_id"),
        Index(None, "organization_id", "user_id", "completed_at"),
    )

    id: Mapped[str] = id_column()
    organization_id: Mapped[str] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"))
    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    lesson_id: Mapped[str] = mapped_column(String(CONTENT_ID_LENGTH))
    completed_at: Mapped[datetime]
    #: Version of the lesson that was read.
    lesson_hash: Mapped[str] = mapped_column(String(64))
