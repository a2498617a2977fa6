"""Every visible word goes through gettext, and the catalogue of strings is what the code says."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import jinja2
import pytest
from flask import Flask
from jinja2 import nodes

from learning.config import PROJECT
from learning.quizzes.errors import NoAttemptsLeft
from learning.teaching.errors import NotLater
from tests import translations

TEMPLATES = PROJECT / "templates"
#: Attributes that people read or hear; the last line is shown by scripts.
SPOKEN = {"alt", "aria-label", "title", "placeholder"}
SPOKEN |= {f"data-{what}" for what in ("saving", "saved", "failed", "refused", "changed", "reload", "ended")}
#: Blocks that stand within the class attribute of the layout, and so do macros whose names end in ``_class``.
CLASS_BLOCKS = {"page_class", "parts", "styles"}
#: Shows the components with invented words, in development only.
SHOWCASE = TEMPLATES / "web" / "components.html"
GETTEXT = {"_", "gettext", "ngettext", "pgettext", "npgettext"}
GETTEXT_OF_CODE = GETTEXT | {"lazy_gettext", "lazy_ngettext", "_l"}
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


def _modules() -> dict[Path, ast.Module]:
    """Every module but the pure wings, which know neither pages nor languages."""
    left_out = {"content", "grading", "psychometrics"}
    return {
        path: ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted((PROJECT / "learning").rglob("*.py"))
        if path.relative_to(PROJECT / "learning").parts[0] not in left_out
    }


def _domain_errors(trees: Iterable[ast.AST]) -> set[str]:
    """Names of the classes that stand on DomainError, however far above."""
    bases = {
        node.name: {base.id for base in node.bases if isinstance(base, ast.Name)}
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    found, before = {"DomainError"}, set[str]()
    while found != before:
        before = set(found)
        found |= {name for name, above in bases.items() if above & found}
    return found


def _untranslated(node: ast.AST) -> Iterator[Place]:
    """Texts with words in them that no translation can find: outside gettext, or put together within it."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in GETTEXT_OF_CODE:
        if not isinstance(node.args[0], ast.Constant):
            yield Place(node.lineno, ast.unparse(node.args[0]))
        return
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    if isinstance(node, ast.JoinedStr):
        yield Place(node.lineno, ast.unparse(node))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and re.search(r"[^\W\d_]+\W", node.value):
        yield Place(node.lineno, node.value)
    else:
        for child in ast.iter_child_nodes(node):
            yield from _untranslated(child)


def _said_by_errors(tree: ast.AST, errors: set[str]) -> Iterator[Place]:
    """What errors of the domain say by themselves, and what they are made with, past gettext."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.name in errors:
            yield from _untranslated(node)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in errors:
            for argument in (*node.args, *(keyword.value for keyword in node.keywords)):
                yield from _untranslated(argument)


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("raise Taken('It is taken.')", [1]),
        ("raise Taken(_('It is taken.'))", []),
        ("raise Taken(f'{name} is taken.')", [1]),
        ("raise Taken(_(f'{name} is taken.'))", [1]),
        ("raise Taken(_('%(name)s is taken.', name=name))", []),
        ("raise Other('It is taken.')", []),
        ("class Taken(DomainError):\n def __init__(self):\n  super().__init__('It is taken.')", [3]),
        ("class Taken(DomainError):\n def __init__(self, text='It is taken.'):\n  super().__init__(text)", [2]),
        ("class Taken(DomainError):\n 'It is taken.'\n status = 422", []),
    ],
)
def test_the_lint_of_errors_finds_sentences_past_gettext(source: str, lines: list[int]) -> None:
    assert [place.line for place in _said_by_errors(ast.parse(source), {"DomainError", "Taken"})] == lines


def test_every_sentence_of_an_error_of_the_domain_goes_through_gettext() -> None:
    trees = _modules()
    errors = _domain_errors(trees.values())
    assert {"CohortNameTaken", "TimeIsUp", "TooManyRows"} <= errors
    places = [
        f"{path.relative_to(PROJECT)}:{place.line}: {place.text!r}"
        for path, tree in trees.items()
        for place in _said_by_errors(tree, errors)
    ]
    assert not places, "\n".join(places)


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


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_command_has_no_request_and_is_told_in_english_why_it_does_not_go_on(app: Flask) -> None:
    with app.app_context():
        assert str(NotLater(date(2030, 2, 1))).startswith("Everybody has until Fri 1 Feb 2030 already.")
        assert str(NoAttemptsLeft(1)).startswith("This quiz allows one attempt and you have used it.")
