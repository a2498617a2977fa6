"""The table of ideas. An idea without a name stores nobody; none is ever tied to an answer of a campaign."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, Text
from sqlalchemy.orm import Mapped, mapped_column

from learning.accounts.models import stored_by_value
from learning.database import Table, id_column

LONGEST_IDEA = 2000
LONGEST_ANSWER = 2000


class IdeaState(StrEnum):
    """What became of an idea."""

    NEW = "new"
    PLANNED = "planned"
    DONE = "done"
    DECLINED = "declined"


class SavingUnit(StrEnum):
    """What a saving is counted in; always of one year."""

    MONEY = "money"
    ENERGY = "kWh"
    WATER = "m3"
    MATERIAL = "kg"


class Idea(Table):
    """What somebody would do better at work."""

    __tablename__ = "idea"
    __table_args__ = (
        Index(None, "organization_id", "state", "handed_in_on"),
        Index(None, "user_id"),
        CheckConstraint("(saving IS NULL) = (saving_unit IS NULL)", name="saving_has_a_unit"),
        CheckConstraint("saving IS NULL OR saving > 0", name="saves_something"),
        CheckConstraint("state = 'new' OR answer IS NOT NULL", name="answered_when_decided"),
        CheckConstraint("(answer IS NULL) = (answered_on IS NULL)", name="answered_on_a_day"),
        CheckConstraint("(state = 'done') = (done_on IS NOT NULL)", name="done_on_a_day"),
    )

    id: Mapped[str] = id_column()
    organization_id: Mapped[str] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(Text)
    #: Estimated by whoever had the idea, for a year.
    saving: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    saving_unit: Mapped[SavingUnit | None] = mapped_column(stored_by_value(SavingUnit, "saving_unit"))
    #: None: handed in without a name. Nothing else tells of whom it is.
    user_id: Mapped[str | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    #: Day of UTC and no nearer: an hour would point at whoever was there.
    handed_in_on: Mapped[date]
    state: Mapped[IdeaState] = mapped_column(stored_by_value(IdeaState, "state"), default=IdeaState.NEW)
    #: What the organization says to it; everybody there may read it.
    answer: Mapped[str | None] = mapped_column(Text)
    answered_on: Mapped[date | None]
    #: The day on which it was first answered as done; a better answer later leaves it as it is.
    done_on: Mapped[date | None]
    answered_by: Mapped[str | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
