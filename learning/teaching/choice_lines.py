"""Who chose what, as the page lists it: the options of a question as their author wrote them, or what was typed."""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from learning.content.model import (
    MultipleQuestion,
    NumericQuestion,
    Option,
    Question,
    ShortQuestion,
    SingleQuestion,
    TrueFalseQuestion,
)
from learning.grading.distractors import ChoiceCount, Given, Third, distractors
from learning.grading.marking import Verdict, mark
from learning.grading.numbers import parse_number
from learning.grading.responses import BadResponse, parse_response
from learning.grading.units import normalise_unit
from learning.teaching.quiz_queries import EqualAnswers

#: Different wrong answers that are listed by themselves; the rest is added up.
MOST_TYPED = 6

ChoiceQuestion = SingleQuestion | MultipleQuestion | TrueFalseQuestion


class LineKind(StrEnum):
    """What a line counts."""

    OPTION = "option"
    #: What was typed; all right answers are one line.
    TYPED = "typed"
    #: Wrong answers beyond those listed.
    OTHERS = "others"
    NO_NUMBER = "no-number"
    #: Of a question that cannot be listed by choices: how it was marked.
    RIGHT = "right"
    PARTLY = "partly"
    WRONG = "wrong"
    NO_ANSWER = "no-answer"


@dataclass(frozen=True, slots=True)
class ChoiceLine:
    """One line of the table."""

    kind: LineKind
    #: As it was counted; None for sums and for no answer.
    choice: str | None
    lower: int
    middle: int
    upper: int
    #: Of options, in the order of the author; None for what is no option of the newest version.
    letter: str | None = None
    #: Finished HTML of an option.
    html: str | None = None
    #: What was typed.
    text: str | None = None
    right: bool = False

    @property
    def total(self) -> int:
        """Attempts of all thirds."""
        return self.lower + self.middle + self.upper


@dataclass(frozen=True, slots=True)
class Choices:
    """The choices of one question."""

    lines: tuple[ChoiceLine, ...]
    #: For the verdict: only of questions with one answer, else empty.
    counts: tuple[ChoiceCount, ...]
    #: Choices that give all points.
    right: frozenset[str]

    def name_of(self, choice: str | None) -> str | None:
        """What the page calls a choice: the letter of an option, or what was typed."""
        return next((line.letter or line.text for line in self.lines if choice and line.choice == choice), None)


def choices_of(
    versions: Sequence[Question],
    answers: Sequence[EqualAnswers],
    marked: Mapping[tuple[str, Third], int],
    thirds_of: Mapping[float, Third],
) -> Choices:
    """``versions``: the question as it stood, the newest first; ``marked``: attempts by verdict and third."""
    question = versions[0]
    silent = [Given((), third, number) for (verdict, third), number in marked.items() if verdict == Verdict.UNANSWERED]
    match question:
        case SingleQuestion() | MultipleQuestion() | TrueFalseQuestion():
            given = [Given(each.value, thirds_of[each.score], each.number) for each in answers]
            return _options(question, versions, distractors([*given, *silent]))
        case NumericQuestion() | ShortQuestion():
            readings = {value: _reading(question, value) for value in {each.value for each in answers}}
            given = [Given((readings[each.value],), thirds_of[each.score], each.number) for each in answers]
            return _typed(question, distractors([*given, *silent]))
        case _:
            by_verdict = [Given((_kind(verdict),), third, number) for (verdict, third), number in marked.items()]
            return _marked(distractors(by_verdict))


def _options(question: ChoiceQuestion, versions: Sequence[Question], counts: Sequence[ChoiceCount]) -> Choices:
    by_choice = {count.choice: count for count in counts}
    older: dict[str, Option] = {
        option.id: option
        for version in versions[:0:-1]
        if isinstance(version, ChoiceQuestion)
        for option in version.options
        if option.id in by_choice
    }
    current = {option.id: option for option in question.options}
    letters = dict(zip(current, string.ascii_uppercase, strict=False))
    lines = [
        ChoiceLine(
            LineKind.OPTION,
            option_id,
            *_thirds(by_choice.get(option_id)),
            letter=letters.get(option_id),
            html=option.html,
            right=option.right,
        )
        for option_id, option in {
            **current,
            **{key: value for key, value in older.items() if key not in current},
        }.items()
    ]
    right = frozenset(option.id for option in {**older, **current}.values() if option.right)
    lines += _no_answer(by_choice.get(None))
    # Where several may be chosen, no choice stands for the whole answer.
    one_answer = not isinstance(question, MultipleQuestion)
    return Choices(tuple(lines), tuple(counts) if one_answer else (), right)


#: What stands for all right answers, and for all that are no number; neither can be the reading of a number.
_RIGHT, _NO_NUMBER = "=", "?"


def _reading(question: NumericQuestion | ShortQuestion, value: Sequence[str]) -> str:
    """The same text for answers that say the same."""
    try:
        verdict = mark(question, parse_response(question, value)).verdict
    except BadResponse:
        return _NO_NUMBER
    if verdict is Verdict.RIGHT:
        return _RIGHT
    if isinstance(question, ShortQuestion):
        return " ".join(value[0].casefold().split())
    number = parse_number(value[0])
    if number is None:
        return _NO_NUMBER
    shown = question.accepted[0].unit
    unit = shown if number.unit in ("", normalise_unit(shown)) else number.unit
    return f"{number.readings[0].normalize():f} {unit or ''}".strip()


def _typed(question: NumericQuestion | ShortQuestion, counts: Sequence[ChoiceCount]) -> Choices:
    by_choice = {count.choice: count for count in counts}
    wrong = [count for count in counts if count.choice not in (None, _RIGHT, _NO_NUMBER)]
    lines = [
        ChoiceLine(LineKind.TYPED, _RIGHT, *_thirds(by_choice.get(_RIGHT)), text=_right_text(question), right=True)
    ]
    lines += [
        ChoiceLine(LineKind.TYPED, count.choice, *_thirds(count), text=count.choice) for count in wrong[:MOST_TYPED]
    ]
    if rest := wrong[MOST_TYPED:]:
        sums = [sum(parts) for parts in zip(*map(_thirds, rest), strict=True)]
        lines.append(ChoiceLine(LineKind.OTHERS, None, *sums))
    if _NO_NUMBER in by_choice:
        lines.append(ChoiceLine(LineKind.NO_NUMBER, None, *_thirds(by_choice[_NO_NUMBER])))
    lines += _no_answer(by_choice.get(None))
    doubted = tuple(count for count in counts if count.choice != _NO_NUMBER)
    return Choices(tuple(lines), doubted, frozenset({_RIGHT}))


def _right_text(question: NumericQuestion | ShortQuestion) -> str:
    if isinstance(question, ShortQuestion):
        return question.accepted[0]
    return f"{question.accepted[0].shown} {question.accepted[0].unit or ''}".strip()


def _kind(verdict: str) -> LineKind:
    match verdict:
        case Verdict.RIGHT:
            return LineKind.RIGHT
        case Verdict.PARTLY:
            return LineKind.PARTLY
        case Verdict.UNANSWERED:
            return LineKind.NO_ANSWER
        case _:
            return LineKind.WRONG


def _marked(counts: Sequence[ChoiceCount]) -> Choices:
    by_choice = {count.choice: count for count in counts}
    kinds = (LineKind.RIGHT, LineKind.PARTLY, LineKind.WRONG, LineKind.NO_ANSWER)
    lines = [ChoiceLine(kind, None, *_thirds(by_choice.get(kind)), right=kind is LineKind.RIGHT) for kind in kinds]
    return Choices(tuple(line for line in lines if line.total or line.kind is LineKind.RIGHT), (), frozenset())


def _no_answer(count: ChoiceCount | None) -> list[ChoiceLine]:
    return [ChoiceLine(LineKind.NO_ANSWER, None, *_thirds(count))] if count else []


def _thirds(count: ChoiceCount | None) -> tuple[int, int, int]:
    return (count.lower, count.middle, count.upper) if count else (0, 0, 0)
