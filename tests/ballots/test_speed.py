"""Closing a large wave: how long it takes and how much memory."""

from __future__ import annotations

import os
import secrets
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from learning.ballots.answers import Filled, to_bytes
from learning.ballots.database import reading, unit_of_work
from learning.ballots.keys import key_of
from learning.ballots.models import Response, Result, SealedResponse, SealedResult
from learning.ballots.sealing import PrivateKey, WaveKey
from learning.ballots.service import close_wave, open_wave, released
from learning.clock import now
from learning.psychometrics.wave_table import Group
from tests.ballots.waves import SMALL, numbered, opening, small_release
from tests.proof import PROVE, times

#: Answers of a wave.
MANY = times(short=3000, full=100_000)
#: Megabytes that closing may add: the answers as bytes, and not a copy of the database.
MEMORY = 150


def fill(key: WaveKey, count: int) -> None:
    """Write so many answers as ``submit`` keeps them, without the way there."""
    private = PrivateKey(secrets.token_hex())
    with unit_of_work() as session:
        for start in range(0, count, 5000):
            answers, results = [], []
            for number in range(start, min(start + 5000, count)):
                values = to_bytes(SMALL, numbered(number % 5**6))
                sealed = key.seal_response(Filled(number % 2, 4, values).packed())
                answers.append({"id": secrets.token_bytes(16), "wave_id": key.wave_id, "sealed": sealed})
                lookup = secrets.token_bytes(32)
                result = key.seal_result(lookup + private.seal(values, key.wave_id))
                results.append({"hash": key.lookup_hash(lookup), "wave_id": key.wave_id, "sealed": result})
            session.execute(insert(SealedResponse), answers)
            session.execute(insert(SealedResult), results)


def resident() -> float:
    """Megabytes of memory this process has."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


class Watch(threading.Thread):
    """Looks at the memory every few milliseconds."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most = self.before = resident()
        self._end = threading.Event()

    def run(self) -> None:
        while not self._end.wait(0.005):
            self.most = max(self.most, resident())

    def added(self) -> float:
        self._end.set()
        self.join()
        return self.most - self.before


@pytest.mark.prove
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from /proc")
def test_a_hundred_thousand_answers_close_in_a_minute_with_flat_memory(backend: str) -> None:
    import scipy.stats  # noqa: F401  loaded before, so that it does not count

    wave = open_wave(opening((Group("a", "A", 5000), Group("b", "B", 5000))), now())
    key = key_of(wave.id)
    assert key is not None
    fill(key, MANY)
    watch = Watch()
    watch.start()
    started = time.perf_counter()
    close_wave(wave.id, small_release)
    seconds = time.perf_counter() - started
    added = watch.added()
    print(f"\nclosing {MANY:,} answers on {backend}: {seconds:.1f} s, {added:.0f} MB more")
    assert released(wave.id) is not None
    with reading() as session:
        for table in (Response, Result):
            assert session.scalar(select(func.count()).select_from(table)) == MANY
    assert seconds < 60
    assert not PROVE or added < MEMORY
