"""The headings of questions: id, type, points and objectives in their attribute list."""

from __future__ import annotations

import re
from dataclasses import dataclass

from learning.content.problems import Problems, quoted, shortened
from learning.content.schemas import is_id
from learning.content.text import Line, Text

TYPES = ("single", "multiple", "true-false", "numeric", "short", "matching", "ordering", "cloze")
MOST_POINTS = 100

_HEADING = re.compile(r"## *(?!#)(?P<rest>.*)")
_OBJECTIVE = re.compile(r"(?P<lesson>[^.]*)\.[1-9][0-9]?")
_ATTRIBUTES = re.compile(r"(?P<title>.*?)\s*\{(?P<list>[^{}]*)\}\s*")


@dataclass(frozen=True, slots=True)
class Head:
    """What the heading of a question says."""

    line: int
    title: str
    id: str
    type: str
    points: int
    #: As the model writes them: "m03-l2.1".
    objectives: tuple[str, ...]


def split_questions(body: Text) -> tuple[Text, list[tuple[Line, list[Line]]]]:
    """What stands before the first question, and each question's heading with the lines below it."""
    intro: list[Line] = []
    questions: list[tuple[Line, list[Line]]] = []
    for line in body.lines:
        if _HEADING.fullmatch(line.text):
            questions.append((line, []))
        else:
            (questions[-1][1] if questions else intro).append(line)
    return Text.at(intro), questions


def read_head(heading: Line, problems: Problems) -> Head | None:
    """The id, type, points and objectives of a question. None if it has no usable id or type."""
    rest = heading.text.removeprefix("##").strip()
    found = _ATTRIBUTES.fullmatch(rest)
    if found is None:
        problems.add(heading.number, "is a question without id and type: end it with {#m01-q1 type=single}")
        return None
    values: dict[str, str] = {}
    for word in found["list"].split():
        name, _, value = ("id", "", word[1:]) if word.startswith("#") else word.partition("=")
        if name not in ("id", "type", "points", "objective"):
            known = "use #id, type=, points= and objective="
            problems.add(heading.number, f"has the unknown attribute `{shortened(word)}`: {known}")
        elif name in values:
            problems.add(heading.number, f"gives `{name}` twice: keep one of them")
        values.setdefault(name, value)
    if not found["title"]:
        problems.add(heading.number, "is a question without words: write them before the {")
    identifier, kind = _id(values, heading, problems), _type(values, heading, problems)
    points, objectives = _points(values, heading, problems), _objectives(values, heading, problems)
    if identifier is None or kind is None:
        return None
    return Head(heading.number, found["title"], identifier, kind, points, objectives)


def _id(values: dict[str, str], heading: Line, problems: Problems) -> str | None:
    value = values.get("id")
    if value is None:
        problems.add(heading.number, "is a question without an id: write {#m01-q1 …}")
    elif not is_id(value):
        problems.add(
            heading.number,
            f"has the id `{shortened(value)}`: use lower-case letters, digits and hyphens, starting with a letter",
        )
        value = None
    return value


def _type(values: dict[str, str], heading: Line, problems: Problems) -> str | None:
    value = values.get("type")
    if value is None:
        problems.add(heading.number, f"is a question without a type: write type= and one of {quoted(TYPES)}")
    elif value not in TYPES:
        problems.add(heading.number, f"has the unknown type `{shortened(value)}`: write {quoted(TYPES)}")
        value = None
    return value


def _points(values: dict[str, str], heading: Line, problems: Problems) -> int:
    value = values.get("points", "1")
    if re.fullmatch(r"[0-9]{1,4}", value) and 1 <= int(value) <= MOST_POINTS:
        return int(value)
    problems.add(heading.number, f"has `points={shortened(value)}`: write a whole number from 1 to {MOST_POINTS}")
    return 1


def _objectives(values: dict[str, str], heading: Line, problems: Problems) -> tuple[str, ...]:
    if "objective" not in values:
        return ()
    named = values["objective"].split(",")
    right: list[str] = []
    for name in named:
        found = _OBJECTIVE.fullmatch(name)
        if found is None or not is_id(found["lesson"]):
            problems.add(
                heading.number,
                f"names the objective `{shortened(name)}`: write lesson and number, objective=m03-l2.1, "
                "and a comma without blanks between several",
            )
        elif name in right:
            problems.add(heading.number, f"names the objective `{name}` twice: delete one")
        else:
            right.append(name)
    return tuple(right)
