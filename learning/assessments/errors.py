"""Why a verb of the self-assessment does not go on."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _

from learning.errors import DomainError


class AssessmentFinished(DomainError):
    """A finished assessment takes no more answers."""

    def __init__(self) -> None:
        super().__init__(
            _("This self-assessment is finished. Its result stays as it is; start a new one to answer again.")
        )


class AssessmentOpen(DomainError):
    """What only a finished assessment has."""

    def __init__(self) -> None:
        super().__init__(_("This self-assessment is not finished yet. Finish it first; then its result is there."))


class BadAnswer(DomainError):
    """An answer that the item does not offer."""

    status = 422

    def __init__(self, item_id: str) -> None:
        super().__init__(
            _(
                "The answer to %(item)s is not one of those on the page. Choose one of them and save again.",
                item=item_id,
            )
        )


class OldPage(DomainError):
    """A page that was not made by this version of the site."""

    status = 422

    def __init__(self) -> None:
        super().__init__(_("The page that sent this answer is out of date. Reload it and answer again."))


class StaleAnswer(DomainError):
    """A newer answer is stored, from another tab or device."""

    def __init__(self, revision: int, value: str) -> None:
        super().__init__(
            _("A newer answer was saved in another tab. Reload the page to see it, then change it if you wish.")
        )
        self.revision = revision
        self.value = value


class StalePage(DomainError):
    """A page was older than answers that are stored by now; nothing of it was saved."""

    def __init__(self, item_ids: Iterable[str]) -> None:
        super().__init__(
            _(
                "Some answers were changed in another tab. Both are shown below: choose the one you mean, then send the page again."
            )
        )
        self.item_ids = frozenset(item_ids)


class BadAction(DomainError):
    """An action that cannot be kept as it was typed."""

    status = 422
