"""The form by which a trainer revokes a certificate."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from learning.certificates.models import LONGEST_REASON


def _one_line(text: str | None) -> str | None:
    return " ".join(text.split()) if text else text


class RevokeForm(FlaskForm):  # type: ignore[misc]
    """Why a certificate is revoked."""

    reason = TextAreaField(
        _("Why it is revoked"),
        [
            DataRequired(_("Say why: its holder reads it.")),
            Length(max=LONGEST_REASON, message=_("Shorten it to %(max)d characters.")),
        ],
        filters=[_one_line],
        description=_(
            "1 to 300 characters. Its holder reads it on their page; whoever verifies it does not. Such as: The quiz was marked again and is no longer passed."
        ),
    )
