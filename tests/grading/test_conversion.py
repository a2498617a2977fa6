"""Conversion between units."""

from __future__ import annotations

from fractions import Fraction

import pytest

from learning.grading.conversion import factor


@pytest.mark.parametrize(
    ("of", "to", "by"),
    [
        ("kWh", "MJ", Fraction(18, 5)),
        ("MJ", "kWh", Fraction(5, 18)),
        ("MWh", "GJ", Fraction(18, 5)),
        ("t", "kg", 1000),
        ("m³", "L", 1000),
        ("mg/L", "kg/m³", Fraction(1, 1000)),
        ("mg/L", "g/m3", 1),
        ("m³/h", "L/min", Fraction(50, 3)),
        ("kg/d", "t/d", Fraction(1, 1000)),
        ("bar", "kPa", 100),
        ("%", "‰", 10),
        ("kWh/t", "MJ/kg", Fraction(9, 2500)),
        ("mW", "MW", Fraction(1, 10**9)),
    ],
)
def test_a_unit_in_another(of: str, to: str, by: Fraction) -> None:
    assert factor(of, to) == by


@pytest.mark.parametrize(
    ("of", "to"), [("kWh", "kW"), ("°C", "K"), ("CNY", "EUR"), ("kg", "L"), ("", "kg"), ("m³/h", "m³")]
)
def test_what_is_of_another_kind_is_not_converted(of: str, to: str) -> None:
    assert factor(of, to) is None
