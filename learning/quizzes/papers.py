"""Papers: what one sitting asks, frozen when it starts and addressed by its content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Any, assert_never

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.orm import Session

from learning.content.model import (
    ClozeQuestion,
    MatchingQuestion,
    MultipleQuestion,
    NumericQuestion,
    OrderingQuestion,
    Question,
    Quiz,
    QuizRules,
    ShortQuestion,
    SingleQuestion,
    TrueFalseQuestion,
    lesson_of,
)
from learning.database import insert_once
from learning.quizzes.models import Paper, QuestionVersion
from learning.recent import Recent

_question: TypeAdapter[Question] = TypeAdapter(Question)
_rules: TypeAdapter[QuizRules] = TypeAdapter(QuizRules)


@dataclass(frozen=True, slots=True)
class PaperQuestion:
    """A question on a paper, with the order in which its options stand."""

    question: Question
    #: Ids of options, matches or entries as the page lists them; empty for questions without such.
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FrozenPaper:
    """A paper with its questions, ready to be answered and marked."""

    quiz_id: str
    title: str
    pass_mark: int
    questions: tuple[PaperQuestion, ...]
    rules: QuizRules

    def question(self, question_id: str) -> Question | None:
        """The question with an id, if the paper has it."""
        return next((each.question for each in self.questions if each.question.id == question_id), None)


#: Papers of a process that were used last, and the versions of questions that they share.
_kept: Recent[str, FrozenPaper] = Recent(512)
_versions: Recent[str, Question] = Recent(1024)


def canonical(body: object) -> str:
    """JSON that is the same for the same content."""
    return json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest(body: object) -> str:
    """SHA-256 of the canonical JSON, hexadecimal."""
    return hashlib.sha256(canonical(body).encode()).hexdigest()


def draw_paper(session: Session, quiz: Quiz, chance: Random) -> str:
    """Freeze a quiz into a paper within a unit of work; return its hash.

    ``chance`` decides which questions are asked and the order of questions and options, as far as the quiz lets it.
    """
    questions = [_with_values(question, chance) for question in drawn(quiz, chance)]
    hashes = keep_versions(session, questions)
    if quiz.shuffle_questions:
        chance.shuffle(questions)
    entries = [
        {"question": hashes[question.id], "options": option_order(question, quiz, chance)} for question in questions
    ]
    body = {
        "quiz": quiz.id,
        "quiz_hash": quiz.hash,
        "title": quiz.title,
        "pass_mark": quiz.pass_mark,
        "questions": entries,
        "rules": _rules.dump_python(quiz.rules, mode="json"),
    }
    paper_hash = digest(body)
    insert_once(session, Paper, hash=paper_hash, quiz_id=quiz.id, body=body)
    return paper_hash


def _with_values(question: Question, chance: Random) -> Question:
    """The question as it is asked: neighbours get different values where there are variants."""
    if isinstance(question, NumericQuestion) and question.variants:
        return chance.choice(question.variants)
    return question


def drawn(quiz: Quiz, chance: Random) -> list[Question]:
    """The questions of one attempt in the author's order: all of them, or as many as the rules draw."""
    if not quiz.rules.draw:
        return list(quiz.questions)
    chosen: set[str] = set()
    for draw in quiz.rules.draw:
        bank = [each.id for each in quiz.questions if not draw.lesson_ids or lesson_of(each) in draw.lesson_ids]
        chosen.update(chance.sample(bank, min(draw.count, len(bank))))
    return [question for question in quiz.questions if question.id in chosen]


def keep_versions(session: Session, questions: Iterable[Question]) -> dict[str, str]:
    """Keep the versions that are new, within a unit of work; question id -> hash."""
    bodies: dict[str, dict[str, Any]] = {
        question.id: _question.dump_python(question, mode="json") for question in questions
    }
    hashes = {question_id: digest(body) for question_id, body in bodies.items()}
    # Always in the same order: two that start at once would else wait for each other's rows.
    for question_id in sorted(hashes, key=hashes.__getitem__):
        insert_once(
            session, QuestionVersion, hash=hashes[question_id], question_id=question_id, body=bodies[question_id]
        )
    return hashes


def option_order(question: Question, quiz: Quiz, chance: Random) -> list[str]:
    """Ids of options, matches or entries in the order in which they are asked; empty for questions without such."""
    match question:
        case TrueFalseQuestion():
            # True and false stand where everybody looks for them.
            return [option.id for option in question.options]
        case SingleQuestion() | MultipleQuestion():
            order = [option.id for option in question.options]
            return _shuffled(order, chance) if quiz.shuffle_options else order
        case MatchingQuestion():
            return _unlike([pair.id for pair in question.pairs], quiz, chance)
        case OrderingQuestion():
            return _unlike([item.id for item in question.items], quiz, chance)
        case NumericQuestion() | ShortQuestion() | ClozeQuestion():
            return []
        case _:
            assert_never(question)


def _unlike(right: list[str], quiz: Quiz, chance: Random) -> list[str]:
    """Another order than the right one, also where the quiz shuffles nothing: what is untouched is no answer."""
    # Ids are hashes: sorted by them is an order without meaning, and always the same.
    order = _shuffled(right, chance) if quiz.shuffle_options else sorted(right)
    return order if order != right else order[::-1]


def _shuffled(ids: Iterable[str], chance: Random) -> list[str]:
    order = list(ids)
    chance.shuffle(order)
    return order


def load_paper(session: Session, paper_hash: str) -> FrozenPaper:
    """The paper under a hash, as it was drawn. Two queries the first time; a process keeps the papers used last.

    A paper never changes, so a kept one is never out of date.
    """
    paper = _kept.get(paper_hash)
    if paper is None:
        paper = _read_paper(session, paper_hash)
        _kept.keep(paper_hash, paper)
    return paper


def load_papers(session: Session, hashes: Collection[str]) -> dict[str, FrozenPaper]:
    """Many papers by their hashes. Two queries, however many there are; questions that several ask are read once."""
    bodies = session.execute(select(Paper.hash, Paper.body).where(Paper.hash.in_(hashes))).all()
    questions = _read_versions(session, {entry["question"] for _, body in bodies for entry in body["questions"]})
    return {paper_hash: _frozen(body, questions) for paper_hash, body in bodies}


def with_versions(session: Session, paper: FrozenPaper, versions: Mapping[str, str]) -> FrozenPaper:
    """A paper with other versions of its questions: question id -> hash."""
    if not versions:
        return paper
    questions = _read_versions(session, set(versions.values()))
    return replace(
        paper,
        questions=tuple(
            replace(entry, question=questions.get(versions.get(entry.question.id, ""), entry.question))
            for entry in paper.questions
        ),
    )


def _read_versions(session: Session, hashes: Collection[str]) -> dict[str, Question]:
    """Versions by hash. One query if a process meets one of them for the first time."""
    found = {each: version for each in hashes if (version := _versions.get(each)) is not None}
    missing = set(hashes) - found.keys()
    if missing:
        wanted = select(QuestionVersion.hash, QuestionVersion.body).where(QuestionVersion.hash.in_(missing))
        for question_hash, body in session.execute(wanted):
            found[question_hash] = _question.validate_json(canonical(body))
            _versions.keep(question_hash, found[question_hash])
    return found


def _read_paper(session: Session, paper_hash: str) -> FrozenPaper:
    body = session.scalars(select(Paper.body).where(Paper.hash == paper_hash)).one()
    return _frozen(body, _read_versions(session, {entry["question"] for entry in body["questions"]}))


def _frozen(body: Mapping[str, Any], questions: Mapping[str, Question]) -> FrozenPaper:
    return FrozenPaper(
        quiz_id=body["quiz"],
        title=body["title"],
        pass_mark=body["pass_mark"],
        questions=tuple(
            PaperQuestion(questions[entry["question"]], tuple(entry["options"])) for entry in body["questions"]
        ),
        rules=_rules.validate_json(canonical(body.get("rules", {}))),
    )
