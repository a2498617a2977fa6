"""What the pages of the self-assessment show. Everything here is the person's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from learning.assessments.instruments import dimension_of, frozen
from learning.assessments.models import Assessment, ItemAnswer
from learning.content.model import Dimension, Instrument, Item
from learning.errors import NotFound
from learning.extensions import db
from learning.web.identity import Member


@dataclass(frozen=True, slots=True)
class MyAssessment:
    """An assessment in the person's own list."""

    id: str
    instrument_id: str
    started_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class Filling:
    """An assessment with what was answered so far."""

    id: str
    instrument: Instrument
    started_at: datetime
    finished_at: datetime | None
    #: Item id -> what the form holds: a value as text, or the name of the reason.
    answers: dict[str, str]


@dataclass(frozen=True, slots=True)
class DimensionPage:
    """One page of the guided way."""

    filling: Filling
    dimension: Dimension
    #: Place of the page, from 1, and number of pages.
    position: int
    count: int
    previous: Dimension | None
    next: Dimension | None


@dataclass(frozen=True, slots=True)
class DimensionSummary:
    """One dimension on the page of answers to check."""

    dimension: Dimension
    answered: int
    unanswered: tuple[Item, ...]


def my_assessments(member: Member) -> list[MyAssessment]:
    """The person's own assessments, the newest first."""
    rows = db.session.execute(
        select(Assessment.id, Assessment.instrument_id, Assessment.started_at, Assessment.finished_at)
        .where(Assessment.organization_id == member.organization_id, Assessment.user_id == member.user_id)
        .order_by(Assessment.started_at.desc(), Assessment.id)
    )
    return [MyAssessment(*row) for row in rows]


def filling(member: Member, assessment_id: str) -> Filling:
    """The person's own assessment with its answers. Raises NotFound."""
    assessment = db.session.scalars(
        select(Assessment).where(
            Assessment.organization_id == member.organization_id,
            Assessment.user_id == member.user_id,
            Assessment.id == assessment_id,
        )
    ).first()
    if assessment is None:
        raise NotFound
    answers = db.session.execute(
        select(ItemAnswer.item_id, ItemAnswer.value, ItemAnswer.missing).where(
            ItemAnswer.organization_id == member.organization_id, ItemAnswer.assessment_id == assessment_id
        )
    )
    return Filling(
        assessment.id,
        frozen(assessment.instrument_hash),
        assessment.started_at,
        assessment.finished_at,
        {item_id: str(value) if missing is None else missing.value for item_id, value, missing in answers},
    )


def dimension_page(member: Member, assessment_id: str, dimension_id: str) -> DimensionPage:
    """Raises NotFound."""
    mine = filling(member, assessment_id)
    pages = mine.instrument.dimensions
    dimension = dimension_of(mine.instrument, dimension_id)
    place = pages.index(dimension)
    return DimensionPage(
        mine,
        dimension,
        place + 1,
        len(pages),
        pages[place - 1] if place else None,
        pages[place + 1] if place + 1 < len(pages) else None,
    )


def summaries(mine: Filling) -> list[DimensionSummary]:
    """What is answered and what is not, by dimension."""
    return [
        DimensionSummary(
            dimension,
            sum(item.id in mine.answers for item in dimension.items),
            tuple(item for item in dimension.items if item.id not in mine.answers),
        )
        for dimension in mine.instrument.dimensions
    ]


def finished_by(organization_id: str, user_ids: Sequence[str]) -> set[str]:
    """Who has finished a self-assessment: the one thing that a trainer may know of it."""
    return set(
        db.session.scalars(
            select(Assessment.user_id)
            .where(
                Assessment.organization_id == organization_id,
                Assessment.user_id.in_(user_ids),
                Assessment.finished_at.is_not(None),
            )
            .distinct()
        )
    )
