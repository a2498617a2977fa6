"""A18: a ballot used twice, by fifty at once, guessed, or taken to another wave. A22: what a refusal tells."""

from __future__ import annotations

import secrets
import statistics
import threading
import time
from collections import Counter

import pytest
from flask import Flask
from scipy.stats import mannwhitneyu
from sqlalchemy import func, select

from learning.ballots.codes import ALPHABET, new_code, read_code, shown
from learning.ballots.database import reading
from learning.ballots.models import SealedResponse
from learning.ballots.service import CodeUnusable, close_wave, open_wave_of, submit
from learning.clock import now
from tests.ballots.waves import known_wave, sent, small_release
from tests.proof import times

pytestmark = pytest.mark.prove


def answers() -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(SealedResponse)) or 0


def refused(code: str) -> bool:
    try:
        submit(sent(code), now())
    except CodeUnusable:
        return True
    return False


def test_a18_of_fifty_who_use_a_ballot_at_once_one_answers(app: Flask, backend: str) -> None:
    known = known_wave(0)
    rounds = times(short=2, full=20)
    for code in known.unspent[:rounds]:
        before = answers()
        outcomes: Counter[str] = Counter()
        start = threading.Barrier(50)

        def use(code: str = code, start: threading.Barrier = start, outcomes: Counter[str] = outcomes) -> None:
            with app.test_request_context():
                start.wait()
                try:
                    outcomes["refused" if refused(code) else "answered"] += 1
                except Exception as error:
                    outcomes[repr(error)] += 1

        threads = [threading.Thread(target=use) for _ in range(50)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert outcomes == {"answered": 1, "refused": 49}
        assert answers() == before + 1
    print(f"\nA18 {backend}: {rounds} races of 50, one answer each")


def test_a18_the_same_page_sent_by_fifty_threads_answers_once_and_all_get_the_receipt(app: Flask) -> None:
    one = sent(known_wave(0).unspent[0])
    receipts: list[str] = []
    start = threading.Barrier(50)

    def repeat() -> None:
        with app.test_request_context():
            start.wait()
            receipts.append(submit(one, now()).private_code)

    threads = [threading.Thread(target=repeat) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(receipts) == 50
    assert len(set(receipts)) == 1
    assert answers() == 1


def test_a18_spent_guessed_and_foreign_codes_answer_nothing(backend: str) -> None:
    known, other = known_wave(3), known_wave(0)
    prefix = known.unspent[0][:4]
    spent = [each.code for each in known.sent]
    guessed = [shown(new_code(prefix)) for _ in range(times(short=100, full=2000))]
    # Neighbours of true codes, with check symbols that fit.
    near = []
    for code in known.unspent[:3]:
        symbols = read_code(code) or ""
        for at in range(4, len(symbols)):
            neighbour = symbols[:at] + secrets.choice(ALPHABET.replace(symbols[at], "")) + symbols[at + 1 :]
            near.append(shown(neighbour))
    # The random part of a true code under the first symbols of another wave, and of another group.
    own = read_code(known.unspent[0]) or ""
    foreign = [shown(code[:4] + own[4:]) for code in (other.unspent[0], known.unspent[-1]) if code[:4] != own[:4]]
    before = answers()
    tried = [*spent, *guessed, *near, *foreign]
    assert all(map(refused, tried))
    print(
        f"\nA18 {backend}: {len(spent)} spent, {len(guessed)} guessed, {len(near)} near, {len(foreign)} foreign: 0 in"
    )
    assert answers() == before


def test_a22_every_refusal_has_the_same_words(backend: str) -> None:
    said = set()
    for code in codes_to_refuse().values():
        with pytest.raises(CodeUnusable) as caught:
            submit(sent(code), now())
        said.add((str(caught.value), caught.value.status, caught.value.args))
    print(f"\nA22 {backend}: spent, unknown, foreign, closed: {len(said)} answer(s)")
    assert len(said) == 1


def test_a22_the_first_page_looks_the_same_for_spent_unspent_and_unknown_codes() -> None:
    known = known_wave(1)
    spent = known.sent[0].code
    unspent = next(code for code in known.unspent if code[:4] == spent[:4])
    pages = [open_wave_of(code) for code in (spent, unspent, shown(new_code(spent[:4])))]
    assert pages[0] is not None
    assert pages[0] == pages[1] == pages[2]


def test_a22_the_time_of_a_refusal_does_not_tell_a_spent_code_from_an_unknown_one(backend: str) -> None:
    """Spent and unknown take the same way: Mann-Whitney must not tell them apart in three runs one after the other
    (by chance once in a million times). The others differ in what anybody can find out by the first page, whether
    there is such an open wave: the quickest takes more than 0.6 of the slowest.
    """
    codes = codes_to_refuse()
    for _tried in range(3):
        taken = {kind: [] for kind in codes}
        for _ in range(times(short=60, full=200)):
            for kind in sorted(codes, key=lambda _kind: secrets.randbits(32)):
                one = sent(codes[kind])
                started = time.perf_counter()
                with pytest.raises(CodeUnusable):
                    submit(one, now())
                taken[kind].append(time.perf_counter() - started)
        p = mannwhitneyu(taken["spent"], taken["unknown"]).pvalue
        medians = {kind: 1000 * statistics.median(each) for kind, each in taken.items()}
        alike = min(medians.values()) / max(medians.values())
        if p > 0.01 and alike > 0.6:
            break
    shown_medians = ", ".join(f"{kind} {median:.1f} ms" for kind, median in medians.items())
    print(f"\nA22 {backend}: {shown_medians}; spent against unknown p {p:.2f}")
    assert p > 0.01
    assert alike > 0.6


def codes_to_refuse() -> dict[str, str]:
    """One code of each kind that cannot answer."""
    known, closed = known_wave(3), known_wave(6)
    close_wave(closed.id, small_release)
    taken = {code[:4] for wave in (known, closed) for code in (*wave.unspent, *(each.code for each in wave.sent))}
    nowhere = next(prefix for prefix in ("ZZZZ", "YYYY", "XXXX", "WWWW", "VVVV") if prefix not in taken)
    return {
        "spent": known.sent[0].code,
        "unknown": shown(new_code(known.sent[0].code[:4])),
        "foreign": shown(new_code(nowhere)),
        "closed": closed.unspent[0],
    }
