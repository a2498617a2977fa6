"""How good an instrument is: figures over many people who agreed that their answers count, never over fewer than 30.

Figures are released, not live. A release is worked out by a command and stays as it is; the next one waits until the
answers of 30 more people have come. So no page can be compared with itself from before one person to after.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import structlog
from pydantic import TypeAdapter
from sqlalchemy import func, select

from learning.assessments.answering import as_sent
from learning.assessments.instruments import frozen
from learning.assessments.models import Assessment, InstrumentVersion, ItemAnswer, QualityRelease
from learning.content.model import Instrument
from learning.database import unit_of_work
from learning.extensions import db
from learning.psychometrics.instrument_quality import FEWEST_PEOPLE, InstrumentQuality, instrument_quality
from learning.psychometrics.responses import Answer, Missing

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Release:
    """The figures of one version of an instrument, or that there are none yet."""

    instrument_id: str
    title: str
    version: int
    #: None: fewer than 30 people have agreed, or the command has not run since.
    released_at: datetime | None
    quality: InstrumentQuality | None


@lru_cache(maxsize=1)
def _bodies() -> TypeAdapter[InstrumentQuality]:
    return TypeAdapter(InstrumentQuality)


def release_due(now: datetime) -> Iterator[str]:
    """Release new figures of every version of an instrument for which enough people agreed; say what was done."""
    for digest in db.session.scalars(select(InstrumentVersion.hash).order_by(InstrumentVersion.hash)).all():
        instrument = frozen(digest)
        before = db.session.scalar(
            select(func.max(QualityRelease.people)).where(QualityRelease.instrument_hash == digest)
        )
        people = _answers_of_consenting(digest)
        name = f"{instrument.id} version {instrument.version}"
        if len(people) < (before or 0) + FEWEST_PEOPLE:
            # Not how many: whoever reads this could tell when one more person agreed.
            yield f"{name}: not enough new answers."
            continue
        quality = instrument_quality(instrument, people)
        _keep(digest, quality, now)
        log.info("quality_released", instrument=instrument.id, people=quality.people)
        yield f"{name}: figures over {quality.people} people."


def _keep(digest: str, quality: InstrumentQuality, now: datetime) -> None:
    body: dict[str, Any] = _bodies().dump_python(quality, mode="json")
    with unit_of_work() as session:
        session.add(QualityRelease(instrument_hash=digest, released_at=now, people=quality.people, body=body))


def _answers_of_consenting(digest: str) -> list[dict[str, Answer]]:
    """The answers of everybody who agreed, one filling for each person (their first), without any sign of who."""
    finished = db.session.execute(
        select(Assessment.id, Assessment.user_id)
        .where(Assessment.instrument_hash == digest, Assessment.consented, Assessment.finished_at.is_not(None))
        .order_by(Assessment.finished_at, Assessment.id)
    ).all()
    first: dict[str, str] = {}
    for assessment_id, user_id in finished:
        first.setdefault(user_id, assessment_id)
    return _answers(list(first.values()))


def _answers(assessment_ids: Sequence[str]) -> list[dict[str, Answer]]:
    found: dict[str, dict[str, Answer]] = {assessment_id: {} for assessment_id in assessment_ids}
    reasons = {reason.value for reason in Missing}
    rows = db.session.execute(
        select(ItemAnswer.assessment_id, ItemAnswer.item_id, ItemAnswer.value, ItemAnswer.missing)
        .join(Assessment, Assessment.id == ItemAnswer.assessment_id)
        .where(Assessment.consented, ItemAnswer.assessment_id.in_(assessment_ids))
    )
    for assessment_id, item_id, value, missing in rows:
        sent = as_sent(value, missing)
        found[assessment_id][item_id] = Missing(sent) if sent in reasons else int(sent)
    return list(found.values())


def releases() -> list[Release]:
    """The newest figures of every version of every instrument that somebody has met."""
    newest: dict[str, tuple[datetime, dict[str, Any]]] = {
        digest: (released_at, body)
        for digest, released_at, body in db.session.execute(
            select(QualityRelease.instrument_hash, QualityRelease.released_at, QualityRelease.body).order_by(
                QualityRelease.released_at
            )
        )
    }
    shown = []
    for digest in db.session.scalars(select(InstrumentVersion.hash)).all():
        instrument: Instrument = frozen(digest)
        released_at, body = newest.get(digest, (None, None))
        quality = _bodies().validate_python(body) if body is not None else None
        shown.append(Release(instrument.id, instrument.title, instrument.version, released_at, quality))
    return sorted(shown, key=lambda each: (each.instrument_id, -each.version))
