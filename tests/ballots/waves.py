"""Waves for tests: an instrument, people who answer it, and a small release made of what they said."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from learning.ballots.codes import new_permit, new_response_key
from learning.ballots.service import LessonLink, OpenedWave, Opening, Sent, open_wave, submit
from learning.clock import now
from learning.content.instrument_versions import instrument_hash
from learning.content.model import Instrument
from learning.psychometrics.release import Earlier, Plan, Release, ReleaseRefused, ResponseTable
from learning.psychometrics.report import (
    Count,
    GroupComparison,
    GroupStanding,
    Interval,
    NoChange,
    PlannedGroup,
    Refusal,
    Report,
    ResponseRate,
    WaveChange,
    Withheld,
)
from learning.psychometrics.responses import Answer, Missing
from learning.psychometrics.wave_table import Group
from tests.psychometrics.instruments import agreement, anchored, instrument, knowledge

_SMALL = instrument(anchored("a1", 12), agreement("b1", "+-+"), knowledge("k1", (0, 2)))
SMALL = replace(_SMALL, hash=instrument_hash(_SMALL))
LESSONS = (LessonLink("m01-l1", "Where material goes", "/courses/cleaner-production/m01-l1"),)
TWO_GROUPS = (Group("dye", "Dye house", 12), Group("boiler", "Boiler house", 10))


def opening(groups: tuple[Group, ...] = TWO_GROUPS, k: int = 5, earlier: str | None = None) -> Opening:
    """A wave of two groups that closes in a week."""
    return Opening(
        "Awareness in spring",
        "River Works",
        SMALL,
        Plan(groups, k),
        "Nobody can trace your answers.\n\nOnce sent, they cannot be withdrawn.",
        LESSONS,
        now() + timedelta(days=7),
        (now() + timedelta(days=7)).date(),
        earlier,
    )


def sent(code: str, answers: Mapping[str, Answer] | None = None, trust: int | None = 4) -> Sent:
    """A submission by a page of its own."""
    return Sent(code, new_permit(), new_response_key(), answers or {"a1-1": 3, "b1-2": 5, "k1-1": 0}, trust)


def numbered(number: int) -> dict[str, Answer]:
    """Answers that tell the number of the person: in base 5, so that a test can find the person again."""
    return {f"a1-{digit + 1}": number // 5**digit % 5 for digit in range(6)} | {"b1-1": Missing.NO_OPPORTUNITY}


def number_of(values: bytes) -> int:
    """The number in stored answers."""
    return sum(value * 5**digit for digit, value in enumerate(values[:6]))


@dataclass
class Known:
    """A wave of which the test knows everything."""

    wave: OpenedWave
    sent: list[Sent] = field(default_factory=list)

    @property
    def id(self) -> str:
        return self.wave.id

    @property
    def unspent(self) -> list[str]:
        """Codes that nobody has used."""
        used = {each.code for each in self.sent}
        return [code for codes in self.wave.codes.values() for code in codes if code not in used]

    def answer(self, count: int) -> None:
        """Let so many more people answer, one after the other, from the groups in turn."""
        for code in self.unspent[:count]:
            self.sent.append(sent(code, numbered(len(self.sent))))
            submit(self.sent[-1], now())


def known_wave(people: int = 20, groups: tuple[Group, ...] = TWO_GROUPS, earlier: str | None = None) -> Known:
    """Open a wave and let people answer."""
    known = Known(open_wave(opening(groups, earlier=earlier), now()))
    known.answer(people)
    return known


def small_release(
    instrument: Instrument,
    plan: Plan,
    table: ResponseTable,
    earlier: Earlier | None,
    others: Sequence[Earlier] = (),
) -> Release:
    """A true report with few figures: which groups may be told, and a hash over all answers, whatever their order."""
    count = len(table.group)
    if count < plan.k:
        raise ReleaseRefused(Refusal.TOO_FEW_ANSWERS, plan.k)
    rows = sorted(
        bytes([place & 255, trust & 255]) + values.tobytes()
        for place, trust, values in zip(table.group.tolist(), table.trust.tolist(), table.values, strict=True)
    )
    groups = tuple(
        PlannedGroup(group.code, group.name, group.invited, *_standing(int((table.group == place).sum()), plan.k))
        for place, group in enumerate(plan.groups)
    )
    report = Report(
        instrument_id=instrument.id,
        instrument_version=instrument.version,
        instrument_language=instrument.language,
        instrument_hash=instrument.hash,
        k=plan.k,
        response=ResponseRate(plan.invited, Count(5, None), 0.5, Interval(0.25, 0.75), False),
        headlines=(),
        dimensions=(),
        items=(),
        knowledge=None,
        strengths=(hashlib.sha256(b"".join(rows)).hexdigest(),),
        weaknesses=tuple(f"{len(each.table.group)} before" for each in (*([earlier] if earlier else ()), *others)),
        groups=GroupComparison(groups, (), (), ()),
        careless=Count(0, 4),
        trust=None,
        change=WaveChange(NoChange.NOTHING_BEFORE),
    )
    return Release.of(report)


def _standing(count: int, k: int) -> tuple[GroupStanding, Withheld | None]:
    return (GroupStanding.TOLD, None) if count >= k else (GroupStanding.HIDDEN, Withheld.TOO_FEW)
