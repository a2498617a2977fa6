"""How hard a text is to read: words, sentences, syllables, and the grade of Flesch and Kincaid.

The grade is that of J. P. Kincaid, R. P. Fishburne, R. L. Rogers and B. S. Chissom, "Derivation of new readability
formulas for Navy enlisted personnel", Research Branch Report 8-75, 1975. Syllables are counted by the spelling, as
readability programs do; single words may be off by one, the mean over a page hardly is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
#: Where a sentence may end: its sign, closing signs, a blank, and the start of another one.
_END = re.compile(r"[.!?]+[\"”’»)\]]*\s+(?=[\"“‘«(\[]*[^\W_a-z])")
#: Words after which a point ends no sentence.
_SHORT = re.compile(
    r"(?:^|[\s(])(?:Mr|Mrs|Ms|Dr|No|Nos|Art|Arts|e\.g|i\.e|cf|vs|approx|St|Fig|p|pp|(?<!\d\s)[A-Z])\.\s*$"
)
_VOWELS = re.compile(r"[aeiouy]+")
#: Endings that are written but not spoken: a silent e, also before d and s.
_SILENT = re.compile(
    r"(?:[^aeiouylr]|[aeiouy][lr])e$|(?:[^aeiouytdl]|[aeiouyl]l)ed$|(?:[^aeiouyszxglcrh]|[aeiouy][lr]|th)es$"
)
#: Silent in the middle of a word.
_INSIDE = re.compile(r"(?<=[^aeiou])e(?=ment|ly$|less|ful|times?$|one$|thing$)|(?<=er)e(?=fore$)")
#: Neighbouring vowels that are two syllables.
_APART = re.compile(
    r"i[aou]|ie(?=r$|rs$|st$|t|n[tc])|eo(?!p|u)|(?<=cr)ea(?=t(?!u))|(?<=[dr])ea$|ua(?!r)|ue(?=n|l$)|uo|[aeiouy]ing|^(?:re|pre|co)(?=[aiu])|sm$|eou"
)
#: After t, c, s, g and x a second vowel mostly is none: nation, special, patient, region.
_TOGETHER = re.compile(r"(?<=[tcsgx])i(?=on|ou|al|an|en)|(?<=q)u|(?<=g)u(?=[aei])")


def words_of(text: str) -> list[str]:
    """The words of a text; bare numbers and signs are none."""
    return _WORD.findall(text)


def sentences_of(text: str) -> list[str]:
    """The sentences of a paragraph, in order."""
    found, start = [], 0
    for end in _END.finditer(text):
        if not _SHORT.search(text[start : end.end()]):
            found.append(text[start : end.end()].strip())
            start = end.end()
    found.append(text[start:].strip())
    return [sentence for sentence in found if sentence]


def syllables(word: str) -> int:
    """Spoken syllables of an English word, at least 1. An abbreviation in capitals is spelled out."""
    if len(word) > 1 and word.isupper():
        return sum(3 if letter == "W" else 1 for letter in word)
    spelled = _TOGETHER.sub("", _INSIDE.sub("", re.sub(r"['’]s?$", "", word.lower())))
    count = len(_VOWELS.findall(spelled)) + len(_APART.findall(spelled))
    return max(count - len(_SILENT.findall(spelled)), 1)


def grade(paragraphs: Iterable[str]) -> float:
    """Flesch-Kincaid grade level: years of school needed. 0 for a text without words."""
    sentences = [sentence for paragraph in paragraphs for sentence in sentences_of(paragraph) if words_of(sentence)]
    words = [word for sentence in sentences for word in words_of(sentence)]
    if not words:
        return 0.0
    spoken = sum(map(syllables, words))
    return 0.39 * len(words) / len(sentences) + 11.8 * spoken / len(words) - 15.59
