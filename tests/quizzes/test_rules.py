"""The rules of a quiz: time, pause, dates, draw, feedback at once, certainty, one page that saves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from flask import Flask
from sqlalchemy import select

from learning.clock import now
from learning.content.model import Draw, Quiz, QuizRules
from learning.extensions import db
from learning.grading.marking import Verdict
from learning.quizzes import answering, service
from learning.quizzes.answering import Given
from learning.quizzes.errors import (
    LeaseLost,
    NothingToCheck,
    PauseNotOver,
    QuestionClosed,
    QuizClosed,
    QuizNotOpen,
    TimeIsUp,
    WindowUpsideDown,
)
from learning.quizzes.models import Attempt, AttemptEvent, AttemptState, Grading
from learning.quizzes.papers import drawn
from learning.quizzes.reviews import review
from learning.quizzes.sittings import Overdue, sitting
from learning.quizzes.states import GRACE
from learning.quizzes.windows import Window, set_window
from learning.web.bases import Base
from learning.web.identity import Member

Right = Callable[[str, bool], str]
START = now()


def ruled(quiz: Quiz, **rules: object) -> Quiz:
    return replace(quiz, rules=QuizRules(**rules))  # type: ignore[arg-type]


def start(member: Member, quiz: Quiz) -> str:
    return service.start_attempt(member, quiz, START)


def save(member: Member, attempt_id: str, value: list[str], at: timedelta, operation: str = "op-1", **more: str) -> int:
    return answering.save_answer(
        member,
        attempt_id,
        "m01-q4",
        operation_id=operation,
        revision=int(operation[3:]),
        given=Given(value),
        arrived=START + at,
        **more,
    )


def grading_of(attempt_id: str) -> Grading:
    return db.session.scalars(select(Grading).where(Grading.attempt_id == attempt_id)).one()


def test_what_arrives_within_the_grace_counts_and_what_comes_later_is_kept_beside_it(
    app: Flask, learner: Member, quiz: Quiz
) -> None:
    limit = timedelta(minutes=30)
    with app.app_context():
        attempt_id = start(learner, ruled(quiz, time_limit=30))
        assert save(learner, attempt_id, ["42.5"], limit + GRACE) == 1
        with pytest.raises(TimeIsUp):
            save(learner, attempt_id, ["7"], limit + GRACE + timedelta(seconds=1), "op-2")
        attempt = db.session.get_one(Attempt, attempt_id)
        assert (attempt.state, attempt.submitted_at) == (AttemptState.SUBMITTED, START + limit)
        assert grading_of(attempt_id).details["m01-q4"]["verdict"] == Verdict.RIGHT
        late = db.session.scalars(select(AttemptEvent).where(AttemptEvent.kind == "late")).one()
        assert (late.details["value"], late.details["late_by"]) == (["7"], GRACE.total_seconds() + 1)


@pytest.mark.parametrize("action", ["page", "submit", "start", "sweep", "read"])
def test_whoever_comes_after_the_deadline_finds_the_attempt_handed_in_once(
    app: Flask, learner: Member, quiz: Quiz, action: str
) -> None:
    late = START + timedelta(minutes=31)
    limited = ruled(quiz, time_limit=30)
    with app.app_context():
        attempt_id = start(learner, limited)
        save(learner, attempt_id, ["42.5"], timedelta(minutes=1))
        if action == "page":
            with pytest.raises(TimeIsUp):
                answering.save_page(learner, attempt_id, {"m01-q4": Given(["7"])}, late)
        elif action == "submit":
            with pytest.raises(TimeIsUp):
                service.submit(learner, attempt_id, {"m01-q4": Given(["7"])}, late)
        elif action == "start":
            assert service.start_attempt(learner, limited, late) != attempt_id
        elif action == "sweep":
            assert service.sweep_overdue(late) == 1
            assert service.sweep_overdue(late) == 0
        else:
            with pytest.raises(Overdue):
                sitting(learner, attempt_id, late)
            assert service.close_if_overdue(learner, attempt_id, late)
        found = review(learner, attempt_id, late)
        assert grading_of(attempt_id).reason == "time is up"
    assert found is not None
    assert found.timed_out
    assert found.questions[0].id
    assert next(each for each in found.questions if each.id == "m01-q4").verdict is Verdict.RIGHT


def test_a_clock_that_jumps_back_loses_nothing(app: Flask, learner: Member, quiz: Quiz) -> None:
    with app.app_context():
        attempt_id = start(learner, ruled(quiz, time_limit=30))
        assert save(learner, attempt_id, ["1"], timedelta(hours=-1)) == 1
        assert save(learner, attempt_id, ["2"], timedelta(minutes=1), "op-2") == 2
        assert service.sweep_overdue(START - timedelta(hours=1)) == 0


def test_a_pause_is_kept_between_attempts(app: Flask, learner: Member, quiz: Quiz) -> None:
    paused = ruled(quiz, pause=60)
    with app.app_context():
        service.submit(learner, start(learner, paused), {}, START)
        with pytest.raises(PauseNotOver):
            service.start_attempt(learner, paused, START + timedelta(minutes=59))
        assert service.start_attempt(learner, paused, START + timedelta(minutes=60))


def test_dates_bound_starting_and_the_deadline(app: Flask, learner: Member, quiz: Quiz) -> None:
    hour = timedelta(hours=1)
    with app.app_context():
        with pytest.raises(WindowUpsideDown):
            set_window(learner, quiz.id, Window(START + hour, START + hour))
        set_window(learner, quiz.id, Window(START + hour, START + 3 * hour))
        with pytest.raises(QuizNotOpen):
            start(learner, quiz)
        attempt_id = service.start_attempt(learner, ruled(quiz, time_limit=1440), START + hour)
        assert db.session.get_one(Attempt, attempt_id).deadline_at == START + 3 * hour
        service.submit(learner, attempt_id, {}, START + 2 * hour)
        with pytest.raises(QuizClosed):
            service.start_attempt(learner, quiz, START + 3 * hour)


def test_answers_are_shown_when_the_quiz_has_closed(app: Flask, learner: Member, quiz: Quiz) -> None:
    day = timedelta(days=1)
    with app.app_context():
        attempt_id = start(learner, ruled(quiz, feedback="after-close"))
        service.submit(learner, attempt_id, {}, START)
        shown = []
        for closes, at in ((None, START), (START + day, START), (START + day, START + day)):
            set_window(learner, quiz.id, Window(None, closes))
            found = review(learner, attempt_id, at)
            assert found is not None
            shown.append(len(found.questions))
    assert shown == [0, 0, len(quiz.questions)]


def test_a_review_shows_what_the_rules_allow(app: Flask, learner: Member, quiz: Quiz, right_option: Right) -> None:
    wrong = {"m01-q1": Given([right_option("m01-q1", False)])}
    with app.app_context():
        attempt_id = start(learner, ruled(quiz, review=("marks",)))
        service.submit(learner, attempt_id, wrong, START)
        found = review(learner, attempt_id, START)
    assert found is not None
    assert all(each.explanation_html is None and each.right_text is None for each in found.questions)
    assert all(
        option.right is None and option.feedback_html is None for each in found.questions for option in each.options
    )
    assert all(row.right_text is None for each in found.questions for row in each.rows)


def test_questions_are_drawn_from_the_bank_and_from_each_lesson(quiz: Quiz) -> None:
    named = replace(
        quiz,
        questions=tuple(
            replace(each, objectives=(f"m01-l{1 + place % 2}.1",)) for place, each in enumerate(quiz.questions)
        ),
    )
    of_bank = [drawn(ruled(named, draw=(Draw(3),)), Random(seed)) for seed in range(300)]
    assert {len(questions) for questions in of_bank} == {3}
    counts = Counter(question.id for questions in of_bank for question in questions)
    assert set(counts) == {question.id for question in named.questions}
    assert min(counts.values()) > 70, "expected 112 each"
    per_lesson = drawn(ruled(named, draw=(Draw(2, ("m01-l1",)), Draw(1, ("m01-l2",)))), Random(1))
    assert Counter(question.objectives[0] for question in per_lesson) == {"m01-l1.1": 2, "m01-l2.1": 1}


def test_a_checked_question_is_tried_once_more_and_then_closed(
    app: Flask, learner: Member, quiz: Quiz, right_option: Right
) -> None:
    right, wrong = right_option("m01-q1", True), right_option("m01-q1", False)

    def check(option: str | None, base: int) -> None:
        answers = {"m01-q1": Given([option] if option else [])}
        answering.check_question(learner, attempt_id, "m01-q1", answers, START, {"m01-q1": Base(base)})

    def shown():  # type: ignore[no-untyped-def]
        page = sitting(learner, attempt_id, START)
        assert page is not None
        return next(each for each in page.questions if each.id == "m01-q1")

    with app.app_context():
        attempt_id = start(learner, ruled(quiz, feedback="immediate", retry_penalty=25))
        with pytest.raises(NothingToCheck):
            check(None, 0)
        check(wrong, 0)
        check(wrong, 1)
        first = shown()
        assert (first.checked, first.closed, first.feedback.verdict) == (1, False, Verdict.WRONG)
        assert first.feedback.explanation_html is None
        assert not any(option.right for option in first.feedback.options)
        check(right, 1)
        assert shown().closed
        assert "prevention" in shown().feedback.explanation_html
        with pytest.raises(QuestionClosed):
            check(wrong, 2)
        service.submit(learner, attempt_id, {}, START)
        assert grading_of(attempt_id).details["m01-q1"]["points"] == 1_500_000


def test_without_a_second_try_the_first_check_closes_the_question(
    app: Flask, learner: Member, quiz: Quiz, right_option: Right
) -> None:
    wrong = Given([right_option("m01-q1", False)])
    with app.app_context():
        attempt_id = start(learner, ruled(quiz, feedback="immediate"))
        answering.check_question(learner, attempt_id, "m01-q1", {"m01-q1": wrong}, START)
        with pytest.raises(QuestionClosed):
            answering.save_page(learner, attempt_id, {"m01-q1": Given([])}, START, {"m01-q1": Base(1)})
        service.submit(learner, attempt_id, {}, START)
        assert grading_of(attempt_id).details["m01-q1"]["verdict"] == Verdict.WRONG


def test_certainty_counts_and_never_makes_the_whole_negative(
    app: Flask, learner: Member, quiz: Quiz, right_option: Right
) -> None:
    sure = {"m01-q1": Given([right_option("m01-q1", True)], 3), "m01-q3": Given([right_option("m01-q3", False)], 2)}
    with app.app_context():
        attempt_id = start(learner, ruled(quiz, certainty=True))
        service.submit(learner, attempt_id, sure, START)
        grading = grading_of(attempt_id)
        assert grading.details["m01-q1"] | {"version": ""} == {
            "points": 6_000_000,
            "maximum": 6_000_000,
            "verdict": "right",
            "version": "",
        }
        assert grading.details["m01-q3"]["points"] == -2_000_000
        assert grading.points == 4_000_000
        other = start(learner, ruled(quiz, certainty=True))
        service.submit(learner, other, {"m01-q3": Given([right_option("m01-q3", False)], 3)}, START)
        assert grading_of(other).points == 0


def test_the_newest_page_saves_and_an_older_one_is_told(app: Flask, learner: Member, quiz: Quiz) -> None:
    with app.app_context():
        attempt_id = start(learner, quiz)
        service.take_lease(learner, attempt_id, "first", START)
        assert save(learner, attempt_id, ["1"], timedelta(), lease="first") == 1
        service.take_lease(learner, attempt_id, "second", START)
        with pytest.raises(LeaseLost):
            save(learner, attempt_id, ["2"], timedelta(), "op-2", lease="first")
        assert save(learner, attempt_id, ["2"], timedelta(), "op-2", lease="second") == 2
        assert save(learner, attempt_id, ["3"], timedelta(), "op-3") == 3, "a page without scripts takes no lease"
