"""Many at once: one wins, and what it did stands."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from learning.accounts.models import Membership
from learning.content.model import Catalogue
from learning.courses.models import PracticeRecord
from learning.extensions import db
from learning.practice import deciding, service
from learning.practice.deciding import Confirmer
from learning.practice.errors import ChangedMeanwhile, Confirmed, DecidedAlready
from learning.practice.models import PracticeState, Submission
from learning.web.identity import Member, Role
from tests.certificates.completing import LESSON_ID
from tests.proof import times
from tests.quizzes.test_races import at_once, somebody

DAY = datetime(2026, 3, 5, 9, tzinfo=UTC)
PARALLEL = times(short=6, full=30)
ROUNDS = times(short=2, full=20)


def trainer_of(app: Flask, member: Member) -> Confirmer:
    with app.app_context():
        trains = select(Membership.user_id).where(
            Membership.organization_id == member.organization_id, Membership.role == Role.TRAINER
        )
        return Confirmer(Member(db.session.scalars(trains).one(), member.organization_id), trains=True)


def of(app: Flask, member: Member) -> Submission | None:
    with app.app_context():
        return db.session.scalar(select(Submission).where(Submission.user_id == member.user_id))


@pytest.mark.prove
def test_of_many_who_decide_one_wins(app: Flask, catalogue: Catalogue, folder: Path) -> None:
    for _ in range(ROUNDS):
        member = somebody(app)
        trainer = trainer_of(app, member)
        with app.app_context():
            submission_id = service.hand_in(member, catalogue.lessons[LESSON_ID], "Three.", None, folder, DAY)
        confirm = partial(deciding.confirm, trainer, submission_id, 1, "", DAY)
        send_back = partial(deciding.send_back, trainer, submission_id, 1, "How many?", DAY)
        results = at_once(app, [confirm, send_back] * (PARALLEL // 2))
        won = [result for result in results if not isinstance(result, Exception)]
        assert len(won) == 1, results
        assert {type(result) for result in results if isinstance(result, Exception)} == {DecidedAlready}
        found = of(app, member)
        assert found
        with app.app_context():
            records = db.session.scalars(select(PracticeRecord).where(PracticeRecord.user_id == member.user_id)).all()
        assert len(records) == (found.state is PracticeState.CONFIRMED)


@pytest.mark.prove
def test_what_is_confirmed_is_what_was_seen_however_fast_it_is_changed(
    app: Flask, catalogue: Catalogue, folder: Path, photo: bytes
) -> None:
    for _ in range(ROUNDS):
        member = somebody(app)
        trainer = trainer_of(app, member)
        lesson = catalogue.lessons[LESSON_ID]
        with app.app_context():
            submission_id = service.hand_in(member, lesson, "Seen.", photo, folder, DAY)
        change = partial(service.hand_in, member, lesson, "Changed.", photo, folder, DAY)
        confirm = partial(deciding.confirm, trainer, submission_id, 1, "", DAY)
        results = at_once(app, [change, confirm] * (PARALLEL // 2))
        wrong = [each for each in results if isinstance(each, Exception)]
        assert {type(each) for each in wrong} <= {Confirmed, ChangedMeanwhile, DecidedAlready}, wrong
        found = of(app, member)
        assert found
        assert (found.state is PracticeState.CONFIRMED) == (found.text == "Seen.")


@pytest.mark.prove
def test_many_first_ones_make_one_row_and_leave_one_photo(
    app: Flask, catalogue: Catalogue, folder: Path, photo: bytes
) -> None:
    for _ in range(ROUNDS):
        member = somebody(app)
        before = set(os.listdir(folder)) if folder.is_dir() else set()
        call = partial(service.hand_in, member, catalogue.lessons[LESSON_ID], "One.", photo, folder, DAY)
        results = at_once(app, [call] * PARALLEL)
        assert len(set(results)) == 1, results
        found = of(app, member)
        assert found
        assert set(os.listdir(folder)) - before == {found.photo}
        assert found.revision == PARALLEL
