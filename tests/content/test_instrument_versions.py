"""An instrument that was answered never changes: its canonical JSON, its hash, and what may be compared."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from pydantic import ValidationError

from learning.content.context import Reply
from learning.content.instrument_versions import (
    canonical_json,
    comparable_items,
    instrument_from_json,
    instrument_hash,
)
from learning.content.model import Comparable, Instrument
from tests.content.builders import INSTRUMENT

Read = Callable[..., Reply]


@pytest.fixture
def instrument(read: Read) -> Instrument:
    return parsed(read, INSTRUMENT)


def parsed(read: Read, text: str) -> Instrument:
    found = read(text, kind="instrument").instrument
    assert found is not None
    return found


def test_an_instrument_comes_back_from_its_json(instrument: Instrument) -> None:
    text = canonical_json(instrument)
    assert instrument_from_json(text, instrument.hash) == instrument
    # A database may hand the body back with its keys in another order.
    stored = dict(reversed(json.loads(text).items()))
    assert instrument_from_json(stored, instrument.hash) == instrument


def test_the_hash_is_of_what_is_asked_and_not_of_the_file(read: Read, instrument: Instrument) -> None:
    assert instrument.hash == instrument_hash(instrument)
    turned = INSTRUMENT.replace("id: employee-awareness\nversion: 1\n", "version: 1\nid: employee-awareness\n")
    assert parsed(read, f"# a note\n{turned}").hash == instrument.hash
    assert parsed(read, INSTRUMENT.replace("What managers say", "What leaders say")).hash != instrument.hash


def test_a_body_kept_before_a_field_was_added_is_still_read(instrument: Instrument) -> None:
    body = json.loads(canonical_json(instrument))
    del body["comparable"]
    for dimension in body["dimensions"]:
        del dimension["lower_recommendations"]
    assert instrument_from_json({**body, "hash": "of the file"}, "kept") == replace(instrument, hash="kept")


def test_what_is_no_instrument_is_refused() -> None:
    with pytest.raises(ValidationError):
        instrument_from_json("{}", "kept")


def test_a_new_version_is_compared_in_the_items_it_names(instrument: Instrument) -> None:
    later = replace(instrument, version=2, comparable=Comparable(1, ("a1-1", "b1-2")))
    assert comparable_items(later, instrument) == {"a1-1", "b1-2"}
    assert comparable_items(replace(later, comparable=None), instrument) == frozenset()
    assert comparable_items(replace(later, version=3), replace(instrument, version=2)) == frozenset()
    assert comparable_items(replace(later, id="other"), instrument) == frozenset()


def test_an_item_that_was_not_there_before_is_not_compared(instrument: Instrument) -> None:
    first, *rest = instrument.dimensions
    shorter = replace(instrument, dimensions=(replace(first, items=first.items[1:]), *rest))
    later = replace(instrument, version=2, comparable=Comparable(1, ("a1-1", "a1-2")))
    assert comparable_items(later, shorter) == {"a1-2"}


def test_within_a_version_two_languages_ask_the_same_and_an_edited_item_does_not(
    read: Read, instrument: Instrument
) -> None:
    every = {item.id for item in instrument.items}
    edited = parsed(read, INSTRUMENT.replace("What managers say", "What leaders say"))
    assert comparable_items(instrument, instrument) == every
    assert comparable_items(edited, instrument) == every - {"a1-2"}
    assert comparable_items(replace(edited, language="zh"), instrument) == every
