"""What a learner sends, as typed values checked against the question."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from learning.content.model import (
    ChoiceQuestion,
    ClozeQuestion,
    MatchingQuestion,
    MultipleQuestion,
    NumericQuestion,
    OrderingQuestion,
    Question,
    ShortQuestion,
    SingleQuestion,
    TrueFalseQuestion,
)

#: Most characters of one value.
LONGEST_TEXT = 200
_WHITE = "\t\n\r"


class BadResponse(Exception):
    """The response does not fit the question; the text says what is wrong and how to mend it."""


@dataclass(frozen=True, slots=True)
class ChoiceResponse:
    """Ids of the options chosen in a single, multiple or true-false question."""

    option_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class NumericResponse:
    """What was typed where a number is asked."""

    text: str


@dataclass(frozen=True, slots=True)
class ShortResponse:
    """What was typed where a few words are asked."""

    text: str


@dataclass(frozen=True, slots=True)
class SequenceResponse:
    """One entry for each row (matching), place (ordering) or gap (cloze); an empty one is unanswered."""

    entries: tuple[str, ...]


Response = ChoiceResponse | NumericResponse | ShortResponse | SequenceResponse
#: A response as JSON: its kind and its values.
ResponseJson = dict[str, str | list[str]]


def parse_response(question: Question, raw: Sequence[str]) -> Response | None:
    """The response that a form's values make; None when nothing was answered.

    ``raw`` holds option ids (choice), one text (numeric, short), or one entry for each pair (the id of the pair
    whose match is chosen), place (the id of the item put there) or gap (its text). Raises BadResponse.
    """
    for value in raw:
        _check_text(value)
    if not any(value.strip() for value in raw):
        return None
    match question:
        case SingleQuestion() | TrueFalseQuestion() | MultipleQuestion():
            return _choice(question, [value for value in raw if value])
        case NumericQuestion():
            return NumericResponse(_only(raw))
        case ShortQuestion():
            return ShortResponse(_only(raw))
        case MatchingQuestion():
            return _sequence(raw, [{pair.id for pair in question.pairs}] * len(question.pairs))
        case OrderingQuestion():
            return _order(raw, question)
        case ClozeQuestion():
            return _sequence(raw, [set(gap.choices) for gap in question.gaps])
        case _:
            assert_never(question)


def to_json(response: Response) -> ResponseJson:
    """The response as JSON: ``{"kind": "choice", "values": [...]}``, one kind for each class, ids sorted."""
    match response:
        case ChoiceResponse():
            return {"kind": "choice", "values": sorted(response.option_ids)}
        case NumericResponse():
            return {"kind": "numeric", "values": [response.text]}
        case ShortResponse():
            return {"kind": "short", "values": [response.text]}
        case SequenceResponse():
            return {"kind": "sequence", "values": list(response.entries)}
        case _:
            assert_never(response)


def from_json(stored: object) -> Response:
    """The response that ``to_json`` stored. Raises BadResponse for anything else."""
    kind, values = (stored.get("kind"), stored.get("values")) if isinstance(stored, Mapping) else (None, None)
    if isinstance(values, list) and all(isinstance(value, str) for value in values):
        if kind == "choice":
            return ChoiceResponse(frozenset(values))
        if kind == "sequence":
            return SequenceResponse(tuple(values))
        if kind in ("numeric", "short") and len(values) == 1:
            return NumericResponse(values[0]) if kind == "numeric" else ShortResponse(values[0])
    raise BadResponse("The stored answer cannot be read. Answer the question again.")


def _check_text(value: str) -> None:
    if len(value) > LONGEST_TEXT:
        raise BadResponse(f"An answer may have {LONGEST_TEXT} characters. Shorten it and save again.")
    # NUL and lone surrogates are refused by PostgreSQL; no keyboard types them. White space comes with a paste.
    if any(unicodedata.category(each) in {"Cs", "Cc"} and each not in _WHITE for each in value):
        raise BadResponse("The answer holds a control character. Type it again without it.")


def _only(raw: Sequence[str]) -> str:
    if len(raw) != 1:
        raise BadResponse("This question takes one answer. Keep one and save again.")
    return raw[0]


def _choice(question: ChoiceQuestion, chosen: Sequence[str]) -> ChoiceResponse:
    if not set(chosen) <= {option.id for option in question.options}:
        raise BadResponse("One of the choices is not on this page. Reload the page and choose again.")
    if len(set(chosen)) > 1 and not isinstance(question, MultipleQuestion):
        raise BadResponse("This question takes one choice. Choose one and save again.")
    return ChoiceResponse(frozenset(chosen))


def _sequence(raw: Sequence[str], offered: Sequence[set[str]]) -> SequenceResponse:
    """``offered`` holds what each entry may be beside empty; an empty set stands for any text."""
    fits = len(raw) == len(offered) and all(
        not entry or not known or entry in known for entry, known in zip(raw, offered, strict=True)
    )
    if not fits:
        raise BadResponse("The answer does not fit the question. Reload the page and answer again.")
    return SequenceResponse(tuple(raw))


def _order(raw: Sequence[str], question: OrderingQuestion) -> SequenceResponse:
    response = _sequence(raw, [{item.id for item in question.items}] * len(question.items))
    placed = [entry for entry in raw if entry]
    if len(set(placed)) != len(placed):
        raise BadResponse("One entry stands in two places. Give each entry one place and save again.")
    return response
