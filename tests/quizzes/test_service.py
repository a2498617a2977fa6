"""Start, save, submit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from learning.clock import now
from learning.content.model import Quiz
from learning.database import unit_of_work
from learning.errors import NotFound
from learning.extensions import db
from learning.quizzes import answering, service
from learning.quizzes.answering import Given
from learning.quizzes.errors import (
    AttemptClosed,
    NoAttemptsLeft,
    StalePage,
    StaleRevision,
    UnfitAnswer,
)
from learning.quizzes.models import Answer, Attempt, AttemptEvent
from learning.quizzes.reviews import review
from learning.quizzes.sittings import sitting
from learning.web.bases import Base
from learning.web.identity import Member
from tests.conftest import Company


@pytest.fixture
def attempt_id(app: Flask, learner: Member, quiz: Quiz) -> str:
    """An open attempt of the learner."""
    with app.app_context():
        return service.start_attempt(learner, quiz, now())


def save(member: Member, attempt_id: str, value: list[str], revision: int = 1, operation: str = "op-1") -> int:
    return answering.save_answer(
        member, attempt_id, "m01-q4", operation_id=operation, revision=revision, given=Given(value), arrived=now()
    )


def stored(app: Flask) -> Answer:
    with app.app_context():
        return db.session.scalars(select(Answer)).one()


def test_starting_twice_goes_on_with_the_open_attempt(app: Flask, learner: Member, quiz: Quiz, attempt_id: str) -> None:
    with app.app_context():
        assert service.start_attempt(learner, quiz, now()) == attempt_id


def test_the_paper_asks_every_question(app: Flask, learner: Member, quiz: Quiz, attempt_id: str) -> None:
    with app.app_context():
        page = sitting(learner, attempt_id, now())
    assert page is not None
    assert {question.id for question in page.questions} == {question.id for question in quiz.questions}


def test_the_limit_of_attempts_holds(app: Flask, learner: Member, quiz: Quiz) -> None:
    with app.app_context():
        once = replace(quiz, attempts=1)
        service.submit(learner, service.start_attempt(learner, once, now()), {}, now())
        with pytest.raises(NoAttemptsLeft):
            service.start_attempt(learner, once, now())


def test_the_same_operation_sent_twice_has_one_effect(app: Flask, learner: Member, attempt_id: str) -> None:
    with app.app_context():
        assert save(learner, attempt_id, ["42"]) == save(learner, attempt_id, ["42"]) == 1


def test_an_operation_that_was_acknowledged_is_confirmed_again_after_submission(
    app: Flask, learner: Member, attempt_id: str
) -> None:
    with app.app_context():
        save(learner, attempt_id, ["42"])
        service.submit(learner, attempt_id, {}, now())
        assert save(learner, attempt_id, ["42"]) == 1


def test_an_operation_of_another_question_is_refused(app: Flask, learner: Member, quiz: Quiz, attempt_id: str) -> None:
    option = next(each for each in quiz.questions if each.id == "m01-q3").options[0].id  # type: ignore[union-attr]
    with app.app_context():
        save(learner, attempt_id, ["42"])
        with pytest.raises(UnfitAnswer):
            answering.save_answer(
                learner, attempt_id, "m01-q3", operation_id="op-1", revision=1, given=Given([option]), arrived=now()
            )


@pytest.mark.parametrize("revision", [1, 2])
def test_an_older_revision_never_replaces_a_newer_one(
    app: Flask, learner: Member, attempt_id: str, revision: int
) -> None:
    with app.app_context():
        save(learner, attempt_id, ["42"], revision=2)
        with pytest.raises(StaleRevision) as refused:
            save(learner, attempt_id, ["7"], revision=revision, operation="op-2")
    assert (refused.value.revision, refused.value.value) == (2, ["42"])
    assert stored(app).value == ["42"]


def test_an_answer_that_does_not_fit_is_refused(app: Flask, learner: Member, attempt_id: str) -> None:
    with app.app_context(), pytest.raises(UnfitAnswer):
        save(learner, attempt_id, ["x" * 201])


def test_a_question_of_another_quiz_is_not_found(app: Flask, learner: Member, attempt_id: str) -> None:
    with app.app_context(), pytest.raises(NotFound):
        answering.save_answer(
            learner, attempt_id, "other", operation_id="op-1", revision=1, given=Given(["1"]), arrived=now()
        )


def test_a_submitted_attempt_takes_no_more_answers(app: Flask, learner: Member, attempt_id: str) -> None:
    with app.app_context():
        service.submit(learner, attempt_id, {}, now())
        with pytest.raises(AttemptClosed):
            save(learner, attempt_id, ["42"])


def test_a_save_within_the_grace_counts_and_is_flagged(app: Flask, learner: Member, attempt_id: str) -> None:
    deadline = now() - timedelta(seconds=30)
    with app.app_context():
        with unit_of_work() as session:
            session.execute(update(Attempt).values(deadline_at=deadline))
        answering.save_answer(
            learner,
            attempt_id,
            "m01-q4",
            operation_id="op-1",
            revision=1,
            given=Given(["42"]),
            arrived=deadline + timedelta(seconds=8),
        )
    assert stored(app).late_by == 8


def test_submitting_saves_what_the_form_holds_and_marks_it(
    app: Flask, learner: Member, attempt_id: str, right_option: Callable[[str, bool], str]
) -> None:
    sent = {"m01-q1": Given([right_option("m01-q1", True)]), "m01-q4": Given(["42.5 kWh"]), "m01-q5": Given([])}
    with app.app_context():
        service.submit(learner, attempt_id, sent, now())
        result = review(learner, attempt_id, now())
    assert result is not None
    assert {each.id: each.points for each in result.questions} == {
        "m01-q1": 2.0,
        "m01-q2": 0.0,
        "m01-q3": 0.0,
        "m01-q4": 1.0,
        "m01-q5": 0.0,
        "m01-q6": 0.0,
        "m01-q7": 0.0,
        "m01-q8": 0.0,
    }
    assert not result.passed
    assert result.percent == pytest.approx(33.3)


def test_an_old_page_never_overwrites_a_newer_answer_in_silence(app: Flask, learner: Member, attempt_id: str) -> None:
    with app.app_context():
        save(learner, attempt_id, ["42"])
        for verb in (answering.save_page, service.submit):
            with pytest.raises(StalePage) as refused:
                verb(learner, attempt_id, {"m01-q4": Given(["7"])}, now(), {"m01-q4": Base(0)})
            assert refused.value.question_ids == {"m01-q4"}
        assert sitting(learner, attempt_id, now()) is not None, "it must not be submitted"
    assert stored(app).value == ["42"]


def test_a_save_that_overtook_its_own_page_is_no_answer_of_another_tab(
    app: Flask, learner: Member, attempt_id: str
) -> None:
    with app.app_context():
        save(learner, attempt_id, ["42"], operation="op-mine")
        own = Base(0, frozenset({"op-before", "op-mine"}))
        answering.save_page(learner, attempt_id, {"m01-q4": Given(["43"])}, now(), {"m01-q4": own})
        assert (stored(app).value, stored(app).revision) == (["43"], 2)
        with pytest.raises(StalePage):  # what is stored now came with the page, not with that save
            answering.save_page(learner, attempt_id, {"m01-q4": Given(["44"])}, now(), {"m01-q4": own})


def test_a_page_that_holds_what_is_stored_is_never_stale(app: Flask, learner: Member, attempt_id: str) -> None:
    with app.app_context():
        save(learner, attempt_id, ["42"])
        answering.save_page(learner, attempt_id, {"m01-q4": Given(["42"])}, now(), {"m01-q4": Base(0)})
    assert stored(app).revision == 1


def test_start_and_submit_are_noted(app: Flask, learner: Member, attempt_id: str) -> None:
    with app.app_context():
        service.submit(learner, attempt_id, {}, now())
        service.submit(learner, attempt_id, {}, now())
        kinds = db.session.scalars(select(AttemptEvent.kind).where(AttemptEvent.attempt_id == attempt_id)).all()
    assert sorted(kinds) == ["start", "submit"]


def test_nobody_reaches_an_attempt_of_somebody_else(
    app: Flask, company: Company, other_company: Company, attempt_id: str
) -> None:
    strangers = [Member(company.trainer, company.id), Member(company.learner, other_company.id)]
    with app.app_context():
        for member in strangers:
            for call in (
                lambda member=member: save(member, attempt_id, ["42"]),
                lambda member=member: answering.save_page(member, attempt_id, {}, now()),
                lambda member=member: service.submit(member, attempt_id, {}, now()),
                lambda member=member: sitting(member, attempt_id, now()),
                lambda member=member: review(member, attempt_id, now()),
            ):
                with pytest.raises(NotFound):
                    call()
