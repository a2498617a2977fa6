"""Ids of imported questions: made from their names, unique, the same on every run."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection

MOST = 48
_OTHER = re.compile(r"[^a-z0-9]+")


def id_of(name: str, start: str = "q") -> str:
    """An id that reads like a name; one without Latin letters gets a number made from it."""
    folded = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = _OTHER.sub("-", folded).strip("-")
    if not words:
        return f"{start}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
    if not words[0].isalpha():
        words = f"{start}-{words}"
    if len(words) <= MOST:
        return words
    return words[:MOST].rpartition("-")[0] or words[:MOST]


def unique_id(wanted: str, taken: Collection[str]) -> str:
    """The id itself, or with the first number behind it that makes it new."""
    found, number = wanted, 1
    while found in taken:
        number += 1
        found = f"{wanted}-{number}"
    return found
