"""Tests of pages bring a browser, and each of its requests a context of its own: none must stand around them."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def site() -> None:
    """Instead of the context in which tests of verbs run."""
