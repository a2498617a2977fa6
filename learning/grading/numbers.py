"""Numbers as people write them, whatever their country. The same on every machine: no locale is asked.

A decimal mark is a point or a comma. Thousands are set apart by spaces of any kind, apostrophes, points or
commas, three digits each. Powers of ten are written 1.2e3, 1,2 x 10^3, 1.2·10³ or 10³. A currency may stand
before the number, any unit after it. A fraction (1/2, ½), a span (12-13) and a sum (5 + 7) are no number.

Some writings have two readings: ``1,234`` is a thousand or one and a bit, ``1.234`` too. Both are given, the one
usual in English first. Marking takes the reading that is right, so that nobody fails for the habit of their country.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from learning.grading.units import DEGREE, MINUS, SUPERSCRIPTS, normalise_unit, visible

#: Longest text that can be a number with its unit, in characters.
LONGEST = 60
#: Powers of ten beyond this are a slip of the keyboard.
LARGEST_EXPONENT = 60

_RAISED_TEN = re.compile(r"(?<!\d)10([⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺]+)")
#: 42² is neither 422 nor 42.
_RAISED_DIGIT = re.compile(r"\d[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺]")
_MARKS = str.maketrans({"。": ".", "’": "'", "‘": "'", "ʼ": "'"})
_SPACES = re.compile(r"\s+")
_POWER = r"(?:\^|\*\*)\s?\(?(?P<{}>[+-]?[0-9]{{1,3}})\)?(?![0-9])"
_NUMBER = re.compile(
    rf"""
    (?:(?P<before>[¥€$]|(?:CNY|RMB|EUR|USD)(?=[\s0-9+-]))\s?)?
    (?P<sign>[+-]?)\s?
    (?:
      10\s?{_POWER.format("bare")}
      |
      (?P<digits>[0-9][0-9.,' ]*|[.,][0-9][0-9 ]*)
      (?:
          e(?P<e>[+-]?[0-9]{{1,3}})(?![0-9])
        | \s?[x×*·⋅•]\s?10\s?(?:{_POWER.format("power")}|(?P<lowered>[+-][0-9]{{1,3}})(?![0-9]))
      )?
    )
    \s?(?P<unit>.*)
    """,
    re.VERBOSE | re.IGNORECASE,
)
#: What goes on after a number without being a unit: a second number, a sum, a fraction, a broken power.
_NO_UNIT = re.compile(r"[±=.,:;|<>{}+\-^~≈\d]|[/⁄∕÷x×*·⋅•]\s?\d|e[+-]?\d", re.IGNORECASE)
_FRACTION = re.compile(r"[0-9]*|[0-9]{3}(?: [0-9]{3})*(?: [0-9]{1,3})?")


@dataclass(frozen=True, slots=True)
class ParsedNumber:
    """A number as written."""

    #: One or two values, exact; the first is the one usual in English.
    readings: tuple[Decimal, ...]
    #: Normalised by ``normalise_unit``; empty if none is written.
    unit: str


def parse_number(text: str) -> ParsedNumber | None:
    """Read a number with an optional unit; None if it is none. Never raises."""
    text = visible(text.strip()) if len(text) <= 10 * LONGEST else text
    if len(text) > LONGEST:
        return None
    text = _RAISED_TEN.sub(lambda found: "10^" + found[1].translate(SUPERSCRIPTS), text)
    if _RAISED_DIGIT.search(text):
        return None
    folded = unicodedata.normalize("NFKC", text.translate(DEGREE)).translate(MINUS).translate(_MARKS)
    match = _NUMBER.fullmatch(_SPACES.sub(" ", folded).strip())
    if match is None:
        return None
    unit = match["unit"].strip(" .,;!")
    exponent = int(match["e"] or match["power"] or match["lowered"] or match["bare"] or 0)
    if _NO_UNIT.match(unit) or abs(exponent) > LARGEST_EXPONENT or (unit and match["before"]):
        return None
    sign = "-" if match["sign"] == "-" else ""
    digits = "1" if match["bare"] else match["digits"].rstrip()
    # The constructor is exact; arithmetic would round to the precision of the context.
    values = [Decimal(f"{sign}{reading}E{exponent}") for reading in _readings(digits)]
    return ParsedNumber(tuple(dict.fromkeys(values)), normalise_unit(match["before"] or unit)) if values else None


def _readings(digits: str) -> list[str]:
    """All ways to read a run of digits and marks, as texts for Decimal; the English one first."""
    found = []
    for mark in ".,":
        whole, _, fraction = digits.rpartition(mark) if mark in digits else (digits, "", "")
        whole_digits = _whole(whole, decimal=mark) if whole or not fraction else "0"
        if whole_digits and _FRACTION.fullmatch(fraction):
            found.append(f"{whole_digits}.{fraction.replace(' ', '') or '0'}")
    return list(dict.fromkeys(found))


def _whole(text: str, decimal: str) -> str | None:
    """The digits before the decimal mark, perhaps with thousands set apart by one other mark; None if they are not."""
    marks = set(text) - set("0123456789")
    if not marks:
        return text
    if len(marks) > 1 or decimal in marks:
        return None
    first, *groups = text.split(marks.pop())
    if not 1 <= len(first) <= 3 or first.startswith("0") or any(len(group) != 3 for group in groups):
        return None
    return first + "".join(groups)
