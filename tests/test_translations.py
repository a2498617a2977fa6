"""Every visible word goes through gettext, and the catalogue of strings is what the code says."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import jinja2
import pytest
from jinja2 import nodes

from learning.config import PROJECT
from tests import translations

TEMPLATES = PROJECT / "templates"
#: Attributes that people read or hear; the last line is shown by scripts.
SPOKEN = {"alt", "aria-label", "title", "placeholder"}
SPOKEN |= {f"data-{what}" for what in ("saving", "saved", "failed", "refused", "changed", "reload", "ended")}
#: Blocks that stand within the class attribute of the layout, and so do macros whose names end in ``_class``.
CLASS_BLOCKS = {"page_class", "parts"}
#: Shows the components with invented words, in development only.
SHOWCASE = TEMPLATES / "web" / "components.html"
GETTEXT = {"_", "gettext", "ngettext", "pgettext", "npgettext"}
#: The same in every language: our name, units, and the words of markup that stand as text.
SAME_EVERYWHERE = {"Headwater", "kWh", "kg", "t", "m", "mg", "L", "CNY", "UTC", "h", "min"}
#: Elements whose content nobody reads as text.
RAW = {"script", "style"}

_environment = jinja2.Environment(extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True)
_word = re.compile(r"[^\W\d_]+")
_entity = re.compile(r"&(?:[a-zA-Z]+|#\d+|#x[0-9a-fA-F]+);")
_attribute = re.compile(r"([\w:.-]+)\s*=\s*$")
_attributes = re.compile(r"\s*[\w-]+=[\"']")
_tag_name = re.compile(r"/?([a-zA-Z][\w-]*)")
#: A text constant that reads like English: a capital letter and another word, or a sentence.
_sentence = re.compile(r"[A-Z][a-z]+(?: [\w’',-]+)+[.:?]?|[A-Z][a-z]+ [a-z]+.*|[A-Z][a-z]{2,}[.:?]?")


@dataclass(frozen=True)
class Place:
    """Literal words in a template."""

    line: int
    text: str


@dataclass
class Scanner:
    """Follows HTML over pieces of text with expressions between them, and notes the words that people would read."""

    found: list[Place] = field(default_factory=list)
    #: "text", "tag", "comment", or the quote that an attribute's value ends with.
    state: str = "text"
    #: The tag so far.
    tag: str = ""
    attribute: str = ""
    raw: str = ""

    def read(self, data: str, line: int) -> None:
        """The next piece."""
        start = 0
        while start < len(data):
            end = self._step(data, start, line + data.count("\n", 0, start))
            start = end

    def expression(self, constants: Iterator[Place]) -> None:
        """An expression that is printed here, with the text constants it may print."""
        if self.state == "text" or (self.state in "\"'" and self.attribute in SPOKEN):
            for constant in constants:
                self._note(constant.text, constant.line)
        if self.state == "tag":
            self.tag += "x"

    def _step(self, data: str, start: int, line: int) -> int:
        match self.state:
            case "text":
                end = self._find(data, "</" + self.raw if self.raw else "<", start)
                if not self.raw:
                    self._note(data[start:end], line)
                if end < len(data):
                    self.state, self.tag, self.raw = ("comment" if data.startswith("<!--", end) else "tag"), "", ""
                return end + 1
            case "comment":
                end = self._find(data, "-->", start)
                self.state = "text" if end < len(data) else "comment"
                return end + 3
            case "tag":
                mark = re.compile("[\"'>]").search(data, start)
                end = mark.start() if mark else len(data)
                self.tag += data[start:end]
                if mark and mark.group() == ">":
                    self._close()
                elif mark:
                    name = _attribute.search(self.tag)
                    self.state, self.attribute = mark.group(), name.group(1).lower() if name else ""
                return end + 1
            case quote:
                end = self._find(data, quote, start)
                if self.attribute in SPOKEN:
                    self._note(data[start:end], line)
                if end < len(data):
                    self.state, self.tag = "tag", self.tag + "x"
                return end + 1

    def _close(self) -> None:
        name = _tag_name.match(self.tag)
        opened = name is not None and not self.tag.startswith("/") and not self.tag.rstrip().endswith("/")
        self.raw = name.group(1).lower() if name and opened and name.group(1).lower() in RAW else ""
        self.state = "text"

    @staticmethod
    def _find(data: str, mark: str, start: int) -> int:
        found = data.find(mark, start)
        return len(data) if found < 0 else found

    def _note(self, text: str, line: int) -> None:
        for number, each in enumerate(_entity.sub(" ", text).split("\n")):
            if any(word not in SAME_EVERYWHERE for word in _word.findall(each)):
                self.found.append(Place(line + number, each.strip()))


def literal_text(source: str) -> list[Place]:
    """Words of a template that do not go through gettext, with their lines."""
    tree = _environment.parse(source)
    scanner = Scanner()
    _scan(tree, scanner)
    return sorted({*scanner.found, *_sentences(tree)}, key=lambda place: (place.line, place.text))


def _scan(node: nodes.Node, scanner: Scanner) -> None:
    """Give the scanner everything that is printed, in the order of the source."""
    for child in node.iter_child_nodes():
        match child:
            case nodes.Output():
                for piece in child.nodes:
                    if isinstance(piece, nodes.TemplateData):
                        scanner.read(piece.data, piece.lineno)
                    else:
                        scanner.expression(_printed(piece))
            case nodes.Block(name=name) if name in CLASS_BLOCKS:
                pass
            case nodes.Macro():
                _scan_macro(child, scanner)
            case _:
                _scan(child, scanner)


def _scan_macro(macro: nodes.Macro, scanner: Scanner) -> None:
    """A macro is printed elsewhere: most make elements, some make attributes, some a class."""
    if macro.name.endswith("_class"):
        return
    first = next(macro.find_all(nodes.TemplateData), None)
    inside = Scanner(state="tag" if first is not None and _attributes.match(first.data) else "text")
    _scan(macro, inside)
    scanner.found += inside.found


def _is_gettext(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in GETTEXT


def _printed(node: nodes.Node) -> Iterator[Place]:
    """Text constants that an expression may print as they are."""
    match node:
        case nodes.Const(value=str(value)):
            yield Place(node.lineno, value)
        case nodes.CondExpr():
            for branch in (node.expr1, node.expr2):
                if branch is not None:
                    yield from _printed(branch)
        case nodes.Or() | nodes.And():
            yield from _printed(node.right)
        case nodes.Concat():
            for part in node.nodes:
                yield from _printed(part)


def _sentences(node: nodes.Node) -> Iterator[Place]:
    """Text constants anywhere, as in the call of a macro, that read like English."""
    for child in node.iter_child_nodes():
        if _is_gettext(child) or isinstance(child, nodes.TemplateData):
            continue
        text = child.value if isinstance(child, nodes.Const) else None
        if isinstance(text, str) and _sentence.fullmatch(text) and text not in SAME_EVERYWHERE:
            yield Place(child.lineno, text)
        yield from _sentences(child)


def _templates() -> list[Path]:
    return sorted(path for path in TEMPLATES.rglob("*") if path.suffix in {".html", ".txt"} and path != SHOWCASE)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<p>{{ _('Sign in') }}</p>", []),
        ("<p>Sign in</p>", ["Sign in"]),
        ("<p>{% trans %}Sign in{% endtrans %}</p>", []),
        ('<a href="/glossary/" class="quiet">{{ _("Glossary") }}</a>', []),
        ('<img src="x.svg" alt="A river">', ["A river"]),
        ("<nav aria-label='{{ x }} menu'></nav>", ["menu"]),
        ("<nav aria-label=\"{{ _('Menu') }}\"></nav>", []),
        ('<div {% if x %}class="a b"{% endif %}>{{ x }}</div>', []),
        ("<style>p { color: red }</style><script>let a = 1</script>", []),
        ("<p>{{ 'done' if x else _('Open') }}</p>", ["done"]),
        ("<input{{ ' checked' if x }}>", []),
        ("{{ submit('Save this page') }}", ["Save this page"]),
        ("{{ submit(_('Save this page')) }}", []),
        ("<!-- why -->{# why #}<p>&nbsp;12 kWh, 100 % – {{ x }}&times;</p>", []),
        ("{% block page_class %}page-quiz{% endblock %}{% macro _class() %}button{% endmacro %}", []),
        ('{% macro words() %}data-saved="Saved" class="quiet"{% endmacro %}', ["Saved"]),
        ("<p>\n\n{{ x }} of {{ y }}</p>", ["of"]),
    ],
)
def test_the_lint_finds_words_and_nothing_else(source: str, words: list[str]) -> None:
    assert [place.text for place in literal_text(source)] == words


def test_the_lint_names_the_line() -> None:
    assert literal_text("{% if x %}\n<p>\n  {{ x }}\n</p>\n{% endif %}\n<p>Sign in</p>") == [Place(6, "Sign in")]


@pytest.mark.parametrize("template", _templates(), ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_every_word_of_a_template_goes_through_gettext(template: Path) -> None:
    places = literal_text(template.read_text(encoding="utf-8"))
    assert not places, "\n".join(
        f"{template.relative_to(PROJECT)}:{place.line}: {place.text!r} does not go through gettext" for place in places
    )


def _said(tree: ast.AST) -> Iterator[Place]:
    """Text constants of a module that read like English, but for docstrings and what gettext is called with."""
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.Call) and isinstance(child.func, ast.Name) and child.func.id in GETTEXT:
            continue
        if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
            continue
        if isinstance(child, ast.Constant) and isinstance(child.value, str) and _sentence.fullmatch(child.value):
            yield Place(child.lineno, child.value)
        yield from _said(child)


def _pages() -> list[Path]:
    """Modules of forms and views."""
    return sorted(path for path in (PROJECT / "learning").rglob("*.py") if re.search("forms|views|doors", path.stem))


@pytest.mark.parametrize("module", _pages(), ids=lambda path: str(path.relative_to(PROJECT)))
def test_every_label_and_message_of_forms_and_views_goes_through_gettext(module: Path) -> None:
    places = list(_said(ast.parse(module.read_text(encoding="utf-8"))))
    assert not places, "\n".join(f"{module.relative_to(PROJECT)}:{place.line}: {place.text!r}" for place in places)


def test_the_catalogue_of_strings_is_up_to_date() -> None:
    assert translations.is_current(), "translations/messages.pot is out of date. Write it with: make translations"


def test_a_changed_catalogue_is_noticed(tmp_path: Path) -> None:
    other = tmp_path / "messages.pot"
    other.write_text(translations.CATALOGUE.read_text() + '\nmsgid "Nobody says this"\nmsgstr ""\n')
    assert not translations.is_current(other)
    assert not translations.is_current(tmp_path / "missing.pot")


def test_extraction_finds_strings_of_code_templates_and_mails() -> None:
    messages = {message.id for message in translations.extract()}
    assert {"Sign in", "Privacy", "A new password for Headwater", "This page is not here"} <= messages
