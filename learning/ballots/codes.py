"""Codes that people type, and what else is random: Crockford's 32 symbols with two check symbols.

A code has 18 symbols, ``K7QD-2M9P-XW4R-8TAB-CD``: 4 name the wave and the group, 12 are random, 2 check the other 16.
Twelve symbols are 60 random bits: with 10,000 unspent ballots in a wave a guess hits one once in 10^14 tries; at a
thousand tries a second that is 3,600 years. A private code has 22: 20 random ones (100 bits) and 2 to check them.

The check symbols are those of a Reed-Solomon code over the field of 32 elements. Its words differ in at least three
places, so any one or two wrong symbols are found for certain, a swapped pair of neighbours among them; anything worse
passes once in 1,024. Nothing but the code itself is needed to tell.
"""

from __future__ import annotations

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#: What people write for what we print: these letters never stand in a code.
READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})

PREFIX_LENGTH = 4
RANDOM_LENGTH = 12
CHECK_LENGTH = 2
#: Length of the symbols that are kept and hashed: a code without its check symbols.
CODE_LENGTH = PREFIX_LENGTH + RANDOM_LENGTH
RESPONSE_KEY_LENGTH = 20
PERMIT_LENGTH = 26

_VALUE = {symbol: value for value, symbol in enumerate(ALPHABET)}


def new_prefix() -> str:
    """First symbols for the codes of a group of a wave."""
    return _random(PREFIX_LENGTH)


def new_code(prefix: str) -> str:
    """A ballot: prefix and random symbols, without check symbols."""
    return prefix + _random(RANDOM_LENGTH)


def new_permit() -> str:
    """130 random bits under which an answer is awaited once its ballot is spent."""
    return _random(PERMIT_LENGTH)


def new_response_key() -> str:
    """100 random bits that open one's own result."""
    return _random(RESPONSE_KEY_LENGTH)


def _random(length: int) -> str:
    # Five bits of a random byte: each of the 32 symbols is as likely as any other.
    return "".join(ALPHABET[byte & 31] for byte in secrets.token_bytes(length))


def shown(symbols: str) -> str:
    """With check symbols, in groups of four, as it is printed."""
    whole = symbols + check_symbols(symbols)
    return "-".join(whole[at : at + 4] for at in range(0, len(whole), 4))


def read_code(typed: str) -> str | None:
    """The 16 symbols of a ballot's code as typed; None if it is mistyped. Asks nobody."""
    return _checked(typed, CODE_LENGTH)


def read_private_code(typed: str) -> str | None:
    """The response key in a private code as typed; None if it is mistyped."""
    return _checked(typed, RESPONSE_KEY_LENGTH)


def read_symbols(typed: str, length: int) -> str | None:
    """So many symbols as they are read; None if it is something else."""
    # Longer than any code with all its hyphens: not worth reading.
    if len(typed) > 100:
        return None
    symbols = "".join(typed.split()).replace("-", "").upper().translate(READ_AS)
    return symbols if len(symbols) == length and all(symbol in _VALUE for symbol in symbols) else None


def _checked(typed: str, length: int) -> str | None:
    whole = read_symbols(typed, length + CHECK_LENGTH)
    if whole is None or check_symbols(whole[:length]) != whole[length:]:
        return None
    return whole[:length]


# The field of 32 elements: bits are coefficients, x^5 = x^2 + 1.


def _times(left: int, right: int) -> int:
    product = 0
    while right:
        if right & 1:
            product ^= left
        left <<= 1
        if left & 0b100000:
            left ^= 0b100101
        right >>= 1
    return product


#: (x + a)(x + a^2) with a = 2: the coefficients of x and of 1, times each element.
_TIMES_FIRST = tuple(_times(2 ^ _times(2, 2), element) for element in range(32))
_TIMES_LAST = tuple(_times(_times(2, _times(2, 2)), element) for element in range(32))


def check_symbols(symbols: str) -> str:
    """The two symbols that make the whole a multiple of the generator: the remainder of dividing by it."""
    high = low = 0
    for symbol in symbols:
        factor = high ^ _VALUE[symbol]
        high, low = low ^ _TIMES_FIRST[factor], _TIMES_LAST[factor]
    return ALPHABET[high] + ALPHABET[low]
