"""YAML to validated records; every mistake gets its line and a sentence a person can act on."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from types import UnionType
from typing import TYPE_CHECKING, Annotated, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from learning.content.problems import Problems, quoted, shortened
from learning.content.text import Line, Text
from learning.content.yaml_lines import Document, Path, load

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Record = TypeVar("Record", bound=BaseModel)

_TYPES = {
    "string_type": "must be text: put it in quotes",
    "int_type": "must be a whole number, such as 10",
    "int_from_float": "must be a whole number, such as 10",
    "float_type": "must be a number, such as 0.5",
    "finite_number": "must be a finite number",
    "bool_type": "must be true or false",
    "list_type": "must be a list: write [a, b], or one entry a line starting with a hyphen",
    "model_type": "must be a group of `key: value` lines",
    "dict_type": "must be a group of `key: value` lines",
    "string_too_short": "is empty: write it",
    "string_pattern_mismatch": "is not well formed: write it as in docs/authoring.md",
}


def split_front_matter(text: str, problems: Problems) -> tuple[Document | None, Text]:
    """The front matter of a Markdown file and its body; a file without one is a problem."""
    lines = Text.of(text).lines
    if lines[0].text.rstrip() != "---":
        problems.add(1, "has no front matter: start with a line --- , then the keys, then a line ---")
        return None, Text(lines)
    for index, line in enumerate(lines[1:], start=1):
        if line.text.rstrip() == "---":
            front = "\n".join(part.text for part in lines[1:index])
            return load(front, problems, first_line=2), Text(lines[index + 1 :] or (Line(index + 2, ""),))
    problems.add(1, "has a front matter without an end: write a line --- after its last key")
    return None, Text((Line(len(lines), ""),))


def validated(kind: type[Record], document: Document, problems: Problems) -> Record | None:
    """The document as a record, or None and a problem for each mistake."""
    if not isinstance(document.value, dict):
        problems.add(document.line(()), f"must hold the keys {quoted(_fields(kind))}: write them as `key: value`")
        return None
    return _validate(kind, document.value, (), document, problems)


def validated_entries(kind: type[Record], document: Document, problems: Problems) -> list[tuple[int, Record]]:
    """The entries of a list file that are right, each with its place; the others become problems."""
    if document.value is None:
        return []
    if not isinstance(document.value, list):
        problems.add(document.line(()), "must be a list: start each entry with a hyphen, `- id: …`")
        return []
    found = []
    for index, value in enumerate(document.value):
        record = _validate(kind, value, (index,), document, problems)
        if record is not None:
            found.append((index, record))
    return found


def _validate(kind: type[Record], value: object, at: Path, document: Document, problems: Problems) -> Record | None:
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            _report(detail, kind, at, document, problems)
        return None


def _report(detail: ErrorDetails, kind: type[BaseModel], at: Path, document: Document, problems: Problems) -> None:
    path = (*at, *detail["loc"])
    line = document.line(path)
    name = next((str(part) for part in reversed(detail["loc"]) if isinstance(part, str)), "")
    match detail["type"]:
        case "missing":
            problems.add(document.line(path[:-1]), f"`{name}` is missing: add it")
        case "extra_forbidden":
            known = _fields(_kind_at(kind, detail["loc"][:-1]))
            problems.add(line, f"`{shortened(name)}` is not a key here: {_spelling(name, known)}")
        case "value_error":
            problems.add(line, f"{_subject(name, detail)} {detail['ctx']['error']}")
        case _:
            problems.add(line, f"{_subject(name, detail)} {_rule(detail)}")


def _subject(name: str, detail: ErrorDetails) -> str:
    """What the sentence is about: the key, and the value where a short one helps to find it."""
    value = detail["input"]
    if isinstance(value, str | int | float) and not isinstance(value, bool) and str(value).strip():
        return f"`{name}` with `{shortened(str(value), 40)}`" if name else f"`{shortened(str(value), 40)}`"
    return f"`{name}`" if name else "this"


def _rule(detail: ErrorDetails) -> str:
    kind = detail["type"]
    limits: Mapping[str, object] = detail.get("ctx", {})
    if kind in _TYPES:
        return "has no value: write one" if detail["input"] is None else _TYPES[kind]
    match kind:
        case "literal_error":
            return f"is not known: write {str(limits['expected']).replace(chr(39), '`')}"
        case "greater_than_equal":
            return f"is too small: write {limits['ge']} or more"
        case "greater_than":
            return f"is too small: write more than {limits['gt']}"
        case "less_than_equal":
            return f"is too large: write {limits['le']} or less"
        case "too_short":
            return f"has too few entries: write {limits['min_length']} or more"
        case "too_long":
            return f"has too many entries: write {limits['max_length']} or fewer"
        case "string_too_long":
            return f"is longer than {limits['max_length']} characters: shorten it"
    return f"is not right ({detail['msg']}): see docs/authoring.md"


def _spelling(name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f"write `{close[0]}`, or delete it" if close else f"delete it, or use {quoted(known)}"


def _fields(kind: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in kind.model_fields.items()]


def _kind_at(kind: type[BaseModel], path: tuple[int | str, ...]) -> type[BaseModel]:
    """The record type that stands at a path inside another one."""
    for part in path:
        if isinstance(part, str) and part in kind.model_fields:
            kind = next(_record_types(kind.model_fields[part].annotation), kind)
    return kind


def _record_types(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) in (list, Union, UnionType, Annotated):
        for part in get_args(annotation):
            yield from _record_types(part)
