"""Reading what was declared of a wave."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from learning.ballots.database import reading
from learning.ballots.models import DeclaredInstrument, Wave, WaveGroup
from learning.ballots.records import LessonLink
from learning.content.instrument_versions import instrument_from_json
from learning.content.model import Instrument
from learning.errors import NotFound
from learning.psychometrics.wave_table import Group, Plan


@lru_cache(maxsize=16)
def declared_instrument(digest: str) -> Instrument:
    """The instrument under a hash. It never changes, so it is parsed once."""
    with reading() as session:
        body = session.scalars(select(DeclaredInstrument.body).where(DeclaredInstrument.hash == digest)).one()
    return instrument_from_json(body, kept_under=digest)


def wave_of(session: Session, wave_id: str) -> Wave:
    """Raises NotFound."""
    wave = session.get(Wave, wave_id)
    if wave is None:
        raise NotFound
    return wave


def groups_of(session: Session, wave_id: str) -> Sequence[WaveGroup]:
    """Its groups in the order of the plan."""
    return session.scalars(select(WaveGroup).where(WaveGroup.wave_id == wave_id).order_by(WaveGroup.place)).all()


def plan_of(wave: Wave, groups: Sequence[WaveGroup]) -> Plan:
    """The plan as it was declared."""
    return Plan(tuple(as_group(group) for group in groups), wave.k)


def as_group(group: WaveGroup) -> Group:
    """A group as it was declared."""
    return Group(group.code, group.name, group.invited)


def lessons_of(wave: Wave) -> tuple[LessonLink, ...]:
    """The lessons that a result may recommend."""
    return tuple(LessonLink(**lesson) for lesson in wave.lessons)
