"""Numbers as people write them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.config import PROJECT
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
    "1\u2007234": "1234", "1\u3000234": "1234", "１，２３４．５": "1234.5", "１\u3000２３４": "1234", "1ʼ234": "1234", "1‘234": "1234",
    "12 345 678,9": "12345678.9", "1 234 567,89": "1234567.89", "0.123 456": "0.123456", "3.141 592 653": "3.141592653",
    "1.2E+03": "1200", "1,2E-3": "0.0012", "1.2 e3": "1200", "2.5 × 10⁻²": "0.025", "2,5·10−2": "0.025", "2.5x10-2": "0.025",
    "3 • 10^2": "300", "10^6": "1000000", "10³": "1000", "10⁻³": "0.001", "-10^2": "-100", "1 x 10^(−3)": "0.001",
    "−１２": "-12", "﹣3": "-3", "‒3": "-3", "—3": "-3", "1\u00ad234": "1234", "\u200e42": "42", "00.5": "0.5", "−0,5e−3": "-0.0005",
}  # fmt: skip
TWO_READINGS = {
    "1,234": ("1234", "1.234"), "1.234": ("1.234", "1234"), "-1,234": ("-1234", "-1.234"), "123,456": ("123456", "123.456"),
    "１，２３４": ("1234", "1.234"), "−1.234": ("-1.234", "-1234"), "1,234e3": ("1234000", "1234"), "1.234 × 10³": ("1234", "1234000"),
}  # fmt: skip
NO_NUMBER = ["", " ", "abc", "forty-two", "1,2,3", "1.2.3", "12,34,567", "1,23,456", "--3", "e3", "1e400", "1e-999", "٣", "x10^3", ".", ",", "-", "1'23", "NaN", "inf", "١٢", "9" * 61, "1 2 3"]  # fmt: skip
UNITS = {
    "12 kWh": ("12", "kWh"), "12kWh": ("12", "kWh"), "12 m³": ("12", "m3"), "12 m3": ("12", "m3"), "12 m^3": ("12", "m3"),
    "12 m³/d": ("12", "m3/d"), "12 m³ / d": ("12", "m3/d"), "3 %": ("3", "%"), "3%": ("3", "%"), "5 µg": ("5", "ug"),
    "5 μg": ("5", "ug"), "7 mg/L": ("7", "mg/L"), "7 mg/l": ("7", "mg/L"), "99 600 CNY": ("99600", "CNY"), "1.5e3 kg": ("1500", "kg"),
    "12 kg CO₂": ("12", "kgCO2"), "20 °C": ("20", "°C"), "12 L": ("12", "L"), "12 l": ("12", "L"), "4 t.": ("4", "t"),
    "¥ 12": ("12", "CNY"), "€1,50": ("1.5", "EUR"), "CNY 99 600": ("99600", "CNY"), "1.5 µS/cm": ("1.5", "µS/cm"), "20 ºC": ("20", "°C"),
    "20 ℃": ("20", "°C"), "35 kWh per t": ("35", "kWh/t"), "１２ ｋＷｈ": ("12", "kWh"), "12 ㎡": ("12", "m2"), "5 ％": ("5", "%"),
    "12 元": ("12", "CNY"), "1.2×10³ mg/L": ("1200", "mg/L"), "1 234,5 m³": ("1234.5", "m3"), "−4 °C": ("-4", "°C"), "12 kW·h": ("12", "kWh"),
}  # fmt: skip


FORMS = [*ONE_READING, *TWO_READINGS, *UNITS]


def test_the_tables_hold_at_least_120_ways_to_write_a_number() -> None:
    assert len(set(FORMS)) == len(FORMS) >= 120


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
    assert parsed.readings == tuple(map(Decimal, values)), "the first is the one usual in English"


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


PROGRAM = """
import json, locale, sys
from learning.grading.marking import mark
from learning.grading.numbers import parse_number
from learning.grading.responses import NumericResponse
from tests.grading.questions import accepted, numeric

locale.setlocale(locale.LC_ALL, "")
question = numeric(accepted("1000", "1234.5", "kWh"), accepted("0.001", "43"))
read = [[repr(parse_number(each)), repr(mark(question, NumericResponse(each)))] for each in json.load(sys.stdin)]
json.dump([locale.localeconv()["decimal_point"], read], sys.stdout)
"""


def test_the_locale_of_the_server_changes_no_mark(tmp_path: Path) -> None:
    def read(**environment: str) -> tuple[str, list[list[str]]]:
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM],
            input=json.dumps([*FORMS, *NO_NUMBER]),
            capture_output=True,
            check=True,
            text=True,
            encoding="utf-8",
            cwd=PROJECT,
            env={**os.environ, "PYTHONUTF8": "1", **environment},
        )
        mark, found = json.loads(done.stdout)
        return mark, found

    # Few machines have a locale with a decimal comma ready: one is made where the system can.
    made = (
        shutil.which("localedef")
        and not subprocess.run(
            ["localedef", "-i", "de_DE", "-f", "UTF-8", str(tmp_path / "de_DE.UTF-8")], capture_output=True, check=False
        ).returncode
    )
    if not made:
        pytest.skip("This machine cannot make a locale with a decimal comma: apt-get install locales")
    point, expected = read(LC_ALL="C")
    comma, found = read(LC_ALL="de_DE.UTF-8", LOCPATH=str(tmp_path))
    assert (point, comma) == (".", ",")
    assert found == expected
