"""Who chose what: the choices of a question among weak, middling and strong learners.

A distractor is a wrong option. A good one draws weak learners; one that draws strong learners points to a wrong key
or an ambiguous text; one that nobody chooses does no work.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Third(StrEnum):
    """Where an attempt stands by its total score."""

    LOWER = "lower"
    MIDDLE = "middle"
    UPPER = "upper"


@dataclass(frozen=True, slots=True)
class Given:
    """The same choices made by a number of attempts of the same third."""

    #: Ids of options, or what was typed; empty: no answer.
    choices: tuple[str, ...]
    third: Third
    number: int = 1


@dataclass(frozen=True, slots=True)
class ChoiceCount:
    """How many attempts of each third made one choice."""

    #: None: no answer.
    choice: str | None
    lower: int
    middle: int
    upper: int

    @property
    def total(self) -> int:
        """Attempts of all thirds."""
        return self.lower + self.middle + self.upper


def thirds(scores: Mapping[float, int]) -> dict[float, Third]:
    """Score -> third, from how many attempts have each score.

    Equal scores stay together, so the thirds are seldom exact: the lower one ends after the score with which it
    comes nearest to a third of the attempts, the smaller one if two are as near; the upper one likewise from above.
    They never overlap. Where everybody has the same score all stand in the middle.
    """
    rising = sorted(scores)
    lower = _nearest_third(rising, scores)
    upper = _nearest_third(rising[::-1], scores)
    return {
        score: Third.LOWER if place < lower else Third.UPPER if place >= len(rising) - upper else Third.MIDDLE
        for place, score in enumerate(rising)
    }


def _nearest_third(ordered: list[float], scores: Mapping[float, int]) -> int:
    """How many scores from the beginning make up the share nearest to a third; never all of them."""
    aim = Fraction(sum(scores.values()), 3)
    best, distance, reached = 0, aim, 0
    for place, score in enumerate(ordered[:-1], start=1):
        reached += scores[score]
        if abs(reached - aim) < distance:
            best, distance = place, abs(reached - aim)
    return best


def distractors(given: Iterable[Given]) -> tuple[ChoiceCount, ...]:
    """The choices of one question, most frequent first, "no answer" last.

    Where several options may be chosen, each is counted.
    """
    counts: dict[str | None, Counter[Third]] = {}
    for each in given:
        for choice in each.choices or (None,):
            counts.setdefault(choice, Counter())[each.third] += each.number
    lines = [
        ChoiceCount(choice, found[Third.LOWER], found[Third.MIDDLE], found[Third.UPPER])
        for choice, found in counts.items()
    ]
    return tuple(sorted(lines, key=lambda line: (line.choice is None, -line.total, line.choice or "")))
