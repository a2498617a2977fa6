"""Why an export is not made."""

from __future__ import annotations

from flask_babel import gettext as _

from learning.errors import DomainError


class TooManyExports(DomainError):
    """Somebody has enough files waiting."""

    status = 422

    def __init__(self, most: int) -> None:
        super().__init__(
            _("You have %(most)d exports already. Remove one that you do not need any more, then ask again.", most=most)
        )


class TooManyPeople(DomainError):
    """A printed record of so many people would be read by nobody."""

    status = 422

    def __init__(self, most: int) -> None:
        super().__init__(
            _(
                "A record on paper holds at most %(most)d people, and this cohort has more. "
                "Take the table of its progress as a spreadsheet, or make smaller cohorts.",
                most=most,
            )
        )
