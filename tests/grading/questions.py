"""Questions for tests."""

from __future__ import annotations

from decimal import Decimal

from learning.content.model import (
    ClozeQuestion,
    Gap,
    MatchingQuestion,
    MultipleQuestion,
    NumericQuestion,
    NumericRange,
    Option,
    OrderedItem,
    OrderingQuestion,
    Pair,
    ShortQuestion,
    SingleQuestion,
    TrueFalseQuestion,
)


def options(rights: str) -> tuple[Option, ...]:
    """Options with ids a, b, c …; ``rights`` holds an x for a right one and a dot for a wrong one."""
    return tuple(Option("abcdefghij"[place], f"<p>{mark}</p>", mark == "x", None) for place, mark in enumerate(rights))


def single(rights: str = ".x.", points: int = 1) -> SingleQuestion:
    """A question with one right option."""
    return SingleQuestion("q", points, "", "", "", options(rights))


def multiple(rights: str = "xx..", points: int = 1) -> MultipleQuestion:
    """A question with several right options."""
    return MultipleQuestion("q", points, "", "", "", options(rights))


def true_false() -> TrueFalseQuestion:
    """True is right."""
    return TrueFalseQuestion("q", 1, "", "", "", options("x."))


def accepted(low: str, high: str, unit: str | None = None, feedback: str | None = None) -> NumericRange:
    """A range of values."""
    return NumericRange(Decimal(low), Decimal(high), low, unit, feedback)


def numeric(*ranges: NumericRange, mistakes: tuple[NumericRange, ...] = ()) -> NumericQuestion:
    """A number; 42 to 43 without a unit by default."""
    return NumericQuestion("q", 2, "", "", "", ranges or (accepted("42", "43"),), mistakes)


def short(*texts: str) -> ShortQuestion:
    """A few typed words."""
    return ShortQuestion("q", 1, "", "", "", texts)


def matching() -> MatchingQuestion:
    """Three pairs with ids 1, 2, 3."""
    return MatchingQuestion("q", 1, "", "", "", tuple(Pair(str(n), "", "") for n in (1, 2, 3)))


def ordering() -> OrderingQuestion:
    """Four items; the right order is w x y z."""
    return OrderingQuestion("q", 3, "", "", "", tuple(OrderedItem(id_, id_) for id_ in "wxyz"))


def cloze() -> ClozeQuestion:
    """A gap to choose and a gap to type."""
    gaps = (Gap("1", ("reused",), ("reused", "drained")), Gap("2", ("load", "the load"), ()))
    return ClozeQuestion("q", 1, "", "", "", ("a", "b", "c"), gaps)
