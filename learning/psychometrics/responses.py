"""Answers to items: a value, or the reason why there is none."""

from __future__ import annotations

from enum import StrEnum


class Missing(StrEnum):
    """Four reasons, never one: each means something else for the score."""

    #: The person cannot see it: counts against visibility.
    DONT_KNOW = "dont_know"
    #: The item does not concern this work: as if it were not asked.
    NOT_APPLICABLE = "not_applicable"
    #: There was no occasion: as if it were not asked.
    NO_OPPORTUNITY = "no_opportunity"
    #: Left out.
    SKIPPED = "skipped"


Answer = int | Missing

#: Reasons that take an item out of the dimension.
DOES_NOT_COUNT = frozenset({Missing.NOT_APPLICABLE, Missing.NO_OPPORTUNITY})
