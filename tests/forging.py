"""Signatures that are wrong."""

from __future__ import annotations


def forged(signed: str) -> str:
    """Signed text with one sign of its signature changed.

    The last one is left alone: two of its bits say nothing, so that "A" and "B" may mean the same there.
    """
    return signed[:-2] + ("A" if signed[-2] != "A" else "B") + signed[-1]
