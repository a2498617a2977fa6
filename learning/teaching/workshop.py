"""The question workshop: a pasted text is checked, shown and turned into the other language. Nothing is stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from flask_babel import gettext as _

from learning.accounts.limits import Limit, allows
from learning.content.context import Context, Reply, Request, Sheet
from learning.content.gift.ids import id_of
from learning.content.model import Catalogue, Question
from learning.content.problems import Remark
from learning.content.question_writer import written_front
from learning.content.renderer import Renderer
from learning.content.text import MOST_BYTES
from learning.database import unit_of_work

Language = Literal["markdown", "gift"]

#: Checks of one person within 15 minutes. Somebody who types without rest asks for about one in three seconds.
MOST_CHECKS = 300
PASS_MARK = 60
#: Longer than the two seconds of processor time that a text may take, for a busy machine counts waiting too.
WALL_SECONDS = 8.0

#: One reading process for each worker, started when the first text comes.
_renderer = Renderer(wall_seconds=WALL_SECONDS)


@dataclass(frozen=True, slots=True)
class LineFinding:
    """Something to look at, on a line of the text."""

    line: int
    message: str
    #: A mistake must be mended; what is left out or changed did not arrive whole; a hint is for thought.
    kind: Literal["mistake", "left-out", "changed", "hint"]


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of a text."""

    questions: tuple[Question, ...]
    findings: tuple[LineFinding, ...]
    #: What Moodle would not show as we do; empty for GIFT.
    for_moodle: tuple[LineFinding, ...]
    #: As files; None where there is nothing to take along.
    markdown: str | None
    gift: str | None

    @property
    def mistakes(self) -> int:
        """How many findings must be mended before all questions can be used."""
        return sum(finding.kind in ("mistake", "left-out") for finding in self.findings)


def may_check(user_id: str, now: datetime) -> bool:
    """Count a check of this person; False if there were too many in a short time."""
    with unit_of_work() as session:
        return allows(session, Limit(f"workshop:{user_id}", MOST_CHECKS), now)


def check(text: str, language: Language, catalogue: Catalogue) -> Checked:
    """Read a text as an author's file would be read, within the same limits of size, time and memory."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    if len(text.encode("utf-8", "replace")) > MOST_BYTES:
        words = _("is the start of a text larger than 256 kB: check it in parts")
        return Checked((), (LineFinding(1, words, "mistake"),), (), None, None)
    context = Context(terms=tuple(catalogue.terms.values()), sources=(), constants=tuple(catalogue.constants.values()))
    kind: Literal["questions", "gift"] = "gift" if language == "gift" else "questions"
    reply = _renderer.read(Request(kind, "", text, context=context))
    findings = [LineFinding(problem.line, problem.message, "mistake") for problem in reply.problems]
    findings += _lost_lessons(reply, catalogue)
    sheet = reply.sheet
    if sheet is None:
        return Checked((), tuple(findings), (), None, None)
    findings += _of(sheet.remarks)
    findings.sort(key=lambda finding: finding.line)
    for_moodle = tuple(_of(sheet.losses)) if language == "markdown" else ()
    whole = bool(sheet.questions) and (language == "gift" or not reply.problems)
    return Checked(
        sheet.questions,
        tuple(findings),
        for_moodle,
        _markdown_file(sheet) if sheet.questions else None,
        sheet.gift if whole else None,
    )


def _of(remarks: tuple[Remark, ...]) -> list[LineFinding]:
    return [LineFinding(remark.line, remark.message, remark.kind) for remark in remarks]


def _lost_lessons(reply: Reply, catalogue: Catalogue) -> list[LineFinding]:
    """Links to lessons that are not there."""
    return [
        LineFinding(each.line, _("names the lesson `%(id)s`, which does not exist", id=each.target), "mistake")
        for each in reply.references
        if each.kind == "lesson" and each.target not in catalogue.lessons
    ]


def _markdown_file(sheet: Sheet) -> str:
    """A whole quiz file: what has no front matter gets one."""
    body = sheet.markdown.strip("\n")
    if body.startswith("---"):
        return f"{body}\n"
    title = sheet.title or _("New questions")
    return f"{written_front(id_of(title, 'quiz'), title, PASS_MARK)}{body}\n"
