"""How invented people answer a question: by what they know, by how hard it is, and by which mistake lies near.

Each question is the same for everybody and in every demo, so that an analysis of the answers finds something: most
questions tell strong people from weak ones, one of each quiz is too easy, and one lures strong people.
"""

from __future__ import annotations

import math
import random
from typing import assert_never

from learning.content.model import (
    ClozeQuestion,
    MatchingQuestion,
    MultipleQuestion,
    NumericQuestion,
    Option,
    OrderingQuestion,
    Question,
    Quiz,
    ShortQuestion,
    SingleQuestion,
    TrueFalseQuestion,
)
from learning.quizzes.answering import Given

#: How steeply the chance of a right answer rises with knowledge.
STEEPNESS = 1.6
#: People who know more than this see through a question that lures, and think too far.
FALLS_FOR_THE_LURE = 0.6


def answers_of(chance: random.Random, quiz: Quiz, knowledge: float) -> dict[str, Given]:
    """What one person sends; ``knowledge`` is between 0 and 1, without its ends."""
    easy, luring = quiz.questions[0], _luring(quiz)
    found = {}
    for question in quiz.questions:
        if luring and question.id == luring.id and knowledge > FALLS_FOR_THE_LURE and chance.random() < 0.7:
            found[question.id] = [_wrong_options(luring)[0].id]
        else:
            right = chance.random() < (0.98 if question.id == easy.id else _chance_of_right(question, knowledge))
            found[question.id] = _right(question) if right else _wrong(chance, question)
    return {question_id: Given(value) for question_id, value in found.items()}


def _luring(quiz: Quiz) -> SingleQuestion | None:
    """The last question with several wrong options; the first of them is the lure."""
    return next((each for each in reversed(quiz.questions) if isinstance(each, SingleQuestion)), None)


def _wrong_options(question: SingleQuestion | TrueFalseQuestion) -> list[Option]:
    return [option for option in question.options if not option.right]


def _chance_of_right(question: Question, knowledge: float) -> float:
    difficulty = random.Random(question.id).uniform(-1.3, 0.9)
    ability = math.log(knowledge / (1 - knowledge))
    return 1 / (1 + math.exp(STEEPNESS * (difficulty - ability)))


def _right(question: Question) -> list[str]:
    match question:
        case SingleQuestion() | TrueFalseQuestion() | MultipleQuestion():
            return [option.id for option in question.options if option.right]
        case NumericQuestion():
            first = question.accepted[0]
            return [f"{(first.low + first.high) / 2:f}"]
        case ShortQuestion():
            return [question.accepted[0]]
        case MatchingQuestion():
            return [pair.id for pair in question.pairs]
        case OrderingQuestion():
            return [item.id for item in question.items]
        case ClozeQuestion():
            return [gap.right[0] for gap in question.gaps]
        case _:
            assert_never(question)


def _wrong(chance: random.Random, question: Question) -> list[str]:
    """The mistake that lies nearest more often than the others; now and then no answer."""
    if chance.random() < 0.06:
        return []
    match question:
        case SingleQuestion() | TrueFalseQuestion():
            return [_one_of(chance, _wrong_options(question))]
        case MultipleQuestion():
            return [option.id for option in question.options if chance.random() < (0.65 if option.right else 0.4)]
        case NumericQuestion():
            mistakes = [(each.low + each.high) / 2 for each in question.mistakes]
            first = question.accepted[0]
            return [f"{chance.choice([*mistakes, 10 * (first.low + first.high) / 2]):f}"]
        case ShortQuestion():
            return [chance.choice(["waste", "cost", "saving"])]
        case MatchingQuestion() | OrderingQuestion():
            return _with_neighbours_changed(chance, _right(question))
        case ClozeQuestion():
            return [chance.choice(gap.choices) if gap.choices else "waste" for gap in question.gaps]
        case _:
            assert_never(question)


def _with_neighbours_changed(chance: random.Random, order: list[str]) -> list[str]:
    place = chance.randrange(len(order) - 1)
    order[place], order[place + 1] = order[place + 1], order[place]
    return order


def _one_of(chance: random.Random, wrong: list[Option]) -> str:
    """The first of them half of the time."""
    return wrong[0].id if chance.random() < 0.5 else chance.choice(wrong).id
