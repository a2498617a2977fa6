"""What happens to assignments by itself."""

from __future__ import annotations

from datetime import datetime

from learning.background import task
from learning.teaching.digests import send_digests
from learning.teaching.reminders import remind_due
from learning.teaching.repeating import repeat_assignments
from learning.web.catalogue import the_catalogue


@task("assignments remind", minute="10")
def remind(now: datetime) -> None:
    """Remind everybody who is owed it. Every hour, since it is morning somewhere."""
    remind_due(the_catalogue(), now)


@task("assignments digest", minute="20")
def digest(now: datetime) -> None:
    """Tell trainers how their cohorts stand, in the first hour of their week in which the site runs."""
    send_digests(the_catalogue(), now)


@task("assignments repeat", minute="30")
def repeat(now: datetime) -> None:
    """Assign again what repeats itself."""
    repeat_assignments(now)
