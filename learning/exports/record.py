"""The record of a cohort: who completed what, when, and which version of it they read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import BinaryIO

from sqlalchemy import select

from learning.certificates.models import Certificate
from learning.content.course_versions import version_read
from learning.content.model import Course
from learning.courses.models import LessonProgress, QuizRecord
from learning.exports.errors import TooManyPeople
from learning.exports.record_lines import ExtensionLine, SignOffLine, extension_lines, sign_off_lines
from learning.exports.sources import BLOCK, Asked, Plan, Report
from learning.extensions import db
from learning.practice.models import PracticeState
from learning.practice.sign_offs import SignOff, sign_offs
from learning.teaching.cohort_queries import cohort_page
from learning.teaching.done import Given, done_moments
from learning.teaching.groups import Group, Task, cohort_group
from learning.teaching.matrix_people import Choice, Listed, count_people, people_behind
from learning.teaching.models import AssignmentKind

RECORD = "cohort-record"
MOST_PEOPLE = 500
#: A record of so many people is set while somebody waits.
PEOPLE_AT_ONCE = 40
#: Letters of a version that people compare.
VERSION = 8


@dataclass(frozen=True, slots=True)
class QuizDone:
    """One person and one quiz that they handed in."""

    #: Per cent, rounded down.
    best: int
    passed_at: datetime | None


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person in one course."""

    name: str
    lessons_read: int
    #: In the order of the quizzes; None for one that was never handed in.
    quizzes: tuple[QuizDone | None, ...]
    #: How many of the sign-offs that the course requires are confirmed.
    signed_off: int
    completed_at: datetime | None
    #: Of the texts as they read them, shortened; None before they have read all.
    version: str | None


@dataclass(slots=True)
class VersionRead:
    """One version of a lesson, and how many read it when."""

    people: int
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class CourseRecord:
    """A course with everybody of the cohort."""

    course: Course
    #: None: it was not assigned.
    task: Task | None
    lines: tuple[PersonLine, ...]
    #: Lesson -> version -> who read it; in the order of the course.
    versions: Mapping[str, Mapping[str, VersionRead]]


@dataclass(frozen=True, slots=True)
class AloneLine:
    """One person and what was assigned besides courses."""

    name: str
    #: In the order of the quizzes.
    quizzes: tuple[QuizDone | None, ...]
    #: In the order of the instruments: whether it was done, and no more.
    assessments: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class CertificateLine:
    """A certificate that somebody of the cohort holds or held."""

    name: str
    certificate: Certificate


@dataclass(frozen=True, slots=True)
class Record:
    """Everything that stands in the record."""

    cohort: str
    organization: str
    made_by: str
    trainers: tuple[str, ...]
    people: int
    #: From the first opening to the last due day; None where nothing was assigned.
    period: tuple[date, date] | None
    courses: tuple[CourseRecord, ...]
    quiz_ids: tuple[str, ...]
    instrument_ids: tuple[str, ...]
    alone: tuple[AloneLine, ...]
    sign_offs: tuple[SignOffLine, ...]
    extensions: tuple[ExtensionLine, ...]
    certificates: tuple[CertificateLine, ...]


@dataclass
class _Read:
    """What people did, as the database has it."""

    #: Person -> lesson -> when, and which version.
    lessons: dict[str, dict[str, tuple[datetime, str]]] = field(default_factory=lambda: defaultdict(dict))
    quizzes: dict[str, dict[str, QuizRecord]] = field(default_factory=lambda: defaultdict(dict))
    #: Person -> task.
    practice: dict[str, dict[str, SignOff]] = field(default_factory=dict)
    certificates: list[Certificate] = field(default_factory=list)


def record_plan(asked: Asked) -> Plan:
    """How large the record will be. Raises NotFound, TooManyPeople."""
    from learning.exports.record_pdf import record_pdf, record_title

    group = cohort_group(asked.organization_id, asked.text("cohort"), asked.now)
    people = count_people(group, [], 0, Choice())
    if people > MOST_PEOPLE:
        raise TooManyPeople(MOST_PEOPLE)

    def write(stream: BinaryIO, report: Report) -> None:
        stream.write(record_pdf(cohort_record(asked, group, report), asked))

    return Plan(record_title(group.name or ""), people, people <= PEOPLE_AT_ONCE, write)


def cohort_record(asked: Asked, group: Group, report: Report) -> Record:
    """Read everything. The number of queries grows with the blocks of people only."""
    people = list(_everybody(group))
    read = _Read()
    for start in range(0, len(people), BLOCK):
        _read_block(read, group.organization_id, [person.user_id for person in people[start : start + BLOCK]])
        report(min(len(people), start + BLOCK))
    tasks = {(task.kind, task.content_id): task for task in group.tasks}
    courses = group.courses(asked.catalogue) or tuple(asked.catalogue.courses.values())
    done = done_moments(
        group.organization_id, _given(group, courses), asked.catalogue, [each.user_id for each in people]
    )
    quiz_ids = tuple(task.content_id for task in group.tasks
                     if task.kind is AssignmentKind.QUIZ and task.content_id in asked.catalogue.quizzes)  # fmt: skip
    assessed = [task for task in group.tasks
                if task.kind is AssignmentKind.ASSESSMENT and task.content_id in asked.catalogue.instruments]  # fmt: skip
    head = cohort_page(asked.member, group.cohort_id or "")
    organization, made_by = asked.names()
    names = {person.user_id: person.name for person in people}
    return Record(
        cohort=head.head.name,
        organization=organization,
        made_by=made_by,
        trainers=tuple(trainer.name for trainer in head.trainers),
        people=len(people),
        period=_period(group.tasks),
        courses=tuple(
            _course(course, tasks.get((AssignmentKind.COURSE, course.id)), people, read, done) for course in courses
        ),
        quiz_ids=quiz_ids,
        instrument_ids=tuple(task.content_id for task in assessed),
        alone=tuple(
            AloneLine(
                person.name,
                tuple(_quiz(read, person, tasks[AssignmentKind.QUIZ, quiz], quiz) for quiz in quiz_ids),
                tuple((task.assignment_id, person.user_id) in done for task in assessed),
            )
            for person in people
        )
        if quiz_ids or assessed
        else (),
        sign_offs=sign_off_lines(people, courses, asked.catalogue, read.practice),
        extensions=extension_lines(group, names, asked.catalogue),
        certificates=tuple(
            sorted(
                (CertificateLine(names[each.user_id], each) for each in read.certificates),
                key=lambda line: (line.name, line.certificate.issued_at),
            )
        ),
    )


def _everybody(group: Group) -> Iterator[Listed]:
    after: str | None = None
    while True:
        listed, after = people_behind(group, [], 0, Choice(after=after), BLOCK)
        yield from listed
        if after is None:
            return


def _read_block(read: _Read, organization_id: str, people: Sequence[str]) -> None:
    for user_id, lesson_id, moment, version in db.session.execute(
        select(
            LessonProgress.user_id, LessonProgress.lesson_id, LessonProgress.completed_at, LessonProgress.lesson_hash
        ).where(LessonProgress.organization_id == organization_id, LessonProgress.user_id.in_(people))
    ):
        read.lessons[user_id][lesson_id] = moment, version
    for row in db.session.scalars(
        select(QuizRecord).where(QuizRecord.organization_id == organization_id, QuizRecord.user_id.in_(people))
    ):
        read.quizzes[row.user_id][row.quiz_id] = row
    read.practice |= sign_offs(organization_id, people)
    read.certificates += db.session.scalars(
        select(Certificate).where(Certificate.organization_id == organization_id, Certificate.user_id.in_(people))
    )


def _given(group: Group, courses: Sequence[Course]) -> list[Given]:
    """What was assigned; of courses that were not, that they are asked for since ever."""
    given = [
        Given(task.assignment_id, task.kind, task.content_id, task.opens_on, task.is_refresh) for task in group.tasks
    ]
    assigned = {each.content_id for each in given if each.kind is AssignmentKind.COURSE}
    return given + [
        Given(course.id, AssignmentKind.COURSE, course.id, date.min, False)
        for course in courses
        if course.id not in assigned
    ]


def _period(tasks: Sequence[Task]) -> tuple[date, date] | None:
    return (min(task.opens_on for task in tasks), max(task.due_on for task in tasks)) if tasks else None


def _course(
    course: Course,
    task: Task | None,
    people: Sequence[Listed],
    read: _Read,
    done: Mapping[tuple[str, str], datetime],
) -> CourseRecord:
    lines = tuple(
        PersonLine(
            person.name,
            sum(lesson in read.lessons[person.user_id] for lesson in course.lesson_ids),
            tuple(_quiz(read, person, task, quiz) for quiz in course.quiz_ids),
            _signed_off(course, read.practice.get(person.user_id, {})),
            done.get((task.assignment_id if task else course.id, person.user_id)),
            _version(course, read.lessons[person.user_id]),
        )
        for person in people
    )
    versions: dict[str, dict[str, VersionRead]] = {lesson: {} for lesson in course.lesson_ids}
    for person in people:
        mine = read.lessons[person.user_id]
        for lesson, found in versions.items():
            if lesson in mine:
                moment, version = mine[lesson]
                known = found.setdefault(version, VersionRead(0, moment, moment))
                known.people += 1
                known.first, known.last = min(known.first, moment), max(known.last, moment)
    return CourseRecord(course, task, lines, versions)


def _signed_off(course: Course, practice: Mapping[str, SignOff]) -> int:
    confirmed = {task for task, found in practice.items() if found.state is PracticeState.CONFIRMED}
    return sum(task in confirmed for task in course.practice_ids)


def _version(course: Course, read: Mapping[str, tuple[datetime, str]]) -> str | None:
    """The sum that stands on a certificate too, for as long as the course lists the same lessons."""
    found = version_read(course, {lesson: version for lesson, (_moment, version) in read.items()})
    return found[:VERSION] if found else None


def _quiz(read: _Read, person: Listed, task: Task | None, quiz_id: str) -> QuizDone | None:
    found = read.quizzes[person.user_id].get(quiz_id)
    if found is None:
        return None
    # A refresh asks for it anew, so the last time counts.
    passed_at = found.last_passed_at if task and task.is_refresh else found.first_passed_at
    return QuizDone(found.best // 10, passed_at)
