"""The rules of sitting a quiz, out of its front matter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from learning.content.model import REVIEW_PARTS, Draw, Question, QuizRules, lesson_of
from learning.content.problems import Problems
from learning.content.schemas import QuizFront
from learning.content.yaml_lines import Document


def read_rules(front: QuizFront, document: Document, questions: Sequence[Question], problems: Problems) -> QuizRules:
    """The rules, and a problem for each that the questions or another rule do not bear."""
    if front.retry_penalty is not None and front.feedback != "immediate":
        problems.add(
            document.line(("retry_penalty",)),
            "has a `retry_penalty` without a second try: add `feedback: immediate`, or delete it",
        )
    return QuizRules(
        time_limit=front.time_limit,
        pause=front.pause,
        draw=_draw(front, document, questions, problems),
        feedback=front.feedback,
        retry_penalty=front.retry_penalty,
        one_at_a_time=front.one_at_a_time,
        certainty=front.certainty,
        # In the order of the page, each once.
        review=tuple(part for part in REVIEW_PARTS if part in front.review),
    )


def _draw(front: QuizFront, document: Document, questions: Sequence[Question], problems: Problems) -> tuple[Draw, ...]:
    if front.draw is not None and front.draw_per_lesson is not None:
        problems.add(document.line(("draw",)), "draws twice: keep `draw` or `draw_per_lesson`")
    if front.draw is not None:
        if front.draw > len(questions):
            problems.add(
                document.line(("draw",)),
                f"draws {front.draw} of {len(questions)} questions: lower it, or add questions",
            )
        return (Draw(front.draw),)
    there = Counter(map(lesson_of, questions))
    for lesson, count in (front.draw_per_lesson or {}).items():
        if count > there[lesson]:
            problems.add(
                document.line(("draw_per_lesson", lesson)),
                f"draws {count} questions about `{lesson}`, and {there[lesson]} name an objective of it first: "
                "lower the number, or add questions",
            )
    return tuple(Draw(count, (lesson,)) for lesson, count in (front.draw_per_lesson or {}).items())
