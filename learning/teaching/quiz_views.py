"""The trainer's pages about quizzes: which question is bad."""

from __future__ import annotations

from flask import render_template, request

from learning.teaching.blueprint import blueprint
from learning.teaching.quiz_analysis import quiz_analysis
from learning.teaching.quiz_queries import quizzes_with_attempts, quizzes_without
from learning.web.catalogue import the_catalogue
from learning.web.identity import the_member
from learning.web.policies import Policy, allow


@blueprint.get("/quizzes/")
@allow(Policy.TRAINER)
def quizzes() -> str:
    """The quizzes that somebody has handed in, and those that wait for it."""
    catalogue = the_catalogue()
    rows = quizzes_with_attempts(the_member().organization_id, catalogue)
    waiting = quizzes_without(rows, catalogue)
    return render_template("teaching/quizzes.html", rows=rows, waiting=waiting)


@blueprint.get("/quizzes/<quiz_id>/")
@allow(Policy.TRAINER)
def quiz(quiz_id: str) -> str:
    """The analysis of one quiz; ``?attempts=all`` takes every attempt instead of each person's first."""
    first_only = request.args.get("attempts") != "all"
    catalogue = the_catalogue()
    page = quiz_analysis(the_member().organization_id, quiz_id, catalogue, first_only=first_only)
    title = page.title if page else catalogue.quizzes[quiz_id].title
    return render_template(
        "teaching/quiz_analysis.html",
        page=page,
        quiz_id=quiz_id,
        title=title,
        first_only=first_only,
        taught=quiz_id in catalogue.quizzes,
    )
