"""Reminders that leave by themselves, and those that a trainer sends.

A reminder is made in the database together with its mail in one transaction, and its key allows one a person and day.
So it is sent once, however often this runs, wherever it is killed, and whoever runs it at the same time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from flask_babel import force_locale
from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from learning.background import each_by_itself
from learning.content.model import Catalogue
from learning.database import insert_once, unit_of_work
from learning.extensions import db
from learning.mail.letters import Letter, write_letter
from learning.mail.outbox import post_all
from learning.teaching.due import Standing
from learning.teaching.models import Assignment, Reminder, ReminderKind
from learning.teaching.owing import Owing, owings
from learning.teaching.reasons import reminder_mail
from learning.teaching.recipients import Recipient, locked_recipient, recipients
from learning.teaching.reminder_rules import Owed, Sent, presses, reminder_due
from learning.web.identity import Member
from learning.web.public_url import public_url_for

#: Kinds of mail that answer the stages of an assignment. What a trainer writes does not: it may speak of anything.
BY_ITSELF = (ReminderKind.DUE_SOON, ReminderKind.OVERDUE)


def remind_due(catalogue: Catalogue, now: datetime) -> int:
    """Put a mail into the outbox for everybody who is owed one; tell how many people. Safe at any time and twice at once.

    Raises PartlyDone.
    """
    return each_by_itself("remind", organizations_with_assignments(), lambda each: _remind(each, catalogue, now))


def organizations_with_assignments() -> list[str]:
    """Organizations in which somebody was given something that was not taken back."""
    found = db.session.scalars(select(Assignment.organization_id).where(Assignment.ended_at.is_(None)).distinct()).all()
    db.session.remove()
    return list(found)


def _remind(organization_id: str, catalogue: Catalogue, now: datetime) -> int:
    by_person: defaultdict[str, list[Owing]] = defaultdict(list)
    for each in owings(organization_id, catalogue, now):
        by_person[each.user_id].append(each)
    if not by_person:
        return 0
    people = recipients(db.session(), organization_id, now)
    sent = _sent_to_all(db.session(), organization_id)
    db.session.remove()
    return sum(
        _remind_one(organization_id, person, catalogue, now)
        for user_id, person in people.items()
        if user_id in by_person
        and person.refusal is None
        and reminder_due(now, person.time_zone, _owed(by_person[user_id]), sent.get(user_id, Sent()))
    )


def _owed(owing: Iterable[Owing]) -> list[Owed]:
    return [Owed(each.due_on, each.known_since, each.standing) for each in owing]


def _remind_one(organization_id: str, person: Recipient, catalogue: Catalogue, now: datetime) -> bool:
    # As it stands now: a round takes long, and they may have done it since.
    owing = owings(organization_id, catalogue, now, person=person.user_id)
    letter = _letter(person, owing, now)
    member = Member(person.user_id, organization_id)
    with unit_of_work() as session:
        # Another worker may have been faster, the person may have left or muted us since.
        still = locked_recipient(session, member, now)
        if still is None or still.refusal is not None or still.email is None:
            return False
        kind = reminder_due(now, still.time_zone, _owed(owing), _sent_to(session, member))
        if kind is None:
            return False
        return remind(session, member, still, letter, kind, now)


def remind(
    session: Session, member: Member, person: Recipient, letter: Letter, kind: ReminderKind, now: datetime
) -> bool:
    """Within a unit of work: note that a person is reminded today and post the letter; False: they were already."""
    is_first = insert_once(
        session,
        Reminder,
        organization_id=member.organization_id,
        user_id=member.user_id,
        day=person.today,
        kind=kind,
        sent_at=now,
    )
    if is_first:
        post_all(session, [reminder_mail(member, person.email or "", letter, kind)], now)
    return is_first


def _letter(person: Recipient, owing: Sequence[Owing], now: datetime) -> Letter:
    """Tells of everything that presses, each thing once even if two cohorts were given it."""
    pressing: dict[tuple[str, str], Owing] = {}
    for each in sorted(owing, key=lambda each: each.due_on):
        if presses(now, person.time_zone, Owed(each.due_on, each.known_since, each.standing)):
            pressing.setdefault((each.kind, each.content_id), each)
    with force_locale(person.locale or "en"):
        return write_letter(
            "due",
            person=person.name,
            overdue=[each for each in pressing.values() if each.standing is Standing.OVERDUE],
            soon=[each for each in pressing.values() if each.standing is not Standing.OVERDUE],
            link=public_url_for("home.home"),
            mute_link=mute_link(),
        )


def mute_link() -> str:
    """Where a person switches reminders off, after signing in."""
    return public_url_for("accounts.account") + "#reminders"


def _sent(organization_id: str) -> Select[str, datetime | None, datetime | None]:
    overdue = case((Reminder.kind == ReminderKind.OVERDUE, Reminder.sent_at))
    return (
        select(Reminder.user_id, func.max(Reminder.sent_at), func.max(overdue))
        .where(Reminder.organization_id == organization_id, Reminder.kind.in_(BY_ITSELF))
        .group_by(Reminder.user_id)
    )


def _sent_to_all(session: Session, organization_id: str) -> dict[str, Sent]:
    return {user_id: Sent(last, overdue) for user_id, last, overdue in session.execute(_sent(organization_id))}


def _sent_to(session: Session, member: Member) -> Sent:
    row = session.execute(_sent(member.organization_id).where(Reminder.user_id == member.user_id)).first()
    return Sent(row[1], row[2]) if row else Sent()
