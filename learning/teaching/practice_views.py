"""The queue of practice that waits for a trainer, and naming colleagues who may confirm it too."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from learning.clock import now
from learning.practice import queries
from learning.practice.deciding import Confirmer
from learning.practice.models import PracticeState
from learning.practice.queries import QueueFilter
from learning.teaching import confirmers
from learning.teaching.blueprint import blueprint
from learning.teaching.cohort_forms import ConfirmerForm
from learning.teaching.cohort_people import cohort_people
from learning.teaching.cohort_queries import cohort_choices, cohort_head
from learning.teaching.errors import NobodySoCalled
from learning.web.catalogue import the_catalogue
from learning.web.identity import the_member
from learning.web.policies import Policy, allow


@blueprint.get("/practice/")
@allow(Policy.TRAINER)
def practice() -> str:
    """What waits, the oldest first."""
    member, asked = the_member(), request.args
    cohort_id, lesson_id = asked.get("cohort", ""), asked.get("lesson", "")
    state = next((each for each in PracticeState if each.value == asked.get("state")), PracticeState.HANDED_IN)
    wanted = QueueFilter(state, lesson_id, asked.get("after", ""))
    people = None
    if cohort_id:
        rows = cohort_people(member.organization_id, cohort_id=cohort_id).subquery()
        people = select(rows.c.user_id)
    page = queries.queue(Confirmer(member, trains=True), wanted, the_catalogue(), people)
    return render_template(
        "teaching/practice.html",
        page=page,
        wanted=wanted,
        cohort_id=cohort_id,
        cohorts=cohort_choices(member),
        lessons=queries.lessons_with_tasks(the_catalogue()),
        states=PracticeState,
    )


@blueprint.route("/cohorts/<cohort_id>/confirmers", methods=["GET", "POST"])
@allow(Policy.TRAINER)
def cohort_confirmers(cohort_id: str) -> ResponseReturnValue:
    """Colleagues who may confirm the practice of a cohort; name another one."""
    member = the_member()
    head = cohort_head(member, cohort_id)
    form = ConfirmerForm()
    if request.method == "POST" and form.validate():
        try:
            name = confirmers.name_confirmer(member, cohort_id, form.login.data, now())
        except NobodySoCalled as error:
            form.login.errors = [str(error)]
        else:
            flash(_("%(name)s may confirm the practice of this cohort from now on.", name=name), "success")
            return redirect(url_for(".cohort_confirmers", cohort_id=cohort_id))
    page = render_template(
        "teaching/confirmers.html", head=head, named=confirmers.confirmers_of(member, cohort_id), form=form
    )
    return page, 200 if request.method == "GET" else 422


@blueprint.post("/cohorts/<cohort_id>/confirmers/remove")
@allow(Policy.TRAINER)
def remove_cohort_confirmer(cohort_id: str) -> ResponseReturnValue:
    """Take the right back."""
    confirmers.remove_confirmer(the_member(), cohort_id, request.form.get("user_id", ""))
    flash(_("They may not confirm the practice of this cohort any more."), "success")
    return redirect(url_for(".cohort_confirmers", cohort_id=cohort_id))
