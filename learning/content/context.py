"""What a document may refer to, and what reading it yields."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from learning.content.model import Audience, Constant, Instrument, Lesson, Question, Quiz, Source, Term
from learning.content.problems import Problem, Remark

Kind = Literal[
    "lesson",
    "quiz",
    "module",
    "course",
    "instrument",
    "translation",
    "glossary",
    "sources",
    "constants",
    "figure",
    # Questions on their way in or out: in Markdown with or without front matter, and in Moodle's GIFT.
    "questions",
    "gift",
]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A figure as lessons need it: its place, its version, its size."""

    name: str
    hash: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Context:
    """What a lesson or quiz may name. ``None`` means unknown because its file is broken: nothing is checked then."""

    module_id: str = "unknown"
    figures: tuple[Drawing, ...] = ()
    terms: tuple[Term, ...] | None = ()
    sources: tuple[str, ...] | None = ()
    constants: tuple[Constant, ...] | None = ()
    #: For a translation: the instrument it must ask the same as, and the language its file is named for.
    original: Instrument | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """One document to be read."""

    kind: Kind
    file: str
    text: str
    hash: str = ""
    context: Context = Context()
    #: For ``gift``: the quiz file that the questions shall join, and ids that stand elsewhere.
    joins: str = ""
    taken: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """A document names something that may stand in another file."""

    kind: Literal["lesson", "module", "quiz", "source", "figure", "objective"]
    target: str
    line: int
    #: The module to which lessons and quizzes of a course, and objectives of a quiz, must belong.
    within: str | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """An id that a document defines."""

    id: str
    line: int


@dataclass(frozen=True, slots=True)
class ModuleDraft:
    """What module.yaml says."""

    id: str
    title: str
    summary: str


@dataclass(frozen=True, slots=True)
class CoursePartDraft:
    """What a course file says of one module; ``lessons`` is None for all of them."""

    module: str
    lessons: tuple[str, ...] | None
    quiz: bool


@dataclass(frozen=True, slots=True)
class FinalDraft:
    """What a course file says of the quiz at its end."""

    id: str
    title: str
    #: Of the entry in the file, for problems.
    line: int
    pass_mark: int
    attempts: int
    draw_per_module: int
    time_limit: int
    pause: int


@dataclass(frozen=True, slots=True)
class CertificateDraft:
    """What a course file says of its certificate."""

    title: str
    valid_months: int | None
    #: Of the entry in the file, for problems.
    line: int


@dataclass(frozen=True, slots=True)
class CourseDraft:
    """What a course file says."""

    id: str
    title: str
    summary: str
    audience: tuple[Audience, ...]
    parts: tuple[CoursePartDraft, ...]
    final: FinalDraft | None = None
    certificate: CertificateDraft | None = None
    #: Line on which it says that sign-offs are required; None: they are optional.
    sign_offs_required: int | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """Questions as they are exchanged: shown, in Markdown and in GIFT."""

    #: What the text calls itself; may be empty.
    title: str
    questions: tuple[Question, ...]
    #: Of GIFT: the questions that join the file. Of Markdown: the text as it came.
    markdown: str
    gift: str
    #: What did not arrive whole from GIFT, on lines of the text read.
    remarks: tuple[Remark, ...] = ()
    #: What GIFT cannot hold of it, likewise.
    losses: tuple[Remark, ...] = ()


@dataclass(slots=True)
class Reply:
    """What one document holds. The record of its kind is None if the document is broken."""

    problems: tuple[Problem, ...] = ()
    #: Whether all of it could be looked at; if not, it may refer to more than is known.
    whole: bool = False
    #: The document's own id; known even where other parts of the document are broken.
    name: Named | None = None
    #: Ids of the questions in it.
    questions: tuple[Named, ...] = ()
    #: Id of the task that asks for a sign-off.
    practice: Named | None = None
    references: tuple[Reference, ...] = ()
    lesson: Lesson | None = None
    quiz: Quiz | None = None
    module: ModuleDraft | None = None
    course: CourseDraft | None = None
    instrument: Instrument | None = None
    #: Lists hold what is right in the file; None if nothing of it can be read.
    terms: tuple[Term, ...] | None = None
    sources: tuple[Source, ...] | None = None
    constants: tuple[Constant, ...] | None = None
    drawing: Drawing | None = None
    #: There even if problems are.
    sheet: Sheet | None = None


@dataclass(slots=True)
class References:
    """Collects what a document names."""

    found: dict[Reference, None] = field(default_factory=dict)

    def add(
        self,
        kind: Literal["lesson", "module", "quiz", "source", "figure", "objective"],
        target: str,
        line: int,
        within: str | None = None,
    ) -> None:
        """Note a reference."""
        self.found[Reference(kind, target, line, within)] = None
