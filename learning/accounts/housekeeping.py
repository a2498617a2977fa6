"""Removes what has ended, so that the database does not keep what nobody needs."""

from __future__ import annotations

from datetime import datetime

from learning.accounts import credentials, devices, invitations, limits
from learning.database import unit_of_work
from learning.mail import outbox


def tidy(now: datetime) -> dict[str, int]:
    """Remove counters, sessions, links, devices and traces of mail that have ended; tell how many of each."""
    with unit_of_work() as session:
        return {
            "counters": limits.tidy(session, now),
            "sessions and one-time links": credentials.tidy(session, now),
            "invitations": invitations.tidy(session, now),
            "known devices": devices.tidy(session, now),
            "traces of mail": outbox.tidy(session, now),
        }
