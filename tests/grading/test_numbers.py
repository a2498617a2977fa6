"""Numbers as people write them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.grading.numbers import normalise_unit, parse_number

ONE_READING = {
    "42": "42", "0": "0", "007": "7", "-3": "-3", "−3": "-3", "–3": "-3", "－3": "-3", "+3": "3", "- 3": "-3",
    "42.5": "42.5", "42,5": "42.5", ".5": "0.5", ",5": "0.5", "5.": "5", "0.001": "0.001", "-0,25": "-0.25",
    "1 234": "1234", "1\u00a0234": "1234", "1\u202f234": "1234", "1\u2009234": "1234", "1'234": "1234", "1’234": "1234",
    "1 234 567": "1234567", "1,234,567": "1234567", "1.234.567": "1234567", "1'234'567": "1234567",
    "1,234.5": "1234.5", "1.234,5": "1234.5", "1 234,5": "1234.5", "1 234.5": "1234.5", "1'234.5": "1234.5",
    "12,345.67": "12345.67", "12.345,67": "12345.67", "1,234,567.89": "1234567.89", "1.234.567,89": "1234567.89",
    "1e3": "1000", "1E3": "1000", "1.2e3": "1200", "1,2e3": "1200", "1e-3": "0.001", "1e+3": "1000", "-1e3": "-1000",
    "1 x 10^3": "1000", "1,2 x 10^3": "1200", "1.2×10³": "1200", "1.2 × 10^-3": "0.0012", "1.2·10^3": "1200",
    "1.2*10^3": "1200", "1.2*10**3": "1200", "1.2⋅10⁻³": "0.0012", "1.2x10^(3)": "1200", "5·10⁶": "5000000",
    "１２": "12", "１２．５": "12.5", "  42  ": "42", "\t42\n": "42", "42\u200b": "42", "99600": "99600", "99 600": "99600",
    "1143": "1143", "10.0": "10", "10,00": "10", "1234,5678": "1234.5678", "1234.5678": "1234.5678", "0,5": "0.5", "0,500": "0.5",
}  # fmt: skip
TWO_READINGS = {"1,234": ("1234", "1.234"), "1.234": ("1.234", "1234"), "-1,234": ("-1234", "-1.234"), "123,456": ("123456", "123.456")}  # fmt: skip
NO_NUMBER = ["", " ", "abc", "forty-two", "1,2,3", "1.2.3", "12,34,567", "1,23,456", "--3", "e3", "1e400", "1e-999", "٣", "x10^3", ".", ",", "-", "1'23", "NaN", "inf", "١٢", "9" * 61, "1 2 3"]  # fmt: skip
UNITS = {
    "12 kWh": ("12", "kWh"), "12kWh": ("12", "kWh"), "12 m³": ("12", "m3"), "12 m3": ("12", "m3"), "12 m^3": ("12", "m3"),
    "12 m³/d": ("12", "m3/d"), "12 m³ / d": ("12", "m3/d"), "3 %": ("3", "%"), "3%": ("3", "%"), "5 µg": ("5", "ug"),
    "5 μg": ("5", "ug"), "7 mg/L": ("7", "mg/L"), "7 mg/l": ("7", "mg/L"), "99 600 CNY": ("99600", "CNY"), "1.5e3 kg": ("1500", "kg"),
    "12 kg CO₂": ("12", "kgCO2"), "20 °C": ("20", "°C"), "12 L": ("12", "L"), "12 l": ("12", "L"), "4 t.": ("4", "t"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "value"), ONE_READING.items())
def test_a_number_with_one_reading(text: str, value: str) -> None:
    parsed = parse_number(text)
    assert parsed is not None
    assert parsed.readings == (Decimal(value),)
    assert parsed.unit == ""


@pytest.mark.parametrize(("text", "values"), TWO_READINGS.items())
def test_a_number_with_two_readings_gives_both(text: str, values: tuple[str, str]) -> None:
    parsed = parse_number(text)
    assert parsed is not None
    assert set(parsed.readings) == {Decimal(value) for value in values}


@pytest.mark.parametrize("text", NO_NUMBER)
def test_what_is_no_number(text: str) -> None:
    assert parse_number(text) is None


@pytest.mark.parametrize(("text", "parts"), UNITS.items())
def test_a_unit_after_the_number(text: str, parts: tuple[str, str]) -> None:
    parsed = parse_number(text)
    assert parsed is not None
    assert parsed.readings[0] == Decimal(parts[0])
    assert parsed.unit == normalise_unit(parts[1])


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused_and_never_raises(text: str) -> None:
    parsed = parse_number(text)
    if parsed is not None:
        assert 1 <= len(parsed.readings) <= 2


@given(st.decimals(-(10**9), 10**9, places=3, allow_nan=False))
def test_every_plain_decimal_is_read_back(value: Decimal) -> None:
    for text in (f"{value:f}", f"{value:f}".replace(".", ",")):
        parsed = parse_number(text)
        assert parsed is not None
        assert value in parsed.readings
