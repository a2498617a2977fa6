"""What the figures of a question mean, in a word: the page has a sentence for each.

Bounds of the discrimination index: Moodle, "Quiz report statistics", docs.moodle.org/dev/Quiz_report_statistics
(30 % and more adequate, 20 to 29 % weak, below that very weak, below 0 probably invalid).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from learning.grading.distractors import ChoiceCount
from learning.grading.statistics import ItemStatistics

#: Fewer attempts say nothing: with 20, chance alone moves a discrimination index by 0.44.
MINIMUM_ATTEMPTS = 20
#: A right answer given by more, or by fewer, leaves no room to tell learners apart.
TOO_EASY = 0.95
TOO_HARD = 0.1
ADEQUATE = 0.3
WEAK = 0.2


class Finding(StrEnum):
    """What to think of a question."""

    TOO_FEW_ATTEMPTS = "too-few-attempts"
    #: More of the strong learners gave one and the same wrong answer than gave the right one.
    CHECK_KEY = "check-key"
    TOO_EASY = "too-easy"
    TOO_HARD = "too-hard"
    #: The marks, or those of the rest of the quiz, do not vary.
    NOTHING_TO_COMPARE = "nothing-to-compare"
    #: Weak learners did better than strong ones.
    REVERSED = "reversed"
    WEAK = "weak"
    FAIR = "fair"
    WORKS_WELL = "works-well"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A finding, with the wrong answer that led to it."""

    finding: Finding
    #: Of ``CHECK_KEY`` only.
    choice: str | None = None


def verdict(item: ItemStatistics, choices: Sequence[ChoiceCount] = (), right: Collection[str] = ()) -> Verdict:
    """The first of the findings that applies, in the order in which ``Finding`` lists them.

    ``choices`` and ``right`` (the choices that give all points) are for questions with one answer; without them no
    key is doubted.
    """
    if item.attempts < MINIMUM_ATTEMPTS or item.facility is None:
        return Verdict(Finding.TOO_FEW_ATTEMPTS)
    if rival := _rival_of_the_key(choices, right):
        return Verdict(Finding.CHECK_KEY, rival)
    if item.facility >= TOO_EASY:
        return Verdict(Finding.TOO_EASY)
    if item.facility <= TOO_HARD:
        return Verdict(Finding.TOO_HARD)
    index = item.discrimination_index
    if index is None:
        return Verdict(Finding.NOTHING_TO_COMPARE)
    if index < 0:
        return Verdict(Finding.REVERSED)
    if index < WEAK:
        return Verdict(Finding.WEAK)
    return Verdict(Finding.FAIR if index < ADEQUATE else Finding.WORKS_WELL)


def _rival_of_the_key(choices: Sequence[ChoiceCount], right: Collection[str]) -> str | None:
    """The wrong answer that more of the upper third gave than the right one."""
    if not right:
        return None
    hits = sum(line.upper for line in choices if line.choice in right)
    rivals = [line for line in choices if line.choice is not None and line.choice not in right and line.upper > hits]
    return max(rivals, key=lambda line: line.upper).choice if rivals else None
