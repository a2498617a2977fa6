"""What a trainer learns about the questions of a quiz, and what they do not learn."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask, get_template_attribute
from flask.testing import FlaskClient
from sqlalchemy import event, select

from learning.accounts.models import Membership
from learning.clock import now
from learning.content.model import Catalogue, Question, Quiz, SingleQuestion
from learning.database import unit_of_work
from learning.errors import NotFound
from learning.extensions import db
from learning.grading.findings import Finding, Verdict
from learning.quizzes import service
from learning.quizzes.answering import Given
from learning.quizzes.models import Attempt, Grading
from learning.quizzes.records import keep_record
from learning.teaching.choice_lines import ChoiceLine, LineKind
from learning.teaching.quiz_analysis import QuestionAnalysis, QuizAnalysis, quiz_analysis
from learning.teaching.quiz_queries import quizzes_with_attempts
from learning.web.catalogue import the_catalogue
from learning.web.identity import Member, Role
from tests.conftest import Company
from tests.teaching.sittings import add_sittings, choose

Clients = Callable[[str | None], FlaskClient]
QUIZ_ID = "m01-quiz"
PATH = f"/teaching/quizzes/{QUIZ_ID}/"
SINGLE, NUMERIC = "m01-q1", "m01-q2"


@pytest.fixture
def quiz(app: Flask) -> Quiz:
    with app.app_context():
        return the_catalogue().quizzes[QUIZ_ID]


def analysed(company: Company, *, first_only: bool = True, quiz_id: str = QUIZ_ID) -> QuizAnalysis:
    page = quiz_analysis(company.id, quiz_id, the_catalogue(), first_only=first_only)
    assert page is not None
    return page


def question_of(page: QuizAnalysis, question_id: str) -> QuestionAnalysis:
    return next(each for each in page.questions if each.id == question_id)


def line_of(question: QuestionAnalysis, **has: object) -> ChoiceLine:
    return next(line for line in question.lines if all(getattr(line, name) == value for name, value in has.items()))


def options_of(quiz: Quiz, question_id: str) -> tuple[list[str], list[str]]:
    """Ids of the right and of the wrong options."""
    question = next(each for each in quiz.questions if each.id == question_id)
    assert isinstance(question, SingleQuestion)
    return [each.id for each in question.options if each.right], [
        each.id for each in question.options if not each.right
    ]


def sit(user_id: str, company: Company, quiz: Quiz, answers: dict[str, list[str]]) -> str:
    """One attempt by the verbs that people use."""
    member = Member(user_id, company.id)
    attempt_id = service.start_attempt(member, quiz, now())
    service.submit(member, attempt_id, {each: Given(value) for each, value in answers.items()}, now())
    return attempt_id


def all_right(quiz: Quiz) -> dict[str, list[str]]:
    return {each.id: choose(each, 1.0, random.Random(1)) for each in quiz.questions}


def test_the_figures_are_those_of_what_was_answered(app: Flask, company: Company, quiz: Quiz) -> None:
    with app.app_context():
        right, wrong = options_of(quiz, SINGLE)
        answers = all_right(quiz)
        sit(company.learner, company, quiz, answers)
        add_sittings(company.id, quiz, 3, chooses=lambda question, *_: answers[question.id])
        add_sittings(
            company.id,
            quiz,
            1,
            chooses=lambda question, *_: wrong[:1] if question.id == SINGLE else answers[question.id],
        )
        add_sittings(company.id, quiz, 1, chooses=lambda *_: [])
        page = analysed(company)
        points = sum(each.points for each in quiz.questions)
        assert (page.attempts, page.people) == (6, 6)
        assert page.scores.mean == pytest.approx((5 * points - 1) / (6 * points))
        assert page.passed == pytest.approx(5 / 6)
        assert [column.number for column in page.columns] == [1, 0, 0, 0, 0, 0, 0, 0, 0, 5]
        question = question_of(page, SINGLE)
        assert question.item.facility == pytest.approx(4 / 6)
        assert line_of(question, choice=right[0]).total == 4
        assert (line_of(question, choice=wrong[0]).total, line_of(question, choice=wrong[0]).right) == (1, False)
        assert line_of(question, choice=wrong[1]).total == 0
        assert line_of(question, kind=LineKind.NO_ANSWER).total == 1
        assert [line.letter for line in question.lines if line.kind is LineKind.OPTION] == ["A", "B", "C", "D"]
        assert question.verdict == Verdict(Finding.TOO_FEW_ATTEMPTS)


def test_questions_stand_in_the_order_of_the_quiz_and_lose_no_points(app: Flask, company: Company, quiz: Quiz) -> None:
    with app.app_context():
        add_sittings(company.id, quiz, 30)
        page = analysed(company)
        assert [each.id for each in page.questions] == [each.id for each in quiz.questions]
        for question in page.questions:
            assert question.asked == page.thirds
            if not question.several_choices:
                assert sum(line.total for line in question.lines) == 30


def test_a_wrong_key_is_found_and_named_by_its_letter(
    app: Flask, company: Company, quiz: Quiz, client_for: Clients
) -> None:
    with app.app_context():
        _, wrong = options_of(quiz, SINGLE)

        def misled(question: Question, strength: float, chance: random.Random) -> list[str]:
            if question.id == SINGLE and strength > 0.5:
                return [wrong[1]]
            return choose(question, strength, chance)

        add_sittings(company.id, quiz, 40, chooses=misled)
        found = question_of(analysed(company), SINGLE)
        assert found.verdict == Verdict(Finding.CHECK_KEY, wrong[1])
        letter = line_of(found, choice=wrong[1]).letter
        assert found.rival == letter
    text = client_for(company.trainer).get(PATH).text
    assert f"More of the strong learners answered {letter} than the right answer" in text


def test_numbers_that_mean_the_same_are_one_line(app: Flask, company: Company, quiz: Quiz) -> None:
    with app.app_context():
        typed = ["99600", "99,600 CNY", "99 600", "84000", "84,000 CNY", "no idea", "I told you"]
        for text in typed:
            add_sittings(
                company.id, quiz, 1, chooses=lambda question, *_, text=text: [text] if question.id == NUMERIC else []
            )
        question = question_of(analysed(company), NUMERIC)
        assert [(line.kind, line.text, line.total) for line in question.lines] == [
            (LineKind.TYPED, "99600 CNY", 3),
            (LineKind.TYPED, "84000 CNY", 2),
            (LineKind.NO_NUMBER, None, 2),
        ]
        assert [line.right for line in question.lines] == [True, False, False]


def test_what_is_no_number_is_counted_and_not_shown(
    app: Flask, company: Company, quiz: Quiz, client_for: Clients
) -> None:
    with app.app_context():
        add_sittings(company.id, quiz, 5, chooses=lambda question, *_: ["ask <b>Anna</b>"] * (question.id == NUMERIC))
    text = client_for(company.trainer).get(PATH).text
    assert "Not a number" in text
    assert "Anna" not in text


# Which attempts count


def test_first_attempts_count_unless_all_are_asked_for(
    app: Flask, company: Company, quiz: Quiz, client_for: Clients
) -> None:
    with app.app_context():
        sit(company.learner, company, quiz, {})
        sit(company.learner, company, quiz, all_right(quiz))
        add_sittings(company.id, quiz, 4, chooses=lambda *_: [])
        first, every = analysed(company), analysed(company, first_only=False)
        assert (first.attempts, first.people, first.scores.mean) == (5, 5, 0.0)
        assert (every.attempts, every.people, every.scores.mean) == (6, 5, pytest.approx(1 / 6))
        (row,) = quizzes_with_attempts(company.id, the_catalogue())
        assert (row.attempts, row.people) == (6, 5)
        assert (row.mean, row.passed) == (pytest.approx(1 / 6), pytest.approx(1 / 6))
        assert line_of(question_of(first, SINGLE), kind=LineKind.NO_ANSWER).total == 5
        assert line_of(question_of(every, SINGLE), right=True).total == 1
    trainer = client_for(company.trainer)
    assert "First attempts of 5 people" in trainer.get(PATH).text
    assert "flatter the questions" not in trainer.get(PATH).text
    assert "flatter the questions" in trainer.get(PATH + "?attempts=all").text
    assert "First attempts of 5 people" in trainer.get(PATH + "?attempts=nonsense").text


def test_an_open_attempt_does_not_count(app: Flask, company: Company, quiz: Quiz) -> None:
    with app.app_context():
        sit(company.learner, company, quiz, {})
        service.start_attempt(Member(company.learner, company.id), quiz, now())
        assert analysed(company, first_only=False).attempts == 1
        assert quizzes_with_attempts(company.id, the_catalogue())[0].attempts == 1


@pytest.mark.parametrize("who", ["trainer", "manager"])
def test_who_does_not_learn_here_does_not_count(app: Flask, company: Company, quiz: Quiz, who: str) -> None:
    with app.app_context():
        sit(getattr(company, who), company, quiz, {})
        assert quizzes_with_attempts(company.id, the_catalogue()) == ()
        assert quiz_analysis(company.id, QUIZ_ID, the_catalogue(), first_only=True) is None


def test_who_has_left_still_counts(app: Flask, company: Company, quiz: Quiz) -> None:
    with app.app_context():
        sit(company.learner, company, quiz, {})
        with unit_of_work() as session:
            session.query(Membership).filter_by(user_id=company.learner).one().left_at = now()
        assert analysed(company).attempts == 1


def test_the_latest_marking_counts(app: Flask, company: Company, quiz: Quiz) -> None:
    with app.app_context():
        attempt_id = sit(company.learner, company, quiz, {})
        with unit_of_work() as session:
            before = session.scalars(select(Grading).where(Grading.attempt_id == attempt_id)).one()
            details = {key: dict(mark, points=mark["maximum"], verdict="right") for key, mark in before.details.items()}
            session.add(
                Grading(
                    organization_id=company.id, attempt_id=attempt_id, number=2, rule_version=before.rule_version,
                    points=before.maximum, maximum=before.maximum, passed=True, details=details, reason="key corrected",
                    created_at=now(),
                )
            )  # fmt: skip
            keep_record(session, session.get_one(Attempt, attempt_id), now())
        answers = all_right(quiz)
        add_sittings(company.id, quiz, 4, chooses=lambda question, *_: answers[question.id])
        page = analysed(company)
        assert (page.attempts, page.scores.mean, page.passed) == (5, 1.0, 1.0)
        assert question_of(page, SINGLE).item.facility == 1
        assert quizzes_with_attempts(company.id, the_catalogue())[0].mean == 1


# Questions that change, quizzes that go


def test_versions_of_a_question_are_counted_together_and_that_is_said(
    app: Flask, company: Company, quiz: Quiz, client_for: Clients
) -> None:
    with app.app_context():
        _, wrong = options_of(quiz, SINGLE)
        question = quiz.questions[0]
        assert isinstance(question, SingleQuestion)
        kept = tuple(each for each in question.options if each.id != wrong[0])
        changed = replace(question, options=kept, stem_html="<p>The newer wording.</p>")
        newer = replace(quiz, questions=(changed, *quiz.questions[1:]), hash="0" * 64)
        add_sittings(company.id, quiz, 5, chooses=lambda question, *_: [wrong[0]] if question.id == SINGLE else [])
        sit(company.learner, company, newer, {SINGLE: [wrong[1]]})
        page = analysed(company)
        found = question_of(page, SINGLE)
        assert (found.versions, found.item.attempts, found.stem_html) == (2, 6, changed.stem_html)
        assert page.mixed == (found,)
        gone = line_of(found, choice=wrong[0])
        assert (gone.letter, gone.total) == (None, 5)
        assert line_of(found, choice=wrong[1]).letter == "B"
    text = client_for(company.trainer).get(PATH).text
    assert "1 question was changed while it was in use" in text
    assert "of an earlier version" in text


def test_without_changes_nothing_is_said_of_versions(
    app: Flask, company: Company, quiz: Quiz, client_for: Clients
) -> None:
    with app.app_context():
        add_sittings(company.id, quiz, 5)
        assert analysed(company).mixed == ()
    assert "changed while" not in client_for(company.trainer).get(PATH).text


def test_a_question_that_came_later_is_judged_by_those_who_had_it(app: Flask, company: Company, quiz: Quiz) -> None:
    with app.app_context():
        shorter = replace(quiz, questions=quiz.questions[1:])
        add_sittings(company.id, shorter, 4)
        add_sittings(company.id, quiz, 5)
        page = analysed(company)
        assert question_of(page, SINGLE).item.attempts == 5
        assert question_of(page, NUMERIC).item.attempts == 9
        assert page.mixed == ()


def test_a_quiz_that_is_no_longer_taught_can_still_be_analysed(app: Flask, company: Company, quiz: Quiz) -> None:
    with app.app_context():
        old = replace(quiz, id="gone-quiz", title="A quiz of last year")
        add_sittings(company.id, old, 2)
        (row,) = quizzes_with_attempts(company.id, the_catalogue())
        assert (row.quiz_id, row.title, row.attempts, row.people) == ("gone-quiz", "A quiz of last year", 2, 2)
        assert analysed(company, quiz_id="gone-quiz").title == "A quiz of last year"


def test_quizzes_are_listed_in_the_order_of_the_catalogue(app: Flask, company: Company) -> None:
    with app.app_context():
        catalogue: Catalogue = the_catalogue()
        ids = list(catalogue.quizzes)[:3]
        for quiz_id in reversed(ids):
            add_sittings(company.id, catalogue.quizzes[quiz_id], 1)
        assert [row.quiz_id for row in quizzes_with_attempts(company.id, catalogue)] == ids


# Who may see it


@pytest.mark.parametrize("who", ["learner", "manager"])
def test_only_trainers_find_the_pages(app: Flask, company: Company, client_for: Clients, who: str) -> None:
    browser = client_for(getattr(company, who))
    assert browser.get("/teaching/quizzes/").status_code == 404
    assert browser.get(PATH).status_code == 404


def test_a_trainer_learns_nothing_of_another_organization(
    app: Flask, company: Company, other_company: Company, quiz: Quiz, client_for: Clients
) -> None:
    with app.app_context():
        add_sittings(company.id, quiz, 21, seed=1)
    trainer = client_for(company.trainer)
    pages = ("/teaching/quizzes/", PATH, PATH + "?attempts=all")

    def seen() -> list[str]:
        return [
            re.sub(r'(csrf[-_]token"[^>]*(?:value|content)=")[^"]+', r"\1", trainer.get(path).text) for path in pages
        ]

    before = seen()
    with app.app_context():
        other = replace(quiz, questions=(replace(quiz.questions[0], title="Other"), *quiz.questions[1:]), hash="1" * 64)
        add_sittings(
            other_company.id, quiz, 12, chooses=lambda question, *_: ["31337"] * (question.id == NUMERIC), seed=2
        )
        add_sittings(other_company.id, other, 12, seed=3)
        add_sittings(other_company.id, replace(quiz, id="their-quiz", title="Theirs alone"), 2)
        # A person of both organizations: each sees what was done there.
        with unit_of_work() as session:
            both = session.scalars(select(Attempt.user_id).where(Attempt.organization_id == company.id).limit(1)).one()
            session.add(Membership(organization_id=other_company.id, user_id=both, role=Role.LEARNER, joined_at=now()))
        sit(both, other_company, quiz, all_right(quiz))
    assert seen() == before
    assert trainer.get("/teaching/quizzes/their-quiz/").status_code == 404
    with app.app_context():
        assert analysed(other_company).attempts == 25
        with pytest.raises(NotFound):
            quiz_analysis(company.id, "their-quiz", the_catalogue(), first_only=True)


def test_no_name_is_on_the_page(app: Flask, company: Company, quiz: Quiz, client_for: Clients) -> None:
    with app.app_context():
        ids = add_sittings(company.id, quiz, 6)
    text = client_for(company.trainer).get(PATH).text
    assert "Sitter" not in text
    assert not [each for each in ids if each in text]


def test_answers_are_shown_from_five_people_on(app: Flask, company: Company, quiz: Quiz, client_for: Clients) -> None:
    trainer = client_for(company.trainer)
    with app.app_context():
        (first, *_) = add_sittings(company.id, quiz, 4)
        sit(first, company, quiz, all_right(quiz))
        page = analysed(company, first_only=False)
        assert (page.attempts, page.people, page.questions, page.withheld) == (5, 4, (), len(quiz.questions))
    text = trainer.get(PATH).text
    assert "fewer than 5 people had them" in text
    assert quiz.questions[0].title not in text
    with app.app_context():
        add_sittings(company.id, replace(quiz, questions=quiz.questions[1:]), 1)
        page = analysed(company)
        assert [each.number for each in page.questions] == list(range(2, len(quiz.questions) + 1))
        assert page.withheld == 1
    assert "1 question is not shown yet" in trainer.get(PATH).text


# The page


def test_an_empty_page_says_what_to_do(app: Flask, company: Company, client_for: Clients) -> None:
    trainer = client_for(company.trainer)
    assert "Nobody has handed in a quiz yet." in trainer.get("/teaching/quizzes/").text
    assert "Nobody has handed in this quiz yet." in trainer.get(PATH).text
    assert trainer.get("/teaching/quizzes/no-such-quiz/").status_code == 404


def test_the_page_shows_the_same_numbers_in_chart_and_table(
    app: Flask, company: Company, quiz: Quiz, client_for: Clients
) -> None:
    with app.app_context():
        add_sittings(company.id, quiz, 25)
        page = analysed(company)
    text = client_for(company.trainer).get(PATH).text
    for column in page.columns:
        assert re.search(rf">{column.low}–{column.high} %</th><td class=number>{column.number}<", text)
    drawn = [int(number) for number in re.findall(r'text-anchor="middle">(\d+)</text>', text.split("chart-axis")[0])]
    assert drawn == [column.number for column in page.columns if column.number]
    assert text.count('<section class="question') == len(page.questions)


def test_every_finding_has_its_words(app: Flask) -> None:
    with app.test_request_context():
        name = get_template_attribute("teaching/_analysis.html", "finding_name")
        names = {str(name(finding)) for finding in Finding}
    assert len(names) == len(Finding)


def test_the_number_of_queries_does_not_depend_on_the_number_of_attempts(
    app: Flask, company: Company, quiz: Quiz, client_for: Clients
) -> None:
    trainer = client_for(company.trainer)

    def count(path: str) -> int:
        statements: list[str] = []

        def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
            if statement.lstrip().upper().startswith(("SELECT", "WITH")):
                statements.append(statement)

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        assert trainer.get(path).status_code == 200
        event.remove(engine, "before_cursor_execute", note)
        return len(statements)

    paths = ("/teaching/quizzes/", PATH, PATH + "?attempts=all")
    with app.app_context():
        add_sittings(company.id, quiz, 2)
    few = [count(path) for path in paths]
    with app.app_context():
        add_sittings(company.id, quiz, 60)
        add_sittings(company.id, replace(quiz, hash="2" * 64, title="Changed"), 5)
    assert [count(path) for path in paths] == few
