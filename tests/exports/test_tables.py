"""Whatever stands in a cell, a spreadsheet opens it as what it is and runs nothing."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from learning.web import tables
from learning.web.tables import FORMULA, Cell, Column, Kind, TooManyRows, write_csv, write_xlsx
from tests.proof import times

COLUMNS = (
    Column("=Name"),
    Column("Number", Kind.NUMBER),
    Column("Day", Kind.DATE),
    Column("Share", Kind.SHARE),
)
HOSTILE = (
    '=HYPERLINK("http://x.example","open")', "=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "＝1+1", "'=1", "=cmd|' /C calc'!A0",
    "http://x.example", "mailto:x@x.example", "0123", "1e5", "TRUE", "<r><t>x</t></r>", "<r>&</r>", "_x0041_", "\x00=1", "\ud800", "a\x0bb",
    '"', '","=1', "a\r\nb", ";=1", "{=1}", " =1", "\u202e=1", "x" * 40_000, "",
)  # fmt: skip
TEXT = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=30), st.tuples(st.sampled_from(FORMULA), st.text(max_size=9)).map("".join))  # fmt: skip
#: As large as a spreadsheet can hold, and what is no number.
NUMBERS = st.one_of(st.floats(-9e307, 9e307), st.sampled_from((float("inf"), float("-inf"), float("nan"))))
ROWS = st.lists(
    st.tuples(
        TEXT,
        st.one_of(st.none(), st.integers(-(10**9), 10**9), NUMBERS, TEXT),
        st.one_of(st.none(), st.dates(), st.datetimes(timezones=st.just(UTC)), TEXT),
        st.one_of(st.none(), st.floats(0, 1), TEXT),
    ),
    max_size=8,
)
few = settings(max_examples=times(60, 2000), deadline=None, suppress_health_check=list(HealthCheck))


def shown(cell: Cell) -> str:
    """A text as it may be read back: without what no XML holds, and cut."""
    return tables._FORBIDDEN.sub("", str(cell))[: tables.LONGEST_TEXT]


def same(found: str, wanted: str) -> bool:
    """Lines end in one way, and what looks like XML of XlsxWriter's own carries a blank at the end."""
    wanted = wanted.replace("\r\n", "\n").replace("\r", "\n")
    # openpyxl leaves the escapes of texts that look like escapes themselves.
    found = unescape(found)
    return found == wanted or (wanted.startswith("<r>") and found == wanted + " ")


def as_csv(rows: list[tuple[Cell, ...]]) -> list[list[str]]:
    stream = io.BytesIO()
    write_csv(stream, COLUMNS, rows)
    content = stream.getvalue()
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.prove
@few
@given(ROWS)
def test_no_cell_of_a_csv_begins_a_formula_and_every_number_stays_one(rows: list[tuple[Cell, ...]]) -> None:
    head, *found = as_csv(rows)
    assert head[0] == "'=Name"
    assert len(found) == len(rows)
    for row, cells in zip(rows, found, strict=True):
        for column, value, text in zip(COLUMNS, row, cells, strict=True):
            if isinstance(value, int | float) and column.kind is not Kind.TEXT:
                assert text == "" or float(text) == pytest.approx(float(value), abs=1e-6)
            else:
                assert not text.startswith(FORMULA), text
            if isinstance(value, str):
                clean = tables._FORBIDDEN.sub("", value)
                assert text in (clean, f"'{clean}")
            if isinstance(value, date) and column.kind is Kind.DATE:
                assert date.fromisoformat(text) == (value.date() if isinstance(value, datetime) else value)


@pytest.mark.prove
@few
@given(rows=ROWS)
def test_every_text_of_a_workbook_is_text_and_every_day_a_day(rows: list[tuple[Cell, ...]], tmp_path: Path) -> None:
    stream = io.BytesIO()
    about = [("Organization", "=1+1"), ("Filter", "http://x.example")]
    write_xlsx(stream, "Pro[gress]: all", COLUMNS, rows, about, "About", tmp_path)
    assert not list(tmp_path.iterdir())
    book = openpyxl.load_workbook(stream)
    sheet, explained = book.worksheets
    assert sheet.freeze_panes == "B2"
    assert [cell.value for cell in explained[1]] == ["Organization", "=1+1"]
    for each in (sheet, explained):
        assert not each._hyperlinks
        assert all(cell.data_type != "f" for line in each.iter_rows() for cell in line)
    found = [[cell.value for cell in line] for line in sheet.iter_rows(min_row=2, max_row=len(rows) + 1, max_col=4)]
    for row, cells in zip(rows, found, strict=True):
        for column, value, cell in zip(COLUMNS, row, cells, strict=True):
            if isinstance(value, datetime):
                value = value.date()
            if isinstance(value, str):
                assert cell is None if not shown(value) else same(cell, shown(value))
            elif isinstance(value, date) and value >= tables._FIRST_DAY:
                assert isinstance(cell, datetime)
                assert cell.date() == value
            elif isinstance(value, date):
                assert cell == value.isoformat()
            elif isinstance(value, float) and (value != value or abs(value) == float("inf")):
                assert cell is None
            elif value is not None:
                assert column.kind in (Kind.NUMBER, Kind.SHARE)
                assert cell == pytest.approx(value)
            else:
                assert cell is None


def test_a_workbook_holds_no_formula_link_or_macro_anywhere(tmp_path: Path) -> None:
    stream = io.BytesIO()
    write_xlsx(stream, "t", COLUMNS, [(text, None, None, None) for text in HOSTILE], [], "About", tmp_path)
    with zipfile.ZipFile(stream) as parts:
        for name in parts.namelist():
            content = parts.read(name)
            assert b"<f>" not in content
            assert b"<hyperlink" not in content
            assert b"/hyperlink" not in content
            assert "vba" not in name


def test_a_table_that_no_spreadsheet_holds_is_refused_and_not_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 3)
    with pytest.raises(TooManyRows):
        write_xlsx(io.BytesIO(), "t", COLUMNS[:1], [("x",)] * 4, [], "About", tmp_path)
