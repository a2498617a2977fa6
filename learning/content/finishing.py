"""Our rules over the tree that Markdown built: headings, figures, tables, boxes, links.

Runs after the inline patterns and before serialisation, once for each rendered piece.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement

from learning.content import plain, words
from learning.content.context import Context, Drawing, References
from learning.content.links import BadLink, target
from learning.content.marks import MarkBuilder
from learning.content.model import Heading
from learning.content.problems import Problems, shortened
from learning.content.scanner import LINE_MARK, TOKEN, Marks
from learning.content.schemas import is_id

#: Ids that the page around a lesson uses, or may come to use, itself.
_TAKEN = frozenset(
    [
        "main",
        "content",
        "top",
        "nav",
        "navigation",
        "menu",
        "header",
        "footer",
        "search",
        "sources",
        "objectives",
        "title",
    ]
)
_OWN_ID = re.compile(r"\s*\{#([^{}]*)\}\s*$")
_FIGURE = re.compile(r"figures/([a-z0-9][a-z0-9-]*\.svg)")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


class Finisher:
    """Finishes the trees of one document."""

    def __init__(
        self,
        context: Context,
        problems: Problems,
        references: References,
        builder: MarkBuilder,
        marks: Marks,
        *,
        headings: bool,
    ) -> None:
        self.context = context
        self.problems = problems
        self.references = references
        self.builder = builder
        self.marks = marks
        self.allow_headings = headings
        #: Whether a single line is being rendered, in which no figure can stand.
        self.inline = False
        self.headings: list[Heading] = []
        self._taken = set(_TAKEN)
        self.anchors: dict[str, int] = {}
        self._figures = {drawing.name: drawing for drawing in context.figures}
        self._parents: dict[Element, Element] = {}
        self._line = 1

    def finish(self, root: Element) -> None:
        """Apply all rules to a tree."""
        self._parents = {child: parent for parent in root.iter() for child in parent}
        for element in list(root.iter()):
            if element.tag in _HEADINGS:
                self._heading(element, root)
            elif element.tag == "img":
                self._image(element)
            elif element.tag == "a":
                self._link(element)
            elif element.tag == "math" and element.get("display") == "block":
                self._display(element)
            elif element.tag == "div" and "admonition" in (element.get("class") or ""):
                element.tag = "aside"
        self._tables(root)

    def check_anchors(self) -> None:
        """To be called at the end: links to a section of the page must lead to one."""
        known = {heading.id for heading in self.headings}
        for name, line in self.anchors.items():
            if name not in known:
                self.problems.add(line, f"links to the section `#{shortened(name)}`, which is not here: mend the id")

    def _heading(self, element: Element, root: Element) -> None:
        mark = LINE_MARK.match(element.text or "")
        line = int(mark[1]) if mark else self._line
        self._line = line
        element.text = LINE_MARK.sub("", element.text or "").lstrip()
        if not self.allow_headings:
            self.problems.add(line, "is a heading inside a question or a short text: write a paragraph")
            return
        if self._parents.get(element) is not root:
            self.problems.add(line, "is a heading inside a box, list or quote: start it at the margin")
            return
        level = int(element.tag[1])
        above = self.headings[-1].level if self.headings else 1
        if level == 1:
            self.problems.add(line, "is a level-1 heading: the title stands in the front matter; start with ##")
        elif level > above + 1:
            self.problems.add(line, f"skips a heading level: write {'#' * (above + 1)}")
        own = self._own_id(element)
        title = plain.text_of(element)
        if not title:
            self.problems.add(line, "is a heading without words: write them, or delete the line")
        name = self._heading_id(own, title, line)
        self._taken.add(name)
        element.set("id", name)
        self.headings.append(Heading(name, title, level))

    def _own_id(self, element: Element) -> str | None:
        """Cut ``{#id}`` off the end of a heading."""
        last = element[-1] if len(element) else None
        text = (last.tail if last is not None else element.text) or ""
        found = _OWN_ID.search(text)
        if found is None:
            return None
        if last is not None:
            last.tail = text[: found.start()]
        else:
            element.text = text[: found.start()]
        return found[1]

    def _heading_id(self, own: str | None, title: str, line: int) -> str:
        if own is not None:
            if is_id(own) and own not in self._taken:
                return own
            what = "is used twice or by the page itself" if is_id(own) else "is not well formed"
            self.problems.add(line, f"has the heading id `{shortened(own)}`, which {what}: choose another")
        slug = _slug(title)
        if slug not in self._taken:
            return slug
        number = next(number for number in range(2, len(self._taken) + 3) if f"{slug}-{number}" not in self._taken)
        return f"{slug}-{number}"

    def _image(self, image: Element) -> None:
        address, line = self._address(image.get("src"))
        parent = self._parents[image]
        alone = parent.tag == "p" and len(parent) == 1 and not (parent.text or "").strip()
        if self.inline or not alone or (image.tail or "").strip():
            self.problems.add(line, "is a figure inside a text: put it alone into a paragraph")
            return
        drawing = self._drawing(address, line)
        alt = self._alternative(image, line)
        caption = image.attrib.pop("title", "").strip()
        if not caption:
            self.problems.add(line, 'has a figure without a caption: write ![…](figures/name.svg "Caption")')
        image.attrib.clear()
        image.set("src", f"/figures/{self.context.module_id}/{drawing.name}?v={drawing.hash[:12]}")
        image.set("alt", alt)
        image.set("width", str(drawing.width))
        image.set("height", str(drawing.height))
        image.tail = None
        parent.tag, parent.text = "figure", None
        self.builder.expanded(SubElement(parent, "figcaption"), caption, self.marks)

    def _drawing(self, address: str, line: int) -> Drawing:
        found = _FIGURE.fullmatch(address)
        if found is None:
            self.problems.add(
                line, f"shows `{shortened(address)}`: only drawings in figures/*.svg of the module can stand"
            )
        elif found[1] not in self._figures:
            self.problems.add(line, f"shows {address}, which is not in this module: add the file, or mend the name")
        else:
            self.references.add("figure", found[1], line)
            return self._figures[found[1]]
        return Drawing("unknown.svg", "0" * 64, 1, 1)

    def _alternative(self, image: Element, line: int) -> str:
        text = image.get("alt") or ""
        pieces = TOKEN.split(text)
        for index in range(1, len(pieces), 2):
            token = self.marks.get(pieces[index])
            pieces[index] = self.builder.plain(token) if token is not None else ""
        alt = " ".join(LINE_MARK.sub("", "".join(pieces)).split())
        if not alt:
            self.problems.add(line, "has a figure without alternative text: write between the [ ] what it shows")
        return alt

    def _link(self, link: Element) -> None:
        if link.get("class"):
            return
        address, line = self._address(link.get("href"))
        link.attrib.pop("title", None)
        if any(child.tag == "a" for child in link.iter() if child is not link):
            self.problems.add(line, "has a mark or link inside a link: move it out")
        if not plain.text_of(link) and not any(child.tag == "img" for child in link.iter()):
            self.problems.add(line, "has a link without words: write them between the [ ]")
        link.attrib.clear()
        try:
            found = target(address)
        except BadLink as error:
            self.problems.add(line, str(error))
            return
        link.set("href", found.href)
        if found.leaves_site:
            link.set("rel", "noopener noreferrer")
        if found.lesson is not None:
            self.references.add("lesson", found.lesson, line)
        if found.section is not None:
            self.anchors.setdefault(found.section, line)

    def _address(self, marked: str | None) -> tuple[str, int]:
        """An address as the author wrote it, and its line."""
        text = marked or ""
        if mark := LINE_MARK.search(text):
            self._line = int(mark[1])
        text = TOKEN.sub(self._source, LINE_MARK.sub("", text))
        text = re.sub("\x02([0-9]{1,7})\x03", lambda found: chr(int(found[1])), text)
        return html.unescape(text).strip(), self._line

    def _source(self, found: re.Match[str]) -> str:
        token = self.marks.get(found[1])
        return token.source if token is not None else ""

    def _display(self, math: Element) -> None:
        parent = self._parents[math]
        if parent.tag == "p" and len(parent) == 1 and not (parent.text or "").strip() and not (math.tail or "").strip():
            parent.tag = "div"
            parent.set("class", "formula")
            # A long formula scrolls on a narrow screen; the keyboard must reach it to do so.
            parent.set("tabindex", "0")
            parent.text = math.tail = None
        else:
            self.problems.add(self._line_of(math), "has a $$ formula inside a text: leave a line empty above and below")

    def _line_of(self, math: Element) -> int:
        latex = math.get("alttext", "")
        same = (
            token for token in self.marks.tokens if token.kind == "display" and " ".join(token.value.split()) == latex
        )
        return next((token.line for token in same), self._line)

    def _tables(self, root: Element) -> None:
        label = words.TABLE
        for element in list(root.iter()):
            if element.tag in _HEADINGS:
                label = plain.text_of(element) or words.TABLE
            elif element.tag == "table":
                self._table(element, label)

    def _table(self, table: Element, label: str) -> None:
        for cell in _cells(table):
            align = cell.attrib.pop("align", None)
            if align is not None:
                cell.set("class", f"align-{align}")
            if cell.tag == "th":
                if len(cell) or (cell.text or "").strip():
                    cell.set("scope", "col")
                else:
                    # A header cell without words announces nothing.
                    cell.tag = "td"
        parent = self._parents[table]
        place = list(parent).index(table)
        frame = Element("div", {"class": "table-scroll", "tabindex": "0", "role": "region", "aria-label": label})
        frame.tail, table.tail = table.tail, None
        parent.remove(table)
        frame.append(table)
        parent.insert(place, frame)


def _cells(table: Element) -> Iterator[Element]:
    for element in table.iter():
        if element.tag in ("th", "td"):
            yield element


def _slug(title: str) -> str:
    """Letters, digits and hyphens out of a title; a title without any becomes ``section``."""
    ascii_only = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:64].strip("-")
    if not slug:
        return "section"
    return slug if slug[0].isalpha() else f"section-{slug}"
