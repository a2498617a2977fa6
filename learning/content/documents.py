"""Reads one document of any kind. Runs in the child process of ``learning.content.renderer``."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from learning.content import plain
from learning.content.calculators import Calculators
from learning.content.checks import with_checks
from learning.content.context import (
    CertificateDraft,
    Context,
    CourseDraft,
    CoursePartDraft,
    FinalDraft,
    Kind,
    ModuleDraft,
    Named,
    References,
    Reply,
    Request,
)
from learning.content.drawings import check_drawing
from learning.content.exchange import read_gift_questions, read_questions
from learning.content.frontmatter import split_front_matter, validated, validated_entries
from learning.content.headings import split_questions
from learning.content.instruments import build_instrument
from learning.content.markdown import Writer
from learning.content.marks import folded
from learning.content.model import Constant, Lesson, Quiz, Source, Term
from learning.content.practice import PracticeTasks
from learning.content.problems import Problems
from learning.content.questions import QuestionReader
from learning.content.rules import read_rules
from learning.content.schemas import (
    ConstantEntry,
    CourseFile,
    InstrumentFile,
    LessonFront,
    ModuleFile,
    QuizFront,
    SourceEntry,
    TermEntry,
    is_id,
)
from learning.content.text import Text, normalised, within_limits
from learning.content.translations import check_translation
from learning.content.yaml_lines import Document, load


def read_document(request: Request) -> Reply:
    """All that a document holds, and all its mistakes."""
    problems = Problems(request.file)
    reply = Reply()
    if request.kind == "figure":
        name = request.file.rpartition("/")[2]
        reply.drawing = check_drawing(name, request.text, request.hash, problems)
    else:
        text = normalised(request.text)
        if within_limits(Text.of(text), problems):
            reply = _READERS[request.kind](request, text, problems)
            reply.whole = True
    reply.problems = problems.sorted()
    if problems:
        # A broken document takes no part; its names and references still do, so that others are judged rightly.
        reply.lesson = reply.quiz = reply.module = reply.course = reply.instrument = reply.drawing = None
    return reply


def _lesson(request: Request, text: str, problems: Problems) -> Reply:
    document, body = split_front_matter(text, problems)
    front = validated(LessonFront, document, problems) if document else None
    cited = _known_sources(document, request.context, problems) if document else ()
    writer = Writer(request.context, problems, cited=cited, lesson=True)
    calculators, tasks = Calculators(writer, problems), PracticeTasks(problems)
    bare = calculators.taken_from(tasks.taken_from(body))
    page = writer.finished(writer.blocks(with_checks(bare, writer, problems)))
    writer.scanner.check_notes()
    writer.finisher.check_anchors()
    if body.blank and document:
        problems.add(body.line, "is a lesson without text: write it below the front matter")
    reply = Reply(name=_own_name(document), references=tuple(writer.references.found), practice=tasks.name)
    if front is not None:
        reply.lesson = Lesson(
            id=front.id,
            module_id=request.context.module_id,
            title=front.title,
            minutes=front.minutes,
            audience=tuple(front.audience),
            objectives=tuple(front.objectives),
            sources=tuple(front.sources),
            html=page,
            headings=writer.headings,
            text=plain.text_of_html(page),
            terms=writer.terms,
            hash=request.hash,
            calculators=tuple(calculators.found),
            practice=tasks.found,
        )
    return reply


def _known_sources(document: Document, context: Context, problems: Problems) -> tuple[str, ...]:
    """The sources a lesson lists, even where the rest of its front matter is broken."""
    listed = document.value.get("sources") if isinstance(document.value, dict) else None
    if not isinstance(listed, list):
        return ()
    names = [name for name in listed if isinstance(name, str)]
    for index, name in enumerate(listed):
        line = document.line(("sources", index))
        if name in listed[:index]:
            problems.add(line, f"lists the source `{name}` twice: delete one")
        elif isinstance(name, str) and is_id(name) and context.sources is not None and name not in context.sources:
            problems.add(line, f"lists the unknown source `{name}`: add it to sources.yaml, or mend the key")
    return tuple(names)


def _own_name(document: Document | None) -> Named | None:
    value = document.value.get("id") if document and isinstance(document.value, dict) else None
    return Named(value, document.line(("id",))) if document and isinstance(value, str) and is_id(value) else None


def _quiz(request: Request, text: str, problems: Problems) -> Reply:
    document, body = split_front_matter(text, problems)
    front = validated(QuizFront, document, problems) if document else None
    writer = Writer(request.context, problems)
    reader = QuestionReader(writer, problems, request.context.module_id)
    intro, sources = split_questions(body)
    intro_html = reader.html(intro)
    questions = [reader.question(heading, lines) for heading, lines in sources]
    writer.scanner.check_notes()
    writer.finisher.check_anchors()
    if not sources and document:
        problems.add(body.line, "is a quiz without a question: start one with `## …? {#m01-q1 type=single}`")
    reply = Reply(name=_own_name(document), questions=tuple(reader.names), references=tuple(writer.references.found))
    if front is not None and document is not None:
        asked = tuple(question for question in questions if question is not None)
        reply.quiz = Quiz(
            id=front.id,
            module_id=request.context.module_id,
            title=front.title,
            intro_html=intro_html,
            pass_mark=front.pass_mark,
            attempts=front.attempts,
            shuffle_questions=front.shuffle_questions,
            shuffle_options=front.shuffle_options,
            questions=asked,
            hash=request.hash,
            rules=read_rules(front, document, asked, problems),
        )
    return reply


def _module(request: Request, text: str, problems: Problems) -> Reply:
    document = load(text, problems)
    entry = validated(ModuleFile, document, problems) if document else None
    draft = ModuleDraft(entry.id, entry.title, entry.summary) if entry else None
    return Reply(name=_own_name(document), module=draft)


def _course(request: Request, text: str, problems: Problems) -> Reply:
    document = load(text, problems)
    entry = validated(CourseFile, document, problems) if document else None
    if document is None or entry is None:
        return Reply(name=_own_name(document))
    references = References()
    seen: set[str] = set()
    for index, part in enumerate(entry.modules):
        line = document.line(("modules", index, "module"))
        if part.module in seen:
            problems.add(line, f"lists the module `{part.module}` twice: put its lessons into one entry")
        seen.add(part.module)
        references.add("module", part.module, line)
        for number, lesson in enumerate(part.lessons or []):
            at = document.line(("modules", index, "lessons", number))
            if lesson in (part.lessons or [])[:number]:
                problems.add(at, f"lists the lesson `{lesson}` twice: delete one")
            references.add("lesson", lesson, at, part.module)
    parts = tuple(
        CoursePartDraft(part.module, tuple(part.lessons) if part.lessons is not None else None, part.quiz)
        for part in entry.modules
    )
    final = entry.final
    last = (
        FinalDraft(
            final.id,
            final.title,
            document.line(("final",)),
            final.pass_mark,
            final.attempts,
            final.draw_per_module,
            final.time_limit,
            final.pause,
        )
        if final
        else None
    )
    promised = entry.certificate
    certificate = (
        CertificateDraft(promised.title, promised.valid_months, document.line(("certificate",))) if promised else None
    )
    required = document.line(("sign_offs",)) if entry.sign_offs == "required" else None
    draft = CourseDraft(entry.id, entry.title, entry.summary, tuple(entry.audience), parts, last, certificate, required)
    names = (Named(final.id, document.line(("final", "id"))),) if final else ()
    return Reply(name=_own_name(document), questions=names, references=tuple(references.found), course=draft)


def _instrument(request: Request, text: str, problems: Problems) -> Reply:
    document = load(text, problems)
    entry = validated(InstrumentFile, document, problems) if document else None
    if document is None or entry is None:
        return Reply(name=_own_name(document))
    line = document.texts.get(("purpose",), document.line(("purpose",)))
    writer = Writer(request.context, problems)
    purpose = writer.finished(writer.blocks(Text.of(entry.purpose.rstrip("\n"), line)))
    writer.scanner.check_notes()
    instrument = build_instrument(entry, document, purpose, problems)
    context = request.context
    if instrument is not None and context.original is not None:
        check_translation(instrument, context.original, context.language, document, problems)
    return Reply(name=_own_name(document), references=tuple(writer.references.found), instrument=instrument)


def _translation(request: Request, text: str, problems: Problems) -> Reply:
    """As an instrument; its id is that of the original, so it defines none."""
    reply = _instrument(request, text, problems)
    reply.name = None
    return reply


def _glossary(request: Request, text: str, problems: Problems) -> Reply:
    document = load(text, problems, as_texts=True)
    if document is None:
        return Reply()
    entries = validated_entries(TermEntry, document, problems)
    _check_ids([(index, entry.id) for index, entry in entries], document, problems)
    seen: dict[str, int] = {}
    for index, entry in entries:
        for place, name in [("term", entry.term), *[("also", also) for also in entry.also]]:
            line = document.line((index, place))
            if folded(name) in seen:
                problems.add(line, f"names `{name}` as line {seen[folded(name)]} does: keep it in one entry")
            seen.setdefault(folded(name), line)
    terms = [Term(entry.id, entry.term, entry.zh, entry.meaning, tuple(entry.also)) for _, entry in entries]
    terms += [Term(name, words, "", "") for name, words in _salvaged(document, "term", {index for index, _ in entries})]
    return Reply(terms=tuple(terms))


def _sources(request: Request, text: str, problems: Problems) -> Reply:
    document = load(text, problems, as_texts=True)
    if document is None:
        return Reply()
    entries = validated_entries(SourceEntry, document, problems)
    _check_ids([(index, entry.id) for index, entry in entries], document, problems)
    sources = [
        Source(entry.id, entry.title, entry.publisher, entry.date, entry.url, entry.note) for _, entry in entries
    ]
    sources += [Source(name, "", "") for name, _ in _salvaged(document, "title", {index for index, _ in entries})]
    return Reply(sources=tuple(sources))


def _constants(request: Request, text: str, problems: Problems) -> Reply:
    document = load(text, problems, as_texts=True)
    if document is None:
        return Reply()
    entries = validated_entries(ConstantEntry, document, problems)
    _check_ids([(index, entry.id) for index, entry in entries], document, problems)
    references = References()
    for index, entry in entries:
        references.add("source", entry.source, document.line((index, "source")))
    constants = [Constant(entry.id, entry.value, entry.unit, entry.meaning, entry.source) for _, entry in entries]
    constants += [
        Constant(name, "0", "", "", "") for name, _ in _salvaged(document, "value", {index for index, _ in entries})
    ]
    return Reply(references=tuple(references.found), constants=tuple(constants))


def _check_ids(ids: Sequence[tuple[int, str]], document: Document, problems: Problems) -> None:
    seen: dict[str, int] = {}
    for index, name in ids:
        line = document.line((index, "id"))
        if name in seen:
            problems.add(line, f"repeats the id `{name}` of line {seen[name]}: choose another")
        seen.setdefault(name, line)


def _salvaged(document: Document, key: str, right: set[int]) -> list[tuple[str, str]]:
    """Id and main words of entries that have mistakes: known to others, so that one mistake is told once."""
    found: list[tuple[str, str]] = []
    entries = document.value if isinstance(document.value, list) else []
    for index, entry in enumerate(entries):
        if index not in right and isinstance(entry, dict) and isinstance(entry.get("id"), str):
            words = entry.get(key)
            found.append((entry["id"], words if isinstance(words, str) else entry["id"]))
    return found


_READERS: dict[Kind, Callable[[Request, str, Problems], Reply]] = {
    "lesson": _lesson,
    "quiz": _quiz,
    "module": _module,
    "course": _course,
    "instrument": _instrument,
    "translation": _translation,
    "glossary": _glossary,
    "sources": _sources,
    "constants": _constants,
    "questions": read_questions,
    "gift": read_gift_questions,
}
