"""Saving answers: one at a time as a script sends them, or a whole page.

Each verb is one transaction. It first locks the assessment, so that saving and finishing cannot cross.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from learning.assessments.errors import AssessmentFinished, BadAnswer, StaleAnswer, StalePage
from learning.assessments.instruments import dimension_of, item_of
from learning.assessments.models import Assessment, ItemAnswer, MissingAnswer
from learning.assessments.owned import instrument_of, lock_own
from learning.content.model import Item
from learning.database import new_id, unit_of_work
from learning.web.bases import Base
from learning.web.identity import Member
from learning.web.item_words import offered


def read_answer(item: Item, sent: str) -> tuple[int | None, MissingAnswer | None]:
    """A value, or the reason why there is none. Raises BadAnswer for what the item does not offer."""
    values, reasons = offered(item)
    if sent in {str(value) for value in values}:
        return int(sent), None
    if sent in reasons:
        return None, MissingAnswer(sent)
    raise BadAnswer(item.id)


def as_sent(value: int | None, missing: MissingAnswer | None) -> str:
    """A stored answer as a form sends it."""
    return str(value) if missing is None else missing.value


def save_answer(
    member: Member, assessment_id: str, item_id: str, *, operation_id: str, revision: int, sent: str, now: datetime
) -> int:
    """Save one answer and return its revision.

    The same operation sent twice has one effect. Raises NotFound, AssessmentFinished, BadAnswer or StaleAnswer
    (a newer one is stored); then nothing is changed.
    """
    item = item_of(instrument_of(member, assessment_id), item_id)
    with unit_of_work() as session:
        assessment = lock_own(session, member, assessment_id)
        stored = session.get(ItemAnswer, (assessment.id, item_id))
        if stored is not None and stored.operation_id == operation_id:
            return stored.revision
        if assessment.finished_at is not None:
            raise AssessmentFinished
        if stored is not None and stored.revision >= revision:
            raise StaleAnswer(stored.revision, as_sent(stored.value, stored.missing))
        _store(session, assessment, stored, item, sent, revision, operation_id, now)
    return revision


def save_dimension(
    member: Member,
    assessment_id: str,
    dimension_id: str,
    sent: Mapping[str, str],
    now: datetime,
    bases: Mapping[str, Base] | None = None,
) -> None:
    """Save the answers of one page: item id -> what the form sent. An item that was not sent is left alone.

    ``bases`` tells on which answers the page stood: a newer one of another page is not overwritten in silence. Raises
    NotFound, AssessmentFinished, BadAnswer or StalePage; then nothing of the page is saved.
    """
    items = {item.id: item for item in dimension_of(instrument_of(member, assessment_id), dimension_id).items}
    given = {item_id: sent[item_id] for item_id in items if sent.get(item_id)}
    with unit_of_work() as session:
        assessment = lock_own(session, member, assessment_id)
        if assessment.finished_at is not None:
            raise AssessmentFinished
        stored = {
            answer.item_id: answer
            for answer in session.scalars(
                select(ItemAnswer).where(
                    ItemAnswer.organization_id == member.organization_id, ItemAnswer.assessment_id == assessment.id
                )
            )
        }
        changed = {
            item_id: value
            for item_id, value in given.items()
            if item_id not in stored or as_sent(stored[item_id].value, stored[item_id].missing) != value
        }
        stale = {
            item_id
            for item_id in changed
            if (base := (bases or {}).get(item_id))
            and (known := stored.get(item_id))
            and base.is_older_than(known.revision, known.operation_id)
        }
        if stale:
            raise StalePage(stale)
        for item_id, value in changed.items():
            before = stored.get(item_id)
            revision = before.revision + 1 if before else 1
            _store(session, assessment, before, items[item_id], value, revision, new_id(), now)


def _store(
    session: Session,
    assessment: Assessment,
    stored: ItemAnswer | None,
    item: Item,
    sent: str,
    revision: int,
    operation_id: str,
    now: datetime,
) -> None:
    value, missing = read_answer(item, sent)
    answer = stored or ItemAnswer(
        assessment_id=assessment.id, item_id=item.id, organization_id=assessment.organization_id
    )
    answer.value, answer.missing = value, missing
    answer.revision, answer.operation_id, answer.saved_at = revision, operation_id, now
    session.add(answer)
