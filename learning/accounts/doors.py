"""Pages for people who come in by a link, a card or a reset: everybody may open them, the secret is the right."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from learning.accounts import cards, credentials, invitations, joining
from learning.accounts.authentication import WrongSignIn
from learning.accounts.blueprint import blueprint
from learning.accounts.browser import let_in, the_visitor
from learning.accounts.forms import (
    AddressForm,
    CurrentPasswordForm,
    FirstSignInForm,
    JoinByAddressForm,
    JoinByNumberForm,
    NewAccountForm,
    NewPasswordForm,
)
from learning.accounts.names import BadName
from learning.accounts.passwords import WeakPassword
from learning.clock import now
from learning.errors import DomainError
from learning.web.policies import Policy, allow


@blueprint.route("/first-sign-in", methods=["GET", "POST"])
@allow(Policy.PUBLIC)
def first_sign_in() -> ResponseReturnValue:
    """Enter what stands on the card; then choose a password."""
    form = FirstSignInForm()
    if request.method == "GET":
        return render_template("accounts/first_sign_in.html", form=form)
    if not form.validate():
        return render_template("accounts/first_sign_in.html", form=form), 422
    try:
        cards.holder_of(form.login.data, form.code.data, the_visitor(), now())
    except DomainError as error:
        return render_template("accounts/first_sign_in.html", form=form, problem=str(error)), error.status
    return render_template("accounts/first_password.html", form=NewPasswordForm(), card=form)


@blueprint.post("/first-sign-in/password")
@allow(Policy.PUBLIC)
def first_password() -> ResponseReturnValue:
    """Choose a password with the code of the card, and be signed in."""
    card, form = FirstSignInForm(), NewPasswordForm()
    if not card.validate():
        return render_template("accounts/first_sign_in.html", form=card), 422
    if not form.validate():
        return render_template("accounts/first_password.html", form=form, card=card), 422
    try:
        signed = cards.use_card(card.login.data, card.code.data, form.password.data, the_visitor(), now())
    except WeakPassword as error:
        form.password.errors = [str(error)]
        return render_template("accounts/first_password.html", form=form, card=card), error.status
    except DomainError as error:
        return render_template("accounts/first_sign_in.html", form=card, problem=str(error)), error.status
    return let_in(signed)


@blueprint.route("/forgotten", methods=["GET", "POST"])
@allow(Policy.PUBLIC)
def request_reset() -> ResponseReturnValue:
    """Ask for a link to set a new password. The answer is the same for every address."""
    form = AddressForm()
    if request.method == "GET":
        return render_template("accounts/request_reset.html", form=form)
    if not form.validate():
        return render_template("accounts/request_reset.html", form=form), 422
    credentials.request_reset(form.email.data, the_visitor(), now())
    return render_template("accounts/look_into_mail.html", minutes=60)


@blueprint.route("/reset/<token>", methods=["GET", "POST"])
@allow(Policy.PUBLIC)
def reset(token: str) -> ResponseReturnValue:
    """Set a new password by a link."""
    form = NewPasswordForm()
    if request.method == "GET":
        credentials.person_of_reset(token, now())
        return render_template("accounts/reset.html", form=form)
    if not form.validate():
        return render_template("accounts/reset.html", form=form), 422
    try:
        signed = credentials.reset_password(token, form.password.data, the_visitor(), now())
    except WeakPassword as error:
        form.password.errors = [str(error)]
        return render_template("accounts/reset.html", form=form), error.status
    return let_in(signed)


@blueprint.get("/invitation/<token>")
@allow(Policy.PUBLIC)
def invitation(token: str) -> ResponseReturnValue:
    """What an invitation offers, and the form to accept it."""
    offer = invitations.offer_of(token, now())
    form = CurrentPasswordForm() if offer.has_password else NewAccountForm(name=offer.name)
    return _invitation_page(token, offer, form)


@blueprint.post("/invitation/<token>")
@allow(Policy.PUBLIC)
def accept_invitation(token: str) -> ResponseReturnValue:
    """Accept an invitation: with the password one has, or with a new one."""
    offer = invitations.offer_at_the_door(token, the_visitor(), now())
    if offer.has_password:
        return _accept_with_password(token, offer)
    return _accept_as_new(token, offer)


def _accept_with_password(token: str, offer: invitations.Offer) -> ResponseReturnValue:
    form = CurrentPasswordForm()
    if not form.validate():
        return _invitation_page(token, offer, form, 422)
    try:
        signed = invitations.accept_with_password(token, form.password.data, the_visitor(), now())
    except WrongSignIn as error:
        form.password.errors = [_("This is not the password of that account. Type it again.")]
        return _invitation_page(token, offer, form, error.status)
    return let_in(signed)


def _accept_as_new(token: str, offer: invitations.Offer) -> ResponseReturnValue:
    form = NewAccountForm()
    if not form.validate():
        return _invitation_page(token, offer, form, 422)
    try:
        signed = invitations.accept_as_new(token, form.name.data, form.password.data, the_visitor(), now())
    except WeakPassword as error:
        form.password.errors = [str(error)]
        return _invitation_page(token, offer, form, error.status)
    return let_in(signed)


def _invitation_page(
    token: str, offer: invitations.Offer, form: CurrentPasswordForm | NewAccountForm, status: int = 200
) -> ResponseReturnValue:
    return render_template("accounts/invitation.html", token=token, offer=offer, form=form), status


@blueprint.get("/join/<token>")
@allow(Policy.PUBLIC)
def join(token: str) -> str:
    """Choose how to join: with an address or with a number."""
    welcome = joining.welcome_of(token, now())
    return render_template("accounts/join.html", token=token, welcome=welcome)


def _welcome(token: str) -> joining.Welcome:
    if request.method == "GET":
        return joining.welcome_of(token, now())
    return joining.welcome_at_the_door(token, the_visitor(), now())


@blueprint.route("/join/<token>/address", methods=["GET", "POST"])
@allow(Policy.PUBLIC)
def join_by_address(token: str) -> ResponseReturnValue:
    """Join with an e-mail address: a mail leads on."""
    welcome = _welcome(token)
    form = JoinByAddressForm()
    if request.method == "GET":
        return render_template("accounts/join_by_address.html", welcome=welcome, form=form, token=token)
    if form.validate():
        joining.join_by_address(token, form.name.data, form.email.data, the_visitor(), now())
        return render_template("accounts/look_into_mail.html", days=invitations.LIVES.days)
    return render_template("accounts/join_by_address.html", welcome=welcome, form=form, token=token), 422


@blueprint.route("/join/<token>/number", methods=["GET", "POST"])
@allow(Policy.PUBLIC)
def join_by_number(token: str) -> ResponseReturnValue:
    """Join without an address: a sign-in name and a password."""
    welcome = _welcome(token)
    form = JoinByNumberForm()
    if request.method == "POST" and form.validate():
        try:
            signed = joining.join_by_number(
                token, form.name.data, form.number.data, form.password.data, the_visitor(), now()
            )
        except WeakPassword as error:
            form.password.errors = [str(error)]
        except (BadName, cards.Taken) as error:
            form.number.errors = [str(error)]
        else:
            return let_in(signed, url_for("accounts.account"))
    page = render_template("accounts/join_by_number.html", welcome=welcome, form=form, token=token)
    return page, 200 if request.method == "GET" else 422
