"""Errors of the domain: a verb raises one when it must not go on; ``web.errors`` shows it as a page."""

from __future__ import annotations


class DomainError(Exception):
    """What happened and what to do, as one or two sentences for the person."""

    #: HTTP status under which it is shown.
    status = 409


class NotFound(DomainError):
    """It does not exist, or this person may not know of it: the two look the same."""

    status = 404
