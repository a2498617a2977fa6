"""How many have answered: in bands, at most once a day of UTC. Nobody can watch the count while somebody answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from learning.ballots.database import reading, unit_of_work
from learning.ballots.models import EVERYBODY, Ballot, Participation, Permit, Stage, Wave, WaveGroup
from learning.ballots.records import GroupParticipation, ShareBand
from learning.ballots.waves import as_group, groups_of
from learning.database import insert_once
from learning.psychometrics.figures import Count
from learning.psychometrics.rounding import count_band
from learning.psychometrics.wave_table import LEAST_K, Group

#: From which share on, in percent.
SHARE_BANDS = (
    (80, ShareBand.ABOVE_80),
    (60, ShareBand.FROM_60),
    (40, ShareBand.FROM_40),
    (20, ShareBand.FROM_20),
    (0, ShareBand.BELOW_20),
)
#: A fifth of fewer people is fewer than 5.
SMALLEST_FOR_SHARES = 25


def share_band(answered: int, invited: int) -> ShareBand | None:
    """Which share has answered, as a band; None where that would say more than that fewer than 5 have."""
    if answered < LEAST_K or invited < SMALLEST_FOR_SHARES:
        return None
    return next(band for least, band in SHARE_BANDS if 100 * answered >= least * invited)


def bands(answered: int, invited: int) -> dict[str, Any]:
    """The columns of a row."""
    count = count_band(answered, invited)
    return {"least": count.low, "most": count.high, "share": share_band(answered, invited)}


def participation(wave_id: str) -> tuple[GroupParticipation, ...]:
    """Everybody first, then the groups of the plan, as they were worked out last. Reading computes nothing."""
    with reading() as session:
        groups = {group.place: as_group(group) for group in groups_of(session, wave_id)}
        rows = _rows(session, wave_id)
    last = {row.place: row for row in rows}
    return tuple(_record(row, groups.get(row.place)) for row in last.values())


def course_of_participation(wave_id: str) -> tuple[GroupParticipation, ...]:
    """Everybody, day by day from the first on."""
    with reading() as session:
        return tuple(_record(row, None) for row in _rows(session, wave_id) if row.place == EVERYBODY)


def _rows(session: Session, wave_id: str) -> Sequence[Participation]:
    mine = select(Participation).where(Participation.wave_id == wave_id)
    return session.scalars(mine.order_by(Participation.place, Participation.as_of)).all()


def _record(row: Participation, group: Group | None) -> GroupParticipation:
    return GroupParticipation(group, Count(row.least, row.most), row.share, row.as_of)


def refresh_participation(now: datetime) -> int:
    """Work out the bands of open waves whose last ones are of an earlier day; return how many waves.

    Whoever calls it often learns no more: within a day of UTC it does nothing.
    """
    today = now.date()
    with reading() as session:
        due = session.scalars(
            select(Wave.id)
            .join(Participation, Participation.wave_id == Wave.id)
            .where(Wave.stage == Stage.OPEN, Participation.place == EVERYBODY)
            .group_by(Wave.id)
            .having(func.max(Participation.as_of) < today)
        ).all()
    return sum(_refresh(wave_id, today) for wave_id in due)


def _refresh(wave_id: str, today: date) -> bool:
    """Within one transaction, so that of two programs one counts. Of a group, days before are forgotten."""
    with unit_of_work() as session:
        groups = groups_of(session, wave_id)
        waiting = _not_answered(session, wave_id)
        answered = {group.place: group.invited - waiting.get(group.prefix, 0) for group in groups}
        invited = {group.place: group.invited for group in groups}
        answered[EVERYBODY], invited[EVERYBODY] = sum(answered.values()), sum(invited.values())
        day = {"wave_id": wave_id, "as_of": today}
        of_all = bands(answered[EVERYBODY], invited[EVERYBODY])
        if not insert_once(session, Participation, **day, place=EVERYBODY, **of_all):  # type: ignore[arg-type]
            return False
        session.execute(delete(Participation).where(Participation.wave_id == wave_id, Participation.place != EVERYBODY))
        session.add_all(
            Participation(**day, place=group.place, **bands(answered[group.place], group.invited)) for group in groups
        )
    return True


def _not_answered(session: Session, wave_id: str) -> Mapping[str, int]:
    """First symbols of a group -> its ballots and permits. Answers themselves are not looked at."""
    waiting: dict[str, int] = {}
    for table in (Ballot, Permit):
        counted = (
            select(table.prefix, func.count())
            .join(WaveGroup, WaveGroup.prefix == table.prefix)
            .where(WaveGroup.wave_id == wave_id)
            .group_by(table.prefix)
        )
        for prefix, count in session.execute(counted):
            waiting[prefix] = waiting.get(prefix, 0) + count
    return waiting
