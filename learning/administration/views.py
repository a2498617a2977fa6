"""Pages of administrators."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learning.accounts.invitations import TooManyInvitations
from learning.administration import queries, service
from learning.administration.forms import ManagerForm, OrganizationForm
from learning.assessments.quality import releases
from learning.clock import now
from learning.psychometrics.instrument_quality import FEWEST_FOR_OMEGA, FEWEST_PEOPLE, WEAK_ITEM
from learning.web.identity import the_person
from learning.web.policies import Policy, allow

blueprint = Blueprint("administration", __name__, url_prefix="/administration")


@blueprint.get("/")
@allow(Policy.ADMINISTRATOR)
def overview() -> str:
    """How the site is."""
    found = queries.overview(current_app.extensions["settings"].store)
    return render_template("administration/overview.html", overview=found)


@blueprint.route("/organizations/add", methods=["GET", "POST"])
@allow(Policy.ADMINISTRATOR)
def add_organization() -> ResponseReturnValue:
    """Add an organization and invite its first manager."""
    form = OrganizationForm()
    if request.method == "POST" and form.validate():
        try:
            service.add_organization(
                the_person(), form.name.data, form.code.data, form.manager_name.data, form.manager_email.data, now()
            )
        except service.CodeTaken as error:
            form.code.errors = [str(error)]
        except TooManyInvitations as error:
            form.manager_email.errors = [str(error)]
        else:
            flash(_("The organization is added. The invitation of its manager is on its way."))
            return redirect(url_for(".overview"))
    page = render_template("administration/add_organization.html", form=form)
    return page, 200 if request.method == "GET" else 422


@blueprint.route("/organizations/<organization_id>/invite-manager", methods=["GET", "POST"])
@allow(Policy.ADMINISTRATOR)
def invite_manager(organization_id: str) -> ResponseReturnValue:
    """Invite a manager, as when the first invitation has expired."""
    name = queries.organization_name(organization_id)
    form = ManagerForm()
    if request.method == "POST" and form.validate():
        try:
            service.invite_manager(
                the_person(), organization_id, form.manager_name.data, form.manager_email.data, now()
            )
        except TooManyInvitations as error:
            form.manager_email.errors = [str(error)]
        else:
            flash(_("The invitation is on its way."))
            return redirect(url_for(".overview"))
    page = render_template("administration/invite_manager.html", form=form, organization_name=name)
    return page, 200 if request.method == "GET" else 422


@blueprint.get("/questionnaires")
@allow(Policy.ADMINISTRATOR)
def questionnaires() -> str:
    """How good the instruments are, over many people, never one."""
    return render_template(
        "administration/quality.html",
        releases=releases(),
        fewest=FEWEST_PEOPLE,
        fewest_for_omega=FEWEST_FOR_OMEGA,
        weak_item=WEAK_ITEM,
    )
