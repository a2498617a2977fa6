"""A person's own list of what they mean to do after a result: what, by when, done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from learning.accounts.models import User
from learning.assessments.errors import AssessmentOpen, BadAction
from learning.assessments.models import LONGEST_ACTION, Action, Assessment
from learning.assessments.owned import lock_own
from learning.database import unit_of_work
from learning.errors import NotFound
from learning.extensions import db
from learning.web.identity import Member

#: Most actions of one assessment: a list that is longer is no plan.
MOST_ACTIONS = 50


@dataclass(frozen=True, slots=True)
class ActionRow:
    """An action on the person's list."""

    id: str
    assessment_id: str
    what: str
    due_on: date | None
    done_at: datetime | None
    remind: bool


def action_text(typed: str) -> str:
    """The text of an action, with its spaces in order. Raises BadAction."""
    text = " ".join(typed.split())
    if not text:
        raise BadAction(_("Write what you want to do."))
    if len(text) > LONGEST_ACTION:
        raise BadAction(_("An action may have %(most)d characters. Shorten it.", most=LONGEST_ACTION))
    if not text.isprintable():
        raise BadAction(_("This holds a character that cannot be shown. Type it again."))
    return text


def add_action(
    member: Member, assessment_id: str, what: str, due_on: date | None, now: datetime, *, remind: bool = False
) -> str:
    """Put something on the list and return its id. Raises NotFound, AssessmentOpen, BadAction."""
    text = action_text(what)
    with unit_of_work() as session:
        assessment = lock_own(session, member, assessment_id)
        if assessment.finished_at is None:
            raise AssessmentOpen
        kept = session.scalars(
            select(Action.id).where(
                Action.organization_id == member.organization_id, Action.assessment_id == assessment_id
            )
        ).all()
        if len(kept) >= MOST_ACTIONS:
            raise BadAction(_("This list holds %(most)d actions already. Delete some first.", most=MOST_ACTIONS))
        action = Action(
            organization_id=assessment.organization_id,
            assessment_id=assessment.id,
            what=text,
            due_on=due_on,
            created_at=now,
            remind=remind and due_on is not None,
        )
        session.add(action)
        session.flush()
        return action.id


def change_action(member: Member, action_id: str, what: str, due_on: date | None, *, remind: bool) -> None:
    """Change an action. A new day brings a new reminder. Raises NotFound, BadAction."""
    text = action_text(what)
    with unit_of_work() as session:
        action = _lock(session, member, action_id)
        if due_on != action.due_on:
            action.reminded_at = None
        action.what, action.due_on, action.remind = text, due_on, remind and due_on is not None


def mark_action(member: Member, action_id: str, now: datetime, *, done: bool) -> None:
    """Say that an action is done, or that it is not. Raises NotFound."""
    with unit_of_work() as session:
        action = _lock(session, member, action_id)
        action.done_at = (action.done_at or now) if done else None


def remove_action(member: Member, action_id: str) -> None:
    """Take an action off the list. Raises NotFound."""
    with unit_of_work() as session:
        session.delete(_lock(session, member, action_id))


def mute(member: Member) -> None:
    """No more reminders, of none of this person's actions."""
    mine = select(Assessment.id).where(
        Assessment.organization_id == member.organization_id, Assessment.user_id == member.user_id
    )
    with unit_of_work() as session:
        session.execute(
            update(Action)
            .where(Action.organization_id == member.organization_id, Action.assessment_id.in_(mine))
            .values(remind=False)
        )


def my_actions(member: Member, assessment_id: str | None = None) -> list[ActionRow]:
    """What the person means to do: open ones first, by day; of one assessment, or of all."""
    wanted = _own(member)
    if assessment_id is not None:
        wanted = wanted.where(Action.assessment_id == assessment_id)
    rows = [
        ActionRow(each.id, each.assessment_id, each.what, each.due_on, each.done_at, each.remind)
        for each in db.session.scalars(wanted.order_by(Action.created_at, Action.id))
    ]
    return sorted(rows, key=lambda row: (row.done_at is not None, row.due_on or date.max))


def my_action(member: Member, action_id: str) -> ActionRow:
    """One of the person's own actions. Raises NotFound."""
    for row in my_actions(member):
        if row.id == action_id:
            return row
    raise NotFound


def can_be_reminded(member: Member) -> bool:
    """Whether the person has an address that mail can go to."""
    return db.session.scalar(select(User.email).where(User.id == member.user_id)) is not None


def _own(member: Member) -> Select[Action]:
    return (
        select(Action)
        .join(
            Assessment,
            (Assessment.organization_id == Action.organization_id) & (Assessment.id == Action.assessment_id),
        )
        .where(Action.organization_id == member.organization_id, Assessment.user_id == member.user_id)
    )


def _lock(session: Session, member: Member, action_id: str) -> Action:
    action = session.scalars(_own(member).where(Action.id == action_id).with_for_update(of=Action)).first()
    if action is None:
        raise NotFound
    return action
