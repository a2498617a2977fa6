"""Forms of signing in and of one's own account. Rules about passwords stand in ``passwords``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Self

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, Form, HiddenField, PasswordField, SelectChoice, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from learning.accounts.names import LONGEST_ADDRESS, LONGEST_NAME, BadName, email_address, person_name
from learning.accounts.time_zones import zones

_NAME_LENGTH = Length(max=4 * LONGEST_NAME, message=_("This is too long. Shorten it."))
_LOGIN_LENGTH = Length(max=4 * LONGEST_ADDRESS, message=_("This is too long. Shorten it."))


def follows(rule: Callable[[str], str]) -> Callable[[Form, Field], None]:
    """A validator that shows the error of a rule of ``names`` beside the field."""

    def validate(form: Form, field: Field) -> None:
        try:
            rule(field.data or "")
        except BadName as error:
            raise ValidationError(str(error)) from error

    return validate


class SignInForm(FlaskForm):  # type: ignore[misc]
    """Name or address, and password."""

    login = StringField(
        _("E-mail address or sign-in name"),
        [DataRequired(_("Type your e-mail address or your sign-in name.")), _LOGIN_LENGTH],
        description=_("A sign-in name stands on your card, such as river-1042."),
    )
    password = PasswordField(_("Password"), [InputRequired(_("Type your password."))])
    own_device = BooleanField(
        _("Only I use this device"),
        description=_("You stay signed in for 30 days. Leave it empty on a shared computer or tablet."),
    )
    next = HiddenField()


class ChangePasswordForm(FlaskForm):  # type: ignore[misc]
    """The current password and the new one."""

    current_password = PasswordField(_("Current password"), [InputRequired(_("Type your current password."))])
    new_password = PasswordField(
        _("New password"),
        [InputRequired(_("Type a new password."))],
        description=_("15 characters or more. Four or five words that have nothing to do with each other are good."),
    )


class NewPasswordForm(FlaskForm):  # type: ignore[misc]
    """A password for somebody who has shown a link."""

    password = PasswordField(
        _("New password"),
        [InputRequired(_("Type a new password."))],
        description=_("15 characters or more. Four or five words that have nothing to do with each other are good."),
    )


class NewAccountForm(NewPasswordForm):
    """A name and a password for somebody new."""

    name = StringField(_("Your name"), [DataRequired(_("Type your name.")), _NAME_LENGTH, follows(person_name)])


class CurrentPasswordForm(FlaskForm):  # type: ignore[misc]
    """The password that the person has already."""

    password = PasswordField(_("Your password"), [InputRequired(_("Type your password."))])


class AddressForm(FlaskForm):  # type: ignore[misc]
    """One's own e-mail address."""

    email = StringField(
        _("E-mail address"), [DataRequired(_("Type your e-mail address.")), _LOGIN_LENGTH, follows(email_address)]
    )


class FirstSignInForm(FlaskForm):  # type: ignore[misc]
    """What stands on a card."""

    login = StringField(_("Sign-in name"), [DataRequired(_("Type the sign-in name from your card.")), _LOGIN_LENGTH])
    code = StringField(
        _("Code"),
        [DataRequired(_("Type the code from your card.")), Length(max=60, message=_("The code is shorter than that."))],
        description=_("Four groups of four letters and digits. Capitals and spaces do not matter."),
    )


class JoinByAddressForm(AddressForm):
    """Who joins by a link and has an e-mail address."""

    name = StringField(_("Your name"), [DataRequired(_("Type your name.")), _NAME_LENGTH, follows(person_name)])


class JoinByNumberForm(NewAccountForm):
    """Who joins by a link without an e-mail address."""

    number = StringField(
        _("Employee number"),
        [DataRequired(_("Type your employee number, or a short name.")), _LOGIN_LENGTH],
        description=_("Letters and digits without spaces. Your sign-in name is made from it."),
    )


class LanguageForm(FlaskForm):  # type: ignore[misc]
    """The language of the pages."""

    locale = SelectField(_("Language"))


class TimeZoneForm(FlaskForm):  # type: ignore[misc]
    """Where one's days begin and end."""

    time_zone = SelectField(
        _("Time zone"), description=_("What is due on a day is due at the end of that day in this time zone.")
    )

    def offering(self, none: str | None = None) -> Self:
        """Offer all time zones, and before them, if its words are given, the choice of none."""
        first = [SelectChoice("", none)] if none else []
        self.time_zone.choices = [*first, *(SelectChoice(zone, zone.replace("_", " ")) for zone in zones())]
        return self


class WorkInForm(FlaskForm):  # type: ignore[misc]
    """Which of one's own organizations to work in."""

    organization_id = SelectField(_("Organization"))
