"""Months as people count them."""

from __future__ import annotations

import calendar
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learning.clock import months_later
from tests.proof import times

days = st.dates(date(2000, 1, 2), date(2100, 12, 30))


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 12, 5), 1, date(2027, 1, 5)),
        (date(2026, 11, 30), 24, date(2028, 11, 30)),
    ],
)
def test_months_later_is_the_day_that_people_expect(day: date, months: int, later: date) -> None:
    assert months_later(day, months) == later


@pytest.mark.prove
@settings(max_examples=times(300, 10_000), deadline=None)
@given(days, st.integers(1, 60))
def test_so_many_months_later_is_the_same_day_or_the_last_of_a_shorter_month(day: date, months: int) -> None:
    later = months_later(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day == min(day.day, calendar.monthrange(later.year, later.month)[1])
