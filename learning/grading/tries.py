"""Marking a question that could be tried more than once, or that is marked by certainty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from learning.content.model import Question, QuizRules
from learning.grading.certainty import HIGHEST, Certainty, certain_points
from learning.grading.marking import Mark, Verdict, mark
from learning.grading.responses import parse_response


@dataclass(frozen=True, slots=True)
class Try:
    """An answer as it was given: the values of a form, and how sure the person said they were."""

    value: tuple[str, ...]
    certainty: Certainty | None = None


def mark_tries(question: Question, tries: Sequence[Try], rules: QuizRules) -> Mark:
    """The mark of a question: of the last try, less what its number costs.

    No try at all is unanswered. Each try after the first costs ``rules.retry_penalty`` per cent of the gain; what a
    wrong answer loses by certainty is lost whole.
    """
    maximum = question.points * (HIGHEST if rules.certainty else 1)
    if not tries:
        return Mark(Fraction(0), maximum, Verdict.UNANSWERED)
    last = tries[-1]
    plain = mark(question, parse_response(question, last.value))
    points = plain.points
    if rules.certainty and plain.verdict is not Verdict.UNANSWERED:
        points = certain_points(plain.points / question.points, question.points, last.certainty)
    if points > 0:
        points *= max(Fraction(0), 1 - Fraction((rules.retry_penalty or 0) * (len(tries) - 1), 100))
    return replace(plain, points=points, maximum=maximum)


def tries_allowed(rules: QuizRules) -> int:
    """How often a question may be checked before the attempt is handed in; 0 where it may not."""
    if rules.feedback != "immediate":
        return 0
    return 1 if rules.retry_penalty is None else 2
