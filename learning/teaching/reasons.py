"""Whether a reminder that waits in the outbox is still to be sent: asked when it is to leave."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from learning.accounts.models import Membership
from learning.extensions import db
from learning.mail.letters import Letter
from learning.mail.outbox import Mail
from learning.mail.reasons import Holds, Reason
from learning.teaching.models import ReminderKind
from learning.teaching.owing import owings
from learning.teaching.recipients import Recipient, Refusal, recipients
from learning.teaching.reminder_rules import Owed, presses
from learning.teaching.unsubscribing import unsubscribe_link
from learning.web.catalogue import the_catalogue
from learning.web.identity import Member, Role


def reminder_mail(member: Member, email: str, letter: Letter, kind: ReminderKind) -> Mail:
    """A reminder as the outbox takes it."""
    reason = Reason(kind.value, member.organization_id, member.user_id)
    return Mail(email, letter, reason=reason, unsubscribe_link=unsubscribe_link(member))


def by_trainer_holds(reason: Reason, now: datetime) -> bool:
    """The person is here and wants reminders. What they have done since plays no part: it may speak of anything."""
    return _receiver(reason, now) is not None


def due_holds(reason: Reason, now: datetime) -> bool:
    """Besides, something presses still. A few queries."""
    person = _receiver(reason, now)
    if person is None:
        return False
    owing = owings(reason.organization_id, the_catalogue(), now, person=reason.user_id)
    return any(presses(now, person.time_zone, Owed(each.due_on, each.known_since, each.standing)) for each in owing)


def digest_holds(reason: Reason, now: datetime) -> bool:
    """Besides, they are a trainer still: the mail names people."""
    role = select(Membership.role).where(
        Membership.organization_id == reason.organization_id, Membership.user_id == reason.user_id
    )
    return _receiver(reason, now) is not None and db.session.scalar(role) is Role.TRAINER


def _receiver(reason: Reason, now: datetime) -> Recipient | None:
    person = recipients(db.session(), reason.organization_id, now, [reason.user_id]).get(reason.user_id)
    return person if person is not None and person.refusal in (None, Refusal.TODAY) else None


#: What answers for the reminders of this feature.
REASONS: dict[str, Holds] = {
    ReminderKind.BY_TRAINER.value: by_trainer_holds,
    ReminderKind.DUE_SOON.value: due_holds,
    ReminderKind.OVERDUE.value: due_holds,
    ReminderKind.DIGEST.value: digest_holds,
}
