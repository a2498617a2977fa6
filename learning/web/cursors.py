"""Where the page before ended, in lists ordered by a moment: the moment itself and an id, so that the next page is found
even if that row is gone by then."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_INSTANT = timedelta(microseconds=1)
#: Digits of a cursor's moment: microseconds until the year 5000.
_LONGEST = 18


def write_cursor(moment: datetime, row_id: str) -> str:
    """A cursor as an address carries it."""
    return f"{(moment - _EPOCH) // _INSTANT}.{row_id}"


def read_cursor(text: str) -> tuple[datetime, str] | None:
    """Moment and id; None for what is no cursor, which leads to the first page."""
    digits, _dot, row_id = text.partition(".")
    if not (digits.isascii() and digits.isdigit() and len(digits) < _LONGEST and row_id):
        return None
    return _EPOCH + int(digits) * _INSTANT, row_id
