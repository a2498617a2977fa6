"""The record of a cohort on paper."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from learning.certificates.numbers import grouped
from learning.certificates.rules import state_of
from learning.content.model import Catalogue, Course
from learning.exports.record import VERSION, CertificateLine, CourseRecord, PersonLine, QuizDone, Record
from learning.exports.record_lines import ExtensionLine, SignOffLine
from learning.exports.sources import Asked
from learning.exports.words import certificate_state_words, sign_off_words, task_title
from learning.web.typesetting import typeset

NONE = "–"


def record_title(cohort: str) -> str:
    """What the document is called."""
    return _("Record of the cohort %(name)s", name=cohort)


def record_pdf(record: Record, asked: Asked) -> bytes:
    """The bytes of the file."""
    return typeset("exports/record.typ", _data(record, asked), asked.now)


def _day(moment: date | datetime | None) -> str:
    return str(format_date(moment, "d MMM y")) if moment else NONE


def _short(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d}" if moment else ""


def _data(record: Record, asked: Asked) -> dict[str, Any]:
    """Everything that stands on the paper, as JSON."""
    period = " – ".join(map(_day, record.period)) if record.period else _("nothing is assigned")
    return {
        "title": record_title(record.cohort),
        "organization": record.organization,
        "cohort": record.cohort,
        "facts": [
            (_("Organization"), record.organization),
            (_("Period"), period),
            (_("People"), str(record.people)),
            (_("Trainers"), ", ".join(record.trainers) or _("nobody by name")),
            (_("Made on"), _day(asked.now)),
            (_("Made by"), record.made_by),
            (_("Version of the content on that day"), asked.catalogue.hash[:VERSION]),
        ],
        "courses": [_course(each, asked.catalogue) for each in record.courses],
        "alone": _alone(record, asked.catalogue),
        "certificates": [_certificate(each, asked.now.date()) for each in record.certificates],
        "certificate_columns": [
            _("Name"), _("Course"), _("Number"), _("Issued"), _("Valid until"), _("Version read"), _("State"),
        ],
        "sign_offs": [_sign_off(each, asked.catalogue) for each in record.sign_offs],
        "extensions": [_extension(each) for each in record.extensions],
        "words": {
            "record": _("Record of a cohort"),
            "contents": _("What stands in it"),
            "certificates": _("Certificates"),
            "no_certificates": _("Nobody of this cohort holds a certificate."),
            "versions": _("Versions of the lessons that were read"),
            "version_columns": [_("Lesson"), _("Version"), _("People"), _("First read"), _("Last read")],
            "sign_offs": _("Tried at work"),
            "sign_off_columns": [_("Name"), _("Lesson"), _("Asked for"), _("State"), _("Since"), _("By")],
            "extensions": _("More time"),
            "extension_columns": [_("Name"), _("What was assigned"), _("Due"), _("Extended to"), _("By"), _("On")],
            "nobody": _("Nobody is in this cohort."),
            "about": _("How to read it"),
            "about_lines": [
                _("Days are days of UTC. A lesson is done when the person marked it as read, a quiz when it was passed, a course when both are true of all of it and every sign-off that it requires is confirmed."),
                _("Under each quiz stand the best result and the day on which it was passed first; where the course was assigned again, the day on which it was passed last."),
                _("“Version read” is a short sum over the versions of all lessons as this person read them. Whoever has the same sum read the same texts, and the certificate of the course shows it too, as long as the course lists the same lessons; certificates that are older than this sum show none. The last part lists each version by itself."),
                _("Of what was tried at work it says where it stands, since when, and who confirmed or returned it; neither texts nor photos."),
                _("Whether a certificate is valid today can be checked by its number on the site, under Verify."),
                _("Answers are not part of this record. Of the self-assessment it says only whether it was done, where it was assigned."),
            ],
        },
    }  # fmt: skip


def _course(record: CourseRecord, catalogue: Catalogue) -> dict[str, Any]:
    course, count = record.course, len(record.lines)
    completed = sum(line.completed_at is not None for line in record.lines)
    assigned = (
        _("Assigned from %(opens)s, due on %(due)s.", opens=_day(record.task.opens_on), due=_day(record.task.due_on))
        if record.task
        else _("Not assigned.")
    )
    return {
        "title": course.title,
        "lead": assigned
        + " "
        + ngettext(
            "%(done)d of %(num)d person completed it.", "%(done)d of %(num)d people completed it.", count, done=completed
        ),
        "quizzes": [catalogue.quizzes[quiz].title for quiz in course.quiz_ids],
        "columns": [
            _("Name"),
            _("Lessons"),
            *(_("Q%(number)d", number=number) for number in range(1, len(course.quiz_ids) + 1)),
            *([_("Sign-offs")] if course.practice_ids else []),
            _("Completed on"),
            _("Version read"),
        ],
        "rows": [
            [
                line.name,
                f"{line.lessons_read}/{len(course.lesson_ids)}",
                [*(_quiz(each) for each in line.quizzes), *_signed_off(line, course)],
                _short(line.completed_at) or NONE,
                line.version or NONE,
            ]
            for line in record.lines
        ],
        "versions_title": _("Versions of the lessons of %(course)s", course=course.title),
        "versions": [
            [catalogue.lessons[lesson].title, version[:VERSION], str(found.people), _short(found.first), _short(found.last)]
            for lesson, versions in record.versions.items()
            for version, found in versions.items()
        ],
    }  # fmt: skip


def _quiz(done: QuizDone | None) -> tuple[str, str]:
    """The best result, and the day on which it was passed."""
    if done is None:
        return NONE, ""
    return f"{done.best} %", _short(done.passed_at) or _("not passed")


def _signed_off(line: PersonLine, course: Course) -> list[tuple[str, str]]:
    """How many are confirmed of those that the course requires; nothing where it requires none."""
    return [(f"{line.signed_off}/{len(course.practice_ids)}", "")] if course.practice_ids else []


def _alone(record: Record, catalogue: Catalogue) -> dict[str, Any] | None:
    """What was assigned besides courses."""
    if not record.alone:
        return None
    return {
        "title": _("Assigned by itself"),
        "columns": [
            _("Name"),
            *(catalogue.quizzes[quiz].title for quiz in record.quiz_ids),
            *(catalogue.instruments[instrument].title for instrument in record.instrument_ids),
        ],
        "rows": [
            [
                line.name,
                *(" · ".join(filter(None, _quiz(each))) for each in line.quizzes),
                *(_("Done") if done else _("Not done") for done in line.assessments),
            ]
            for line in record.alone
        ],
    }


def _sign_off(line: SignOffLine, catalogue: Catalogue) -> list[str]:
    found = line.found
    return [
        line.name,
        task_title(catalogue, line.task_id),
        _("required") if line.required else _("optional"),
        sign_off_words(found),
        _short(found.at) if found else NONE,
        (found.by if found else None) or NONE,
    ]


def _extension(line: ExtensionLine) -> list[str]:
    return [
        line.name,
        line.title,
        f"{line.due_on:%Y-%m-%d}",
        f"{line.extended_to:%Y-%m-%d}",
        line.granted_by or NONE,
        _short(line.granted_at),
    ]


def _certificate(line: CertificateLine, today: date) -> list[str]:
    each = line.certificate
    state = state_of(each.valid_until, each.replaced_at, each.revoked_at, today)
    return [
        line.name,
        each.course_title,
        grouped(each.number),
        _short(each.issued_at),
        f"{each.valid_until:%Y-%m-%d}" if each.valid_until else _("no end"),
        each.read_hash[:VERSION] if each.read_hash else NONE,
        certificate_state_words(state),
    ]
