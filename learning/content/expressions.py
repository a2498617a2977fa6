"""The small language of formulas in calculators: numbers, names, arithmetic, a few functions. Nothing is executed.

A formula is compiled once, when content is read, into a program for a stack (reverse Polish notation): numbers
stand for themselves, ``$name`` fetches a value, ``max/3`` calls a function with three arguments. The page carries
the program, so that ``static/js/calculator.js`` and ``evaluate`` do the same steps and a browser needs no parser.

Whatever is not a finite number (a division by zero, a root of a negative number) is ``NaN``, and so is whatever is
computed from it.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

Program = tuple[float | str, ...]

LONGEST = 400
DEEPEST = 20

_TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?)|([a-z][a-z0-9_]*)|(<=|>=|[-+*/^(),<>]))")


class BadFormula(ValueError):
    """The formula cannot be read; the text says what is wrong and how to mend it."""


def annuity(rate: float, years: float) -> float:
    """Present value of 1 at the end of each year: (1 - (1 + rate)^-years) / rate, and ``years`` at rate 0."""
    return years if rate == 0 else (1 - (1 + rate) ** -years) / rate


def irr(investment: float, saving: float, years: float) -> float:
    """Rate at which equal yearly savings are worth the investment, by bisection between -0.99 and 10 (1,000 %).

    Not a number where no rate in between does it.
    """
    low, high = -0.99, 10.0
    if not annuity(low, years) * saving >= investment >= annuity(high, years) * saving:
        return math.nan
    for _ in range(200):
        middle = (low + high) / 2
        if annuity(middle, years) * saving > investment:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _half_up(value: float) -> float:
    return math.floor(value + 0.5)


@dataclass(frozen=True, slots=True)
class _Function:
    work: Callable[..., float]
    fewest: int
    most: int


#: What a formula may call. ``if`` is not among them: only the branch it takes has to be a number.
_FUNCTIONS: dict[str, _Function] = {
    "min": _Function(min, 1, 20),
    "max": _Function(max, 1, 20),
    "sum": _Function(lambda *values: math.fsum(values), 1, 20),
    "abs": _Function(abs, 1, 1),
    "sqrt": _Function(math.sqrt, 1, 1),
    "exp": _Function(math.exp, 1, 1),
    "ln": _Function(math.log, 1, 1),
    "log10": _Function(math.log10, 1, 1),
    "round": _Function(_half_up, 1, 1),
    "floor": _Function(math.floor, 1, 1),
    "ceil": _Function(math.ceil, 1, 1),
    "sin": _Function(math.sin, 1, 1),
    "cos": _Function(math.cos, 1, 1),
    "tan": _Function(math.tan, 1, 1),
    "acos": _Function(math.acos, 1, 1),
    "pi": _Function(lambda: math.pi, 0, 0),
    "annuity": _Function(annuity, 2, 2),
    "irr": _Function(irr, 3, 3),
}
_OPERATORS: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "^": math.pow,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
FUNCTIONS = frozenset({*_FUNCTIONS, "if"})


def compile_formula(formula: str, names: Collection[str]) -> Program:
    """The program of a formula over the given names. Raises BadFormula."""
    if len(formula) > LONGEST:
        raise BadFormula(f"is longer than {LONGEST} characters: part it into several outputs")
    return _Parser(_tokens(formula), names).program()


def names_in(program: Program) -> set[str]:
    """The names that a program fetches."""
    return {step[1:] for step in program if isinstance(step, str) and step.startswith("$")}


def evaluate(program: Program, values: Mapping[str, float]) -> float:
    """The value of a program; NaN where there is none."""
    stack: list[float] = []
    for step in program:
        if not isinstance(step, str):
            stack.append(step)
        elif step.startswith("$"):
            stack.append(values[step[1:]])
        elif step == "neg":
            stack.append(-stack.pop())
        elif step == "if/3":
            otherwise, then, condition = stack.pop(), stack.pop(), stack.pop()
            stack.append(math.nan if math.isnan(condition) else then if condition else otherwise)
        elif step in _OPERATORS:
            right, left = stack.pop(), stack.pop()
            stack.append(_finite(_OPERATORS[step], left, right))
        else:
            name, _, count = step.partition("/")
            arguments = [stack.pop() for _ in range(int(count))][::-1]
            stack.append(_finite(_FUNCTIONS[name].work, *arguments))
    return stack.pop()


def _finite(work: Callable[..., float], *arguments: float) -> float:
    if any(math.isnan(argument) for argument in arguments):
        return math.nan
    try:
        value = float(work(*arguments))
    except (ValueError, OverflowError, ZeroDivisionError, TypeError):  # TypeError: a power that is complex
        return math.nan
    return value if math.isfinite(value) else math.nan


def _tokens(formula: str) -> list[str]:
    found, at = [], 0
    while at < len(formula.rstrip()):
        token = _TOKEN.match(formula, at)
        if token is None:
            raise BadFormula(f"holds `{formula[at:].strip()[:10]}`, which is no number, name or sign: write it anew")
        found.append(token[0].strip())
        at = token.end()
    return found


class _Parser:
    """Reads tokens by the usual precedence: comparison, sum, product, sign, power (from the right)."""

    def __init__(self, tokens: list[str], names: Collection[str]) -> None:
        self._tokens = tokens
        self._names = names
        self._at = 0
        self._depth = 0
        self._steps: list[float | str] = []

    def program(self) -> Program:
        self._sum()
        if self._next is not None:
            raise BadFormula(f"has `{self._next}` where it should end: look for a missing sign or bracket")
        return tuple(self._steps)

    @property
    def _next(self) -> str | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _take(self) -> str:
        token = self._next
        if token is None:
            raise BadFormula("ends too early: something is missing behind its last sign")
        self._at += 1
        return token

    def _expect(self, sign: str) -> None:
        if self._next != sign:
            raise BadFormula(f"lacks a `{sign}` {f'before `{self._next}`' if self._next else 'at its end'}")
        self._at += 1

    def _comparison(self) -> None:
        self._sum()
        if self._next not in ("<", "<=", ">", ">="):
            raise BadFormula("has an `if` without a comparison: write `if(a < b, …, …)`")
        sign = self._take()
        self._sum()
        self._steps.append(sign)

    def _sum(self) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise BadFormula(f"is nested more than {DEEPEST} deep: part it into several outputs")
        self._product()
        while self._next in ("+", "-"):
            sign = self._take()
            self._product()
            self._steps.append(sign)
        self._depth -= 1

    def _product(self) -> None:
        self._signed()
        while self._next in ("*", "/"):
            sign = self._take()
            self._signed()
            self._steps.append(sign)

    def _signed(self) -> None:
        negative = False
        while self._next == "-":
            self._take()
            negative = not negative
        self._power()
        if negative:
            self._steps.append("neg")

    def _power(self) -> None:
        self._atom()
        if self._next == "^":
            self._take()
            self._depth += 1
            if self._depth > DEEPEST:
                raise BadFormula(f"is nested more than {DEEPEST} deep: part it into several outputs")
            self._signed()
            self._depth -= 1
            self._steps.append("^")

    def _atom(self) -> None:
        token = self._take()
        if token[0].isdigit():
            self._steps.append(float(token))
        elif token == "(":
            self._sum()
            self._expect(")")
        elif token[0].isalpha():
            if self._next == "(":
                self._call(token)
            elif token in self._names:
                self._steps.append("$" + token)
            else:
                raise BadFormula(f"names `{token}`, which is neither an input nor an output above: mend the name")
        else:
            raise BadFormula(f"has `{token}` where a number, a name or a bracket should stand")

    def _call(self, name: str) -> None:
        if name not in FUNCTIONS:
            raise BadFormula(f"calls `{name}`, which does not exist: use one of {', '.join(sorted(FUNCTIONS))}")
        self._expect("(")
        count = 0
        if name == "if":
            self._comparison()
            count = 1
            self._expect(",")
        while self._next != ")" or count:
            self._sum()
            count += 1
            if self._next != ",":
                break
            self._take()
        self._expect(")")
        fewest, most = (3, 3) if name == "if" else (_FUNCTIONS[name].fewest, _FUNCTIONS[name].most)
        if not fewest <= count <= most:
            wanted = str(fewest) if fewest == most else f"{fewest} to {most}"
            raise BadFormula(f"gives `{name}` {count} values: it takes {wanted}")
        self._steps.append(f"{name}/{count}")


def written(value: float, decimals: int) -> str:
    """A number as a page shows it: rounded half away from zero, commas for thousands, a true minus sign."""
    rounded = abs(Decimal(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return f"{'−' if value < 0 and rounded else ''}{rounded:,.{decimals}f}"
