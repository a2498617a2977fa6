"""What tests of the self-assessment share: starting, answering, finishing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from learning.assessments import answering, service
from learning.assessments.answering import read_answer
from learning.assessments.instruments import freeze, item_of
from learning.assessments.models import Assessment, ItemAnswer, Scope
from learning.clock import now
from learning.content.model import AgreementItem, AnchoredItem, Instrument, Item
from learning.database import new_id, unit_of_work
from learning.web.catalogue import the_catalogue
from learning.web.identity import Member

INSTRUMENT = "employee-awareness"


def instrument() -> Instrument:
    """The instrument that most tests answer."""
    return the_catalogue().instruments[INSTRUMENT]


def answers(level: int, of: Instrument | None = None) -> dict[str, str]:
    """The same level for every item: 0 to 4, higher is better; knowledge items get the option in that place."""
    return {item.id: str(_value(item, level)) for each in (of or instrument()).dimensions for item in each.items}


def _value(item: Item, level: int) -> int:
    match item:
        case AnchoredItem():
            return level
        case AgreementItem():
            return level + 1 if item.key == "positive" else 5 - level
        case _:
            return min(level, len(item.options) - 1)


def fill(
    member: Member,
    sent: Mapping[str, str],
    moment: datetime | None = None,
    *,
    scope: Scope = Scope.ORGANIZATION,
    consented: bool = False,
    instrument_id: str = INSTRUMENT,
) -> str:
    """Start, answer and finish; return the id. Call it within an application context."""
    moment = moment or now()
    catalogue = the_catalogue()
    assessment_id = service.start(member, instrument_id, catalogue, moment, scope)
    for dimension in catalogue.instruments[instrument_id].dimensions:
        answering.save_dimension(member, assessment_id, dimension.id, sent, moment)
    service.finish(member, assessment_id, moment, consented=consented)
    return assessment_id


def fill_many(filled: Sequence[tuple[Member, Mapping[str, str]]], *, consented: bool) -> list[str]:
    """Finished assessments of many people in one transaction, as their own way through the pages would leave them."""
    moment = now()
    with unit_of_work() as session:
        made = []
        digest = freeze(session, instrument())
        for member, sent in filled:
            assessment = Assessment(
                id=new_id(),
                organization_id=member.organization_id,
                user_id=member.user_id,
                instrument_id=INSTRUMENT,
                instrument_hash=digest,
                scope=Scope.ORGANIZATION,
                started_at=moment,
                finished_at=moment,
                consented=consented,
            )
            session.add(assessment)
            session.flush()
            for item_id, given in sent.items():
                value, missing = read_answer(item_of(instrument(), item_id), given)
                session.add(
                    ItemAnswer(
                        assessment_id=assessment.id,
                        item_id=item_id,
                        organization_id=member.organization_id,
                        value=value,
                        missing=missing,
                        revision=1,
                        operation_id=new_id(),
                        saved_at=moment,
                    )
                )
            made.append(assessment.id)
        return made
