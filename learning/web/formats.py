"""Moments as a person reads them, in their language."""

from __future__ import annotations

from datetime import datetime

from flask import Flask
from flask_babel import format_date, format_datetime


def init_formats(app: Flask) -> None:
    """Give templates the filters ``date`` and ``moment``."""

    @app.template_filter("date")
    def date(moment: datetime) -> str:
        return str(format_date(moment, "d MMM y"))

    @app.template_filter("moment")
    def moment(moment: datetime) -> str:
        return str(format_datetime(moment, "d MMM y, HH:mm")) + " UTC"
