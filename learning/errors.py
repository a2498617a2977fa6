"""Errors of the domain: a verb raises one when it must not go on; ``web.errors`` shows it as a page."""

from __future__ import annotations


class DomainError(Exception):
    """What happened and what to do, as one or two sentences for the person.

    They go through gettext where the error is made: in a request in the person's language, in a command in English.
    """

    #: HTTP status under which it is shown.
    status = 409


class NotFound(DomainError):
    """It does not exist, or this person may not know of it: the two look the same."""

    status = 404
