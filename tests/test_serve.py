"""The command that serves the site."""

from __future__ import annotations

import pytest

from learning.serve import address_to_listen_on


@pytest.mark.parametrize(
    ("host", "written"), [("127.0.0.1", "127.0.0.1:8000"), ("::1", "[::1]:8000"), ("localhost", "localhost:8000")]
)
def test_an_address_of_ipv6_stands_in_brackets(host: str, written: str) -> None:
    """gunicorn would read ::1:8000 as another address."""
    assert address_to_listen_on(host, 8000) == written
