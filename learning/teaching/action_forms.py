"""Forms of what a trainer does for chosen people. Each is shown first, then sent with ``step`` to be done."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import format_date, ngettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectChoice, SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from learning.content.model import Quiz
from learning.teaching.notes import LONGEST_NOTE
from learning.teaching.nudges import LONGEST_TEXT
from learning.teaching.owing import GivenTo
from learning.teaching.placeholders import plain
from learning.web.days import day_field


def _too_long(longest: int) -> Length:
    return Length(max=longest, message=_("Shorten it to %(max)d characters.", max=longest))


class RemindForm(FlaskForm):  # type: ignore[misc]
    """What the mail says."""

    text = TextAreaField(
        _("What the mail says"),
        [DataRequired(_("Write what the mail should say.")), _too_long(LONGEST_TEXT)],
        filters=[plain],
        description=_(
            "Plain text. {name} becomes the person's name, {link} the address of their first page. "
            "Under it stands how to switch reminders off."
        ),
    )


class ExtendForm(FlaskForm):  # type: ignore[misc]
    """What is extended, and until when."""

    assignment = SelectField(_("What they get more time for"), [InputRequired(_("Choose what is extended."))])
    due_on = day_field(
        _("New last day"),
        InputRequired(_("Give the new last day.")),
        hint=_("Later than the day for everybody. It ends at midnight where the person is."),
    )

    def offer(self, given: Sequence[GivenTo]) -> None:
        """Let one of these be chosen."""
        self.assignment.choices = [
            SelectChoice(
                each.id,
                ngettext(
                    "%(title)s, %(cohort)s, due %(date)s (%(num)d of the chosen)",
                    "%(title)s, %(cohort)s, due %(date)s (%(num)d of the chosen)",
                    each.people,
                    title=each.title,
                    cohort=each.cohort,
                    date=format_date(each.due_on, "d MMM y"),
                ),
            )
            for each in given
        ]


class UnlockForm(FlaskForm):  # type: ignore[misc]
    """Which quiz may be sat once more."""

    quiz = SelectField(_("Quiz"), [InputRequired(_("Choose the quiz."))])

    def offer(self, quizzes: Sequence[Quiz]) -> None:
        """Let one of these be chosen."""
        self.quiz.choices = [
            SelectChoice(
                each.id,
                ngettext(
                    "%(title)s (%(num)d attempt allowed)",
                    "%(title)s (%(num)d attempts allowed)",
                    each.attempts,
                    title=each.title,
                ),
            )
            for each in quizzes
        ]


class NoteForm(FlaskForm):  # type: ignore[misc]
    """What is noted."""

    text = TextAreaField(
        _("Note"),
        [DataRequired(_("Write the note.")), _too_long(LONGEST_NOTE)],
        filters=[plain],
        description=_("1 to 1,000 characters. The person reads it on their first page, and so do other trainers."),
    )
