"""What is read of a campaign: plain values, for pages, the promise and the dossier."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from learning.campaigns.groups import Part, few_cards
from learning.campaigns.models import Channel, WaveState


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A row of the report grid as it is planned, with the people who stand in it today."""

    code: str
    name: str
    channel: Channel
    parts: tuple[Part, ...]

    @property
    def people(self) -> int:
        """How many would be invited today."""
        return sum(part.people for part in self.parts)

    @property
    def by_mail(self) -> int:
        """How many of them by mail."""
        return sum(part.with_address for part in self.parts) if self.channel is Channel.MAIL else 0

    @property
    def by_card(self) -> int:
        """How many of them by a card."""
        return self.people - self.by_mail

    def has_few_cards(self, k: int) -> bool:
        """Whether too few would draw a card beside the mails of the others."""
        return self.channel is Channel.MAIL and few_cards(self.parts, k)


@dataclass(frozen=True, slots=True)
class WaveRow:
    """One round of asking."""

    id: str
    number: int
    state: WaveState
    opens_on: date
    closes_on: date
    k: int | None
    promise: str | None
    ballots_id: str | None
    opened_at: datetime | None
    closes_at: datetime | None
    closed_at: datetime | None

    @property
    def is_planned(self) -> bool:
        """Whether it can still be changed."""
        return self.state is WaveState.PLANNED

    @property
    def is_running(self) -> bool:
        """Whether ballots of it are out."""
        return self.state in {WaveState.OPENING, WaveState.OPEN, WaveState.CLOSING}


@dataclass(frozen=True, slots=True)
class CampaignRecord:
    """A campaign with its groups and waves, as it stands now."""

    id: str
    organization_id: str
    organization_name: str
    time_zone: str
    title: str
    instrument_id: str | None
    instrument_hash: str | None
    course_ids: tuple[str, ...]
    purpose: str
    measures: str
    contact: str
    k: int
    accepted_promise: str | None
    council_agrees: bool
    opened_at: datetime | None
    #: All departments with their people, and those in none; also the ones that are not asked.
    parts: tuple[Part, ...]
    groups: tuple[GroupRow, ...]
    waves: tuple[WaveRow, ...]

    @property
    def is_open_to_change(self) -> bool:
        """Nothing was promised to anybody yet."""
        return self.opened_at is None

    @property
    def people(self) -> int:
        """Everybody in the organization."""
        return sum(part.people for part in self.parts)

    @property
    def invited(self) -> int:
        """Everybody in a group."""
        return sum(group.people for group in self.groups)

    @property
    def next_wave(self) -> WaveRow | None:
        """The first wave that is not opened yet."""
        return next((wave for wave in self.waves if wave.is_planned), None)

    @property
    def running_wave(self) -> WaveRow | None:
        """The wave whose ballots are out."""
        return next((wave for wave in self.waves if wave.is_running), None)

    @property
    def few_cards(self) -> tuple[GroupRow, ...]:
        """The groups that cannot be invited like this: too few people in them would draw a card."""
        return tuple(group for group in self.groups if group.has_few_cards(self.k))

    def group_name_of(self, part_id: str) -> str:
        """The group that a part counts to, or nothing."""
        return next((group.name for group in self.groups for part in group.parts if part.id == part_id), "")


def end_of_day(day: date, time_zone: str) -> datetime:
    """The first moment after a day, where the organization is."""
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), ZoneInfo(time_zone))


def day_in(moment: datetime, time_zone: str) -> date:
    """The day of a moment, where the organization is."""
    return moment.astimezone(ZoneInfo(time_zone)).date()
