"""The only clock, and months as people count them. Who asks for the time asks here, so that a test can move it."""

from calendar import monthrange
from datetime import UTC, date, datetime


def now() -> datetime:
    """The present moment, in UTC and aware of it."""
    return datetime.now(UTC)


def months_later(day: date, months: int) -> date:
    """The same day so many months later; the last of a month that has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
