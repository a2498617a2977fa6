"""The only clock. Everything that asks for the time asks here, so that a test can move it."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present moment, in UTC and aware of it."""
    return datetime.now(UTC)
