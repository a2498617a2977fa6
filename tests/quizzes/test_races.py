"""Many at once: one open attempt, one grading, and no acknowledged answer lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import func, select

from learning.clock import now
from learning.content.model import Quiz, QuizRules
from learning.database import CONNECTIONS, new_id
from learning.extensions import db
from learning.quizzes import answering, service
from learning.quizzes.answering import Given
from learning.quizzes.errors import AttemptClosed, TimeIsUp
from learning.quizzes.models import Answer, Attempt, AttemptState, Grading
from learning.web.identity import Member
from tests.conftest import make_company
from tests.proof import times

PARALLEL = times(short=20, full=50)
ROUNDS = times(short=2, full=100)


def at_once(app: Flask, calls: list[Callable[[], object]]) -> list[object]:
    """Run all calls at the same moment; return what each returned or raised."""
    gate = threading.Barrier(len(calls))
    results: list[object] = [None] * len(calls)

    def run(place: int) -> None:
        with app.app_context():
            gate.wait()
            try:
                results[place] = calls[place]()
            except Exception as error:
                results[place] = error

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(calls))]
    fill_the_pool(app)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def fill_the_pool(app: Flask) -> None:
    """Open all connections, so that a race is one for rows and not for connections."""
    with app.app_context(), ExitStack() as all_open:
        for _ in range(CONNECTIONS):
            all_open.enter_context(db.engine.connect())


def somebody(app: Flask) -> Member:
    """A learner of a new organization."""
    with app.app_context():
        company = make_company(new_id())
    return Member(company.learner, company.id)


def begun(app: Flask, quiz: Quiz) -> tuple[Member, str]:
    """A learner and an open attempt of theirs."""
    member = somebody(app)
    with app.app_context():
        return member, service.start_attempt(member, quiz, now())


def save(member: Member, attempt_id: str, question_id: str, value: str) -> Callable[[], object]:
    """A call that saves one answer."""
    operation = {"operation_id": new_id(), "revision": 1, "given": Given([value]), "arrived": now()}
    return partial(answering.save_answer, member, attempt_id, question_id, **operation)


def the_end(app: Flask, attempt_id: str) -> tuple[Attempt, Grading, dict[str, list[str]]]:
    """An attempt that must be handed in, its one grading, and its answers."""
    with app.app_context():
        attempt = db.session.get_one(Attempt, attempt_id)
        grading = db.session.scalars(select(Grading).where(Grading.attempt_id == attempt_id)).one()
        answers = db.session.execute(select(Answer.question_id, Answer.value).where(Answer.attempt_id == attempt_id))
        kept = {each.question_id: each.value for each in answers}
    assert attempt.state is AttemptState.SUBMITTED
    return attempt, grading, kept


@pytest.mark.prove
def test_parallel_starts_open_one_attempt(app: Flask, quiz: Quiz) -> None:
    for _ in range(ROUNDS):
        member = somebody(app)
        results = at_once(app, [partial(service.start_attempt, member, quiz, now())] * PARALLEL)
        assert len(set(map(str, results))) == 1, results
        assert isinstance(results[0], str), results[0]
        with app.app_context():
            assert db.session.scalar(select(func.count(Attempt.id)).where(Attempt.user_id == member.user_id)) == 1


@pytest.mark.prove
def test_many_people_start_a_new_quiz_at_the_same_moment(app: Flask, quiz: Quiz) -> None:
    for number in range(ROUNDS):
        with app.app_context():
            companies = [make_company(new_id()) for _ in range(PARALLEL // 3 + 1)]
        members = [Member(user, each.id) for each in companies for user in (each.learner, each.trainer, each.manager)]
        fresh = replace(  # questions that nobody has met yet
            quiz, questions=tuple(replace(each, title=f"{each.title} {number}") for each in quiz.questions)
        )
        results = at_once(app, [partial(service.start_attempt, member, fresh, now()) for member in members])
        assert all(isinstance(result, str) for result in results), results


@pytest.mark.prove
def test_parallel_submits_make_one_grading(app: Flask, quiz: Quiz) -> None:
    for _ in range(ROUNDS):
        member, attempt_id = begun(app, quiz)
        pages = [{"m01-q4": Given([str(place)])} for place in range(PARALLEL)]
        results = at_once(app, [partial(service.submit, member, attempt_id, page, now()) for page in pages])
        assert results == [None] * PARALLEL
        _, _, kept = the_end(app, attempt_id)
        assert [Given(kept["m01-q4"])] in [list(page.values()) for page in pages]


@pytest.mark.prove
def test_answers_acknowledged_while_submitting_are_kept_and_marked(
    app: Flask, quiz: Quiz, right_option: Callable[[str, bool], str]
) -> None:
    values = {"m01-q1": right_option("m01-q1", True), "m01-q3": right_option("m01-q3", True), "m01-q4": "42.5"}
    marked = 0
    for number in range(ROUNDS):
        member, attempt_id = begun(app, quiz)
        saves = {each: save(member, attempt_id, each, value) for each, value in values.items()}
        # From one to nearly all: against many, a save seldom comes first.
        submits = [partial(service.submit, member, attempt_id, {}, now())] * (1 + number % (PARALLEL - len(saves)))
        results = at_once(app, [*submits, *saves.values()])  # who comes to the gate last runs first
        assert results[: len(submits)] == [None] * len(submits)
        _, grading, kept = the_end(app, attempt_id)
        for question_id, result in zip(saves, results[len(submits) :], strict=True):
            assert result == 1 or isinstance(result, AttemptClosed), result
            assert (question_id in kept) is (result == 1)
            assert (grading.details[question_id]["verdict"] == "right") is (result == 1)
            marked += result == 1
    print(
        f"\n{ROUNDS * len(values)} saves against 1 to {PARALLEL - len(values)} submits: {marked} acknowledged, all marked"
    )


@pytest.mark.prove
def test_an_overdue_attempt_is_swept_and_submitted_once(app: Flask, quiz: Quiz) -> None:
    limited = replace(quiz, rules=QuizRules(time_limit=30))
    for _ in range(ROUNDS):
        member, attempt_id = begun(app, limited)
        with app.app_context():
            save(member, attempt_id, "m01-q4", "42.5")()
        late = now() + timedelta(minutes=31)
        submit = partial(service.submit, member, attempt_id, {"m01-q4": Given(["7"])}, late)
        save_late = partial(
            answering.save_answer, member, attempt_id, "m01-q4", operation_id=new_id(), revision=2, given=Given(["8"])
        )
        calls = [submit, partial(service.sweep_overdue, late), partial(save_late, arrived=late)] * (PARALLEL // 3)
        results = at_once(app, calls)
        attempt, grading, kept = the_end(app, attempt_id)
        told = [result for result in results if isinstance(result, TimeIsUp)]
        assert sum(result for result in results if isinstance(result, int)) + len(told) == 1, results
        assert all(result is None or isinstance(result, int | AttemptClosed) for result in results), results
        assert (attempt.submitted_at, grading.reason) == (attempt.deadline_at, "time is up")
        assert kept == {"m01-q4": ["42.5"]}
        assert grading.details["m01-q4"]["verdict"] == "right"
