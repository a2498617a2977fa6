"""Events of anonymous answering, told when their day is over.

A line of a log tells when it was written: by its time, by the lines around it, by the journal it goes to. So what
happens while somebody answers is counted in memory, each kind once, and written when the day (UTC) is over or the
process ends. Nothing of it dates an answer more exactly than to the day.
"""

from __future__ import annotations

import atexit
import json
import threading
from collections import Counter
from collections.abc import Mapping
from datetime import date

import structlog
from flask import Flask

from learning.clock import now
from learning.web.anonymous import nobody_asks

log = structlog.get_logger()

#: Texts of libraries may differ each time: what comes after so many kinds is counted as one.
MOST_KINDS = 50
OTHERS = {"event": "more events in anonymous answering"}

_lock = threading.Lock()
#: Day, level, event as JSON -> how often.
_times: Counter[tuple[date, str, str]] = Counter()


def hold_back(level: str, event: Mapping[str, object]) -> None:
    """Count an event of today."""
    day = now().date()
    kind = (day, level, json.dumps(event, default=str, sort_keys=True))
    with _lock:
        known = kind in _times or len(_times) < MOST_KINDS
        _times[kind if known else (day, "error", json.dumps(OTHERS))] += 1


def tell(before: date | None = None) -> None:
    """Write the events of days that are over; without ``before`` those of today too."""
    with _lock:
        due = {kind: times for kind, times in _times.items() if before is None or kind[0] < before}
        for kind in due:
            del _times[kind]
    for (day, level, event), times in due.items():
        getattr(log, level)(**json.loads(event), day=str(day), times=times)


def init_held_back(app: Flask) -> None:
    """Tell with the first request of another day for any other page, and when the process ends."""

    @app.before_request
    def tell_what_is_over() -> None:
        if _times and not nobody_asks():
            tell(before=now().date())


atexit.register(tell)
