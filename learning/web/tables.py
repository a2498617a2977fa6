"""Tables as files for a spreadsheet: CSV and XLSX, written row by row, with nothing in them that a program would run.

A name is whatever somebody typed, and a spreadsheet takes a text such as ``=HYPERLINK(…)`` for a formula. In CSV, where
text and formula cannot be told apart, such a text gets an apostrophe in front; in XLSX every text is written as text.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from flask_babel import gettext as _

from learning.errors import DomainError

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

Cell = str | int | float | date | datetime | None
Row = Sequence[Cell]

#: What a spreadsheet begins a formula with, also as full-width letters; and what it skips before it looks.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: A spreadsheet holds no more in one cell, and no more rows.
LONGEST_TEXT = 16_000
MOST_ROWS = 1_048_575
#: Control characters and halves of a character: no XML may hold them.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
#: Day 0 of a spreadsheet, and the first day from which its calendar is right.
_DAY_0 = date(1899, 12, 30).toordinal()
_FIRST_DAY = date(1900, 3, 1)


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    NUMBER = "number"
    #: A day; of a moment its day in UTC.
    DATE = "date"
    #: 0 to 1, shown as per cent.
    SHARE = "share"


@dataclass(frozen=True, slots=True)
class Column:
    """A column, its width in letters."""

    title: str
    kind: Kind = Kind.TEXT
    width: int = 16


class TooManyRows(DomainError):
    """A spreadsheet would not open it whole."""

    status = 422

    def __init__(self) -> None:
        super().__init__(_("A spreadsheet holds a million rows, and this table has more. Narrow it by a filter."))


def write_csv(stream: BinaryIO, columns: Sequence[Column], rows: Iterable[Row]) -> None:
    """UTF-8 with a mark at its start, by which spreadsheets know it; days as 2026-01-31, shares from 0 to 1."""
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([harmless(column.title) for column in columns])
    kinds = [column.kind for column in columns]
    for row in rows:
        writer.writerow([_csv_cell(kind, cell) for kind, cell in zip(kinds, row, strict=True)])
    text.flush()
    text.detach()


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    clean = _FORBIDDEN.sub("", text)
    return f"'{clean}" if clean.startswith(FORMULA) else clean


def _csv_cell(kind: Kind, cell: Cell) -> str | int | float:
    value = _fitting(kind, cell)
    match value:
        case None:
            return ""
        case str():
            return harmless(value)
        case date():
            return value.isoformat()
        case float():
            return round(value, 6)
        case _:
            return value


def write_xlsx(
    stream: BinaryIO,
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Row],
    about: Sequence[tuple[str, str]],
    about_title: str,
    folder: Path,
) -> None:
    """A workbook: the table, and a sheet that says what it is. Rows wait in ``folder``, not in memory.

    Raises TooManyRows. XlsxWriter is loaded here and not before.
    """
    import xlsxwriter

    book = xlsxwriter.Workbook(
        stream,
        {
            "constant_memory": True,
            "tmpdir": str(folder),
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    formats = {
        Kind.TEXT: None,
        Kind.NUMBER: None,
        Kind.DATE: book.add_format({"num_format": "yyyy-mm-dd", "align": "left"}),
        Kind.SHARE: book.add_format({"num_format": "0 %"}),
    }
    sheet = book.add_worksheet(_sheet_name(title))
    for number, column in enumerate(columns):
        sheet.set_column(number, number, column.width)
        _write_text(sheet, 0, number, column.title, head)
    sheet.freeze_panes(1, 1)
    last = _write_rows(sheet, columns, rows, formats)
    sheet.autofilter(0, 0, last, len(columns) - 1)
    explained = book.add_worksheet(_sheet_name(about_title, besides=title))
    explained.set_column(0, 0, 24)
    explained.set_column(1, 1, 80)
    for number, (name, value) in enumerate(about):
        _write_text(explained, number, 0, name, head)
        _write_text(explained, number, 1, value)
    book.close()


def _write_rows(
    sheet: Worksheet, columns: Sequence[Column], rows: Iterable[Row], formats: dict[Kind, Format | None]
) -> int:
    """The number of the last row."""
    kinds = [(column.kind, formats[column.kind]) for column in columns]
    number = 0
    for number, row in enumerate(rows, start=1):
        if number > MOST_ROWS:
            raise TooManyRows
        for place, ((kind, style), cell) in enumerate(zip(kinds, row, strict=True)):
            value = _fitting(kind, cell)
            match value:
                case None:
                    continue
                case str():
                    _write_text(sheet, number, place, value)
                case date():
                    # The same as write_datetime, which takes longer for the same number.
                    sheet.write_number(number, place, value.toordinal() - _DAY_0, style)
                case _:
                    sheet.write_number(number, place, value, style)
    return number


def _fitting(kind: Kind, cell: Cell) -> str | int | float | date | None:
    """The value as its column wants it; what does not fit is text, and what is no number at all is nothing."""
    if isinstance(cell, datetime):
        cell = cell.date()
    match kind, cell:
        case _, None:
            return None
        case Kind.TEXT, _:
            return str(cell)
        case Kind.DATE, date() if cell >= _FIRST_DAY:
            return cell
        case ((Kind.NUMBER | Kind.SHARE), (int() | float())):
            return cell if math.isfinite(cell) else None
        case _:
            return str(cell)


def _write_text(sheet: Worksheet, row: int, column: int, text: str, style: Format | None = None) -> None:
    # Lines end in one way in XML: a carriage return would come back as an escape that some programs show.
    clean = _FORBIDDEN.sub("", text)[:LONGEST_TEXT].replace("\r\n", "\n").replace("\r", "\n")
    if clean.startswith("<r>") and clean.endswith("</r>"):
        # XlsxWriter would take it for XML of its own and write it as it is.
        clean += " "
    if clean:
        sheet.write_string(row, column, clean, style)


def _sheet_name(title: str, besides: str = "") -> str:
    """A name that a workbook takes, another one than that of its first sheet."""
    name = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", title)[:25].strip(" '") or "Table"
    return f"{name} 2" if besides and name.casefold() == _sheet_name(besides).casefold() else name
