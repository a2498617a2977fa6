"""The form of a measure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError
from wtforms.widgets import HiddenInput

from learning.accounts.forms import follows
from learning.accounts.names import person_name
from learning.campaigns.forms import TEXT_LENGTH, one_line
from learning.campaigns.measure_models import MeasureStatus
from learning.campaigns.measures import Wanted
from learning.campaigns.models import LONGEST_NAME
from learning.web.days import day_field


class MeasureForm(FlaskForm):  # type: ignore[misc]
    """What will be done, by whom, by when, and how far it is."""

    title = StringField(
        _("Measure"),
        [
            DataRequired(_("Say in a few words what will be done.")),
            Length(max=LONGEST_NAME, message=_("Shorten the title to %(max)d characters.")),
            follows(person_name),
        ],
        filters=[one_line],
    )
    what = TextAreaField(
        _("What exactly"),
        [Optional(), TEXT_LENGTH],
        filters=[one_line],
        description=_("Where, how, and how people will notice that it is done."),
    )
    owner_id = SelectField(_("Who sees to it"), description=_("One person. They are not told by mail: tell them."))
    due_on = day_field(_("By when"), Optional())
    status = RadioField(
        _("How far it is"),
        [InputRequired(_("Choose how far it is."))],
        choices=[
            SelectChoice(MeasureStatus.PLANNED.value, _("Planned")),
            SelectChoice(MeasureStatus.GOING.value, _("Under way")),
            SelectChoice(MeasureStatus.DONE.value, _("Done")),
            SelectChoice(MeasureStatus.DROPPED.value, _("Dropped")),
        ],
        default=MeasureStatus.PLANNED.value,
    )
    reason = TextAreaField(
        _("How it stands"),
        [Optional(), TEXT_LENGTH],
        filters=[one_line],
        description=_("Needed if it is dropped: why. Kept with the day, so that one can read later how it went on."),
    )
    revision = IntegerField(widget=HiddenInput(), default=1)

    def offering(self, people: Sequence[tuple[str, str]]) -> Self:
        """Offer the people of the organization."""
        self.owner_id.choices = [
            SelectChoice("", _("Nobody yet")),
            *(SelectChoice(user_id, name) for user_id, name in people),
        ]
        return self

    def validate_reason(self, field: TextAreaField) -> None:
        """Whoever waited for it will ask."""
        if self.status.data == MeasureStatus.DROPPED.value and not (field.data or "").strip():
            raise ValidationError(_("Say why it is dropped: people who waited for it will ask."))

    @property
    def wanted(self) -> Wanted:
        """What was sent."""
        return Wanted(
            title=self.title.data,
            what=self.what.data or "",
            owner_id=self.owner_id.data or None,
            due_on=self.due_on.data,
            status=MeasureStatus(self.status.data),
            reason=self.reason.data or "",
        )
