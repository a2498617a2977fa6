"""Forms of the pages by which managers keep their organization."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from learning.accounts.forms import follows
from learning.accounts.joining import MOST_DAYS, MOST_USES
from learning.accounts.names import email_address, person_name
from learning.accounts.organization import DepartmentRow
from learning.web.identity import Role

_LENGTH = Length(max=500, message=_("This is too long. Shorten it."))
ROLES = (
    SelectChoice(Role.LEARNER.value, _("Learner: reads, takes quizzes, sees their own results")),
    SelectChoice(Role.TRAINER.value, _("Trainer: also sees how far everybody is")),
    SelectChoice(Role.MANAGER.value, _("Manager: keeps people, departments and links")),
)


class DepartmentChoice(FlaskForm):  # type: ignore[misc]
    """A choice among the departments of the organization, or none."""

    department_id = SelectField(_("Department"))

    def offering(self, departments: Sequence[DepartmentRow]) -> Self:
        """Offer these departments and no others."""
        self.department_id.choices = [
            SelectChoice("", gettext("No department")),
            *(SelectChoice(department.id, department.name) for department in departments),
        ]
        return self


class PlaceForm(DepartmentChoice):
    """Role and department of a person."""

    role = SelectField(_("Role"), choices=ROLES, default=Role.LEARNER.value)


class InviteForm(PlaceForm):
    """Who is invited by mail."""

    name = StringField(_("Name"), [DataRequired(_("Type the person's name.")), _LENGTH, follows(person_name)])
    email = StringField(
        _("E-mail address"),
        [DataRequired(_("Type the person's e-mail address.")), _LENGTH, follows(email_address)],
    )


class AddPersonForm(PlaceForm):
    """A person without an e-mail address."""

    name = StringField(_("Name"), [DataRequired(_("Type the person's name.")), _LENGTH, follows(person_name)])
    number = StringField(
        _("Employee number"),
        [DataRequired(_("Type a number or a short name.")), _LENGTH],
        description=_("Letters and digits without spaces. The sign-in name is made from it."),
    )


class AddPeopleForm(PlaceForm):
    """Several people without an e-mail address."""

    people = TextAreaField(
        _("People"),
        [InputRequired(_("Write one person on each line.")), Length(max=40_000, message=_("Send the list in parts."))],
        description=_("One person on each line: name, comma, employee number. You can paste two columns of a table."),
    )


class DepartmentForm(FlaskForm):  # type: ignore[misc]
    """The name of a department."""

    name = StringField(_("Name of the department"), [DataRequired(_("Type a name.")), _LENGTH, follows(person_name)])


class JoinLinkForm(DepartmentChoice):
    """A new join link."""

    maximum_uses = IntegerField(
        _("For how many people"),
        [NumberRange(1, MOST_USES, _("Give a number from %(min)s to %(max)s."))],
        default=30,
    )
    days = IntegerField(
        _("For how many days"), [NumberRange(1, MOST_DAYS, _("Give a number from %(min)s to %(max)s."))], default=14
    )
