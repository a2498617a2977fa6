"""A campaign that is open, and everybody's browsers."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from tests.attacks.campaign import Campaign, Clients, open_campaign
from tests.attacks.pages import Browsers, browsers_of
from tests.conftest import Company


@pytest.fixture
def campaign(app: Flask, company: Company, client_for: Clients, tmp_path: Path) -> Campaign:
    """39 people are invited, nobody has answered."""
    return open_campaign(app, company, client_for, tmp_path)


@pytest.fixture
def browsers(client_for: Clients, company: Company, administrator: str) -> Browsers:
    """One for each role."""
    return browsers_of(client_for, company, administrator)
