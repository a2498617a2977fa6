"""Fills the self-assessment for an invented person."""

from __future__ import annotations

import random
from datetime import datetime

from learning.assessments import answering, service
from learning.content.model import Catalogue
from learning.web.identity import Member

INSTRUMENT_ID = "employee-awareness"


def fill_assessment(chance: random.Random, catalogue: Catalogue, member: Member, now: datetime) -> None:
    """Answer every page around a level of one's own, now and then with "I don't know", and finish.

    Content of one's own may come without this instrument; then nothing is answered.
    """
    instrument = catalogue.instruments.get(INSTRUMENT_ID)
    if instrument is None:
        return
    assessment_id = service.start(member, instrument.id, catalogue, now)
    level = chance.uniform(0.2, 0.8)
    for dimension in instrument.dimensions:
        sent = {}
        for item in dimension.items:
            match item.kind:
                case "anchored":
                    sent[item.id] = "dont_know" if chance.random() < 0.1 else str(_around(chance, level, 0, 4))
                case "agreement":
                    aim = level if item.key == "positive" else 1 - level
                    sent[item.id] = str(_around(chance, aim, 1, 5))
                case "knowledge":
                    sent[item.id] = str(chance.randrange(len(item.options)))
        answering.save_dimension(member, assessment_id, dimension.id, sent, now)
    service.finish(member, assessment_id, now)


def _around(chance: random.Random, share: float, low: int, high: int) -> int:
    """A whole number near a share of the way from low to high."""
    return min(high, max(low, round(low + share * (high - low) + chance.gauss(0, 0.8))))
