"""Tables of the action plan: what the company does about what it was told, and how that went on."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from learning.accounts.models import stored_by_value
from learning.campaigns.models import LONGEST_NAME, LONGEST_TEXT
from learning.database import CONTENT_ID_LENGTH, ID_LENGTH, Table, id_column


class MeasureStatus(StrEnum):
    """How far a measure is."""

    PLANNED = "planned"
    GOING = "going"
    DONE = "done"
    DROPPED = "dropped"


class Measure(Table):
    """Something the company will do, with somebody who sees to it and a day."""

    __tablename__ = "measure"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "campaign_id"], ["campaign.organization_id", "campaign.id"], ondelete="CASCADE"
        ),
        UniqueConstraint("organization_id", "id"),
        #: A measure for a weak dimension is taken up once; two managers who do it at once make one measure.
        UniqueConstraint("organization_id", "campaign_id", "proposal"),
        Index(None, "organization_id", "campaign_id"),
        Index(None, "owner_id"),
        CheckConstraint("status != 'dropped' OR reason != ''", name="dropped_for_a_reason"),
        CheckConstraint("(status = 'done') = (done_on IS NOT NULL)", name="done_on_a_day"),
    )

    id: Mapped[str] = id_column()
    organization_id: Mapped[str] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"))
    campaign_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    #: ``wave number/dimension id/place`` of the proposal it grew from; None: thought of by somebody.
    proposal: Mapped[str | None] = mapped_column(String(CONTENT_ID_LENGTH + 8))
    #: Dimension of the instrument that it is about; None: of none.
    dimension_id: Mapped[str | None] = mapped_column(String(CONTENT_ID_LENGTH))
    title: Mapped[str] = mapped_column(String(LONGEST_NAME))
    what: Mapped[str] = mapped_column(String(LONGEST_TEXT), default="")
    #: A lesson that helps with it.
    lesson_id: Mapped[str | None] = mapped_column(String(CONTENT_ID_LENGTH))
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    due_on: Mapped[date | None]
    status: Mapped[MeasureStatus] = mapped_column(
        stored_by_value(MeasureStatus, "status"), default=MeasureStatus.PLANNED
    )
    #: Why it was dropped, else whatever is worth saying of how it stands.
    reason: Mapped[str] = mapped_column(String(LONGEST_TEXT), default="")
    done_on: Mapped[date | None]
    created_at: Mapped[datetime]
    #: Counts the changes, so that a page made before one is noticed.
    revision: Mapped[int] = mapped_column(default=1)


class MeasureChange(Table):
    """What was changed of a measure, when and by whom; added and never altered."""

    __tablename__ = "measure_change"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "measure_id"], ["measure.organization_id", "measure.id"], ondelete="CASCADE"
        ),
    )

    organization_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    measure_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    #: The revision that it led to.
    revision: Mapped[int] = mapped_column(primary_key=True)
    changed_at: Mapped[datetime]
    changed_by: Mapped[str | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    status: Mapped[MeasureStatus] = mapped_column(stored_by_value(MeasureStatus, "status"))
    due_on: Mapped[date | None]
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    reason: Mapped[str] = mapped_column(String(LONGEST_TEXT), default="")
