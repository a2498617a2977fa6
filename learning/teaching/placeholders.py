"""Fills in what a trainer left open in a letter. A fixed dictionary and one pass: nothing typed is ever evaluated."""

from __future__ import annotations

import re
import unicodedata

#: What may stand in braces.
NAMES = ("name", "link")
_OPEN = re.compile(r"\{(" + "|".join(NAMES) + r")\}")


def fill(text: str, name: str, link: str) -> str:
    """Put the person's name and the link in; whatever else stands in braces stays as it is."""
    values = {"name": name, "link": link}
    return _OPEN.sub(lambda found: values[found[1]], text)


def plain(text: str | None) -> str:
    """Text as it may be stored and sent: line ends of one kind, no control or invisible direction characters."""
    lines = (text or "").replace("\r\n", "\n").replace("\r", "\n")
    return "".join(each for each in lines if each == "\n" or _is_visible(each)).strip()


def _is_visible(character: str) -> bool:
    """Whether a character may stand in a text; joiners may, since scripts and emoji need them."""
    return unicodedata.category(character) not in {"Cc", "Cs"} and character not in _TURNING


#: Characters that turn the direction of what follows: a text could be made to read otherwise than it is.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
