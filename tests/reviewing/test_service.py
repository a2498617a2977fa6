"""Start a day's set, answer, switch off: on both databases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import func, select

from learning.clock import now
from learning.content.model import Catalogue, Quiz, QuizRules
from learning.database import unit_of_work
from learning.errors import NotFound
from learning.extensions import db
from learning.grading.marking import Verdict
from learning.quizzes import service as quizzes
from learning.quizzes.errors import UnfitAnswer
from learning.quizzes.models import Attempt, Grading
from learning.quizzes.windows import Window, set_window
from learning.reviewing import service
from learning.reviewing.errors import KeyWaits, NothingAnswered, SwitchedOff
from learning.reviewing.models import ReviewCard
from learning.reviewing.queries import MOST_A_DAY, TodaysSet, asked_page, feedback_page, review_page
from learning.reviewing.scheduling import after_answer, day_of
from learning.web.catalogue import the_catalogue
from learning.web.identity import Member
from tests.conftest import Company
from tests.reviewing.conftest import SAT, HandIn

Right = Callable[[str, bool], str]
NOON = day_of(now()) + timedelta(hours=12)


def today(member: Member, catalogue: Catalogue | None = None, days: int = 0) -> TodaysSet:
    found = review_page(member, catalogue or the_catalogue(), NOON + timedelta(days=days)).today
    assert found
    return found


def with_quiz(quiz: Quiz) -> Catalogue:
    """The catalogue with another version of its quiz."""
    return replace(the_catalogue(), quizzes={**the_catalogue().quizzes, quiz.id: quiz})


def answer(member: Member, question_id: str, value: list[str] | None, days: int = 0) -> None:
    service.answer(member, the_catalogue(), question_id, value, NOON + timedelta(days=days))


def cards(member: Member) -> dict[str, ReviewCard]:
    db.session.remove()
    rows = db.session.scalars(select(ReviewCard).where(ReviewCard.user_id == member.user_id))
    return {row.question_id: row for row in rows}


def test_before_the_first_quiz_nothing_is_due(app: Flask, learner: Member) -> None:
    with app.app_context():
        assert today(learner) == TodaysSet((), 0, 0, None)
        assert service.start(learner, the_catalogue(), NOON) is None
        assert cards(learner) == {}


def test_a_wrong_answer_is_due_the_next_day_and_a_right_one_a_day_later(
    app: Flask, learner: Member, right_option: Right, hand_in: HandIn
) -> None:
    with app.app_context():
        hand_in(learner, {"m01-q1": [right_option("m01-q1", True)]}, at=NOON)
        assert today(learner).question_ids == ()
        assert today(learner).next_at == day_of(NOON) + timedelta(days=1)
        assert "m01-q1" not in today(learner, days=1).question_ids
        assert len(today(learner, days=1).question_ids) == 7
        assert "m01-q1" in today(learner, days=2).question_ids


def test_looking_keeps_no_card_and_starting_keeps_all(app: Flask, learner: Member, hand_in: HandIn) -> None:
    with app.app_context():
        hand_in(learner)
        before = today(learner)
        assert cards(learner) == {}
        assert service.start(learner, the_catalogue(), NOON) == before.first
        assert set(cards(learner)) == {f"m01-q{number}" for number in range(1, 9)}
        assert today(learner) == before
        service.start(learner, the_catalogue(), NOON)
        assert today(learner) == before


def test_an_answer_is_rated_and_sent_away(app: Flask, learner: Member, hand_in: HandIn) -> None:
    with app.app_context():
        hand_in(learner)
        answer(learner, "m01-q4", ["42.5"])
        answer(learner, "m01-q5", None)
        assert today(learner).done == 2
        assert not {"m01-q4", "m01-q5"} & set(today(learner).question_ids)
        kept = cards(learner)
        assert kept["m01-q4"].due_at > kept["m01-q5"].due_at == day_of(NOON) + timedelta(days=1)
        assert kept["m01-q4"].reviewed_at == NOON


def test_the_same_answer_sent_twice_counts_once_and_shows_the_same(
    app: Flask, learner: Member, hand_in: HandIn
) -> None:
    with app.app_context():
        hand_in(learner)
        answer(learner, "m01-q4", ["42.5"])
        state = cards(learner)["m01-q4"].state
        answer(learner, "m01-q4", ["7"])
        assert cards(learner)["m01-q4"].state == state
        assert today(learner).done == 1
        assert feedback_page(learner, the_catalogue(), "m01-q4", ["7"], NOON).question.verdict == "wrong"


def test_two_tabs_that_answer_at_once_count_once(app: Flask, learner: Member, hand_in: HandIn) -> None:
    with app.app_context():
        hand_in(learner)
        hand_in(learner, at=SAT + timedelta(minutes=5))
    barrier, problems = Barrier(4), []

    def send() -> None:
        with app.app_context():
            barrier.wait()
            try:
                answer(learner, "m01-q4", ["42.5"])
                service.start(learner, the_catalogue(), NOON)
            except Exception as problem:
                problems.append(problem)

    threads = [Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        assert problems == []
        together = cards(learner)["m01-q4"].state
        assert today(learner).done == 1
        # The same without a race: the last attempt, then one answer.
        first = after_answer(None, Verdict.UNANSWERED, SAT + timedelta(minutes=5))
        assert together == after_answer(first, Verdict.RIGHT, NOON).state


def test_a_later_attempt_moves_a_card_on(app: Flask, learner: Member, hand_in: HandIn) -> None:
    with app.app_context():
        hand_in(learner, {"m01-q4": ["42.5"]})
        service.start(learner, the_catalogue(), NOON)
        before = cards(learner)["m01-q4"].due_at
        hand_in(learner, {"m01-q4": ["7"]}, at=NOON)
        assert "m01-q4" not in today(learner).question_ids
        service.start(learner, the_catalogue(), NOON)
        after = cards(learner)["m01-q4"]
        assert before < NOON < after.due_at
        assert after.reviewed_at is None


def test_the_marking_that_counts_is_the_last(app: Flask, learner: Member, hand_in: HandIn) -> None:
    with app.app_context():
        attempt_id = hand_in(learner, {"m01-q4": ["7"]}, at=NOON)
        assert "m01-q4" in today(learner, days=1).question_ids
        with unit_of_work() as session:
            first = session.scalars(select(Grading).where(Grading.attempt_id == attempt_id)).one()
            details = {**first.details, "m01-q4": {**first.details["m01-q4"], "verdict": "right"}}
            session.add(
                Grading(
                    organization_id=learner.organization_id,
                    attempt_id=attempt_id,
                    number=2,
                    rule_version=first.rule_version,
                    points=first.points,
                    maximum=first.maximum,
                    passed=first.passed,
                    details=details,
                    reason="The key was mended.",
                    created_at=NOON,
                )
            )
        assert "m01-q4" not in today(learner, days=1).question_ids


def test_a_day_has_at_most_ten_and_the_oldest_come_first(
    app: Flask, learner: Member, quiz: Quiz, hand_in: HandIn
) -> None:
    """A bank of 24 questions, of which eight are known from an older attempt."""
    with app.app_context():
        many = replace(
            quiz, questions=tuple(replace(each, id=f"{each.id}-{copy}") for copy in "abc" for each in quiz.questions)
        )
        catalogue = with_quiz(many)
        for copies, at in (("b", SAT - timedelta(days=9)), ("abc", SAT)):
            sat = replace(many, questions=tuple(each for each in many.questions if each.id[-1] in copies))
            attempt_id = quizzes.start_attempt(learner, sat, at)
            quizzes.submit(learner, attempt_id, {}, at)
            if copies == "b":
                service.start(learner, catalogue, at + timedelta(days=1))
                for question in sat.questions:
                    service.answer(learner, catalogue, question.id, None, at + timedelta(days=2))
        found = today(learner, catalogue)
        assert (len(found.question_ids), found.waiting, found.done) == (MOST_A_DAY, 14, 0)
        for question_id in found.question_ids:
            service.answer(learner, catalogue, question_id, None, NOON)
        done = today(learner, catalogue)
        assert (done.question_ids, done.waiting, done.done) == ((), 14, MOST_A_DAY)
        waiting = {each.id for each in many.questions} - set(found.question_ids)
        # An answer beyond the day's set is told what is right, and changes nothing.
        beyond = min(waiting)
        before = cards(learner).get(beyond)
        service.answer(learner, catalogue, beyond, None, NOON)
        assert (before.state if before else None) == (
            cards(learner)[beyond].state if beyond in cards(learner) else None
        )
        assert set(today(learner, catalogue, days=1).question_ids) <= waiting


def test_the_one_that_waits_longest_comes_first(app: Flask, learner: Member, hand_in: HandIn) -> None:
    with app.app_context():
        hand_in(learner, at=SAT - timedelta(days=5))
        service.start(learner, the_catalogue(), SAT)
        for question_id in ("m01-q1", "m01-q2"):
            service.answer(learner, the_catalogue(), question_id, None, SAT)
        assert today(learner).question_ids[-2:] == ("m01-q1", "m01-q2")


def test_what_is_no_longer_in_the_catalogue_drops_out(app: Flask, learner: Member, quiz: Quiz, hand_in: HandIn) -> None:
    with app.app_context():
        hand_in(learner)
        service.start(learner, the_catalogue(), NOON)
        smaller = with_quiz(replace(quiz, questions=quiz.questions[:3]))
        assert set(today(learner, smaller).question_ids) == {"m01-q1", "m01-q2", "m01-q3"}
        with pytest.raises(NotFound):
            asked_page(learner, smaller, "m01-q4", NOON)
        with pytest.raises(NotFound):
            service.answer(learner, smaller, "m01-q4", ["7"], NOON)


def test_questions_of_a_quiz_that_is_being_sat_wait(app: Flask, learner: Member, quiz: Quiz, hand_in: HandIn) -> None:
    with app.app_context():
        hand_in(learner)
        attempt_id = quizzes.start_attempt(learner, quiz, NOON)
        assert today(learner).question_ids == ()
        assert asked_page(learner, the_catalogue(), "m01-q4", NOON) is None
        with pytest.raises(KeyWaits):
            answer(learner, "m01-q4", ["7"])
        quizzes.submit(learner, attempt_id, {}, NOON)
        assert len(today(learner, days=1).question_ids) == 8


def test_questions_whose_key_waits_for_the_closing_wait_too(
    app: Flask, learner: Member, quiz: Quiz, hand_in: HandIn
) -> None:
    with app.app_context():
        hand_in(learner)
        catalogue = with_quiz(replace(quiz, rules=QuizRules(feedback="after-close")))
        assert today(learner, catalogue).question_ids == ()
        with pytest.raises(KeyWaits):
            service.answer(learner, catalogue, "m01-q4", ["7"], NOON)
        set_window(learner, quiz.id, Window(closes_at=NOON - timedelta(hours=1)))
        assert len(today(learner, catalogue).question_ids) == 8


def test_the_review_shows_no_more_of_the_key_than_the_quiz_does(
    app: Flask, learner: Member, quiz: Quiz, hand_in: HandIn
) -> None:
    with app.app_context():
        hand_in(learner)
        catalogue = with_quiz(replace(quiz, rules=QuizRules(review=("marks",))))
        shown = feedback_page(learner, catalogue, "m01-q4", ["7"], NOON).question
        assert (shown.right_text, shown.explanation_html, shown.points) == (None, None, None)
        whole = feedback_page(learner, the_catalogue(), "m01-q4", ["7"], NOON).question
        assert whole.right_text
        assert whole.points is None


def test_what_does_not_fit_is_refused_and_nothing_is_kept(app: Flask, learner: Member, hand_in: HandIn) -> None:
    with app.app_context():
        hand_in(learner)
        for value, refusal in ((["forged"], UnfitAnswer), (["x" * 201], UnfitAnswer), ([], NothingAnswered)):
            with pytest.raises(refusal):
                answer(learner, "m01-q1", value)
        assert cards(learner) == {}
        assert today(learner).done == 0


def test_switched_off_nothing_is_asked_and_the_schedule_stays(app: Flask, learner: Member, hand_in: HandIn) -> None:
    with app.app_context():
        hand_in(learner)
        service.start(learner, the_catalogue(), NOON)
        service.switch(learner, is_on=False)
        assert review_page(learner, the_catalogue(), NOON).today is None
        assert asked_page(learner, the_catalogue(), "m01-q4", NOON) is None
        with pytest.raises(SwitchedOff):
            answer(learner, "m01-q4", ["7"])
        with pytest.raises(SwitchedOff):
            service.start(learner, the_catalogue(), NOON)
        service.switch(learner, is_on=True)
        assert len(today(learner).question_ids) == 8


def test_each_persons_review_is_their_own(
    app: Flask, company: Company, other_company: Company, learner: Member, hand_in: HandIn
) -> None:
    """Colleagues, a stranger of another organization, and the same person in another organization."""
    others = [
        Member(company.trainer, company.id),
        Member(company.manager, company.id),
        Member(other_company.learner, other_company.id),
        Member(learner.user_id, other_company.id),
    ]
    with app.app_context():
        hand_in(learner)
        service.start(learner, the_catalogue(), NOON)
        service.switch(others[0], is_on=False)
        before = today(learner)
        for other in others[1:]:
            assert today(other).question_ids == ()
        for other in others[1:]:
            with pytest.raises(NotFound):
                answer(other, "m01-q4", ["7"])
        assert today(learner) == before
        assert len(before.question_ids) == 8


def test_it_makes_no_attempt_and_no_marking(app: Flask, learner: Member, hand_in: HandIn) -> None:
    with app.app_context():
        hand_in(learner)
        answer(learner, "m01-q4", ["42.5"])
        db.session.remove()
        assert db.session.scalar(select(func.count(Attempt.id))) == 1
        assert db.session.scalar(select(func.count(Grading.id))) == 1


def test_options_stand_in_another_order_on_another_day_and_in_the_same_all_day(
    app: Flask, learner: Member, quiz: Quiz, hand_in: HandIn
) -> None:
    with app.app_context():
        hand_in(learner)
        catalogue = with_quiz(replace(quiz, shuffle_options=True))

        def order(days: int, hours: int) -> tuple[str, ...]:
            page = asked_page(learner, catalogue, "m01-q7", NOON + timedelta(days=days, hours=hours))
            assert page
            return tuple(option.id for option in page.question.options)

        assert order(0, 0) == order(0, 5)
        assert len({order(days, 0) for days in range(12)}) > 1
