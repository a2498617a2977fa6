"""Instruments frozen as they stood when somebody answered them."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.orm import Session

from learning.assessments.models import InstrumentVersion
from learning.content.model import Dimension, Instrument, Item
from learning.database import insert_once
from learning.errors import NotFound
from learning.extensions import db

_adapter: TypeAdapter[Instrument] = TypeAdapter(Instrument)


def freeze(session: Session, instrument: Instrument) -> str:
    """Keep an instrument under the hash of its content, within a unit of work; return the hash."""
    body: dict[str, Any] = _adapter.dump_python(instrument, mode="json")
    digest = hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    insert_once(session, InstrumentVersion, hash=digest, instrument_id=instrument.id, body=body)
    return digest


@lru_cache(maxsize=16)
def frozen(digest: str) -> Instrument:
    """The instrument kept under a hash. It never changes, so it is parsed once. Raises NotFound."""
    body = db.session.scalar(select(InstrumentVersion.body).where(InstrumentVersion.hash == digest))
    if body is None:
        raise NotFound
    return _adapter.validate_python(body)


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
