"""Papers: what one sitting asks, frozen when it starts and addressed by its content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from random import Random
from typing import Any

import structlog
from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.orm import Session

from learning.content.model import Question, Quiz
from learning.database import insert_once
from learning.quizzes.errors import NothingToAsk
from learning.quizzes.models import Paper, QuestionVersion
from learning.recent import Recent

log = structlog.get_logger()

#: Types that have a page to answer them on. A question of another type is left out of the paper.
SHOWN_TYPES = frozenset({"single", "multiple", "true-false", "numeric"})

_question: TypeAdapter[Question] = TypeAdapter(Question)


@dataclass(frozen=True, slots=True)
class PaperQuestion:
    """A question on a paper, with the order in which its options stand."""

    question: Question
    #: Ids of the options in order; empty for questions without options.
    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FrozenPaper:
    """A paper with its questions, ready to be answered and marked."""

    quiz_id: str
    title: str
    pass_mark: int
    questions: tuple[PaperQuestion, ...]

    def question(self, question_id: str) -> Question | None:
        """The question with an id, if the paper has it."""
        return next((each.question for each in self.questions if each.question.id == question_id), None)


#: Papers of a process that were used last; one of twelve questions takes about 50 kB.
_kept: Recent[str, FrozenPaper] = Recent(128)


def canonical(body: object) -> str:
    """JSON that is the same for the same content."""
    return json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest(body: object) -> str:
    """SHA-256 of the canonical JSON, hexadecimal."""
    return hashlib.sha256(canonical(body).encode()).hexdigest()


def draw_paper(session: Session, quiz: Quiz, chance: Random) -> str:
    """Freeze a quiz into a paper within a unit of work; return its hash.

    ``chance`` decides the order of questions and options, as far as the quiz lets it. Raises NothingToAsk.
    """
    questions = [question for question in quiz.questions if question.type in SHOWN_TYPES]
    if len(questions) < len(quiz.questions):
        left_out = [question.id for question in quiz.questions if question.type not in SHOWN_TYPES]
        log.warning("questions of types without a page are not asked", quiz=quiz.id, questions=left_out)
    if not questions:
        raise NothingToAsk
    hashes = _freeze(session, questions)
    if quiz.shuffle_questions:
        chance.shuffle(questions)
    entries = [
        {"question": hashes[question.id], "options": _option_order(question, quiz, chance)} for question in questions
    ]
    body = {
        "quiz": quiz.id,
        "quiz_hash": quiz.hash,
        "title": quiz.title,
        "pass_mark": quiz.pass_mark,
        "questions": entries,
    }
    paper_hash = digest(body)
    insert_once(session, Paper, hash=paper_hash, quiz_id=quiz.id, body=body)
    return paper_hash


def _freeze(session: Session, questions: Iterable[Question]) -> dict[str, str]:
    """Keep the versions that are new; question id -> hash."""
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


def _option_order(question: Question, quiz: Quiz, chance: Random) -> list[str]:
    if question.type not in {"single", "multiple", "true-false"}:
        return []
    order = [option.id for option in question.options]
    # True and false stand where everybody looks for them.
    if quiz.shuffle_options and question.type != "true-false":
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


def _read_paper(session: Session, paper_hash: str) -> FrozenPaper:
    body = session.scalars(select(Paper.body).where(Paper.hash == paper_hash)).one()
    hashes = {entry["question"] for entry in body["questions"]}
    rows = session.execute(select(QuestionVersion.hash, QuestionVersion.body).where(QuestionVersion.hash.in_(hashes)))
    questions = {question_hash: _question.validate_json(canonical(frozen)) for question_hash, frozen in rows}
    return FrozenPaper(
        quiz_id=body["quiz"],
        title=body["title"],
        pass_mark=body["pass_mark"],
        questions=tuple(
            PaperQuestion(questions[entry["question"]], tuple(entry["options"])) for entry in body["questions"]
        ),
    )
