"""Backslashes of GIFT. While a text is taken apart, escaped characters are private ones that no author can write."""

from __future__ import annotations

import re

#: What ``\\x`` stands for; ``\\n`` is a line end. Any other backslash is one.
ESCAPED = {"~": "~", "=": "=", "#": "#", "{": "{", "}": "}", ":": ":", "n": "\n", "\\": "\\"}
_HIDDEN = {sign: chr(0xE100 + index) for index, sign in enumerate(ESCAPED)}
_SHOWN = str.maketrans({hidden: ESCAPED[sign] for sign, hidden in _HIDDEN.items()})
_PAIR = re.compile(r"\\([~=#{}:n\\])")
_RESERVED = str.maketrans({sign: "\\" + name for name, sign in ESCAPED.items()})


def hidden(line: str) -> str:
    """The line with its escapes out of the way."""
    return _PAIR.sub(lambda found: _HIDDEN[found[1]], line)


def shown(text: str) -> str:
    """What a hidden text says."""
    return text.translate(_SHOWN)


def escaped(text: str) -> str:
    """A text as it is written in GIFT, on one line."""
    return text.translate(_RESERVED)
