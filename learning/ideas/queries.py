"""What the pages of ideas show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from learning.accounts.models import User
from learning.errors import NotFound
from learning.extensions import db
from learning.ideas.models import Idea, IdeaState, SavingUnit
from learning.ideas.service import Saving
from learning.web.identity import Member

IDEAS_A_PAGE = 50


class Order(StrEnum):
    """How managers sort ideas."""

    OLDEST = "oldest"
    NEWEST = "newest"
    SAVING = "saving"


@dataclass(frozen=True, slots=True)
class IdeaRow:
    """An idea on a page."""

    id: str
    text: str
    saving: Saving | None
    #: None: handed in without a name, or the person is gone.
    author: str | None
    handed_in_on: date
    state: IdeaState
    answer: str | None
    answered_on: date | None
    mine: bool


@dataclass(frozen=True, slots=True)
class StateCount:
    """How many ideas stand so, and what they would save in a year by their authors' estimates."""

    state: IdeaState
    ideas: int
    #: Units that occur, in the order of SavingUnit.
    savings: tuple[Saving, ...]


@dataclass(frozen=True, slots=True)
class IdeasPage:
    """A page of ideas."""

    rows: tuple[IdeaRow, ...]
    #: Every state in its order, those without ideas too.
    counts: tuple[StateCount, ...]
    page: int
    pages: int


def shared_ideas(member: Member, page: int) -> IdeasPage:
    """What a member may read: every idea that has an answer, and their own."""
    return _page(member, or_(Idea.answer.is_not(None), Idea.user_id == member.user_id), Order.NEWEST, page)


def all_ideas(member: Member, state: IdeaState | None, order: Order, page: int) -> IdeasPage:
    """What a manager works through."""
    wanted: ColumnElement[bool] = Idea.state == state if state else Idea.id.is_not(None)
    return _page(member, wanted, order, page)


def idea(member: Member, idea_id: str) -> IdeaRow:
    """One idea, for a manager. Raises NotFound."""
    row = db.session.execute(_rows(member).where(Idea.id == idea_id)).first()
    if row is None:
        raise NotFound
    return _row(member, row[0], row[1])


def counts(organization_id: str) -> tuple[StateCount, ...]:
    """How many ideas there are in each state, with the savings that were estimated."""
    ideas: dict[IdeaState, int] = {}
    savings: dict[IdeaState, list[Saving]] = {}
    for state, unit, number, amount in db.session.execute(
        select(Idea.state, Idea.saving_unit, func.count(), func.sum(Idea.saving))
        .where(Idea.organization_id == organization_id)
        .group_by(Idea.state, Idea.saving_unit)
    ):
        ideas[state] = ideas.get(state, 0) + number
        if unit is not None and amount is not None:
            savings.setdefault(state, []).append(Saving(Decimal(amount), unit))
    units = list(SavingUnit)
    return tuple(
        StateCount(
            state,
            ideas.get(state, 0),
            tuple(sorted(savings.get(state, ()), key=lambda saving: units.index(saving.unit))),
        )
        for state in IdeaState
    )


def ideas_done(organization_id: str, first: date, last: date) -> tuple[str, ...]:
    """The ideas that were first answered as done between two days, both included, in this order."""
    done = (
        select(Idea.text)
        .where(
            Idea.organization_id == organization_id,
            Idea.state == IdeaState.DONE,
            Idea.done_on >= first,
            Idea.done_on <= last,
        )
        .order_by(Idea.done_on, Idea.id)
    )
    return tuple(db.session.scalars(done))


def _page(member: Member, wanted: ColumnElement[bool], order: Order, page: int) -> IdeasPage:
    mine = and_(Idea.organization_id == member.organization_id, wanted)
    whole = db.session.scalar(select(func.count()).where(mine)) or 0
    pages = max(1, -(-whole // IDEAS_A_PAGE))
    page = min(max(1, page), pages)
    rows = db.session.execute(
        _rows(member)
        .where(wanted)
        .order_by(*_order(order), Idea.id)
        .limit(IDEAS_A_PAGE)
        .offset((page - 1) * IDEAS_A_PAGE)
    ).all()
    return IdeasPage(
        tuple(_row(member, found, author) for found, author in rows), counts(member.organization_id), page, pages
    )


def _rows(member: Member) -> Select[Idea, str | None]:
    return (
        select(Idea, User.name)
        .outerjoin(User, User.id == Idea.user_id)
        .where(Idea.organization_id == member.organization_id)
    )


def _row(member: Member, found: Idea, author: str | None) -> IdeaRow:
    return IdeaRow(
        id=found.id,
        text=found.text,
        saving=Saving(found.saving, found.saving_unit) if found.saving is not None and found.saving_unit else None,
        author=author,
        handed_in_on=found.handed_in_on,
        state=found.state,
        answer=found.answer,
        answered_on=found.answered_on,
        mine=found.user_id == member.user_id,
    )


def _order(order: Order) -> tuple[ColumnElement[Any], ...]:
    match order:
        case Order.OLDEST:
            return (Idea.handed_in_on.asc(),)
        case Order.NEWEST:
            return (Idea.handed_in_on.desc(),)
        case Order.SAVING:
            # Amounts of one unit can be compared, those of different units cannot: unit by unit, the largest first.
            unit = case({each.value: place for place, each in enumerate(SavingUnit)}, value=Idea.saving_unit, else_=99)
            return (unit.asc(), Idea.saving.desc(), Idea.handed_in_on.asc())
