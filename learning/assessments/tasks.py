"""The self-assessment as it goes on by itself."""

from __future__ import annotations

from datetime import datetime

from learning.assessments.reminders import remind_due
from learning.background import task


@task("assessments remind", minute="5", hour="6-20")
def remind(now: datetime) -> None:
    """Remind people of actions whose day has come: each once, in the first of these hours in which the site runs."""
    remind_due(now)
