"""YAML with line numbers: plain values, and the line on which each of them stands.

Only what our files need is accepted. Anchors and aliases are refused (a few lines of them can stand for
gigabytes), tags are refused, and a key may stand only once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from learning.content.problems import Problems, shortened

Path = tuple[str | int, ...]
#: What YAML can hold for us. Recursive types are spelled ``object`` where mypy cannot follow.
Value = object

_INT = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"[-+]?[0-9]{1,17}\.[0-9]{1,17}")
_DEEPEST = 20
_TAGS = {f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "timestamp", "map", "seq")}
_HINTS = {
    "mapping values are not allowed": "put a text that holds a colon in quotes",
    "could not find expected ':'": "write a colon and a blank after the key",
    "found character '\\t'": "indent with blanks, not with tabs",
    "found unexpected end of stream": "close the quote or bracket that is open",
    "expected <block end>": "indent the keys of one level equally, and put texts that hold quotes or colons in quotes",
    "found unknown escape character": "use single quotes, or double the backslash",
    "while scanning": "put the text in quotes",
}


@dataclass(slots=True)
class Document:
    """The values of a YAML text and where they stand."""

    value: Value = None
    #: Line of the key (in a mapping) or of the value (in a list).
    keys: dict[Path, int] = field(default_factory=dict)
    #: Line on which the text of a scalar starts; differs from its key's line for block scalars.
    texts: dict[Path, int] = field(default_factory=dict)

    def line(self, path: Path) -> int:
        """The line of a value, or of the nearest thing around it that has one."""
        while path and path not in self.keys:
            path = path[:-1]
        return self.keys.get(path, 1)


def load(text: str, problems: Problems, first_line: int = 1, *, as_texts: bool = False) -> Document | None:
    """Read YAML; None and a problem if it is not well formed.

    With ``as_texts`` every scalar stays as it is written (0.70 keeps its last digit).
    """
    before = len(problems)
    try:
        node = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        problems.add(_error_line(error) + first_line, _error_sentence(error))
        return None
    except (YAMLError, ValueError) as error:
        problems.add(first_line, f"cannot be read as YAML ({shortened(str(error))}): delete unusual characters")
        return None
    except RecursionError:
        problems.add(first_line, "is nested too deeply: write it flatter")
        return None
    document = Document(keys={(): first_line})
    if node is not None:
        document.value = _Builder(document, problems, first_line, as_texts).build(node, (), 0)
    return None if len(problems) > before and document.value is None else document


class _Builder:
    """Turns YAML nodes into values and notes their lines."""

    def __init__(self, document: Document, problems: Problems, first_line: int, as_texts: bool) -> None:
        self.document = document
        self.problems = problems
        self.first_line = first_line
        self.as_texts = as_texts

    def build(self, node: Node, path: Path, depth: int) -> Value:
        line = self._line(node)
        if node.anchor is not None:
            self.problems.add(line, "uses an anchor (&) or alias (*): write the value out")
            return None
        if node.tag is not None and str(node.tag) not in _TAGS:
            self.problems.add(line, f"uses the tag `{shortened(str(node.tag))}`: delete the word with the !")
            return None
        if depth > _DEEPEST:
            self.problems.add(line, "is nested more than 20 deep: write it flatter")
            return None
        if isinstance(node, MappingNode):
            return self._mapping(node, path, depth)
        if isinstance(node, SequenceNode):
            return self._sequence(node, path, depth)
        assert isinstance(node, ScalarNode)
        return self._scalar(node, path)

    def _line(self, node: Node) -> int:
        return int(node.start_mark.line) + self.first_line

    def _mapping(self, node: MappingNode, path: Path, depth: int) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for key_node, value_node in node.value:
            line = self._line(key_node)
            if not isinstance(key_node, ScalarNode) or not key_node.value or key_node.anchor is not None:
                self.problems.add(line, "is a key that is not a word: write `key: value`")
                continue
            key = str(key_node.value)
            if key in values:
                self.problems.add(line, f"repeats the key `{shortened(key)}`: keep one of them")
                continue
            self.document.keys[*path, key] = line
            values[key] = self.build(value_node, (*path, key), depth + 1)
        return values

    def _sequence(self, node: SequenceNode, path: Path, depth: int) -> list[Value]:
        values: list[Value] = []
        for index, item in enumerate(node.value):
            self.document.keys[*path, index] = self._line(item)
            values.append(self.build(item, (*path, index), depth + 1))
        return values

    def _scalar(self, node: ScalarNode, path: Path) -> Value:
        text = str(node.value)
        line = self._line(node)
        self.document.texts[path] = line + (1 if node.style in ("|", ">") else 0)
        if node.style is not None:
            return text
        if text in ("", "~", "null"):
            return None
        if self.as_texts:
            return text
        if text in ("true", "false"):
            return text == "true"
        if _INT.fullmatch(text):
            return int(text)
        if _FLOAT.fullmatch(text):
            return float(text)
        return text


def _error_line(error: MarkedYAMLError) -> int:
    mark = error.problem_mark or error.context_mark
    return int(mark.line) if mark is not None else 0


def _error_sentence(error: MarkedYAMLError) -> str:
    said = f"{error.problem or ''} {error.context or ''}".strip()
    for sign, hint in _HINTS.items():
        if sign in said:
            return f"cannot be read as YAML ({shortened(said)}): {hint}"
    return f"cannot be read as YAML ({shortened(said)}): look at indentation, quotes and colons here"
