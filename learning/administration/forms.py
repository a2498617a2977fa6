"""Forms of administrators."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from learning.accounts.forms import follows
from learning.accounts.names import email_address, organization_code, person_name

_LENGTH = Length(max=500, message=_("This is too long. Shorten it."))


class ManagerForm(FlaskForm):  # type: ignore[misc]
    """Who is invited as a manager."""

    manager_name = StringField(_("Name"), [DataRequired(_("Type the manager's name.")), _LENGTH, follows(person_name)])
    manager_email = StringField(
        _("E-mail address"),
        [DataRequired(_("Type the manager's e-mail address.")), _LENGTH, follows(email_address)],
    )


class OrganizationForm(ManagerForm):
    """A new organization and its first manager."""

    name = StringField(
        _("Name of the organization"), [DataRequired(_("Type its name.")), _LENGTH, follows(person_name)]
    )
    code = StringField(
        _("Code"),
        [DataRequired(_("Type a short code.")), _LENGTH, follows(organization_code)],
        description=_("Short, such as river-mill. Sign-in names of people without an address begin with it."),
    )
