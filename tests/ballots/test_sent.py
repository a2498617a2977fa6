"""What the forms of anonymous answering carry."""

from __future__ import annotations

from dataclasses import replace

import pytest
from werkzeug.datastructures import MultiDict

from learning.ballots import codes
from learning.ballots.records import AnswersRefused
from learning.ballots.sent import (
    LONGEST_FIELD,
    Walk,
    answers_of,
    asks_of,
    completed,
    fits,
    offered_signs,
    read_walk,
    with_page,
)
from learning.content.model import Instrument
from learning.psychometrics.responses import Missing
from tests.psychometrics import instruments


@pytest.fixture
def instrument() -> Instrument:
    three = (instruments.anchored("a", 3), instruments.agreement("b", "++-"), instruments.knowledge("k", (0, 1)))
    return replace(instruments.instrument(*three), hash="a" * 64)


def test_a_new_walk_gets_keys_and_a_sign_for_each_item(instrument: Instrument) -> None:
    first, second = completed(Walk(code="x"), instrument), completed(Walk(code="x"), instrument)
    assert first.given == "-" * len(instrument.items)
    assert len(first.permit) == codes.PERMIT_LENGTH
    assert len(first.response_key) == codes.RESPONSE_KEY_LENGTH
    assert (first.permit, first.response_key) != (second.permit, second.response_key)


def test_keys_that_were_made_once_are_carried_on(instrument: Instrument) -> None:
    first = completed(Walk(code="x"), instrument)
    form = {"code": "x", "permit": first.permit, "key": first.response_key, "asks": first.asks, "given": first.given}
    assert completed(read_walk(form), instrument) == first


@pytest.mark.parametrize("sent", ["", "short", "Z" * 200, "!" * 26, "\0" * 20])
def test_keys_that_are_none_are_made_anew(instrument: Instrument, sent: str) -> None:
    walk = completed(read_walk({"permit": sent, "key": sent}), instrument)
    assert codes.read_symbols(walk.permit, codes.PERMIT_LENGTH)
    assert codes.read_symbols(walk.response_key, codes.RESPONSE_KEY_LENGTH)


def test_every_answer_that_is_offered_comes_back_as_it_was_given(instrument: Instrument) -> None:
    walk = completed(Walk(), instrument)
    for dimension in instrument.dimensions:
        for item in dimension.items:
            for sign in offered_signs(item):
                sent = with_page(walk, instrument, {"shown": dimension.id, item.id: sign})
                assert len(sent.given) == len(walk.given), "the length of what is carried tells of the answers"
                answer = answers_of(sent, instrument)[item.id]
                assert answer == (int(sign) if sign.isdigit() else {"k": Missing.DONT_KNOW, "n": Missing.NOT_APPLICABLE, "o": Missing.NO_OPPORTUNITY, "-": Missing.SKIPPED}[sign])  # fmt: skip


def test_only_the_page_that_was_shown_changes(instrument: Instrument) -> None:
    first, second = instrument.dimensions[:2]
    walk = with_page(completed(Walk(), instrument), instrument, {"shown": first.id, first.items[0].id: "2"})
    form = {"shown": second.id, first.items[0].id: "4", second.items[0].id: "3", "stranger": "1"}
    answers = answers_of(with_page(walk, instrument, form), instrument)
    assert (answers[first.items[0].id], answers[second.items[0].id]) == (2, 3)
    assert answers.keys() == {item.id for item in instrument.items}


@pytest.mark.parametrize("value", ["9", "-1", "22", "", "o", "dont_know", "٣", "\0"])
def test_a_value_that_is_not_offered_is_refused(instrument: Instrument, value: str) -> None:
    """The first page is of anchored items: 0 to 4, k, n."""
    dimension = instrument.dimensions[0]
    with pytest.raises(AnswersRefused):
        with_page(completed(Walk(), instrument), instrument, {"shown": dimension.id, dimension.items[0].id: value})


@pytest.mark.parametrize("change", [lambda given: given + "-", lambda given: given[1:], lambda given: "9" + given[1:]])
def test_signs_that_do_not_fit_are_refused(instrument: Instrument, change: object) -> None:
    given = completed(Walk(), instrument).given
    with pytest.raises(AnswersRefused):
        completed(Walk(given=change(given)), instrument)  # type: ignore[operator]


@pytest.mark.parametrize("trust", ["0", "6", "x", "55"])
def test_trust_is_one_to_five(instrument: Instrument, trust: str) -> None:
    with pytest.raises(AnswersRefused):
        completed(Walk(trust=trust), instrument)


def test_what_belongs_to_another_instrument_does_not_fit(instrument: Instrument) -> None:
    assert fits(Walk(), instrument)
    assert fits(Walk(asks=asks_of(instrument)), instrument)
    assert not fits(Walk(asks="x" * 16), instrument)


def test_no_field_is_read_past_its_longest() -> None:
    walk = read_walk(MultiDict(dict.fromkeys(("code", "asks", "given", "trust"), "x" * 9000)))
    assert {len(walk.code), len(walk.asks), len(walk.given), len(walk.trust)} == {LONGEST_FIELD}
