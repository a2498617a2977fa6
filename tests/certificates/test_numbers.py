"""Numbers that nobody finds by trying, and everybody can type."""

from __future__ import annotations

from math import log2

import pytest

from learning.accounts.cards import ALPHABET
from learning.certificates.numbers import LENGTH, grouped, new_number, read_number


def test_a_number_has_at_least_eighty_random_bits_and_is_never_the_same() -> None:
    assert LENGTH * log2(len(ALPHABET)) >= 80
    numbers = {new_number() for _ in range(2000)}
    assert len(numbers) == 2000
    for place in range(LENGTH):
        assert {number[place] for number in numbers} == set(ALPHABET)


def test_it_is_read_back_however_it_is_typed() -> None:
    number = new_number()
    shown = grouped(number)
    assert [len(part) for part in shown.split("-")] == [5, 5, 5, 5]
    for typed in (number, shown, shown.lower(), shown.replace("-", " "), shown.replace("-", "\u2013"), f"  {shown}\n"):
        assert read_number(typed) == number


@pytest.mark.parametrize(
    "typed",
    ["", "-", "A" * 19, "A" * 21, "A" * 19 + "0", "A" * 19 + "I", "A" * 19 + "\u017f", "A" * 5000, "' OR 1=1 --"],
)
def test_what_cannot_be_one_is_none(typed: str) -> None:
    assert read_number(typed) is None
