"""Forms of practice."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, FileField, TextAreaField
from wtforms.validators import Length, ValidationError

from learning.practice.models import LONGEST_NOTE, LONGEST_TEXT
from learning.practice.photos import MOST_SENT, Unreadable, shrunk
from learning.practice.shrinking import Fault


def _clean(typed: str | None) -> str:
    """Line ends in one form, no blanks around."""
    return (typed or "").replace("\r\n", "\n").replace("\r", "\n").strip()


def _shown(form: FlaskForm, field: TextAreaField) -> None:
    """Only what can be shown: no control characters but line ends."""
    if not (field.data or "").replace("\n", "").replace("\t", "").isprintable():
        raise ValidationError(gettext("This holds a character that cannot be shown. Type it again."))


def fault_text(fault: Fault) -> str:
    """Why a photo cannot be taken, and what to do."""
    match fault:
        case Fault.FORMAT:
            return gettext(
                "This is not a photo that can be read here. Choose a JPEG, PNG or WebP; an iPhone takes JPEG when its "
                "camera is set to Most Compatible."
            )
        case Fault.PIXELS:
            return gettext("This photo has more than 50 million pixels. Take it again with a smaller size.")
        case Fault.MOVES:
            return gettext("This picture moves. Choose a photo that stands still.")
        case Fault.BROKEN:
            return gettext("This photo is damaged and cannot be read. Take it again.")


def too_large_text() -> str:
    """What is said to a photo of more than may be sent, by the server and by the browser before it."""
    return gettext("This photo is larger than 8 MB. Take it again with a smaller size.")


class HandInForm(FlaskForm):  # type: ignore[misc]
    """What was done: a few lines, a photo, or both."""

    text = TextAreaField(
        _("What you did and found"),
        [Length(max=LONGEST_TEXT, message=_("This is too long. Shorten it to 2,000 characters.")), _shown],
        filters=[_clean],
        description=_("A few lines are enough, 2,000 characters at most."),
    )
    photo = FileField(
        _("Photo"),
        description=_(
            "JPEG, PNG or WebP, up to 8 MB. It is made smaller, and where and when it was taken is removed. Show things, not people."
        ),
    )
    drop_photo = BooleanField(_("Leave out the photo that is there"))

    def shrunk_photo(self) -> bytes | None:
        """The photo as it is kept; None if none was sent. Notes on the field why one cannot be taken."""
        sent = self.photo.data
        if not isinstance(sent, FileStorage) or not sent.filename:
            return None
        data = sent.stream.read(MOST_SENT + 1)
        if len(data) > MOST_SENT:
            self.photo.errors = [too_large_text()]
            return None
        try:
            return shrunk(data)
        except Unreadable as refused:
            self.photo.errors = [fault_text(refused.fault)]
            return None


class DecisionForm(FlaskForm):  # type: ignore[misc]
    """What whoever confirms says to it."""

    note = TextAreaField(
        _("Note to the person"),
        [Length(max=LONGEST_NOTE, message=_("This is too long. Shorten it to 500 characters.")), _shown],
        filters=[_clean],
        description=_("Needed when you return it: say what is missing. The person reads it."),
    )
