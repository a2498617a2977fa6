"""The table of mail to be sent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from learning.database import Table, id_column


class OutboxMessage(Table):
    """A mail waiting to be sent. Its text is erased once it is sent."""

    __tablename__ = "outbox_message"
    __table_args__ = (Index(None, "sent_at", "next_try_at"),)

    id: Mapped[str] = id_column()
    #: Stays the same over retries, so that a receiver can tell a repetition.
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    recipient: Mapped[str] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    #: Given up; what the server said last.
    parked: Mapped[str | None] = mapped_column(String(500))
