"""Marking: the right answer gives all points, and nothing gives more or less than it should."""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.content.model import Question
from learning.grading.marking import Verdict, mark
from learning.grading.responses import BadResponse, parse_response
from tests.grading import questions as q


def _marked(question: Question, *raw: str) -> tuple[Fraction, Verdict]:
    result = mark(question, parse_response(question, list(raw)))
    return result.points, result.verdict


def test_the_right_choice_gives_all_points() -> None:
    assert _marked(q.single(".x.", points=3), "b") == (3, Verdict.RIGHT)
    assert _marked(q.single(".x."), "a") == (0, Verdict.WRONG)
    assert _marked(q.true_false(), "a") == (1, Verdict.RIGHT)


def test_no_answer_is_unanswered_and_not_wrong() -> None:
    for question in (q.single(), q.multiple(), q.numeric(), q.short("a"), q.matching(), q.cloze()):
        assert _marked(question) == (0, Verdict.UNANSWERED)
        assert _marked(question, "  ")[1] is Verdict.UNANSWERED


@pytest.mark.parametrize(
    ("chosen", "points"),
    [("ab", 1), ("a", Fraction(1, 2)), ("abc", Fraction(1, 2)), ("ac", 0), ("c", 0), ("cd", 0), ("abcd", 0)],
)
def test_multiple_marks_right_minus_wrong_and_never_below_zero(chosen: str, points: Fraction) -> None:
    assert _marked(q.multiple("xx.."), *chosen)[0] == points


@given(st.text("x.", min_size=2, max_size=10).filter(lambda rights: "x" in rights), st.data())
def test_only_exactly_the_right_options_give_all_points(rights: str, data: st.DataObject) -> None:
    question = q.multiple(rights, points=7)
    chosen = data.draw(st.sets(st.sampled_from([option.id for option in question.options])))
    right = {option.id for option in question.options if option.right}
    points, verdict = _marked(question, *chosen)
    assert 0 <= points <= 7
    assert (points == 7) == (chosen == right) == (verdict is Verdict.RIGHT)


@given(st.permutations("abcd"))
def test_the_order_of_choices_does_not_matter(order: list[str]) -> None:
    assert _marked(q.multiple("xx.."), *order[:3]) == _marked(q.multiple("xx.."), *sorted(order[:3]))


@pytest.mark.parametrize("text", ["42", "42.5", "43", "42,5", " 42 ", "4.25e1", "+42"])
def test_a_number_in_the_range_is_right(text: str) -> None:
    assert _marked(q.numeric(), text) == (2, Verdict.RIGHT)


@pytest.mark.parametrize("text", ["41.999", "43.001", "-42", "420"])
def test_a_number_outside_the_range_is_wrong(text: str) -> None:
    assert _marked(q.numeric(), text) == (0, Verdict.WRONG)


def test_what_is_no_number_is_said_to_be_none() -> None:
    assert _marked(q.numeric(), "about forty") == (0, Verdict.NO_NUMBER)


def test_a_unit_may_be_left_out_or_written_in_many_ways_but_not_be_another() -> None:
    question = q.numeric(q.accepted("12", "12", "m³/d"), q.accepted("12000", "12000", "L/d"))
    for text in ("12", "12 m³/d", "12 m3 / d", "12 m^3/d", "12000 L/d", "12,000 l/d", "12.000 L/d"):
        assert _marked(question, text) == (2, Verdict.RIGHT), text
    assert _marked(question, "12 kg") == (0, Verdict.WRONG_UNIT)
    assert _marked(question, "12 L/d") == (0, Verdict.WRONG_UNIT)
    assert _marked(question, "12000")[0] == 0, "without a unit the one beside the field is meant"


def test_a_known_mistake_gets_its_feedback() -> None:
    question = q.numeric(q.accepted("99600", "99600", "CNY"), mistakes=(q.accepted("84000", "84000", "CNY", "forgot"),))
    result = mark(question, parse_response(question, ["84,000"]))
    assert (result.points, result.verdict, result.feedback_html) == (0, Verdict.WRONG, "forgot")


@pytest.mark.parametrize("text", ["Payback period", "payback  PERIOD", "simple payback", "Ｐayback period"])
def test_short_answers_are_compared_without_case_width_and_spaces(text: str) -> None:
    assert _marked(q.short("payback period", "simple payback"), text)[1] is Verdict.RIGHT


def test_matching_gives_a_share_for_each_pair() -> None:
    assert _marked(q.matching(), "1", "2", "3") == (1, Verdict.RIGHT)
    assert _marked(q.matching(), "1", "3", "2") == (Fraction(1, 3), Verdict.PARTLY)
    assert _marked(q.matching(), "1", "", "") == (Fraction(1, 3), Verdict.PARTLY)


def test_ordering_gives_a_share_for_each_right_neighbour() -> None:
    assert _marked(q.ordering(), *"wxyz") == (3, Verdict.RIGHT)
    assert _marked(q.ordering(), *"zwxy") == (2, Verdict.PARTLY)
    assert _marked(q.ordering(), *"zyxw") == (0, Verdict.WRONG)


def test_only_the_whole_order_gives_all_points() -> None:
    full = [order for order in itertools.permutations("wxyz") if _marked(q.ordering(), *order)[0] == 3]
    assert full == [tuple("wxyz")]


def test_cloze_gives_a_share_for_each_gap() -> None:
    assert _marked(q.cloze(), "reused", "The Load") == (1, Verdict.RIGHT)
    assert _marked(q.cloze(), "drained", "load") == (Fraction(1, 2), Verdict.PARTLY)


@pytest.mark.parametrize(
    ("question", "raw"),
    [
        (q.single(), ["z"]),
        (q.single(), ["a", "b"]),
        (q.true_false(), ["a", "b"]),
        (q.multiple(), ["a", "nowhere"]),
        (q.numeric(), ["1", "2"]),
        (q.numeric(), ["1" * 201]),
        (q.short("a"), ["a\x00"]),
        (q.short("a"), ["\ud800"]),
        (q.matching(), ["1", "2"]),
        (q.matching(), ["1", "2", "9"]),
        (q.ordering(), ["w", "x", "y", "nowhere"]),
        (q.cloze(), ["a"]),
    ],
)
def test_a_response_that_does_not_fit_is_refused_with_a_sentence(question: Question, raw: list[str]) -> None:
    with pytest.raises(BadResponse, match=r"\.$"):
        parse_response(question, raw)


ALL = [q.single(), q.multiple(), q.true_false(), q.numeric(), q.short("a"), q.matching(), q.ordering(), q.cloze()]


@given(st.sampled_from(ALL), st.lists(st.text(max_size=20), max_size=5))
def test_whatever_is_sent_is_refused_or_marked_within_range(question: Question, raw: list[str]) -> None:
    try:
        response = parse_response(question, raw)
    except BadResponse:
        return
    result = mark(question, response)
    assert 0 <= result.points <= result.maximum == question.points
