"""Why a verb of the review does not go on."""

from __future__ import annotations

from flask_babel import gettext as _

from learning.errors import DomainError


class SwitchedOff(DomainError):
    """The person does not want the review."""

    def __init__(self) -> None:
        super().__init__(_("Your daily review is switched off. Switch it on to answer its questions."))


class KeyWaits(DomainError):
    """Feedback would give away the key of a quiz that the person still sits."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This question belongs to a quiz that you are sitting or that has not closed yet. "
                "It comes back here when the quiz is over."
            )
        )


class NothingAnswered(DomainError):
    """There is no answer to look at."""

    status = 422

    def __init__(self) -> None:
        super().__init__(_("There is no answer yet. Answer the question, or say that you do not know."))
