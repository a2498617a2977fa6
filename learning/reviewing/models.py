"""Tables of the spaced review."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from learning.database import CONTENT_ID_LENGTH, Table


class ReviewCard(Table):
    """How well a person knows a question, and when it comes back."""

    __tablename__ = "review_card"

    organization_id: Mapped[str] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[str] = mapped_column(
        ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    question_id: Mapped[str] = mapped_column(String(CONTENT_ID_LENGTH), primary_key=True)
    #: The card as the library of the schedule writes it.
    state: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: The beginning of the day on which it comes back.
    due_at: Mapped[datetime]
    #: The last answer that counted, in an attempt or in the review.
    answered_at: Mapped[datetime]
    #: The last answer in the review that counted; None: it has been asked in attempts only.
    reviewed_at: Mapped[datetime | None]


class ReviewSetting(Table):
    """Whether a person wants the review. Its row is also what the verbs of one person lock."""

    __tablename__ = "review_setting"

    organization_id: Mapped[str] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[str] = mapped_column(
        ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    is_on: Mapped[bool]
