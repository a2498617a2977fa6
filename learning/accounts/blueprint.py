"""The blueprint of people; its views stand in ``views`` (signed in and out) and ``doors`` (by link or card)."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("accounts", __name__, url_prefix="/people")
