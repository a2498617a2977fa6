"""Many sittings of a quiz, inserted in blocks: as the verbs would leave them, but a thousand times faster."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import assert_never

from sqlalchemy import insert

from learning.accounts.models import Membership, User
from learning.clock import now
from learning.content.model import Question, Quiz
from learning.courses.models import QuizRecord
from learning.database import new_id, unit_of_work
from learning.grading.marking import RULE_VERSION
from learning.grading.scoring import score_quiz
from learning.grading.tries import Try
from learning.quizzes.gradings import MILLION, marks_of, millionths
from learning.quizzes.models import Answer, Attempt, AttemptState, Grading
from learning.quizzes.papers import draw_paper, load_paper
from learning.web.identity import Role

BLOCK = 500
#: In the order of their foreign keys.
TABLES = (User, Membership, Attempt, Answer, Grading, QuizRecord)
#: (question, strength of the person from 0 to 1, chance) -> what they send.
Chooses = Callable[[Question, float, random.Random], list[str]]


def choose(question: Question, strength: float, chance: random.Random) -> list[str]:
    """Right with a probability that is the person's strength; else not."""
    right = chance.random() < strength
    match question.type:
        case "single" | "true-false":
            return [chance.choice([each.id for each in question.options if each.right is right])]
        case "multiple":
            return [each.id for each in question.options if (each.right if right else chance.random() < 0.5)]
        case "numeric":
            first = question.accepted[0]
            return [str((first.low + first.high) / 2 if right else 7)]
        case "short":
            return [question.accepted[0] if right else "no idea"]
        case "matching":
            ids = [each.id for each in question.pairs]
            return ids if right else [*ids[1:], ids[0]]
        case "ordering":
            ids = [each.id for each in question.items]
            return ids if right else ids[::-1]
        case "cloze":
            return [
                gap.right[0] if right else next((each for each in gap.choices if each not in gap.right), "no idea")
                for gap in question.gaps
            ]
        case _:
            assert_never(question)


def add_sittings(organization_id: str, quiz: Quiz, people: int, chooses: Chooses = choose, seed: int = 7) -> list[str]:
    """New learners who each hand the quiz in once, on papers mixed for each; their ids."""
    chance = random.Random(seed)
    ids = []
    for start in range(0, people, BLOCK):
        rows: dict[type, list[dict[str, object]]] = {each: [] for each in TABLES}
        with unit_of_work() as session:
            for number in range(start, min(start + BLOCK, people)):
                paper_hash = draw_paper(session, quiz, random.Random(number))
                user_id, attempt_id, strength = new_id(), new_id(), chance.random()
                moment = now() - timedelta(minutes=people - number)
                paper = load_paper(session, paper_hash)
                answers = {
                    each.question.id: sent
                    for each in paper.questions
                    if (sent := chooses(each.question, strength, chance))
                }
                marks = marks_of(paper, {each: [Try(tuple(sent))] for each, sent in answers.items()})
                score = score_quiz(list(marks.values()), paper.pass_mark)
                rows[User].append(
                    {
                        "id": user_id,
                        "name": f"Sitter {number}",
                        "sign_in_name": f"sitter-{user_id}",
                        "created_at": moment,
                    }
                )
                owned = {"organization_id": organization_id}
                rows[Membership].append(
                    {"id": new_id(), "user_id": user_id, "role": Role.LEARNER, "joined_at": moment, **owned}
                )
                rows[Attempt].append(
                    {
                        "id": attempt_id, "user_id": user_id, "quiz_id": quiz.id, "number": 1, "paper_hash": paper_hash,
                        "state": AttemptState.SUBMITTED, "started_at": moment, "submitted_at": moment, **owned,
                    }
                )  # fmt: skip
                rows[Answer] += [
                    {
                        "attempt_id": attempt_id, "question_id": question_id, "revision": 1, "value": value,
                        "operation_id": question_id, "saved_at": moment, **owned,
                    }
                    for question_id, value in answers.items()
                ]  # fmt: skip
                rows[Grading].append(
                    {
                        "id": new_id(), "attempt_id": attempt_id, "number": 1, "rule_version": RULE_VERSION,
                        "points": millionths(score.points), "maximum": score.maximum * MILLION, "passed": score.passed,
                        "details": {
                            question_id: {
                                "points": millionths(mark.points), "maximum": mark.maximum * MILLION,
                                "verdict": mark.verdict.value,
                            }
                            for question_id, mark in marks.items()
                        },
                        "reason": "submitted", "created_at": moment, **owned,
                    }
                )  # fmt: skip
                rows[QuizRecord].append(
                    {
                        "user_id": user_id, "quiz_id": quiz.id, "attempts": 1, "passes": int(score.passed),
                        "best": int(1000 * score.points / score.maximum),
                        "total": float(1000 * score.points / score.maximum),
                        "first_passed_at": moment if score.passed else None,
                        "last_passed_at": moment if score.passed else None, "last_submitted_at": moment, **owned,
                    }
                )  # fmt: skip
                ids.append(user_id)
            for table, values in rows.items():
                if values:
                    session.execute(insert(table), values)
    return ids
