"""Mail as it happens by itself."""

from __future__ import annotations

from datetime import datetime

from learning.background import task
from learning.mail.deliver import deliver_due
from learning.mail.outbox import DELIVERY


@task(DELIVERY)
def deliver(now: datetime) -> None:
    """Deliver what is due, round after round, until nothing more goes out. It reads the clock for each mail."""
    while deliver_due():
        pass
