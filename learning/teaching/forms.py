"""Forms of the pages by which trainers change something about a quiz."""

from __future__ import annotations

from datetime import UTC

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateTimeLocalField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from learning.quizzes.regrading import LONGEST_REASON
from learning.quizzes.windows import Window
from learning.web.days import in_our_time

#: The first is what a browser sends and is shown; the others are what people type where there is no date picker.
_FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S"]
_UNREADABLE = _("Give day and time, such as 2030-01-31 14:00, or leave it empty.")


def _moment(label: str, hint: str) -> DateTimeLocalField:
    """A moment in UTC or nothing."""
    return DateTimeLocalField(
        label,
        [Optional(), in_our_time],
        format=_FORMATS,
        tz=UTC,
        invalid_value_message=_UNREADABLE,
        description=hint,
    )


class DatesForm(FlaskForm):  # type: ignore[misc]
    """From when to when a quiz may be sat."""

    opens_at = _moment(_("Opens (UTC)"), _("Leave it empty to open the quiz at once."))
    closes_at = _moment(_("Closes (UTC)"), _("Leave it empty to keep the quiz open."))

    @property
    def window(self) -> Window:
        """What was sent."""
        return Window(self.opens_at.data, self.closes_at.data)


def _one_line(text: str | None) -> str | None:
    return " ".join(text.split()) if text else text


class RegradeForm(FlaskForm):  # type: ignore[misc]
    """Why a quiz is marked again."""

    reason = TextAreaField(
        _("Why it is marked again"),
        [
            DataRequired(_("Say why: the people concerned read it on their result.")),
            Length(
                max=LONGEST_REASON,
                message=_("Shorten it to %(max)d characters: it stands on the results of the people concerned."),
            ),
        ],
        filters=[_one_line],
        description=_(
            "1 to 300 characters. The people concerned read it on their result, such as: The key of question 4 was wrong."
        ),
    )
