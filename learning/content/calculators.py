"""Calculators of a lesson: fenced blocks of YAML that become ``Calculator``, and a place in the page for each."""

from __future__ import annotations

import math
from collections import deque
from decimal import Decimal

from learning.content.expressions import BadFormula, Program, compile_formula, evaluate, names_in, written
from learning.content.frontmatter import validated
from learning.content.markdown import Writer
from learning.content.model import Calculator, CalculatorInput, CalculatorOutput
from learning.content.problems import Problems
from learning.content.schemas import CalculatorBlock, CalculatorOutputEntry
from learning.content.text import Line, Text
from learning.content.yaml_lines import Document, load

OPENING, CLOSING = "```calculator", "```"


class Calculators:
    """Takes the calculators out of one lesson."""

    def __init__(self, writer: Writer, problems: Problems) -> None:
        self._writer = writer
        self._problems = problems
        self.found: list[Calculator] = []

    def taken_from(self, body: Text) -> Text:
        """The body with a token in the place of each calculator, line for line."""
        done: list[Line] = []
        lines = deque(body.lines)
        while lines:
            line = lines.popleft()
            if line.text.rstrip() != OPENING:
                done.append(line)
                continue
            block: list[str] = []
            while lines and lines[0].text.rstrip() != CLOSING:
                block.append(lines.popleft().text)
            if lines:
                lines.popleft()
            else:
                self._problems.add(line.number, "is a calculator without an end: write a line ``` below it")
            name = self._read("\n".join(block), line.number)
            place = f'<div data-calculator="{name}"></div>' if name else ""
            token = self._writer.marks.put("block", place, line.text, line.number)
            # Empty lines on both sides keep the token in a paragraph of its own.
            done += [Line(line.number, ""), Line(line.number, token), Line(line.number, "")]
        return Text(tuple(done))

    def _read(self, text: str, line: int) -> str | None:
        document = load(text, self._problems, first_line=line + 1)
        entry = validated(CalculatorBlock, document, self._problems) if document else None
        if document is None or entry is None:
            return None
        if entry.id in {each.id for each in self.found}:
            self._problems.add(document.line(("id",)), f"repeats the id `{entry.id}` in this lesson: choose another")
        self.found.append(_Builder(entry, document, self._problems).built())
        return entry.id


class _Builder:
    """Checks one calculator, and reckons its outputs at the defaults."""

    def __init__(self, entry: CalculatorBlock, document: Document, problems: Problems) -> None:
        self._entry = entry
        self._document = document
        self._problems = problems
        #: What formulas may name so far, with the value at the defaults.
        self._values: dict[str, float] = {}
        self._used: set[str] = set()

    def built(self) -> Calculator:
        for index, field in enumerate(self._entry.inputs):
            line = self._document.line(("inputs", index))
            if not field.minimum <= field.default <= field.maximum or field.minimum == field.maximum:
                self._problems.add(line, f"`{field.id}` must have min < max, and its default between them")
            self._name(field.id, field.default, line)
        outputs = tuple(self._output(index, entry) for index, entry in enumerate(self._entry.outputs))
        for index, field in enumerate(self._entry.inputs):
            if field.id not in self._used:
                line = self._document.line(("inputs", index))
                self._problems.add(line, f"`{field.id}` stands in no formula: use it, or delete it")
        inputs = tuple(
            CalculatorInput(each.id, each.label, each.unit or "", each.minimum, each.maximum, each.default)
            for each in self._entry.inputs
        )
        return Calculator(self._entry.id, self._entry.title, inputs, outputs)

    def _name(self, name: str, value: float, line: int) -> None:
        if name in self._values:
            self._problems.add(line, f"repeats the name `{name}`: choose another")
        self._values[name] = value

    def _output(self, index: int, entry: CalculatorOutputEntry) -> CalculatorOutput:
        line = self._document.line(("outputs", index))
        program = self._compiled(entry, line)
        value = evaluate(program, self._values)
        self._check(entry, value, line)
        self._name(entry.id, value, line)
        return CalculatorOutput(entry.id, entry.label, entry.unit or "", entry.decimals, program)

    def _compiled(self, entry: CalculatorOutputEntry, line: int) -> Program:
        try:
            program = compile_formula(entry.formula, self._values)
        except BadFormula as error:
            self._problems.add(line, f"the formula of `{entry.id}` {error}")
            return (entry.expect,)
        self._used |= names_in(program)
        return program

    def _check(self, entry: CalculatorOutputEntry, value: float, line: int) -> None:
        if math.isnan(value):
            self._problems.add(line, f"the formula of `{entry.id}` gives no number at the defaults: mend it")
            return
        found, expected = written(value, entry.decimals), written(entry.expect, entry.decimals)
        if found != expected or Decimal(expected.replace(",", "").replace("−", "-")) != Decimal(str(entry.expect)):
            self._problems.add(line, f"`{entry.id}` is {found} at the defaults, and `expect` says {entry.expect}")
