"""What the pages of the action plan show: what the newest report suggests, and what was decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from learning.accounts.models import Membership, User
from learning.campaigns.lessons import LessonInCourse, lesson_in_course
from learning.campaigns.measure_models import Measure, MeasureChange, MeasureStatus
from learning.campaigns.reading import load
from learning.campaigns.records import CampaignRecord
from learning.campaigns.reports import latest_report
from learning.content.model import Catalogue, CompanyMeasure, Instrument
from learning.errors import NotFound
from learning.extensions import db
from learning.web.identity import Member

#: From so many open ones on the page says so.
MANY_MEASURES = 7


@dataclass(frozen=True, slots=True)
class Proposal:
    """A measure for a weak dimension that nobody has taken up yet."""

    #: Names the wave, the dimension and the place of the measure in it.
    key: str
    title: str
    what: str


@dataclass(frozen=True, slots=True)
class WeakPoint:
    """What the report suggests for a weak dimension."""

    dimension_id: str
    dimension: str
    proposals: tuple[Proposal, ...]
    #: A lesson that helps, in a course.
    lesson: LessonInCourse | None


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """A measure on the plan."""

    id: str
    title: str
    what: str
    dimension_id: str | None
    lesson_id: str | None
    owner_id: str | None
    owner: str | None
    due_on: date | None
    status: MeasureStatus
    reason: str
    done_on: date | None
    revision: int

    def is_late(self, today: date) -> bool:
        """Whether its day is over."""
        open_still = self.status in {MeasureStatus.PLANNED, MeasureStatus.GOING}
        return open_still and self.due_on is not None and self.due_on < today


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One line of how a measure went on."""

    changed_at: datetime
    changed_by: str | None
    status: MeasureStatus
    due_on: date | None
    owner: str | None
    reason: str


@dataclass(frozen=True, slots=True)
class PlanPage:
    """The action plan of a campaign."""

    record: CampaignRecord
    #: Number of the wave whose report the proposals come from; None: no wave tells anything yet.
    wave_number: int | None
    weak_points: tuple[WeakPoint, ...]
    measures: tuple[MeasureRow, ...]

    @property
    def is_long(self) -> bool:
        """Whether it holds more than people can carry out."""
        open_ones = [each for each in self.measures if each.status in {MeasureStatus.PLANNED, MeasureStatus.GOING}]
        return len(open_ones) >= MANY_MEASURES


def plan_page(member: Member, campaign_id: str, instrument: Instrument | None, catalogue: Catalogue) -> PlanPage:
    """The plan with what the newest report suggests. Raises NotFound."""
    record = load(db.session(), member.organization_id, campaign_id)
    latest = latest_report(record)
    return PlanPage(
        record=record,
        wave_number=latest[0].number if latest else None,
        weak_points=weak_points(record, _taken_up(member, campaign_id), instrument, catalogue),
        measures=measures_of(member.organization_id, campaign_id),
    )


def measures_of(organization_id: str, campaign_id: str) -> tuple[MeasureRow, ...]:
    """All measures: open ones by day, then what is done or dropped."""
    rows = db.session.execute(
        select(Measure, User.name)
        .outerjoin(User, User.id == Measure.owner_id)
        .where(Measure.organization_id == organization_id, Measure.campaign_id == campaign_id)
        .order_by(Measure.created_at, Measure.id)
    )
    order = list(MeasureStatus)
    found = [_row(measure, owner) for measure, owner in rows]
    return tuple(
        sorted(
            found,
            key=lambda each: (
                max(1, order.index(each.status)),
                each.due_on or date.max,
            ),
        )
    )


def weak_points(
    record: CampaignRecord, taken_up: frozenset[str], instrument: Instrument | None, catalogue: Catalogue
) -> tuple[WeakPoint, ...]:
    """The weak dimensions of the newest report with the measures that are not taken up yet, the weakest first."""
    latest = latest_report(record)
    if latest is None or instrument is None:
        return ()
    wave, report = latest
    scores = {each.id: each.score for each in report.dimensions}
    dimensions = {each.id: each for each in instrument.dimensions}
    # Measures may be bettered while a version is asked, so they are those of today.
    today = catalogue.instruments.get(instrument.id, instrument)
    measures = {each.id: each.measures for each in today.dimensions}
    found = []
    for dimension_id in report.weaknesses:
        dimension, score = dimensions.get(dimension_id), scores.get(dimension_id)
        advice = dimension.recommendation_at(score.middle) if dimension and score else None
        if dimension is None or advice is None:
            continue
        offered = measures.get(dimension_id) or (CompanyMeasure(dimension.title, advice.measure),)
        proposals = tuple(
            Proposal(f"{wave.number}/{dimension_id}/{place}", each.title, each.what)
            for place, each in enumerate(offered, start=1)
        )
        left = tuple(each for each in proposals if each.key not in taken_up)
        if left:
            lesson = next(
                filter(None, (lesson_in_course(catalogue, each, record.course_ids) for each in advice.lessons)), None
            )
            found.append(WeakPoint(dimension_id, dimension.title, left, lesson))
    return tuple(found)


def measure(member: Member, campaign_id: str, measure_id: str) -> MeasureRow:
    """One measure. Raises NotFound."""
    row = db.session.execute(
        select(Measure, User.name)
        .outerjoin(User, User.id == Measure.owner_id)
        .where(
            Measure.organization_id == member.organization_id,
            Measure.campaign_id == campaign_id,
            Measure.id == measure_id,
        )
    ).first()
    if row is None:
        raise NotFound
    return _row(row[0], row[1])


def history(member: Member, measure_id: str) -> tuple[ChangeRow, ...]:
    """How a measure went on, the newest first."""
    changer, owner = User.__table__.alias("changer"), User.__table__.alias("owner")
    rows = db.session.execute(
        select(MeasureChange, changer.c.name, owner.c.name)
        .outerjoin(changer, changer.c.id == MeasureChange.changed_by)
        .outerjoin(owner, owner.c.id == MeasureChange.owner_id)
        .where(MeasureChange.organization_id == member.organization_id, MeasureChange.measure_id == measure_id)
        .order_by(MeasureChange.revision.desc())
    )
    return tuple(
        ChangeRow(change.changed_at, changed_by, change.status, change.due_on, owner_name, change.reason)
        for change, changed_by, owner_name in rows
    )


def owners(member: Member) -> list[tuple[str, str]]:
    """Who can see to a measure: id and name of everybody in the organization, by name."""
    rows = db.session.execute(
        select(User.id, User.name)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.organization_id == member.organization_id, Membership.left_at.is_(None), User.is_active)
        .order_by(User.name, User.id)
    )
    return [(row[0], row[1]) for row in rows]


def _taken_up(member: Member, campaign_id: str) -> frozenset[str]:
    rows = db.session.scalars(
        select(Measure.proposal).where(
            Measure.organization_id == member.organization_id,
            Measure.campaign_id == campaign_id,
            Measure.proposal.is_not(None),
        )
    )
    return frozenset(row for row in rows if row)


def _row(kept: Measure, owner: str | None) -> MeasureRow:
    return MeasureRow(
        id=kept.id,
        title=kept.title,
        what=kept.what,
        dimension_id=kept.dimension_id,
        lesson_id=kept.lesson_id,
        owner_id=kept.owner_id,
        owner=owner,
        due_on=kept.due_on,
        status=kept.status,
        reason=kept.reason,
        done_on=kept.done_on,
        revision=kept.revision,
    )
