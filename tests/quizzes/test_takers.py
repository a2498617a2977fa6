"""Takers who know nothing: no habit of choosing passes a quiz, and chance hardly ever does.

Marked by the rules of grading over every question of the bank. A habit that goes by place meets the author's order,
the worst case: papers shuffle options. Numbers and words cannot be guessed and stay empty.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache, partial
from pathlib import Path
from random import Random

import pytest

from learning.config import PROJECT
from learning.content.catalogue import load_catalogue
from learning.content.model import (
    ClozeQuestion,
    MatchingQuestion,
    MultipleQuestion,
    NumericQuestion,
    OrderingQuestion,
    Question,
    Quiz,
    ShortQuestion,
    SingleQuestion,
    TrueFalseQuestion,
)
from learning.content.plain import text_of_html
from learning.grading.marking import Mark, mark
from learning.grading.responses import ChoiceResponse, Response, SequenceResponse
from learning.grading.scoring import QuizScore, score_quiz
from tests.proof import times

#: Takes one of the texts that a question offers, by its index.
Habit = Callable[[Sequence[str]], int]
HABITS: dict[str, Habit] = {
    "first": lambda texts: 0,
    "second": lambda texts: min(1, len(texts) - 1),
    "last": lambda texts: len(texts) - 1,
    "longest": lambda texts: max(range(len(texts)), key=lambda place: len(texts[place])),
    "shortest": lambda texts: min(range(len(texts)), key=lambda place: len(texts[place])),
}
RUNS = times(300, 20_000)


@cache
def quizzes() -> dict[str, Quiz]:
    catalogue = load_catalogue(Path(PROJECT / "content")).catalogue
    assert catalogue is not None
    return catalogue.quizzes


def by_habit(question: Question, habit: Habit, chance: Random) -> Response | None:
    """What somebody answers who always takes the same of what is offered."""
    match question:
        case SingleQuestion() | TrueFalseQuestion() | MultipleQuestion():
            place = habit([text_of_html(option.html) for option in question.options])
            return ChoiceResponse(frozenset([question.options[place].id]))
        case MatchingQuestion():
            place = habit([text_of_html(pair.match_html) for pair in question.pairs])
            return SequenceResponse((question.pairs[place].id,) * len(question.pairs))
        case ClozeQuestion():
            return SequenceResponse(
                tuple(gap.choices[habit(gap.choices)] if gap.choices else "" for gap in question.gaps)
            )
        case OrderingQuestion():
            # There is nothing to choose but an order, and the author's own is the right one.
            return at_random(question, chance)
        case NumericQuestion() | ShortQuestion():
            return None


def everything(question: Question, chance: Random) -> Response | None:
    """What somebody answers who ticks every box."""
    if isinstance(question, MultipleQuestion):
        return ChoiceResponse(frozenset(option.id for option in question.options))
    return by_habit(question, HABITS["first"], chance)


def at_random(question: Question, chance: Random) -> Response | None:
    """What somebody answers who throws dice."""
    match question:
        case SingleQuestion() | TrueFalseQuestion():
            return ChoiceResponse(frozenset([chance.choice(question.options).id]))
        case MultipleQuestion():
            ticked = frozenset(option.id for option in question.options if chance.random() < 0.5)
            return ChoiceResponse(ticked) if ticked else None
        case MatchingQuestion():
            ids = [pair.id for pair in question.pairs]
            return SequenceResponse(tuple(chance.sample(ids, len(ids))))
        case OrderingQuestion():
            ids = [item.id for item in question.items]
            return SequenceResponse(tuple(chance.sample(ids, len(ids))))
        case ClozeQuestion():
            return SequenceResponse(tuple(chance.choice(gap.choices) if gap.choices else "" for gap in question.gaps))
        case NumericQuestion() | ShortQuestion():
            return None


def sat(quiz: Quiz, answer: Callable[[Question], Response | None]) -> QuizScore:
    marks: list[Mark] = [mark(question, answer(question)) for question in quiz.questions]
    return score_quiz(marks, quiz.pass_mark)


@pytest.mark.prove
@pytest.mark.parametrize("quiz_id", sorted(quizzes()))
def test_no_habit_passes_a_quiz(quiz_id: str) -> None:
    quiz, chance = quizzes()[quiz_id], Random(quiz_id)
    scores = {name: sat(quiz, partial(by_habit, habit=habit, chance=chance)) for name, habit in HABITS.items()}
    scores["all boxes"] = sat(quiz, partial(everything, chance=chance))
    print(f"\n{quiz_id:>9}  " + "  ".join(f"{name} {score.shown_percent} %" for name, score in scores.items()))
    assert [name for name, score in scores.items() if score.passed] == []


@pytest.mark.prove
@pytest.mark.parametrize("quiz_id", sorted(quizzes()))
def test_chance_passes_in_fewer_than_one_run_of_a_hundred(quiz_id: str) -> None:
    quiz, chance = quizzes()[quiz_id], Random(quiz_id)
    scores = [sat(quiz, partial(at_random, chance=chance)) for _ in range(RUNS)]
    passed = sum(score.passed for score in scores)
    mean = sum((score.percent for score in scores), Fraction(0)) / RUNS
    best = max(score.percent for score in scores)
    print(
        f"\n{quiz_id:>9}  {RUNS:,} runs at random: mean {float(mean):.1f} %, best {float(best):.1f} %, "
        f"passed {passed} ({100 * passed / RUNS:.2f} %) at {quiz.pass_mark} %"
    )
    assert 100 * passed < RUNS


def test_who_knows_the_answers_passes() -> None:
    """The simulation could not pass anybody if it marked nothing right."""

    def known(question: Question) -> Response | None:
        match question:
            case SingleQuestion() | TrueFalseQuestion() | MultipleQuestion():
                return ChoiceResponse(frozenset(option.id for option in question.options if option.right))
            case MatchingQuestion():
                return SequenceResponse(tuple(pair.id for pair in question.pairs))
            case OrderingQuestion():
                return SequenceResponse(tuple(item.id for item in question.items))
            case ClozeQuestion():
                return SequenceResponse(tuple(gap.right[0] for gap in question.gaps))
            case NumericQuestion() | ShortQuestion():
                return None

    for quiz in quizzes().values():
        typed = sum(question.points for question in quiz.questions if question.type in ("numeric", "short"))
        score = sat(quiz, known)
        assert score.points == score.maximum - typed
