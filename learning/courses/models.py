"""Tables of reading, and of how far people are in courses."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from learning.accounts.models import stored_by_value
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


class LessonOpening(Table):
    """That a person opened a lesson, and how far down they came. No time on the page. Who read a lesson has opened it."""

    __tablename__ = "lesson_opening"
    __table_args__ = (Index(None, "organization_id", "lesson_id"), Index(None, "user_id"))

    organization_id: Mapped[str] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    lesson_id: Mapped[str] = mapped_column(String(CONTENT_ID_LENGTH), primary_key=True)
    #: The first time.
    opened_at: Mapped[datetime]
    #: Number of the last heading that came into view: 0 is the top of the lesson.
    furthest_heading: Mapped[int] = mapped_column(default=0)


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


class StepKind(StrEnum):
    """What a step of a course is."""

    LESSON = "lesson"
    QUIZ = "quiz"
    PRACTICE = "practice"


class CourseStep(Table):
    """The steps of the live courses, so that the database can count them. Written from the catalogue; no person."""

    __tablename__ = "course_step"
    __table_args__ = (Index(None, "kind", "step_id"),)

    course_id: Mapped[str] = mapped_column(String(CONTENT_ID_LENGTH), primary_key=True)
    kind: Mapped[StepKind] = mapped_column(stored_by_value(StepKind, "kind"), primary_key=True)
    #: Id of the lesson, the quiz or the practice task.
    step_id: Mapped[str] = mapped_column(String(CONTENT_ID_LENGTH), primary_key=True)


class QuizRecord(Table):
    """What the latest gradings of a person's attempts at a quiz come to. Kept with every grading."""

    __tablename__ = "quiz_record"
    __table_args__ = (
        Index(None, "user_id"),
        CheckConstraint("(first_passed_at IS NULL) = (last_passed_at IS NULL)", name="passed_has_both_times"),
    )

    organization_id: Mapped[str] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    quiz_id: Mapped[str] = mapped_column(String(CONTENT_ID_LENGTH), primary_key=True)
    #: Attempts handed in.
    attempts: Mapped[int]
    #: Attempts that pass.
    passes: Mapped[int]
    #: Of the best attempt, in thousandths of its points, rounded down.
    best: Mapped[int]
    #: Of all attempts together, in thousandths of their points: divided by ``attempts`` it is their mean.
    total: Mapped[float]
    #: When the first and the last attempt that passes was handed in; None: none passes.
    first_passed_at: Mapped[datetime | None]
    last_passed_at: Mapped[datetime | None]
    last_submitted_at: Mapped[datetime]


class PracticeRecord(Table):
    """That somebody confirmed what a person did of a practice task. Written with the confirmation, never changed."""

    __tablename__ = "practice_record"
    __table_args__ = (Index(None, "user_id"), Index(None, "organization_id", "task_id"))

    organization_id: Mapped[str] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    task_id: Mapped[str] = mapped_column(String(CONTENT_ID_LENGTH), primary_key=True)
    confirmed_at: Mapped[datetime]


class CourseStanding(Table):
    """How far a person is in a course, in steps. Kept with every step; who has done none has no row."""

    __tablename__ = "course_standing"
    __table_args__ = (
        Index(None, "user_id"),
        Index(None, "organization_id", "course_id", "done"),
        CheckConstraint("done > 0", name="something_done"),
    )

    organization_id: Mapped[str] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"), primary_key=True)
    course_id: Mapped[str] = mapped_column(String(CONTENT_ID_LENGTH), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    #: Lessons read, quizzes passed, and practice confirmed where the course requires it.
    done: Mapped[int]
    #: Of the first and of the latest step that was done.
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    #: When the last missing step was done; None while one is missing.
    finished_at: Mapped[datetime | None]
