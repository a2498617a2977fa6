"""The answer lines of numeric questions: values, tolerances, ranges and units."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from learning.content.answers import Entry
from learning.content.problems import Problems
from learning.grading.conversion import factor

_NUMBER = r"[-+\u2212]?\d{1,15}(?:\.\d{1,15})?"
_UNIT = r"(?P<unit>[^\d\s±=.,;:|<>{}+\u2212-][^±=|<>{}]{0,39})"
_GAP = r"(?:\s+|(?=[%‰°]))"
_TOLERANCE = re.compile(rf"(?P<value>{_NUMBER})\s*±\s*(?P<by>\S+?)(?P<percent>\s*%)?(?:\s+{_UNIT})?")
_RANGE = re.compile(rf"(?P<low>{_NUMBER})\s*\.\.\s*(?P<high>{_NUMBER})(?:{_GAP}{_UNIT})?")
_EXACT = re.compile(rf"(?P<value>{_NUMBER})(?:{_GAP}{_UNIT})?")
_PLAIN = re.compile(_NUMBER)
_COMMA = re.compile(r"^\D{0,2}\d+,\d|±\s*\d+,\d|\.\.\s*\d+,\d")


class BadNumber(Exception):
    """An answer line cannot be read; the message ends a sentence that starts with its line."""


@dataclass(frozen=True, slots=True)
class Span:
    """The values an answer line stands for."""

    low: Decimal
    high: Decimal
    shown: str
    unit: str | None
    #: Whether it ends with ``± n %``: a tolerance, or an answer in per cent with a tolerance in points?
    ambiguous: bool = False
    #: Other units in which the same value is right.
    also: tuple[str, ...] = ()


def parse_span(text: str) -> Span:
    """Read what follows ``=`` or ``!=``: a value and its unit, then perhaps ``| MJ | GJ``. Raises BadNumber."""
    value, *also = (" ".join(part.split()) for part in text.split("|"))
    span = _parse_value(value)
    for unit in also:
        if not unit or span.unit is None or factor(span.unit, unit) is None:
            raise BadNumber(
                f"accepts `{unit[:40]}` too, into which `{span.unit or 'no unit'}` is not converted: "
                "give that unit an answer line of its own"
            )
    return replace(span, also=tuple(also))


def _parse_value(text: str) -> Span:
    if _COMMA.search(text):
        raise BadNumber("writes a number with a comma: write the decimals after a point, and no sign for thousands")
    if found := _RANGE.fullmatch(text):
        return _range(found)
    if found := _TOLERANCE.fullmatch(text):
        return _tolerance(found)
    if found := _EXACT.fullmatch(text):
        value = _decimal(found["value"])
        return Span(value, value, found["value"], _unit(found))
    raise BadNumber(f"is not a number that can be read: {_mend(text)}")


def _range(found: re.Match[str]) -> Span:
    low, high = _decimal(found["low"]), _decimal(found["high"])
    if low >= high:
        raise BadNumber("is a range that does not rise: write the smaller number first")
    return Span(low, high, f"{found['low']} to {found['high']}", _unit(found))


def _tolerance(found: re.Match[str]) -> Span:
    value = _decimal(found["value"])
    if not _PLAIN.fullmatch(found["by"]) or found["by"][0] in "-+\u2212":
        raise BadNumber(f"has a tolerance that is not a number: write ± and a number, not `{found['by'][:20]}`")
    by = _decimal(found["by"])
    if found["percent"]:
        if by >= 100:
            raise BadNumber("has a tolerance of 100 % or more: write a smaller one")
        if not value:
            raise BadNumber("has a tolerance in per cent of nothing: write it as a number")
        by = abs(value) * by / 100
    unit = _unit(found)
    return Span(value - by, value + by, found["value"], unit, bool(found["percent"]) and unit is None)


def _unit(found: re.Match[str]) -> str | None:
    unit: str | None = found["unit"]
    return unit.strip() if unit else None


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace("\u2212", "-"))


def _mend(text: str) -> str:
    if "±" in text:
        return "write it as 42.5 ± 0.5 kWh or 1143 ± 1 % mg/L, and start the unit with a letter"
    if re.match(r"[-+]?\d+ \d", text):
        return "write it without blanks between its digits, and start the unit with a letter"
    return "write it as 42.5 ± 0.5 kWh, 40 .. 45 kWh or 42 kWh"


#: An answer line and what it stands for.
Answer = tuple[Entry, Span]


def read_spans(entries: Sequence[Entry], at: int, problems: Problems) -> tuple[list[Answer], list[Answer]]:
    """The accepted answers and the known mistakes of a question that stands on line ``at``."""
    accepted: list[Answer] = []
    mistakes: list[Answer] = []
    for entry in entries:
        try:
            span = parse_span(entry.words)
            (accepted if entry.mark == "=" else mistakes).extend((entry, each) for each in _in_all_units(span))
        except BadNumber as error:
            problems.add(entry.line, str(error))
    if not any(entry.mark == "=" for entry in entries):
        problems.add(at, "has no answer: write a line such as `= 42.5 ± 0.5 kWh`")
    _check_percent(accepted, mistakes, problems)
    mistakes = [(entry, each) for entry, span in mistakes for each in _in_all_units(_with_first_unit(span, accepted))]
    _check_spans(accepted, mistakes, problems)
    return accepted, mistakes


def _check_percent(accepted: list[Answer], mistakes: list[Answer], problems: Problems) -> None:
    """``14.3 ± 0.2 %`` may mean two things, and the wrong one would mark right answers wrong."""
    # Behind an answer in mg/L, a mistake of ± 1 % can only mean the tolerance.
    in_doubt = [*accepted, *(mistakes if any(span.unit in (None, "%") for _, span in accepted[:1]) else [])]
    for entry, span in in_doubt:
        if span.ambiguous:
            problems.add(
                entry.line,
                "ends with ± and %, which may be a tolerance or the unit: write a range such as 14.1 .. 14.5 %, "
                "or the unit behind the %",
            )


def _with_first_unit(span: Span, accepted: list[Answer]) -> Span:
    """A known mistake without a unit is one in the unit the learner is shown."""
    if span.unit is None and accepted:
        return replace(span, unit=accepted[0][1].unit, also=accepted[0][1].also)
    return span


def _in_all_units(span: Span) -> list[Span]:
    """The span itself and the same values in the other units it accepts."""
    found = [span]
    for unit in span.also:
        times = factor(span.unit or "", unit)
        assert times is not None
        low, high = (_times(value, times) for value in (span.low, span.high))
        found.append(Span(low, high, f"{low.normalize():f}" if low == high else f"{low:.6g} to {high:.6g}", unit))
    return found


def _times(value: Decimal, by: Fraction) -> Decimal:
    # More digits than anybody types: where a division does not end, what is cut off is no answer's.
    return value * by.numerator / by.denominator


def _check_spans(accepted: list[Answer], mistakes: list[Answer], problems: Problems) -> None:
    units: dict[str | None, Span] = {}
    for entry, span in accepted:
        if span.unit in units:
            problems.add(entry.line, "gives a second answer in one unit: keep one, or widen its tolerance")
        units.setdefault(span.unit, span)
    for entry, span in mistakes:
        right = units.get(span.unit)
        if not entry.feedback:
            problems.add(entry.line, "is a known mistake without feedback: explain it in a quote below")
        if accepted and right is None:
            problems.add(entry.line, "is a known mistake in a unit that no answer has: use one of theirs")
        elif right is not None and span.low <= right.high and right.low <= span.high:
            problems.add(entry.line, "is a known mistake that an answer accepts: make them differ")
