"""What the pages of practice show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import ColumnElement, Row, Select, func, select, tuple_
from sqlalchemy.orm import aliased

from learning.accounts.models import User
from learning.content.model import Catalogue
from learning.errors import NotFound
from learning.extensions import db
from learning.practice import photos
from learning.practice.deciding import Confirmer
from learning.practice.models import PracticeState, Submission
from learning.web.cursors import read_cursor, write_cursor
from learning.web.identity import Member

A_PAGE = 30


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What somebody handed in, for its owner and for whoever confirms it."""

    id: str
    user_id: str
    name: str
    task_id: str
    lesson_id: str
    #: As it stands in the catalogue today; None if the lesson is gone.
    lesson_title: str | None
    task_text: str | None
    #: The lesson was changed since.
    outdated: bool
    state: PracticeState
    revision: int
    text: str
    has_photo: bool
    handed_in_at: datetime
    decided_at: datetime | None
    decided_by: str | None
    note: str


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of what waits."""

    rows: tuple[HandedIn, ...]
    total: int
    #: Where the next page starts; None on the last one.
    next_after: str | None


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What somebody looks for."""

    state: PracticeState = PracticeState.HANDED_IN
    lesson_id: str = ""
    #: Where the page before ended, as ``next_after`` told.
    after: str = ""


def my_practice(member: Member, catalogue: Catalogue) -> list[HandedIn]:
    """What a person handed in, the latest first. One query."""
    rows = db.session.execute(_rows().where(*_mine(member)).order_by(Submission.handed_in_at.desc(), Submission.id))
    return [_handed_in(row, catalogue) for row in rows]


def of_task(member: Member, task_id: str, catalogue: Catalogue) -> HandedIn | None:
    """What a person handed in for a task. One query."""
    row = db.session.execute(_rows().where(*_mine(member), Submission.task_id == task_id)).first()
    return _handed_in(row, catalogue) if row else None


def state_of_task(member: Member, task_id: str) -> PracticeState | None:
    """Where a task of a person stands; None: nothing is handed in. One query."""
    return db.session.scalar(select(Submission.state).where(*_mine(member), Submission.task_id == task_id))


def my_photo(member: Member, submission_id: str, folder: Path) -> bytes:
    """A photo of one's own. Raises NotFound."""
    return _photo(folder, *_mine(member), Submission.id == submission_id)


def to_decide(confirmer: Confirmer, submission_id: str, catalogue: Catalogue) -> HandedIn:
    """What somebody else handed in, for whoever may confirm it. Raises NotFound."""
    row = db.session.execute(_rows().where(confirmer.may_decide(), Submission.id == submission_id)).first()
    if row is None:
        raise NotFound
    return _handed_in(row, catalogue)


def photo_to_decide(confirmer: Confirmer, submission_id: str, folder: Path) -> bytes:
    """Its photo. Raises NotFound."""
    return _photo(folder, confirmer.may_decide(), Submission.id == submission_id)


def queue(
    confirmer: Confirmer,
    wanted: QueueFilter,
    catalogue: Catalogue,
    people: Select[str] | None = None,
    most: int = A_PAGE,
) -> Queue:
    """What waits for this person, the oldest first; not what they handed in themselves.

    ``people``: rows of user ids, to narrow it to a group. A constant number of queries.
    """
    page = _rows().where(*_wanted(confirmer, wanted, people))
    last = read_cursor(wanted.after)
    if last is not None:
        page = page.where(tuple_(Submission.handed_in_at, Submission.id) > last)
    found = db.session.execute(page.order_by(Submission.handed_in_at, Submission.id).limit(most + 1)).all()
    rows = tuple(_handed_in(row, catalogue) for row in found[:most])
    return Queue(
        rows,
        count_queue(confirmer, wanted, people),
        write_cursor(rows[-1].handed_in_at, rows[-1].id) if len(found) > most else None,
    )


def count_queue(confirmer: Confirmer, wanted: QueueFilter, people: Select[str] | None = None) -> int:
    """How many the whole queue holds. One query, for a colleague two."""
    chosen = _wanted(confirmer, wanted, people)
    return db.session.scalar(select(func.count()).select_from(Submission).where(*chosen)) or 0


def _wanted(confirmer: Confirmer, wanted: QueueFilter, people: Select[str] | None) -> list[ColumnElement[bool]]:
    return [
        confirmer.may_decide(),
        Submission.user_id != confirmer.member.user_id,
        Submission.state == wanted.state,
        *([Submission.lesson_id == wanted.lesson_id] if wanted.lesson_id else []),
        *([Submission.user_id.in_(people)] if people is not None else []),
    ]


def people_with(organization_id: str, state: PracticeState, lesson_id: str) -> Select[str]:
    """Rows of the user ids of those who have something in a state, of one lesson or any."""
    query = select(Submission.user_id).where(Submission.organization_id == organization_id, Submission.state == state)
    return query.where(Submission.lesson_id == lesson_id) if lesson_id else query


def waiting_for(confirmer: Confirmer) -> int:
    """How many wait for this person. One query for whom nobody named, which is nearly everybody."""
    if not confirmer.is_asked():
        return 0
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Submission)
            .where(
                confirmer.may_decide(),
                Submission.state == PracticeState.HANDED_IN,
                Submission.user_id != confirmer.member.user_id,
            )
        )
        or 0
    )


def lessons_with_tasks(catalogue: Catalogue) -> list[tuple[str, str]]:
    """Id and title of the lessons whose task can be handed in."""
    return [(each.id, each.title) for each in catalogue.lessons.values() if each.practice]


_DECIDER = aliased(User)


def _rows() -> Select[Submission, str, str | None]:
    return (
        select(Submission, User.name, _DECIDER.name)
        .join(User, User.id == Submission.user_id)
        .outerjoin(_DECIDER, _DECIDER.id == Submission.decided_by)
    )


def _mine(member: Member) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Submission.organization_id == member.organization_id, Submission.user_id == member.user_id


def _photo(folder: Path, *which: ColumnElement[bool]) -> bytes:
    name = db.session.scalar(select(Submission.photo).where(*which))
    data = photos.read(folder, name) if name else None
    if data is None:
        raise NotFound
    return data


def _handed_in(row: Row[Submission, str, str | None], catalogue: Catalogue) -> HandedIn:
    found, name, decided_by = row
    lesson = catalogue.lesson_with_task(found.task_id)
    return HandedIn(
        id=found.id,
        user_id=found.user_id,
        name=name,
        task_id=found.task_id,
        lesson_id=found.lesson_id,
        lesson_title=lesson.title if lesson else None,
        task_text=lesson.practice.text if lesson and lesson.practice else None,
        outdated=lesson is not None and lesson.hash != found.lesson_hash,
        state=found.state,
        revision=found.revision,
        text=found.text,
        has_photo=found.photo is not None,
        handed_in_at=found.handed_in_at,
        decided_at=found.decided_at,
        decided_by=decided_by,
        note=found.note,
    )
