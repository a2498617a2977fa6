"""What people do with ideas: hand one in, take it back, answer it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

import structlog
from sqlalchemy import delete, func, select

from learning.database import unit_of_work
from learning.errors import NotFound
from learning.ideas.errors import AnsweredMeanwhile, IdeaDecided, TooManyIdeas
from learning.ideas.models import Idea, IdeaState, SavingUnit
from learning.web.identity import Member

log = structlog.get_logger()

#: Of one organization in one day: more is a script, not people.
MOST_A_DAY = 2000


@dataclass(frozen=True, slots=True)
class Saving:
    """What an idea would save in a year, as its author estimates it."""

    amount: Decimal
    unit: SavingUnit


def hand_in(member: Member, text: str, saving: Saving | None, now: datetime, *, with_name: bool) -> str:
    """Put an idea into the box and return its id. Raises TooManyIdeas.

    Without a name nothing of the person is stored or logged.
    """
    day = now.astimezone(UTC).date()
    with unit_of_work() as session:
        today = session.scalar(
            select(func.count()).where(Idea.organization_id == member.organization_id, Idea.handed_in_on == day)
        )
        if today is not None and today >= MOST_A_DAY:
            raise TooManyIdeas
        idea = Idea(
            organization_id=member.organization_id,
            text=text,
            saving=saving.amount if saving else None,
            saving_unit=saving.unit if saving else None,
            user_id=member.user_id if with_name else None,
            handed_in_on=day,
        )
        session.add(idea)
        session.flush()
        return idea.id


def take_back(member: Member, idea_id: str) -> None:
    """Delete one's own idea that has no answer yet. Raises NotFound, IdeaDecided."""
    with unit_of_work() as session:
        idea = session.scalar(
            select(Idea)
            .where(Idea.organization_id == member.organization_id, Idea.id == idea_id, Idea.user_id == member.user_id)
            .with_for_update()
        )
        if idea is None:
            raise NotFound
        if idea.answer is not None:
            raise IdeaDecided
        session.delete(idea)


def answer(member: Member, idea_id: str, state: IdeaState, text: str, now: datetime, *, seen: str) -> None:
    """Say what becomes of an idea, where everybody can read it.

    ``seen`` is the answer that stood there when the page was made, empty for none. Raises NotFound, AnsweredMeanwhile.
    """
    with unit_of_work() as session:
        idea = session.scalar(
            select(Idea).where(Idea.organization_id == member.organization_id, Idea.id == idea_id).with_for_update()
        )
        if idea is None:
            raise NotFound
        if (idea.answer or "") not in (seen, text):
            raise AnsweredMeanwhile
        today = now.astimezone(UTC).date()
        idea.state, idea.answer = state, text
        idea.answered_on, idea.answered_by = today, member.user_id
        idea.done_on = (idea.done_on or today) if state is IdeaState.DONE else None
    log.info("idea_answered", user=member.user_id, organization=member.organization_id, idea=idea_id)


def remove(member: Member, idea_id: str) -> None:
    """Delete an idea that names or insults somebody; its answer goes with it. Doing it again changes nothing."""
    with unit_of_work() as session:
        session.execute(delete(Idea).where(Idea.organization_id == member.organization_id, Idea.id == idea_id))
    log.info("idea_removed", user=member.user_id, organization=member.organization_id, idea=idea_id)
