"""The result of a self-assessment, as its page and its print show it."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime

from learning.assessments.models import Scope
from learning.assessments.queries import Filling
from learning.content.instrument_versions import comparable_items
from learning.content.model import Catalogue, Lesson
from learning.psychometrics.own_result import OwnResult, own_result
from learning.psychometrics.personal_change import HeadlineChange, headline_changes
from learning.psychometrics.responses import Answer, Missing
from learning.psychometrics.scales import score_instrument


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed since the last time."""

    finished_at: datetime
    headlines: tuple[HeadlineChange, ...]


@dataclass(frozen=True, slots=True)
class ResultPage:
    """A result with what only a self-assessment has: whose it is, when, and what changed."""

    assessment_id: str
    scope: Scope
    consented: bool
    finished_at: datetime
    own: OwnResult[Lesson]
    #: None the first time, or where nothing can be compared.
    comparison: Comparison | None


def result_page(filling: Filling, catalogue: Catalogue, read: Set[str], before: Filling | None = None) -> ResultPage:
    """Score a finished filling. ``read`` are the ids of the lessons that the person has read, ``before`` is the last
    filling of the same instrument."""
    earlier = score_instrument(before.instrument, _answers(before)) if before else None
    comparable = comparable_items(filling.instrument, before.instrument) if before else frozenset()
    own = own_result(filling.instrument, _answers(filling), _in_reading_order(catalogue), read, earlier, comparable)
    comparison = None
    if before is not None and earlier is not None:
        changes = headline_changes(filling.instrument, earlier, own.score, comparable)
        comparison = Comparison(before.finished_at or before.started_at, changes) if changes else None
    return ResultPage(
        assessment_id=filling.id,
        scope=filling.scope,
        consented=filling.consented,
        finished_at=filling.finished_at or filling.started_at,
        own=own,
        comparison=comparison,
    )


def _answers(filling: Filling) -> dict[str, Answer]:
    reasons = {reason.value for reason in Missing}
    return {item_id: Missing(sent) if sent in reasons else int(sent) for item_id, sent in filling.answers.items()}


def _in_reading_order(catalogue: Catalogue) -> dict[str, Lesson]:
    """Lessons that a course lists, module by module."""
    listed = {lesson for course in catalogue.courses.values() for lesson in course.lesson_ids}
    ordered = (lesson for module in catalogue.modules.values() for lesson in module.lesson_ids if lesson in listed)
    return {lesson: catalogue.lessons[lesson] for lesson in ordered}
