"""The trainer's pages about the progress of many, and about how lessons are read."""

from __future__ import annotations

from collections.abc import Sequence

from flask import render_template, request

from learning.clock import now
from learning.content.model import Catalogue, Course
from learning.errors import NotFound
from learning.teaching.at_risk import NOT_STARTED_AFTER, STOPPED_AFTER, Reason
from learning.teaching.at_risk_page import RiskChoice, risk_page
from learning.teaching.blueprint import blueprint
from learning.teaching.curve import course_curve
from learning.teaching.groups import Group, cohort_group, everybody
from learning.teaching.lesson_funnel import FEWEST_PEOPLE, lesson_funnel, lesson_rows
from learning.teaching.matrix import matrix_page
from learning.teaching.matrix_people import Choice, Sort, State
from learning.teaching.models import AssignmentKind
from learning.teaching.queries import departments_of
from learning.web.arguments import asked
from learning.web.catalogue import the_catalogue
from learning.web.identity import the_member
from learning.web.policies import Policy, allow


def _cohort(cohort_id: str) -> Group:
    return cohort_group(the_member().organization_id, cohort_id, now())


@blueprint.get("/progress")
@allow(Policy.TRAINER)
def progress() -> str:
    """Everybody by modules."""
    return _matrix(everybody(the_member().organization_id), the_catalogue())


@blueprint.get("/cohorts/<cohort_id>/progress")
@allow(Policy.TRAINER)
def cohort_progress(cohort_id: str) -> str:
    """The people of a cohort by modules."""
    return _matrix(_cohort(cohort_id), the_catalogue())


def _matrix(group: Group, catalogue: Catalogue) -> str:
    given = group.courses(catalogue)
    offered = given or tuple(catalogue.courses.values())
    chosen = next((course for course in offered if course.id == request.args.get("course")), None)
    courses: Sequence[Course] = [chosen] if chosen else offered
    choice = Choice(
        sort=asked(Sort, "sort") or Sort.NAME,
        name_contains=request.args.get("name", "").strip()[:100],
        department_id=request.args.get("department") or None,
        state=asked(State, "state"),
        after=request.args.get("after") or None,
    )
    page = matrix_page(group, courses, catalogue, choice)
    #: What every link of the page keeps.
    kept = {
        "course": chosen.id if chosen else None,
        "name": choice.name_contains or None,
        "department": choice.department_id,
        "state": choice.state.value if choice.state else None,
        "sort": choice.sort.value if choice.sort is not Sort.NAME else None,
    }
    return render_template(
        "teaching/progress.html",
        group=group,
        page=page,
        choice=choice,
        kept=kept,
        offered=offered,
        chosen=chosen,
        given=bool(given),
        repeated=[(catalogue.courses[each].title, task.opens_on) for each, task in group.repeated(courses).items()],
        filtered=bool(choice.name_contains or choice.department_id or choice.state),
    )


@blueprint.get("/cohorts/<cohort_id>/at-risk")
@allow(Policy.TRAINER)
def at_risk(cohort_id: str) -> str:
    """Who is at risk, and why."""
    group = _cohort(cohort_id)
    choice = RiskChoice(
        reason=asked(Reason, "reason"),
        name_contains=request.args.get("name", "").strip()[:100],
        department_id=request.args.get("department") or None,
        after=request.args.get("after") or None,
    )
    #: What every link of the page keeps.
    kept = {
        "reason": choice.reason.value if choice.reason else None,
        "name": choice.name_contains or None,
        "department": choice.department_id,
    }
    return render_template(
        "teaching/at_risk.html",
        group=group,
        page=risk_page(group, the_catalogue(), now(), choice),
        choice=choice,
        kept=kept,
        filtered=bool(choice.name_contains or choice.department_id),
        departments=departments_of(group.organization_id),
        reasons=tuple(Reason),
        not_started_days=NOT_STARTED_AFTER.days,
        stopped_days=STOPPED_AFTER.days,
    )


@blueprint.get("/cohorts/<cohort_id>/curve")
@allow(Policy.TRAINER)
def curve(cohort_id: str) -> str:
    """How the cohort came along with a course, day by day."""
    group, catalogue = _cohort(cohort_id), the_catalogue()
    given = group.courses(catalogue)
    course_id = request.args.get("course")
    if course_id and course_id not in {course.id for course in given}:
        raise NotFound
    course = next((course for course in given if course.id == course_id), given[0] if given else None)
    shown = None
    if course:
        task = next(task for task in group.tasks if task.kind is AssignmentKind.COURSE and task.content_id == course.id)
        shown = course_curve(group, task, course, now())
    return render_template("teaching/curve.html", group=group, given=given, course=course, curve=shown)


@blueprint.get("/lessons/")
@allow(Policy.TRAINER)
def lessons() -> str:
    """How each lesson is opened and finished, the most trouble first."""
    catalogue = the_catalogue()
    rows = lesson_rows(the_member().organization_id, catalogue)
    return render_template("teaching/lessons.html", rows=rows, modules=catalogue.modules, fewest=FEWEST_PEOPLE)


@blueprint.get("/lessons/<lesson_id>/")
@allow(Policy.TRAINER)
def lesson(lesson_id: str) -> str:
    """One lesson: how many finish it, how long it takes, where they stop."""
    page = lesson_funnel(the_member().organization_id, lesson_id, the_catalogue())
    return render_template("teaching/lesson.html", page=page, fewest=FEWEST_PEOPLE)
