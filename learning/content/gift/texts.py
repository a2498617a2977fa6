"""Texts of GIFT in their four formats to our Markdown, and what of them has no place in it."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from learning.content.gift.records import Snippet

_SIGNS = re.compile(r"[\\`*_\[\]<$|]|\{(?=\{)|&(?=#?\w{1,40};)")
_LINE_START = re.compile(r"(?P<before>\s*)(?:(?P<sign>[#>+=:!-])|(?P<digits>\d{1,9})(?P<dot>[.)]))")
_FORMULA = re.compile(
    r"\$\$(?P<wide>[^$]+)\$\$|\\\((?P<round>(?:[^\\]|\\[^)(])+)\\\)|\\\[(?P<square>(?:[^\\]|\\[^\]\[])+)\\\]"
)
_TAG = re.compile(r"</?[A-Za-z]|<!")
_RAISED = dict(zip("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ", strict=True))
_LOWERED = dict(zip("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎", strict=True))

_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*"}
_BLOCKS = frozenset(["p", "div", "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote"])
_SILENT = frozenset(["span", "br", "body", "html", "tbody"])
#: Elements without which the question cannot be answered, and how they are called.
_NEEDED = {
    "img": "a picture",
    "svg": "a picture",
    "table": "a table",
    "audio": "a sound",
    "video": "a film",
    "iframe": "an embedded page",
    "object": "an embedded object",
    "embed": "an embedded object",
    "form": "a form",
    "input": "a form field",
    "math": "MathML",
    "script": "a script",
    "style": "a style sheet",
}


class NotOurs(Exception):
    """A text holds what our questions have no place for; the message says what."""


class Converter:
    """Converts the texts of one question and collects what is lost on the way."""

    def __init__(self) -> None:
        #: Sentences that start with the question.
        self.lost: dict[str, None] = {}

    def blocks(self, snippet: Snippet) -> str:
        """Paragraphs. Raises NotOurs."""
        if snippet.format == "markdown":
            return snippet.text
        if snippet.format == "plain" or not (_TAG.search(snippet.text) or "&" in snippet.text):
            # In HTML a line end is a blank, elsewhere it shows.
            end = "\n" if snippet.format == "html" else "  \n"
            paragraphs = re.split(r"\n(?:[ \t]*\n)+", snippet.text)
            return "\n\n".join(
                end.join(plain_line(line.strip()) for line in part.split("\n") if line.strip()) for part in paragraphs
            ).strip()
        return self._from_html(snippet)

    def inline(self, snippet: Snippet) -> str:
        """One line. Raises NotOurs."""
        return " ".join(self.blocks(snippet).split())

    def words(self, snippet: Snippet) -> str:
        """Plain text for typed answers, on one line. Raises NotOurs."""
        if snippet.format in ("plain", "markdown") or not (_TAG.search(snippet.text) or "&" in snippet.text):
            return " ".join(snippet.text.split())
        reader = _Plain()
        reader.feed(snippet.text)
        reader.close()
        return " ".join("".join(reader.words).split())

    def _from_html(self, snippet: Snippet) -> str:
        reader = _Html(keep_lines=snippet.format == "moodle")
        reader.feed(snippet.text)
        reader.close()
        if reader.needed:
            raise NotOurs(f"holds {reader.needed}")
        for tag in reader.dropped:
            self.lost[f"loses the formatting `<{tag}>`; its words stay"] = None
        return reader.finished()


def plain_line(text: str) -> str:
    """One line of plain text as Markdown that shows the same; formulas of Moodle become ours."""
    pieces, at = [], 0
    for found in _FORMULA.finditer(text):
        latex = found["wide"] or found["round"] or found["square"]
        pieces += [_SIGNS.sub(_backslashed, text[at : found.start()]), f"${latex.strip()}$"]
        at = found.end()
    pieces.append(_SIGNS.sub(_backslashed, text[at:]))
    return _LINE_START.sub(_started, "".join(pieces), count=1) if _LINE_START.match(text) else "".join(pieces)


def _backslashed(found: re.Match[str]) -> str:
    return "&amp;" if found[0] == "&" else "\\" + found[0]


def _started(found: re.Match[str]) -> str:
    """A sign at the start of a line that Markdown would take for a list, a quote or a heading."""
    return f"{found['before']}\\{found['sign']}" if found["sign"] else f"{found['digits']}\\{found['dot']}"


class _Plain(HTMLParser):
    """The words of HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)


class _Html(HTMLParser):
    """HTML to Markdown: paragraphs, lists, strong, emphasis, code, links."""

    def __init__(self, *, keep_lines: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.keep_lines = keep_lines
        self.blocks: list[str] = []
        self.current: list[str] = []
        self.lists: list[str] = []
        self.needed = ""
        self.dropped: dict[str, None] = {}
        #: Open sub, sup, code, a with what is to become of their words.
        self.special: list[tuple[str, str, list[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _NEEDED:
            self.needed = self.needed or _NEEDED[tag]
        elif tag in _BLOCKS:
            self._end_block()
            if tag in ("ul", "ol"):
                self.lists.append("- " if tag == "ul" else "1. ")
        elif tag in _MARKS:
            self._add(_MARKS[tag])
        elif tag == "br":
            self._add("  \n")
        elif tag in ("sub", "sup", "code", "a"):
            self.special.append((tag, dict(attrs).get("href") or "", []))
        elif tag not in _SILENT:
            self.dropped[tag] = None

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._end_block()
            if tag in ("ul", "ol") and self.lists:
                self.lists.pop()
        elif tag in _MARKS:
            self._add(_MARKS[tag])
        elif self.special and self.special[-1][0] == tag:
            self._close(*self.special.pop())

    def handle_data(self, data: str) -> None:
        if self.special and self.special[-1][0] in ("code", "sub", "sup"):
            self.special[-1][2].append(data)
            return
        lines = data.split("\n") if self.keep_lines else [" ".join(data.split("\n"))]
        for index, line in enumerate(lines):
            if index:
                self._add("  \n" if line.strip() or index < len(lines) - 1 else "")
            self._add(plain_line(line) if self._fresh() else plain_line(f"x{line}")[1:])

    def _fresh(self) -> bool:
        """Whether the next words start a line."""
        before = "".join(self.current[-3:])
        return not before.strip() or before.endswith("\n")

    def _add(self, text: str) -> None:
        (self.special[-1][2] if self.special else self.current).append(text)

    def _close(self, tag: str, href: str, pieces: list[str]) -> None:
        words = "".join(pieces)
        if tag == "a":
            self._add(f"[{words}]({href})" if href else words)
        elif tag == "code":
            self._add(f"`{words}`" if "`" not in words and words.strip() else plain_line(words))
        else:
            table = _LOWERED if tag == "sub" else _RAISED
            if not all(each in table for each in words):
                self.dropped[tag] = None
            self._add("".join(table.get(each, each) for each in words))

    def _end_block(self) -> None:
        while self.special:
            self._close(*self.special.pop())
        lines = [line.strip() for line in "".join(self.current).split("\n")]
        text = "  \n".join(line for line in lines if line)
        self.current = []
        if text:
            self.blocks.append(f"{self.lists[-1]}{text}" if self.lists else text)

    def finished(self) -> str:
        """All of it."""
        self._end_block()
        text = ""
        for before, block in zip(["", *self.blocks], self.blocks, strict=False):
            close = before.startswith(("- ", "1. ")) and block.startswith(("- ", "1. "))
            text += ("\n" if close else "\n\n" if before else "") + block
        return text
