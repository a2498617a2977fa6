"""Formulas of calculators: what they may say, what comes out, and that nothing breaks them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.content.expressions import (
    DEEPEST,
    FUNCTIONS,
    LONGEST,
    BadFormula,
    annuity,
    compile_formula,
    evaluate,
    irr,
    names_in,
)

VALUES = {"a": 3.0, "b": 4.0, "zero": 0.0}


def value(formula: str) -> float:
    return evaluate(compile_formula(formula, VALUES), VALUES)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("10 - 4 - 3", 3),
        ("24 / 4 / 3", 2),
        ("2 ^ 3 ^ 2", 512),
        ("-2 ^ 2", -4),
        ("2 ^ -1", 0.5),
        ("--a", 3),
        ("a * -b", -12),
        ("sqrt(a ^ 2 + b ^ 2)", 5),
        ("max(a, b, 5) - min(a, b)", 2),
        ("sum(a, b, 1)", 8),
        ("if(a < b, 1, 2)", 1),
        ("if(a >= b, 1, 2)", 2),
        ("if(zero <= 0, 7, 1 / zero)", 7),
        ("round(2.5) + round(-2.5) + floor(1.9) + ceil(1.1)", 4),
        ("ln(exp(2)) + log10(1000) + abs(-1)", 6),
        ("sin(0) + cos(0) + tan(0) + acos(1)", 1),
        ("pi()", math.pi),
        ("0.5*a", 1.5),
    ],
)
def test_a_formula_has_the_value_it_has_in_a_textbook(formula: str, expected: float) -> None:
    assert value(formula) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    "formula", ["1 / zero", "sqrt(-1)", "ln(0)", "acos(2)", "(-8) ^ 0.5", "10 ^ 400", "max(1, 1 / zero)", "0 ^ -1"]
)
def test_what_has_no_value_is_not_a_number_and_raises_nothing(formula: str) -> None:
    assert math.isnan(value(formula))


def test_annuity_is_the_present_value_of_equal_payments() -> None:
    assert annuity(0.1, 10) == pytest.approx(sum(1.1**-year for year in range(1, 11)), rel=1e-12)
    assert annuity(0, 7) == 7


@given(st.floats(0.001, 3), st.integers(1, 40), st.floats(1, 1e9))
def test_irr_finds_the_rate_that_an_investment_was_made_for(rate: float, years: int, saving: float) -> None:
    assert irr(annuity(rate, years) * saving, saving, years) == pytest.approx(rate, rel=1e-6, abs=1e-9)


def test_irr_is_not_a_number_where_the_savings_never_pay() -> None:
    assert math.isnan(irr(100, 0, 5))
    assert math.isnan(irr(1, 1000, 5))


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("", "ends too early"),
        ("a +", "ends too early"),
        ("(a", "lacks a `)` at its end"),
        ("a b", "missing sign"),
        ("a ) + 1", "missing sign"),
        ("c", "neither an input nor an output above"),
        ("power(a)", "calls `power`, which does not exist"),
        ("sqrt(a, b)", "gives `sqrt` 2 values: it takes 1"),
        ("min()", "gives `min` 0 values: it takes 1 to 20"),
        ("pi(1)", "gives `pi` 1 values: it takes 0"),
        ("if(a, 1, 2)", "without a comparison"),
        ("if(a < b, 1)", "gives `if` 2 values: it takes 3"),
        ("a; b", "no number, name or sign"),
        ("__import__('os')", "no number, name or sign"),
        ("a.real", "no number, name or sign"),
        ("* a", "where a number, a name or a bracket should stand"),
        ("a < b", "where it should end"),
        ("(" * (DEEPEST + 1) + "a", "nested more than"),
        ("2 ^ " * (DEEPEST + 1) + "2", "nested more than"),
        ("a + " * LONGEST + "a", "longer than"),
    ],
)
def test_a_bad_formula_is_refused_with_a_sentence(formula: str, said: str) -> None:
    with pytest.raises(BadFormula, match=said.replace("(", r"\(").replace(")", r"\)")):
        compile_formula(formula, VALUES)


def test_a_program_tells_which_names_it_fetches() -> None:
    assert names_in(compile_formula("a + max(b, 1) * a", VALUES)) == {"a", "b"}


_PIECES = st.sampled_from(["a", "b", "zero", "1", "2.5", "+", "-", "*", "/", "^", "(", ")", ",", "<", *FUNCTIONS])


@given(st.lists(_PIECES, max_size=60))
def test_any_mixture_is_refused_or_has_a_value(pieces: list[str]) -> None:
    try:
        program = compile_formula(" ".join(pieces), VALUES)
    except BadFormula:
        return
    assert isinstance(evaluate(program, VALUES), float)


@given(st.text(max_size=80))
def test_any_text_is_refused_or_has_a_value(text: str) -> None:
    try:
        program = compile_formula(text, VALUES)
    except BadFormula:
        return
    assert isinstance(evaluate(program, VALUES), float)
