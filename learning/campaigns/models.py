"""Tables of campaigns: what a company plans, whom it invites. No answer stands here, and no ballot beside a person."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from learning.accounts.models import stored_by_value
from learning.database import CONTENT_ID_LENGTH, ID_LENGTH, Table, id_column

#: Nothing is told of fewer answers than this. A campaign may ask for more, never for less.
LEAST_K = 5
HASH_LENGTH = 64
#: Longest id that the database of ballots may give a wave.
BALLOTS_ID_LENGTH = 64
LONGEST_NAME = 120
LONGEST_TEXT = 1000


class Campaign(Table):
    """What is asked, of whom and why. From the first opening on it does not change."""

    __tablename__ = "campaign"
    __table_args__ = (
        UniqueConstraint("organization_id", "id"),
        UniqueConstraint("organization_id", "title"),
        CheckConstraint(f"k >= {LEAST_K}", name="k_has_a_floor"),
        CheckConstraint("(opened_at IS NULL) = (instrument_hash IS NULL)", name="frozen_when_opened"),
    )

    id: Mapped[str] = id_column()
    organization_id: Mapped[str] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(String(LONGEST_NAME))
    instrument_id: Mapped[str | None] = mapped_column(String(CONTENT_ID_LENGTH))
    #: The version that is asked: set at the first opening, the same for every wave.
    instrument_hash: Mapped[str | None] = mapped_column(ForeignKey("instrument_version.hash"))
    #: Ids of the courses that people are offered afterwards.
    course_ids: Mapped[list[str]] = mapped_column(JSON, default=list)
    #: Why the company asks.
    purpose: Mapped[str] = mapped_column(String(LONGEST_TEXT), default="")
    #: What is set aside, money or time, to act on what comes out.
    measures: Mapped[str] = mapped_column(String(LONGEST_TEXT), default="")
    #: Who answers questions of the people: name and where to find them.
    contact: Mapped[str] = mapped_column(String(LONGEST_TEXT), default="")
    k: Mapped[int] = mapped_column(default=LEAST_K)
    #: The promise as the manager accepted it; another text must be accepted anew.
    accepted_promise: Mapped[str | None] = mapped_column(Text)
    #: The works council has seen the dossier, or there is none.
    council_agrees: Mapped[bool] = mapped_column(default=False)
    created_by: Mapped[str | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    #: When the first wave was opened; from then on groups, k and instrument are fixed.
    opened_at: Mapped[datetime | None]


def _of_a_campaign() -> ForeignKeyConstraint:
    """Rows that go with their campaign, and stand in the same organization."""
    return ForeignKeyConstraint(
        ["organization_id", "campaign_id"], ["campaign.organization_id", "campaign.id"], ondelete="CASCADE"
    )


class Channel(StrEnum):
    """How the people of a group are invited."""

    #: By mail who has an address, by a card who has none.
    MAIL = "mail"
    #: Everybody by a card.
    CARDS = "cards"


class CampaignGroup(Table):
    """A row of the report grid: one department or several, under a name of its own."""

    __tablename__ = "campaign_group"
    __table_args__ = (
        _of_a_campaign(),
        UniqueConstraint("organization_id", "campaign_id", "name"),
        Index(
            "uq_campaign_group_one_for_the_rest",
            "organization_id",
            "campaign_id",
            unique=True,
            sqlite_where=text("takes_people_without_department"),
            postgresql_where=text("takes_people_without_department"),
        ),
    )

    organization_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    campaign_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    #: Short and plain; the only thing about a person's place that stands beside an answer.
    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    channel: Mapped[Channel] = mapped_column(stored_by_value(Channel, "channel"))
    takes_people_without_department: Mapped[bool] = mapped_column(default=False)


class GroupDepartment(Table):
    """A department belongs to one group of a campaign, or to none: then its people are not asked."""

    __tablename__ = "campaign_group_department"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "campaign_id", "group_code"],
            ["campaign_group.organization_id", "campaign_group.campaign_id", "campaign_group.code"],
            ondelete="CASCADE",
            # What the convention makes of it is too long for PostgreSQL.
            name="fk_campaign_group_department_group",
        ),
        ForeignKeyConstraint(
            ["organization_id", "department_id"], ["department.organization_id", "department.id"], ondelete="CASCADE"
        ),
        Index(None, "organization_id", "department_id"),
    )

    organization_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    campaign_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    department_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    group_code: Mapped[str] = mapped_column(String(8))


class WaveState(StrEnum):
    """How far a wave is; the moves between stand in ``states.py``."""

    PLANNED = "planned"
    #: Everything is fixed, the ballots are being made.
    OPENING = "opening"
    OPEN = "open"
    #: The report is being made, the ballots are being destroyed; may be taken up again after a crash.
    CLOSING = "closing"
    CLOSED = "closed"


class Wave(Table):
    """One round of asking. What was declared is frozen at its opening."""

    __tablename__ = "campaign_wave"
    __table_args__ = (
        _of_a_campaign(),
        UniqueConstraint("organization_id", "id"),
        UniqueConstraint("organization_id", "campaign_id", "number"),
        UniqueConstraint("ballots_id"),
        CheckConstraint("number >= 1", name="counted_from_one"),
        CheckConstraint("opens_on < closes_on", name="opens_before_it_closes"),
        CheckConstraint(f"k IS NULL OR k >= {LEAST_K}", name="k_has_a_floor"),
        CheckConstraint(
            "state = 'planned' OR (k IS NOT NULL AND promise IS NOT NULL AND closes_at IS NOT NULL)", name="declared"
        ),
        CheckConstraint("(state IN ('planned', 'opening')) = (ballots_id IS NULL)", name="has_ballots_when_opened"),
        CheckConstraint("(state IN ('planned', 'opening')) = (opened_at IS NULL)", name="opened_once"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_once"),
        Index(
            "uq_campaign_wave_one_at_a_time",
            "organization_id",
            "campaign_id",
            unique=True,
            sqlite_where=text("state IN ('opening', 'open', 'closing')"),
            postgresql_where=text("state IN ('opening', 'open', 'closing')"),
        ),
        Index(None, "state", "closes_at"),
    )

    id: Mapped[str] = id_column()
    organization_id: Mapped[str] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"))
    campaign_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    #: 1 is the wave before, 2 the one after, and so on.
    number: Mapped[int]
    state: Mapped[WaveState] = mapped_column(stored_by_value(WaveState, "state"), default=WaveState.PLANNED)
    #: Planned days of the organization; it is opened by hand, and closes at the end of its last day.
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    #: Names the opening under way, and the wave of ballots it makes: of two at once only one goes on.
    opening_mark: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    #: As declared at the opening.
    k: Mapped[int | None]
    promise: Mapped[str | None] = mapped_column(Text)
    #: The end of ``closes_on`` where the organization is.
    closes_at: Mapped[datetime | None]
    #: The wave's name in the database of ballots, which knows no organization.
    ballots_id: Mapped[str | None] = mapped_column(String(BALLOTS_ID_LENGTH))
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


def _of_a_wave() -> ForeignKeyConstraint:
    """Rows that go with their wave, and stand in the same organization."""
    return ForeignKeyConstraint(
        ["organization_id", "wave_id"], ["campaign_wave.organization_id", "campaign_wave.id"], ondelete="CASCADE"
    )


class WaveGroup(Table):
    """A row of the report grid as it was declared at the opening of a wave."""

    __tablename__ = "campaign_wave_group"
    __table_args__ = (
        _of_a_wave(),
        UniqueConstraint("organization_id", "wave_id", "name"),
        CheckConstraint(f"invited >= {2 * LEAST_K}", name="coarse"),
    )

    organization_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    wave_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    invited: Mapped[int]


class Invited(Table):
    """A person asked in a wave: all of them, fixed at its opening. It says nothing of who answered."""

    __tablename__ = "campaign_invited"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "wave_id", "group_code"],
            ["campaign_wave_group.organization_id", "campaign_wave_group.wave_id", "campaign_wave_group.code"],
            ondelete="CASCADE",
        ),
        Index(None, "user_id"),
    )

    organization_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    wave_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    group_code: Mapped[str] = mapped_column(String(8))
    #: Invited by mail, and so reminded by mail; else by a card.
    by_mail: Mapped[bool]


class SealedCards(Table):
    """Codes of the cards of one group, sealed with the wave's key until their sheet is made, once."""

    __tablename__ = "campaign_cards"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "wave_id", "group_code"],
            ["campaign_wave_group.organization_id", "campaign_wave_group.wave_id", "campaign_wave_group.code"],
            ondelete="CASCADE",
        ),
        CheckConstraint("(made_at IS NULL) = (sealed IS NOT NULL)", name="gone_when_made"),
    )

    organization_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    wave_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    group_code: Mapped[str] = mapped_column(String(8), primary_key=True)
    count: Mapped[int]
    sealed: Mapped[str | None] = mapped_column(Text)
    made_at: Mapped[datetime | None]


class WaveReminder(Table):
    """On a day everybody invited by mail was reminded, all in the same words."""

    __tablename__ = "campaign_reminder"
    __table_args__ = (_of_a_wave(),)

    organization_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    wave_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    #: Day where the organization is.
    day: Mapped[date] = mapped_column(primary_key=True)
    mails: Mapped[int]
