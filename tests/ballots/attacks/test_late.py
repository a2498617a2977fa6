"""A4: after the report is out, nothing that happens changes a byte of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from learning.ballots.service import (
    CodeUnusable,
    close_due,
    close_wave,
    open_wave,
    refresh_participation,
    released,
    submit,
)
from learning.clock import now
from tests.ballots.waves import known_wave, opening, sent, small_release

pytestmark = pytest.mark.prove


def body(wave_id: str) -> str | None:
    release = released(wave_id)
    return release.to_json() if release else None


def test_a4_late_answers_and_closing_again_leave_the_report_byte_for_byte(backend: str) -> None:
    known = known_wave(17)
    assert body(known.id) is None
    close_wave(known.id, small_release)
    published = body(known.id)
    tried = 0
    for code in (*known.unspent, *(each.code for each in known.sent)):
        with pytest.raises(CodeUnusable):
            submit(sent(code), now())
        tried += 1
    for each in known.sent:  # a page that repeats what it sent
        submit(each, now())
    open_wave(opening(earlier=known.id), now())
    refresh_participation(now() + timedelta(days=3))
    close_wave(known.id, small_release)
    close_due(now() + timedelta(days=1), small_release)
    print(f"\nA4 {backend}: {tried} late answers, {len(known.sent)} repeated, closed twice more; report unchanged")
    assert body(known.id) == published
