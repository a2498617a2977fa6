"""Requests against two servers in turn, and the ratio of their speeds."""

from __future__ import annotations

import http.client
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

ROUNDS = 9


@dataclass
class Browser:
    """One kept-alive connection with a cookie."""

    port: int
    cookie: str = ""
    #: Where the last form led to.
    location: str = ""

    def __post_init__(self) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def send(self, method: str, path: str, body: str | None = None, **headers: str) -> bytes:
        """One request; fails on any status but 200 and 204, and 302 after a form."""
        headers = {"Cookie": self.cookie, "Accept-Encoding": "br", **headers}
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        content = response.read()
        if cookie := response.getheader("Set-Cookie"):
            self.cookie = cookie.split(";")[0]
        if method == "POST" and response.status == 302:
            self.location = response.getheader("Location", "")
        elif response.status not in {200, 204}:
            raise RuntimeError(f"{method} {path} gave {response.status}: {content[:200]!r}")
        return content


def seconds_each(action: Callable[[], object], count: int) -> float:
    """Mean time of one call over a block of calls."""
    started = time.perf_counter()
    for _ in range(count):
        action()
    return (time.perf_counter() - started) / count


@dataclass(frozen=True)
class Ratio:
    """Speed of ours against the baseline: 1 is as fast, 0.5 is half as fast."""

    ours_ms: float
    bare_ms: float
    ratio: float
    low: float
    high: float


def compare(ours: Callable[[], object], bare: Callable[[], object], count: int) -> Ratio:
    """Blocks of both in turn, after a warm-up; the median of the ratios pair by pair."""
    seconds_each(ours, count), seconds_each(bare, count)
    pairs = [(seconds_each(ours, count), seconds_each(bare, count)) for _ in range(ROUNDS)]
    ratios = sorted(bare_time / our_time for our_time, bare_time in pairs)
    return Ratio(
        1000 * statistics.median(pair[0] for pair in pairs),
        1000 * statistics.median(pair[1] for pair in pairs),
        statistics.median(ratios),
        ratios[0],
        ratios[-1],
    )
