"""Signs of haste."""

from __future__ import annotations

from learning.psychometrics.quality import Flag, careless_flags
from learning.psychometrics.responses import Answer, Missing
from tests.psychometrics.instruments import agreement, instrument

BOTH_KEYS = instrument(
    agreement("b1", "+-+-+"), agreement("b2", "+-+-+"), pairs=(("b1-1", "b1-2"), ("b2-1", "b2-2"), ("b2-3", "b2-4"))
)


def _given(first: str, second: str) -> dict[str, Answer]:
    return {
        f"{page}-{n}": int(value)
        for page, values in (("b1", first), ("b2", second))
        for n, value in enumerate(values, start=1)
        if value != "."
    }


def test_careful_answers_have_no_flag() -> None:
    assert careless_flags(BOTH_KEYS, _given("42514", "51423")) == ()


def test_nine_equal_answers_in_a_row_are_a_long_string() -> None:
    assert Flag.LONG_STRING in careless_flags(BOTH_KEYS, _given("33333", "33331"))
    assert Flag.LONG_STRING not in careless_flags(BOTH_KEYS, _given("33333", "33312"))


def test_a_gap_breaks_the_string() -> None:
    answers = _given("33333", "33333")
    answers["b1-5"] = Missing.NOT_APPLICABLE
    assert Flag.LONG_STRING not in careless_flags(BOTH_KEYS, answers)


def test_the_same_answer_to_both_keys_is_a_flag_but_the_middle_is_not() -> None:
    assert Flag.NO_VARIATION in careless_flags(BOTH_KEYS, _given("55555", "12345"))
    assert Flag.NO_VARIATION not in careless_flags(BOTH_KEYS, _given("33333", "12345"))


def test_a_page_with_one_key_may_be_straight() -> None:
    assert careless_flags(instrument(agreement("b1", "+++++")), _given("55555", "")) == ()


def test_two_contradictory_pairs_are_a_flag_and_one_is_not() -> None:
    assert Flag.CONTRADICTION in careless_flags(BOTH_KEYS, _given("54213", "45321"))
    assert Flag.CONTRADICTION not in careless_flags(BOTH_KEYS, _given("54213", "41213"))


def test_no_answers_have_no_flag() -> None:
    assert careless_flags(BOTH_KEYS, {}) == ()


def test_the_strings_of_the_worked_example() -> None:
    page = instrument(agreement("b1", "+" * 12))

    def flags(answers: str) -> tuple[Flag, ...]:
        return careless_flags(page, {f"b1-{n}": int(value) for n, value in enumerate(answers, start=1)})

    assert flags("444444444244") == (Flag.LONG_STRING,)
    assert flags("444444442444") == ()
    assert flags("425314253423") == ()
