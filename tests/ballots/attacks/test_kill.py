"""A23: kill -9 while a wave is closed, at every statement and system call that matters and at random moments.

A child process closes the wave and is killed; half of the time the one that goes on is killed too. Then closing runs to
its end, and everything holds that holds without a kill: the same release, no remnant, no key, no order. A wave is too
small to tell an order by itself, so Kendall's tau is summed up over all waves as standard errors. One of these orders
goes beyond 4 by chance in 1 of 2,800 runs; a second batch must then show the same one there too (1 in 10 million). An
order that is told stands there every time.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from collections import defaultdict
from itertools import count
from pathlib import Path
from types import FrameType

import numpy as np
import pytest
from flask import Flask

from learning.ballots.answers import to_bytes
from learning.ballots.database import the_engine
from learning.ballots.keys import kept_keys
from learning.ballots.sealing import PrivateKey
from learning.ballots.service import close_wave, released
from learning.ballots.verifying import findings
from learning.psychometrics.wave_table import Group, Plan, ResponseTable
from tests.ballots.attacks.looking import files_of, orders, remnants, secrets_of, z_of_order
from tests.ballots.waves import SMALL, Known, known_wave, number_of, small_release
from tests.proof import times

pytestmark = pytest.mark.prove

GROUPS = (Group("dye", "Dye house", 14), Group("boiler", "Boiler house", 12))
ANSWERS = 22
#: Statements, commits, and what is done to files.
CALLS = {"execute", "executemany", "commit", "fsync", "unlink", "fetchmany", "fetchall"}
NEVER = 10**9


class Bomb:
    """Kills this process just before the so-manieth call that matters."""

    def __init__(self, at: int) -> None:
        self.count, self._at = 0, at

    def __call__(self, frame: FrameType, event: str, argument: object) -> None:
        name = getattr(argument, "__name__", "") if event == "c_call" else frame.f_code.co_name
        inside = event == "c_call" or (event == "call" and "psycopg" in frame.f_code.co_filename)
        if inside and name in CALLS:
            self.count += 1
            if self.count >= self._at:
                os.kill(os.getpid(), signal.SIGKILL)


def closed_by_child(wave_id: str, at: int, seconds: float | None = None) -> int:
    """Close a wave in a child that dies before its call ``at`` or after some seconds; how many calls it made, or 0."""
    the_engine().dispose()  # no connection is shared with the child
    reading_end, writing_end = os.pipe()
    child = os.fork()
    if child == 0:
        bomb = Bomb(at)
        sys.setprofile(bomb)
        try:
            close_wave(wave_id, small_release)
        finally:
            sys.setprofile(None)
            os.write(writing_end, str(bomb.count).encode())
            os._exit(0)
    os.close(writing_end)
    if seconds is not None:
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(reading_end, "rb") as pipe:
        return int(pipe.read() or b"0")


def expected_release(known: Known) -> str:
    """The release made of what the test knows, in the order of answering."""
    place = {code: at for at, group in enumerate(GROUPS) for code in known.wave.codes[group.code]}
    values = b"".join(to_bytes(SMALL, each.answers) for each in known.sent)
    table = ResponseTable(
        np.array([place[each.code] for each in known.sent], dtype=np.int16),
        np.frombuffer(values, dtype=np.int8).reshape(len(known.sent), -1),
        np.array([each.trust for each in known.sent], dtype=np.int8),
    )
    return small_release(SMALL, Plan(GROUPS, 5), table, None).to_json()


def test_a23_closing_that_is_killed_anywhere_ends_the_same(app: Flask, tmp_path: Path, backend: str) -> None:
    kills = times(short=10, full=200)
    suspects: set[str] | None = None
    for _batch in range(2):
        calls, total = z_after_kills(kills, tmp_path)
        largest = max(map(abs, total.values()))
        print(f"\nA23 {backend}: killed {kills} times among {calls} calls; largest z {largest:.1f}")
        beyond = {name for name, z in total.items() if abs(z) >= 4}
        suspects = beyond if suspects is None else suspects & beyond
        if not suspects:
            break
    assert not suspects, f"These tell the order of answering, twice out of twice: {suspects}"


def z_after_kills(kills: int, data: Path) -> tuple[int, dict[str, float]]:
    """Close waves until so many closings were killed.

    How many calls a closing makes, and how far each order is from chance, in standard errors.
    """
    whole, begun = known_wave(ANSWERS, GROUPS).id, time.monotonic()
    calls = closed_by_child(whole, NEVER)
    took = time.monotonic() - begun
    assert calls > 20
    killed = 0
    z: dict[str, list[float]] = defaultdict(list)
    for number in count():
        if killed == kills:
            break
        assert number < 2 * kills, "too many closings end before they are killed"
        known = known_wave(ANSWERS, GROUPS)
        secrets = secrets_of(known)
        # Spread over all calls; in the full count every call is met, and a third dies at a random moment.
        if number % 3 == 2 and kills > 10:
            killed += closed_by_child(known.id, NEVER, random.uniform(0, 0.9 * took)) == 0
        else:
            killed += closed_by_child(known.id, 1 + number * calls // kills % calls) == 0
        if number % 2:
            closed_by_child(known.id, random.randrange(1, calls))
        close_wave(known.id, small_release)
        release = released(known.id)
        assert release is not None
        assert release.to_json() == expected_release(known)
        assert findings() == []
        assert kept_keys() == frozenset()
        left = remnants((secrets.clear | secrets.keyed).items(), files_of(data, whole=False))
        assert left == []
        submitted = {PrivateKey(each.response_key).lookup: at for at, each in enumerate(known.sent)}
        with the_engine().connect() as connection:
            for name, values in orders(connection, known.id, "response", "answers").items():
                z[f"answers {name}"].append(z_of_order([number_of(value) for value in values]))
            for name, values in orders(connection, known.id, "result", "hash").items():
                z[f"results {name}"].append(z_of_order([submitted[value] for value in values]))
    return calls, {name: sum(each) / len(each) ** 0.5 for name, each in z.items()}
