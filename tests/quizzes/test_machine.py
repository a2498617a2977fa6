"""Attempts under any order of what can happen to them, against a reference in memory, on both databases.

After every step: at most one attempt of a person is open, the stored answers, tries, late answers and gradings are
those of the reference, every attempt handed in has one first grading, no grading ever changes, and what was
acknowledged last is what is stored.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete, func, select

from learning.accounts.models import Organization
from learning.content.model import Question, Quiz, QuizRules
from learning.database import new_id, unit_of_work
from learning.errors import DomainError
from learning.extensions import db
from learning.quizzes import answering, papers, service
from learning.quizzes.answering import Given
from learning.quizzes.errors import AttemptClosed
from learning.quizzes.models import Answer, Attempt, AttemptEvent, AttemptState, CheckedAnswer, Grading
from learning.quizzes.regrading import preview_regrade, regrade
from learning.quizzes.tokens import attempt_token
from learning.recent import Recent
from learning.web.bases import Base
from learning.web.identity import Member
from tests.conftest import make_company
from tests.proof import PROVE, times
from tests.quizzes.reference import Page, Sitting, Value

QUESTIONS = ("m01-q1", "m01-q2", "m01-q3", "m01-q4")
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
#: Seconds that pass at once: around the deadline, and back.
JUMPS = (0, 1, 60, 900, 1790, 1800, 1810, 1811, 3600, -1, -3600)
places, questions = st.integers(0, 3), st.sampled_from(QUESTIONS)
changes = st.sampled_from(["key", "key", "key", "removed", "choices", "original"])
pages = st.dictionaries(questions, st.integers(0, 4), max_size=3)
refreshed = st.sampled_from(["known", "old", "unsaid"])


class _Status(int):
    """All that a script hears of a refusal."""


class _Attempts(RuleBasedStateMachine):
    """Two people of one organization sit one quiz, whose content changes under them."""

    app: Flask
    original: Quiz
    steps: Counter[str]

    def __init__(self) -> None:
        super().__init__()
        self.quiz = self.original
        self.now = START
        self.sittings: dict[str, Sitting] = {}
        self.acknowledged: dict[tuple[str, str], Value] = {}
        self.gradings: dict[str, tuple[object, ...]] = {}
        with self.app.app_context():
            company = make_company(new_id())
        self.organization = company.id
        self.people = [Member(company.learner, company.id), Member(company.trainer, company.id)]

    def teardown(self) -> None:
        with self.app.app_context(), unit_of_work() as session:
            session.execute(delete(Organization).where(Organization.id == self.organization))

    @contextmanager
    def step(self, kind: str) -> Iterator[None]:
        self.steps[kind] += 1
        with self.app.app_context():
            yield

    def agree(self, kind: str, expected: Any, call: Callable[..., object], *arguments: Any, **more: Any) -> None:
        """Do it for real and compare with what the reference did."""
        with self.step(kind):
            try:
                found = call(*arguments, **more)
            except DomainError as error:
                found = type(error)
        as_seen = expected.status if isinstance(found, _Status) and isinstance(expected, type) else expected
        assert found == as_seen, f"{kind}: {found}, expected {expected}"
        if isinstance(expected, type):
            self.steps[f"{kind}, refused"] += 1

    def pick(self, place: int) -> tuple[str, Sitting, Member]:
        """One of the attempts, rather a late one."""
        attempt_id = list(self.sittings)[-1 - place % len(self.sittings)]
        sitting = self.sittings[attempt_id]
        return attempt_id, sitting, self.people[sitting.who]

    def value(self, sitting: Sitting, question_id: str, choice: int) -> Value:
        """One of the values that a browser may send: right or wrong, half right, none, one that does not fit."""
        if question_id == "m01-q4":
            return (("42.5",), ("7",), ("about 42",), (), ("unfit", "2"))[choice]
        original = next(each for each in self.original.questions if each.id == question_id)
        question = sitting.questions.get(question_id, original)
        ids = [option.id for option in question.options]  # type: ignore[union-attr]
        return ((ids[0],), (ids[1],), tuple(ids[:2]) if len(ids) > 2 else (ids[0],), (), ("unfit",))[choice]

    def page(self, sitting: Sitting, chosen: dict[str, int], refresh: str) -> tuple[Page, dict[str, int]]:
        known = {each: kept.revision - (refresh == "old") for each, kept in sitting.answers.items()}
        return {
            each: self.value(sitting, each, choice) for each, choice in chosen.items()
        }, {} if refresh == "unsaid" else known

    def acknowledge(self, attempt_id: str, values: Page) -> None:
        asked = self.sittings[attempt_id].answers
        self.acknowledged |= {(attempt_id, each): value for each, value in values.items() if each in asked}

    @rule(seconds=st.sampled_from(JUMPS))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)
        self.steps["time passes"] += 1

    @initialize(immediate=st.booleans(), chosen=pages)
    def both_start_and_one_answers(self, immediate: bool, chosen: dict[str, int]) -> None:
        for who in (0, 1):
            self.start(who, immediate)
        self.save_page(0, chosen, "known")

    @rule(who=st.integers(0, 1), immediate=st.booleans())
    def start(self, who: int, immediate: bool) -> None:
        mine = [each for each in self.sittings.values() if each.who == who]
        open_one = next((key for key, each in self.sittings.items() if each.who == who and each.ended is None), None)
        rules = QuizRules(
            time_limit=30,
            feedback="immediate" if immediate else "after-submit",
            retry_penalty=25 if immediate else None,
        )
        with self.step("start"):
            attempt_id = service.start_attempt(self.people[who], replace(self.quiz, rules=rules), self.now)
        if open_one and self.sittings[open_one].overdue(self.now):
            self.sittings[open_one].end(self.sittings[open_one].deadline)
        elif open_one:
            assert attempt_id == open_one
            return
        assert attempt_id not in self.sittings
        asked = {question.id: question for question in self.quiz.questions}
        deadline = self.now + timedelta(minutes=30)
        self.sittings[attempt_id] = Sitting(who, len(mine) + 1, asked, immediate, self.quiz.pass_mark, deadline)

    def save(
        self,
        kind: str,
        place: int,
        question_id: str,
        choice: int,
        operation: str,
        ahead: int,
        lease: str | None,
        call: Callable[[Member, str, str, dict[str, Any]], object],
    ) -> None:
        """One answer: a new operation, the one that is stored, or one that another question was saved by."""
        attempt_id, sitting, member = self.pick(place)
        kept = sitting.answers.get(question_id)
        others = [each.operation for key, each in sitting.answers.items() if key != question_id]
        known = {"stored": kept.operation if kept else None, "other": others[0] if others else None}.get(operation)
        if known == "page":  # the service chose it, and no browser knows it
            known = None
        body = {
            "operation_id": known or new_id(),
            "revision": max(1, (kept.revision if kept else 0) + ahead),
            "value": self.value(sitting, question_id, choice),
            "lease": lease,
        }
        replayed = kept is not None and known == kept.operation
        expected = sitting.save(
            question_id, body["operation_id"], body["revision"], body["value"], body["lease"], self.now
        )
        kind += " again" if replayed else ", late by revision" if ahead <= 0 else ""
        self.agree(kind, expected, call, member, attempt_id, question_id, dict(body))
        if isinstance(expected, int) and not replayed:
            self.acknowledge(attempt_id, {question_id: body["value"]})

    saved = {
        "place": places,
        "question_id": questions,
        "choice": st.integers(0, 4),
        "operation": st.sampled_from(["new", "new", "stored", "other"]),
        "ahead": st.sampled_from([1, 1, 1, 2, 0, -1]),
        "lease": st.sampled_from([None, "a", "b"]),
    }

    @rule(**saved)
    def save_one(self, **drawn: Any) -> None:
        def call(member: Member, attempt_id: str, question_id: str, body: dict[str, Any]) -> object:
            given = Given(list(body.pop("value")))
            return answering.save_answer(member, attempt_id, question_id, given=given, arrived=self.now, **body)

        self.save("save", call=call, **drawn)

    @rule(**saved, foreign=st.booleans())
    def save_signed_out(self, foreign: bool, **drawn: Any) -> None:
        """The session has ended; the page still holds the token of its attempt."""

        def call(member: Member, attempt_id: str, question_id: str, body: dict[str, Any]) -> object:
            with time_machine.travel(self.now, tick=False):
                address = f"/attempts/{attempt_id}/kept/{question_id}"
                if foreign:
                    token = attempt_token(member, new_id())
                    refused = self.app.test_client().put(address, json=body, headers={"X-Attempt-Token": token})
                    assert refused.status_code == 404
                headers = {"X-Attempt-Token": attempt_token(member, attempt_id)}
                response = self.app.test_client().put(address, json=body, headers=headers)
            if response.status_code == 200:
                return response.json["revision"]
            return _Status(response.status_code)

        self.save("save signed out", call=call, **drawn)

    @rule(place=places, chosen=pages, refresh=refreshed)
    def save_page(self, place: int, chosen: dict[str, int], refresh: str) -> None:
        attempt_id, sitting, member = self.pick(place)
        page, bases = self.page(sitting, chosen, refresh)
        expected = sitting.save_page(page, bases, self.now)
        self.agree(
            "save page", expected, answering.save_page, member, attempt_id, _given(page), self.now, _known(bases)
        )
        if expected is None:
            self.acknowledge(attempt_id, page)

    @rule(place=places, question_id=questions, chosen=pages, refresh=refreshed)
    def check(self, place: int, question_id: str, chosen: dict[str, int], refresh: str) -> None:
        attempt_id, sitting, member = self.pick(place)
        page, bases = self.page(sitting, chosen, refresh)
        expected = sitting.check(question_id, page, bases, self.now)
        call = answering.check_question
        self.agree("check", expected, call, member, attempt_id, question_id, _given(page), self.now, _known(bases))
        if expected is None:
            self.acknowledge(attempt_id, page)

    @rule(place=places, chosen=pages, refresh=refreshed)
    def submit(self, place: int, chosen: dict[str, int], refresh: str) -> None:
        attempt_id, sitting, member = self.pick(place)
        again = sitting.ended is not None
        page, bases = self.page(sitting, chosen, refresh)
        expected = sitting.submit(page, bases, self.now)
        kind = "submit again" if again else "submit"
        self.agree(kind, expected, service.submit, member, attempt_id, _given(page), self.now, _known(bases))
        if expected is None and not again:
            self.acknowledge(attempt_id, page)

    @rule(place=places)
    def expire(self, place: int) -> None:
        attempt_id, sitting, member = self.pick(place)
        if due := sitting.overdue(self.now):
            sitting.end(sitting.deadline)
        self.agree("expire", due, service.close_if_overdue, member, attempt_id, self.now)

    @precondition(lambda self: any(sitting.overdue(self.now) for sitting in self.sittings.values()))
    @rule()
    def sweep(self) -> None:
        due = [sitting for sitting in self.sittings.values() if sitting.overdue(self.now)]
        for sitting in due:
            sitting.end(sitting.deadline)
        self.agree("sweep", len(due), service.sweep_overdue, self.now)

    @rule(place=places, lease=st.sampled_from(["a", "b"]))
    def take_lease(self, place: int, lease: str) -> None:
        attempt_id, sitting, member = self.pick(place)
        if sitting.ended is None:
            sitting.lease = lease
        expected = None if sitting.ended is None else AttemptClosed
        self.agree("take lease", expected, service.take_lease, member, attempt_id, lease, self.now)

    @rule(change=changes, question_id=questions)
    def redeploy(self, change: str, question_id: str) -> None:
        """Other content is published and a new process serves it, which remembers no paper."""
        self.steps["redeploy"] += 1
        papers._kept, papers._versions = Recent(128), Recent(128)
        if change == "original":
            self.quiz = self.original
            return
        changed = [_changed(each, change) if each.id == question_id else each for each in self.quiz.questions]
        left = tuple(each for each in changed if each is not None)
        self.quiz = replace(self.quiz, questions=left or self.quiz.questions)

    @precondition(lambda self: any(sitting.ended for sitting in self.sittings.values()))
    @rule(change=changes, question_id=questions)
    def redeploy_and_mark_again(self, change: str, question_id: str) -> None:
        self.redeploy(change, question_id)
        self.mark_again()

    @precondition(lambda self: any(sitting.ended for sitting in self.sittings.values()))
    @rule()
    def mark_again(self) -> None:
        ids = {attempt_id for attempt_id, sitting in self.sittings.items() if sitting.mended(self.quiz)}
        with self.step("regrade"):
            assert {each.attempt_id for each in preview_regrade(self.organization, self.quiz).changes} == ids
            assert regrade(self.organization, self.quiz, "The key was mended.", self.now) == len(ids)
            assert regrade(self.organization, self.quiz, "Once more.", self.now) == 0
        self.steps["regrade, gradings added"] += len(ids)

    @invariant()
    def what_is_stored_is_what_the_reference_holds(self) -> None:
        with self.app.app_context():
            attempts = self.rows(select(Attempt))
            answers = self.rows(select(Answer))
            tries = self.rows(select(CheckedAnswer).order_by(CheckedAnswer.number))
            gradings = self.rows(select(Grading).order_by(Grading.number))
            late = db.session.scalar(
                select(func.count()).where(
                    AttemptEvent.organization_id == self.organization, AttemptEvent.kind == "late"
                )
            )
        open_ones = Counter(each.user_id for each in attempts if each.state is AttemptState.OPEN)
        assert not open_ones or max(open_ones.values()) == 1, "two open attempts"
        assert {each.id: (each.number, each.submitted_at, each.lease) for each in attempts} == {
            key: (each.number, each.ended, each.lease) for key, each in self.sittings.items()
        }
        stored = {(each.attempt_id, each.question_id): tuple(each.value) for each in answers}
        assert stored == self.acknowledged, "an acknowledged answer is lost"
        assert {(each.attempt_id, each.question_id): (each.revision, tuple(each.value)) for each in answers} == {
            (key, question_id): (kept.revision, kept.value)
            for key, each in self.sittings.items()
            for question_id, kept in each.answers.items()
        }
        assert [(each.attempt_id, each.question_id, tuple(each.value)) for each in _sorted(tries)] == [
            (key, question_id, value)
            for key, each in sorted(self.sittings.items())
            for question_id, values in sorted(each.checked.items())
            for value in values
        ]
        assert late == sum(each.late for each in self.sittings.values()), "a late answer was not noted"
        for key, sitting in self.sittings.items():
            found = [each for each in gradings if each.attempt_id == key]
            assert [each.number for each in found] == list(range(1, len(found) + 1))
            assert [(each.points, each.maximum, each.passed) for each in found] == sitting.gradings
            assert sum(each.reason in {"submitted", "time is up"} for each in found) == (sitting.ended is not None)
        as_they_are = {
            each.id: (each.attempt_id, each.number, each.points, each.maximum, each.passed, each.details, each.reason)
            for each in gradings
        }
        assert self.gradings.items() <= as_they_are.items(), "a grading was changed or taken away"
        self.gradings = as_they_are

    def rows(self, statement: Any) -> list[Any]:
        table = statement.column_descriptions[0]["entity"]
        return list(db.session.scalars(statement.where(table.organization_id == self.organization)))


def _given(page: Page) -> dict[str, Given]:
    return {each: Given(list(value)) for each, value in page.items()}


def _known(bases: dict[str, int]) -> dict[str, Base]:
    return {each: Base(revision) for each, revision in bases.items()}


def _sorted(rows: list[Any]) -> list[Any]:
    return sorted(rows, key=lambda each: (each.attempt_id, each.question_id, each.number))


def _changed(question: Question, change: str) -> Question | None:
    """The question with its key turned round or with other choices; None if it is removed."""
    if change == "removed":
        return None
    if question.type == "numeric":
        return question
    new = [
        replace(option, right=not option.right) if change == "key" else replace(option, id=f"x{option.id}")
        for option in question.options  # type: ignore[union-attr]
    ]
    return replace(question, options=tuple(new))  # type: ignore[call-arg]


@pytest.mark.prove
def test_attempts_do_what_the_reference_does(app: Flask, quiz: Quiz, backend: str) -> None:
    steps: Counter[str] = Counter()
    asked = replace(quiz, questions=tuple(each for each in quiz.questions if each.id in QUESTIONS))
    machine = type("Attempts", (_Attempts,), {"app": app, "original": asked, "steps": steps})
    runs = times(short=15, full=2_000)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=runs,
            stateful_step_count=30,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    print(f"\n{runs} runs on {backend}")
    for kind, count in sorted(steps.items()):
        print(f"  {kind:<36}{count:>8}")
    assert steps["start"] >= 2 * runs
    if PROVE:  # a few runs may miss one
        assert {"save", "save page", "check", "submit", "sweep", "regrade", "redeploy"} <= set(steps)
