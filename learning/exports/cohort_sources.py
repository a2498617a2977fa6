"""Tables of cohorts: all of them, what one is given to do, who has more time, and how it came along with a course."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from learning.errors import NotFound
from learning.exports.sources import BLOCK, Asked, Source, at_once, in_blocks
from learning.exports.words import thing_words
from learning.teaching.assigned_content import title_of
from learning.teaching.assignment_queries import (
    AssignmentLine,
    ExtensionChoice,
    ExtensionRow,
    assignment_lines,
    count_extensions,
    extension_rows,
)
from learning.teaching.cohort_queries import CohortLine, cohort_head, cohort_list
from learning.teaching.curve import Day, course_curve
from learning.teaching.done import time_zones
from learning.teaching.due import local_day
from learning.teaching.groups import cohort_group
from learning.teaching.models import AssignmentKind
from learning.web.tables import Column, Kind, Row


def cohorts(asked: Asked) -> Source:
    """All cohorts: one's own, those of colleagues, then what was archived."""
    zone = time_zones(asked.organization_id, [asked.member.user_id])[asked.member.user_id]
    found = cohort_list(asked.member, local_day(asked.now, zone))

    def row(each: CohortLine) -> Row:
        trainers = ", ".join(each.trainers)
        return each.name, each.people, each.department, each.next_due, trainers, _yes(each.mine), each.archived_at

    lines = (*found.mine, *found.others, *found.archived)
    return Source(
        _("Cohorts"),
        (
            Column(_("Cohort"), width=28),
            Column(_("People"), Kind.NUMBER),
            Column(_("Follows the department"), width=24),
            Column(_("Next due"), Kind.DATE),
            Column(_("Trainers"), width=36),
            Column(_("You look after it")),
            Column(_("Archived"), Kind.DATE),
        ),
        (),
        len(lines),
        at_once(lines, row),
    )


def assignments(asked: Asked) -> Source:
    """What a cohort is given to do, also what was taken back."""
    head = cohort_head(asked.member, asked.text("cohort"))
    lines = assignment_lines(asked.member, head.id, asked.catalogue)

    def row(each: AssignmentLine) -> Row:
        return (
            each.title or _("No longer in the catalogue"),
            thing_words(each.thing.kind),
            each.opens_on,
            each.due_on,
            each.repeat_months,
            _yes(each.is_refresh),
            each.extensions,
            each.ended_at,
        )

    return Source(
        _("Assignments"),
        (
            Column(_("What"), width=40),
            Column(_("Kind")),
            Column(_("Opens"), Kind.DATE),
            Column(_("Due"), Kind.DATE),
            Column(_("Again after so many months"), Kind.NUMBER),
            Column(_("Repetition")),
            Column(_("People with more time"), Kind.NUMBER),
            Column(_("Taken back"), Kind.DATE),
        ),
        ((_("Cohort"), head.name),),
        len(lines),
        at_once(lines, row),
    )


def extensions(asked: Asked) -> Source:
    """Who of a cohort has more time, for everything it is given or for one thing."""
    head = cohort_head(asked.member, asked.text("cohort"))
    choice = ExtensionChoice(head.id, asked.text("assignment"), asked.text("name"))
    lines = {each.id: each for each in assignment_lines(asked.member, head.id, asked.catalogue)}
    if choice.assignment_id and choice.assignment_id not in lines:
        raise NotFound

    def read(after: str | None) -> tuple[Sequence[ExtensionRow], str | None]:
        return extension_rows(asked.member, choice, after, BLOCK)

    def row(each: ExtensionRow) -> Row:
        title = title_of(asked.catalogue, each.thing) or _("No longer in the catalogue")
        return each.name, title, each.due_on, each.until, each.granted_by, each.granted_at

    chosen = lines.get(choice.assignment_id)
    return Source(
        _("More time"),
        (
            Column(_("Name"), width=28),
            Column(_("What was assigned"), width=40),
            Column(_("Due for everybody"), Kind.DATE),
            Column(_("Due for this person"), Kind.DATE),
            Column(_("Given by"), width=28),
            Column(_("Given on"), Kind.DATE),
        ),
        (
            (_("Cohort"), head.name),
            *([(_("What was assigned"), chosen.title or _("No longer in the catalogue"))] if chosen else []),
            *([(_("Name contains"), choice.name_contains)] if choice.name_contains else []),
        ),
        count_extensions(asked.member, choice),
        in_blocks(read, row),
    )


def curve(asked: Asked) -> Source:
    """How a cohort came along with one course: every day, the newest first."""
    group = cohort_group(asked.organization_id, asked.text("cohort"), asked.now)
    given = {course.id: course for course in group.courses(asked.catalogue)}
    course = given.get(asked.text("course") or next(iter(given), ""))
    if course is None:
        raise NotFound
    task = next(task for task in group.tasks if task.kind is AssignmentKind.COURSE and task.content_id == course.id)
    drawn = course_curve(group, task, course, asked.now)

    def row(each: Day) -> Row:
        begun, finished = drawn.share(each.begun) / 100, drawn.share(each.finished) / 100
        return each.day, each.begun, begun, each.finished, finished

    return Source(
        _("Over time"),
        (
            Column(_("Day"), Kind.DATE),
            Column(_("Had begun"), Kind.NUMBER),
            Column(_("Share of those who had begun"), Kind.SHARE),
            Column(_("Had finished"), Kind.NUMBER),
            Column(_("Share of those who had finished"), Kind.SHARE),
        ),
        (
            (_("Cohort"), group.name or ""),
            (_("Course"), course.title),
            (_("Due"), task.due_on.isoformat()),
            (_("People"), str(drawn.people)),
        ),
        len(drawn.days),
        at_once(drawn.days[::-1], row),
        local_days=True,
    )


def _yes(true: bool) -> str:
    return _("Yes") if true else _("No")
