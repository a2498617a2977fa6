"""Passwords: how they are kept and which are refused.

A password is taken exactly as received: not trimmed, not folded, not normalised (ASVS 5.0, 6.2.8). The same
letter sent composed and decomposed is two passwords; keyboards send the composed form, so people do not meet
this. Any characters count and none is asked for. 15 characters, because the password is the only factor
(NIST SP 800-63B rev 4); at most 1,024, so that checking one has a bounded price.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from learning.errors import DomainError

SHORTEST = 15
LONGEST = 1024
#: 32 MiB, four passes, one lane: about 65 ms on the machine it was measured on (2 cores, 2024). OWASP asks for
#: at least 19 MiB and two passes.
HASHER = PasswordHasher(time_cost=4, memory_cost=32 * 1024, parallelism=1, hash_len=32, salt_len=16)
#: A hash with these parameters of a password that nobody has: checked when there is no person to check.
NOBODYS_HASH = "$argon2id$v=19$m=32768,t=4,p=1$VvESeQMpfbYPHj6M03qxqA$o1NMLU2Nt8DeR2H8Bfyc7OX/wibToCEpF+YsIPPdTEA"

BLOCKED_FILE = Path(__file__).with_name("blocked_passwords.txt")
PRODUCT_WORDS = ("headwater", "cleaner production")
#: Words that people add to fill a password up; they add nothing.
FILLERS = (
    "password", "passwort", "passcode", "passphrase", "welcome", "letmein", "login", "signin", "secret", "please",
    "account", "access", "admin", "user", "work", "works", "company", "factory", "plant", "mill", "my", "the", "is",
    "for", "at", "in", "and", "our", "your", "this", "new", "old", "spring", "summer", "autumn", "winter", "january",
    "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
)  # fmt: skip
#: Context words shorter than this would forbid half the language; Chinese names are short and stay.
SHORTEST_WORD = 3
#: What must be left of a password beside the words that others know.
LEAST_OWN_LETTERS = 4
FEWEST_DIFFERENT = 6


class WeakPassword(DomainError):
    """The password is refused; the text says why and what to take instead."""

    status = 422


def hash_password(password: str) -> str:
    """Argon2id hash. Slow on purpose: never call it inside a unit of work."""
    return HASHER.hash(password)


def password_matches(stored: str | None, password: str) -> bool:
    """Whether a password is the stored one. Without a stored one it takes as long and is wrong."""
    if len(password) > LONGEST:
        password = ""  # a longer one cannot have been set; its price must not grow with its length
    try:
        return HASHER.verify(stored or NOBODYS_HASH, password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def needs_new_hash(stored: str) -> bool:
    """Whether a hash was made with other parameters than today's."""
    return HASHER.check_needs_rehash(stored)


def refuse_weak(password: str, *context: str | None) -> None:
    """Raise WeakPassword unless the password may be used.

    ``context`` is what others know of the person: names, organization, address, sign-in name.
    """
    if len(password) < SHORTEST:
        raise WeakPassword(
            ngettext(
                "The password has %(num)d character; it needs %(least)d or more. "
                "Four or five words that have nothing to do with each other are easy to remember.",
                "The password has %(num)d characters; it needs %(least)d or more. "
                "Four or five words that have nothing to do with each other are easy to remember.",
                len(password),
                least=SHORTEST,
            )
        )
    if len(password) > LONGEST:
        raise WeakPassword(
            _("The password is longer than %(most)s characters. Shorten it.", most=format_decimal(LONGEST))
        )
    if _is_repetition(password):
        raise WeakPassword(
            _("The password repeats the same few characters or words. Take four or five different words.")
        )
    if _forms(password) & blocked_passwords():
        raise WeakPassword(
            _(
                "This password is on the list of those that are guessed first. Take words that only you would put together."
            )
        )
    word = _context_word_that_fills(password, context)
    if word:
        raise WeakPassword(
            _(
                "The password is little more than “%(word)s”, which others know too. Take words that have nothing to do "
                "with you, your work or this site.",
                word=word,
            )
        )


def squash(text: str) -> str:
    """Letters and digits only, case-folded: what remains the same however a password is decorated."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


def _entry_forms(entry: str) -> set[str]:
    """The forms in which an entry of the list is kept; remains that many passwords begin with are left out."""
    squashed = squash(entry)
    forms = {entry.casefold(), squashed, squashed.rstrip("0123456789")}
    return {form for form in forms if len(form) >= SHORTEST or (form.isalpha() and len(form) > SHORTEST_WORD)}


def _forms(password: str) -> set[str]:
    """The forms under which a password is looked up: with and without decoration, and what is left of it when
    digits and signs are taken from the end one by one."""
    forms = set()
    for text in (password.casefold(), squash(password)):
        letters = max((place + 1 for place, character in enumerate(text) if character.isalpha()), default=0)
        forms |= {text[:end] for end in range(letters, len(text) + 1)}
    return forms


@cache
def blocked_passwords() -> frozenset[str]:
    """The passwords that are guessed first, in every form of comparison. Read when first needed."""
    lines = BLOCKED_FILE.read_text(encoding="utf-8").splitlines()
    return frozenset(form for line in lines if line and not line.startswith("#") for form in _entry_forms(line))


def _is_repetition(password: str) -> bool:
    folded = password.casefold()
    if len(set(folded)) < FEWEST_DIFFERENT:
        return True
    bare = squash(password) or folded
    return any(_repeats(text) for text in (folded, bare))


def _repeats(text: str) -> bool:
    """Whether a unit shorter than a password makes up the whole text, twice or more."""
    longest = min(SHORTEST - 1, len(text) // 2)
    return any(
        all(text[place] == text[place % unit] for place in range(unit, len(text))) for unit in range(1, longest + 1)
    )


def _context_word_that_fills(password: str, context: tuple[str | None, ...]) -> str | None:
    """The known word without which hardly anything of the password is left."""
    bare = squash(password)
    left, found = bare, None
    for shown, word in sorted(_context_words(context), key=lambda pair: -len(pair[1])):
        if word in left:
            left, found = left.replace(word, " "), found or shown
    if found is None:
        return None
    for filler in sorted(FILLERS, key=len, reverse=True):
        left = left.replace(filler, " ")
    own = sum(character.isalpha() for character in left)
    return found if own < LEAST_OWN_LETTERS else None


def _context_words(context: tuple[str | None, ...]) -> set[tuple[str, str]]:
    """Whole texts and their single words, each as shown and as compared."""
    words = set()
    for text in (*PRODUCT_WORDS, *filter(None, context)):
        for part in (text, *re.split(r"[\W_]+", text)):
            word = squash(part)
            if len(word) >= SHORTEST_WORD or (len(word) == 2 and not word.isascii()):
                words.add((part, word))
    return words
