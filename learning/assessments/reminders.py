"""One mail on the day that a person chose. It says that something is due, never what: others may read mail."""

from __future__ import annotations

from datetime import datetime

from flask_babel import force_locale
from sqlalchemy import Select, select

from learning.accounts.mail_reasons import MEMBER
from learning.accounts.models import Membership, User
from learning.assessments.models import Action, Assessment
from learning.database import unit_of_work
from learning.extensions import db
from learning.mail.letters import write_letter
from learning.mail.outbox import post
from learning.mail.reasons import Reason
from learning.web.identity import Member
from learning.web.public_url import public_url_for


def remind_due(now: datetime) -> int:
    """Put a mail into the outbox for everybody with an action that is due; tell how many people.

    Each action is reminded of once, also when this runs twice at the same time. Whoever has left the organization,
    cannot sign in any more or has no address gets none.
    """
    people = db.session.execute(
        _due(now).with_only_columns(User.id, Assessment.organization_id, User.email, User.locale).distinct()
    ).all()
    db.session.remove()
    return sum(
        _remind(Member(user_id, organization_id), email, locale or "en", now)
        for user_id, organization_id, email, locale in people
        if email
    )


def _due(now: datetime) -> Select[Action]:
    return (
        select(Action)
        .join(
            Assessment,
            (Assessment.organization_id == Action.organization_id) & (Assessment.id == Action.assessment_id),
        )
        .join(User, User.id == Assessment.user_id)
        .join(
            Membership,
            (Membership.organization_id == Assessment.organization_id) & (Membership.user_id == Assessment.user_id),
        )
        .where(
            Action.remind,
            Action.due_on <= now.date(),
            Action.done_at.is_(None),
            Action.reminded_at.is_(None),
            User.email.is_not(None),
            User.is_active,
            Membership.left_at.is_(None),
        )
    )


def _remind(member: Member, email: str, locale: str, now: datetime) -> bool:
    with force_locale(locale):
        letter = write_letter("action_due", link=public_url_for("assessments.actions"))
    with unit_of_work() as session:
        mine = _due(now).where(
            Assessment.organization_id == member.organization_id, Assessment.user_id == member.user_id
        )
        actions = session.scalars(mine.with_for_update(of=Action)).all()
        for action in actions:
            action.reminded_at = now
        if actions:
            reason = Reason(MEMBER, member.organization_id, member.user_id)
            post(session, email, letter, now, reason=reason)
    return bool(actions)
