"""Units as people write them, brought to one form so that equal units are equal texts.

Rules, in this order: Unicode look-alikes are one character (``m³`` is ``m3``, ``º`` is ``°``, ``μ`` is ``µ``);
spaces, ``^`` and signs of multiplication carry nothing (``kW·h`` is ``kWh``); ``per`` is a slash; some words
stand for their sign (``per cent`` is ``%``, ``yuan`` is ``CNY``). Capitals carry nothing either (``KWH``, ``7 mg/l``),
with one exception that would change the size of the number: an m before another letter, milli or mega
(``mWh`` and ``MWh``, ``ml`` and ``ML``).
"""

from __future__ import annotations

import re
import unicodedata

SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
MINUS = str.maketrans(dict.fromkeys("−‐‑‒–—﹣－", "-"))
#: Before NFKC, which would make a small o of them.
DEGREE = str.maketrans("º˚", "°°")
_SLASHES = str.maketrans("∕⁄÷", "///")
_SILENT = re.compile(r"[\s^*·⋅×•]+")
_PER = re.compile(r"\s+per\s+(?!cent\b)", re.IGNORECASE)
_BRACKETED = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_NAME_AND_POWER = re.compile(r"(\D+?)(-?\d*)")

_WORDS = {
    "%": "percent pct",
    "cny": "cny rmb yuan 元 ¥",
    "eur": "€ euro euros",
    "usd": "$ us$ dollar dollars",
    "l": "litre litres liter liters",
    "t": "tonne tonnes",
    "kg": "kilogram kilograms",
    "h": "hour hours hr hrs",
    "min": "min minute minutes",
    "d": "day days",
    "month": "month months",
    "a": "year years yr yrs",
}
_SIGNS = {word: sign for sign, words in _WORDS.items() for word in words.split()}


def visible(text: str) -> str:
    """The text without characters that nobody sees: joiners, soft hyphens, marks of direction."""
    return "".join(character for character in text if unicodedata.category(character) != "Cf")


def normalise_unit(unit: str | None) -> str:
    """The one form of a unit; empty for none. Never raises; what it does not know it only folds."""
    folded = unicodedata.normalize("NFKC", visible(unit or "").translate(SUPERSCRIPTS).translate(DEGREE))
    folded = folded.translate(MINUS).translate(_SLASHES).strip(" .,;!")
    if whole := _BRACKETED.fullmatch(folded):
        folded = whole[1]
    return "/".join(_part(part) for part in _SILENT.sub("", _PER.sub("/", folded)).split("/"))


def _part(part: str) -> str:
    """One factor: a name and perhaps a power."""
    match = _NAME_AND_POWER.fullmatch(part)
    name, power = (match[1], match[2]) if match else (part, "")
    return _SIGNS.get(name.casefold(), _without_capitals(name)) + power


def _without_capitals(name: str) -> str:
    # U+00B5 is U+03BC after NFKC; its capital would fold to another letter.
    name = name.replace("μ", "u")
    if name[:1] in ("m", "M") and name[1:2].isalpha():
        return name[0] + name[1:].casefold()
    return name.casefold()
