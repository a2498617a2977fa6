"""The table of certificates."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from learning.certificates.numbers import LENGTH
from learning.database import CONTENT_ID_LENGTH, Table, id_column

HASH_LENGTH = 64
LONGEST_REASON = 300

_LIVING = text("revoked_at IS NULL AND replaced_at IS NULL")


#: Few, and counted on every page of the trainer's list.
_DOUBTED = text("doubted_at IS NOT NULL")


class Certificate(Table):
    """That a person completed a course. What stands on the paper is kept as it was on the day."""

    __tablename__ = "certificate"
    __table_args__ = (
        UniqueConstraint("organization_id", "user_id", "course_id", "round"),
        UniqueConstraint("organization_id", "id"),
        Index(
            "uq_certificate_one_living",
            "organization_id",
            "user_id",
            "course_id",
            unique=True,
            sqlite_where=_LIVING,
            postgresql_where=_LIVING,
        ),
        Index(
            "ix_certificate_doubted",
            "organization_id",
            sqlite_where=_DOUBTED,
            postgresql_where=_DOUBTED,
        ),
        Index(None, "organization_id", "issued_at", "id"),
        Index(None, "organization_id", "course_id", "issued_at"),
        CheckConstraint("round >= 1", name="round_from_one"),
        CheckConstraint("valid_from <= valid_until", name="valid_for_a_while"),
        CheckConstraint("(revoked_at IS NULL) = (revoked_reason IS NULL)", name="revoked_with_reason"),
    )

    id: Mapped[str] = id_column()
    organization_id: Mapped[str] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"))
    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    course_id: Mapped[str] = mapped_column(String(CONTENT_ID_LENGTH))
    #: Counts the certificates of a person for a course, from 1.
    round: Mapped[int]
    #: Random; whoever knows it may ask whether the certificate is valid. Not the id, which its owner's pages use.
    number: Mapped[str] = mapped_column(String(LENGTH), unique=True)
    #: What it attests, and names, as they stood on the day.
    title: Mapped[str] = mapped_column(String(200))
    course_title: Mapped[str] = mapped_column(String(200))
    person_name: Mapped[str] = mapped_column(String(120))
    organization_name: Mapped[str] = mapped_column(String(120))
    #: Version of the course on the day of issue: SHA-256 over what is read and asked in it then.
    course_hash: Mapped[str] = mapped_column(String(HASH_LENGTH))
    #: SHA-256 over the lessons as this person read them, perhaps long before; None on those that are older than the sum.
    read_hash: Mapped[str | None] = mapped_column(String(HASH_LENGTH))
    lessons: Mapped[int]
    #: Ids of the quizzes that were passed for it.
    quiz_ids: Mapped[list[str]] = mapped_column(JSON)
    issued_at: Mapped[datetime]
    #: Days of UTC, both included; without an end it holds for ever.
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    #: Whether the person wants their name on the page that verifies it.
    shows_name: Mapped[bool] = mapped_column(default=False)
    #: Set when the next round was issued.
    replaced_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    revoked_reason: Mapped[str | None] = mapped_column(String(LONGEST_REASON))
    #: Set while a quiz it stands on is no longer passed, because it was marked again. A trainer decides.
    doubted_at: Mapped[datetime | None]
