"""People by modules: how far each person of a cohort is, a page at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select

from learning.assessments.queries import finished_by
from learning.content.model import Catalogue, Course
from learning.courses.completion import steps_of
from learning.courses.models import LessonProgress, QuizRecord
from learning.extensions import db
from learning.practice.sign_offs import SignOff, sign_offs
from learning.quizzes.models import Attempt, Grading
from learning.quizzes.records import SHARE, of_latest_grading
from learning.teaching.done import Given, done_moments
from learning.teaching.groups import Group
from learning.teaching.matrix_people import Choice, Listed, State, last_activity, people_window
from learning.teaching.models import AssignmentKind
from learning.teaching.queries import DepartmentChoice, departments_of

#: Id of the column of sign-offs; no module and no quiz is called so.
SIGN_OFFS = "sign-offs"


class QuizMark(StrEnum):
    """How somebody stands in the quiz of a module."""

    PASSED = "passed"
    FAILING = "failing"
    NOT_TRIED = "not-tried"


@dataclass(frozen=True, slots=True)
class Column:
    """A module, as far as the courses ask for it, the final quiz of a course, or all sign-offs that they require."""

    id: str
    #: Of the module; None for a final quiz and for sign-offs.
    number: int | None
    #: Empty for sign-offs.
    title: str
    lesson_ids: tuple[str, ...]
    quiz_id: str | None
    task_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """One person in one column."""

    read: int
    lessons: int
    #: None: the column has no quiz.
    quiz: QuizMark | None
    #: Of the best attempt, in per cent rounded down; None before the first. Of a repetition both since it opened.
    best: int | None
    #: In the order of the tasks; None for one for which nothing is handed in.
    sign_offs: tuple[SignOff | None, ...] = ()

    def signed_off(self, state: str) -> int:
        """How many of the tasks stand so; ``state``: a value of PracticeState."""
        return sum(each is not None and each.state == state for each in self.sign_offs)


@dataclass(frozen=True, slots=True)
class Row:
    """One person."""

    person: Listed
    last_activity: datetime | None
    assessment_done: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class MatrixPage:
    """A page of the table."""

    columns: tuple[Column, ...]
    steps: int
    rows: tuple[Row, ...]
    departments: tuple[DepartmentChoice, ...]
    #: People whom the filters let through.
    people: int
    #: Where the next page starts; None on the last one.
    next_after: str | None

    def state_of(self, row: Row) -> State:
        """How far a person is."""
        return state_of(row.person, self.steps)


def state_of(person: Listed, steps: int) -> State:
    """How far a person is with so many steps."""
    if person.done == 0:
        return State.NOT_STARTED
    return State.COMPLETE if person.done >= steps else State.STARTED


def steps_in(courses: Sequence[Course]) -> int:
    """Steps of courses together; one that two of them share counts in both."""
    return sum(len(steps_of(course)) for course in courses)


def matrix_page(group: Group, courses: Sequence[Course], catalogue: Catalogue, choice: Choice) -> MatrixPage:
    """A page of the table for some courses. The number of queries does not depend on the number of people."""
    steps = steps_in(courses)
    window = people_window(group, courses, steps, choice)
    return MatrixPage(
        columns=columns_of(courses, catalogue),
        steps=steps,
        rows=matrix_rows(group, courses, catalogue, window.people),
        departments=departments_of(group.organization_id),
        people=window.number,
        next_after=window.next_after,
    )


def matrix_rows(
    group: Group, courses: Sequence[Course], catalogue: Catalogue, listed: Sequence[Listed]
) -> tuple[Row, ...]:
    """The rows of these people. Six queries at most, seven where sign-offs are required."""
    columns = columns_of(courses, catalogue)
    people = [person.user_id for person in listed]
    tasks = [task for column in columns for task in column.task_ids]
    practice = sign_offs(group.organization_id, people, tasks) if tasks else defaultdict(dict)
    read = _lessons_read(group.organization_id, people)
    records = _records(group.organization_id, people, group.quizzes_since(courses))
    last = last_activity(group.organization_id, people)
    finished = _assessed(group, catalogue, people)
    return tuple(
        Row(
            person,
            last.get(person.user_id),
            person.user_id in finished,
            tuple(
                _cell(column, read[person.user_id], records[person.user_id], practice[person.user_id])
                for column in columns
            ),
        )
        for person in listed
    )


def _assessed(group: Group, catalogue: Catalogue, people: Sequence[str]) -> Set[str]:
    """Who finished every self-assessment that was given, of a repetition since it opened; any, if none was given."""
    given = [
        Given(task.assignment_id, task.kind, task.content_id, task.opens_on, task.is_refresh)
        for task in group.tasks
        if task.kind is AssignmentKind.ASSESSMENT and task.content_id in catalogue.instruments
    ]
    if not given:
        return finished_by(group.organization_id, people)
    done = done_moments(group.organization_id, given, catalogue, people)
    return {user_id for user_id in people if all((each.id, user_id) in done for each in given)}


def columns_of(courses: Sequence[Course], catalogue: Catalogue) -> tuple[Column, ...]:
    """The modules of the courses in their order, each with every lesson that one of them asks for; then final quizzes;
    then one for all sign-offs, where some are required."""
    lessons: dict[str, set[str]] = defaultdict(set)
    quizzes: dict[str, str] = {}
    for part in (part for course in courses for part in course.modules):
        lessons[part.module_id] |= set(part.lesson_ids)
        if part.quiz_id:
            quizzes[part.module_id] = part.quiz_id
    modules = tuple(
        Column(
            module.id,
            module.number,
            module.title,
            tuple(lesson for lesson in module.lesson_ids if lesson in lessons[module.id]),
            quizzes.get(module.id),
        )
        for module in sorted(catalogue.modules.values(), key=lambda module: module.number)
        if module.id in lessons
    )
    finals = (catalogue.quizzes[course.final_quiz_id] for course in courses if course.final_quiz_id)
    tasks = tuple(dict.fromkeys(task for course in courses for task in course.practice_ids))
    return (
        *modules,
        *(Column(quiz.id, None, quiz.title, (), quiz.id) for quiz in finals),
        *([Column(SIGN_OFFS, None, "", (), None, tasks)] if tasks else []),
    )


def _lessons_read(organization_id: str, people: Sequence[str]) -> defaultdict[str, set[str]]:
    """Person -> lessons."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for user_id, lesson_id in db.session.execute(
        select(LessonProgress.user_id, LessonProgress.lesson_id).where(
            LessonProgress.organization_id == organization_id, LessonProgress.user_id.in_(people)
        )
    ):
        found[user_id].add(lesson_id)
    return found


def _records(
    organization_id: str, people: Sequence[str], since: Mapping[str, datetime]
) -> defaultdict[str, dict[str, tuple[int, bool]]]:
    """Person -> quiz -> best result in thousandths, and whether it is passed.

    ``since``: quiz -> from when on its attempts count. Two queries at most.
    """
    found: defaultdict[str, dict[str, tuple[int, bool]]] = defaultdict(dict)
    for user_id, quiz_id, best, passed_at in db.session.execute(
        select(QuizRecord.user_id, QuizRecord.quiz_id, QuizRecord.best, QuizRecord.first_passed_at).where(
            QuizRecord.organization_id == organization_id,
            QuizRecord.user_id.in_(people),
            QuizRecord.quiz_id.not_in(since),
        )
    ):
        found[user_id][quiz_id] = best, passed_at is not None
    for user_id, quiz_id, share, passed in db.session.execute(_again(organization_id, people, since)) if since else ():
        found[user_id][quiz_id] = int(share or 0), bool(passed)
    return found


def _again(organization_id: str, people: Sequence[str], since: Mapping[str, datetime]) -> Select[str, str, Any, int]:
    """Person, quiz, best result in thousandths and whether one passed, of the attempts that count."""
    counts = [and_(Attempt.quiz_id == quiz, Attempt.submitted_at >= moment) for quiz, moment in since.items()]
    return (
        select(
            Attempt.user_id,
            Attempt.quiz_id,
            func.max(of_latest_grading(SHARE)),
            func.max(case((of_latest_grading(Grading.passed), 1), else_=0)),
        )
        .where(Attempt.organization_id == organization_id, Attempt.user_id.in_(people), or_(*counts))
        .group_by(Attempt.user_id, Attempt.quiz_id)
    )


def _cell(column: Column, read: set[str], records: dict[str, tuple[int, bool]], practice: dict[str, SignOff]) -> Cell:
    number = sum(lesson in read for lesson in column.lesson_ids)
    if column.quiz_id is None:
        asked = tuple(practice.get(task) for task in column.task_ids)
        return Cell(number, len(column.lesson_ids), None, None, asked)
    if column.quiz_id not in records:
        return Cell(number, len(column.lesson_ids), QuizMark.NOT_TRIED, None)
    best, passed = records[column.quiz_id]
    return Cell(number, len(column.lesson_ids), QuizMark.PASSED if passed else QuizMark.FAILING, best // 10)
