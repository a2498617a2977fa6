"""Pages of the reader."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, current_app, flash, redirect, render_template, request, send_from_directory, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learning.clock import now
from learning.courses import queries, service
from learning.courses.calculators import ASKED, lesson_stretches
from learning.courses.search import index_of
from learning.web.catalogue import the_catalogue
from learning.web.identity import Member, Role, signed_in, the_member, the_person
from learning.web.page_cache import render_kept
from learning.web.policies import Policy, allow

blueprint = Blueprint("courses", __name__)

#: Figures carry their hash in the address, so they never change under it.
FIGURE_SECONDS = 365 * 24 * 3600


def _reader() -> Member | None:
    """The member who reads, or None for a stranger and for an administrator without an organization."""
    person = signed_in()
    return the_member() if person and person.organization_id else None


def _learner() -> queries.Learner:
    return queries.load_learner(_reader(), current_app.extensions["quiz_standings"])


@blueprint.get("/courses/")
@allow(Policy.READER)
def catalogue() -> str:
    """All courses."""
    return render_template("courses/catalogue.html", cards=queries.course_cards(the_catalogue(), _learner()))


@blueprint.get("/courses/<course_id>/")
@allow(Policy.READER)
def course(course_id: str) -> str:
    """One course with its modules, its certificate, and when it is due for whoever was given it."""
    page = queries.course_page(the_catalogue(), course_id, _learner())
    due, mine, reader = None, None, _reader()
    if reader:
        due_of_course = current_app.extensions["due_of_course"]
        due = due_of_course(reader, course_id, the_catalogue(), the_person().time_zone, now())
        if page.course.certificate:
            mine = current_app.extensions["certificate_for"](reader, course_id, now())
    return render_template("courses/course.html", page=page, due=due, certificate=mine)


@blueprint.post("/courses/<course_id>/enrol")
@allow(Policy.MEMBER)
def enrol(course_id: str) -> ResponseReturnValue:
    """Enrol the person in a course."""
    service.enrol(the_member(), course_id, the_catalogue(), now())
    flash(_("You are enrolled. Start with the first lesson."))
    return redirect(url_for(".course", course_id=course_id))


@blueprint.get("/courses/<course_id>/<module_id>/<lesson_id>")
@allow(Policy.READER)
def lesson(course_id: str, module_id: str, lesson_id: str) -> str:
    """The reader."""
    reader = _reader()
    read = queries.lessons_read(reader) if reader else frozenset()
    page = queries.lesson_page(the_catalogue(), course_id, module_id, lesson_id, read)
    task, practice = page.lesson.practice, None
    if reader and task:
        practice = current_app.extensions["practice_state"](reader, task.id)
    # The page shows of the person's progress only whether this lesson is read, and where its practice stands.
    key = (the_catalogue().hash, course_id, lesson_id, page.read, practice, reader is not None)
    stretches = partial(lesson_stretches, page.lesson, request.args)
    # Numbers that one reader typed are shown once, never kept.
    shown = render_template if ASKED in request.args else partial(render_kept, key=key)
    return shown("courses/lesson.html", page=page, stretches=stretches, practice=practice, can_mark=reader is not None)


@blueprint.post("/courses/<course_id>/<module_id>/<lesson_id>/opened")
@allow(Policy.MEMBER)
def opened(course_id: str, module_id: str, lesson_id: str) -> ResponseReturnValue:
    """The page tells that it was opened, and how far down its reader came. Of people who learn; of others nothing."""
    queries.lesson_page(the_catalogue(), course_id, module_id, lesson_id, frozenset())
    if the_person().role is Role.LEARNER:
        reached = request.form.get("reached", "0")
        furthest = int(reached) if reached.isascii() and reached.isdigit() and len(reached) < 6 else 0
        service.open_lesson(the_member(), lesson_id, furthest, the_catalogue(), now())
    return "", 204


@blueprint.post("/courses/<course_id>/<module_id>/<lesson_id>/complete")
@allow(Policy.MEMBER)
def complete(course_id: str, module_id: str, lesson_id: str) -> ResponseReturnValue:
    """Mark a lesson as read (or take the mark back) and go on."""
    page = queries.lesson_page(the_catalogue(), course_id, module_id, lesson_id, frozenset())
    here = url_for(".lesson", course_id=course_id, module_id=module_id, lesson_id=lesson_id)
    if request.form.get("mark") == "unread":
        service.unread_lesson(the_member(), lesson_id)
        return redirect(here)
    service.complete_lesson(the_member(), course_id, lesson_id, the_catalogue(), now())
    current_app.extensions["issue_what_is_due"](the_member(), lesson_id)
    if page.quiz:
        return redirect(url_for("quizzes.quiz", quiz_id=page.quiz.id))
    if page.next is None:
        return redirect(url_for(".course", course_id=course_id))
    return redirect(url_for(".lesson", course_id=course_id, module_id=page.next.module_id, lesson_id=page.next.id))


@blueprint.get("/lessons/<lesson_id>")
@allow(Policy.READER)
def lesson_by_id(lesson_id: str) -> ResponseReturnValue:
    """The permanent address of a lesson: opens it in the course the person reads."""
    reader = _reader()
    enrolled = queries.enrolled_courses(reader) if reader else frozenset()
    course = queries.course_with_lesson(the_catalogue(), lesson_id, enrolled)
    module_id = the_catalogue().lessons[lesson_id].module_id
    return redirect(url_for(".lesson", course_id=course.id, module_id=module_id, lesson_id=lesson_id))


@blueprint.get("/figures/<module_id>/<name>")
@allow(Policy.READER)
def figure(module_id: str, name: str) -> ResponseReturnValue:
    """A drawing of a lesson."""
    store = current_app.extensions["settings"].store
    response = send_from_directory(store / "figures", f"{module_id}/{name}", max_age=FIGURE_SECONDS)
    response.headers["Cache-Control"] = f"private, max-age={FIGURE_SECONDS}, immutable"
    return response


@blueprint.get("/glossary/")
@allow(Policy.READER)
def glossary() -> str:
    """All terms in English and Chinese."""
    return render_template("courses/glossary.html", groups=queries.glossary(the_catalogue()))


@blueprint.get("/search")
@allow(Policy.READER)
def search() -> str:
    """Lessons and terms that hold all words of the query."""
    query = request.args.get("q", "").strip()
    hits = index_of(the_catalogue()).search(query)
    return render_template("courses/search.html", query=query, hits=hits)
