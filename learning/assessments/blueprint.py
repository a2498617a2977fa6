"""The pages of the self-assessment hang here."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("assessments", __name__, url_prefix="/assessments")
