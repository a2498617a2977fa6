"""A roster: who is meant by each row of a file, and what is wrong with it, by row and column. Pure.

Nothing of a row is believed but the address or the sign-in name: people are found by it among the learners of the
organization. Names in the file are only shown.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from learning.accounts.names import LONGEST_ADDRESS, BadName, email_address, fold, fold_login
from learning.teaching.roster_files import (
    MOST_ROWS,
    SAMPLE,
    FileFault,
    Record,
    Unreadable,
    invisible,
    letter,
    read_sheet,
)

#: Longest name that is shown.
LONGEST_NAME = 120
#: Longest cell that can be a name and an address: ``Mo Lee <mo@x.org>``.
_LONGEST_CELL = LONGEST_NAME + LONGEST_ADDRESS + 10


class Use(StrEnum):
    """What a column holds."""

    ADDRESS = "address"
    SIGN_IN_NAME = "sign-in-name"
    NAME = "name"
    GIVEN_NAME = "given-name"
    FAMILY_NAME = "family-name"


_HEADINGS = {
    Use.ADDRESS: "email,e-mail,email address,e-mail address,mail,address,邮箱,电子邮箱,电子邮件,邮箱地址,邮件地址,邮件,电邮",
    Use.SIGN_IN_NAME: (
        "sign-in name,sign-in,sign in name,login,user name,username,employee number,employee id,number,"
        "登录名,用户名,账号,帐号,工号,员工编号,员工号"
    ),
    Use.NAME: "name,full name,person,employee,姓名,全名,员工姓名,员工",
    Use.GIVEN_NAME: "first name,given name,firstname,forename,名,名字",
    Use.FAMILY_NAME: "last name,family name,surname,lastname,姓,姓氏",
}
_USE_OF = {heading: use for use, headings in _HEADINGS.items() for heading in headings.split(",")}


class Kind(StrEnum):
    """What is said of a row. The first ones keep it out; the others let it in."""

    NO_ADDRESS = "no-address"
    NOT_AN_ADDRESS = "not-an-address"
    OTHER_LETTERS = "other-letters"
    INVISIBLE = "invisible"
    FORMULA = "formula"
    DUPLICATE = "duplicate"
    RAGGED = "ragged"
    NEAR_DUPLICATE = "near-duplicate"
    READ_AS = "read-as"
    NAME_FORMULA = "name-formula"
    NAME_INVISIBLE = "name-invisible"


#: A row with one of these is left out.
KEEPS_OUT = frozenset(
    {Kind.NO_ADDRESS, Kind.NOT_AN_ADDRESS, Kind.OTHER_LETTERS, Kind.INVISIBLE, Kind.FORMULA, Kind.DUPLICATE}
)


@dataclass(frozen=True, slots=True)
class CellFinding:
    """What is said of a cell: row and column as a table program shows them, what, and about what text or row."""

    row: int
    column: str
    kind: Kind
    text: str = ""
    other_row: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A row that names somebody."""

    number: int
    #: An e-mail address or a sign-in name, folded.
    login: str
    #: As the file has it, without what cannot be seen.
    name: str


@dataclass(frozen=True, slots=True)
class Roster:
    """What was read."""

    rows: tuple[Row, ...]
    findings: tuple[CellFinding, ...]
    encoding: str
    delimiter: str
    #: Names of columns that are not used.
    unused: tuple[str, ...]
    has_headings: bool


def read_roster(data: bytes) -> Roster:
    """Who is named in a file. Raises Unreadable."""
    sheet = read_sheet(data)
    columns, headings = _columns(sheet.records)
    records = sheet.records[1:] if headings else sheet.records
    if len(records) > MOST_ROWS:
        raise Unreadable(FileFault.TOO_MANY_ROWS)
    if not records:
        raise Unreadable(FileFault.EMPTY)
    rows, findings = _Reading(columns, headings).read(records)
    unused = tuple(
        shown(heading) or letter(index) for index, heading in enumerate(headings or ()) if index not in columns
    )
    return Roster(rows, findings, sheet.encoding, sheet.delimiter, unused, headings is not None)


#: Between two people of a pasted list: ends of lines, and the commas and semicolons of a mail program.
_BETWEEN = re.compile(r"[\r\n;,\t]+")
_IN_BRACKETS = re.compile(r"^(?P<name>[^<>]*)<(?P<address>[^<>]*)>$")


def read_pasted(text: str) -> Roster:
    """Who is named in pasted addresses, in a list or as a mail program copies them: ``Mo Lee <mo@x.org>; …``.

    Raises Unreadable.
    """
    # Rows are counted by line: that is where somebody looks for a mistake.
    records: list[Record] = []
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        for part in _BETWEEN.split(line):
            if not part.strip():
                continue
            if len(records) == MOST_ROWS:
                raise Unreadable(FileFault.TOO_MANY_ROWS)
            bracket = _IN_BRACKETS.match(part.strip())
            name, address = (bracket["name"].strip(' "'), bracket["address"]) if bracket else ("", part)
            records.append(Record(number, (address, name)))
    if not records:
        raise Unreadable(FileFault.EMPTY)
    rows, findings = _Reading({0: Use.ADDRESS, 1: Use.NAME}, None).read(records)
    return Roster(rows, findings, "utf-8", ",", (), False)


def _columns(records: Sequence[Record]) -> tuple[dict[int, Use], tuple[str, ...] | None]:
    """What each column holds, by the names in the first row or by what stands below. Raises Unreadable."""
    first = records[0].cells
    uses = {index: _USE_OF.get(" ".join(fold(_visible(cell)).split())) for index, cell in enumerate(first)}
    named = {index: use for index, use in uses.items() if use}
    if named and not any("@" in fold(cell) for cell in first):
        if not {Use.ADDRESS, Use.SIGN_IN_NAME} & set(named.values()):
            named |= _address_column(records[1:], frozenset(named))
        return named, first
    return _guessed(records), None


def _address_column(records: Sequence[Record], taken: frozenset[int]) -> dict[int, Use]:
    """The column in which most addresses stand. Raises Unreadable."""
    counts: dict[int, int] = {}
    for record in records[:SAMPLE]:
        for index, cell in enumerate(record.cells):
            if index not in taken and "@" in fold(cell):
                counts[index] = counts.get(index, 0) + 1
    if not counts:
        raise Unreadable(FileFault.NO_ADDRESSES)
    return {max(counts, key=lambda index: (counts[index], -index)): Use.ADDRESS}


def _guessed(records: Sequence[Record]) -> dict[int, Use]:
    """Columns without names: the one of addresses, and the first other one as the name."""
    widest = max(len(record.cells) for record in records[:SAMPLE])
    if widest == 1:
        return {0: Use.ADDRESS}
    columns = _address_column(records, frozenset())
    return columns | {next(index for index in range(widest) if index not in columns): Use.NAME}


class _Reading:
    """Goes through the rows and remembers who was named."""

    def __init__(self, columns: dict[int, Use], headings: tuple[str, ...] | None) -> None:
        self._columns = columns
        self._headings = headings
        self._findings: list[CellFinding] = []
        self._row_of: dict[str, int] = {}
        self._alike: dict[str, int] = {}
        self._width = len(headings) if headings else 0

    def read(self, records: Sequence[Record]) -> tuple[tuple[Row, ...], tuple[CellFinding, ...]]:
        """The rows that name somebody for the first time, and all that is said of any."""
        rows = [row for record in records if (row := self._row(record))]
        return tuple(rows), tuple(self._findings)

    def _row(self, record: Record) -> Row | None:
        if self._width and len(record.cells) > self._width:
            self._say(record, self._width, Kind.RAGGED, str(len(record.cells)))
        name = self._name(record)
        found = self._login(record)
        if found is None:
            return None
        index, login = found
        if login in self._row_of:
            self._say(record, index, Kind.DUPLICATE, login, self._row_of[login])
            return None
        alike = _alike(login)
        if alike in self._alike:
            self._say(record, index, Kind.NEAR_DUPLICATE, login, self._alike[alike])
        self._row_of[login] = record.number
        self._alike.setdefault(alike, record.number)
        return Row(record.number, login, name)

    def _cells(self, record: Record, *uses: Use) -> list[tuple[int, str]]:
        cells = record.cells
        return [
            (index, cells[index])
            for use in uses
            for index, found in self._columns.items()
            if found is use and index < len(cells) and cells[index].strip()
        ]

    def _login(self, record: Record) -> tuple[int, str] | None:
        """The column and the address or, where there is none, the sign-in name. None if it is not one."""
        cells = self._cells(record, Use.ADDRESS, Use.SIGN_IN_NAME)
        if not cells:
            index = next(iter(index for index, use in self._columns.items() if use in (Use.ADDRESS, Use.SIGN_IN_NAME)))
            self._say(record, index, Kind.NO_ADDRESS)
            return None
        index, cell = cells[0]
        typed = cell.strip().removeprefix("\ufeff")
        wrong = _wrong(typed)
        if wrong:
            self._say(record, index, wrong, shown(typed))
            return None
        bracket = _IN_BRACKETS.match(typed)
        bare = (bracket["address"] if bracket else typed).strip()
        bare = bare[7:] if bare.lower().startswith("mailto:") else bare
        login = _address(bare) if "@" in fold(bare) else _sign_in_name(bare)
        if login is None:
            strange = "".join(sorted({each for each in fold(bare) if not each.isascii()}))
            self._say(record, index, Kind.OTHER_LETTERS if strange else Kind.NOT_AN_ADDRESS, shown(typed))
            return None
        if not bare.isascii():
            self._say(record, index, Kind.READ_AS, login)
        return index, login

    def _name(self, record: Record) -> str:
        """The name as it may be shown; what was taken off is said."""
        parts = self._cells(record, Use.NAME) or self._cells(record, Use.GIVEN_NAME, Use.FAMILY_NAME)
        for index, cell in parts:
            if any(map(_is_hidden, cell)):
                self._say(record, index, Kind.NAME_INVISIBLE)
            if _is_formula(cell):
                self._say(record, index, Kind.NAME_FORMULA, shown(cell))
        return shown(" ".join(cell for _, cell in parts), LONGEST_NAME)

    def _say(self, record: Record, index: int, kind: Kind, text: str = "", other_row: int | None = None) -> None:
        heading = shown(self._headings[index]) if self._headings and index < len(self._headings) else ""
        self._findings.append(CellFinding(record.number, heading or letter(index), kind, text, other_row))


def _wrong(typed: str) -> Kind | None:
    """What keeps a cell from being read as an address at all."""
    if len(typed) > _LONGEST_CELL:
        return Kind.NOT_AN_ADDRESS
    if invisible(typed):
        return Kind.INVISIBLE
    return Kind.FORMULA if _is_formula(typed) else None


def _is_formula(cell: str) -> bool:
    """Whether a table program would work a cell out instead of showing it."""
    return cell.startswith(("\t", "\r")) or fold(cell[:8]).startswith(("=", "+", "-", "@"))


def _address(text: str) -> str | None:
    try:
        return email_address(text)
    except BadName:
        return None


_SIGN_IN_NAME = re.compile(r"[a-z0-9][a-z0-9._-]*")


def _sign_in_name(text: str) -> str | None:
    login = fold_login(text)
    return login if login and _SIGN_IN_NAME.fullmatch(login) else None


def _alike(login: str) -> str:
    """What two addresses share that often mean one person: dots and what follows a plus do not count."""
    local, at, domain = login.partition("@")
    return local.partition("+")[0].replace(".", "") + at + domain if at else login


#: Marks without a shape that belong to the spelling of names in Persian and languages of India.
_JOINERS = "\u200c\u200d"


def _is_hidden(character: str) -> bool:
    """Whether a character of a name cannot be seen and does nothing for its spelling."""
    spelled = character.isspace() or character in _JOINERS
    return not spelled and unicodedata.category(character) in {"Cc", "Cf", "Cs"}


def _visible(text: str) -> str:
    return "".join(character for character in text if not _is_hidden(character))


def shown(text: str, longest: int = 60) -> str:
    """A cell fit to stand in a sentence."""
    clean = " ".join(_visible(text).split())
    return clean if len(clean) <= longest else clean[: longest - 1] + "…"
