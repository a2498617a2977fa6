"""The blueprint on which all pages of trainers hang."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("teaching", __name__, url_prefix="/teaching")
