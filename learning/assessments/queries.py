"""What the pages of the self-assessment show. Everything here is the person's own."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from learning.assessments.answering import as_sent
from learning.assessments.instruments import dimension_of, frozen
from learning.assessments.models import Assessment, ItemAnswer, ReadingEntry, Scope
from learning.assessments.owned import own_assessment
from learning.content.model import Catalogue, Dimension, Instrument, Item, Lesson
from learning.errors import NotFound
from learning.extensions import db
from learning.web.identity import Member
from learning.web.item_words import Choice, answer_text, choices


@dataclass(frozen=True, slots=True)
class MyAssessment:
    """An assessment in the person's own list."""

    id: str
    instrument_id: str
    scope: Scope
    started_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class Filling:
    """An assessment with what was answered so far."""

    id: str
    instrument: Instrument
    scope: Scope
    started_at: datetime
    finished_at: datetime | None
    consented: bool
    #: Item id -> what the form holds: a value as text, or the name of the reason.
    answers: dict[str, str]
    #: Item id -> revision of the answer; an item that was never answered is not there.
    revisions: dict[str, int]


@dataclass(frozen=True, slots=True)
class AskedItem:
    """An item on its page."""

    item: Item
    choices: tuple[Choice, ...]
    #: What is stored, as the form sends it; empty: nothing.
    chosen: str
    #: Revision of what is stored, 0 for nothing.
    revision: int


@dataclass(frozen=True, slots=True)
class DimensionPage:
    """One page of the guided way."""

    filling: Filling
    dimension: Dimension
    items: tuple[AskedItem, ...]
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
    #: What was answered, in the words of the page: item and answer.
    lines: tuple[tuple[Item, str], ...]


def my_assessments(member: Member) -> list[MyAssessment]:
    """The person's own assessments, the newest first."""
    rows = db.session.execute(
        select(
            Assessment.id,
            Assessment.instrument_id,
            Assessment.scope,
            Assessment.started_at,
            Assessment.finished_at,
        )
        .where(Assessment.organization_id == member.organization_id, Assessment.user_id == member.user_id)
        .order_by(Assessment.started_at.desc(), Assessment.id)
    )
    return [MyAssessment(*row) for row in rows]


def filling(member: Member, assessment_id: str) -> Filling:
    """The person's own assessment with its answers. Raises NotFound."""
    assessment = db.session.scalars(own_assessment(member, assessment_id)).first()
    if assessment is None:
        raise NotFound
    answers = db.session.execute(
        select(ItemAnswer.item_id, ItemAnswer.value, ItemAnswer.missing, ItemAnswer.revision).where(
            ItemAnswer.organization_id == member.organization_id, ItemAnswer.assessment_id == assessment_id
        )
    ).all()
    return Filling(
        assessment.id,
        frozen(assessment.instrument_hash),
        assessment.scope,
        assessment.started_at,
        assessment.finished_at,
        assessment.consented,
        {item_id: as_sent(value, missing) for item_id, value, missing, _revision in answers},
        {item_id: revision for item_id, _value, _missing, revision in answers},
    )


def last_time(member: Member, mine: Filling) -> Filling | None:
    """The person's finished assessment before this one, of the same instrument and with the same scope."""
    if mine.finished_at is None:
        return None
    earlier = db.session.scalar(
        select(Assessment.id)
        .where(
            Assessment.organization_id == member.organization_id,
            Assessment.user_id == member.user_id,
            Assessment.instrument_id == mine.instrument.id,
            Assessment.scope == mine.scope,
            Assessment.finished_at < mine.finished_at,
        )
        .order_by(Assessment.finished_at.desc())
        .limit(1)
    )
    return filling(member, earlier) if earlier else None


def reading_list(member: Member, catalogue: Catalogue, assessment_id: str | None = None) -> list[Lesson]:
    """Lessons that the person put on their list, of one result or of all; those not there any more are left out."""
    wanted = (
        select(ReadingEntry.lesson_id)
        .join(
            Assessment,
            (Assessment.organization_id == ReadingEntry.organization_id)
            & (Assessment.id == ReadingEntry.assessment_id),
        )
        .where(ReadingEntry.organization_id == member.organization_id, Assessment.user_id == member.user_id)
        .order_by(Assessment.finished_at.desc(), ReadingEntry.position)
    )
    if assessment_id is not None:
        wanted = wanted.where(ReadingEntry.assessment_id == assessment_id)
    lesson_ids = dict.fromkeys(db.session.scalars(wanted))
    return [catalogue.lessons[lesson_id] for lesson_id in lesson_ids if lesson_id in catalogue.lessons]


def dimension_page(member: Member, assessment_id: str, dimension_id: str) -> DimensionPage:
    """Raises NotFound."""
    mine = filling(member, assessment_id)
    pages = mine.instrument.dimensions
    dimension = dimension_of(mine.instrument, dimension_id)
    place = pages.index(dimension)
    return DimensionPage(
        mine,
        dimension,
        tuple(
            AskedItem(item, choices(item), mine.answers.get(item.id, ""), mine.revisions.get(item.id, 0))
            for item in dimension.items
        ),
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
            tuple(
                (item, answer_text(item, mine.answers[item.id])) for item in dimension.items if item.id in mine.answers
            ),
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


def finishes(
    organization_id: str, instrument_ids: Collection[str], user_ids: Sequence[str] | None
) -> dict[str, dict[str, list[datetime]]]:
    """Instrument -> person -> when they finished it, in order of time: for whether an assignment is done. One query."""
    query = (
        select(Assessment.instrument_id, Assessment.user_id, Assessment.finished_at)
        .where(
            Assessment.organization_id == organization_id,
            Assessment.instrument_id.in_(instrument_ids),
            Assessment.finished_at.is_not(None),
        )
        .order_by(Assessment.finished_at)
    )
    if user_ids is not None:
        query = query.where(Assessment.user_id.in_(user_ids))
    found: dict[str, dict[str, list[datetime]]] = {}
    for instrument_id, user_id, moment in db.session.execute(query):
        if moment is not None:  # asked for above
            found.setdefault(instrument_id, {}).setdefault(user_id, []).append(moment)
    return found
