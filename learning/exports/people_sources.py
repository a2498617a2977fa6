"""Tables with a row for each person: how far they are, who is at risk, who is in a cohort."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

from flask_babel import format_date
from flask_babel import gettext as _
from sqlalchemy import select

from learning.accounts.models import Department, User
from learning.content.model import Catalogue, Course
from learning.courses.completion import steps_of
from learning.courses.models import LessonProgress
from learning.exports.sources import BLOCK, Asked, Block, Source, in_blocks
from learning.exports.words import (
    done_words,
    quiz_words,
    reason_words,
    sign_off_words,
    sort_words,
    state_words,
    task_title,
)
from learning.extensions import db
from learning.teaching.at_risk import Reason
from learning.teaching.at_risk_page import RiskChoice, RiskRow, risk_blocks
from learning.teaching.cohort_people import cohort_people
from learning.teaching.cohort_queries import PersonLine, cohort_head, people_choice
from learning.teaching.groups import Group, cohort_group, everybody
from learning.teaching.matrix import Column as Module
from learning.teaching.matrix import Row as MatrixRow
from learning.teaching.matrix import columns_of, matrix_rows, state_of
from learning.teaching.matrix_people import Choice, Listed, Sort, State, count_people, people_behind
from learning.teaching.queries import PersonRow, count_learners, learners, people_rows
from learning.web.tables import Cell, Column, Kind, Row

NAME, DEPARTMENT = 28, 20


def _who() -> tuple[Column, Column]:
    return Column(_("Name"), width=NAME), Column(_("Department"), width=DEPARTMENT)


def people(asked: Asked) -> Source:
    """Progress of all, course by course."""
    department_id, name = asked.text("department") or None, asked.text("name")
    chosen = learners(asked.organization_id, department_id, name)
    courses = tuple(asked.catalogue.courses.values())

    def row(each: PersonRow) -> Row:
        done = [part for cell in each.courses for part in (cell.done, cell.percent / 100)]
        return each.name, each.department, *done, done_words(each.assessment_done), each.last_activity

    columns = [
        column
        for course in courses
        for column in (
            Column(_("%(course)s: steps done of %(steps)d", course=course.title, steps=len(steps_of(course))), Kind.NUMBER),
            Column(_("%(course)s: share", course=course.title), Kind.SHARE),
        )
    ]  # fmt: skip
    return Source(
        _("Progress of all"),
        (*_who(), *columns, Column(_("Self-assessment")), Column(_("Last activity"), Kind.DATE)),
        _filters(asked),
        count_learners(chosen),
        in_blocks(lambda after: people_rows(asked.organization_id, chosen, courses, after, BLOCK), row),
    )


class _Matrix:
    """The people and the courses of the table of progress, as its address chooses them."""

    def __init__(self, asked: Asked) -> None:
        cohort_id = asked.text("cohort")
        self.group: Group = (
            cohort_group(asked.organization_id, cohort_id, asked.now) if cohort_id else everybody(asked.organization_id)
        )
        offered = self.group.courses(asked.catalogue) or tuple(asked.catalogue.courses.values())
        chosen = next((course for course in offered if course.id == asked.text("course")), None)
        self.courses: Sequence[Course] = [chosen] if chosen else offered
        self.steps = sum(len(steps_of(course)) for course in self.courses)
        self.choice = Choice(
            sort=asked.one_of(Sort, "sort") or Sort.NAME,
            name_contains=asked.text("name"),
            department_id=asked.text("department") or None,
            state=asked.one_of(State, "state"),
        )
        self.filters = (
            *([(_("Cohort"), self.group.name)] if self.group.name else []),
            (_("Courses"), ", ".join(course.title for course in self.courses)),
            *(
                (_("Given again: quizzes count since"), f"{asked.catalogue.courses[each].title}: {_day(task.opens_on)}")
                for each, task in self.group.repeated(self.courses).items()
            ),
            *_filters(asked),
            *([(_("State"), state_words(self.choice.state))] if self.choice.state else []),
            (_("Order"), sort_words(self.choice.sort)),
        )

    def count(self) -> int:
        """How many people the filters let through."""
        return count_people(self.group, self.courses, self.steps, self.choice)

    def read(self, after: str | None) -> tuple[tuple[Listed, ...], str | None]:
        """The next block of people."""
        return people_behind(self.group, self.courses, self.steps, replace(self.choice, after=after), BLOCK)


def progress(asked: Asked) -> Source:
    """People by modules."""
    matrix = _Matrix(asked)
    modules = columns_of(matrix.courses, asked.catalogue)

    def read(after: str | None) -> tuple[Sequence[MatrixRow], str | None]:
        listed, behind = matrix.read(after)
        return matrix_rows(matrix.group, matrix.courses, asked.catalogue, listed), behind

    def row(each: MatrixRow) -> Row:
        cells = [part for column, cell in zip(modules, each.cells, strict=True) for part in (
            *([cell.read] if column.lesson_ids else []),
            *([quiz_words(cell.quiz), None if cell.best is None else cell.best / 100] if cell.quiz else []),
            *(value for found in cell.sign_offs for value in (sign_off_words(found), found.at if found else None)),
        )]  # fmt: skip
        return (
            each.person.name,
            each.person.department,
            state_words(state_of(each.person, matrix.steps)),
            each.person.done,
            *cells,
            done_words(each.assessment_done),
            each.last_activity,
        )

    return Source(
        _("Progress by module"),
        (
            *_who(),
            Column(_("State")),
            Column(_("Steps done of %(steps)d", steps=matrix.steps), Kind.NUMBER),
            *(column for module in modules for column in _module_columns(module, asked.catalogue)),
            Column(_("Self-assessment")),
            Column(_("Last activity"), Kind.DATE),
        ),
        matrix.filters,
        matrix.count(),
        in_blocks(read, row),
    )


def _module_columns(module: Module, catalogue: Catalogue) -> Iterator[Column]:
    name = f"{module.number} {module.title}" if module.number else module.title
    if module.lesson_ids:
        of = len(module.lesson_ids)
        yield Column(_("%(module)s: lessons read of %(lessons)d", module=name, lessons=of), Kind.NUMBER)
    if module.quiz_id:
        yield Column(_("%(module)s: quiz", module=name))
        yield Column(_("%(module)s: best result", module=name), Kind.SHARE)
    for task in module.task_ids:
        title = task_title(catalogue, task)
        yield Column(_("%(lesson)s: sign-off", lesson=title))
        yield Column(_("%(lesson)s: since", lesson=title), Kind.DATE)


def lessons_read(asked: Asked) -> Source:
    """A row for each person, a column for each lesson with the day on which they read it."""
    matrix = _Matrix(asked)
    wanted = dict.fromkeys(lesson for course in matrix.courses for lesson in course.lesson_ids)

    def read(after: str | None) -> tuple[Sequence[tuple[Listed, dict[str, datetime]]], str | None]:
        listed, behind = matrix.read(after)
        moments = _read_moments(asked.organization_id, listed)
        return [(person, moments[person.user_id]) for person in listed], behind

    def row(each: tuple[Listed, dict[str, datetime]]) -> Row:
        person, moments = each
        days: list[Cell] = [moments.get(lesson) for lesson in wanted]
        return person.name, person.department, sum(day is not None for day in days), *days

    return Source(
        _("Lessons read"),
        (
            *_who(),
            Column(_("Lessons read of %(lessons)d", lessons=len(wanted)), Kind.NUMBER),
            *(Column(asked.catalogue.lessons[lesson].title, Kind.DATE, 12) for lesson in wanted),
        ),
        matrix.filters,
        matrix.count(),
        in_blocks(read, row),
    )


def _read_moments(organization_id: str, listed: Sequence[Listed]) -> defaultdict[str, dict[str, datetime]]:
    """Person -> lesson -> when. One query."""
    found: defaultdict[str, dict[str, datetime]] = defaultdict(dict)
    query = select(LessonProgress.user_id, LessonProgress.lesson_id, LessonProgress.completed_at).where(
        LessonProgress.organization_id == organization_id,
        LessonProgress.user_id.in_([person.user_id for person in listed]),
    )
    for user_id, lesson_id, moment in db.session.execute(query):
        found[user_id][lesson_id] = moment
    return found


def at_risk(asked: Asked) -> Source:
    """A row for each reason for which somebody of a cohort is at risk."""
    group = cohort_group(asked.organization_id, asked.text("cohort"), asked.now)
    choice = RiskChoice(asked.one_of(Reason, "reason"), asked.text("name"), asked.text("department") or None)

    def rows(each: RiskRow) -> list[Row]:
        return [
            (
                each.name,
                each.department,
                reason_words(line.finding.reason),
                line.title,
                line.due_on,
                line.finding.days if line.finding.trouble is None else None,
                line.quiz_title,
                line.finding.trouble.attempts if line.finding.trouble else None,
                line.finding.trouble.best / 100 if line.finding.trouble else None,
            )
            for line in each.lines
        ]

    def blocks() -> Iterator[Block]:
        for number, found in risk_blocks(group, asked.catalogue, asked.now, choice):
            yield number, [row for each in found for row in rows(each)]

    return Source(
        _("At risk"),
        (
            *_who(),
            Column(_("Why")),
            Column(_("What was assigned"), width=30),
            Column(_("Due"), Kind.DATE),
            Column(_("For how many days"), Kind.NUMBER),
            Column(_("Quiz"), width=30),
            Column(_("Attempts"), Kind.NUMBER),
            Column(_("Best result"), Kind.SHARE),
        ),
        (
            (_("Cohort"), group.name or ""),
            *_filters(asked),
            *([(_("Why"), reason_words(choice.reason))] if choice.reason else []),
        ),
        count_people(group, [], 0, Choice(name_contains=choice.name_contains, department_id=choice.department_id)),
        blocks(),
    )


def cohort(asked: Asked) -> Source:
    """Who is in a cohort."""
    head = cohort_head(asked.member, asked.text("cohort"))
    inside = cohort_people(asked.organization_id, cohort_id=head.id).subquery()
    chosen = learners(asked.organization_id, asked.text("department") or None, asked.text("name"))

    def read(after: str | None) -> tuple[Sequence[PersonLine], str | None]:
        page = people_choice(
            asked.member,
            head.id,
            inside=True,
            name_contains=asked.text("name"),
            department_id=asked.text("department"),
            after=after,
            most=BLOCK,
        )
        return page.rows, page.next_after

    def row(each: PersonLine) -> Row:
        return each.name, each.login, each.department, _("Put in") if each.by_hand else _("By department")

    return Source(
        _("People of the cohort"),
        (
            Column(_("Name"), width=NAME),
            Column(_("Signs in as"), width=NAME),
            Column(_("Department"), width=DEPARTMENT),
            Column(_("In the cohort")),
        ),
        ((_("Cohort"), head.name), *_filters(asked)),
        count_learners(chosen.where(User.id.in_(select(inside.c.user_id)))),
        in_blocks(read, row),
    )


def _day(day: date) -> str:
    return str(format_date(day, "d MMM y"))


def _filters(asked: Asked) -> tuple[tuple[str, str], ...]:
    """The filters that most lists have, in words."""
    found = []
    if department_id := asked.text("department"):
        name = db.session.scalar(
            select(Department.name).where(
                Department.organization_id == asked.organization_id, Department.id == department_id
            )
        )
        found.append((_("Department"), name or _("one that does not exist")))
    if name := asked.text("name"):
        found.append((_("Name contains"), name))
    return tuple(found)
