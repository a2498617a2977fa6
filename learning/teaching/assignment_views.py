"""Pages of what a cohort is given to do: assign it, one assignment, more time, taking it back."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms import SelectChoice

from learning.clock import now
from learning.errors import DomainError, NotFound
from learning.teaching import assignments
from learning.teaching.assigned_content import offered
from learning.teaching.assignment_queries import AssignmentPage, assignment_page
from learning.teaching.blueprint import blueprint
from learning.teaching.cohort_forms import AssignForm, ExtensionForm
from learning.teaching.cohort_queries import cohort_head, people_choice
from learning.teaching.due import local_day
from learning.web.catalogue import the_catalogue
from learning.web.identity import the_member, the_person
from learning.web.policies import Policy, allow


@blueprint.route("/cohorts/<cohort_id>/assign", methods=["GET", "POST"])
@allow(Policy.TRAINER)
def assign(cohort_id: str) -> ResponseReturnValue:
    """Give a cohort courses, quizzes or the self-assessment."""
    member = the_member()
    head = cohort_head(member, cohort_id)
    form = AssignForm(opens_on=local_day(now(), the_person().time_zone)).offering(offered(the_catalogue()))
    if request.method == "POST" and form.validate():
        try:
            done = assignments.assign(member, cohort_id, form.chosen, form.period, now())
        except DomainError as error:
            if isinstance(error, NotFound):
                raise
            form.due_on.errors = [str(error)]
        else:
            _say(done)
            return redirect(url_for(".cohort", cohort_id=cohort_id))
    page = render_template("teaching/assign.html", head=head, form=form)
    return page, 200 if request.method == "GET" else 422


def _say(done: assignments.Assigned) -> None:
    if done.made:
        flash(ngettext("%(num)d thing is assigned.", "%(num)d things are assigned.", len(done.made)), "success")
    if done.already:
        flash(
            ngettext(
                "%(num)d thing was assigned for these days already and was not assigned again.",
                "%(num)d things were assigned for these days already and were not assigned again.",
                len(done.already),
            )
        )


@blueprint.get("/assignments/<assignment_id>")
@allow(Policy.TRAINER)
def assignment(assignment_id: str) -> str:
    """One assignment: its days, who has more time, and a search for whom to give more."""
    return _page(assignment_page(the_member(), assignment_id, the_catalogue(), _name()), None)


def _page(page: AssignmentPage, form: ExtensionForm | None) -> str:
    name = _name()
    found = people_choice(the_member(), page.cohort.id, inside=True, name_contains=name, department_id="", after=None)
    form = form or ExtensionForm(formdata=None)
    form.user_id.choices = [SelectChoice(row.user_id, f"{row.name} ({row.login})") for row in found.rows]
    today = local_day(now(), the_person().time_zone)
    return render_template("teaching/assignment.html", page=page, form=form, found=found, name=name, today=today)


def _name() -> str:
    """A part of a name that is looked for."""
    return request.values.get("name", "").strip()[:100]


@blueprint.post("/assignments/<assignment_id>/extend")
@allow(Policy.TRAINER)
def extend_assignment(assignment_id: str) -> ResponseReturnValue:
    """Give one person more time."""
    member = the_member()
    page = assignment_page(member, assignment_id, the_catalogue(), _name())
    form = ExtensionForm()
    form.user_id.validate_choice = False  # the verb knows who is in the cohort, on whatever page of the list
    if form.validate():
        try:
            done = assignments.extend(member, assignment_id, [form.user_id.data], form.due_on.data, now())
        except DomainError as error:
            if isinstance(error, NotFound):
                raise
            form.due_on.errors = [str(error)]
        else:
            if done.later:
                form.due_on.errors = [_("This person has a later day already. To give less, take that one back first.")]
            elif done.strangers:
                form.user_id.errors = [_("This person is not in the cohort any more.")]
            else:
                flash(_("The person has more time now, and sees the new day on their home page."), "success")
                return redirect(url_for(".assignment", assignment_id=assignment_id))
    return _page(page, form), 422


@blueprint.route("/assignments/<assignment_id>/end", methods=["GET", "POST"])
@allow(Policy.TRAINER)
def end_assignment(assignment_id: str) -> ResponseReturnValue:
    """Take an assignment back, after asking once."""
    member = the_member()
    page = assignment_page(member, assignment_id, the_catalogue())
    if request.method == "GET":
        return render_template("teaching/assignment_end.html", page=page)
    assignments.take_back(member, assignment_id, now())
    flash(_("The assignment is taken back. What people did stays."))
    return redirect(url_for(".cohort", cohort_id=page.cohort.id))
