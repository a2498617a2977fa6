"""What is published of a wave: made once, at closing, by one function; page, PDF, table and poster only read it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from learning.content.model import Instrument
from learning.psychometrics.over_time import Past
from learning.psychometrics.release_building import check, read_wave, report_of
from learning.psychometrics.report import NoChange, Refusal, Report
from learning.psychometrics.wave_change import comparable
from learning.psychometrics.wave_table import (
    DONT_KNOW,
    NO_GROUP,
    NO_OPPORTUNITY,
    NOT_APPLICABLE,
    SKIPPED,
    Group,
    Moved,
    Plan,
    ResponseTable,
)

__all__ = [
    "DONT_KNOW",
    "NOT_APPLICABLE",
    "NO_GROUP",
    "NO_OPPORTUNITY",
    "SKIPPED",
    "Earlier",
    "Group",
    "Moved",
    "Plan",
    "Release",
    "ReleaseRefused",
    "ResponseTable",
    "build_release",
]

#: Of the JSON of a release. A reader of a newer form refuses nothing: fields are only ever added.
FORM = 1

_SENTENCES = {
    Refusal.TOO_FEW_ANSWERS: "Fewer than {k} people answered, so nothing can be told without telling of single people.",
    Refusal.NOTHING_TO_TELL: (
        "Too few people answered enough of the questions, or all answered too much alike, "
        "so no score can be told without telling of single people."
    ),
    Refusal.KEY_LOST: "The key of this wave was lost before it closed, so its answers can be read by nobody.",
}


class ReleaseRefused(Exception):
    """A wave tells nothing. The message says why in a sentence."""

    def __init__(self, reason: Refusal, k: int) -> None:
        super().__init__(_SENTENCES[reason].format(k=k))
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Release:
    """The published figures as JSON: already rounded, already suppressed. Nothing else of a wave may be shown.

    Either ``report`` or ``refusal`` is there.
    """

    body: Mapping[str, Any]

    @classmethod
    def of(cls, report: Report) -> Release:
        """A release that tells something."""
        return cls({"form": FORM, "report": _reports().dump_python(report, mode="json")})

    @classmethod
    def refused(cls, refused: ReleaseRefused) -> Release:
        """A release that says nothing but why."""
        return cls({"form": FORM, "refusal": refused.reason.value})

    @property
    def report(self) -> Report | None:
        """The figures as records; None where the wave tells nothing. Read it once: it is parsed anew each time."""
        found = self.body.get("report")
        return None if found is None else _reports().validate_python(found)

    @property
    def refusal(self) -> Refusal | None:
        """Why the wave tells nothing; None where it does."""
        found = self.body.get("refusal")
        return None if found is None else Refusal(found)

    def to_json(self) -> str:
        """The same text for the same figures."""
        return json.dumps(self.body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Release:
        """What ``to_json`` wrote."""
        return cls(json.loads(text))


@cache
def _reports() -> TypeAdapter[Report]:
    return TypeAdapter(Report)


@dataclass(frozen=True, slots=True)
class Earlier:
    """A wave that was closed before, as the next report of the same people needs it."""

    plan: Plan
    table: ResponseTable
    release: Release
    moved: tuple[Moved, ...]


def build_release(
    instrument: Instrument,
    plan: Plan,
    table: ResponseTable,
    earlier: Earlier | None,
    others: Sequence[Earlier] = (),
) -> Release:
    """All that may be told of a wave. ``earlier``: the wave before, to tell what changed; ``others``: more reports.

    Nothing may follow from it together with any of these. The same answers make the same release, whatever their
    order. Raises ReleaseRefused, with the reason in words, rather than tell of fewer than k people; ValueError for
    answers that do not belong to this plan and instrument.
    """
    check(instrument, plan, table)
    if len(table.values) < plan.k:
        raise ReleaseRefused(Refusal.TOO_FEW_ANSWERS, plan.k)
    pasts = [_past(instrument, each) for each in (*([earlier] if earlier else ()), *others)]
    change = NoChange.FIRST_WAVE
    if earlier:
        change = NoChange.NOTHING_BEFORE if earlier.release.refusal else NoChange.OTHER_INSTRUMENT
    before = pasts[0] if earlier else None
    report = report_of(read_wave(instrument, plan, table, [each for each in pasts if each]), before or change)
    if not any(headline.score for headline in report.headlines):
        raise ReleaseRefused(Refusal.NOTHING_TO_TELL, plan.k)
    return Release.of(report)


def _past(instrument: Instrument, earlier: Earlier) -> Past | None:
    """None where it told nothing, or asked other things."""
    report = earlier.release.report
    if report is None or not comparable(instrument, report) or earlier.table.values.shape[1] != len(instrument.items):
        return None
    return Past(earlier.plan, earlier.table, report, earlier.moved)
