"""Marking again after a key was mended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import func, select

from learning.clock import now
from learning.content.model import Quiz
from learning.extensions import db
from learning.quizzes import service
from learning.quizzes.answering import Given
from learning.quizzes.errors import NoReason
from learning.quizzes.models import Answer, Grading
from learning.quizzes.regrading import preview_regrade, regrade
from learning.quizzes.reviews import review
from learning.web.identity import Member
from tests.conftest import Company
from tests.proof import times

Right = Callable[[str, bool], str]


def mended(quiz: Quiz) -> Quiz:
    """The quiz with the key of its true-false question turned round."""
    questions = tuple(
        replace(each, options=tuple(replace(option, right=not option.right) for option in each.options))
        if each.type == "true-false"
        else each
        for each in quiz.questions
    )
    return replace(quiz, questions=questions)


def sit(member: Member, quiz: Quiz, answers: dict[str, Given]) -> str:
    attempt_id = service.start_attempt(member, quiz, now())
    service.submit(member, attempt_id, answers, now())
    return attempt_id


def test_a_mended_key_is_previewed_and_then_marked_again_once(
    app: Flask, company: Company, learner: Member, quiz: Quiz, right_option: Right
) -> None:
    wrong_then = {"m01-q3": Given([right_option("m01-q3", False)])}
    with app.app_context():
        attempt_id = sit(learner, quiz, wrong_then)
        unchanged = sit(Member(company.trainer, company.id), quiz, {})
        assert preview_regrade(company.id, quiz).changes == ()
        preview = preview_regrade(company.id, mended(quiz))
        assert preview.attempts == 2
        (change,) = preview.changes
        assert (change.attempt_id, change.percent_before, change.percent_after) == (attempt_id, 0.0, 11.1)
        assert regrade(company.id, mended(quiz), " The key  was wrong. ", now(), company.trainer) == 1
        assert regrade(company.id, mended(quiz), "Again", now()) == 0
        rows = db.session.scalars(
            select(Grading).where(Grading.attempt_id == attempt_id).order_by(Grading.number)
        ).all()
        assert [(row.number, row.points, row.created_by, row.reason) for row in rows] == [
            (1, 0, None, "submitted"),
            (2, 1_000_000, company.trainer, "The key was wrong."),
        ]
        count = select(func.count()).select_from(Grading).where(Grading.attempt_id == unchanged)
        assert db.session.scalar(count) == 1
        shown = review(learner, attempt_id, now())
    assert shown is not None
    assert shown.regraded == "The key was wrong."
    question = next(each for each in shown.questions if each.id == "m01-q3")
    assert question.verdict == "right", "the review explains by the key that counts"
    assert [option.right for option in question.options if option.chosen] == [True]


def test_answers_that_do_not_fit_todays_question_keep_their_marks(
    app: Flask, company: Company, learner: Member, quiz: Quiz, right_option: Right
) -> None:
    changed = replace(
        quiz,
        questions=tuple(
            replace(each, options=tuple(replace(option, id=f"x{option.id}") for option in each.options))
            if each.type == "single"
            else each
            for each in quiz.questions
        ),
    )
    with app.app_context():
        sit(learner, quiz, {"m01-q1": Given([right_option("m01-q1", True)])})
        preview = preview_regrade(company.id, changed)
        assert (preview.changes, preview.unfit) == ((), frozenset({"m01-q1"}))
        assert regrade(company.id, changed, "Try", now()) == 0


def test_what_was_mended_once_stays_mended_when_the_question_is_changed_for_good(
    app: Flask, company: Company, learner: Member, quiz: Quiz, right_option: Right
) -> None:
    with app.app_context():
        attempt_id = sit(learner, quiz, {"m01-q3": Given([right_option("m01-q3", False)])})
        assert regrade(company.id, mended(quiz), "The key was wrong.", now()) == 1
        gone = replace(quiz, questions=tuple(each for each in quiz.questions if each.id != "m01-q3"))
        assert preview_regrade(company.id, gone).changes == ()
        assert regrade(company.id, gone, "Again", now()) == 0
        shown = review(learner, attempt_id, now())
    assert shown is not None
    assert next(each for each in shown.questions if each.id == "m01-q3").verdict == "right"


def test_a_reason_is_asked_for(app: Flask, company: Company, quiz: Quiz) -> None:
    with app.app_context():
        for reason in ("", "   ", "x" * 301):
            with pytest.raises(NoReason):
                regrade(company.id, quiz, reason, now())


def test_another_organization_is_not_touched(
    app: Flask, company: Company, other_company: Company, learner: Member, quiz: Quiz, right_option: Right
) -> None:
    with app.app_context():
        sit(learner, quiz, {"m01-q3": Given([right_option("m01-q3", False)])})
        assert preview_regrade(other_company.id, mended(quiz)).attempts == 0
        assert regrade(other_company.id, mended(quiz), "Elsewhere", now()) == 0


@pytest.mark.prove
def test_many_attempts_are_marked_again_in_a_constant_number_of_queries_and_answers_stay(
    app: Flask, company: Company, quiz: Quiz, right_option: Right
) -> None:
    people = times(short=12, full=1_000)
    member = Member(company.learner, company.id)
    with app.app_context():
        for place in range(people):
            sit(member, quiz, {"m01-q3": Given([right_option("m01-q3", place % 2 == 0)])})
        before = db.session.execute(select(Answer.attempt_id, Answer.value).order_by(Answer.attempt_id)).all()
        preview = preview_regrade(company.id, mended(quiz))
        assert len(preview.changes) == people
        assert regrade(company.id, mended(quiz), "The key was wrong.", now()) == people
        assert preview_regrade(company.id, mended(quiz)).changes == ()
        assert db.session.execute(select(Answer.attempt_id, Answer.value).order_by(Answer.attempt_id)).all() == before
    print(f"\n{people} attempts marked again, answers unchanged, a second run adds nothing")


def test_the_command_previews_applies_and_names_what_is_unknown(
    app: Flask, company: Company, learner: Member, quiz: Quiz
) -> None:
    with app.app_context():
        sit(learner, quiz, {})
    run = app.test_cli_runner().invoke
    assert "1 attempts, 0 change" in run(args=["quizzes", "regrade", quiz.id]).output
    assert "no quiz `nowhere`" in run(args=["quizzes", "regrade", "nowhere"]).output
    refused = run(args=["quizzes", "regrade", quiz.id, "--apply"])
    assert refused.exit_code == 1
    assert "Say in 1 to 300 characters why" in refused.output
    assert "0 handed in" in run(args=["quizzes", "sweep"]).output
