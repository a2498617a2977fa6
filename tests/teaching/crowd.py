"""An organization with the history of thousands, made by chance from a seed and inserted in bulk.

As the verbs would leave it, in tens of seconds for two million rows: people who finish, people who stop, people who
never start; openings, lessons read, attempts with gradings, events and some answers; a cohort of everybody, and one
that follows a department; two courses assigned.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Table, text

from learning.accounts.models import Department, Membership, User
from learning.content.model import Catalogue, Quiz
from learning.courses.completion import steps_of
from learning.courses.models import Enrolment, LessonOpening, LessonProgress, QuizRecord, StepKind
from learning.courses.standings import mirror_courses
from learning.database import new_id, unit_of_work
from learning.extensions import db
from learning.grading.marking import RULE_VERSION
from learning.quizzes.models import Answer, Attempt, AttemptEvent, Grading
from learning.quizzes.papers import draw_paper
from learning.teaching.models import Assignment, AssignmentKind, Cohort, CohortMember

#: Days that the history covers.
DAYS = 180
COURSES = ("audit-team", "employee-path")
DEPARTMENTS = 12
#: Of so many quizzes one keeps its answers too.
ANSWERED = 4
MILLION = 1_000_000
FIRST = (
    "Ada",
    "Bo",
    "Chen",
    "Dana",
    "Emre",
    "Fatou",
    "Gao",
    "Hana",
    "Ivo",
    "Jun",
    "Kofi",
    "Lin",
    "Mei",
    "Nils",
    "Wang",
    "Özil",
)
LAST = ("Abel", "Brook", "Cao", "Dorn", "Eze", "Fu", "Gruber", "Huang", "Ito", "Jansen", "Kaya", "Liu", "Mora", "Novak")  # fmt: skip


@dataclass(frozen=True)
class Crowd:
    """What was made; ids."""

    cohort: str
    department_cohort: str
    people: tuple[str, ...]
    rows: int


@dataclass
class _Sheets:
    """Rows that wait to be written, by table."""

    rows: dict[type, list[tuple[object, ...]]]
    chance: random.Random
    now: datetime
    prefix: str
    count: int = 0

    def id(self) -> str:
        """Rising, so that the indexes grow at their end."""
        self.count += 1
        return f"{self.prefix}{self.count:012x}"

    def at(self, days_ago: float) -> datetime:
        """A moment of the past."""
        return self.now - timedelta(days=max(days_ago, 0.01))


#: Columns in the order of the rows below.
_COLUMNS: dict[type, str] = {
    User: "id name sign_in_name is_administrator is_active created_at",
    Membership: "id organization_id user_id department_id role joined_at",
    Enrolment: "id organization_id user_id course_id enrolled_at",
    LessonOpening: "organization_id user_id lesson_id opened_at furthest_heading",
    LessonProgress: "id organization_id user_id lesson_id completed_at lesson_hash",
    Attempt: "id organization_id user_id quiz_id number paper_hash state started_at submitted_at",
    Grading: "id organization_id attempt_id number rule_version points maximum passed details reason created_at",
    Answer: "attempt_id question_id organization_id revision value operation_id saved_at",
    AttemptEvent: "id organization_id attempt_id kind at details",
    QuizRecord: "organization_id user_id quiz_id attempts passes best total first_passed_at last_passed_at "
    "last_submitted_at",
    CohortMember: "organization_id cohort_id user_id added_at",
}


def add_crowd(organization_id: str, people: int, catalogue: Catalogue, now: datetime, seed: int = 1) -> Crowd:
    """Fill an organization. The same seed makes the same history, up to the ids of people and things."""
    chance = random.Random(seed)
    papers = _papers(catalogue)
    departments, cohort, by_department = _groups(organization_id, now)
    ids = tuple(sorted(new_id() for _ in range(people)))
    total, prefix = 0, new_id()[:8]
    for start in range(0, people, 500):
        sheets = _Sheets({table: [] for table in _COLUMNS}, chance, now, prefix, start * 1000)
        for number, user_id in enumerate(ids[start : start + 500], start=start):
            _person(sheets, organization_id, user_id, number, departments, cohort)
            _history(sheets, organization_id, user_id, catalogue, papers)
        total += _write(sheets)
    if db.engine.dialect.name == "postgresql":
        with unit_of_work() as session:
            # It looks at its rows by itself soon after such a change; here nobody waits for that.
            session.execute(text("ANALYZE"))
    # As after new content: the steps are mirrored, and everybody is counted by the database.
    mirror_courses(catalogue)
    return Crowd(cohort, by_department, ids, total)


def _groups(organization_id: str, now: datetime) -> tuple[list[str], str, str]:
    with unit_of_work() as session:
        departments = [Department(organization_id=organization_id, name=f"Line {n:02}") for n in range(DEPARTMENTS)]
        session.add_all(departments)
        session.flush()
        ids = [department.id for department in departments]
        everybody = Cohort(organization_id=organization_id, name="Everybody", created_at=now)
        line = Cohort(organization_id=organization_id, name="First line", department_id=ids[0], created_at=now)
        session.add_all([everybody, line])
        session.flush()
        today = now.date()
        for cohort in (everybody, line):
            for place, course_id in enumerate(COURSES):
                session.add(
                    Assignment(
                        organization_id=organization_id,
                        cohort_id=cohort.id,
                        series_id=new_id(),
                        kind=AssignmentKind.COURSE,
                        content_id=course_id,
                        opens_on=today - timedelta(days=DAYS),
                        due_on=today + timedelta(days=30 - 40 * place),
                        created_at=now,
                    )
                )
        return ids, everybody.id, line.id


def _papers(catalogue: Catalogue) -> dict[str, str]:
    with unit_of_work() as session:
        return {quiz.id: draw_paper(session, quiz, random.Random(1)) for quiz in catalogue.quizzes.values()}


def _person(
    sheets: _Sheets, organization_id: str, user_id: str, number: int, departments: Sequence[str], cohort: str
) -> None:
    chance, joined = sheets.chance, sheets.at(DAYS + 10)
    name = f"{chance.choice(LAST)} {chance.choice(FIRST)} {number % 97:02}"
    sheets.rows[User].append((user_id, name, f"crowd-{user_id}", False, True, joined))
    department = chance.choice([None, *departments])
    sheets.rows[Membership].append((sheets.id(), organization_id, user_id, department, "learner", joined))
    sheets.rows[CohortMember].append((organization_id, cohort, user_id, joined))
    sheets.rows[Enrolment] += [(sheets.id(), organization_id, user_id, course, joined) for course in COURSES]


def _history(sheets: _Sheets, organization_id: str, user_id: str, catalogue: Catalogue, papers: dict[str, str]) -> None:
    """Somebody goes through the audit course from its start, and comes as far as their will carries them."""
    chance = sheets.chance
    steps = steps_of(catalogue.courses[COURSES[0]])
    will = chance.random()
    reach = 0 if will < 0.08 else len(steps) if will > 0.6 else int(len(steps) * (will - 0.08) / 0.52)
    strength = 0.5 + chance.random() / 2
    begun = chance.uniform(20, DAYS)
    pace = chance.uniform(0.3, 1.0) * begun / len(steps)
    for place, step in enumerate(steps[:reach]):
        days_ago = begun - place * pace
        if step.kind is StepKind.LESSON:
            headings = len(catalogue.lessons[step.id].headings)
            opened, read = sheets.at(days_ago), sheets.at(days_ago - pace * chance.random())
            sheets.rows[LessonOpening].append((organization_id, user_id, step.id, opened, headings))
            sheets.rows[LessonProgress].append((sheets.id(), organization_id, user_id, step.id, read, "0" * 64))
        else:
            quiz = catalogue.quizzes[step.id]
            _sittings(sheets, organization_id, user_id, quiz, papers[step.id], strength, days_ago)
    for step in steps[reach : reach + 3]:
        if step.kind is StepKind.LESSON and chance.random() < 0.8 and reach:
            headings = chance.randint(0, len(catalogue.lessons[step.id].headings))
            opened = sheets.at(begun - reach * pace)
            sheets.rows[LessonOpening].append((organization_id, user_id, step.id, opened, headings))


def _sittings(
    sheets: _Sheets, organization_id: str, user_id: str, quiz: Quiz, paper: str, strength: float, days_ago: float
) -> None:
    chance = sheets.chance
    maximum = sum(question.points for question in quiz.questions[: quiz.asked]) or 1
    passed: list[datetime] = []
    best = number = 0
    total = 0.0
    submitted = sheets.at(days_ago)
    while number < 3 and not passed:
        number += 1
        submitted = sheets.at(days_ago - number / 20)
        attempt_id, started = sheets.id(), submitted - timedelta(minutes=15)
        share = min(1.0, max(0.0, chance.gauss(strength, 0.15)))
        points = int(share * maximum)
        best = max(best, 1000 * points // maximum)
        total += 1000 * points / maximum
        if 100 * points >= quiz.pass_mark * maximum:
            passed.append(submitted)
        sheets.rows[Attempt].append(
            (attempt_id, organization_id, user_id, quiz.id, number, paper, "submitted", started, submitted)
        )
        sheets.rows[Grading].append(
            (
                sheets.id(), organization_id, attempt_id, 1, RULE_VERSION, points * MILLION, maximum * MILLION,
                bool(passed), "{}", "submitted", submitted,
            )
        )  # fmt: skip
        for kind, at in (("start", started), ("submit", submitted)):
            sheets.rows[AttemptEvent].append((sheets.id(), organization_id, attempt_id, kind, at, "{}"))
        if quiz.module_id and int(quiz.module_id[1:]) % ANSWERED == 1:
            sheets.rows[Answer] += [
                (attempt_id, question.id, organization_id, 1, json.dumps(["x"]), question.id, submitted)
                for question in quiz.questions[: quiz.asked]
            ]
    first, last = (passed[0], passed[-1]) if passed else (None, None)
    sheets.rows[QuizRecord].append(
        (organization_id, user_id, quiz.id, number, len(passed), best, total, first, last, submitted)
    )


def _write(sheets: _Sheets) -> int:
    written = 0
    with unit_of_work() as session:
        connection = session.connection()
        for table, rows in sheets.rows.items():
            _insert(connection, db.metadata.tables[table.__tablename__], _COLUMNS[table].split(), rows)  # type: ignore[attr-defined]
            written += len(rows)
    return written


def _insert(connection: Connection, table: Table, columns: list[str], rows: list[tuple[object, ...]]) -> None:
    if not rows:
        return
    names = ", ".join(columns)
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(columns))
        connection.exec_driver_sql(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", list(_as_text(rows)))
    else:
        cursor = connection.connection.cursor()
        with cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:  # type: ignore[attr-defined]
            for row in rows:
                copy.write_row(row)


def _as_text(rows: list[tuple[object, ...]]) -> Iterator[tuple[object, ...]]:
    """Moments as SQLAlchemy keeps them in SQLite."""
    for row in rows:
        yield tuple(each.strftime("%Y-%m-%d %H:%M:%S.%f") if isinstance(each, datetime) else each for each in row)
