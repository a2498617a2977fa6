"""The content folder to one Catalogue: reads every file, then checks what they say of each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from learning.content.context import Context, CourseDraft, Drawing, Kind, Reply, Request
from learning.content.files import File, Folder, decoded, read_folder
from learning.content.finals import final_quiz
from learning.content.model import (
    Catalogue,
    CertificateRules,
    Constant,
    Course,
    CourseModule,
    Figure,
    Instrument,
    Lesson,
    Module,
    Quiz,
    Source,
    Term,
)
from learning.content.problems import Problem, Problems, in_order
from learning.content.registry import Registry
from learning.content.renderer import Renderer


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading gave: a catalogue, or the problems that stand in its way."""

    catalogue: Catalogue | None
    problems: tuple[Problem, ...]
    #: False if a document was cut off for taking too long: on a quieter machine it may not be.
    certain: bool = True


def load_catalogue(folder: Path) -> Loaded:
    """Read a content folder. Never raises for what is in it: every mistake becomes a problem.

    Raises RendererUnavailable if the reading process cannot be started.
    """
    return compile_folder(read_folder(folder))


def compile_folder(folder: Folder, renderer: Renderer | None = None) -> Loaded:
    """Read the files of a folder that has been taken in. Same promise as ``load_catalogue``."""
    if renderer is None:
        with Renderer() as own:
            return compile_folder(folder, own)
    restarts = renderer.restarts
    compiler = _Compiler(folder, renderer)
    catalogue = compiler.catalogue()
    problems = in_order(compiler.problems)
    return Loaded(None if problems else catalogue, problems, renderer.restarts == restarts)


@dataclass(slots=True)
class _Part:
    """A module while it is put together."""

    folder: str
    id: str
    title: str = ""
    summary: str = ""
    drawings: list[Drawing] = field(default_factory=list)
    lessons: list[Lesson] = field(default_factory=list)
    quiz: Quiz | None = None
    #: Figures that some document of the module shows.
    shown: set[str] = field(default_factory=set)
    #: Whether every document of the module could be read; if not, nobody knows which figures are unused.
    complete: bool = True

    @property
    def number(self) -> int:
        """The number in the folder's name."""
        return int(self.folder.split("/")[1][:2])


class _Compiler:
    """Goes through the folder in the order in which files need each other."""

    def __init__(self, folder: Folder, renderer: Renderer) -> None:
        self.folder = folder
        self.renderer = renderer
        self.problems: list[Problem] = list(folder.problems)
        self.registry = Registry()
        self.terms: tuple[Term, ...] | None = ()
        self.sources: tuple[Source, ...] | None = ()
        self.constants: tuple[Constant, ...] | None = ()

    def catalogue(self) -> Catalogue:
        """Everything that is right; incomplete if there are problems."""
        self._read_lists()
        parts = [self._module(path) for path in self.folder.modules]
        self._check_numbers(parts)
        instruments = {file.path: self._instrument(file) for file in self._files("instrument")}
        translations = self._translations(instruments)
        drafts = [(self.folder.label(file.path), self._course(file)) for file in self._files("course")]
        self.problems += self.registry.problems(self.sources)
        modules = {part.id: self._finished_module(part) for part in parts}
        tasks = {each.id: each.practice.id for part in parts for each in part.lessons if each.practice}
        courses = {draft.id: _finished_course(draft, modules, tasks) for _, draft in drafts if draft is not None}
        quizzes = {part.quiz.id: part.quiz for part in parts if part.quiz is not None}
        quizzes |= self._finals(drafts, courses, modules, quizzes)
        self._check_promises(drafts, courses)
        return Catalogue(
            hash=self.folder.hash,
            courses=courses,
            modules=modules,
            lessons={lesson.id: lesson for part in parts for lesson in part.lessons},
            quizzes=quizzes,
            instruments={entry.id: entry for entry in instruments.values() if entry is not None},
            terms={term.id: term for term in self.terms or ()},
            sources={source.id: source for source in self.sources or ()},
            constants={constant.id: constant for constant in self.constants or ()},
            figures=tuple(Figure(part.id, drawing.name, drawing.hash) for part in parts for drawing in part.drawings),
            translations=translations,
        )

    def _files(self, place: str, folder: str = "") -> list[File]:
        return [file for file in self.folder.files if file.place == place and file.path.startswith(folder)]

    def _read(self, file: File, kind: Kind, context: Context | None = None, module: str | None = None) -> Reply | None:
        """Have a file read; its problems, names and references are kept here. None if it is not text."""
        label = self.folder.label(file.path)
        text, line, fault = decoded(file.data)
        if fault is not None:
            self.problems.append(Problem(label, line, fault))
            return None
        reply = self.renderer.read(Request(kind, label, text, file.hash, context or Context()))
        self.problems += reply.problems
        self.registry.add(label, kind, reply, module)
        return reply

    def _read_lists(self) -> None:
        for file in self._files("glossary"):
            reply = self._read(file, "glossary")
            self.terms = reply.terms if reply else None
        for file in self._files("sources"):
            reply = self._read(file, "sources")
            self.sources = reply.sources if reply else None
        for file in self._files("constants"):
            reply = self._read(file, "constants")
            self.constants = reply.constants if reply else None

    def _module(self, path: str) -> _Part:
        part = _Part(path, "unknown")
        files = self._files("module", f"{path}/")
        if not files:
            self._note(f"{path}/module.yaml", "is missing: write it with the keys `id`, `title` and `summary`")
        for file in files:
            reply = self._read(file, "module")
            if reply is not None and reply.name is not None:
                part.id = reply.name.id
            if reply is not None and reply.module is not None:
                part.title, part.summary = reply.module.title, reply.module.summary
        self._read_figures(part)
        self._read_documents(part)
        self._check_figures(part)
        return part

    def _read_figures(self, part: _Part) -> None:
        for file in self._files("figure", f"{part.folder}/"):
            reply = self._read(file, "figure")
            # A broken drawing still counts as one that is there: its own mistake is told already.
            drawing = reply.drawing if reply is not None else None
            part.drawings.append(drawing or Drawing(file.name, file.hash, 1, 1))

    def _read_documents(self, part: _Part) -> None:
        context = Context(
            module_id=part.id,
            figures=tuple(part.drawings),
            terms=self.terms,
            sources=tuple(source.id for source in self.sources) if self.sources is not None else None,
            constants=self.constants,
        )
        lessons = self._files("lesson", f"{part.folder}/")
        if not lessons:
            self._note(f"{part.folder}/module.yaml", "is a module without a lesson: add one as 01-name.md")
        numbers: dict[str, str] = {}
        for file in lessons:
            if file.name[:2] in numbers:
                self._note(file.path, f"has the number of {numbers[file.name[:2]]}: give it another")
            numbers.setdefault(file.name[:2], file.name)
            reply = self._read_document(part, file, "lesson", context)
            if reply is not None and reply.lesson is not None:
                part.lessons.append(reply.lesson)
        for file in self._files("quiz", f"{part.folder}/"):
            reply = self._read_document(part, file, "quiz", context)
            part.quiz = reply.quiz if reply is not None else None

    def _read_document(self, part: _Part, file: File, kind: Kind, context: Context) -> Reply | None:
        reply = self._read(file, kind, context, part.id)
        if reply is None or not reply.whole:
            part.complete = False
        else:
            part.shown |= {reference.target for reference in reply.references if reference.kind == "figure"}
        return reply

    def _check_figures(self, part: _Part) -> None:
        for drawing in part.drawings:
            if part.complete and drawing.name not in part.shown:
                self._note(
                    f"{part.folder}/figures/{drawing.name}", "is shown nowhere: show it in a lesson, or delete it"
                )

    def _check_numbers(self, parts: list[_Part]) -> None:
        first: dict[int, str] = {}
        for part in parts:
            if part.number in first:
                self._note(f"{part.folder}/module.yaml", f"has the number of {first[part.number]}: rename the folder")
            first.setdefault(part.number, part.folder)

    def _instrument(self, file: File) -> Instrument | None:
        context = Context(terms=self.terms, constants=self.constants)
        reply = self._read(file, "instrument", context)
        return reply.instrument if reply is not None else None

    def _translations(self, originals: dict[str, Instrument | None]) -> dict[str, dict[str, Instrument]]:
        """Instruments in other languages; each is read beside the file it translates."""
        found: dict[str, dict[str, Instrument]] = {}
        for file in self._files("translation"):
            stem, language, _ = file.path.rsplit(".", 2)
            if f"{stem}.yaml" not in originals:
                self._note(file.path, f"translates {stem}.yaml, which is not there: write that one first")
            original = originals.get(f"{stem}.yaml")
            context = Context(terms=self.terms, constants=self.constants, original=original, language=language)
            reply = self._read(file, "translation", context)
            if reply is not None and reply.instrument is not None and original is not None:
                found.setdefault(original.id, {})[language] = reply.instrument
        return found

    def _course(self, file: File) -> CourseDraft | None:
        reply = self._read(file, "course")
        return reply.course if reply is not None else None

    def _finals(
        self,
        drafts: list[tuple[str, CourseDraft | None]],
        courses: dict[str, Course],
        modules: dict[str, Module],
        quizzes: dict[str, Quiz],
    ) -> dict[str, Quiz]:
        finals = {}
        for label, draft in drafts:
            if draft is not None and draft.final is not None:
                problems = Problems(label)
                finals[draft.final.id] = final_quiz(draft.final, courses[draft.id], modules, quizzes, problems)
                # What a broken quiz lacks is not the course's mistake.
                self.problems += problems.sorted() if not self.problems else ()
        return finals

    def _check_promises(self, drafts: list[tuple[str, CourseDraft | None]], courses: dict[str, Course]) -> None:
        """A certificate says that somebody knows something, so a quiz must have asked; a sign-off needs a task."""
        if self.problems:
            return  # what a broken module lacks is not the course's mistake
        for label, draft in drafts:
            if draft is not None and draft.sign_offs_required and not courses[draft.id].practice_ids:
                message = "requires sign-offs, but no lesson of it asks for one: see docs/authoring.md, or delete it"
                self.problems.append(Problem(label, draft.sign_offs_required, message))
            if draft is not None and draft.certificate is not None and not courses[draft.id].quiz_ids:
                message = "promises a certificate, but no quiz counts: let that of a module count, or add `final`"
                self.problems.append(Problem(label, draft.certificate.line, message))

    def _finished_module(self, part: _Part) -> Module:
        lessons = tuple(lesson.id for lesson in part.lessons)
        quiz = part.quiz.id if part.quiz is not None else None
        return Module(part.id, part.number, part.title, part.summary, lessons, quiz)

    def _note(self, path: str, message: str) -> None:
        self.problems.append(Problem(self.folder.label(path), 1, message))


def _finished_course(draft: CourseDraft, modules: dict[str, Module], tasks: dict[str, str]) -> Course:
    """``tasks``: id of the practice task by that of its lesson."""
    parts = []
    for part in draft.parts:
        module = modules.get(part.module)
        if module is not None:
            lessons = part.lessons if part.lessons is not None else module.lesson_ids
            parts.append(CourseModule(module.id, lessons, module.quiz_id if part.quiz else None))
    final = draft.final.id if draft.final else None
    promised = draft.certificate
    certificate = CertificateRules(promised.title, promised.valid_months) if promised else None
    listed = [lesson for part in parts for lesson in part.lesson_ids] if draft.sign_offs_required else []
    practice = tuple(tasks[lesson] for lesson in listed if lesson in tasks)
    return Course(draft.id, draft.title, draft.summary, draft.audience, tuple(parts), final, certificate, practice)
