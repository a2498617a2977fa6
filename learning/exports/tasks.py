"""Exports that are made, and removed, by themselves."""

from __future__ import annotations

from datetime import datetime

from learning.background import task
from learning.exports import service
from learning.web.catalogue import the_catalogue


@task(service.MAKING)
def make(now: datetime) -> None:
    """Make what was asked for."""
    service.make_due(the_catalogue(), now)


@task("exports tidy", minute="*/5")
def tidy(now: datetime) -> None:
    """Remove what has lain for a day, and what is nobody's any more."""
    service.tidy(now)
