"""The last step of rendering: only the elements and attributes that our own renderer writes may pass.

The list is complete on purpose: nh3's default lets remote images and ``//host`` links through.
"""

from __future__ import annotations

import re

import nh3

from learning.content import formulas

_TEXT = ["p", "br", "hr", "em", "strong", "code", "pre", "blockquote", "sup", "h2", "h3", "h4", "h5", "h6"]
_LISTS = ["ul", "ol", "li", "dl", "dt", "dd"]
_TABLES = ["table", "thead", "tbody", "tr", "th", "td"]
_PARTS = ["a", "img", "figure", "figcaption", "aside", "section", "div", "details", "summary"]
TAGS = frozenset([*_TEXT, *_LISTS, *_TABLES, *_PARTS]) | formulas.ELEMENTS

_ID = re.compile(r"[a-z][\w:.-]{0,99}", re.ASCII)
_CLASSES = {
    "a": {"term", "citation", "footnote-ref", "footnote-backref"},
    "aside": {f"admonition {kind}" for kind in ("note", "tip", "warning", "case", "example", "try")},
    "p": {"admonition-title", "check-title", "verdict", "question-title"},
    "section": {"check"},
    "div": {"table-scroll", "footnote", "feedback", "formula", "stem"},
    "ul": {"options"},
    "details": {"option right", "option wrong", "explanation"},
    "th": {"align-left", "align-right", "align-center"},
    "td": {"align-left", "align-right", "align-center"},
}
_VALUES = {
    ("th", "scope"): re.compile(r"col"),
    ("div", "role"): re.compile(r"region"),
    ("div", "tabindex"): re.compile(r"0"),
    ("div", "aria-label"): re.compile(r"[^\x00-\x1f]{1,300}"),
    ("div", "data-calculator"): re.compile(r"[a-z][a-z0-9-]{0,63}"),
    ("a", "href"): re.compile(r"https?://[^\s\\]+|mailto:[^\s\\:/?]+@[^\s\\:/?]+|/(?![/\\])[^\s\\]*|#[^\s\\]+"),
    ("a", "rel"): re.compile(r"noopener noreferrer"),
    ("a", "title"): re.compile(r"[^\x00-\x1f]{0,300}"),
    ("a", "data-term"): re.compile(r"[a-z][a-z0-9-]{0,63}"),
    ("img", "src"): re.compile(r"/figures/[a-z0-9-]+/[a-z0-9-]+\.svg\?v=[0-9a-f]{12}"),
    ("img", "alt"): re.compile(r"[^\x00-\x1f]{1,2000}"),
    ("img", "width"): re.compile(r"\d{1,5}"),
    ("img", "height"): re.compile(r"\d{1,5}"),
    ("ol", "start"): re.compile(r"\d{1,6}"),
}
_WITH_ID = ("h2", "h3", "h4", "h5", "h6", "li", "sup")


def _attributes() -> dict[str, set[str]]:
    allowed: dict[str, set[str]] = {tag: set(formulas.ATTRIBUTES) for tag in formulas.ELEMENTS}
    for tag, name in _VALUES:
        allowed.setdefault(tag, set()).add(name)
    for tag in _CLASSES:
        allowed.setdefault(tag, set()).add("class")
    for tag in _WITH_ID:
        allowed.setdefault(tag, set()).add("id")
    return allowed


def _filter(tag: str, name: str, value: str) -> str | None:
    """The value if it is one that we write ourselves."""
    if tag in formulas.ELEMENTS:
        return value
    if name == "class":
        return value if value in _CLASSES.get(tag, ()) else None
    if name == "id":
        return value if _ID.fullmatch(value) else None
    rule = _VALUES.get((tag, name))
    return value if rule is not None and rule.fullmatch(value) else None


_CLEANER = nh3.Cleaner(
    tags=set(TAGS),
    attributes=_attributes(),
    attribute_filter=_filter,
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
    generic_attribute_prefixes=set(),
)


def sanitised(html: str) -> str:
    """HTML that holds nothing but what the allow-list names."""
    return _CLEANER.clean(html)
