"""Handing in, confirming, returning: what each may do and when, and what counts then."""

from __future__ import annotations

import itertools
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from learning.accounts.models import Membership, User
from learning.certificates.service import issue_for
from learning.content.model import Catalogue
from learning.courses.models import CourseStanding, PracticeRecord
from learning.courses.queries import course_page, load_learner
from learning.courses.service import complete_lesson
from learning.courses.standings import mirror_courses
from learning.database import unit_of_work
from learning.errors import DomainError, NotFound
from learning.extensions import db
from learning.practice import deciding, service
from learning.practice.deciding import Confirmer
from learning.practice.errors import (
    ChangedMeanwhile,
    Confirmed,
    DecidedAlready,
    NoNote,
    NoteTooLong,
    NothingHandedIn,
    OnesOwn,
    OnlyAPhoto,
)
from learning.practice.models import LONGEST_NOTE, LONGEST_TEXT, PracticeState, Submission
from learning.practice.photos import YOUNG_SECONDS
from learning.practice.states import MOVES, Move
from learning.quizzes.queries import quiz_standings
from learning.teaching.done import Given, done_moments
from learning.teaching.models import AssignmentKind
from learning.web.identity import Member
from tests.certificates.completing import COURSE_ID, LESSON_ID, sit
from tests.conftest import Company

DAY = datetime(2026, 3, 5, 9, tzinfo=UTC)
TASK_ID = "m01-l1-try"


def hand_in(member: Member, catalogue: Catalogue, folder: Path, text: str = "Three bins.", **more: object) -> str:
    photo = more.pop("photo", None)
    return service.hand_in(member, catalogue.lessons[LESSON_ID], text, photo, folder, DAY, **more)  # type: ignore[arg-type]


def row(member: Member) -> Submission | None:
    db.session.remove()
    return db.session.scalar(select(Submission).where(Submission.user_id == member.user_id))


def files(folder: Path) -> list[str]:
    return sorted(os.listdir(folder)) if folder.is_dir() else []


def test_what_is_handed_in_waits_and_names_the_version_of_the_lesson(
    app: Flask, learner: Member, catalogue: Catalogue, folder: Path
) -> None:
    with app.app_context():
        hand_in(learner, catalogue, folder)
        found = row(learner)
        assert found
        assert (found.state, found.text, found.task_id) == (PracticeState.HANDED_IN, "Three bins.", TASK_ID)
        assert found.lesson_hash == catalogue.lessons[LESSON_ID].hash


@pytest.mark.parametrize("text", ["", "  \n ", "x" * (LONGEST_TEXT + 1)])
def test_nothing_and_too_much_are_refused(
    app: Flask, learner: Member, catalogue: Catalogue, folder: Path, text: str
) -> None:
    with app.app_context():
        with pytest.raises(NothingHandedIn):
            hand_in(learner, catalogue, folder, text)
        assert row(learner) is None


def test_a_lesson_without_a_task_takes_nothing(app: Flask, learner: Member, catalogue: Catalogue, folder: Path) -> None:
    with app.app_context(), pytest.raises(NotFound):
        service.hand_in(learner, catalogue.lessons["m01-l2"], "x", None, folder, DAY)


def reach(
    state: PracticeState | None, member: Member, trainer: Confirmer, catalogue: Catalogue, folder: Path
) -> tuple[str, int]:
    """Bring a submission into a state; its id and revision."""
    if state is None:
        return "nothing", 1
    submission_id = hand_in(member, catalogue, folder)
    if state is PracticeState.CONFIRMED:
        deciding.confirm(trainer, submission_id, 1, "", DAY)
    elif state is PracticeState.RETURNED:
        deciding.send_back(trainer, submission_id, 1, "How many?", DAY)
    return submission_id, 1


@pytest.mark.parametrize(("state", "move"), list(itertools.product([None, *PracticeState], Move)))
def test_the_table_of_moves_is_what_happens(
    app: Flask,
    learner: Member,
    trainer: Confirmer,
    catalogue: Catalogue,
    folder: Path,
    state: PracticeState | None,
    move: Move,
) -> None:
    with app.app_context():
        submission_id, revision = reach(state, learner, trainer, catalogue, folder)
        verbs = {
            Move.HAND_IN: lambda: hand_in(learner, catalogue, folder, "More."),
            Move.TAKE_BACK: lambda: service.take_back(learner, submission_id, folder),
            Move.CONFIRM: lambda: deciding.confirm(trainer, submission_id, revision, "", DAY),
            Move.RETURN: lambda: deciding.send_back(trainer, submission_id, revision, "How many?", DAY),
        }
        if (state, move) in MOVES:
            verbs[move]()
            found = row(learner)
            assert (found.state if found else None) is MOVES[state, move]
        else:
            with pytest.raises(DomainError) as refused:
                verbs[move]()
            assert isinstance(refused.value, Confirmed | DecidedAlready | NotFound)
            found = row(learner)
            assert (found.state if found else None) is state


def test_whoever_decides_decides_on_what_they_saw(
    app: Flask, learner: Member, trainer: Confirmer, catalogue: Catalogue, folder: Path
) -> None:
    with app.app_context():
        submission_id = hand_in(learner, catalogue, folder)
        hand_in(learner, catalogue, folder, "Four bins.")
        with pytest.raises(ChangedMeanwhile):
            deciding.confirm(trainer, submission_id, 1, "", DAY)
        deciding.confirm(trainer, submission_id, 2, "Well seen.", DAY)
        found = row(learner)
        assert found
        assert (found.note, found.decided_by, found.decided_at) == ("Well seen.", trainer.member.user_id, DAY)


def test_returning_takes_a_note_and_a_note_has_its_limit(
    app: Flask, learner: Member, trainer: Confirmer, catalogue: Catalogue, folder: Path
) -> None:
    with app.app_context():
        submission_id = hand_in(learner, catalogue, folder)
        with pytest.raises(NoNote):
            deciding.send_back(trainer, submission_id, 1, "  ", DAY)
        with pytest.raises(NoteTooLong):
            deciding.confirm(trainer, submission_id, 1, "x" * (LONGEST_NOTE + 1), DAY)


def test_nobody_confirms_their_own(app: Flask, trainer: Confirmer, catalogue: Catalogue, folder: Path) -> None:
    with app.app_context():
        submission_id = hand_in(trainer.member, catalogue, folder)
        with pytest.raises(OnesOwn):
            deciding.confirm(trainer, submission_id, 1, "", DAY)
        with pytest.raises(Exception, match="decided_by_another"), unit_of_work() as session:
            found = session.get_one(Submission, submission_id)
            found.state, found.decided_at, found.decided_by = PracticeState.CONFIRMED, DAY, trainer.member.user_id


def test_a_photo_replaces_the_one_before_and_goes_with_its_row(
    app: Flask, learner: Member, catalogue: Catalogue, folder: Path, photo: bytes
) -> None:
    with app.app_context():
        submission_id = hand_in(learner, catalogue, folder, "", photo=photo)
        (first,) = files(folder)
        hand_in(learner, catalogue, folder, "Now with a text.")
        assert files(folder) == [first], "kept unless it is left out"
        hand_in(learner, catalogue, folder, "Another photo.", photo=photo)
        (second,) = files(folder)
        assert second != first
        hand_in(learner, catalogue, folder, "No photo.", keep_photo=False)
        assert files(folder) == []
        hand_in(learner, catalogue, folder, "", photo=photo)
        with pytest.raises(NothingHandedIn):
            hand_in(learner, catalogue, folder, "", keep_photo=False)
        with pytest.raises(OnlyAPhoto):
            service.delete_photo(learner, submission_id, folder)
        assert len(files(folder)) == 1
        service.take_back(learner, submission_id, folder)
        assert files(folder) == []
        assert row(learner) is None


def test_after_the_confirmation_its_owner_can_delete_the_photo_and_nothing_else(
    app: Flask, learner: Member, trainer: Confirmer, catalogue: Catalogue, folder: Path, photo: bytes
) -> None:
    with app.app_context():
        submission_id = hand_in(learner, catalogue, folder, "", photo=photo)
        deciding.confirm(trainer, submission_id, 1, "", DAY)
        with pytest.raises(Confirmed):
            hand_in(learner, catalogue, folder, "Something else.", photo=photo)
        assert len(files(folder)) == 1, "a photo that was not taken up is not left over"
        service.delete_photo(learner, submission_id, folder)
        assert files(folder) == []
        found = row(learner)
        assert found
        assert (found.state, found.photo) == (PracticeState.CONFIRMED, None)


def test_a_trainer_can_delete_a_photo_at_any_time(
    app: Flask, learner: Member, trainer: Confirmer, catalogue: Catalogue, folder: Path, photo: bytes
) -> None:
    with app.app_context():
        submission_id = hand_in(learner, catalogue, folder, "", photo=photo)
        deciding.remove_photo(trainer.member, submission_id, folder)
        assert files(folder) == []
        with pytest.raises(ChangedMeanwhile):
            deciding.confirm(trainer, submission_id, 1, "", DAY)


def test_the_sweep_removes_what_nothing_names_once_it_is_old(
    app: Flask, learner: Member, catalogue: Catalogue, folder: Path, photo: bytes
) -> None:
    with app.app_context():
        assert service.sweep_photos(folder) == 0, "there is no folder yet"
        hand_in(learner, catalogue, folder, photo=photo)
        (kept,) = files(folder)
        for name in ("young", "old"):
            (folder / name).write_bytes(photo)
        past = (folder / "old").stat().st_mtime - 2 * YOUNG_SECONDS
        for name in (kept, "old"):
            os.utime(folder / name, (past, past))
        assert service.sweep_photos(folder) == 1
        assert files(folder) == sorted([kept, "young"])
        with unit_of_work() as session:
            session.execute(delete(User).where(User.id == learner.user_id))
        assert service.sweep_photos(folder) == 1
        assert files(folder) == ["young"]


def test_what_leavers_handed_in_is_forgotten_after_thirty_days(
    app: Flask, company: Company, learner: Member, trainer: Confirmer, catalogue: Catalogue, folder: Path, photo: bytes
) -> None:
    confirmed, waiting = learner, Member(company.manager, company.id)
    with app.app_context():
        for each in (confirmed, waiting, trainer.member):
            hand_in(each, catalogue, folder, photo=photo)
        decided = row(confirmed)
        assert decided
        deciding.confirm(trainer, decided.id, 1, "", DAY)
        with unit_of_work() as session:
            left = Membership.user_id.in_([confirmed.user_id, waiting.user_id])
            session.execute(update(Membership).where(left).values(left_at=DAY))
        assert service.forget_leavers(folder, DAY + timedelta(days=29)) == 0
        assert len(files(folder)) == 3
        assert service.forget_leavers(folder, DAY + timedelta(days=30)) == 2
        kept = row(confirmed)
        assert kept
        assert (kept.text, kept.photo, kept.state) == ("Three bins.", None, PracticeState.CONFIRMED)
        assert row(waiting) is None
        still = row(trainer.member)
        assert still
        assert files(folder) == [still.photo]
        assert service.forget_leavers(folder, DAY + timedelta(days=31)) == 0


def test_a_course_that_requires_it_is_complete_and_certified_when_it_is_confirmed(
    app: Flask, company: Company, learner: Member, trainer: Confirmer, catalogue: Catalogue, folder: Path
) -> None:
    given = Given("a", AssignmentKind.COURSE, COURSE_ID, DAY.date(), is_refresh=False)

    def complete() -> tuple[bool, bool, bool, int]:
        """On the page, in the standings, for the trainer; and how many certificates are issued."""
        db.session.remove()
        page = course_page(catalogue, COURSE_ID, load_learner(learner, quiz_standings))
        standing = db.session.scalar(select(CourseStanding).where(CourseStanding.user_id == learner.user_id))
        done = done_moments(company.id, [given], catalogue)
        issued = issue_for(learner, catalogue, DAY + timedelta(days=1))
        return page.progress.complete, bool(standing and standing.finished_at), bool(done), issued

    with app.app_context():
        mirror_courses(catalogue)
        complete_lesson(learner, COURSE_ID, LESSON_ID, catalogue, DAY)
        sit(learner, DAY)
        assert complete() == (False, False, False, 0)
        submission_id = hand_in(learner, catalogue, folder)
        assert complete() == (False, False, False, 0)
        deciding.send_back(trainer, submission_id, 1, "How many?", DAY)
        assert complete() == (False, False, False, 0)
        hand_in(learner, catalogue, folder, "Three.")
        deciding.confirm(trainer, submission_id, 2, "", DAY)
        assert complete() == (True, True, True, 1)
        record = db.session.scalars(select(PracticeRecord)).one()
        assert (record.user_id, record.task_id, record.confirmed_at) == (learner.user_id, TASK_ID, DAY)
