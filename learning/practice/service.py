"""What a person does with their own: hand it in, change it, take it back, delete its photo. And what is removed by itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import structlog
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from learning.accounts.models import Membership
from learning.content.model import Lesson
from learning.database import insert_once, new_id, unit_of_work
from learning.errors import NotFound
from learning.extensions import db
from learning.practice import photos
from learning.practice.errors import Confirmed, NothingHandedIn, OnlyAPhoto
from learning.practice.models import LONGEST_TEXT, PracticeState, Submission
from learning.practice.states import Move, allowed
from learning.web.identity import Member

log = structlog.get_logger()

#: So long somebody who left by mistake may be brought back without a loss.
KEPT_AFTER_LEAVING = timedelta(days=30)


def hand_in(
    member: Member,
    lesson: Lesson,
    text: str,
    photo: bytes | None,
    folder: Path,
    now: datetime,
    *,
    keep_photo: bool = True,
) -> str:
    """Hand in what was done, for the first time or anew; return its id.

    ``photo`` is one that ``photos.shrunk`` has made, and takes the place of an earlier one; without it the earlier one
    stays if ``keep_photo``. Raises NotFound if the lesson has no task, NothingHandedIn, Confirmed.
    """
    if lesson.practice is None:
        raise NotFound
    text = text.strip()
    if len(text) > LONGEST_TEXT:
        raise NothingHandedIn
    name = photos.keep(folder, photo) if photo is not None else None
    try:
        submission_id, old = _write(member, lesson, text, name, now, keep_photo=keep_photo)
    except BaseException:
        photos.drop(folder, name)
        raise
    photos.drop(folder, old)
    log.info("practice_handed_in", user=member.user_id, organization=member.organization_id, task=lesson.practice.id)
    return submission_id


def _write(
    member: Member, lesson: Lesson, text: str, name: str | None, now: datetime, *, keep_photo: bool
) -> tuple[str, str | None]:
    """The id of what stands now, and the photo that nothing names any more."""
    assert lesson.practice is not None
    with unit_of_work() as session:
        found = _locked(session, member, Submission.task_id == lesson.practice.id)
        if found is None:
            if not text and name is None:
                raise NothingHandedIn
            values = {"text": text, "photo": name, "lesson_id": lesson.id, "lesson_hash": lesson.hash}
            made = insert_once(
                session,
                Submission,
                id=(submission_id := new_id()),
                organization_id=member.organization_id,
                user_id=member.user_id,
                task_id=lesson.practice.id,
                state=PracticeState.HANDED_IN,
                revision=1,
                handed_in_at=now,
                note="",
                **values,
            )
            if made:
                return submission_id, None
            # Of two first ones at once the second changes what the first has made.
            found = _locked(session, member, Submission.task_id == lesson.practice.id)
            if found is None:
                raise NotFound
        if not allowed(found.state, Move.HAND_IN):
            raise Confirmed
        old, kept = found.photo, name or (found.photo if keep_photo else None)
        if not text and kept is None:
            raise NothingHandedIn
        found.text, found.photo, found.revision = text, kept, found.revision + 1
        found.lesson_id, found.lesson_hash = lesson.id, lesson.hash
        # Whoever is changed while they wait keep their place; whoever was sent back gets a new one.
        if found.state is PracticeState.RETURNED:
            found.state, found.handed_in_at = PracticeState.HANDED_IN, now
            found.decided_at = found.decided_by = None
        return found.id, old if old != kept else None


def take_back(member: Member, submission_id: str, folder: Path) -> None:
    """Delete what one handed in, with its photo, as long as it is not confirmed. Raises NotFound, Confirmed."""
    with unit_of_work() as session:
        found = _locked(session, member, Submission.id == submission_id)
        if found is None:
            raise NotFound
        if not allowed(found.state, Move.TAKE_BACK):
            raise Confirmed
        old = found.photo
        session.delete(found)
    photos.drop(folder, old)


def delete_photo(member: Member, submission_id: str, folder: Path) -> None:
    """Delete the photo of what one handed in; its text and a confirmation stay.

    Raises NotFound; OnlyAPhoto where it is not confirmed and nothing would be left.
    """
    with unit_of_work() as session:
        found = _locked(session, member, Submission.id == submission_id)
        if found is None:
            raise NotFound
        if not found.text and found.photo and found.state is not PracticeState.CONFIRMED:
            raise OnlyAPhoto
        old = without_photo(found)
    photos.drop(folder, old)


def without_photo(found: Submission) -> str | None:
    """Within a unit of work: forget the photo of a row that is locked; the name of its file."""
    old, found.photo = found.photo, None
    if found.state is not PracticeState.CONFIRMED and old:
        found.revision += 1
    return old


def _locked(session: Session, member: Member, *which: object) -> Submission | None:
    return session.scalar(
        select(Submission)
        .where(Submission.organization_id == member.organization_id, Submission.user_id == member.user_id, *which)  # type: ignore[arg-type]
        .with_for_update()
    )


def forget_leavers(folder: Path, now: datetime) -> int:
    """Of people who left long enough ago, delete what was not confirmed, and the photos of what was; tell how many.

    Nobody sees either any more. Whoever comes back before that finds everything as it was.
    """
    left = (
        select(Membership.user_id)
        .where(
            Membership.organization_id == Submission.organization_id,
            Membership.user_id == Submission.user_id,
            Membership.left_at <= now - KEPT_AFTER_LEAVING,
        )
        .exists()
    )
    of_no_use = left & or_(Submission.state != PracticeState.CONFIRMED, Submission.photo.is_not(None))
    # Nearly always there is nothing, and then the write lock is not taken.
    if db.session.scalar(select(Submission.id).where(of_no_use).limit(1)) is None:
        return 0
    with unit_of_work() as session:
        rows = session.scalars(select(Submission).where(of_no_use).order_by(Submission.id).with_for_update()).all()
        old = [without_photo(row) for row in rows]
        for row in rows:
            if row.state is not PracticeState.CONFIRMED:
                session.delete(row)
    photos.drop_all(folder, [name for name in old if name])
    log.info("practice_of_leavers_forgotten", count=len(rows))
    return len(rows)


def sweep_photos(folder: Path) -> int:
    """Remove files that no row names: of people who were deleted, and of a server that was cut off. Tell how many."""
    names = photos.left_over(folder)
    named: set[str] = set()
    for start in range(0, len(names), 500):
        query = select(Submission.photo).where(Submission.photo.in_(names[start : start + 500]))
        named.update(name for name in db.session.scalars(query) if name)
    gone = photos.drop_all(folder, [name for name in names if name not in named])
    if gone:
        log.info("practice_photos_swept", count=gone)
    return gone
