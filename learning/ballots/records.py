"""What goes in and comes out of anonymous answering, and why it refuses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from flask_babel import gettext as _

from learning.content.model import Instrument
from learning.errors import DomainError
from learning.psychometrics.figures import Count
from learning.psychometrics.responses import Answer
from learning.psychometrics.wave_table import Group, Moved, Plan


class CodeUnusable(DomainError):
    """The code is mistyped, spent, unknown, of another wave, or its wave is closed: nobody can tell which."""

    status = 404

    def __init__(self) -> None:
        super().__init__(_("This code cannot be used. Check it, or ask whoever gave it to you."))


class AnswersRefused(DomainError):
    """The form was tampered with: an item that is not asked, a value that is none. Nothing was spent."""

    status = 400

    def __init__(self) -> None:
        super().__init__(_("These answers do not fit the questions. Load the page again."))


class PlanRefused(DomainError):
    """The wave cannot open like this; the text says why (k below 5, a group with fewer than 2k invited …)."""


@dataclass(frozen=True, slots=True)
class LessonLink:
    """A lesson that a result may recommend."""

    id: str
    title: str
    #: Path on this site, such as ``/courses/…``.
    address: str


@dataclass(frozen=True, slots=True)
class Opening:
    """All that is declared of a wave; frozen at opening."""

    #: Title and organization as shown to people.
    title: str
    organization: str
    instrument: Instrument
    plan: Plan
    #: Plain text, paragraphs parted by empty lines.
    promise: str
    #: Every lesson that may be recommended, in reading order (``psychometrics.recommendations`` chooses three).
    lessons: tuple[LessonLink, ...]
    #: From this moment on answers are refused.
    closes_at: datetime
    #: The day whose end that is, where the organization is: what people read.
    last_day: date
    #: Ballots id of the wave before, for change; it must be closed.
    earlier: str | None = None
    #: Ballots id of each earlier wave that asked some of the same people -> how many, by their groups then and now.
    moved: Mapping[str, tuple[Moved, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OpenedWave:
    """What opening hands out; the codes exist nowhere else."""

    id: str
    #: Group code -> its codes as people read them, ``Group.invited`` each, in random order.
    codes: Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class OpenWave:
    """What the answer pages show before somebody answers. Found by the first four symbols of a code alone."""

    id: str
    title: str
    organization: str
    instrument: Instrument
    promise: str
    lessons: tuple[LessonLink, ...]
    closes_at: datetime
    #: None for a wave that was opened before it was declared.
    last_day: date
    k: int
    #: The group to which codes with these first symbols count.
    group: Group


@dataclass(frozen=True, slots=True)
class Sent:
    """One submission. The page makes permit and response key once and repeats them until it gets a Receipt."""

    #: As typed or as in the link; see ``codes.read_code``.
    code: str
    #: 26 symbols by ``codes.new_permit()`` or by the script (26 bytes of getRandomValues, each & 31).
    permit: str
    #: 20 symbols by ``codes.new_response_key()`` or by the script (20 bytes of getRandomValues, each & 31).
    response_key: str
    #: Item id -> value or Missing; items left out count as skipped.
    answers: Mapping[str, Answer]
    #: "Nobody can trace my answers to me": 1 to 5, None if not answered.
    trust: int | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer is kept."""

    #: The response key as people write it down: with check symbols, in groups.
    private_code: str
    #: It had been kept before: the same was sent once more, and whatever it said otherwise was not taken.
    again: bool = False


@dataclass(frozen=True, slots=True)
class PersonalResult:
    """One's own answers, for whoever holds the private code; the page scores them."""

    title: str
    organization: str
    instrument: Instrument
    #: Every item; what was left out is Missing.SKIPPED.
    answers: Mapping[str, Answer]
    lessons: tuple[LessonLink, ...]


class ShareBand(StrEnum):
    """Which share of the invited have answered."""

    BELOW_20 = "below_20"
    FROM_20 = "20_40"
    FROM_40 = "40_60"
    FROM_60 = "60_80"
    ABOVE_80 = "above_80"


@dataclass(frozen=True, slots=True)
class GroupParticipation:
    """How many of a group have answered, in bands, as of a day."""

    #: None: everybody.
    group: Group | None
    answered: Count
    #: None while fewer than 5 have answered, and in groups of fewer than 25, where a band would be a few people.
    share: ShareBand | None
    as_of: date
