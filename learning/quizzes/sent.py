"""What the form of a sitting sends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from learning.quizzes.answering import Given
from learning.web.bases import Base, read_bases

#: Form fields of answers: this and the question's id.
ANSWER = "q-"
#: Entries to be put in order that nobody has moved yet: they stand on the page and are no answer.
OFFERED = "o-"
CERTAINTY = "c-"


@dataclass(frozen=True, slots=True)
class SentPage:
    """The answers of a page, and on which answers it stood."""

    answers: Mapping[str, Given]
    bases: Mapping[str, Base]


def read_page(form: MultiDict[str, str]) -> SentPage:
    """Every question that stood on the page with what was answered.

    A page without scripts sends nothing for a question without a choice; the hidden ``on-page`` fields name them.
    """
    asked = form.getlist("on-page")
    answers = {each: Given(_values(form, each), _number(form.get(CERTAINTY + each))) for each in asked}
    if moved := _moved(form):
        question_id, order = moved
        if question_id in answers:
            answers[question_id] = Given(order, answers[question_id].certainty)
    return SentPage(answers, read_bases(form))


def _values(form: MultiDict[str, str], question_id: str) -> list[str]:
    """The values of a question. Empty ones keep their place, so that a row left out is not filled by the next."""
    values = form.getlist(ANSWER + question_id)
    return values if any(value.strip() for value in values) else []


def moved_question(form: MultiDict[str, str]) -> str | None:
    """The question of which an entry was moved up or down by its button."""
    return form.get("move", "").partition(" ")[0] or None


def _moved(form: MultiDict[str, str]) -> tuple[str, list[str]] | None:
    """The question and its entries in the order after a button ``move`` of value ``question entry up|down``."""
    question_id, entry, way = [*form.get("move", "").split(" "), "", "", ""][:3]
    order = form.getlist(ANSWER + question_id) or form.getlist(OFFERED + question_id)
    if entry not in order:
        return None
    place = order.index(entry)
    target = place - 1 if way == "up" else place + 1
    if 0 <= target < len(order):
        order[place], order[target] = order[target], order[place]
    return question_id, order


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None
