"""Signs of careless answering, from the answers alone. Shown to the person as a kind note, never to others.

Source of the indices: Meade & Craig (2012), Psychological Methods 17: long string, inconsistency of pairs.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from learning.content.model import AgreementItem, Dimension, Instrument
from learning.psychometrics.responses import Answer, Missing

#: Longest run of equal raw answers over the agreement items that is still plausible, plus one.
LONG_STRING = 9
#: Agreement from here on means "yes".
AGREED = 4
#: Contradictory pairs agreed with that make a flag.
CONTRADICTIONS = 2


class Flag(StrEnum):
    """A sign of haste."""

    LONG_STRING = "long-string"
    NO_VARIATION = "no-variation"
    CONTRADICTION = "contradiction"


def careless_flags(instrument: Instrument, answers: Mapping[str, Answer]) -> tuple[Flag, ...]:
    """The signs found, in a fixed order; empty for careful answers."""
    agreement = [each for each in instrument.dimensions if each.kind == "agreement"]
    found = []
    if _longest_run([answers.get(item.id) for each in agreement for item in each.items]) >= LONG_STRING:
        found.append(Flag.LONG_STRING)
    if any(_straight(each, answers) for each in agreement):
        found.append(Flag.NO_VARIATION)
    contradictions = sum(
        _agreed(answers.get(first)) and _agreed(answers.get(second)) for first, second in instrument.contradictory_pairs
    )
    if contradictions >= CONTRADICTIONS:
        found.append(Flag.CONTRADICTION)
    return tuple(found)


def _longest_run(given: list[Answer | None]) -> int:
    longest = run = 0
    before: Answer | None = None
    for answer in given:
        if answer is None or isinstance(answer, Missing):
            run, before = 0, None
            continue
        run = run + 1 if answer == before else 1
        before = answer
        longest = max(longest, run)
    return longest


def _straight(dimension: Dimension, answers: Mapping[str, Answer]) -> bool:
    """The same raw value everywhere on a page that holds both keys: it says yes and no to the same thing."""
    items = [item for item in dimension.items if isinstance(item, AgreementItem)]
    values = [answer for item in items if not isinstance(answer := answers.get(item.id, Missing.SKIPPED), Missing)]
    both_keys = len({item.key for item in items}) == 2
    # The middle of the scale contradicts nothing.
    return both_keys and len(values) == len(items) and len(set(values)) == 1 and values[0] != 3


def _agreed(answer: Answer | None) -> bool:
    return answer is not None and not isinstance(answer, Missing) and answer >= AGREED
