"""Codes that people type."""

from __future__ import annotations

import secrets
from itertools import combinations

import pytest

from learning.ballots.codes import (
    ALPHABET,
    check_symbols,
    new_code,
    new_permit,
    new_prefix,
    new_response_key,
    read_code,
    read_private_code,
    shown,
)


@pytest.fixture(autouse=True)
def site() -> None:
    """No site is needed here."""


def test_a_code_reads_back_as_it_is_shown() -> None:
    code = new_code(new_prefix())
    assert read_code(shown(code)) == code
    assert [len(part) for part in shown(code).split("-")] == [4, 4, 4, 4, 2]


def test_it_may_be_typed_in_small_letters_with_blanks_and_without_hyphens() -> None:
    code = new_code(new_prefix())
    assert read_code(f"  {shown(code).lower().replace('-', ' ')}\n") == code


def test_letters_that_look_like_others_never_stand_in_a_code_and_are_read_as_those() -> None:
    assert not set("ILOU") & set(ALPHABET)
    code = "1V0" + "7" * 13
    whole = code + check_symbols(code)
    for written in ("I" + whole[1:], "l" + whole[1:], whole[0] + "u" + whole[2:], whole[:2] + "O" + whole[3:]):
        assert read_code(written) == code


def test_any_one_or_two_wrong_symbols_are_found() -> None:
    whole = shown(new_code(new_prefix())).replace("-", "")
    tried = 0
    for at, other in combinations(range(len(whole)), 2):
        for _ in range(30):
            typed = list(whole)
            typed[at], typed[other] = secrets.choice(ALPHABET), secrets.choice(ALPHABET)
            if "".join(typed) != whole:
                assert read_code("".join(typed)) is None
                tried += 1
    assert tried > 4000


def test_every_swapped_pair_is_found() -> None:
    whole = shown(new_code(new_prefix())).replace("-", "")
    for at, other in combinations(range(len(whole)), 2):
        typed = list(whole)
        typed[at], typed[other] = typed[other], typed[at]
        if "".join(typed) != whole:
            assert read_code("".join(typed)) is None


@pytest.mark.parametrize("typed", ["", "-", "K7QD", "K7QD-2M9P-XW4R-8TAB-CDE", "é" * 18, "0" * 10_000])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert read_code(typed) is None


def test_a_private_code_has_a_hundred_random_bits_and_a_permit_more() -> None:
    key = new_response_key()
    assert read_private_code(shown(key)) == key
    assert 5 * len(key) == 100
    assert 5 * len(new_permit()) == 130
    assert read_code(shown(key)) is None
