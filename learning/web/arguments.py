"""What the query of an address asks for; what makes no sense there is as if it were not said."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from flask import request

Choice = TypeVar("Choice", bound=StrEnum)

_LONGEST_NUMBER = 6


def asked(kind: type[Choice], name: str) -> Choice | None:
    """One of an enumeration; None for what is not in it."""
    try:
        return kind(request.args.get(name, ""))
    except ValueError:
        return None


def asked_page() -> int:
    """The number of a page, from 1 on."""
    page = request.args.get("page", "1")
    return int(page) if page.isascii() and page.isdigit() and len(page) <= _LONGEST_NUMBER else 1
