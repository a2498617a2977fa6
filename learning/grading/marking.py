"""Marking one response. Exact fractions; the right answer of a question gives all its points."""

from __future__ import annotations

import itertools
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Literal, TypeVar, assert_never

from learning.content.model import (
    ChoiceQuestion,
    ClozeQuestion,
    Gap,
    MatchingQuestion,
    MultipleQuestion,
    NumericQuestion,
    NumericRange,
    OrderingQuestion,
    Question,
    ShortQuestion,
    SingleQuestion,
    TrueFalseQuestion,
)
from learning.grading.numbers import ParsedNumber, parse_number
from learning.grading.responses import ChoiceResponse, NumericResponse, Response, SequenceResponse, ShortResponse
from learning.grading.units import normalise_unit, visible

#: Raised when a change here or in the reading of numbers and units would mark an old answer differently.
RULE_VERSION = 3


class Verdict(StrEnum):
    """What a response is, in a word."""

    RIGHT = "right"
    PARTLY = "partly"
    WRONG = "wrong"
    #: The number is right, its unit is not.
    WRONG_UNIT = "wrong-unit"
    #: What was typed into a numeric field is no number.
    NO_NUMBER = "no-number"
    UNANSWERED = "unanswered"


Correctness = Literal["right", "partly", "wrong", "unanswered"]
#: What the author says to a response: the option it belongs to (None for a typed one) and finished HTML.
Feedback = tuple[str | None, str]


@dataclass(frozen=True, slots=True)
class Mark:
    """Points for one response, between 0 and ``maximum``."""

    points: Fraction
    maximum: int
    verdict: Verdict
    #: Feedback on what was chosen, in the order of the question, or on the number typed.
    feedback: tuple[Feedback, ...] = ()

    @property
    def correct(self) -> Correctness:
        """The verdict without its reasons: a wrong unit and what is no number are wrong."""
        match self.verdict:
            case Verdict.RIGHT:
                return "right"
            case Verdict.PARTLY:
                return "partly"
            case Verdict.WRONG | Verdict.WRONG_UNIT | Verdict.NO_NUMBER:
                return "wrong"
            case Verdict.UNANSWERED:
                return "unanswered"
            case _:
                assert_never(self.verdict)

    @property
    def feedback_html(self) -> str | None:
        """Feedback on what was typed; None if there is none."""
        return next((html for option_id, html in self.feedback if option_id is None), None)


def mark(question: Question, response: Response | None) -> Mark:
    """Mark a response that ``parse_response`` has checked against the same question.

    Raises TypeError for a response of another type of question, ValueError for one with too few or too many entries.
    """
    if response is None:
        return Mark(Fraction(0), question.points, Verdict.UNANSWERED)
    match question:
        case SingleQuestion() | TrueFalseQuestion() | MultipleQuestion():
            return _choice(question, _expect(ChoiceResponse, response).option_ids)
        case NumericQuestion():
            return _numeric(question, _expect(NumericResponse, response).text)
        case ShortQuestion():
            return _by_share(question, Fraction(_among(_expect(ShortResponse, response).text, question.accepted)))
        case MatchingQuestion():
            entries = _expect(SequenceResponse, response).entries
            hits = sum(entry == pair.id for entry, pair in zip(entries, question.pairs, strict=True))
            return _by_share(question, Fraction(hits, len(question.pairs)))
        case OrderingQuestion():
            return _by_share(question, _order_share(question, _expect(SequenceResponse, response).entries))
        case ClozeQuestion():
            entries = _expect(SequenceResponse, response).entries
            hits = sum(fills(entry, gap) for entry, gap in zip(entries, question.gaps, strict=True))
            return _by_share(question, Fraction(hits, len(question.gaps)))
        case _:
            assert_never(question)


_R = TypeVar("_R", ChoiceResponse, NumericResponse, ShortResponse, SequenceResponse)


def _expect(kind: type[_R], response: Response) -> _R:
    if not isinstance(response, kind):
        raise TypeError(f"The question takes a {kind.__name__}, not a {type(response).__name__}.")
    return response


def _by_share(question: Question, share: Fraction, feedback: tuple[Feedback, ...] = ()) -> Mark:
    verdict = Verdict.RIGHT if share == 1 else Verdict.PARTLY if share > 0 else Verdict.WRONG
    return Mark(share * question.points, question.points, verdict, feedback)


def _choice(question: ChoiceQuestion, chosen: frozenset[str]) -> Mark:
    """Right ones chosen minus wrong ones chosen, as a share of the right ones, never below 0."""
    right = {option.id for option in question.options if option.right}
    share = max(Fraction(0), Fraction(len(chosen & right) - len(chosen - right), len(right)))
    feedback = tuple(
        (option.id, option.feedback_html) for option in question.options if option.id in chosen and option.feedback_html
    )
    return _by_share(question, share, feedback)


def _order_share(question: OrderingQuestion, entries: tuple[str, ...]) -> Fraction:
    """Share of neighbours that follow each other as they should; full marks only for the whole order.

    Raises ValueError unless there is an entry, perhaps an empty one, for each place.
    """
    if len(entries) != len(question.items):
        raise ValueError(f"The question has {len(question.items)} places, the response {len(entries)}.")
    neighbours = set(itertools.pairwise(item.id for item in question.items))
    hits = neighbours & set(itertools.pairwise(entries))
    return Fraction(len(hits), len(neighbours))


def _numeric(question: NumericQuestion, text: str) -> Mark:
    """A number in an accepted range and unit gives all points, anything else none.

    A number with two readings is right if either is. Only where the reading usual in English is a known mistake it is
    that mistake: ``1.143`` for 1143 mg/L forgot a factor of a thousand, as the author foresaw.
    """

    def given(verdict: Verdict, said: NumericRange | None = None) -> Mark:
        points = question.points if verdict is Verdict.RIGHT else 0
        feedback = ((None, said.feedback_html),) if said and said.feedback_html else ()
        return Mark(Fraction(points), question.points, verdict, feedback)

    written = parse_number(text)
    if written is None:
        return given(Verdict.NO_NUMBER)
    shown = question.accepted[0]
    accepted = [each for each in question.accepted if _unit_fits(written.unit, each, shown)]
    mistakes = [each for each in question.mistakes if _unit_fits(written.unit, each, shown)]
    english = ParsedNumber(written.readings[:1], written.unit)
    if foreseen := _first_within(english, mistakes):
        return given(Verdict.WRONG, foreseen)
    if found := _first_within(written, accepted):
        return given(Verdict.RIGHT, found)
    if foreseen := _first_within(written, mistakes):
        return given(Verdict.WRONG, foreseen)
    return given(Verdict.WRONG_UNIT if _first_within(written, question.accepted) else Verdict.WRONG)


def _first_within(written: ParsedNumber, ranges: tuple[NumericRange, ...] | list[NumericRange]) -> NumericRange | None:
    return next((each for each in ranges if any(each.low <= value <= each.high for value in written.readings)), None)


def _unit_fits(written: str, of_range: NumericRange, shown: NumericRange) -> bool:
    """Whether the unit written (normalised, or empty) is that of a range.

    No unit stands for the one shown beside the field, however many are accepted. Where the question has no unit
    none may be written: ``14 %`` is not 14, and neither is ``14 thousand``.
    """
    unit = normalise_unit(of_range.unit)
    return unit in ((written,) if written else ("", normalise_unit(shown.unit)))


def fills(entry: str, gap: Gap) -> bool:
    """A chosen text must be the right one exactly; a typed one is compared as a short answer."""
    return entry in gap.right if gap.choices else _among(entry, gap.right)


def _among(text: str, accepted: tuple[str, ...]) -> bool:
    return _folded(text) in {_folded(each) for each in accepted}


def _folded(text: str) -> str:
    """Unicode-folded (NFKC, before and after folding case), without spaces and invisible characters."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", visible(text)).casefold())
    return "".join(folded.replace("’", "'").split())
