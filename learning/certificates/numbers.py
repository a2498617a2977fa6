"""Numbers of certificates: random, easy to read out and to type."""

from __future__ import annotations

import re
import secrets

from learning.accounts.cards import ALPHABET

#: Of 5 bits each: 100 bits, which nobody finds by trying.
LENGTH = 20
GROUP = 5
#: What may stand between the groups when somebody types one.
_BETWEEN = re.compile(r"[\s\-\u2010-\u2015]+")
_NUMBER = re.compile(rf"[{ALPHABET}]{{{LENGTH}}}")


def new_number() -> str:
    """A number as it is stored, without hyphens."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def grouped(number: str) -> str:
    """A number as people read it: ``ABCDE-FGHJK-LMNPQ-RSTUV``."""
    return "-".join(number[place : place + GROUP] for place in range(0, LENGTH, GROUP))


def read_number(typed: str) -> str | None:
    """A number as somebody typed it, in small or large letters, with or without hyphens; None if it cannot be one."""
    number = _BETWEEN.sub("", typed[:100])
    # Checked first: some other letters have large forms that are ours.
    return number.upper() if number.isascii() and _NUMBER.fullmatch(number.upper()) else None
