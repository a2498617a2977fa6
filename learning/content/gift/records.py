"""What a GIFT file holds, question by question, before it is mapped to ours."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Format = Literal["moodle", "html", "plain", "markdown"]
Kind = Literal[
    "description",
    "essay",
    "choice",
    "true-false",
    "short",
    "numeric",
    "matching",
    "ordering",
    # Our own: a whole question in Markdown, kept in comments.
    "kept",
]


@dataclass(frozen=True, slots=True)
class Snippet:
    """A stretch of text, its escapes resolved."""

    line: int
    text: str
    format: Format


@dataclass(frozen=True, slots=True)
class GiftAnswer:
    """An answer behind ``=`` or ``~``; a line of an ordering question has neither."""

    line: int
    sign: Literal["=", "~", ""]
    #: In per cent, as written between ``%``; None if no weight is written.
    weight: Decimal | None
    text: Snippet
    feedback: Snippet | None = None
    #: What stands behind ``->``.
    match: Snippet | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A comment that we wrote ourselves, for what GIFT has no word for."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class GiftQuestion:
    """One question of the file."""

    line: int
    kind: Kind
    name: str
    stem: Snippet
    #: What follows the braces, where the answer stands inside a sentence; empty elsewhere.
    tail: str = ""
    #: The blanks between the stem and the braces.
    lead: str = ""
    answers: tuple[GiftAnswer, ...] = ()
    #: Whether the statement is true; in true-false questions only.
    truth: bool = False
    #: The line that sets an ordering question up.
    setup: str = ""
    explanation: Snippet | None = None
    #: From comments ``[id:…]`` and ``[tag:…]``.
    id: str = ""
    tags: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class GiftFile:
    """A file: its questions in order, and the categories it names with their lines."""

    questions: tuple[GiftQuestion, ...]
    categories: tuple[tuple[int, str], ...]
