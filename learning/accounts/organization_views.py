"""Pages by which managers keep the people and departments of their organization."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learning.accounts import cards, invitations, joining, membership, organization
from learning.accounts.forms import TimeZoneForm
from learning.accounts.organization_forms import (
    AddPeopleForm,
    AddPersonForm,
    DepartmentForm,
    InviteForm,
    JoinLinkForm,
    PlaceForm,
)
from learning.accounts.qr import draw
from learning.accounts.time_zones import organization_zone, set_organization_zone
from learning.clock import now
from learning.errors import DomainError
from learning.web.identity import Role, the_member
from learning.web.policies import Policy, allow
from learning.web.public_url import public_url_for

blueprint = Blueprint("organization", __name__, url_prefix="/organization")


def _sent_filter() -> organization.PeopleFilter:
    """The filter of the address; what is no role or number is left out."""
    role = request.args.get("role", "")
    page = request.args.get("page", "1")
    return organization.PeopleFilter(
        text=request.args.get("q", "")[:100].strip(),
        role=Role(role) if role in set(Role) else None,
        department_id=request.args.get("department", ""),
        page=int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1,
    )


@blueprint.get("/people")
@allow(Policy.MANAGER)
def people() -> str:
    """The people of the organization."""
    member, wanted = the_member(), _sent_filter()
    return render_template(
        "organization/people.html",
        people=organization.people(member, wanted),
        departments=organization.departments(member),
        wanted=wanted,
    )


@blueprint.route("/people/add", methods=["GET", "POST"])
@allow(Policy.MANAGER)
def add_person() -> ResponseReturnValue:
    """Add one person without an e-mail address and print the card."""
    member = the_member()
    form = AddPersonForm().offering(organization.departments(member))
    code = cards.organization_code_of(member)
    if request.method == "POST" and form.validate():
        try:
            card = cards.add_person(member, form.name.data, form.number.data, _place(form), now())
        except DomainError as error:
            form.number.errors = [str(error)]
        else:
            return _cards_page([card])
    page = render_template("organization/add_person.html", form=form, code=code)
    return page, 200 if request.method == "GET" else 422


@blueprint.route("/people/add-several", methods=["GET", "POST"])
@allow(Policy.MANAGER)
def add_people() -> ResponseReturnValue:
    """Add a pasted list of people and print their cards."""
    member = the_member()
    form = AddPeopleForm().offering(organization.departments(member))
    problems: Sequence[str] = ()
    if request.method == "POST" and form.validate():
        try:
            return _cards_page(cards.add_people(member, form.people.data, _place(form), now()))
        except cards.BadLines as error:
            problems = error.problems
    page = render_template(
        "organization/add_people.html", form=form, code=cards.organization_code_of(member), problems=problems
    )
    return page, 200 if request.method == "GET" else 422


def _place(form: PlaceForm) -> cards.Place:
    return cards.Place(Role(form.role.data), form.department_id.data or None)


def _cards_page(made: Sequence[cards.Card]) -> str:
    """Cards to print. The code travels in the fragment, which a browser does not send anywhere."""
    address = public_url_for("accounts.first_sign_in")
    drawn = [(card, draw(f"{address}#login={card.sign_in_name}&code={cards.fold_code(card.code)}")) for card in made]
    return render_template("organization/cards.html", cards=drawn, address=address, days=cards.LIVES.days)


@blueprint.route("/people/<user_id>", methods=["GET", "POST"])
@allow(Policy.MANAGER)
def person(user_id: str) -> ResponseReturnValue:
    """Role and department of one person."""
    member = the_member()
    found = organization.person(member, user_id)
    form = PlaceForm(role=found.role.value, department_id=found.department_id or "")
    form.offering(organization.departments(member))
    if request.method == "GET":
        return render_template("organization/person.html", person=found, form=form)
    if not form.validate():
        return render_template("organization/person.html", person=found, form=form), 422
    membership.change_member(member, user_id, Role(form.role.data), form.department_id.data or None, now())
    flash(_("The change is saved."))
    return redirect(url_for(".people"))


@blueprint.post("/people/<user_id>/card")
@allow(Policy.MANAGER)
def new_card(user_id: str) -> str:
    """Print another card for a person without an e-mail address."""
    return _cards_page([cards.new_card(the_member(), user_id, now())])


@blueprint.route("/people/<user_id>/end", methods=["GET", "POST"])
@allow(Policy.MANAGER)
def end_membership(user_id: str) -> ResponseReturnValue:
    """End a membership, after asking once."""
    member = the_member()
    found = organization.person(member, user_id)
    if request.method == "GET":
        return render_template("organization/end_membership.html", person=found)
    membership.end_membership(member, user_id, now())
    flash(_("%(name)s is no longer in your organization.", name=found.name))
    return redirect(url_for(".people"))


@blueprint.route("/departments", methods=["GET", "POST"])
@allow(Policy.MANAGER)
def departments() -> ResponseReturnValue:
    """The departments, and a form to add one."""
    member = the_member()
    form = DepartmentForm()
    if request.method == "POST" and form.validate():
        try:
            membership.add_department(member, form.name.data)
        except DomainError as error:
            form.name.errors = [str(error)]
        else:
            flash(_("The department is added."))
            return redirect(url_for(".departments"))
    page = render_template("organization/departments.html", departments=organization.departments(member), form=form)
    return page, 200 if request.method == "GET" else 422


@blueprint.route("/departments/<department_id>", methods=["GET", "POST"])
@allow(Policy.MANAGER)
def department(department_id: str) -> ResponseReturnValue:
    """Rename a department."""
    member = the_member()
    found = organization.department(member, department_id)
    form = DepartmentForm(name=found.name)
    if request.method == "POST" and form.validate():
        try:
            membership.rename_department(member, department_id, form.name.data)
        except membership.NameTaken as error:
            form.name.errors = [str(error)]
        else:
            flash(_("The department is renamed."))
            return redirect(url_for(".departments"))
    page = render_template("organization/department.html", department=found, form=form)
    return page, 200 if request.method == "GET" else 422


@blueprint.post("/departments/<department_id>/remove")
@allow(Policy.MANAGER)
def remove_department(department_id: str) -> ResponseReturnValue:
    """Remove a department that has no people."""
    membership.remove_department(the_member(), department_id)
    flash(_("The department is removed."))
    return redirect(url_for(".departments"))


@blueprint.route("/time-zone", methods=["GET", "POST"])
@allow(Policy.MANAGER)
def time_zone() -> ResponseReturnValue:
    """Where days begin and end for the people of the organization."""
    member = the_member()
    form = TimeZoneForm(time_zone=organization_zone(member)).offering()
    if request.method == "POST" and form.validate():
        set_organization_zone(member, form.time_zone.data)
        flash(_("The time zone is saved."))
        return redirect(url_for(".time_zone"))
    page = render_template("organization/time_zone.html", form=form)
    return page, 200 if request.method == "GET" else 422


@blueprint.route("/invitations", endpoint="invitations", methods=["GET", "POST"])
@allow(Policy.MANAGER)
def invitations_page() -> ResponseReturnValue:
    """Invitations, and a form to send one."""
    member = the_member()
    form = InviteForm().offering(organization.departments(member))
    if request.method == "POST" and form.validate():
        role, department_id = Role(form.role.data), form.department_id.data or None
        try:
            invitations.invite(member, form.email.data, form.name.data, role, department_id, now())
        except (invitations.AlreadyHere, invitations.TooManyInvitations) as error:
            form.email.errors = [str(error)]
        else:
            flash(_("The invitation is on its way. It works for %(days)s days.", days=invitations.LIVES.days))
            return redirect(url_for(".invitations"))
    page = render_template(
        "organization/invitations.html", form=form, invitations=organization.invitations(member, now())
    )
    return page, 200 if request.method == "GET" else 422


@blueprint.post("/invitations/<invitation_id>/withdraw")
@allow(Policy.MANAGER)
def withdraw_invitation(invitation_id: str) -> ResponseReturnValue:
    """Withdraw an invitation that was not used."""
    invitations.withdraw(the_member(), invitation_id)
    flash(_("The invitation is withdrawn. Its link does not work any more."))
    return redirect(url_for(".invitations"))


@blueprint.route("/join-links", methods=["GET", "POST"])
@allow(Policy.MANAGER)
def join_links() -> ResponseReturnValue:
    """Join links, and a form to make one. A new link is shown once."""
    member = the_member()
    form = JoinLinkForm().offering(organization.departments(member))
    if request.method == "POST" and form.validate():
        department_id = form.department_id.data or None
        token = joining.make_link(member, department_id, form.maximum_uses.data, form.days.data, now())
        address = public_url_for("accounts.join", token=token)
        return render_template("organization/join_link.html", address=address, qr_code=draw(address), form=form)
    page = render_template("organization/join_links.html", form=form, links=organization.join_links(member, now()))
    return page, 200 if request.method == "GET" else 422


@blueprint.post("/join-links/<link_id>/end")
@allow(Policy.MANAGER)
def end_join_link(link_id: str) -> ResponseReturnValue:
    """End a join link."""
    joining.end_link(the_member(), link_id, now())
    flash(_("The link does not work any more. Who joined by it stays."))
    return redirect(url_for(".join_links"))
