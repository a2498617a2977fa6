"""Pages of cohorts: the list, one of them, its trainers."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learning.accounts import organization
from learning.clock import now
from learning.errors import DomainError
from learning.teaching import cohorts
from learning.teaching.assignment_queries import assignment_lines
from learning.teaching.blueprint import blueprint
from learning.teaching.cohort_forms import CohortForm, NewCohortForm
from learning.teaching.cohort_queries import cohort_head, cohort_list, cohort_page
from learning.teaching.due import local_day
from learning.teaching.people_lists import listed_people, wanted_people
from learning.web.catalogue import the_catalogue
from learning.web.identity import the_member, the_person
from learning.web.policies import Policy, allow

#: Where the page after a new cohort is.
_NEXT = {"department": ".cohort", "list": ".roster", "choose": ".cohort_add_people"}


@blueprint.get("/cohorts/", endpoint="cohorts")
@allow(Policy.TRAINER)
def cohorts_page() -> str:
    """All cohorts, one's own first."""
    today = local_day(now(), the_person().time_zone)
    return render_template("teaching/cohorts.html", found=cohort_list(the_member(), today), today=today)


@blueprint.route("/cohorts/new", methods=["GET", "POST"])
@allow(Policy.TRAINER)
def new_cohort() -> ResponseReturnValue:
    """Make a cohort."""
    member = the_member()
    form = NewCohortForm().offering(organization.departments(member))
    if request.method == "POST" and form.validate():
        try:
            cohort_id = cohorts.make_cohort(member, form.name.data, form.follows_department, now())
        except DomainError as error:
            form.name.errors = [str(error)]
        else:
            flash(_("The cohort is made."), "success")
            return redirect(url_for(_NEXT[form.way.data], cohort_id=cohort_id))
    page = render_template("teaching/cohort_new.html", form=form)
    return page, 200 if request.method == "GET" else 422


@blueprint.get("/cohorts/<cohort_id>")
@allow(Policy.TRAINER)
def cohort(cohort_id: str) -> str:
    """One cohort: what it is given, its people, its trainers."""
    member = the_member()
    return render_template(
        "teaching/cohort.html",
        page=cohort_page(member, cohort_id),
        assignments=assignment_lines(member, cohort_id, the_catalogue()),
        people=listed_people(member, cohort_id, request.args, inside=True),
        wanted=wanted_people(request.args),
        today=local_day(now(), the_person().time_zone),
    )


@blueprint.route("/cohorts/<cohort_id>/change", methods=["GET", "POST"])
@allow(Policy.TRAINER)
def change_cohort(cohort_id: str) -> ResponseReturnValue:
    """Rename a cohort, or let it follow another department."""
    member = the_member()
    head = cohort_head(member, cohort_id)
    form = CohortForm(name=head.name, department_id=head.department_id or "")
    form.offering(organization.departments(member))
    if request.method == "POST" and form.validate():
        try:
            cohorts.change_cohort(member, cohort_id, form.name.data, form.department_id.data or None)
        except DomainError as error:
            form.name.errors = [str(error)]
        else:
            flash(_("The change is saved."), "success")
            return redirect(url_for(".cohort", cohort_id=cohort_id))
    page = render_template("teaching/cohort_change.html", head=head, form=form)
    return page, 200 if request.method == "GET" else 422


@blueprint.post("/cohorts/<cohort_id>/archive")
@allow(Policy.TRAINER)
def archive_cohort(cohort_id: str) -> ResponseReturnValue:
    """Put a cohort away."""
    cohorts.archive_cohort(the_member(), cohort_id, now())
    flash(_("The cohort is archived. Its people are not reminded any more; what they did stays."))
    return redirect(url_for(".cohorts"))


@blueprint.post("/cohorts/<cohort_id>/restore")
@allow(Policy.TRAINER)
def restore_cohort(cohort_id: str) -> ResponseReturnValue:
    """Take a cohort back into use."""
    cohorts.restore_cohort(the_member(), cohort_id)
    flash(_("The cohort is in use again, with its people and assignments."), "success")
    return redirect(url_for(".cohort", cohort_id=cohort_id))


@blueprint.post("/cohorts/<cohort_id>/trainers/add")
@allow(Policy.TRAINER)
def add_cohort_trainer(cohort_id: str) -> ResponseReturnValue:
    """Let another trainer look after a cohort too."""
    member = the_member()
    cohort_head(member, cohort_id)
    chosen = request.form.get("user_id")
    if chosen:
        cohorts.add_trainer(member, cohort_id, chosen, now())
        flash(_("The trainer is added."), "success")
    else:
        flash(_("Choose a trainer first."), "warning")
    return redirect(url_for(".cohort", cohort_id=cohort_id, _anchor="trainers"))


@blueprint.post("/cohorts/<cohort_id>/trainers/remove")
@allow(Policy.TRAINER)
def remove_cohort_trainer(cohort_id: str) -> ResponseReturnValue:
    """Let a trainer look after a cohort no more."""
    cohorts.remove_trainer(the_member(), cohort_id, request.form.get("user_id", ""))
    flash(_("The trainer does not look after this cohort any more."))
    return redirect(url_for(".cohort", cohort_id=cohort_id, _anchor="trainers"))
