"""What waves need without anybody pressing a button."""

from __future__ import annotations

from datetime import datetime

from learning.background import task
from learning.ballots import service as ballots
from learning.campaigns.closing import close_due
from learning.campaigns.reminding import remind_due


@task("campaigns close", minute="*/5")
def close(now: datetime) -> None:
    """Close what is over, and finish closings that were cut off.

    Afterwards among the ballots alone: of an opening that died there may be a wave that no campaign knows.
    """
    close_due(now)
    ballots.close_due(now)


@task("campaigns remind", minute="40")
def remind(now: datetime) -> None:
    """Remind everybody where a promised day has come. Every hour, since it is day somewhere."""
    remind_due(now)


@task("campaigns participation", minute="50")
def count(now: datetime) -> None:
    """Work out the bands of participation; they change at most once a day."""
    ballots.refresh_participation(now)
