"""Which passwords are taken, and how they are kept."""

from __future__ import annotations

import time
import unicodedata

import pytest
from argon2 import extract_parameters
from hypothesis import given
from hypothesis import strategies as st

from learning.accounts.passwords import (
    BLOCKED_FILE,
    HASHER,
    LONGEST,
    NOBODYS_HASH,
    SHORTEST,
    WeakPassword,
    blocked_passwords,
    hash_password,
    needs_new_hash,
    password_matches,
    refuse_weak,
    squash,
)
from scripts.make_blocked_passwords import blocked

CONTEXT = ("Ana Lopez", "ana.lopez", "river-1042", "River Works", "river")


@pytest.mark.parametrize(
    "password",
    [
        "seven quiet herons wade",
        "clean-water-runs-upstream",
        "kettle orbit lemon stairs",
        "水在山上流得很慢但是从来不会停下来",
        "x9$Lq2!vR7&mW4^z",
        "four words beside a river bank",
    ],
)
def test_a_long_password_of_ones_own_is_taken(password: str) -> None:
    refuse_weak(password, *CONTEXT)


def test_fifteen_characters_are_enough_and_fourteen_are_not() -> None:
    refuse_weak("kvn wopel trisk", *CONTEXT)
    with pytest.raises(WeakPassword, match="has 14 characters; it needs 15 or more"):
        refuse_weak("kvn wopel tris", *CONTEXT)


def test_a_thousand_and_twenty_four_characters_are_the_most() -> None:
    long = "".join(f"{number:04d}" for number in range(256))
    assert len(long) == LONGEST
    refuse_weak(long)
    with pytest.raises(WeakPassword, match=r"longer than 1,?024"):
        refuse_weak(long + "x")


@pytest.mark.parametrize(
    "password",
    [
        "passwordpassword",
        "PasswordPassword99!",
        "correct horse battery staple",
        "Correct-Horse-Battery-Staple",
        "correcthorsebatterystaple2024!!",
        "qwertyuiopasdfgh",
        "1234567890123456",
        "1q2w3e4r5t6y7u8i9o0p",
        "iloveyou forever",
        "letmeinletmein123",
        "to be or not to be",
    ],
)
def test_what_is_guessed_first_is_refused(password: str) -> None:
    with pytest.raises(WeakPassword):
        refuse_weak(password)


@pytest.mark.parametrize(
    "password", ["aaaaaaaaaaaaaaaa", "abababababababab", "herons herons herons", "x7Kq9m x7Kq9m x7Kq9m"]
)
def test_repetition_is_refused(password: str) -> None:
    with pytest.raises(WeakPassword, match="repeats"):
        refuse_weak(password)


@pytest.mark.parametrize(
    ("password", "word"),
    [
        ("River Works 2025 !!!", "River Works"),
        ("riverworks-riverworks-1", "River Works"),
        ("ANA.LOPEZ.1987.password", "ana.lopez"),
        ("Headwater-Password-2026", "headwater"),
        ("river-1042-river-2026", "river-1042"),
        ("my cleaner production 1", "cleaner production"),
    ],
)
def test_a_word_that_others_know_with_filler_is_refused(password: str, word: str) -> None:
    with pytest.raises(WeakPassword, match=r"little more than|repeats") as refused:
        refuse_weak(password, *CONTEXT)
    assert squash(word) in squash(str(refused.value)) or "repeats" in str(refused.value)


def test_no_kind_of_character_is_asked_for() -> None:
    refuse_weak("just small letters here")
    refuse_weak("8520 1479 6325 0417 9")


def test_the_list_has_thousands_of_entries_that_reach_the_least_length() -> None:
    lines = [line for line in BLOCKED_FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("# ")]
    assert len(lines) >= 3000
    assert all(len(line) >= SHORTEST for line in lines)
    assert lines == blocked(), "Run: python scripts/make_blocked_passwords.py"


def test_every_entry_of_the_list_is_refused_in_capitals_and_with_digits_behind() -> None:
    sample = blocked()[::97]
    assert blocked_passwords()
    for entry in sample:
        for password in (entry, entry.upper(), entry + "7", entry + "77!"):
            with pytest.raises(WeakPassword):
                refuse_weak(password)


def test_the_hash_is_argon2id_with_the_recorded_parameters() -> None:
    for stored in (hash_password("seven quiet herons wade"), NOBODYS_HASH):
        assert stored.startswith("$argon2id$v=19$m=32768,t=4,p=1$")
        assert not needs_new_hash(stored)
    assert extract_parameters(NOBODYS_HASH).memory_cost <= 64 * 1024


def test_a_hash_with_other_parameters_is_to_be_renewed() -> None:
    assert needs_new_hash(type(HASHER)(time_cost=1, memory_cost=8192, parallelism=1).hash("x"))


def test_all_characters_count() -> None:
    """72 bytes is where bcrypt would stop looking."""
    stored = hash_password("x" * 72 + "a")
    assert password_matches(stored, "x" * 72 + "a")
    assert not password_matches(stored, "x" * 72 + "b")
    assert not password_matches(stored, "x" * 72)


def test_a_password_is_compared_exactly_as_received() -> None:
    """The decision on normalisation: none. Composed and decomposed are two passwords; spaces and case count."""
    composed = unicodedata.normalize("NFC", "müde reiher im schilf")
    decomposed = unicodedata.normalize("NFD", composed)
    assert composed != decomposed
    stored = hash_password(composed)
    assert password_matches(stored, composed)
    for other in (decomposed, composed + " ", " " + composed, composed.upper()):
        assert not password_matches(stored, other)


def test_nobody_and_somebody_cost_the_same() -> None:
    """Without a stored hash the same work is done, and no password is right."""
    stored = hash_password("seven quiet herons wade")

    def seconds(hashed: str | None) -> float:
        started = time.process_time()
        assert not password_matches(hashed, "a wrong password, long")
        return time.process_time() - started

    # The work of this process alone, in turn, and the quickest of each: what else the machine does counts little.
    pairs = [(seconds(stored), seconds(None)) for _ in range(8)]
    somebody, nobody = (min(times) for times in zip(*pairs, strict=True))
    assert nobody > somebody / 2
    assert somebody > nobody / 2
    assert not password_matches(None, "")


def test_a_broken_hash_in_the_database_lets_nobody_in() -> None:
    assert not password_matches("not a hash", "seven quiet herons wade")


@given(st.text(min_size=0, max_size=60))
def test_any_text_is_taken_or_refused_with_a_sentence(password: str) -> None:
    try:
        refuse_weak(password, *CONTEXT)
    except WeakPassword as refused:
        assert str(refused).endswith(".")  # noqa: PT017
    else:
        assert len(password) >= SHORTEST
