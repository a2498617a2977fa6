"""What changed between two fillings of one person, and what of it is noise."""

from __future__ import annotations

import dataclasses
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.content.instrument_versions import comparable_items
from learning.content.model import AnchoredItem, Comparable, Headline, Instrument
from learning.psychometrics.personal_change import (
    comparable_dimensions,
    headline_changes,
    personal_change,
    same_questions,
)
from learning.psychometrics.responses import Answer, Missing
from learning.psychometrics.scales import score_instrument
from tests.psychometrics.instruments import anchored


def _instrument(*items: int) -> Instrument:
    return Instrument(
        id="x", version=1, title="", language="en", purpose_html="", minutes=1, status="",
        headlines=(Headline("a", "A", "", 0.6667, 4.0, ()),),
        dimensions=tuple(anchored(f"d{place}", count) for place, count in enumerate(items)),
        contradictory_pairs=(), hash="",
    )  # fmt: skip


def _all(instrument: Instrument) -> frozenset[str]:
    return frozenset(item.id for dimension in instrument.dimensions for item in dimension.items)


def _answers(**levels: str) -> dict[str, Answer]:
    return {f"{name}-{n}": int(level) for name, given in levels.items() for n, level in enumerate(given, start=1)}


def test_the_published_example_of_jacobson_and_truax() -> None:
    """47.5 before, 32.5 after, SD 7.5 and reliability .80: SEM 3.354102, index -3.162278."""
    sem = 7.5 * math.sqrt(1 - 0.80)
    change = personal_change(47.5, sem, 32.5, sem)
    assert change.points / (change.threshold / 1.959964) == pytest.approx(-3.162278, abs=1e-6)
    assert change.real


def test_a_change_within_the_threshold_is_noise() -> None:
    change = personal_change(50.0, 3.3, 56.0, 3.3)
    assert change.threshold == pytest.approx(9.146965, abs=1e-6)
    assert not change.real


@given(st.floats(0, 100), st.floats(0, 30), st.floats(0, 100), st.floats(0, 30))
def test_it_does_not_matter_for_the_threshold_which_came_first(a: float, ea: float, b: float, eb: float) -> None:
    there, back = personal_change(a, ea, b, eb), personal_change(b, eb, a, ea)
    assert there.threshold == back.threshold
    assert there.points == -back.points
    assert there.real == back.real


def test_a_headline_is_compared_over_what_was_scored_both_times() -> None:
    instrument = _instrument(3, 3, 3)
    before = score_instrument(instrument, _answers(d0="111", d1="222", d2="000"))
    after = score_instrument(instrument, {**_answers(d0="222", d1="333"), "d2-1": Missing.DONT_KNOW})
    (moved,) = headline_changes(instrument, before, after, _all(instrument))
    # Over d0 and d1 alone: 25 and 50, then 50 and 75.
    assert (moved.change.before, moved.change.after) == (37.5, 62.5)
    assert (moved.compared, moved.dimensions) == (2, 3)


def test_too_little_in_common_is_not_compared() -> None:
    instrument = _instrument(3, 3, 3)
    before = score_instrument(instrument, _answers(d0="111"))
    after = score_instrument(instrument, _answers(d0="222", d1="333", d2="222"))
    assert headline_changes(instrument, before, after, _all(instrument)) == ()


def test_a_dimension_whose_question_was_reworded_is_not_compared() -> None:
    old = _instrument(3, 3, 3)
    first = old.dimensions[0]
    item = first.items[0]
    assert isinstance(item, AnchoredItem)
    reworded = dataclasses.replace(first, items=(dataclasses.replace(item, text="another"), *first.items[1:]))
    kept = _all(old) - {item.id}
    said = Comparable(1, tuple(sorted(kept)))
    new = dataclasses.replace(old, version=2, dimensions=(reworded, *old.dimensions[1:]), comparable=said)
    sent = _answers(d0="111", d1="222", d2="333")
    before, after = score_instrument(old, sent), score_instrument(new, sent)
    said = comparable_items(new, old)
    assert comparable_dimensions(before, after, said) == ("d1", "d2")
    nobody_said = comparable_items(dataclasses.replace(new, comparable=None), old)
    assert comparable_dimensions(before, after, nobody_said) == ()


def test_a_dimension_with_another_weight_or_other_items_is_not_the_same() -> None:
    first, items = anchored("d0", 3), frozenset({"d0-1", "d0-2", "d0-3", "d0-4"})
    assert same_questions(first, anchored("d0", 3, lesson="m01-l9"), items)
    assert not same_questions(first, dataclasses.replace(first, weight=2.0), items)
    assert not same_questions(first, anchored("d0", 4), items)
    assert not same_questions(first, first, items - {"d0-2"})
