"""What a paper holds, and that it tells nothing by its order."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random, SystemRandom

import pytest
from flask import Flask
from sqlalchemy import func, select

from learning.clock import now
from learning.content.model import MultipleQuestion, Option, Quiz, SingleQuestion, TrueFalseQuestion
from learning.database import unit_of_work
from learning.extensions import db
from learning.quizzes import service
from learning.quizzes.models import Paper, QuestionVersion
from learning.quizzes.papers import draw_paper, load_paper, option_order
from learning.quizzes.sittings import sitting
from learning.web.identity import Member
from tests.conftest import Company
from tests.proof import times


def test_a_paper_comes_back_as_it_was_drawn(app: Flask, quiz: Quiz) -> None:
    with app.app_context():
        with unit_of_work() as session:
            paper_hash = draw_paper(session, quiz, Random(1))
        paper = load_paper(db.session(), paper_hash)
    by_id = {question.id: question for question in quiz.questions}
    assert all(entry.question == by_id[entry.question.id] for entry in paper.questions)
    assert (paper.title, paper.pass_mark) == (quiz.title, quiz.pass_mark)


def test_the_same_questions_are_stored_once(app: Flask, quiz: Quiz) -> None:
    with app.app_context():
        for seed in range(5):
            with unit_of_work() as session:
                draw_paper(session, quiz, Random(seed))
        assert db.session.scalar(select(func.count()).select_from(QuestionVersion)) == len(quiz.questions)


def test_a_quiz_that_is_not_shuffled_has_one_paper(app: Flask, quiz: Quiz) -> None:
    fixed = replace(quiz, shuffle_questions=False, shuffle_options=False)
    with app.app_context():
        for seed in range(5):
            with unit_of_work() as session:
                draw_paper(session, fixed, Random(seed))
        assert db.session.scalar(select(func.count()).select_from(Paper)) == 1


@pytest.mark.prove
def test_the_right_option_stands_at_every_place_equally_often(quiz: Quiz) -> None:
    options = tuple(Option(f"o{place}", "", place == 0, None) for place in range(4))
    question = SingleQuestion("q", 1, "", "", "", options)
    draws = times(short=4_000, full=10_000)
    shuffled = replace(quiz, shuffle_options=True)
    places = Counter(option_order(question, shuffled, SystemRandom()).index("o0") for _ in range(draws))
    expected = draws / len(options)
    chi_square = sum((places[place] - expected) ** 2 / expected for place in range(len(options)))
    assert chi_square < 30.7  # 3 degrees of freedom, p = 0.000001


def test_what_a_learner_is_shown_does_not_depend_on_the_key(app: Flask, company: Company, quiz: Quiz) -> None:
    fixed = replace(quiz, shuffle_questions=False, shuffle_options=False)
    flipped = replace(
        fixed,
        questions=tuple(
            replace(
                each,
                explanation_html="other",
                options=tuple(replace(o, right=not o.right, feedback_html="other") for o in each.options),
            )
            if isinstance(each, SingleQuestion | MultipleQuestion | TrueFalseQuestion)
            else each
            for each in fixed.questions
        ),
    )
    with app.app_context():
        shown = []
        for user, one in ((company.learner, fixed), (company.trainer, flipped)):
            member = Member(user, company.id)
            page = sitting(member, service.start_attempt(member, one, now()), now())
            assert page is not None
            shown.append(page.questions)
    assert shown[0] == shown[1]
