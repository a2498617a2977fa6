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
    #: The body is sealed with the key of this name, and opened for sending alone; None: it is plain text.
    sealed_with: Mapped[str | None] = mapped_column(String(64), index=True)
    #: A Reason, as text; it is asked again when the mail is to leave. None: it holds whatever happens.
    reason: Mapped[str | None] = mapped_column(String(64))
    #: Where the receiver wants no more mails of this kind with one click. It is a right: erased with the text.
    unsubscribe_link: Mapped[str | None] = mapped_column(String(500))
    created_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    #: Given up; what the server said last.
    parked: Mapped[str | None] = mapped_column(String(500))
