"""Why a verb of cohorts and assignments does not go on."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _

from learning.errors import DomainError
from learning.web.formats import day_in_words


class CohortNameTaken(DomainError):
    """Another cohort has this name."""

    status = 422

    def __init__(self) -> None:
        super().__init__(_("There is a cohort with this name already. Choose another name."))


class CohortArchived(DomainError):
    """A cohort that was put away takes no changes."""

    def __init__(self) -> None:
        super().__init__(_("This cohort is archived. Restore it first, then change it."))


class NothingChosen(DomainError):
    """Nothing was chosen to be assigned."""

    status = 422

    def __init__(self) -> None:
        super().__init__(_("Choose at least one course, quiz or self-assessment."))


class DueBeforeOpening(DomainError):
    """An assignment cannot be due before it opens."""

    status = 422

    def __init__(self) -> None:
        super().__init__(_("It would be due before it opens. Choose a due day on or after the opening day."))


class RepeatsBeforeDue(DomainError):
    """A series would open again while the one before is not yet due."""

    status = 422

    def __init__(self) -> None:
        super().__init__(
            _("It would be assigned again before it is due. Choose more months between, or an earlier due day.")
        )


class AssignmentEnded(DomainError):
    """The assignment was taken back."""

    def __init__(self) -> None:
        super().__init__(_("This assignment was taken back. Assign it again if people should do it."))


class NotLater(DomainError):
    """An extension gives more time, never less."""

    status = 422

    def __init__(self, due_on: date) -> None:
        super().__init__(
            _(
                "Everybody has until %(day)s already. Choose a later day for the people you give more time.",
                day=day_in_words(due_on),
            )
        )


class NobodySoCalled(DomainError):
    """Nobody of the organization signs in so."""

    status = 422

    def __init__(self) -> None:
        super().__init__(_("Nobody in your organization signs in with this. Check the address or sign-in name."))
