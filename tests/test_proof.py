"""A count that is shortened in the usual run has its full form in ``make prove``."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from learning.config import PROJECT

SHORTENED = [
    path
    for path in sorted((PROJECT / "tests").rglob("test_*.py"))
    if re.search(
        r"^from tests\.(proof import .*\btimes|browser\.looking import complaints)\b",
        path.read_text(encoding="utf-8"),
        re.MULTILINE,
    )
]


@pytest.mark.parametrize("path", SHORTENED, ids=lambda path: str(path.relative_to(PROJECT)))
def test_what_is_shortened_here_is_proved_in_full_there(path: Path) -> None:
    assert "mark.prove" in path.read_text(encoding="utf-8")
