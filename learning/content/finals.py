"""The final quiz of a course: drawn from the questions of its modules, as far as its lessons teach them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from learning.content.context import FinalDraft
from learning.content.model import Course, Draw, Module, Question, Quiz, QuizRules, lesson_of
from learning.content.problems import Problems


@dataclass(frozen=True, slots=True)
class Bank:
    """The questions of one module that a course's lessons teach."""

    module_id: str
    lesson_ids: tuple[str, ...]
    questions: tuple[Question, ...]


def final_quiz(
    draft: FinalDraft, course: Course, modules: Mapping[str, Module], quizzes: Mapping[str, Quiz], problems: Problems
) -> Quiz:
    """The quiz, and a problem for each module that cannot give as many questions as are drawn."""
    banks = list(_banks(course, modules, quizzes))
    for bank in banks:
        if len(bank.questions) < draft.draw_per_module:
            problems.add(
                draft.line,
                f"draws {draft.draw_per_module} questions of `{bank.module_id}`, and {len(bank.questions)} name an "
                "objective of the lessons listed here first: lower the number, or add questions",
            )
    return Quiz(
        id=draft.id,
        module_id=None,
        title=draft.title,
        intro_html="",
        pass_mark=draft.pass_mark,
        attempts=draft.attempts,
        shuffle_questions=True,
        shuffle_options=True,
        questions=tuple(question for bank in banks for question in bank.questions),
        hash=_digest(draft, banks),
        rules=QuizRules(
            time_limit=draft.time_limit,
            pause=draft.pause,
            draw=tuple(Draw(draft.draw_per_module, bank.lesson_ids) for bank in banks),
        ),
    )


def _banks(course: Course, modules: Mapping[str, Module], quizzes: Mapping[str, Quiz]) -> Iterable[Bank]:
    for part in course.modules:
        quiz = quizzes.get(modules[part.module_id].quiz_id or "")
        if quiz is not None:
            questions = tuple(each for each in quiz.questions if lesson_of(each) in part.lesson_ids)
            yield Bank(part.module_id, part.lesson_ids, questions)


def _digest(draft: FinalDraft, banks: Iterable[Bank]) -> str:
    """SHA-256 over the draft and what it draws from."""
    questions = [repr(question) for bank in banks for question in bank.questions]
    return hashlib.sha256("\n".join([repr(draft), *questions]).encode()).hexdigest()
