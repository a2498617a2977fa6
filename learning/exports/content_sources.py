"""Tables about content, and certificates: how lessons and quizzes go, what was issued."""

from __future__ import annotations

from dataclasses import replace

from flask_babel import format_timedelta, ngettext
from flask_babel import gettext as _

from learning.certificates.overview import IssuedFilter, IssuedRow, Shown, count_issued, issued_rows
from learning.errors import NotFound
from learning.exports.sources import BLOCK, Asked, Source, at_once, in_blocks
from learning.exports.words import certificate_words, finding_words, shown_words
from learning.teaching.lesson_funnel import LessonRow, Stop, lesson_funnel, lesson_rows
from learning.teaching.quiz_analysis import QuestionAnalysis, quiz_analysis
from learning.teaching.quiz_queries import QuizRow, quizzes_with_attempts
from learning.web.tables import Column, Kind, Row


def certificates(asked: Asked) -> Source:
    """What was issued, the newest first."""
    shown = asked.one_of(Shown, "state")
    wanted = IssuedFilter(course_id=asked.text("course"), shown=shown, text=asked.text("text"))

    def row(each: IssuedRow) -> Row:
        state = certificate_words(each)
        return each.person_name, each.course_title, state, each.issued_at, each.valid_until, each.number

    course = asked.catalogue.courses.get(wanted.course_id)
    return Source(
        _("Certificates"),
        (
            Column(_("Name"), width=28),
            Column(_("Course"), width=36),
            Column(_("State"), width=24),
            Column(_("Issued"), Kind.DATE),
            Column(_("Valid until"), Kind.DATE),
            Column(_("Number"), width=28),
        ),
        (
            *([(_("Course"), course.title if course else wanted.course_id)] if wanted.course_id else []),
            *([(_("State"), shown_words(shown))] if shown else []),
            *([(_("Name contains, or number"), wanted.text)] if wanted.text else []),
        ),
        count_issued(asked.organization_id, wanted, asked.now),
        in_blocks(
            lambda after: issued_rows(asked.organization_id, replace(wanted, after=after or ""), asked.now, BLOCK), row
        ),
    )


def lessons(asked: Asked) -> Source:
    """How lessons are opened and finished; what the page does not tell is not told here."""
    found = lesson_rows(asked.organization_id, asked.catalogue)

    def row(each: LessonRow) -> Row:
        module = asked.catalogue.modules[each.lesson.module_id].title
        funnel = each.funnel
        opened = _("not told") if funnel.opened is None else funnel.opened
        return each.lesson.title, module, opened, funnel.finished, funnel.share

    return Source(
        _("How lessons are read"),
        (
            Column(_("Lesson"), width=44),
            Column(_("Module"), width=36),
            Column(_("Opened"), Kind.NUMBER),
            Column(_("Finished"), Kind.NUMBER),
            Column(_("Of those who opened it"), Kind.SHARE),
        ),
        (),
        len(found),
        at_once(found, row),
    )


def lesson(asked: Asked) -> Source:
    """Where people stop in one lesson; what the page does not tell is not told here."""
    page = lesson_funnel(asked.organization_id, asked.text("lesson"), asked.catalogue)
    opened, minutes = page.funnel.opened, page.median_time

    def row(each: Stop) -> Row:
        return _("Other places together") if each.is_rest else (each.title or _("Top of the lesson")), each.people

    return Source(
        _("Where people stop"),
        (Column(_("Last heading in view"), width=50), Column(_("People"), Kind.NUMBER)),
        (
            (_("Lesson"), page.lesson.title),
            (_("Opened"), _("not told") if opened is None else str(opened)),
            (_("Finished"), str(page.funnel.finished)),
            (
                _("From opening to finishing"),
                format_timedelta(minutes, granularity="second", threshold=10)
                if minutes
                else _("too few people to tell"),
            ),
        ),
        len(page.stops),
        at_once(page.stops, row),
    )


def quizzes(asked: Asked) -> Source:
    """The quizzes that were handed in."""
    found = quizzes_with_attempts(asked.organization_id, asked.catalogue)

    def row(each: QuizRow) -> Row:
        return each.title, each.people, each.attempts, each.mean, each.passed, each.last_submitted_at

    return Source(
        _("Quizzes"),
        (
            Column(_("Quiz"), width=44),
            Column(_("People"), Kind.NUMBER),
            Column(_("Attempts"), Kind.NUMBER),
            Column(_("Mean score"), Kind.SHARE),
            Column(_("Passed"), Kind.SHARE),
            Column(_("Last handed in"), Kind.DATE),
        ),
        (),
        len(found),
        at_once(found, row),
    )


def quiz(asked: Asked) -> Source:
    """The questions of one quiz, and how each does its work."""
    first_only = asked.text("attempts") != "all"
    page = quiz_analysis(asked.organization_id, asked.text("quiz"), asked.catalogue, first_only=first_only)
    if page is None:
        raise NotFound

    def row(each: QuestionAnalysis) -> Row:
        item = each.item
        return (
            each.number,
            each.title,
            item.attempts,
            item.facility,
            item.standard_deviation,
            item.effective_weight,
            item.discrimination_index,
            item.discriminative_efficiency,
            finding_words(each.verdict.finding),
        )

    return Source(
        _("Analysis of questions"),
        (
            Column(_("Number"), Kind.NUMBER, 10),
            Column(_("Question"), width=50),
            Column(_("Attempts"), Kind.NUMBER),
            Column(_("Right"), Kind.SHARE),
            Column(_("Spread"), Kind.SHARE),
            Column(_("Weight"), Kind.SHARE),
            Column(_("Discrimination"), Kind.NUMBER),
            Column(_("Efficiency"), Kind.NUMBER),
            Column(_("Verdict"), width=20),
        ),
        (
            (_("Quiz"), page.title),
            (_("Attempts"), _("First attempts") if first_only else _("All attempts")),
            (_("Attempts counted"), str(page.attempts)),
            (
                _("Questions left out"),
                ngettext(
                    "%(num)d that too few people had", "%(num)d that too few people had", page.withheld
                ),
            ),
        ),
        len(page.questions),
        at_once(page.questions, row),
    )  # fmt: skip
