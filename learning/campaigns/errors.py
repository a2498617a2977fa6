"""Why a verb of campaigns does not go on."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from learning.campaigns.groups import TooSmall
from learning.errors import DomainError


class TooFewPeople(DomainError):
    """The organization is too small for anybody to be untraceable in it."""

    def __init__(self, people: int, least: int) -> None:
        super().__init__(
            _(
                "Your organization has %(people)d people here, and a campaign needs at least %(least)d: with fewer, "
                "answers could be traced. Use the private self-assessment instead, and talk about it together.",
                people=people,
                least=least,
            )
        )


class TitleTaken(DomainError):
    """Another campaign of the organization has this title."""

    def __init__(self) -> None:
        super().__init__(_("You have a campaign with this title already. Choose another title."))


class AlreadyOpened(DomainError):
    """People were promised how it stands: it is not changed any more."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This campaign was opened, and people were promised how their answers are used. Groups, smallest "
                "number, questions and texts do not change any more. To ask differently, begin a new campaign."
            )
        )


class LowerK(DomainError):
    """The smallest number of answers would be lowered."""

    status = 422

    def __init__(self, k: int) -> None:
        super().__init__(_("Results are told of %(k)d answers or more; this number may be raised, never lowered.", k=k))


class GroupsTooSmall(DomainError):
    """Groups with fewer than 2k people; nothing was saved."""

    status = 422

    def __init__(self, groups: Sequence[TooSmall]) -> None:
        super().__init__(" ".join(group.sentence for group in groups))
        self.groups = tuple(groups)


class BadPlan(DomainError):
    """What was typed cannot be a plan; the sentence says how to mend it."""

    status = 422


class BadDays(BadPlan):
    """Days that cannot be; says which of them."""

    def __init__(self, sentence: str, field: str) -> None:
        super().__init__(sentence)
        #: The field of the form beside which it is shown.
        self.field = field


class NotReady(DomainError):
    """Something is still missing; nothing was opened."""

    def __init__(self) -> None:
        super().__init__(_("Something is still missing. The list on the page of the campaign says what."))


class NotNow(DomainError):
    """The wave is not in a state for this."""


class CardsAreGone(DomainError):
    """The sheet was made once."""

    def __init__(self) -> None:
        super().__init__(
            _("The cards of this group were made already; their codes are kept nowhere and cannot be shown.")
        )


class OpenedMeanwhile(DomainError):
    """Somebody else opened the wave at the same time."""

    def __init__(self) -> None:
        super().__init__(_("Somebody else has opened this wave at the same time. Look at its page."))


class ChangedMeanwhile(DomainError):
    """Another manager changed it since the page was made."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Somebody else has changed this measure since you opened the page. What it says now stands above; what "
                "you typed is still below. Save again if yours is right."
            )
        )
