"""What a wave declares: its promise, and what it can hope to see. Worked out from the record, never typed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from flask_babel import force_locale
from flask_babel import gettext as _

from learning.assessments.instruments import frozen
from learning.campaigns.promise import Paragraph, PromiseSettings, as_text, promise
from learning.campaigns.records import CampaignRecord, WaveRow, day_in
from learning.content.model import Catalogue, Instrument
from learning.psychometrics.company import detectable_difference

#: Days after the opening on which everybody is reminded, as far as the wave lasts.
REMINDER_DAYS = (4, 9, 13)
#: How many usually answer when people have time and trust; aimed at by the plan.
LIKELY_SHARE = 0.6
#: How far answers of people spread on 0 to 100, in points; from comparable questionnaires, for the plan alone.
LIKELY_SPREAD = 18


def instrument_of(record: CampaignRecord, catalogue: Catalogue) -> Instrument | None:
    """What the campaign asks: the frozen version once it was opened, today's before."""
    if record.instrument_hash:
        return frozen(record.instrument_hash)
    return catalogue.instruments.get(record.instrument_id) if record.instrument_id else None


def reminder_days(wave: WaveRow, opened_on: date) -> tuple[int, ...]:
    """On which days after its opening everybody is reminded of a wave. ``opened_on``: if it were opened on this day.

    Who opens later than planned may leave no room for the last one. Who opens earlier adds none.
    """
    first = max(wave.opens_on, opened_on)
    return tuple(day for day in REMINDER_DAYS if first + timedelta(days=day) <= wave.closes_on)


def reminder_dates(wave: WaveRow, time_zone: str) -> tuple[date, ...]:
    """The same days of a wave that was opened, where the organization is."""
    if wave.opened_at is None:
        return ()
    opened_on = day_in(wave.opened_at, time_zone)
    return tuple(opened_on + timedelta(days=day) for day in reminder_days(wave, opened_on))


def promise_of(
    record: CampaignRecord, wave: WaveRow | None, instrument: Instrument | None, now: datetime
) -> tuple[Paragraph, ...]:
    """What would be promised now; nothing while what is asked, who is asked or the dates are missing."""
    if wave is None or instrument is None or not record.groups:
        return ()
    settings = PromiseSettings(
        organization=record.organization_name,
        instrument=instrument.title,
        questions=len(instrument.items),
        purpose=record.purpose,
        contact=record.contact,
        k=record.k,
        groups=tuple(group.name for group in record.groups),
        closes_on=wave.closes_on,
        reminder_days=reminder_days(wave, day_in(wave.opened_at or now, record.time_zone)),
        by_mail=any(group.by_mail for group in record.groups),
        by_card=any(group.by_card for group in record.groups),
    )
    # It stands beside the questions, so in their language, whoever among the managers looks at it.
    with force_locale(instrument.language):
        return promise(settings)


def promise_text(record: CampaignRecord, wave: WaveRow | None, instrument: Instrument | None, now: datetime) -> str:
    """The promise as it is kept and compared: another text must be accepted anew."""
    return as_text(promise_of(record, wave, instrument, now))


@dataclass(frozen=True, slots=True)
class Outlook:
    """What so many people can show."""

    invited: int
    answering: int
    #: In standard deviations.
    d: float
    #: The same on the scale of 0 to 100.
    points: int


@lru_cache(maxsize=64)
def outlook(invited: int) -> Outlook | None:
    """What two waves of a campaign can tell from chance; None where there are too few people for any."""
    answering = round(invited * LIKELY_SHARE)
    d = detectable_difference(answering, answering)
    return None if d is None else Outlook(invited, answering, d, round(d * LIKELY_SPREAD))


def outlook_words(found: Outlook) -> str:
    """For whoever plans."""
    said = _(
        "With %(invited)d people invited and %(answering)d of them answering each time, a change from one wave to the "
        "next shows if it is %(points)d points of 100 or more. A smaller change may be there and stay unseen.",
        invited=found.invited,
        answering=found.answering,
        points=found.points,
    )
    if found.d < 0.5:
        return said
    return said + " " + _("That is much: read a small rise as chance, and ask as many people as you can.")
