"""Moments and amounts as a person reads them, in their language."""

from __future__ import annotations

from datetime import date as date_type
from datetime import datetime, timedelta
from decimal import Decimal

from flask import Flask
from flask_babel import format_date, format_datetime, format_decimal, format_timedelta


def day_in_words(day: date_type) -> str:
    """A day of its own, not a moment: it is the same in every time zone."""
    return str(format_date(day, "EEE d MMM y"))


def moment_in_words(moment: datetime) -> str:
    """A moment to the minute, in UTC."""
    return str(format_datetime(moment, "d MMM y, HH:mm")) + " UTC"


def init_formats(app: Flask) -> None:
    """Give templates the filters ``date``, ``day``, ``moment``, ``duration`` and ``amount``."""

    @app.template_filter("date")
    def date(moment: datetime) -> str:
        return str(format_date(moment, "d MMM y"))

    app.add_template_filter(day_in_words, "day")
    app.add_template_filter(moment_in_words, "moment")

    @app.template_filter("duration")
    def duration(length: timedelta) -> str:
        # From ten of a unit on: "95 seconds" and "40 minutes", where "2 minutes" or "1 hour" would say too little.
        return str(format_timedelta(length, granularity="second", threshold=10))

    @app.template_filter("amount")
    def amount(number: Decimal) -> str:
        # Without the zeros that a column of two decimals adds
        return str(format_decimal(number.normalize()))
