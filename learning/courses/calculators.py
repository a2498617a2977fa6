"""Calculators on a lesson page: what the reader typed, and what comes out of it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from learning.content.expressions import evaluate, written
from learning.content.model import Calculator, CalculatorInput, Lesson

#: Query parameter that names the calculator whose numbers the others are.
ASKED = "calculator"
#: What stands where there is no number.
NOTHING = "–"

_PLACE = re.compile(r'<div data-calculator="([a-z0-9-]+)"></div>')
_NUMBER = re.compile(r"[+-]?(?:\d{1,18}(?:\.\d{0,18})?|\.\d{1,18})")


@dataclass(frozen=True, slots=True)
class Field:
    """One number that the reader may set."""

    name: str
    label: str
    unit: str
    minimum: str
    maximum: str
    #: As typed; the default as the author wrote it.
    value: str
    #: What to type, in a sentence.
    hint: str
    wrong: bool


@dataclass(frozen=True, slots=True)
class Result:
    """One number that comes out."""

    name: str
    label: str
    unit: str
    text: str


@dataclass(frozen=True, slots=True)
class Worked:
    """A calculator with its numbers, ready to show."""

    id: str
    title: str
    fields: tuple[Field, ...]
    results: tuple[Result, ...]
    #: For the script: name, decimals and program of each output.
    programs: list[dict[str, object]]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a lesson's text, and the calculator that follows it."""

    html: str
    calculator: Worked | None


def lesson_stretches(lesson: Lesson, asked: Mapping[str, str]) -> tuple[Stretch, ...]:
    """The lesson in stretches. ``asked`` is the query: it sets the numbers of one calculator."""
    known = {calculator.id: calculator for calculator in lesson.calculators}
    pieces = _PLACE.split(lesson.html)
    stretches = [
        Stretch(html, work_out(known[name], asked if asked.get(ASKED) == name else {}))
        for html, name in zip(pieces[0::2], pieces[1::2], strict=False)
    ]
    return (*stretches, Stretch(pieces[-1], None))


def work_out(calculator: Calculator, typed: Mapping[str, str]) -> Worked:
    """A calculator with the typed numbers; the defaults where nothing was typed."""
    fields, values = [], {}
    for entry in calculator.inputs:
        text = typed.get(entry.id, plain(entry.default)).strip()
        number = values[entry.id] = _read(text, entry)
        low, high = plain(entry.minimum), plain(entry.maximum)
        fields.append(Field(entry.id, entry.label, entry.unit, low, high, text, _hint(entry), math.isnan(number)))
    results = []
    for output in calculator.outputs:
        value = values[output.id] = evaluate(output.program, values)
        text = NOTHING if math.isnan(value) else written(value, output.decimals)
        results.append(Result(output.id, output.label, output.unit, text))
    programs: list[dict[str, object]] = [
        {"name": output.id, "decimals": output.decimals, "program": output.program} for output in calculator.outputs
    ]
    return Worked(calculator.id, calculator.title, tuple(fields), tuple(results), programs)


def plain(value: float) -> str:
    """A number as a field holds it: without separators and without zeros at the end."""
    return f"{value:.10f}".rstrip("0").rstrip(".")


def _read(text: str, entry: CalculatorInput) -> float:
    """The number, NaN if there is none within its bounds. A comma may be the decimal mark."""
    found = text.replace("−", "-").replace(",", ".")
    if _NUMBER.fullmatch(found) and entry.minimum <= float(found) <= entry.maximum:
        return float(found)
    return math.nan


def _hint(entry: CalculatorInput) -> str:
    lowest, highest = (_grouped(bound) for bound in (entry.minimum, entry.maximum))
    return _("Type a number from %(low)s to %(high)s.", low=lowest, high=highest)


def _grouped(value: float) -> str:
    """A number as a sentence holds it: commas for thousands, no zeros at the end."""
    return written(value, len(plain(value).partition(".")[2]))
