"""Why a verb of ideas does not go on."""

from __future__ import annotations

from flask_babel import gettext as _

from learning.errors import DomainError


class IdeaDecided(DomainError):
    """It was answered; both stay so that others can read them."""

    def __init__(self) -> None:
        super().__init__(
            _("This idea has an answer already, so it stays. Hand in another one if you see it otherwise now.")
        )


class AnsweredMeanwhile(DomainError):
    """Another manager was quicker."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Somebody else has answered this idea since you opened the page. Read their answer above; yours is "
                "still below."
            )
        )


class TooManyIdeas(DomainError):
    """A flood, by mistake or not."""

    status = 429

    def __init__(self) -> None:
        super().__init__(
            _("Your organization has handed in very many ideas today. Keep yours and hand it in tomorrow.")
        )
