"""Search over lessons and glossary: an index in memory, rebuilt when the catalogue changes.

The index is SQLite's FTS5 with the Porter stemmer. FTS5 has no word borders for Chinese, so every
Chinese character is set apart as a word of its own and a run of them is searched as a phrase:
a word of two characters is found wherever it stands.
"""

from __future__ import annotations

import re
import sqlite3
import threading
import unicodedata
from dataclasses import dataclass

from learning.content.model import Catalogue, Lesson

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_han = re.compile(f"([{HAN}])")
#: Words with a hyphen between them, as in "by-product", are looked for side by side.
_words = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+(?:-[^\W_{HAN}]+)*")

LONGEST_QUERY = 200
MOST_WORDS = 12
MOST_HITS = 50
#: Marks around a found word; control characters that no text of ours holds.
_OPEN, _CLOSE = "\x02", "\x03"
#: The space that set a Chinese character apart, also where a mark stands between.
_space_after_han = re.compile(f"([{HAN}]{_CLOSE}?) (?={_OPEN}?[{HAN}，。、；：])")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a snippet; ``found`` where it is what was searched for."""

    text: str
    found: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """A lesson or a term that matches."""

    #: "lesson" or "term"
    kind: str
    id: str
    title: str
    snippet: tuple[Piece, ...]


def _apart(text: str) -> str:
    """Fold width variants and set Chinese characters apart."""
    return _han.sub(r" \1 ", unicodedata.normalize("NFKC", text))


def _pieces(snippet: str) -> tuple[Piece, ...]:
    joined = _space_after_han.sub(r"\1", re.sub(r" +", " ", snippet))
    return tuple(
        Piece(part.strip(_OPEN + _CLOSE), part.startswith(_OPEN))
        for part in re.split(f"({_OPEN}[^{_CLOSE}]*{_CLOSE})", joined)
        if part
    )


def _expression(query: str) -> str | None:
    """The query in FTS5's language: every word must occur, the last one may be unfinished."""
    words = _words.findall(unicodedata.normalize("NFKC", query[:LONGEST_QUERY]))[:MOST_WORDS]
    if not words:
        return None
    terms = ['"' + _apart(word).strip() + '"' for word in words]
    if not _han.search(words[-1]) and len(words[-1]) > 1:
        terms[-1] += "*"
    return " AND ".join(terms)


class SearchIndex:
    """Searches one catalogue. Safe to use from several threads."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(":memory:", check_same_thread=False)
        self._connection.execute(
            "CREATE VIRTUAL TABLE page USING fts5"
            "(kind UNINDEXED, id UNINDEXED, name UNINDEXED, title, body, tokenize='porter unicode61 remove_diacritics 2')"
        )
        self._connection.executemany("INSERT INTO page VALUES (?, ?, ?, ?, ?)", _rows(catalogue))

    def search(self, query: str) -> list[Hit]:
        """The best matches, at most 50. An empty query or one without words finds nothing."""
        expression = _expression(query)
        if expression is None:
            return []
        with self._lock:
            rows = self._connection.execute(
                "SELECT kind, id, name, snippet(page, 4, ?, ?, ' … ', 24) FROM page "
                "WHERE page MATCH ? ORDER BY bm25(page, 0, 0, 0, 8.0, 1.0), id LIMIT ?",
                (_OPEN, _CLOSE, expression, MOST_HITS),
            ).fetchall()
        return [Hit(kind, id_, name, _pieces(snippet)) for kind, id_, name, snippet in rows]


def _rows(catalogue: Catalogue) -> list[tuple[str, str, str, str, str]]:
    lessons = [
        (
            "lesson",
            lesson.id,
            lesson.title,
            _apart(lesson.title),
            _apart(f"{' '.join(lesson.objectives)} {lesson.text} {_names(lesson, catalogue)}"),
        )
        for lesson in catalogue.lessons.values()
        if any(lesson.id in course.lesson_ids for course in catalogue.courses.values())
    ]
    terms = [
        (
            "term",
            term.id,
            f"{term.term} · {term.zh}",
            _apart(" ".join((term.term, term.zh, *term.also))),
            _apart(f"{term.meaning} {' '.join(term.also)} {term.zh}"),
        )
        for term in catalogue.terms.values()
    ]
    return lessons + terms


def _names(lesson: Lesson, catalogue: Catalogue) -> str:
    """All names of the terms that a lesson marks: so that its Chinese words and its abbreviations lead to it."""
    terms = [catalogue.terms[name] for name in lesson.terms]
    return " · ".join(name for term in terms for name in (term.term, *term.also, term.zh))


_index: tuple[str, SearchIndex] | None = None


def index_of(catalogue: Catalogue) -> SearchIndex:
    """The index of a catalogue; the last one built is kept."""
    global _index
    if _index is None or _index[0] != catalogue.hash:
        _index = (catalogue.hash, SearchIndex(catalogue))
    return _index[1]
