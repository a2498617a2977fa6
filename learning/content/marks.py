"""What each of our marks becomes: terms, citations, constants, formulas; and which marks are mistakes."""

from __future__ import annotations

import difflib
from xml.etree.ElementTree import Element

from markdown.util import AtomicString  # type: ignore[import-untyped]

from learning.content.context import Context
from learning.content.formulas import BadFormula, formula
from learning.content.model import Constant, Term
from learning.content.problems import Problems, quoted, shortened
from learning.content.scanner import TOKEN, Marks, Token

#: Stand for gaps of a cloze text while it passes through Markdown and the sanitiser; private-use characters
#: are refused in content, so nobody can write them.
GAP_START, GAP_END = "\ue000", "\ue001"
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"


def folded(words: str) -> str:
    """Words as they are compared: without regard to case and line breaks."""
    return " ".join(words.split()).casefold()


def term_index(terms: tuple[Term, ...]) -> dict[str, str]:
    """Id of a term by each of its names."""
    index = {term.id: term.id for term in terms}
    for term in terms:
        for name in (term.term, *term.also):
            index[folded(name)] = term.id
    return index


class MarkBuilder:
    """Builds the elements of one document's marks."""

    def __init__(self, context: Context, problems: Problems, cited: tuple[str, ...] | None) -> None:
        self.context = context
        self.problems = problems
        self.cited = cited
        #: Gaps found so far, while a cloze text is read; None elsewhere.
        self.gaps: list[Token] | None = None
        self._terms = term_index(context.terms) if context.terms is not None else None
        self._constants = {entry.id: entry for entry in context.constants or ()}

    def built(self, token: Token) -> Element | str:
        """The element or text of a mark; a mistake is noted and shows as it was written."""
        match token.kind:
            case "term":
                return self._term(token)
            case "cite":
                return self._citation(token)
            case "braces":
                return self._braces(token)
            case "math" | "display":
                return self._formula(token)
            case "web" | "mail":
                return _address(token)
            case "dollar":
                self._mistake(token, "has a $ that opens no formula: write \\$ for the sign, or close the formula")
            case "note":
                self._mistake(token, "is a footnote where none can stand: footnotes are for lessons, written [^a]")
            case "html":
                self._mistake(token, "holds raw HTML: use Markdown, or write \\< for the sign")
            case "block":
                pass
        return token.source

    def plain(self, token: Token) -> str:
        """The text of a mark where only plain words can stand, as in alternative texts."""
        if token.kind == "braces" and token.value.startswith("constant:"):
            value = self._braces(token)
            return value if isinstance(value, str) else token.source
        if token.kind != "dollar":
            self._mistake(token, "holds a mark in an alternative text: write plain words there")
        return token.source

    def expanded(self, parent: Element, text: str, marks: Marks) -> None:
        """Give an element a text in which tokens become elements."""
        pieces = TOKEN.split(text)
        parent.text = AtomicString(pieces[0])
        last: Element | None = None
        for number, after in zip(pieces[1::2], pieces[2::2], strict=True):
            token = marks.get(number)
            part = self.built(token) if token is not None else ""
            if isinstance(part, Element):
                parent.append(part)
                last = part
                part = ""
            if last is None:
                parent.text = AtomicString(f"{parent.text}{part}{after}")
            else:
                last.tail = AtomicString(f"{last.tail or ''}{part}{after}")

    def _mistake(self, token: Token, message: str) -> None:
        self.problems.add(token.line, message)

    def _term(self, token: Token) -> Element | str:
        name, _, shown = token.value.replace("\\|", "|").partition("|")
        name, shown = " ".join(name.split()), " ".join((shown or name).split())
        if not name or not shown:
            self._mistake(token, "opens a glossary term badly: write [[term]] or [[term|words]]")
            return token.source
        if self._terms is None:
            return shown
        found = self._terms.get(folded(name))
        if found is None:
            close = difflib.get_close_matches(folded(name), self._terms, n=1, cutoff=0.75)
            mend = f"write [[{close[0]}|{shown}]], or add it to glossary.yaml" if close else "add it to glossary.yaml"
            self._mistake(token, f"names the unknown term `{shortened(name)}`: {mend}")
            return token.source
        link = Element("a", {"class": "term", "href": f"/glossary/#term-{found}", "data-term": found})
        link.text = AtomicString(shown)
        return link

    def _citation(self, token: Token) -> Element | str:
        key = token.value.strip()
        if self.cited is None:
            self._mistake(token, "cites a source outside a lesson: name the work in words")
            return token.source
        if key not in self.cited:
            self._mistake(token, f"cites `{shortened(key)}`, which the lesson does not list: add it to its `sources`")
            return token.source
        link = Element("a", {"class": "citation", "href": f"#source-{key}"})
        link.text = AtomicString(f"[{self.cited.index(key) + 1}]")
        return link

    def _braces(self, token: Token) -> str:
        if token.value.startswith("constant:"):
            return self._constant(token)
        if self.gaps is not None and token.value:
            self.gaps.append(token)
            return f"{GAP_START}{len(self.gaps) - 1}{GAP_END}"
        self._mistake(token, "holds {{ }} that is neither a constant nor a gap: write {{constant:id}}")
        return token.source

    def _constant(self, token: Token) -> str:
        words = token.value.removeprefix("constant:").split(":")
        entry = self._constants.get(words[0])
        if len(words) > 2 or words[1:] not in ([], ["unit"]):
            self._mistake(token, "writes a constant badly: write {{constant:id}} or {{constant:id:unit}}")
        elif entry is None and self.context.constants is not None:
            self._mistake(token, f"names the unknown constant `{shortened(words[0])}`: {self._near(words[0])}")
        elif entry is not None:
            return _written(entry, with_unit=len(words) == 2)
        return token.source

    def _near(self, name: str) -> str:
        close = difflib.get_close_matches(name, self._constants, n=1)
        return f"write {quoted(close)}, or add it to constants.yaml" if close else "add it to constants.yaml"

    def _formula(self, token: Token) -> Element | str:
        latex = token.value
        for name, entry in self._constants.items():
            latex = latex.replace("{{constant:" + name + "}}", entry.value)
        try:
            return formula(latex, display=token.kind == "display")
        except BadFormula as error:
            self._mistake(token, str(error))
            return token.source


def _written(entry: Constant, *, with_unit: bool) -> str:
    return f"{entry.value}{NO_BREAK_SPACE}{entry.unit}" if with_unit else entry.value


def _address(token: Token) -> Element:
    link = Element("a", {"href": token.value if token.kind == "web" else f"mailto:{token.value}"})
    link.text = AtomicString(token.value)
    return link
