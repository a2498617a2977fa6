"""Forms of cohorts and of what they are given to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    Field,
    IntegerField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from learning.accounts.forms import follows
from learning.accounts.names import person_name
from learning.accounts.organization import DepartmentRow
from learning.teaching.assigned_content import Offered
from learning.teaching.assignments import Period, Thing
from learning.teaching.models import AssignmentKind
from learning.web.days import day_field

_LENGTH = Length(max=500, message=_("This is too long. Shorten it."))


class CohortForm(FlaskForm):  # type: ignore[misc]
    """Name of a cohort, and the department it follows."""

    name = StringField(
        _("Name of the cohort"),
        [DataRequired(_("Type a name.")), _LENGTH, follows(person_name)],
        description=_("Such as: Dye house, night shift. Only trainers of your organization see it."),
    )
    department_id = SelectField(
        _("Department that it follows"),
        default="",
        description=_("Whoever comes into the department is in the cohort from that day on; whoever leaves it is not."),
    )

    def offering(self, departments: Sequence[DepartmentRow]) -> Self:
        """Offer these departments, or none."""
        self.department_id.choices = [
            SelectChoice("", gettext("No department")),
            *(SelectChoice(row.id, f"{row.name} ({row.people})") for row in departments),
        ]
        return self


class NewCohortForm(CohortForm):
    """A new cohort, and how its people come into it."""

    way = RadioField(
        _("How do people come into it?"),
        [InputRequired(_("Choose how people come into the cohort."))],
        choices=[
            SelectChoice("department", _("By department: it follows the one chosen below")),
            SelectChoice("list", _("From a list: a CSV file, or addresses that you paste")),
            SelectChoice("choose", _("By hand: you choose them by name")),
        ],
    )

    def validate_department_id(self, field: Field) -> None:
        """A cohort by department needs one; another has none."""
        if self.way.data == "department" and not field.data:
            raise ValidationError(gettext("Choose the department that the cohort follows."))

    @property
    def follows_department(self) -> str | None:
        """The department, if the cohort is to follow one."""
        return self.department_id.data if self.way.data == "department" else None


class AssignForm(FlaskForm):  # type: ignore[misc]
    """What a cohort is given to do, from when to when."""

    things = SelectMultipleField(
        _("What they do"),
        [InputRequired(_("Choose at least one thing."))],
        description=_(
            "Of the self-assessment you see only whether somebody finished it: answers and scores belong to them alone."
        ),
    )
    opens_on = day_field(_("Opens on"), InputRequired(_("Give the day on which it opens.")))
    due_on = day_field(
        _("Due on"),
        InputRequired(_("Give the day on which it is due.")),
        hint=_("Until the end of that day, where each person is. Nothing closes then: who is late can still do it."),
    )
    repeat_months = IntegerField(
        _("Assign it again after so many months"),
        [Optional(), NumberRange(1, 60, _("Give a number from %(min)s to %(max)s."))],
        description=_(
            "Leave it empty for once. With 12 it comes every year, and quizzes passed before do not count again."
        ),
    )

    def offering(self, things: Sequence[Offered]) -> Self:
        """Offer these things and no others."""
        self.things.choices = [SelectChoice(each.value, f"{_KIND[each.thing.kind]}: {each.title}") for each in things]
        return self

    @property
    def chosen(self) -> list[Thing]:
        """What was chosen."""
        return [
            Thing(AssignmentKind(kind), content_id)
            for kind, _colon, content_id in (value.partition(":") for value in self.things.data or ())
        ]

    @property
    def period(self) -> Period:
        """When."""
        return Period(self.opens_on.data, self.due_on.data, self.repeat_months.data)


_KIND = {
    AssignmentKind.COURSE: _("Course"),
    AssignmentKind.ASSESSMENT: _("Self-assessment"),
    AssignmentKind.QUIZ: _("Quiz"),
}


class ExtensionForm(FlaskForm):  # type: ignore[misc]
    """More time for one person."""

    user_id = RadioField(_("Who"), [InputRequired(_("Choose the person who gets more time."))])
    due_on = day_field(_("New due day"), InputRequired(_("Give the day until which this person has time.")))


class RosterForm(FlaskForm):  # type: ignore[misc]
    """A list of people: as a file or pasted."""

    file = FileField(
        _("CSV file"),
        description=_(
            "One row for each person, with an e-mail address or a sign-in name. From Excel: “Save as”, “CSV UTF-8”. "
            "At most 20,000 rows and 2 MB."
        ),
    )
    addresses = TextAreaField(
        _("Or paste addresses"),
        description=_("One on each line, or as your mail program copies them."),
    )


class ConfirmerForm(FlaskForm):  # type: ignore[misc]
    """Who may confirm the practice of a cohort."""

    login = StringField(
        _("E-mail address or sign-in name"),
        [DataRequired(_("Give the address or sign-in name of a colleague.")), Length(max=254)],
        description=_("Anybody of your organization: a shift leader, an experienced colleague."),
    )
