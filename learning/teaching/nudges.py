"""A reminder that a trainer sends to people they chose, in words of their own."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from flask_babel import force_locale

from learning.database import insert_new, unit_of_work
from learning.extensions import db
from learning.mail.letters import Letter, write_letter
from learning.mail.outbox import post_all
from learning.teaching.models import Reminder, ReminderKind
from learning.teaching.placeholders import fill
from learning.teaching.reasons import reminder_mail
from learning.teaching.recipients import Recipient, Refusal, recipients
from learning.teaching.reminders import mute_link
from learning.web.identity import Member
from learning.web.public_url import public_url_for

log = structlog.get_logger()

LONGEST_TEXT = 2_000
#: People in one transaction.
PEOPLE_AT_ONCE = 500
#: Stands for the trainer's text while the letter around it is written once for each language.
_HERE = "\ufffc"


@dataclass(frozen=True, slots=True)
class Nudged:
    """Who gets the reminder and who does not, by user id."""

    sent: frozenset[str]
    refused: dict[str, Refusal]


def preview_nudge(organization_id: str, people: Collection[str], now: datetime) -> Nudged:
    """Who would get a reminder now."""
    return _sorted_out(recipients(db.session(), organization_id, now), people)


def nudge(member: Member, people: Collection[str], text: str, now: datetime) -> Nudged:
    """Put the letter into the outbox for each of the people who may be reminded today. Twice is once.

    The caller knows that they learn here. A transaction for each five hundred, so that nobody else waits long for the
    write lock; if it ends in the middle, doing it again reminds the others.
    """
    everybody = sorted(set(people))
    usual = _letter_around(None)
    languages = {person.locale for person in recipients(db.session(), member.organization_id, now).values()}
    around = {locale: _letter_around(locale) for locale in languages} | {None: usual}
    sent: set[str] = set()
    refused: dict[str, Refusal] = {}
    for start in range(0, len(everybody), PEOPLE_AT_ONCE):
        part = _nudge_some(member, everybody[start : start + PEOPLE_AT_ONCE], text, around, now)
        sent |= part.sent
        refused |= part.refused
    log.info(
        "reminded", user=member.user_id, organization=member.organization_id, people=len(sent), refused=len(refused)
    )
    return Nudged(frozenset(sent), refused)


def _nudge_some(
    member: Member, people: Sequence[str], text: str, around: Mapping[str | None, Letter], now: datetime
) -> Nudged:
    link = public_url_for("home.home")
    with unit_of_work() as session:
        # As it stands now: somebody may have muted us, or been reminded, since the page was shown.
        known = recipients(session, member.organization_id, now, people)
        wanted = _sorted_out(known, people)
        rows = [
            {
                "organization_id": member.organization_id,
                "user_id": user_id,
                "day": known[user_id].today,
                "kind": ReminderKind.BY_TRAINER,
                "sent_by": member.user_id,
                "sent_at": now,
            }
            for user_id in sorted(wanted.sent)
        ]
        sent = frozenset(insert_new(session, Reminder, rows, "user_id"))
        mails = []
        for person in (known[user_id] for user_id in sorted(sent)):
            # Whoever chose a language this very moment reads the usual one.
            letter = around.get(person.locale, around[None])
            body = letter.body.replace(_HERE, fill(text, person.name, link))
            to = Member(person.user_id, member.organization_id)
            mails.append(reminder_mail(to, person.email or "", Letter(letter.subject, body), ReminderKind.BY_TRAINER))
        post_all(session, mails, now)
    return Nudged(sent, wanted.refused | dict.fromkeys(wanted.sent - sent, Refusal.TODAY))


def _sorted_out(known: dict[str, Recipient], people: Collection[str]) -> Nudged:
    refused: dict[str, Refusal] = {}
    for user_id in people:
        refusal = known[user_id].refusal if user_id in known else Refusal.GONE
        if refusal is not None:
            refused[user_id] = refusal
    return Nudged(frozenset(people) - refused.keys(), refused)


def _letter_around(locale: str | None) -> Letter:
    """The letter in one language, with a mark where the trainer's text goes."""
    with force_locale(locale or "en"):
        return write_letter("by_trainer", text=_HERE, mute_link=mute_link())
