"""Instruments frozen as they stood when somebody answered them."""

from __future__ import annotations

import json
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from learning.assessments.models import InstrumentVersion
from learning.content.instrument_versions import canonical_json, instrument_from_json, instrument_hash
from learning.content.model import Dimension, Instrument, Item
from learning.database import insert_once
from learning.errors import NotFound
from learning.extensions import db


def freeze(session: Session, instrument: Instrument) -> str:
    """Keep an instrument under the hash of what it asks, within a unit of work; return the hash."""
    digest, body = instrument_hash(instrument), json.loads(canonical_json(instrument))
    insert_once(session, InstrumentVersion, hash=digest, instrument_id=instrument.id, body=body)
    return digest


@lru_cache(maxsize=16)
def frozen(digest: str) -> Instrument:
    """The instrument kept under a hash. It never changes, so it is parsed once. Raises NotFound."""
    body = db.session.scalar(select(InstrumentVersion.body).where(InstrumentVersion.hash == digest))
    if body is None:
        raise NotFound
    return instrument_from_json(body, kept_under=digest)


def dimension_of(instrument: Instrument, dimension_id: str) -> Dimension:
    """Raises NotFound if the instrument has no such dimension."""
    for dimension in instrument.dimensions:
        if dimension.id == dimension_id:
            return dimension
    raise NotFound


def item_of(instrument: Instrument, item_id: str) -> Item:
    """Raises NotFound if the instrument has no such item."""
    for dimension in instrument.dimensions:
        for item in dimension.items:
            if item.id == item_id:
                return item
    raise NotFound
