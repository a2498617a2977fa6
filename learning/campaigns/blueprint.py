"""The pages of campaigns hang here."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("campaigns", __name__, url_prefix="/organization/campaigns")
