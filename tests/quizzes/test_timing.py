"""How long saving takes tells nothing of the key: a right and a wrong answer are saved in the same time."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import Company, csrf_token
from tests.proof import times

PAIRS = times(short=60, full=2_000)
#: A difference counts if it is at least this share of the time of a save. The short form is for noisy machines.
BOUND = times(short=20, full=2) / 100
#: And if not one of so many shuffles of right and wrong shows as large a one.
SHUFFLES = 2_000


@dataclass(frozen=True)
class Difference:
    """Right against wrong."""

    #: Median of the differences pair by pair, as a share of the median time.
    share: float
    #: How often a difference so large comes by chance alone, 0 to 1.
    chance: float

    @property
    def tells(self) -> bool:
        """Whether it could be seen from outside."""
        return abs(self.share) > BOUND and self.chance < 1 / SHUFFLES


def difference(right: np.ndarray, wrong: np.ndarray) -> Difference:
    """Compare pairs of seconds. If right and wrong are alike, each difference has either sign as likely."""
    pairs = right - wrong
    signs = np.random.default_rng(1).choice([-1.0, 1.0], size=(SHUFFLES, len(pairs)))
    by_chance = np.abs(np.median(signs * pairs, axis=1))
    middle = float(np.median(pairs))
    return Difference(
        middle / float(np.median(np.concatenate([right, wrong]))), float(np.mean(by_chance >= abs(middle)))
    )


def test_the_comparison_sees_what_differs_and_nothing_else() -> None:
    chance = np.random.default_rng(7)
    right, wrong = (0.005 + chance.exponential(0.002, PAIRS) for _ in range(2))
    hiccups = np.where(chance.random(PAIRS) < 0.02, 0.5, 0.0)
    assert not difference(right + hiccups, wrong).tells, "a machine that is busy for a moment is no oracle"
    assert difference(right + 0.003, wrong).tells
    assert difference(right, wrong + 0.003).tells


@pytest.mark.prove
def test_a_right_and_a_wrong_answer_are_saved_in_the_same_time(
    app: Flask,
    company: Company,
    client_for: Callable[[str | None], FlaskClient],
    right_option: Callable[[str, bool], str],
    backend: str,
) -> None:
    client = client_for(company.learner)
    headers = {"X-CSRFToken": csrf_token(client, "/quizzes/m01-quiz/")}
    sitting = client.post("/quizzes/m01-quiz/start", data={"csrf_token": headers["X-CSRFToken"]}).location
    values = {
        "m01-q1": {right: [right_option("m01-q1", right)] for right in (True, False)},
        "m01-q4": {True: ["42.5"], False: ["17.5"]},
    }
    chance = random.Random(3)
    revision = 0

    def measured(question_id: str, value: dict[bool, list[str]]) -> Difference:
        nonlocal revision
        seconds: dict[bool, list[float]] = {True: [], False: []}
        for pair in range(PAIRS + 5):
            for right in chance.sample([True, False], 2):
                revision += 1
                body = {"operation_id": f"op-{revision}", "revision": revision, "value": value[right]}
                began = time.perf_counter()
                response = client.put(f"{sitting}/answers/{question_id}", json=body, headers=headers)
                took = time.perf_counter() - began
                assert response.status_code == 200
                if pair >= 5:  # the first ones warm the caches
                    seconds[right].append(took)
        found = difference(np.array(seconds[True]), np.array(seconds[False]))
        middle = 1000 * float(np.median(seconds[True]))
        print(
            f"\n{backend}, {question_id}: {PAIRS} pairs of saves of {middle:.2f} ms, right against wrong "
            f"{100 * found.share:+.2f} %, as large by chance in {100 * found.chance:.0f} % of shuffles"
        )
        return found

    for question_id, value in values.items():
        found = measured(question_id, value)
        if found.tells:  # what the key decides, it decides again
            again = measured(question_id, value)
            assert not (again.tells and again.share * found.share > 0), (found, again)
