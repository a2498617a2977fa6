"""LaTeX to MathML, as an element tree that holds nothing but known MathML.

latex2mathml lets ``\\text{<script>}``, ``\\href`` and ``\\style`` through and passes unknown commands on as text;
so its tree is taken apart here, never its string.
"""

from __future__ import annotations

import html
import re
from xml.etree.ElementTree import Element

from latex2mathml.converter import convert_to_element
from markdown.util import AtomicString  # type: ignore[import-untyped]

from learning.content.problems import shortened

MOST_LATEX = 2000
MOST_BRACES = 12

ELEMENTS = frozenset(
    [
        "math",
        "mrow",
        "mi",
        "mn",
        "mo",
        "mtext",
        "mspace",
        "mfrac",
        "msqrt",
        "mroot",
        "msub",
        "msup",
        "msubsup",
        "munder",
        "mover",
        "munderover",
        "mtable",
        "mtr",
        "mtd",
        "mstyle",
        "mpadded",
        "mphantom",
        "menclose",
    ]
)
ATTRIBUTES = frozenset(
    [
        "display",
        "alttext",
        "stretchy",
        "fence",
        "separator",
        "form",
        "accent",
        "accentunder",
        "displaystyle",
        "scriptlevel",
        "mathvariant",
        "columnalign",
        "rowspacing",
        "columnspacing",
        "columnlines",
        "rowlines",
        "width",
        "height",
        "depth",
        "lspace",
        "rspace",
        "linethickness",
        "movablelimits",
        "minsize",
        "maxsize",
        "largeop",
        "notation",
    ]
)
_CHILDREN = {"mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2, "msubsup": 3, "munderover": 3}
_COMMAND = re.compile(r"\\[A-Za-z]+")
_ESCAPED = re.compile(r"\\([&%_$#{}])")
_ATTRIBUTE_VALUE = re.compile(r"[A-Za-z0-9 .%+-]{0,40}")


class BadFormula(Exception):
    """The formula cannot be written; the message ends a sentence that starts with its line."""


def formula(latex: str, *, display: bool) -> Element:
    """The MathML of a formula. Raises BadFormula."""
    latex = " ".join(latex.split())
    if len(latex) > MOST_LATEX:
        raise BadFormula("holds a formula longer than 2,000 characters: part it")
    _check_braces(latex)
    try:
        element: Element = convert_to_element(latex, display="block" if display else "inline")
    except RecursionError:
        raise BadFormula("holds a formula that is nested too deeply: part it") from None
    except Exception as error:  # the library raises many kinds, IndexError among them
        name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", type(error).__name__).removesuffix(" Error").lower()
        raise BadFormula(f"holds a formula that is not LaTeX ({name}): mend `{shortened(latex)}`") from None
    _check(element, latex)
    element.set("alttext", latex)
    return element


def _check_braces(latex: str) -> None:
    depth = 0
    for found in re.finditer(r"\\.|[{}]", latex):
        depth += (found[0] == "{") - (found[0] == "}")
        if depth > MOST_BRACES:
            raise BadFormula("holds a formula with braces more than 12 deep: part it")
        if depth < 0:
            break
    if depth:
        raise BadFormula(f"holds a formula with unequal braces: mend `{shortened(latex)}`")


def _check(root: Element, latex: str) -> None:
    """Keep known elements and attributes only; make every text a plain one."""
    for element in root.iter():
        element.attrib.pop("xmlns", None)
        if element.tag not in ELEMENTS:
            raise BadFormula(f"holds a formula with an unknown part: mend `{shortened(latex)}`")
        if "linebreak" in element.attrib or (element.text in ("&", "&amp;") and r"\&" not in latex):
            raise BadFormula("holds a formula with `\\\\` or `&`: use one formula a line, or \\begin{array}")
        for name, value in element.attrib.items():
            if name not in ATTRIBUTES or not _ATTRIBUTE_VALUE.fullmatch(value):
                raise BadFormula("holds a formula that sets a style or a link: delete that command")
        if len(element) != _CHILDREN.get(element.tag, len(element)):
            raise BadFormula(f"holds a formula that is not complete: mend `{shortened(latex)}`")
        text = html.unescape(element.text or "")
        if element.tag == "mtext":
            text = _ESCAPED.sub(r"\1", text)
        if element.tag != "mtext" and (unknown := _COMMAND.search(text)):
            raise BadFormula(f"holds a formula with the unknown command `{unknown[0]}`: use another one")
        # Atomic: Markdown must not look for stars and underscores in it. Escaped here, because
        # Markdown's writer would take `&lt;` in a text for an entity.
        element.text = AtomicString(html.escape(text, quote=False)) if text else None
        element.tail = None
