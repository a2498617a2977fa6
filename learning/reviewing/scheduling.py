"""When a question comes back: the Free Spaced Repetition Scheduler (FSRS-6, library ``fsrs``) with its usual weights.

It counts in days of UTC: a question answered in the evening is there on the morning of the day it is due. The same
answers always give the same days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from fsrs import Card, Rating, Scheduler
from fsrs.card import CardDict

from learning.grading.marking import Verdict

#: The question comes back when it is remembered with this probability.
RETENTION = 0.9
#: Nothing stays away longer than a year, however well it is known.
LONGEST_DAYS = 365

# No steps of minutes: the set is one a day. No random spread: a test and a person can follow what happens.
_SCHEDULER = Scheduler(
    desired_retention=RETENTION,
    learning_steps=(),
    relearning_steps=(),
    maximum_interval=LONGEST_DAYS,
    enable_fuzzing=False,
)
_RATINGS = {
    Verdict.RIGHT: Rating.Good,
    Verdict.PARTLY: Rating.Hard,
    Verdict.WRONG: Rating.Again,
    Verdict.WRONG_UNIT: Rating.Again,
    Verdict.NO_NUMBER: Rating.Again,
    Verdict.UNANSWERED: Rating.Again,
}


@dataclass(frozen=True, slots=True)
class Schedule:
    """Where a question stands after an answer."""

    state: CardDict
    #: The beginning of a day.
    due_at: datetime
    answered_at: datetime


def day_of(moment: datetime) -> datetime:
    """The beginning of the day (UTC) of a moment."""
    return moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def after_answer(before: Schedule | None, verdict: Verdict, answered_at: datetime) -> Schedule:
    """The schedule after an answer that is later than the one before; None: it is the first.

    Right is rated *Good*, partly right *Hard*, all else *Again*. It comes back tomorrow at the earliest.
    """
    # A card without an id takes one from the clock.
    card = Card.from_dict(before.state) if before else Card(card_id=0, due=day_of(answered_at))
    card, _ = _SCHEDULER.review_card(card, _RATINGS[verdict], day_of(answered_at))
    return Schedule(card.to_dict(), card.due, answered_at)
