"""Rosters as they come: whatever is sent ends in rows, each problem named by row and column, or in a clear refusal."""

from __future__ import annotations

import codecs
import contextlib
import io
import random
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learning.teaching.roster import KEEPS_OUT, Kind, Roster, read_pasted, read_roster
from learning.teaching.roster_files import MOST_ROWS, FileFault, Unreadable, read_sheet
from tests.proof import times


def logins(roster: Roster) -> list[str]:
    return [row.login for row in roster.rows]


def said(roster: Roster) -> list[tuple[int, str, Kind]]:
    return [(finding.row, finding.column, finding.kind) for finding in roster.findings]


PLAIN = "Name,E-mail\nAna Lopez,ana@river.example\nBo Chen,bo@river.example\n"
BOTH = ["ana@river.example", "bo@river.example"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_what_table_programs_write_is_read(delimiter: str, encoding: str, ends: str) -> None:
    data = PLAIN.replace(",", delimiter).replace("\n", ends).encode(encoding)
    marks = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}
    roster = read_roster(marks.get(encoding, b"") + data)
    assert logins(roster) == BOTH
    assert [row.name for row in roster.rows] == ["Ana Lopez", "Bo Chen"]
    assert roster.findings == ()
    assert roster.has_headings
    assert roster.delimiter == delimiter


@pytest.mark.parametrize(
    ("text", "encoding", "names"),
    [
        ("姓名,邮箱\n张伟,zhang@river.example\n王秀英,wang@river.example\n", "gb18030", ["张伟", "王秀英"]),
        ("姓名;电子邮箱\n欧阳娜娜;na@river.example\n", "gb18030", ["欧阳娜娜"]),
        (
            "Name;E-Mail\nJürgen Groß;j@river.example\nZoë Brontë;z@river.example\n",
            "cp1252",
            ["Jürgen Groß", "Zoë Brontë"],
        ),
        ("Name,Email\nFrançois Lefèvre,f@river.example\n", "cp1252", ["François Lefèvre"]),
        ("Name,Email\nPeña – “Nino”,p@river.example\n", "cp1252", ["Peña – “Nino”"]),
    ],
)
def test_old_encodings_of_the_west_and_of_china_are_told_apart(text: str, encoding: str, names: list[str]) -> None:
    roster = read_roster(text.encode(encoding))
    assert [row.name for row in roster.rows] == names
    assert roster.encoding == encoding


def test_names_of_columns_may_be_missing_or_in_any_order() -> None:
    assert logins(read_roster(b"ana@river.example\nbo@river.example\n")) == BOTH
    assert logins(read_roster(b"Ana,ana@river.example\nBo,bo@river.example\n")) == BOTH
    assert logins(read_roster(b"river-1042\nriver-1043\n")) == ["river-1042", "river-1043"]
    roster = read_roster("部门,工号,姓名\nDye,1042,张伟\n".encode())
    assert [(row.login, row.name) for row in roster.rows] == [("1042", "张伟")]
    assert roster.unused == ("部门",)
    given = read_roster(b"Last name,First name,Mail\nLopez,Ana,ana@river.example\n")
    assert given.rows[0].name == "Ana Lopez"
    # An address wins over a number; where there is none, the number is taken.
    both = read_roster(b"Number,E-mail\n1042,ana@river.example\n1043,\n")
    assert logins(both) == ["ana@river.example", "1043"]


def test_rows_are_counted_as_a_table_program_counts_them() -> None:
    roster = read_roster(b'sep=;\nName;Mail\n\n"Ana\nLopez";ana@river.example\n;\n;wrong@\n')
    assert [(row.number, row.name) for row in roster.rows] == [(4, "Ana Lopez")]
    assert said(roster) == [(6, "Mail", Kind.NOT_AN_ADDRESS)]
    assert logins(read_roster(b"Name;Mail\n;two words\nAna;ana@river.example")) == ["ana@river.example"]


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("ana@@river.example", Kind.NOT_AN_ADDRESS),
        ("ana@river", Kind.NOT_AN_ADDRESS),
        ("ana lopez@river.example", Kind.NOT_AN_ADDRESS),
        ("аna@river.example", Kind.OTHER_LETTERS),
        ("ana@ríver.example", Kind.OTHER_LETTERS),
        ("ana@\u202eriver.example", Kind.INVISIBLE),
        ("ana\u200b@river.example", Kind.INVISIBLE),
        ("ana\0@river.example", Kind.INVISIBLE),
        ("=HYPERLINK(1)", Kind.FORMULA),
        ("+ana@river.example", Kind.FORMULA),
        ("-1", Kind.FORMULA),
        ("@SUM(A1)", Kind.FORMULA),
        ("＝1+1", Kind.FORMULA),
    ],
)
def test_what_is_no_address_is_named_by_row_and_column_and_left_out(cell: str, kind: Kind) -> None:
    roster = read_roster(f'Name,E-mail\nAna Lopez,"{cell}"\nBo Chen,bo@river.example\n'.encode())
    assert said(roster) == [(2, "E-mail", kind)]
    assert kind in KEEPS_OUT
    assert logins(roster) == ["bo@river.example"]


def test_two_rows_of_one_address_count_once_and_likely_ones_are_said() -> None:
    roster = read_roster(
        "m.lopez@river.example\n M.Lopez@River.example \nmlopez@river.example\nm.lopez+x@river.example\n"
        "ｍ．ｌｏｐｅｚ＠river.example\nbo＠river.example\n".encode()
    )
    assert logins(roster) == [
        "m.lopez@river.example",
        "mlopez@river.example",
        "m.lopez+x@river.example",
        "bo@river.example",
    ]
    assert [(finding.row, finding.kind, finding.other_row) for finding in roster.findings] == [
        (2, Kind.DUPLICATE, 1),
        (3, Kind.NEAR_DUPLICATE, 1),
        (4, Kind.NEAR_DUPLICATE, 1),
        (5, Kind.READ_AS, None),
        (5, Kind.DUPLICATE, 1),
        (6, Kind.READ_AS, None),
    ]


def test_names_are_shown_as_they_are_but_for_what_cannot_be_seen() -> None:
    roster = read_roster(
        "Name,E-mail\n"
        "ليلى حسن,leila@river.example\n"
        "\u202eZopel\u202c Ana,ana@river.example\n"
        "=cmd|' /C calc'!A0,bo@river.example\n"
        "می\u200cخواهم,mi@river.example\n".encode()
    )
    assert [row.name for row in roster.rows] == [
        "ليلى حسن",
        "Zopel Ana",
        "=cmd|' /C calc'!A0",
        "می\u200cخواهم",
    ]
    assert said(roster) == [(3, "Name", Kind.NAME_INVISIBLE), (4, "Name", Kind.NAME_FORMULA)]


def test_pasted_addresses_are_read_as_mail_programs_copy_them() -> None:
    roster = read_pasted('"Ana Lopez" <ana@river.example>; bo@river.example,\r\nmailto:Cy@river.example\n\nwrong@\n')
    assert [(row.number, row.login, row.name) for row in roster.rows] == [
        (1, "ana@river.example", "Ana Lopez"),
        (1, "bo@river.example", ""),
        (2, "cy@river.example", ""),
    ]
    assert said(roster) == [(4, "A", Kind.NOT_AN_ADDRESS)]
    with pytest.raises(Unreadable) as refused:
        read_pasted(" \n;;\n")
    assert refused.value.refusal is FileFault.EMPTY


# --- forty hostile files ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Hostile:
    """A file that means no good, and what must come of it: a refusal, or rows with something said of some."""

    name: str
    data: Callable[[], bytes]
    refusal: FileFault | None = None
    rows: int | None = None
    kinds: frozenset[Kind] = frozenset()


def _workbook() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>" * 100)
    return packed.getvalue()


def _many(count: int) -> bytes:
    return b"E-mail\n" + b"".join(b"person%d@river.example\n" % number for number in range(count))


HOSTILE = [
    Hostile("nothing", lambda: b"", FileFault.EMPTY),
    Hostile("a mark alone", lambda: codecs.BOM_UTF8, FileFault.EMPTY),
    Hostile("blanks", lambda: b" \n\t\n \r\n" * 50_000, FileFault.EMPTY),
    Hostile("separators", lambda: b",,,,\n" * 100_000, FileFault.EMPTY),
    Hostile("headings alone", lambda: b"Name,E-mail\n", FileFault.EMPTY),
    Hostile("newlines", lambda: b"\n" * 2_000_000, FileFault.EMPTY),
    Hostile("NUL bytes", lambda: b"\0" * 100_000, FileFault.BINARY),
    Hostile("a workbook", _workbook, FileFault.WORKBOOK),
    Hostile("an old workbook", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 5_000, FileFault.WORKBOOK),
    Hostile("a PDF", lambda: b"%PDF-1.7\n1 0 obj <<>> endobj\n" * 100, FileFault.BINARY),
    Hostile("a picture", lambda: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0" + random.Random(1).randbytes(9_000), FileFault.BINARY),
    Hostile("noise", lambda: random.Random(2).randbytes(500_000), FileFault.BINARY),
    Hostile("noise without NUL", lambda: random.Random(3).randbytes(500_000).replace(b"\0", b""), FileFault.ENCODING),
    Hostile("a program", lambda: b"\x7fELF\2\1\1" + b"\0\1\2\3" * 5_000, FileFault.BINARY),
    Hostile("two bytes a letter without their mark", lambda: PLAIN.encode("utf-16-le"), FileFault.BINARY),
    Hostile("half a letter of two bytes", lambda: PLAIN.encode("utf-16")[:-1], FileFault.ENCODING),
    Hostile("half a letter at the end", lambda: "a@river.example\n张".encode()[:-1], rows=1, kinds=frozenset({Kind.OTHER_LETTERS})),
    Hostile("too large", lambda: b"a" * 2_000_001, FileFault.TOO_LARGE),
    Hostile("100,000 rows", lambda: b"a@r.io\n" * 100_000, FileFault.TOO_MANY_ROWS),
    Hostile("one row more than allowed", lambda: _many(MOST_ROWS + 1), FileFault.TOO_MANY_ROWS),
    Hostile("as many rows as allowed", lambda: _many(MOST_ROWS), rows=MOST_ROWS),
    Hostile("a million columns", lambda: b"a@river.example" + b",x" * 900_000, FileFault.TOO_MANY_COLUMNS),
    Hostile("a cell of two million letters", lambda: b"Name,E-mail\n" + b"x" * 1_900_000 + b",a@river.example\n", FileFault.QUOTES),
    Hostile("a quote that does not close", lambda: b'Name,E-mail\n"Ana,ana@river.example\n' + b"x,y@river.example\n" * 9, FileFault.QUOTES),
    Hostile("a quote that does not close over a long file", lambda: b'Name,E-mail\n"Ana,\n' + b"x,y@river.example\n" * 90_000, FileFault.QUOTES),
    Hostile("a quote within a cell", lambda: b'Name,E-mail\n"Ana"x,ana@river.example\n', FileFault.QUOTES),
    Hostile("a million quotes", lambda: b'"' * 1_000_001, FileFault.QUOTES),
    Hostile("no addresses", lambda: b"Name,Place\nAna,Dye house\nBo,Boiler house\n", FileFault.NO_ADDRESSES),
    Hostile("a page", lambda: b"<html><body>\n<p>Roster, please</p>\n</body></html>\n" * 5, FileFault.NO_ADDRESSES),
    Hostile("JSON", lambda: b'[{"a": 1, "b": 2},\n {"a": 3, "b": 4}]\n', FileFault.NO_ADDRESSES),
    Hostile("formulas", lambda: b"Name,E-mail\n=1+1,=cmd|'/C calc'!A0\n+1,@SUM(1)\n-1,-2\n", rows=0, kinds=frozenset({Kind.FORMULA, Kind.NAME_FORMULA})),
    Hostile("one address 20,000 times", lambda: b"a@river.example\n" * MOST_ROWS, rows=1, kinds=frozenset({Kind.DUPLICATE})),
    Hostile("20,000 that look alike", lambda: b"".join(b"a+%d@river.example\n" % number for number in range(MOST_ROWS)), rows=MOST_ROWS, kinds=frozenset({Kind.NEAR_DUPLICATE})),
    Hostile("20,000 wrong ones", lambda: b"wrong@\n" * MOST_ROWS, rows=0, kinds=frozenset({Kind.NOT_AN_ADDRESS})),
    Hostile("ragged rows", lambda: b"Name,E-mail\nAna,ana@river.example,x,y\nBo\n,,,bo@river.example\n", rows=1, kinds=frozenset({Kind.RAGGED, Kind.NO_ADDRESS})),
    Hostile("turned directions", lambda: "Name,E-mail\n\u202eAna,\u202eana@river.example\nBo\u2066,bo@river.example\n".encode(), rows=1, kinds=frozenset({Kind.INVISIBLE, Kind.NAME_INVISIBLE})),
    Hostile("a NUL in a cell", lambda: PLAIN.replace("bo@", "b\0o@").encode(), rows=1, kinds=frozenset({Kind.INVISIBLE})),
    Hostile("letters of other alphabets", lambda: "Name,E-mail\nAna,аna@river.example\nBo,bo＠river.example\n".encode(), rows=1, kinds=frozenset({Kind.OTHER_LETTERS, Kind.READ_AS})),
    Hostile("a flood of accents", lambda: ("Name,E-mail\nA" + "\u0301" * 900 + ",a" + "\u0301" * 900 + "@river.example\n").encode(), rows=0, kinds=frozenset({Kind.NOT_AN_ADDRESS})),
    Hostile("letters that grow eighteenfold", lambda: ("E-mail\n" + ("\ufdfa" * 900 + "@river.example\n") * 600).encode(), rows=0, kinds=frozenset({Kind.NOT_AN_ADDRESS})),
    Hostile("lone halves of pairs", lambda: b"Name,E-mail\n\xed\xa0\x80,ana@river.example\n", rows=1),
    Hostile("two encodings in one file", lambda: "Name,E-mail\nÄnne,a@river.example\n".encode() + "Jörg,j@river.example\n".encode("cp1252"), rows=2),
]  # fmt: skip

#: On a machine with other work on it; most take a hundredth.
SECONDS = 10.0
MEGABYTES = 200


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda hostile: hostile.name)
def test_a_hostile_file_ends_in_named_rows_or_in_a_clear_refusal(hostile: Hostile) -> None:
    data = hostile.data()
    began = time.process_time()
    try:
        roster = read_roster(data)
    except Unreadable as refused:
        assert refused.refusal is hostile.refusal  # noqa: PT017
    else:
        assert hostile.refusal is None
        assert len(roster.rows) == hostile.rows
        assert {finding.kind for finding in roster.findings} >= hostile.kinds
        assert all(finding.row >= 1 and finding.column for finding in roster.findings)
        assert all(len(finding.text) <= 254 for finding in roster.findings)
    assert time.process_time() - began < SECONDS


def test_there_are_forty_of_them() -> None:
    assert len({hostile.name for hostile in HOSTILE}) >= 40


def test_no_hostile_file_takes_much_memory() -> None:
    """Of the largest ones; the others are smaller than what they are made from."""
    for name in ("a million columns", "20,000 that look alike", "letters that grow eighteenfold"):
        data = next(hostile for hostile in HOSTILE if hostile.name == name).data()
        tracemalloc.start()
        with contextlib.suppress(Unreadable):
            read_roster(data)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < MEGABYTES * 1_000_000, (name, peak)


cells = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(
    ["a@b.example", "b.c@d.example", '"', "=1", "E-mail", "\0"]
)


@pytest.mark.prove
@settings(max_examples=times(150, 5_000), deadline=None)
@given(
    st.lists(st.lists(cells, max_size=4), max_size=6), st.sampled_from(",;\t|"), st.binary(max_size=40), st.booleans()
)
def test_whatever_is_sent_ends_in_rows_or_in_a_refusal(
    rows: list[list[str]], delimiter: str, noise: bytes, noisy: bool
) -> None:
    data = "\n".join(delimiter.join(row) for row in rows).encode() + (noise if noisy else b"")
    try:
        roster = read_roster(data)
    except Unreadable:
        return
    assert len({row.login for row in roster.rows}) == len(roster.rows)
    assert all(row.login.isascii() and row.login.isprintable() for row in roster.rows)
    named = {row.number for row in roster.rows} | {finding.row for finding in roster.findings}
    there = {record.number for record in read_sheet(data).records[roster.has_headings :]}
    assert there <= named, "a row that is not empty is either taken or named"


@pytest.mark.prove
@settings(max_examples=times(100, 5_000), deadline=None)
@given(st.text(max_size=60) | st.lists(cells, max_size=5).map(";".join))
def test_whatever_is_pasted_ends_in_rows_or_in_a_refusal(text: str) -> None:
    with contextlib.suppress(Unreadable):
        roster = read_pasted(text)
        assert roster.rows or roster.findings
        assert len({row.login for row in roster.rows}) == len(roster.rows)
