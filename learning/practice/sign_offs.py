"""Where the practice of many people stands, for tables and records: never what they handed in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from learning.accounts.models import User
from learning.extensions import db
from learning.practice.models import PracticeState, Submission


@dataclass(frozen=True, slots=True)
class SignOff:
    """One person and one task for which they handed something in."""

    state: PracticeState
    #: When it was confirmed or returned; while it waits, when it was handed in.
    at: datetime
    #: Who confirmed or returned it; None while it waits, and once there is no account of theirs.
    by: str | None


def sign_offs(
    organization_id: str, people: Collection[str], task_ids: Collection[str] | None = None
) -> defaultdict[str, dict[str, SignOff]]:
    """Person -> task -> where it stands; who handed nothing in is not there. None stands for all tasks. One query."""
    query = (
        select(
            Submission.user_id,
            Submission.task_id,
            Submission.state,
            func.coalesce(Submission.decided_at, Submission.handed_in_at),
            User.name,
        )
        .outerjoin(User, User.id == Submission.decided_by)
        .where(Submission.organization_id == organization_id, Submission.user_id.in_(people))
    )
    if task_ids is not None:
        query = query.where(Submission.task_id.in_(task_ids))
    found: defaultdict[str, dict[str, SignOff]] = defaultdict(dict)
    for user_id, task_id, state, at, by in db.session.execute(query):
        found[user_id][task_id] = SignOff(state, at, by)
    return found
