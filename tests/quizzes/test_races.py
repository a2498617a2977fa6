"""Many at once: one open attempt, one grading, and no acknowledged answer lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import func, select

from learning.clock import now
from learning.content.model import Quiz
from learning.database import new_id
from learning.extensions import db
from learning.quizzes import answering, service
from learning.quizzes.answering import Given
from learning.quizzes.errors import AttemptClosed
from learning.quizzes.models import Answer, Attempt, AttemptState, Grading
from learning.web.identity import Member
from tests.conftest import make_company
from tests.proof import times

PARALLEL = 20
ROUNDS = times(short=3, full=50)


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
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.prove
def test_twenty_parallel_starts_open_one_attempt(app: Flask, quiz: Quiz) -> None:
    for number in range(ROUNDS):
        with app.app_context():
            company = make_company(f"start-{number}")
        member = Member(company.learner, company.id)
        results = at_once(app, [partial(service.start_attempt, member, quiz, now())] * PARALLEL)
        assert len(set(map(str, results))) == 1, results
        assert isinstance(results[0], str), results[0]
        with app.app_context():
            assert db.session.scalar(select(func.count(Attempt.id)).where(Attempt.user_id == member.user_id)) == 1


@pytest.mark.prove
def test_many_people_start_a_new_quiz_at_the_same_moment(app: Flask, quiz: Quiz) -> None:
    for number in range(ROUNDS):
        with app.app_context():
            companies = [make_company(f"herd-{number}-{place}") for place in range(PARALLEL // 3 + 1)]
        members = [Member(user, each.id) for each in companies for user in (each.learner, each.trainer, each.manager)]
        fresh = replace(  # questions that nobody has met yet
            quiz, questions=tuple(replace(each, title=f"{each.title} {number}") for each in quiz.questions)
        )
        results = at_once(app, [partial(service.start_attempt, member, fresh, now()) for member in members])
        assert all(isinstance(result, str) for result in results), results


@pytest.mark.prove
def test_twenty_parallel_submits_make_one_grading(app: Flask, quiz: Quiz) -> None:
    for number in range(ROUNDS):
        with app.app_context():
            company = make_company(f"submit-{number}")
            member = Member(company.learner, company.id)
            attempt_id = service.start_attempt(member, quiz, now())
        results = at_once(app, [partial(service.submit, member, attempt_id, {}, now())] * PARALLEL)
        assert results == [None] * PARALLEL
        with app.app_context():
            assert db.session.scalar(select(func.count(Grading.id)).where(Grading.attempt_id == attempt_id)) == 1


@pytest.mark.prove
def test_an_answer_acknowledged_while_submitting_is_marked(
    app: Flask, quiz: Quiz, right_option: Callable[[str, bool], str]
) -> None:
    right = right_option("m01-q1", True)
    for number in range(ROUNDS):
        with app.app_context():
            company = make_company(f"save-{number}")
            member = Member(company.learner, company.id)
            attempt_id = service.start_attempt(member, quiz, now())
        operation = {"operation_id": new_id(), "revision": 1, "given": Given([right]), "arrived": now()}
        save = partial(answering.save_answer, member, attempt_id, "m01-q1", **operation)
        results = at_once(app, [save, partial(service.submit, member, attempt_id, {}, now())])
        with app.app_context():
            kept = db.session.scalar(select(func.count()).select_from(Answer).where(Answer.attempt_id == attempt_id))
            grading = db.session.scalars(select(Grading).where(Grading.attempt_id == attempt_id)).one()
            attempt = db.session.get_one(Attempt, attempt_id)
        assert attempt.state is AttemptState.SUBMITTED
        acknowledged = results[0] == 1
        assert acknowledged or isinstance(results[0], AttemptClosed), results
        assert bool(kept) is acknowledged
        assert (grading.details["m01-q1"]["verdict"] == "right") is acknowledged
