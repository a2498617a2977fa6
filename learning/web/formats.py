"""Moments as a person reads them, in their language."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask
from flask_babel import format_date, format_datetime, format_timedelta


def init_formats(app: Flask) -> None:
    """Give templates the filters ``date``, ``moment`` and ``duration``."""

    @app.template_filter("date")
    def date(moment: datetime) -> str:
        return str(format_date(moment, "d MMM y"))

    @app.template_filter("moment")
    def moment(moment: datetime) -> str:
        return str(format_datetime(moment, "d MMM y, HH:mm")) + " UTC"

    @app.template_filter("duration")
    def duration(length: timedelta) -> str:
        # From ten of a unit on: "95 seconds" and "40 minutes", where "2 minutes" or "1 hour" would say too little.
        return str(format_timedelta(length, granularity="second", threshold=10))
