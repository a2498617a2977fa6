"""Which practice of whom was confirmed: written by the feature that confirms it, counted as steps of courses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from learning.courses.models import PracticeRecord, StepKind
from learning.courses.standings import keep_standings
from learning.database import insert_once
from learning.web.identity import Member


def record_practice(session: Session, person: Member, task_id: str, now: datetime) -> None:
    """Within the transaction that confirms it: from here on it counts. Doing it twice keeps the first time."""
    insert_once(
        session,
        PracticeRecord,
        organization_id=person.organization_id,
        user_id=person.user_id,
        task_id=task_id,
        confirmed_at=now,
    )
    keep_standings(session, person.organization_id, person.user_id, StepKind.PRACTICE, task_id)


def practice_confirmed(
    session: Session,
    organization_id: str,
    people: Collection[str] | None,
    task_ids: Collection[str] | None = None,
) -> defaultdict[str, dict[str, datetime]]:
    """Person -> task -> when it was confirmed; None stands for all people, or all tasks. One query."""
    query = select(PracticeRecord.user_id, PracticeRecord.task_id, PracticeRecord.confirmed_at).where(
        PracticeRecord.organization_id == organization_id
    )
    if people is not None:
        query = query.where(PracticeRecord.user_id.in_(people))
    if task_ids is not None:
        query = query.where(PracticeRecord.task_id.in_(task_ids))
    found: defaultdict[str, dict[str, datetime]] = defaultdict(dict)
    for user_id, task_id, moment in session.execute(query):
        found[user_id][task_id] = moment
    return found
