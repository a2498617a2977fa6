"""Forms of the pages by which managers plan a campaign."""

from __future__ import annotations

from typing import Self

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Field,
    IntegerField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from learning.accounts.forms import follows
from learning.accounts.names import person_name
from learning.campaigns.models import LEAST_K, LONGEST_NAME, LONGEST_TEXT
from learning.campaigns.planning import Days, What
from learning.content.model import Catalogue
from learning.web.days import day_field

#: More than this would hide every result.
LARGEST_K = 100
_TITLE = [
    DataRequired(_("Give the campaign a title.")),
    Length(max=LONGEST_NAME, message=_("Shorten the title to %(max)d characters.")),
    follows(person_name),
]
TEXT_LENGTH = Length(max=LONGEST_TEXT, message=_("Shorten this to %(max)d characters."))


def one_line(text: str | None) -> str | None:
    """Blanks and line ends as single blanks."""
    return " ".join(text.split()) if text else text


def _text(label: str, missing: str, hint: str) -> TextAreaField:
    return TextAreaField(label, [DataRequired(missing), TEXT_LENGTH], filters=[one_line], description=hint)


class TitleForm(FlaskForm):  # type: ignore[misc]
    """The title of a new campaign."""

    title = StringField(
        _("Title"), _TITLE, filters=[one_line], description=_("People read it, such as: Our environment 2030.")
    )


class WhatForm(TitleForm):
    """What is asked, and why."""

    instrument_id = RadioField(_("What people are asked"), [InputRequired(_("Choose what people are asked."))])
    purpose = _text(
        _("Why you ask"),
        _("Say why you ask: people read it before they answer."),
        _("One or two sentences in plain words. People read them before they answer."),
    )
    measures = _text(
        _("What you set aside to act on the results"),
        _("Say what you set aside. If there is nothing to act with, do not ask."),
        _("Money, hours, people. Without it the next answers will be fewer."),
    )
    contact = _text(
        _("Who answers questions"),
        _("Name somebody whom people can ask."),
        _("A name and where to find them. Best somebody from the works council too."),
    )
    course_ids = SelectMultipleField(_("Courses you will offer afterwards"))

    def offering(self, catalogue: Catalogue) -> Self:
        """Offer what there is."""
        self.instrument_id.choices = [
            (
                instrument.id,
                _("%(title)s (about %(minutes)d minutes)", title=instrument.title, minutes=instrument.minutes),
            )
            for instrument in catalogue.instruments.values()
            if instrument.score_headlines
        ]
        self.course_ids.choices = [(course.id, course.title) for course in catalogue.courses.values()]
        return self

    @property
    def what(self) -> What:
        """What was sent."""
        return What(
            title=self.title.data,
            instrument_id=self.instrument_id.data,
            course_ids=tuple(self.course_ids.data or ()),
            purpose=self.purpose.data,
            measures=self.measures.data,
            contact=self.contact.data,
        )


_FIRST = DataRequired(_("Choose the first day."))
_LAST = DataRequired(_("Choose the last day."))


class DaysForm(FlaskForm):  # type: ignore[misc]
    """First and last day of one wave."""

    opens_on = day_field(
        _("First day"), _FIRST, hint=_("The day on which you mean to open it. Opening is done by hand.")
    )
    closes_on = day_field(
        _("Last day"), _LAST, hint=_("Two to three weeks later. On its end the invitations are destroyed.")
    )

    @property
    def days(self) -> Days:
        """What was sent."""
        return Days(self.opens_on.data, self.closes_on.data)


class WhenForm(DaysForm):
    """The first wave, and the one after if it is planned already."""

    again_opens_on = day_field(
        _("First day of the second wave"), Optional(), hint=_("Leave both empty to plan it later.")
    )
    again_closes_on = day_field(_("Last day of the second wave"), Optional())

    def validate_again_opens_on(self, field: Field) -> None:
        """Both or none. Each field is asked when it holds a day."""
        if not (self.again_opens_on.data and self.again_closes_on.data):
            raise ValidationError(_("Give both days of the second wave, or leave both empty."))

    validate_again_closes_on = validate_again_opens_on

    @property
    def second(self) -> Days | None:
        """The second wave as it was sent, if it was."""
        if self.again_opens_on.data and self.again_closes_on.data:
            return Days(self.again_opens_on.data, self.again_closes_on.data)
        return None


class SmallestForm(FlaskForm):  # type: ignore[misc]
    """The smallest number of answers of which anything is told."""

    k = IntegerField(
        _("Tell results only of so many answers or more"),
        [
            InputRequired(_("Give a number.")),
            NumberRange(LEAST_K, LARGEST_K, _("Give a number from %(min)s to %(max)s.")),
        ],
        description=_("5 or more. You may raise it until the campaign opens; it is never lowered."),
    )


class AcceptForm(FlaskForm):  # type: ignore[misc]
    """The company stands behind the promise."""

    accepts = BooleanField(
        _("Our company makes this promise, as it reads here"),
        [DataRequired(_("Tick this if the company makes the promise. Without it the campaign does not open."))],
    )
    council_agrees = BooleanField(
        _("Our works council has seen the dossier and agrees, or we have none"),
        description=_("You can come back and tick it later."),
    )
