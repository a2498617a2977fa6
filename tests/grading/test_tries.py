"""Questions that may be tried again: the last try counts, less what its number costs."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.content.model import QuizRules
from learning.grading.certainty import Certainty
from learning.grading.marking import Verdict, mark
from learning.grading.responses import parse_response
from learning.grading.tries import Try, mark_tries, tries_allowed
from tests.grading.questions import matching, multiple

#: A question with part marks: none, half, all, and no answer.
QUESTION = multiple(points=4)
VALUES = {(): 0, ("c",): 0, ("a",): 2, ("a", "c"): 0, ("a", "b"): 4}
tries = st.lists(
    st.builds(Try, st.sampled_from(list(VALUES)), st.sampled_from([None, *Certainty])), min_size=1, max_size=5
)
penalties = st.none() | st.integers(0, 100)


def again(penalty: int | None, certainty: bool = False) -> QuizRules:
    return QuizRules(feedback="immediate", retry_penalty=penalty, certainty=certainty)


@given(tries, penalties)
def test_the_last_try_counts_less_its_penalty(given_tries: list[Try], penalty: int | None) -> None:
    found = mark_tries(QUESTION, given_tries, again(penalty))
    costs = Fraction((penalty or 0) * (len(given_tries) - 1), 100)
    assert found.points == VALUES[given_tries[-1].value] * max(Fraction(0), 1 - costs)
    assert found.maximum == 4
    assert found.verdict is mark(QUESTION, parse_response(QUESTION, given_tries[-1].value)).verdict


@given(tries, penalties)
def test_without_certainty_a_mark_is_never_negative_and_never_above_the_points(
    given_tries: list[Try], penalty: int | None
) -> None:
    assert 0 <= mark_tries(QUESTION, given_tries, again(penalty)).points <= QUESTION.points


@given(tries, penalties)
def test_with_certainty_a_mark_stays_in_its_bounds(given_tries: list[Try], penalty: int | None) -> None:
    found = mark_tries(QUESTION, given_tries, again(penalty, certainty=True))
    assert found.maximum == 3 * QUESTION.points
    assert -6 * QUESTION.points <= found.points <= found.maximum


@given(tries, penalties, st.booleans())
def test_one_more_try_of_the_same_never_pays(given_tries: list[Try], penalty: int | None, certainty: bool) -> None:
    rules = again(penalty, certainty)
    once = mark_tries(QUESTION, given_tries, rules)
    twice = mark_tries(QUESTION, [*given_tries, given_tries[-1]], rules)
    assert twice.points <= once.points
    assert twice.verdict is once.verdict


@pytest.mark.parametrize("penalty", [None, 0, 25, 100])
def test_what_a_wrong_answer_loses_by_certainty_is_lost_whole_in_every_try(penalty: int | None) -> None:
    wrong = Try(("c",), Certainty.SURE)
    for count in (1, 2, 3):
        assert mark_tries(QUESTION, [wrong] * count, again(penalty, certainty=True)).points == -24


def test_a_second_try_at_a_quarter_less() -> None:
    wrong, right = Try(("c",), Certainty.SURE), Try(("a", "b"), Certainty.FAIRLY)
    assert mark_tries(QUESTION, [wrong, right], again(25)).points == 3
    assert mark_tries(QUESTION, [wrong, right], again(25, certainty=True)).points == 6
    assert mark_tries(QUESTION, [wrong, right], again(100)).points == 0


def test_a_penalty_is_exact() -> None:
    third = Try(("1", "", ""))
    assert mark_tries(matching(), [third, third], again(33)).points == Fraction(67, 300)


@pytest.mark.parametrize("certainty", [False, True])
@pytest.mark.parametrize("given_tries", [[], [Try(())], [Try((), Certainty.SURE)], [Try(("", " "), Certainty.SURE)]])
def test_no_answer_gains_nothing_and_loses_nothing(given_tries: list[Try], certainty: bool) -> None:
    found = mark_tries(QUESTION, given_tries, again(25, certainty))
    assert (found.points, found.verdict) == (0, Verdict.UNANSWERED)


@pytest.mark.parametrize(
    ("rules", "allowed"),
    [
        (QuizRules(), 0),
        (QuizRules(feedback="after-close", retry_penalty=25), 0),
        (again(None), 1),
        (again(0), 2),
        (again(25), 2),
    ],
)
def test_how_often_a_question_may_be_checked(rules: QuizRules, allowed: int) -> None:
    assert tries_allowed(rules) == allowed
