"""Why an organization writes to somebody: they are one of its people. It does not once they have left."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from learning.accounts.models import Membership, User
from learning.extensions import db
from learning.mail.reasons import Holds, Reason

#: The kind of reason that holds as long as somebody belongs to the organization and can sign in.
MEMBER = "member"


def member_holds(reason: Reason, now: datetime) -> bool:
    """Whether they belong to the organization still. One query."""
    found = select(Membership.id).join(User, User.id == Membership.user_id)
    return (
        db.session.scalar(
            found.where(
                Membership.organization_id == reason.organization_id,
                Membership.user_id == reason.user_id,
                Membership.left_at.is_(None),
                User.is_active,
            )
        )
        is not None
    )


REASONS: dict[str, Holds] = {MEMBER: member_holds}
