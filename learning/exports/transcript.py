"""One person's transcript: every lesson read with its day and version, every quiz, what was signed off, every
certificate. No answer, and nothing that was handed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from learning.accounts.models import Membership, Organization, User
from learning.certificates.models import Certificate
from learning.certificates.numbers import grouped
from learning.certificates.rules import State, state_of
from learning.content.model import Catalogue, Quiz
from learning.courses.completion import steps_of
from learning.courses.models import CourseStanding, LessonProgress, QuizRecord
from learning.errors import NotFound
from learning.exports.record import VERSION
from learning.extensions import db
from learning.practice.sign_offs import SignOff, sign_offs
from learning.teaching.queries import learners
from learning.web.identity import Member


@dataclass(frozen=True, slots=True)
class CourseLine:
    """A course that the person has begun."""

    title: str
    done: int
    steps: int
    completed_at: datetime | None


@dataclass(frozen=True, slots=True)
class LessonLine:
    """A lesson that was read."""

    title: str
    read_at: datetime
    #: Of the text as it was then, shortened.
    version: str


@dataclass(frozen=True, slots=True)
class QuizLine:
    """A quiz that was handed in."""

    title: str
    attempts: int
    #: Per cent, rounded down.
    best: int
    #: The first time.
    passed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Part:
    """A module, or what belongs to none."""

    #: None: it is no longer taught.
    title: str | None
    lessons: tuple[LessonLine, ...]
    quizzes: tuple[QuizLine, ...]


@dataclass(frozen=True, slots=True)
class PracticeLine:
    """Something that was tried at work and handed in."""

    #: Of the lesson; None: it is no longer taught.
    title: str | None
    found: SignOff


@dataclass(frozen=True, slots=True)
class CertificateLine:
    """A certificate."""

    title: str
    course_title: str
    number: str
    issued_at: datetime
    valid_until: date | None
    state: State
    #: Of the lessons as they were read, shortened; None on older certificates.
    version: str | None


@dataclass(frozen=True, slots=True)
class Transcript:
    """Everything that stands in it."""

    name: str
    organization: str
    courses: tuple[CourseLine, ...]
    #: In the order of the modules; only those in which something was done.
    parts: tuple[Part, ...]
    #: In the order of the lessons.
    practice: tuple[PracticeLine, ...]
    #: The newest first.
    certificates: tuple[CertificateLine, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was done yet."""
        return not (self.parts or self.practice or self.certificates)


def transcript(member: Member, catalogue: Catalogue, now: datetime) -> Transcript:
    """One's own. Six queries."""
    organization_id, user_id = member.organization_id, member.user_id
    name, organization = db.session.execute(
        select(User.name, Organization.name)
        .join(Membership, Membership.user_id == User.id)
        .join(Organization, Organization.id == Membership.organization_id)
        .where(Membership.organization_id == organization_id, Membership.user_id == user_id)
    ).one()
    lessons = db.session.scalars(
        select(LessonProgress).where(
            LessonProgress.organization_id == organization_id, LessonProgress.user_id == user_id
        )
    )
    quizzes = db.session.scalars(
        select(QuizRecord).where(QuizRecord.organization_id == organization_id, QuizRecord.user_id == user_id)
    )
    rows = db.session.scalars(
        select(CourseStanding).where(
            CourseStanding.organization_id == organization_id, CourseStanding.user_id == user_id
        )
    )
    standings = {row.course_id: row for row in rows}
    certificates = db.session.scalars(
        select(Certificate)
        .where(Certificate.organization_id == organization_id, Certificate.user_id == user_id)
        .order_by(Certificate.issued_at.desc(), Certificate.id)
    )
    return Transcript(
        name=name,
        organization=organization,
        courses=tuple(
            CourseLine(
                course.title,
                standings[course.id].done,
                len(steps_of(course)),
                standings[course.id].finished_at,
            )
            for course in catalogue.courses.values()
            if course.id in standings
        ),
        parts=_parts(catalogue, {row.lesson_id: row for row in lessons}, {row.quiz_id: row for row in quizzes}),
        practice=_practice(catalogue, sign_offs(organization_id, [user_id])[user_id]),
        certificates=tuple(_certificate(row, now.date()) for row in certificates),
    )


def transcript_of_learner(member: Member, user_id: str, catalogue: Catalogue, now: datetime) -> Transcript:
    """That of a learner, for their trainer. Raises NotFound unless they learn in the trainer's organization."""
    here = learners(member.organization_id, None, "")
    if db.session.execute(here.where(here.selected_columns.user_id == user_id)).first() is None:
        raise NotFound
    return transcript(Member(user_id, member.organization_id), catalogue, now)


def _parts(
    catalogue: Catalogue, lessons: dict[str, LessonProgress], quizzes: dict[str, QuizRecord]
) -> tuple[Part, ...]:
    by_module: dict[str | None, list[Quiz]] = {}
    for quiz in catalogue.quizzes.values():
        if quiz.id in quizzes:
            by_module.setdefault(quiz.module_id, []).append(quiz)
    parts = []
    for module in sorted(catalogue.modules.values(), key=lambda module: module.number):
        read = [_lesson(catalogue.lessons[each].title, lessons[each]) for each in module.lesson_ids if each in lessons]
        sat = [_quiz(quiz.title, quizzes[quiz.id]) for quiz in by_module.get(module.id, [])]
        if read or sat:
            parts.append(Part(f"{module.number} {module.title}", tuple(read), tuple(sat)))
    for quiz in by_module.get(None, []):
        parts.append(Part(quiz.title, (), (_quiz(quiz.title, quizzes[quiz.id]),)))
    gone = (
        tuple(_lesson(each, row) for each, row in sorted(lessons.items()) if each not in catalogue.lessons),
        tuple(_quiz(each, row) for each, row in sorted(quizzes.items()) if each not in catalogue.quizzes),
    )
    if any(gone):
        parts.append(Part(None, *gone))
    return tuple(parts)


def _practice(catalogue: Catalogue, found: dict[str, SignOff]) -> tuple[PracticeLine, ...]:
    taught = {lesson.practice.id: lesson.title for lesson in catalogue.lessons.values() if lesson.practice}
    known = [PracticeLine(title, found[task]) for task, title in taught.items() if task in found]
    return (*known, *(PracticeLine(None, each) for task, each in sorted(found.items()) if task not in taught))


def _lesson(title: str, row: LessonProgress) -> LessonLine:
    return LessonLine(title, row.completed_at, row.lesson_hash[:VERSION])


def _quiz(title: str, row: QuizRecord) -> QuizLine:
    return QuizLine(title, row.attempts, row.best // 10, row.first_passed_at)


def _certificate(row: Certificate, today: date) -> CertificateLine:
    return CertificateLine(
        row.title,
        row.course_title,
        grouped(row.number),
        row.issued_at,
        row.valid_until,
        state_of(row.valid_until, row.replaced_at, row.revoked_at, today),
        row.read_hash[:VERSION] if row.read_hash else None,
    )
