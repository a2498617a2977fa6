"""Markdown of one document to HTML: Python-Markdown, our own marks, our own rules.

Runs only in the child process of ``learning.content.renderer``: Python-Markdown is slow on hostile input.
What comes out is not yet safe to show; ``Writer.finished`` sanitises it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown  # type: ignore[import-untyped]
from markdown.extensions.admonition import AdmonitionExtension  # type: ignore[import-untyped]
from markdown.extensions.def_list import DefListExtension  # type: ignore[import-untyped]
from markdown.extensions.footnotes import FootnoteExtension  # type: ignore[import-untyped]
from markdown.extensions.tables import TableExtension  # type: ignore[import-untyped]
from markdown.inlinepatterns import InlineProcessor  # type: ignore[import-untyped]
from markdown.postprocessors import Postprocessor  # type: ignore[import-untyped]
from markdown.treeprocessors import Treeprocessor  # type: ignore[import-untyped]

from learning.content import words
from learning.content.context import Context, References
from learning.content.finishing import Finisher
from learning.content.marks import MarkBuilder
from learning.content.model import Heading
from learning.content.problems import Problems
from learning.content.sanitiser import sanitised
from learning.content.scanner import LINE_MARK, TOKEN, Marks, Scanner
from learning.content.text import Text

#: A term as ``MarkBuilder`` makes it and Markdown writes it. No author can write this himself: raw HTML is refused.
_TERM = re.compile(
    r'<a class="term" data-term="(?P<id>[a-z0-9-]+)" href="/glossary/#term-(?P=id)">(?P<words>[^<]*)</a>'
)
#: Parts of Python-Markdown that we do without: raw HTML, links whose address stands apart (slow on hostile
#: input), and the two link forms that our scanner reads itself.
_DROPPED = ("reference", "image_reference", "short_reference", "short_image_ref", "autolink", "automail", "html")


class Writer:
    """Renders the pieces of one document, in the order in which they are read."""

    def __init__(
        self,
        context: Context,
        problems: Problems,
        *,
        cited: tuple[str, ...] | None = None,
        lesson: bool = False,
    ) -> None:
        """``cited`` are the sources a lesson lists, in order; ``lesson`` allows headings and footnotes."""
        self.problems = problems
        self.marks = Marks()
        self.references = References()
        self.scanner = Scanner(self.marks, problems, footnotes=lesson)
        self.builder = MarkBuilder(context, problems, cited)
        self.finisher = Finisher(context, problems, self.references, self.builder, self.marks, headings=lesson)
        self._seen_terms: dict[str, None] = {}
        self._markdown = _configured(self)

    @property
    def headings(self) -> tuple[Heading, ...]:
        """Level-2 and level-3 headings so far."""
        return tuple(heading for heading in self.finisher.headings if heading.level <= 3)

    @property
    def terms(self) -> tuple[str, ...]:
        """Glossary terms in order of first use, of what has been finished."""
        return tuple(self._seen_terms)

    def blocks(self, text: Text) -> str:
        """Paragraphs, lists, tables …; to be passed to ``finished``."""
        self._markdown.reset()
        try:
            page: str = self._markdown.convert(self.scanner.blocks(text))
        except AttributeError:
            # Python-Markdown takes a line of code for a footnote, and fails where it holds nothing but another one.
            self.problems.add(text.line, "holds `[^` at the start of a line within code: indent it, or leave it out")
            return ""
        return page

    def inline(self, text: Text) -> str:
        """One line of text without a paragraph around it; to be passed to ``finished``."""
        self._markdown.reset()
        root = Element("div")
        SubElement(root, "p").text = self.scanner.inline(text)
        self.finisher.inline = True
        for processor in self._markdown.treeprocessors:
            processor.run(root)
        self.finisher.inline = False
        page: str = self._markdown.serializer(root)
        for step in self._markdown.postprocessors:
            page = step.run(page)
        return page.strip().removeprefix("<div>").removesuffix("</div>").strip()[len("<p>") : -len("</p>")].strip()

    def new_terms(self) -> None:
        """From here on, a term counts as used for the first time again."""
        self._seen_terms.clear()

    def finished(self, page: str) -> str:
        """HTML that may be shown: terms marked on first use only, everything unknown removed."""
        return sanitised(_TERM.sub(self._first_use, page))

    def _first_use(self, found: re.Match[str]) -> str:
        if found["id"] in self._seen_terms:
            return found["words"]
        self._seen_terms[found["id"]] = None
        return found[0]

    def restored(self, page: str) -> str:
        """Put rendered blocks in their places; tokens that Markdown left alone become the author's text again."""
        page = _BLOCK.sub(lambda found: self._block(found[1]) or found[0], page)
        return LINE_MARK.sub("", TOKEN.sub(lambda found: self._source(found[1]), page))

    def _block(self, number: str) -> str | None:
        token = self.marks.get(number)
        return token.value if token is not None and token.kind == "block" else None

    def _source(self, number: str) -> str:
        token = self.marks.get(number)
        return html.escape(token.source) if token is not None else ""


_BLOCK = re.compile(f"<p>{TOKEN.pattern}</p>")


class _TokenProcessor(InlineProcessor):  # type: ignore[misc]
    """Where Markdown meets a token in running text, it becomes what it stands for."""

    def __init__(self, markdown: Markdown, writer: Writer) -> None:
        super().__init__(TOKEN.pattern, markdown)
        self.writer = writer

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element | str | None, int | None, int | None]:
        token = self.writer.marks.get(m[1])
        if token is None or token.kind == "block":
            return None, None, None
        return self.writer.builder.built(token), m.start(0), m.end(0)


class _FinishProcessor(Treeprocessor):  # type: ignore[misc]
    """Runs our rules over the tree that Markdown built."""

    def __init__(self, markdown: Markdown, run: Callable[[Element], None]) -> None:
        super().__init__(markdown)
        self._run = run

    def run(self, root: Element) -> None:
        self._run(root)


class _RestoreProcessor(Postprocessor):  # type: ignore[misc]
    """Ends the life of tokens."""

    def __init__(self, writer: Writer) -> None:
        super().__init__()
        self.writer = writer

    def run(self, text: str) -> str:
        return self.writer.restored(text)


def _configured(writer: Writer) -> Markdown:
    """A Markdown with our parts in it."""
    markdown = Markdown(
        output_format="html",
        lazy_ol=False,
        extensions=[
            AdmonitionExtension(),
            DefListExtension(),
            FootnoteExtension(USE_DEFINITION_ORDER=False, BACKLINK_TITLE=words.BACK_TO_TEXT),
            TableExtension(use_align_attribute=True),
        ],
    )
    markdown.ESCAPED_CHARS = [*markdown.ESCAPED_CHARS, "$", "<", ":", "="]
    markdown.preprocessors.deregister("normalize_whitespace")
    markdown.preprocessors.deregister("html_block")
    markdown.parser.blockprocessors.deregister("setextheader")
    markdown.parser.blockprocessors.deregister("reference")
    for name in _DROPPED:
        markdown.inlinePatterns.deregister(name)
    # Below links and images, which must see line marks in their addresses; above emphasis.
    markdown.inlinePatterns.register(_TokenProcessor(markdown, writer), "headwater", 115)
    # After the inline patterns (20), before the tree is made pretty (10).
    markdown.treeprocessors.register(_FinishProcessor(markdown, writer.finisher.finish), "headwater", 15.5)
    markdown.postprocessors.register(_RestoreProcessor(writer), "headwater", 0)
    return markdown
