"""An instrument as a value that never changes: its canonical JSON, its hash, and what a new version may be compared with.

Whoever keeps answers keeps the canonical JSON beside them, under the hash, and reads the instrument back from it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from learning.content.model import Instrument


@cache
def _instruments() -> TypeAdapter[Instrument]:
    return TypeAdapter(Instrument)


def canonical_json(instrument: Instrument) -> str:
    """JSON that is the same for the same content, whatever the order or the comments of its file.

    Without the hash, and without the measures for companies, which can be bettered while a version is asked.
    """
    body = _instruments().dump_python(instrument, mode="json")
    del body["hash"]
    for dimension in body["dimensions"]:
        del dimension["measures"]
    return json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def instrument_hash(instrument: Instrument) -> str:
    """SHA-256 of the canonical JSON, hexadecimal. It stands in ``instrument.hash`` of everything in the catalogue."""
    return hashlib.sha256(canonical_json(instrument).encode()).hexdigest()


def instrument_from_json(body: str | Mapping[str, Any], kept_under: str) -> Instrument:
    """The instrument that was kept under a hash; ``body`` is its JSON, as text or already parsed.

    Bodies of before a field was added are read too, with the field's default. Raises pydantic's ValidationError if
    the body is no instrument.
    """
    parsed: dict[str, Any] = json.loads(body) if isinstance(body, str) else dict(body)
    return _instruments().validate_python({**parsed, "hash": kept_under})


def comparable_items(now: Instrument, before: Instrument) -> frozenset[str]:
    """Ids of the items whose answers to two versions may be compared; empty if nobody said so.

    Two languages of one version ask the same. Where somebody edited a version without giving it a new number, only
    the items that stayed word for word do.
    """
    old = {item.id: item for item in before.items}
    shared = [(item, old[item.id]) for item in now.items if item.id in old and item.kind == old[item.id].kind]
    if now.id != before.id:
        return frozenset()
    if now.version == before.version:
        translated = now.language != before.language
        return frozenset(item.id for item, earlier in shared if translated or item == earlier)
    if now.comparable is None or now.comparable.version != before.version:
        return frozenset()
    return frozenset(item.id for item, _ in shared if item.id in now.comparable.items)
