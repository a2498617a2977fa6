"""Tables of trainers: cohorts, what they are given to do, and what a trainer did about it."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from learning.accounts.models import stored_by_value
from learning.database import CONTENT_ID_LENGTH, ID_LENGTH, Table, id_column


class Cohort(Table):
    """A trainer's group of people."""

    __tablename__ = "cohort"
    __table_args__ = (
        UniqueConstraint("organization_id", "name"),
        UniqueConstraint("organization_id", "id"),
        Index(None, "department_id"),
    )

    id: Mapped[str] = id_column()
    organization_id: Mapped[str] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(120))
    #: Whoever is in this department is in the cohort too, from the day they come.
    department_id: Mapped[str | None] = mapped_column(ForeignKey("department.id", ondelete="SET NULL"))
    created_by: Mapped[str | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    #: Set when the cohort is put away: it reminds nobody and is shown apart.
    archived_at: Mapped[datetime | None]


class CohortMember(Table):
    """A person put into a cohort by hand, by address or by a roster."""

    __tablename__ = "cohort_member"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "cohort_id"], ["cohort.organization_id", "cohort.id"], ondelete="CASCADE"
        ),
        Index(None, "organization_id", "user_id"),
    )

    organization_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    cohort_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    added_at: Mapped[datetime]


class CohortTrainer(Table):
    """A trainer who looks after a cohort: it stands first on their page, and its digest goes to them."""

    __tablename__ = "cohort_trainer"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "cohort_id"], ["cohort.organization_id", "cohort.id"], ondelete="CASCADE"
        ),
        Index(None, "organization_id", "user_id"),
    )

    organization_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    cohort_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    added_at: Mapped[datetime]


class CohortConfirmer(Table):
    """A colleague, whatever their role, who may confirm what people of a cohort did of their practice tasks."""

    __tablename__ = "cohort_confirmer"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "cohort_id"], ["cohort.organization_id", "cohort.id"], ondelete="CASCADE"
        ),
        Index(None, "organization_id", "user_id"),
    )

    organization_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    cohort_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    named_by: Mapped[str | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    named_at: Mapped[datetime]


class AssignmentKind(StrEnum):
    """What is assigned."""

    COURSE = "course"
    QUIZ = "quiz"
    ASSESSMENT = "assessment"


class Assignment(Table):
    """Gives a cohort a course, a quiz or the self-assessment. A yearly refresh is a later row of the same series."""

    __tablename__ = "assignment"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "cohort_id"], ["cohort.organization_id", "cohort.id"], ondelete="CASCADE"
        ),
        UniqueConstraint("organization_id", "id"),
        UniqueConstraint("organization_id", "series_id", "opens_on"),
        Index(None, "organization_id", "cohort_id"),
        CheckConstraint("opens_on <= due_on", name="opens_before_due"),
        CheckConstraint("repeat_months IS NULL OR repeat_months BETWEEN 1 AND 60", name="repeats_within_years"),
    )

    id: Mapped[str] = id_column()
    organization_id: Mapped[str] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"))
    cohort_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    #: Shared by an assignment and its refreshes.
    series_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    kind: Mapped[AssignmentKind] = mapped_column(stored_by_value(AssignmentKind, "kind"))
    #: Id of the course, quiz or instrument.
    content_id: Mapped[str] = mapped_column(String(CONTENT_ID_LENGTH))
    #: Days in the time zone of each person: open from its first minute, due at the end of the last day.
    opens_on: Mapped[date]
    due_on: Mapped[date]
    #: After so many months it assigns itself again; None: never.
    repeat_months: Mapped[int | None]
    #: A refresh: what was done before it opened does not count for the quizzes.
    is_refresh: Mapped[bool] = mapped_column(default=False)
    created_by: Mapped[str | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    #: Taken back: it reminds nobody and is shown as ended.
    ended_at: Mapped[datetime | None]


class Extension(Table):
    """A later due day of one assignment for one person."""

    __tablename__ = "extension"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "assignment_id"], ["assignment.organization_id", "assignment.id"], ondelete="CASCADE"
        ),
        Index(None, "organization_id", "user_id"),
        # The day after it must be a day too, wherever the person is.
        CheckConstraint("due_on < '2200-01-01'", name="in_our_time"),
    )

    organization_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    assignment_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    due_on: Mapped[date]
    granted_by: Mapped[str | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    granted_at: Mapped[datetime]


class Note(Table):
    """A short note of a trainer on a person, which the person sees too."""

    __tablename__ = "note"
    __table_args__ = (Index(None, "organization_id", "user_id", "written_at"),)

    id: Mapped[str] = id_column()
    organization_id: Mapped[str] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"))
    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(Text)
    written_by: Mapped[str | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    written_at: Mapped[datetime]


class ReminderKind(StrEnum):
    """Why somebody was reminded."""

    BY_TRAINER = "by-trainer"
    DUE_SOON = "due-soon"
    OVERDUE = "overdue"
    DIGEST = "digest"


class Reminder(Table):
    """That a person was sent a reminder on a day; its key allows one a day."""

    __tablename__ = "reminder"
    __table_args__ = (Index(None, "user_id"),)

    organization_id: Mapped[str] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    #: Which day it was where the person is.
    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[ReminderKind] = mapped_column(stored_by_value(ReminderKind, "kind"))
    sent_by: Mapped[str | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    sent_at: Mapped[datetime]


class ReminderSetting(Table):
    """Whether a person wants no reminders of their organization."""

    __tablename__ = "reminder_setting"
    __table_args__ = (Index(None, "user_id"),)

    organization_id: Mapped[str] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    muted_at: Mapped[datetime]
