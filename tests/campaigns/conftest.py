"""The site with people enough for a campaign."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.campaigns.planned import staff
from tests.conftest import Company


@pytest.fixture
def site(app: Flask, company: Company) -> Flask:
    """Fifteen people with an address in one department, twelve without in the other."""
    with app.app_context():
        staff(company)
    return app
