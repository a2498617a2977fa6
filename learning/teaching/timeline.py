"""One person's way in order of time, for their trainers, page by page.

Every sort of event is read by itself from where the page before ended, so that a long way costs no more than a short one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from heapq import merge
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true

from learning.content.model import Catalogue
from learning.extensions import db
from learning.teaching.timeline_events import Event, Source, sources_of

EVENTS_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Timeline:
    """A page of events, the newest first."""

    events: tuple[Event, ...]
    #: Where older ones start; None on the last page.
    next_after: str | None


def timeline(
    organization_id: str, user_id: str, catalogue: Catalogue, after: str = "", most: int = EVENTS_A_PAGE
) -> Timeline:
    """The events after the place where the page before ended. Twelve queries, however many there are.

    Whether the person learns here was asked before. A place that cannot be read is the beginning.
    """
    last = _Place.read(after)
    found = [
        _after(source, rank, last, most + 1)
        for rank, source in enumerate(sources_of(organization_id, user_id, catalogue))
    ]
    # Each is in the order of its database already; of events at one moment the sorts follow each other.
    lines = list(islice(merge(*found, key=lambda line: (line[0].at, -line[0].rank), reverse=True), most + 1))
    shown = lines[:most]
    return Timeline(tuple(event for _place, event in shown), shown[-1][0].text() if len(lines) > most else None)


def count_events(organization_id: str, user_id: str, catalogue: Catalogue) -> int:
    """How long a person's timeline is. One query."""
    counts = [
        select(func.count()).select_from(source.rows.subquery()).scalar_subquery()
        for source in sources_of(organization_id, user_id, catalogue)
    ]
    return sum(db.session.execute(select(*counts)).one())


@dataclass(frozen=True, slots=True)
class _Place:
    """An event among all: when, of which sort, and its key among those."""

    at: datetime
    rank: int
    key: str

    def text(self) -> str:
        """As an address holds it."""
        return f"{self.at:%Y%m%dT%H%M%S%f}.{self.rank}.{self.key}"

    @classmethod
    def read(cls, text: str) -> _Place | None:
        match = re.fullmatch(r"([0-9]{8}T[0-9]{12})\.([0-9]{1,2})\.([\w-]{0,100})", text)
        try:
            moment = datetime.strptime(match[1], "%Y%m%dT%H%M%S%f").replace(tzinfo=UTC) if match else None
        except ValueError:
            return None
        return cls(moment, int(match[2]), match[3]) if match and moment else None


def _after(source: Source, rank: int, last: _Place | None, most: int) -> list[tuple[_Place, Event]]:
    at, key = tuple(source.rows.selected_columns)[:2]
    query = source.rows.order_by(at.desc(), key).limit(most)
    if last is not None:
        query = query.where(_follows(at, key, rank, last, source.by_day))
    found = []
    for moment, its_key, *rest in db.session.execute(query):
        when = _first_moment(moment) if source.by_day else moment
        found.append((_Place(when, rank, its_key), source.event(when, *rest)))
    return found


def _follows(at: Any, key: Any, rank: int, last: _Place, by_day: bool) -> ColumnElement[bool]:
    """What stands behind a place."""
    bound = last.at.date() if by_day else last.at
    at_once: ColumnElement[bool]
    if (by_day and last.at > _first_moment(last.at.date())) or rank > last.rank:
        at_once = true()
    else:
        at_once = key > last.key if rank == last.rank else false()
    return or_(at < bound, and_(at == bound, at_once))


def _first_moment(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
