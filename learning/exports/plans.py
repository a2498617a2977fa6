"""Everything that can be exported, by name: how large it will be, and how it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from flask_babel import format_datetime
from flask_babel import gettext as _

from learning.errors import NotFound
from learning.exports import cohort_sources, content_sources, people_sources, person_sources
from learning.exports.files import the_folder
from learning.exports.models import Format
from learning.exports.record import RECORD, record_plan
from learning.exports.sources import Asked, Plan, Report, Source
from learning.web.tables import Row, write_csv, write_xlsx

#: So many cells are written while somebody waits, in less than a second; more in the background.
CELLS_AT_ONCE = 20_000
#: Letters of the version of the content that people compare.
VERSION = 12


@dataclass(frozen=True, slots=True)
class _Table:
    make: Callable[[Asked], Source]
    #: Filters that it knows.
    filters: tuple[str, ...]


_MATRIX = ("cohort", "course", "department", "name", "state", "sort")
TABLES: Mapping[str, _Table] = {
    "people": _Table(people_sources.people, ("department", "name")),
    "progress": _Table(people_sources.progress, _MATRIX),
    "lessons-read": _Table(people_sources.lessons_read, _MATRIX),
    "at-risk": _Table(people_sources.at_risk, ("cohort", "department", "name", "reason")),
    "cohort": _Table(people_sources.cohort, ("cohort", "name", "department")),
    "certificates": _Table(content_sources.certificates, ("course", "state", "text")),
    "lessons": _Table(content_sources.lessons, ()),
    "quizzes": _Table(content_sources.quizzes, ()),
    "quiz": _Table(content_sources.quiz, ("quiz", "attempts")),
    "lesson": _Table(content_sources.lesson, ("lesson",)),
    "late-answers": _Table(person_sources.late, ("person",)),
    "timeline": _Table(person_sources.in_order_of_time, ("person",)),
    "practice": _Table(person_sources.practice, ("cohort", "lesson", "state")),
    "cohorts": _Table(cohort_sources.cohorts, ()),
    "assignments": _Table(cohort_sources.assignments, ("cohort",)),
    "extensions": _Table(cohort_sources.extensions, ("cohort", "assignment", "name")),
    "curve": _Table(cohort_sources.curve, ("cohort", "course")),
}


def known_filters(kind: str, given: Mapping[str, str]) -> dict[str, str]:
    """Of what an address or a form sent only what the table knows, and no more than a page takes."""
    names = TABLES[kind].filters if kind in TABLES else ("cohort",)
    return {name: value[:100] for name in names if (value := given.get(name, "").strip())}


def plan_export(asked: Asked, kind: str, file_format: Format) -> Plan:
    """What would be written. Raises NotFound for what does not exist, or not for this organization."""
    if kind == RECORD and file_format is Format.PDF:
        return record_plan(asked)
    if kind not in TABLES or file_format is Format.PDF:
        raise NotFound
    source = TABLES[kind].make(asked)

    def write(stream: BinaryIO, report: Report) -> None:
        rows = _rows(source, report)
        if file_format is Format.CSV:
            write_csv(stream, source.columns, rows)
        else:
            write_xlsx(stream, source.title, source.columns, rows, _about(asked, source), _("About"), the_folder())

    return Plan(source.title, source.most, source.cells <= CELLS_AT_ONCE, write)


def _rows(source: Source, report: Report) -> Iterator[Row]:
    read = 0
    for number, rows in source.blocks:
        yield from rows
        read += number
        report(read)


def _about(asked: Asked, source: Source) -> list[tuple[str, str]]:
    """What stands on the second sheet."""
    organization, person = asked.names()
    return [
        (_("Organization"), organization),
        (_("Table"), source.title),
        *(source.filters or [(_("Filter"), _("None: everything"))]),
        (_("Made by"), person),
        (_("Made on"), f"{format_datetime(asked.now, 'd MMM y, HH:mm')} UTC"),
        (_("Version of the content"), asked.catalogue.hash[:VERSION]),
        (_("Days"), _("Days where the organization is") if source.local_days else _("Days of UTC")),
        (_("Keep it safe"), _("Personal data may stand in this file. Delete it when it is no longer needed.")),
    ]
