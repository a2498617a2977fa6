"""Pages of signing in and out, and of one's own account."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import SelectChoice

from learning.accounts import authentication, credentials, queries, sessions
from learning.accounts.authentication import WrongSignIn
from learning.accounts.blueprint import blueprint as blueprint
from learning.accounts.browser import let_in, let_out, the_visitor
from learning.accounts.forms import ChangePasswordForm, LanguageForm, SignInForm, TimeZoneForm, WorkInForm
from learning.accounts.profile import choose_language
from learning.accounts.time_zones import choose_zone
from learning.clock import now
from learning.errors import DomainError
from learning.web.identity import signed_in, the_member, the_person
from learning.web.policies import Policy, allow


@blueprint.route("/sign-in", methods=["GET", "POST"])
@allow(Policy.PUBLIC)
def sign_in() -> ResponseReturnValue:
    """Sign in with an address or a sign-in name."""
    form = SignInForm(next=request.args.get("next"))
    if request.method == "GET":
        return render_template("accounts/sign_in.html", form=form)
    if not form.validate():
        return render_template("accounts/sign_in.html", form=form), 422
    try:
        signed = authentication.sign_in(form.login.data, form.password.data, form.own_device.data, the_visitor(), now())
    except DomainError as error:
        return render_template("accounts/sign_in.html", form=form, problem=str(error)), error.status
    return let_in(signed, form.next.data)


@blueprint.post("/sign-out")
@allow(Policy.PUBLIC)
def sign_out() -> ResponseReturnValue:
    """End this session. Whoever has none any more gets the same page."""
    person = signed_in()
    if person is not None:
        sessions.sign_out(person)
    return let_out(redirect(url_for(".signed_out")))


@blueprint.get("/signed-out")
@allow(Policy.PUBLIC)
def signed_out() -> str:
    """The end of a visit."""
    return render_template("accounts/signed_out.html")


@blueprint.get("/account")
@allow(Policy.SIGNED_IN)
def account() -> str:
    """One's own account."""
    person = the_person()
    mine = queries.own_account(person)
    return render_template(
        "accounts/account.html",
        account=mine,
        language=_language_form(),
        time_zone=_time_zone_form(mine),
        work_in=_work_in_form(mine),
        # None for an administrator without an organization, whom nobody reminds.
        reminders_off=current_app.extensions["reminders_off"](the_member()) if person.organization_id else None,
    )


def _language_form() -> LanguageForm:
    form = LanguageForm(locale=the_person().locale or "")
    choices = queries.language_choices(_("As the browser asks"))
    form.locale.choices = [SelectChoice(*choice) for choice in choices]
    return form


def _time_zone_form(mine: queries.OwnAccount) -> TimeZoneForm:
    form = TimeZoneForm(time_zone=mine.time_zone or "")
    return form.offering(_("As my organization: %(zone)s", zone=mine.organization_time_zone.replace("_", " ")))


def _work_in_form(mine: queries.OwnAccount) -> WorkInForm:
    form = WorkInForm(organization_id=the_person().organization_id)
    form.organization_id.choices = [SelectChoice(*choice) for choice in mine.organizations]
    return form


@blueprint.post("/account/language")
@allow(Policy.SIGNED_IN)
def language() -> ResponseReturnValue:
    """Choose the language of the pages."""
    form = _language_form()
    if form.validate():
        choose_language(the_person(), form.locale.data or None)
        flash(_("The language is saved."))
    return redirect(url_for(".account"))


@blueprint.post("/account/time-zone")
@allow(Policy.SIGNED_IN)
def time_zone() -> ResponseReturnValue:
    """Choose where one's days begin and end."""
    person = the_person()
    form = _time_zone_form(queries.own_account(person))
    if form.validate():
        choose_zone(person, form.time_zone.data or None)
        flash(_("The time zone is saved."))
    return redirect(url_for(".account"))


@blueprint.post("/account/organization")
@allow(Policy.SIGNED_IN)
def work_in() -> ResponseReturnValue:
    """Go on in another organization of one's own."""
    person = the_person()
    form = _work_in_form(queries.own_account(person))
    if form.validate():
        sessions.work_in(person, form.organization_id.data)
    return redirect(url_for(".account"))


@blueprint.route("/password", methods=["GET", "POST"])
@allow(Policy.SIGNED_IN)
def change_password() -> ResponseReturnValue:
    """Change one's own password."""
    form = ChangePasswordForm()
    if request.method == "GET":
        return render_template("accounts/change_password.html", form=form)
    if not form.validate():
        return render_template("accounts/change_password.html", form=form), 422
    person = the_person()
    try:
        signed = credentials.change_password(
            person, form.current_password.data, form.new_password.data, the_visitor(), now()
        )
    except WrongSignIn:
        form.current_password.errors = [_("This is not your current password. Type it again.")]
        return render_template("accounts/change_password.html", form=form), 422
    except DomainError as error:
        form.new_password.errors = [str(error)]
        return render_template("accounts/change_password.html", form=form), error.status
    response = let_in(signed, url_for(".account"))
    flash(_("Your password is changed. You are signed out everywhere else."))
    return response


@blueprint.get("/sessions", endpoint="sessions")
@allow(Policy.SIGNED_IN)
def sessions_page() -> str:
    """Where one is signed in."""
    return render_template("accounts/sessions.html", sessions=sessions.open_sessions(the_person(), now()))


@blueprint.post("/sessions/<session_id>/end")
@allow(Policy.SIGNED_IN)
def end_session(session_id: str) -> ResponseReturnValue:
    """End one of one's own sessions."""
    sessions.end_session(the_person(), session_id)
    flash(_("That session has ended."))
    return redirect(url_for(".sessions"))


@blueprint.post("/sessions/end-others")
@allow(Policy.SIGNED_IN)
def end_other_sessions() -> ResponseReturnValue:
    """End all of one's own sessions but this one."""
    sessions.end_other_sessions(the_person())
    flash(_("You are signed out everywhere else."))
    return redirect(url_for(".sessions"))
