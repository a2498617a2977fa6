"""Attempts that a trainer grants beyond those a quiz allows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learning.content.model import Quiz
from learning.database import insert_new, unit_of_work
from learning.quizzes.models import Attempt, AttemptState, GrantedAttempt
from learning.web.identity import Member

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Granted:
    """What granting did, by user id."""

    granted: frozenset[str]
    #: They have an attempt left or are sitting one: nothing was granted.
    unneeded: frozenset[str]


def attempts_left(allowed: int, used: int, granted: Collection[int]) -> int | None:
    """How many attempts may still be started; None: no limit. ``granted`` are numbers of attempts. Pure."""
    if not allowed:
        return None
    number = used + 1
    while number <= allowed or number in granted:
        number += 1
    return number - used - 1


def granted_numbers(session: Session, member: Member, quiz_id: str) -> frozenset[int]:
    """The numbers of the attempts that were granted to a person. One query."""
    return frozenset(
        session.scalars(
            select(GrantedAttempt.number).where(
                GrantedAttempt.organization_id == member.organization_id,
                GrantedAttempt.user_id == member.user_id,
                GrantedAttempt.quiz_id == quiz_id,
            )
        )
    )


def grant_attempts(member: Member, quiz: Quiz, people: Collection[str], now: datetime) -> Granted:
    """Let people who have used up their attempts sit a quiz once more. The caller knows that they learn here.

    Twice is once: whoever has an attempt left gets none. Three queries, for any number of people.
    """
    with unit_of_work() as session:
        used, sitting = _used(session, member.organization_id, quiz.id)
        granted = _granted(session, member.organization_id, quiz.id)
        needing = [
            user_id
            for user_id in sorted(people)
            if user_id not in sitting and attempts_left(quiz.attempts, used[user_id], granted[user_id]) == 0
        ]
        rows = [
            {
                "organization_id": member.organization_id,
                "user_id": user_id,
                "quiz_id": quiz.id,
                "number": used[user_id] + 1,
                "granted_by": member.user_id,
                "granted_at": now,
            }
            for user_id in needing
        ]
        given = frozenset(insert_new(session, GrantedAttempt, rows, "user_id"))
    log.info(
        "attempts_granted",
        user=member.user_id,
        organization=member.organization_id,
        quiz=quiz.id,
        people=len(given),
    )
    return Granted(given, frozenset(people) - given)


def _used(session: Session, organization_id: str, quiz_id: str) -> tuple[defaultdict[str, int], set[str]]:
    """Person -> attempts begun; and who is sitting one now."""
    this = (Attempt.organization_id == organization_id) & (Attempt.quiz_id == quiz_id)
    counted = session.execute(select(Attempt.user_id, func.max(Attempt.number)).where(this).group_by(Attempt.user_id))
    used: defaultdict[str, int] = defaultdict(int, dict(counted.all()))
    return used, set(session.scalars(select(Attempt.user_id).where(this, Attempt.state == AttemptState.OPEN)))


def _granted(session: Session, organization_id: str, quiz_id: str) -> defaultdict[str, set[int]]:
    found: defaultdict[str, set[int]] = defaultdict(set)
    rows = session.execute(
        select(GrantedAttempt.user_id, GrantedAttempt.number).where(
            GrantedAttempt.organization_id == organization_id, GrantedAttempt.quiz_id == quiz_id
        )
    )
    for user_id, number in rows:
        found[user_id].add(number)
    return found
