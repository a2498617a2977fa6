"""Quizzes as they go on by themselves."""

from __future__ import annotations

from datetime import datetime

from learning.background import task
from learning.quizzes.service import SWEPT_AT_ONCE, sweep_overdue


@task("quizzes sweep")
def sweep(now: datetime) -> None:
    """Hand in every attempt whose time is up. Whoever opens one earlier hands it in then."""
    while sweep_overdue(now) == SWEPT_AT_ONCE:
        pass
