"""Plain text out of finished HTML and out of element trees: for search, titles and labels."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from xml.etree.ElementTree import Element

_INLINE = frozenset(["a", "em", "strong", "code", "sup", "mi", "mn", "mo", "mtext"])
_SILENT_CLASSES = frozenset({"citation", "footnote-ref", "footnote-backref"})
_ESCAPED = re.compile("\x02([0-9]{1,7})\x03")
_LEFTOVER = re.compile("\x02[^\x03]{0,40}\x03")


class _Reader(HTMLParser):
    """Collects the words of a page: formulas as LaTeX, citations and note signs not at all."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.skipping: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if self.skipping is None:
            if tag == "math":
                self.words.append(values.get("alttext") or "")
                self.skipping = "math"
            elif tag == "a" and values.get("class") in _SILENT_CLASSES:
                self.skipping = "a"
        if tag not in _INLINE:
            self.words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag == self.skipping:
            self.skipping = None
        if tag not in _INLINE:
            self.words.append(" ")

    def handle_data(self, data: str) -> None:
        if self.skipping is None:
            self.words.append(data)


def text_of_html(page: str) -> str:
    """The words of finished HTML on one line."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return " ".join("".join(reader.words).split())


def text_of(element: Element) -> str:
    """The words of an element while Markdown still works on it."""
    raw = "".join(_pieces(element))
    escaped = _ESCAPED.sub(lambda found: chr(int(found[1])), raw)
    return " ".join(html.unescape(_LEFTOVER.sub("", escaped)).split())


def _pieces(element: Element) -> list[str]:
    if element.tag == "math":
        return [element.get("alttext", "")]
    if element.tag == "a" and element.get("class") in _SILENT_CLASSES:
        return []
    pieces = [element.text or ""]
    for child in element:
        pieces += [*_pieces(child), child.tail or ""]
    return pieces
