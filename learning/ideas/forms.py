"""Forms of ideas."""

from __future__ import annotations

from decimal import Decimal

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DecimalField, HiddenField, RadioField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from learning.ideas.models import LONGEST_ANSWER, LONGEST_IDEA, IdeaState, SavingUnit
from learning.ideas.service import Saving

WITH_NAME = "with"
WITHOUT_NAME = "without"
LARGEST_SAVING = Decimal(10) ** 11


def _clean(typed: str | None) -> str | None:
    """Line ends in one form, no blanks around."""
    return typed.replace("\r\n", "\n").replace("\r", "\n").strip() if typed else typed


def _shown(form: FlaskForm, field: TextAreaField) -> None:
    """Only what can be shown: no control characters but line ends."""
    text = (field.data or "").replace("\n", "").replace("\t", "")
    if not text.isprintable():
        raise ValidationError(_("This holds a character that cannot be shown. Type it again."))


class IdeaForm(FlaskForm):  # type: ignore[misc]
    """An idea for the box."""

    text = TextAreaField(
        _("Your idea"),
        [
            DataRequired(_("Write what you would do better.")),
            Length(max=LONGEST_IDEA, message=_("This is too long. Shorten it to 2,000 characters.")),
            _shown,
        ],
        filters=[_clean],
        description=_("What happens today, what you would do instead, and where."),
    )
    saving = DecimalField(
        _("What it could save in a year"),
        [
            Optional(),
            NumberRange(
                min=Decimal("0.01"), max=LARGEST_SAVING, message=_("Give a number above 0, or leave this empty.")
            ),
        ],
        description=_("A rough guess is enough. You may leave this empty."),
    )
    unit = SelectField(
        _("Counted in"),
        choices=[
            SelectChoice("", _("Choose")),
            SelectChoice(SavingUnit.MONEY.value, _("money, in the company's currency")),
            SelectChoice(SavingUnit.ENERGY.value, _("kWh of energy")),
            SelectChoice(SavingUnit.WATER.value, _("m³ of water")),
            SelectChoice(SavingUnit.MATERIAL.value, _("kg of material or waste")),
        ],
    )
    name = RadioField(
        _("Shall your name stand with it?"),
        [InputRequired(_("Choose whether your name shall stand with it."))],
        choices=[
            SelectChoice(WITH_NAME, _("Yes: people may ask me about it")),
            SelectChoice(WITHOUT_NAME, _("No: hand it in without a name")),
        ],
        description=_(
            "Without a name nothing is stored that tells it is yours, so it cannot be taken back. What you write may still tell who you are."
        ),
    )

    def validate_unit(self, field: SelectField) -> None:
        """A number needs a unit. A unit alone means nothing and is left out."""
        if self.saving.data is not None and not self.saving.errors and not field.data:
            raise ValidationError(_("Choose what the number counts, or leave the number empty."))

    @property
    def estimated(self) -> Saving | None:
        """The saving, if one was given."""
        if self.saving.data is None:
            return None
        return Saving(self.saving.data.quantize(Decimal("0.01")), SavingUnit(self.unit.data))


class AnswerForm(FlaskForm):  # type: ignore[misc]
    """What the organization says to an idea."""

    state = RadioField(
        _("What becomes of it?"),
        [InputRequired(_("Choose what becomes of it."))],
        choices=[
            SelectChoice(IdeaState.PLANNED.value, _("We will do it")),
            SelectChoice(IdeaState.DONE.value, _("It is done")),
            SelectChoice(IdeaState.DECLINED.value, _("We will not do it")),
        ],
    )
    answer = TextAreaField(
        _("Your answer"),
        [
            DataRequired(_("Write an answer: whoever had the idea will look for it.")),
            Length(max=LONGEST_ANSWER, message=_("This is too long. Shorten it to 2,000 characters.")),
            _shown,
        ],
        filters=[_clean],
        description=_("Everybody in the organization can read the idea and this answer."),
    )
    #: The answer that stood there when the page was made.
    seen = HiddenField(filters=[_clean])
