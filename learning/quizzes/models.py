"""Tables of quizzes. Questions and papers are addressed by their content and never change."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from learning.accounts.models import stored_by_value
from learning.database import CONTENT_ID_LENGTH, Table, id_column

HASH_LENGTH = 64
LEASE_LENGTH = 36


class QuestionVersion(Table):
    """A question as it stood when somebody met it."""

    __tablename__ = "question_version"

    #: SHA-256 of the canonical JSON of the question.
    hash: Mapped[str] = mapped_column(String(HASH_LENGTH), primary_key=True)
    question_id: Mapped[str] = mapped_column(String(CONTENT_ID_LENGTH), index=True)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)


class Paper(Table):
    """What one sitting asks: rules, question versions, their order and the order of their options."""

    __tablename__ = "paper"

    #: SHA-256 of the canonical JSON of the paper.
    hash: Mapped[str] = mapped_column(String(HASH_LENGTH), primary_key=True)
    quiz_id: Mapped[str] = mapped_column(String(CONTENT_ID_LENGTH), index=True)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)


class QuizWindow(Table):
    """From when to when an organization's people may sit a quiz."""

    __tablename__ = "quiz_window"
    __table_args__ = (CheckConstraint("opens_at < closes_at", name="opens_before_it_closes"),)

    organization_id: Mapped[str] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"), primary_key=True)
    quiz_id: Mapped[str] = mapped_column(String(CONTENT_ID_LENGTH), primary_key=True)
    #: None: at any time.
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]


class AttemptState(StrEnum):
    """Where an attempt stands."""

    OPEN = "open"
    SUBMITTED = "submitted"


class Attempt(Table):
    """One sitting of a quiz by one person on a frozen paper."""

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("organization_id", "user_id", "quiz_id", "number"),
        UniqueConstraint("organization_id", "id"),
        Index(
            "uq_attempt_one_open",
            "organization_id",
            "user_id",
            "quiz_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index(None, "organization_id", "quiz_id", "state"),
        Index(None, "organization_id", "user_id", "started_at"),
        CheckConstraint("(state = 'open') = (submitted_at IS NULL)", name="submitted_has_time"),
    )

    id: Mapped[str] = id_column()
    organization_id: Mapped[str] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"))
    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    quiz_id: Mapped[str] = mapped_column(String(CONTENT_ID_LENGTH))
    #: Counts a person's attempts at a quiz, from 1.
    number: Mapped[int]
    paper_hash: Mapped[str] = mapped_column(ForeignKey("paper.hash"))
    state: Mapped[AttemptState] = mapped_column(stored_by_value(AttemptState, "state"))
    started_at: Mapped[datetime]
    #: None: no time limit.
    deadline_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    #: The page that may save by scripts; another one took it over if it is not this. None: none has asked yet.
    lease: Mapped[str | None] = mapped_column(String(LEASE_LENGTH))


class GrantedAttempt(Table):
    """One attempt more than a quiz allows, given to one person by a trainer: the attempt of this number may be sat."""

    __tablename__ = "granted_attempt"
    __table_args__ = (Index(None, "user_id"),)

    organization_id: Mapped[str] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    quiz_id: Mapped[str] = mapped_column(String(CONTENT_ID_LENGTH), primary_key=True)
    #: In the key, so that two trainers who unlock at once give one attempt and not two.
    number: Mapped[int] = mapped_column(primary_key=True)
    granted_by: Mapped[str | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    granted_at: Mapped[datetime]


class Answer(Table):
    """The latest saved answer to one question of an attempt."""

    __tablename__ = "answer"
    __table_args__ = (UniqueConstraint("organization_id", "attempt_id", "operation_id"),)

    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"), primary_key=True)
    question_id: Mapped[str] = mapped_column(String(CONTENT_ID_LENGTH), primary_key=True)
    organization_id: Mapped[str] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"))
    #: Rises with every change; an older revision never replaces a newer one.
    revision: Mapped[int]
    #: As sent: a list of strings, checked against the question.
    value: Mapped[list[str]] = mapped_column(JSON)
    #: How sure the person says they are, 1 to 3; None: not said or not asked.
    certainty: Mapped[int | None]
    #: Chosen by the browser; the same operation sent twice has one effect.
    operation_id: Mapped[str] = mapped_column(String(64))
    saved_at: Mapped[datetime]
    #: Seconds after the deadline, if it came late.
    late_by: Mapped[float | None]


class CheckedAnswer(Table):
    """An answer for which the person has seen feedback within the attempt. Rows are only added."""

    __tablename__ = "checked_answer"
    __table_args__ = (Index(None, "organization_id", "attempt_id"),)

    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"), primary_key=True)
    question_id: Mapped[str] = mapped_column(String(CONTENT_ID_LENGTH), primary_key=True)
    #: Counts the tries at the question, from 1.
    number: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[str] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"))
    value: Mapped[list[str]] = mapped_column(JSON)
    certainty: Mapped[int | None]
    checked_at: Mapped[datetime]


class Grading(Table):
    """One marking of an attempt. Rows are only added; the latest counts."""

    __tablename__ = "grading"
    __table_args__ = (
        UniqueConstraint("organization_id", "attempt_id", "number"),
        CheckConstraint("points >= 0 AND points <= maximum", name="points_in_range"),
    )

    id: Mapped[str] = id_column()
    organization_id: Mapped[str] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"))
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"), index=True)
    #: Counts the gradings of an attempt, from 1.
    number: Mapped[int]
    #: Version of the marking rules.
    rule_version: Mapped[int]
    #: Points reached and reachable, in millionths of a point, so that thirds and halves add up alike everywhere.
    points: Mapped[int]
    maximum: Mapped[int]
    passed: Mapped[bool]
    #: Per question: points in millionths, maximum, state.
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: None: marked on submission.
    created_by: Mapped[str | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    reason: Mapped[str] = mapped_column(String(500))
    created_at: Mapped[datetime]


class AttemptEvent(Table):
    """What happened to an attempt, to settle disputes. Rows are only added."""

    __tablename__ = "attempt_event"
    __table_args__ = (Index(None, "organization_id", "attempt_id"),)

    id: Mapped[str] = id_column()
    organization_id: Mapped[str] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"))
    attempt_id: Mapped[str] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(24))
    at: Mapped[datetime]
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
