"""The bytes of a roster as rows of cells. Pure; whatever is sent ends in rows or in a named refusal, soon."""

from __future__ import annotations

import codecs
import csv
import io
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from charset_normalizer import from_bytes

#: A list of all people of a large company is a tenth of it.
MOST_BYTES = 2_000_000
MOST_ROWS = 20_000
MOST_COLUMNS = 50
#: Cells are names and addresses; one that is longer swallowed the rest of the file by a quote that does not close.
LONGEST_CELL = 1_000
#: Rows by which separator and columns are told.
SAMPLE = 25
DELIMITERS = (",", ";", "\t", "|")

#: In this order: the mark of UTF-32 begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
_OLD = ("cp1252", "gb18030")


class FileFault(StrEnum):
    """Why a whole file cannot be read."""

    TOO_LARGE = "too-large"
    TOO_MANY_ROWS = "too-many-rows"
    TOO_MANY_COLUMNS = "too-many-columns"
    EMPTY = "empty"
    WORKBOOK = "workbook"
    BINARY = "binary"
    ENCODING = "encoding"
    QUOTES = "quotes"
    NO_ADDRESSES = "no-addresses"


class Unreadable(Exception):
    """The file is refused as a whole; row is where, if that can be said."""

    def __init__(self, refusal: FileFault, row: int | None = None) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal
        self.row = row


@dataclass(frozen=True, slots=True)
class Record:
    """A row that is not empty, by its number in a table program."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file as rows of cells."""

    records: tuple[Record, ...]
    encoding: str
    delimiter: str


def read_sheet(data: bytes) -> Sheet:
    """The rows of a file. Raises Unreadable."""
    if len(data) > MOST_BYTES:
        raise Unreadable(FileFault.TOO_LARGE)
    text, encoding = _decoded(data)
    if not text.strip("\ufeff\0 \t\r\n\f\v"):
        raise Unreadable(FileFault.EMPTY)
    declared, text = _declared_delimiter(text)
    delimiter = declared or _delimiter(text)
    records = tuple(_records(text, delimiter, first=2 if declared else 1))
    if not records:
        raise Unreadable(FileFault.EMPTY)
    return Sheet(records, encoding, delimiter)


def _decoded(data: bytes) -> tuple[str, str]:
    if data.startswith(_WORKBOOKS):
        raise Unreadable(FileFault.WORKBOOK)
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        if encoding != "utf-8":
            raise Unreadable(FileFault.ENCODING) from None
        text, encoding = _decoded_by_guess(data)
    if _is_binary(text):
        raise Unreadable(FileFault.BINARY)
    return text, encoding.removesuffix("-sig")


def _decoded_by_guess(data: bytes) -> tuple[str, str]:
    """Text without a mark that is not UTF-8: what table programs write in the West and in China."""
    if b"\0" in data:
        raise Unreadable(FileFault.BINARY)
    # Names are few among addresses: only the lines that tell are looked at, and not all of a long file.
    telling = b"\n".join(line for line in data.splitlines() if not line.isascii())[:20_000]
    best = from_bytes(telling, cp_isolation=list(_OLD), explain=False).best()
    for encoding in (*([best.encoding] if best else []), *reversed(_OLD)):
        try:
            return data.decode(encoding), encoding
        except (UnicodeDecodeError, LookupError):
            continue
    raise Unreadable(FileFault.ENCODING)


def _is_binary(text: str) -> bool:
    """Whether it is no text: a picture, a program, or text in two bytes a letter without its mark."""
    if text.startswith(("%PDF-", "{\\rtf")):
        return True
    controls = sum(character < " " and character not in "\t\r\n\f\v" for character in text)
    return controls * 20 > len(text)


def _declared_delimiter(text: str) -> tuple[str | None, str]:
    """The first line ``sep=;`` by which a table program names its separator, taken off."""
    line, ended, rest = text.partition("\n")
    line = line.rstrip("\r").strip('"')
    if ended and len(line) == 5 and line[:4].lower() == "sep=" and line[4] in DELIMITERS:
        return line[4], rest
    return None, text


def _delimiter(text: str) -> str:
    """The separator by which most rows have the same number of cells, more than one; a comma if there is none."""
    sample = text[: 100 * LONGEST_CELL]
    best, most = ",", 0
    for delimiter in DELIMITERS:
        widths: Counter[int] = Counter()
        try:
            for cells in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
                if len(cells) > 1:
                    widths[len(cells)] += 1
                if widths.total() == SAMPLE:
                    break
        except csv.Error:
            pass
        agreeing = max(widths.values(), default=0)
        if agreeing > most:
            best, most = delimiter, agreeing
    return best


def _records(text: str, delimiter: str, first: int) -> Iterator[Record]:
    """Rows with something in them. A row is counted as a table program counts it, empty ones too."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number, found = first - 1, 0
    try:
        for number, cells in enumerate(reader, start=first):
            if not any(cell.strip() for cell in cells):
                continue
            found += 1
            if found > MOST_ROWS + 1:  # one may be the names of the columns
                raise Unreadable(FileFault.TOO_MANY_ROWS)
            if len(_without_empty_end(cells)) > MOST_COLUMNS:
                raise Unreadable(FileFault.TOO_MANY_COLUMNS, number)
            if any(len(cell) > LONGEST_CELL for cell in cells):
                raise Unreadable(FileFault.QUOTES, number)
            yield Record(number, tuple(_without_empty_end(cells)))
    except csv.Error:
        raise Unreadable(FileFault.QUOTES, number + 1) from None


def _without_empty_end(cells: list[str]) -> list[str]:
    end = len(cells)
    while end and not cells[end - 1].strip():
        end -= 1
    return cells[:end]


def letter(index: int) -> str:
    """The name that a table program gives a column: A, B, … AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def invisible(text: str) -> bool:
    """Whether text holds control characters or marks without a shape, such as those that turn its direction."""
    return any(unicodedata.category(character) in {"Cc", "Cf", "Cs"} for character in text)
