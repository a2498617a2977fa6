"""Why a verb of practice does not go on."""

from __future__ import annotations

from flask_babel import gettext as _

from learning.errors import DomainError
from learning.practice.models import LONGEST_NOTE, LONGEST_TEXT


class NothingHandedIn(DomainError):
    """There is neither a text nor a photo."""

    status = 422

    def __init__(self) -> None:
        super().__init__(
            _("Write up to %(most)d characters, or add a photo: one of the two is enough.", most=LONGEST_TEXT)
        )


class OnlyAPhoto(DomainError):
    """What waits would be empty without its photo."""

    def __init__(self) -> None:
        super().__init__(_("Without its photo nothing would be left here. Write something first, or take it back."))


class Confirmed(DomainError):
    """What was confirmed stays as it is."""

    def __init__(self) -> None:
        super().__init__(_("This was confirmed already, so it stays as it is. You can still delete its photo."))


class PhotoMuchTooLarge(DomainError):
    """What was sent is so large that it is not even read, so the text that came with it cannot be shown again."""

    status = 413

    def __init__(self) -> None:
        super().__init__(
            _(
                "The photo is larger than 8 MB, so nothing was taken. Go back: your browser still has what you typed. "
                "Choose a smaller photo, or none, and send it again."
            )
        )


class DecidedAlready(DomainError):
    """Somebody else was faster, or its owner took it back."""

    def __init__(self) -> None:
        super().__init__(_("Somebody else has decided on this already. Open the list again to see what still waits."))


class ChangedMeanwhile(DomainError):
    """Its owner changed it after the page was opened."""

    def __init__(self) -> None:
        super().__init__(_("It was changed after you opened it. Open it again, look at it, and then decide."))


class OnesOwn(DomainError):
    """Nobody confirms what they did themselves."""

    def __init__(self) -> None:
        super().__init__(_("This is your own. Somebody else has to confirm it: show them the code on your page."))


class NoNote(DomainError):
    """Whoever returns something says what is missing."""

    status = 422

    def __init__(self) -> None:
        super().__init__(_("Say in 1 to %(most)d characters what is missing: the person reads it.", most=LONGEST_NOTE))


class NoteTooLong(DomainError):
    """The note has its limit."""

    status = 422

    def __init__(self) -> None:
        super().__init__(_("Shorten the note to %(most)d characters.", most=LONGEST_NOTE))
