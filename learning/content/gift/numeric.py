"""Numbers of GIFT (``42:0.5``, ``40..45``) and of our answer lines (``42 ± 0.5 kWh``, ``40 .. 45 kWh``)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from learning.content.numbers import BadNumber, Span, parse_span

_NUMBER = re.compile(r"[+-]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})(?:[eE][+-]?\d{1,2})?")
_PLAIN = re.compile(r"-?\d{1,15}(?:\.\d{1,15})?")


class NotANumber(Exception):
    """A text is no number that our questions can hold; the message ends a sentence."""


@dataclass(frozen=True, slots=True)
class Range:
    """A stretch of numbers."""

    low: Decimal
    high: Decimal
    #: As an answer line without a unit.
    line: str

    def matches(self, span: Span) -> bool:
        """Whether an answer line stands for the same stretch."""
        return (self.low, self.high) == (span.low, span.high)


def read_range(text: str) -> Range:
    """The stretch that an answer of GIFT accepts. Raises NotANumber."""
    if ".." in text:
        low, high = (_number(part) for part in text.split("..", 1))
        if Decimal(low) > Decimal(high):
            raise NotANumber(f"has the range `{text[:40]}`, which does not rise")
        line = f"{low} .. {high}" if Decimal(low) < Decimal(high) else low
        return Range(Decimal(low), Decimal(high), line)
    value, _, tolerance = text.partition(":")
    number = _number(value)
    by = _number(tolerance) if tolerance.strip() else "0"
    if Decimal(by) < 0:
        raise NotANumber(f"has the negative tolerance `{tolerance[:40]}`")
    line = f"{number} ± {by}" if Decimal(by) else number
    return Range(Decimal(number) - Decimal(by), Decimal(number) + Decimal(by), line)


def _number(text: str) -> str:
    """A number as our answer lines write it."""
    text = text.strip()
    if _PLAIN.fullmatch(text):
        return text
    if not _NUMBER.fullmatch(text):
        raise NotANumber(f"has the answer `{text[:40]}`, which is no number: write decimals after a point")
    plain = format(Decimal(text), "f")
    if not _PLAIN.fullmatch(plain):
        raise NotANumber(f"has the answer `{text[:40]}`, which has more digits than a question can hold")
    return plain


def written_range(text: str) -> tuple[str, str | None]:
    """An answer line as GIFT, and its unit. Raises BadNumber."""
    span = parse_span(text)
    if " to " in span.shown:
        return f"{_plain(span.low)}..{_plain(span.high)}", span.unit
    middle = (span.low + span.high) / 2
    return f"{_plain(middle)}:{_plain(span.high - middle)}", span.unit


def unit_of(text: str) -> str | None:
    """The unit of an answer line; None if it has none or cannot be read."""
    try:
        return parse_span(text).unit
    except BadNumber:
        return None


def _plain(value: Decimal) -> str:
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"
