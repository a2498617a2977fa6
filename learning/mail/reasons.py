"""Why a mail goes to a member. It may wait for hours: when it is to leave, whoever gave the reason is asked again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import current_app


@dataclass(frozen=True, slots=True)
class Reason:
    """What a mail is sent for, and to whom as a member of which organization."""

    #: One of the words that create_app knows.
    kind: str
    organization_id: str
    user_id: str

    def __str__(self) -> str:
        return f"{self.kind} {self.organization_id} {self.user_id}"


#: Whether a mail is still to be sent for a reason at a moment.
Holds = Callable[[Reason, datetime], bool]


def still_holds(reason: Reason, now: datetime) -> bool:
    """Whether a mail is still to be sent. Features answer; create_app hands them in, by the kind of reason."""
    asked: dict[str, Holds] = current_app.extensions["mail_reasons"]
    holds = asked.get(reason.kind)
    # A kind that nobody knows is of a later version, which was taken back since: no ground to hold mail up.
    return holds is None or holds(reason, now)
