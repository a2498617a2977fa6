"""People's data as they are tidied by themselves."""

from __future__ import annotations

from datetime import datetime

from learning.accounts import housekeeping
from learning.background import task


@task("people tidy", minute="17", hour="3")
def tidy(now: datetime) -> None:
    """Remove what has ended, once a night."""
    housekeeping.tidy(now)
