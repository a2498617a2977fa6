"""What is removed by itself."""

from __future__ import annotations

from datetime import datetime

from flask import current_app

from learning.background import task
from learning.practice.service import forget_leavers, sweep_photos


@task("practice sweep", minute="40")
def sweep(now: datetime) -> None:
    """Remove what people left behind who are gone, and photos that nothing names any more."""
    folder = current_app.extensions["settings"].photos
    forget_leavers(folder, now)
    sweep_photos(folder)
