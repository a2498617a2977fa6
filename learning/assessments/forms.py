"""Forms of the self-assessment. Answers have none: their choices come from the instrument."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectChoice, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from learning.assessments.models import LONGEST_ACTION, Scope
from learning.web.days import day_field


class StartForm(FlaskForm):  # type: ignore[misc]
    """What one has in mind while answering."""

    scope = RadioField(
        _("Which workplace do you have in mind?"),
        [InputRequired(_("Choose what you will think of while you answer."))],
        choices=[
            SelectChoice(Scope.ORGANIZATION.value, _("My workplace: the whole organization")),
            SelectChoice(Scope.DEPARTMENT.value, _("My department")),
        ],
        description=_("Keep to it on every page. Only results with the same choice are compared later."),
    )


class ActionForm(FlaskForm):  # type: ignore[misc]
    """Something to do."""

    what = StringField(
        _("What I will do"),
        [
            DataRequired(_("Write what you want to do.")),
            Length(max=LONGEST_ACTION, message=_("This is too long. Shorten it to 300 characters.")),
        ],
        description=_("One thing that you can do yourself, such as: ask who reads the water meter."),
    )
    due_on = day_field(_("By when"), Optional(), hint=_("You may leave this empty."))
    remind = BooleanField(
        _("Send me one mail on that day"),
        description=_("The mail says that something is due, not what: others might see it."),
    )

    def validate_remind(self, field: BooleanField) -> None:
        """A mail needs a day."""
        if field.data and self.due_on.data is None and not self.due_on.errors:
            raise ValidationError(_("Choose the day on which the mail shall come, or leave this empty."))
