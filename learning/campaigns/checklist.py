"""What is still missing before a wave can be opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flask_babel import gettext as _

from learning.campaigns.groups import smallest_group, too_small
from learning.campaigns.records import CampaignRecord, GroupRow, WaveRow, end_of_day
from learning.content.model import Instrument


class Step(StrEnum):
    """The pages of the plan, in their order."""

    WHAT = "what"
    WHO = "who"
    WHEN = "when"
    PROMISE = "promise"
    CHECK = "check"


@dataclass(frozen=True, slots=True)
class Check:
    """Something that must be there, and the page where it is put there."""

    text: str
    done: bool
    step: Step
    #: How to mend it, where that is not plain.
    hint: str = ""
    #: Groups of which everybody may be given a card instead.
    cards_for: tuple[GroupRow, ...] = ()


def checklist(
    record: CampaignRecord, wave: WaveRow | None, instrument: Instrument | None, promised: str, now: datetime
) -> tuple[Check, ...]:
    """All that a wave needs; it opens when everything is done. ``promised`` is the promise as of today."""
    accepted = bool(promised) and record.accepted_promise == promised
    return (
        Check(_("What is asked is chosen"), instrument is not None, Step.WHAT),
        Check(_("People will read why they are asked"), bool(record.purpose), Step.WHAT),
        Check(_("Somebody answers their questions"), bool(record.contact), Step.WHAT),
        Check(_("Money or time is set aside to act on the results"), bool(record.measures), Step.WHAT),
        Check(_("Everybody who is asked stands in a group"), bool(record.groups), Step.WHO),
        Check(
            _("Each group has at least %(least)d people", least=smallest_group(record.k)),
            bool(record.groups) and not _small(record),
            Step.WHO,
        ),
        Check(
            _(
                "In each group nobody gets a card, everybody does, or at least %(least)d",
                least=smallest_group(record.k),
            ),
            not record.few_cards,
            Step.WHO,
            " ".join(_few_cards(group, record) for group in record.few_cards),
            record.few_cards,
        ),
        Check(_("The days are chosen"), wave is not None, Step.WHEN),
        Check(
            _("The last day is still to come"),
            wave is not None and end_of_day(wave.closes_on, record.time_zone) > now,
            Step.WHEN,
        ),
        Check(_("The promise is accepted as it reads today"), accepted, Step.PROMISE),
        Check(_("The works council agrees, or there is none"), accepted and record.council_agrees, Step.PROMISE),
    )


def _small(record: CampaignRecord) -> bool:
    return bool(too_small({group.name: group.parts for group in record.groups}, record.k))


def _few_cards(group: GroupRow, record: CampaignRecord) -> str:
    said = _(
        "%(name)s: %(cards)d of %(people)d people have no e-mail address. So few cards beside so many mails tell whose "
        "they are.",
        name=group.name,
        cards=group.by_card,
        people=group.people,
    )
    mend = (
        _("Add their addresses, merge the group with another one, or give everybody in it a card.")
        if record.is_open_to_change
        else _("Add their addresses, or give everybody in it a card.")
    )
    return f"{said} {mend}"


def is_ready(checks: tuple[Check, ...]) -> bool:
    """Whether nothing is missing."""
    return all(check.done for check in checks)
