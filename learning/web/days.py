"""Days as forms take them: one way to type them, and one bound for all."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import DateField, Field, Form
from wtforms.validators import ValidationError

#: The first is what a browser sends and is shown; the other is what people type where there is no date picker.
_FORMATS = ["%Y-%m-%d", "%d.%m.%Y"]
#: Far from the ends of the calendar, where a day more or another time zone is no date any longer.
_YEARS = range(2000, 2200)


def in_our_time(form: Form, field: Field) -> None:
    """Refuse years that are slips of the finger, of a day or a moment. Raises ValidationError."""
    day: date | None = field.data
    if day and day.year not in _YEARS:
        raise ValidationError(gettext("Check the year: it has four digits and begins with 20 or 21."))


def day_field(label: str, *validators: object, hint: str = "") -> DateField:
    """A day of our time. ``validators``: of wtforms, for whether it may be left empty."""
    return DateField(
        label,
        [*validators, in_our_time],
        format=_FORMATS,
        invalid_value_message=_("Give a day, such as 2030-01-31."),
        description=hint,
    )
