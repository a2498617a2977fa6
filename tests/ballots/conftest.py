"""Every test of this folder runs within the site, on both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask


@pytest.fixture(autouse=True)
def site(app: Flask) -> Iterator[Flask]:
    """An app context, and a request, so that sentences have a language."""
    with app.test_request_context():
        yield app
